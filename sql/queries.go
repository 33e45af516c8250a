package sql

import (
	"embed"
	"fmt"
	"io/fs"
	"reflect"
	"strings"
	"unicode"
)

//go:embed queries/*.sql
var queryFiles embed.FS

// queries are all statements of the program by name: case-row is CaseRow.
type queries struct {
	// application.sql
	CaseRow, ApplicationLock, CameInAt, LockApplications, InsertApplication, UpdateApplications, DeletePeople, ClearPeople, InsertPeopleOf, ListCases string
	InsertVersion, Versions, NextInSeries, SchoolApplications, Drafts, LastGrants, RankedInRound                                                      string
	ShareVersion, InsertShown                                                                                                                         string
	// visible.sql
	VisibleOf string
	// desk.sql
	QueuePage, QueuePageBefore, QueueCounts, Workload, SavedViews, SaveView, DropView string
	// disturbance.sql
	Disturbances, DisturbancesNow, InsertDisturbance, EndDisturbance string
	// delegation.sql
	ListDelegation, DelegationForUpdate, InsertDelegation, EndDelegation string
	// sitting.sql
	ListSittings, SittingByID, InsertSitting, UpdateSitting, HoldSittingLetters, NoteSittingNotice, SittingHold, SittingOn, Delegated, Remitted, ChangedAtMeeting, WaitingForBody string
	// reviewer.sql
	ReviewerChoices, AssessedInRound, LostCase, ListTies, InsertTie, DropTie string
	// absence.sql
	ListAbsences, Absence, ActingFor, SchoolSubstitutes, BeginningAbsences, InsertAbsence, EndAbsence string
	// paper.sql
	InsertPaper, PapersOf, PaperRow, PaperBody, DropPapers string
	// mail_return.sql
	InsertMailReturn string
	// letter.sql
	LetterCases string
	// event.sql
	LastHashes, InsertEvents, Events, AllEvents string
	// outbox.sql
	InsertJobs, DueJobs, MarkSent, JobForUpdate, JobDone, JobFailed, NextDue, OpenBefore, ResetHurry, CountDone, FailedHurried, StuckJobs, RetryJob, OpenJobs, Unsend string
	LockJobsOf, StopJobs, UpcomingJobs                                                                                                                                string
	// payment.sql
	InsertPayments, UpdatePayments, SetReferences, InsertEntries, InsertBudgetEntry, InsertMovedEntry, RoundBudget, RoundBalances, PayablePayments, DropUntoldPayments string
	// batch.sql
	InsertBatch, BatchForUpdate, Batch, ListBatches, BatchSums, UpdateBatch, InsertLines, EndLines, BatchLines, ExportLines, BatchLinesAfter string
	BatchChannels, BatchBarred, BatchLinesStanding, BatchTwins                                                                               string
	// bank.sql
	LockBank, InsertBankFile, InsertBankChunk, BankFileBySum, BankFileByID, ListBankFiles, BankMessageSeen, DropRefusedFile, DropOldRefused                                          string
	BankPayments, BankPaymentByID, BankPaymentsByAmount, InsertBankLines, InsertBankHits, BankBookings, BankKeysSeen, ReleaseReturns, BankLines, BankPaymentsNamed, BankPaymentsOpen string
	SettleReleasedLines, BankLineForUpdate, ResolveBankLine, DoubtedBy, SetPmtinf, FailedPayments, WaitingLines, OpenClaims                                                          string
	// selfcheck.sql
	CheckBalances, CheckPaid, CheckLines, CheckFiles, CheckSums, CheckAccounts, CheckUndecided, CheckUnanswered, CheckTwice, CheckYears, CheckWaiting                              string
	InsertSelfCheck, SelfCheckLast, SelfCheckGreen, EnsureSelfCheck, PaymentsUnderWay, LedgerMonths, LedgerYears, LedgerBooked, LedgerLines, MonthSignatures, InsertMonthSignature string
	// person.sql
	PersonByEmail, PersonByID, PersonNames, ListPeople, FindPeople, InsertPeople, WritePeopleIn, UpdatePeople, InsertFormerName, ForgetFormerNames, ProtectedCases, DeleteRoles, InsertRole, PeopleNamed, PeopleByEmails, InsertToken, PersonByToken, InsertSession, PersonBySession, TouchSession, EndSession string
	RecentLinks, InsertLink, LinkForUpdate, UseLink, RoleHolders, Heads                                                                                                                                                                                                                                        string
	// spotcheck.sql
	SpotDraws string
	// economist.sql
	SchoolEconomists, InsertRoleChange, DeleteRole string
	// register.sql
	ListSchools, SchoolByID, FindSchool, UpsertSchool, InsertSchool, UpdateSchool, Scheme, ListSchemes, UpsertScheme, NewestRules, InsertRules, ListRules string
	InsertRound, RoundByID, RoundForUpdate, UpdateRound, ListRounds, FreezeRound, InsertRoundEvent, RoundEvents, RoundCount                               string
	InsertAllocation, AllocationByID, ListAllocations, ChooseAllocation                                                                                   string
	// document.sql
	InsertAttachment, InsertAttachmentChunk, AttachmentRow, AttachmentChunks, InsertDocument, InsertDocumentChunk, DocumentRow, DocumentBySum, DocumentChunks, BatchFiles, BatchFileRow string
	InsertMail, Mails, RehearsalMails, NewestMails, MailRow, MailSent, MailBounced, BounceDone, BouncedMails, InsertAccess, AccessOf                                                    string
	// document.sql, the files of a claim
	DocumentsOfKind string
	// document.sql, the scanner
	SetScan string
	// access.sql
	InsertAccessRequest, RecentAccess, ConfirmAccess, AccessRow, AccessByWord, AccessRequests, DecideAccess, ToHandOver string
	// parked.sql
	PersonOfSession, DropParked, InsertParked, TakeParked, RefusedPosts, CountRefused, NameRefused, DropRefused string
	// report.sql
	ReportDraft, BeginReportDraft, LockReportDraft, WriteReportDraft, DropReportDraft string
	// archive.sql
	AnchorDue, TryAnchorLock, LastAnchor, NewTips, InsertAnchor, InsertTip, Anchors, AnchorLines, AnchorsOf                                                                                                      string
	ChainOf, LedgerOf, RegisterLines, RetentionRules, DueRefused, DueDraft, DuePayoutFile, DueSignIn, DuePerson                                                                                                  string
	DueIdea, InsertArchiveDecision, InsertDisposal, Disposals, EmptyApplication, EmptyEvents, EmptyVersions, DropAttachmentBytes, DropAttachmentNames                                                            string
	DropDocumentBytes, DropMails, DropSignIns, DropAccessLog, AnonymiseIdea, AnonymisePerson, AnonymiseRecords, AnonymiseEvents, AnonymiseVersions                                                               string
	AnonymiseMails, AnonymiseBatches, AnonymiseOutbox, AnonymiseIdeas, ForgetRoles, ForgetTokens, ForgetSessions, ForgetLinks, ForgetAnswers, ForgetAnswersOf, ForgetAbsences, ForgetTies, AnonymiseReportDrafts string
	ForgetParked, ForgetViews, ForgetRequests, KnownAbout, InsertHold, LiftHold, Holds, FiledByDNR                                                                                                               string
	// disclosure.sql
	InsertDisclosure, Disclosures, DisclosureBody, DropDisclosures string
	// earlier.sql
	InsertEarlierImport, EarlierImport, EarlierImports, EarlierLock, EarlierTaken, EarlierGrants, EarlierGrant, InsertEarlierGrant, InsertEarlierChange, UpdateEarlierGrant, GrantedOfSchool string
	// similar.sql
	TripsNear string
	// text.sql
	TextsAt, TextHistory, InsertText string
	// idea.sql
	IdeasLately, InsertIdea, ListIdeas, IdeaByID, AnswerIdea, CountIdeas, ListFunders, InsertFunder, UpdateFunder string
	// system.sql
	Installation, InsertInstallation, Clock, ClockForUpdate, SetClock, ReserveKey, KeepAnswer, KeepEffect, NoteSave, LastSave, Setting, SetSetting string
}

// loadQueries reads the query files into the struct and refuses what does not fit.
func loadQueries() (queries, error) {
	var q queries
	found := map[string]string{}
	err := fs.WalkDir(queryFiles, "queries", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := queryFiles.ReadFile(path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for name, body := range split(string(raw)) {
			if _, twice := found[name]; twice {
				return fmt.Errorf("%s: query %s stands twice", path, name)
			}
			found[name] = body
		}
		return nil
	})
	if err != nil {
		return q, err
	}
	v := reflect.ValueOf(&q).Elem()
	for i := range v.NumField() {
		name := kebab(v.Type().Field(i).Name)
		body, ok := found[name]
		if !ok {
			return q, fmt.Errorf("no query %s", name)
		}
		v.Field(i).SetString(body)
		delete(found, name)
	}
	for name := range found {
		return q, fmt.Errorf("query %s is used by nobody", name)
	}
	return q, nil
}

func split(text string) map[string]string {
	out := map[string]string{}
	name := ""
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, "-- name:"); ok {
			name = strings.TrimSpace(rest)
			continue
		}
		if name != "" && !strings.HasPrefix(line, "--") {
			out[name] += line
		}
	}
	return out
}

// kebab turns CaseRow into case-row and PersonByID into person-by-id.
func kebab(s string) string {
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
