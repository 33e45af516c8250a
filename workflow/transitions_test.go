package workflow

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

// walk takes one row of the table: brings a case there, does it rightly, and names where it must end.
type walk struct {
	row  Action
	from State
	make func(w *world) *world
	by   Actor
	cmd  func(w *world) Command
	to   State
}

func at(s State) func(*world) *world { return func(w *world) *world { return w.to(s) } }

func is(c Command) func(*world) Command { return func(*world) Command { return c } }

var onePoint = []Point{{Field: "text.risk", Text: "Mer."}}

func askedFor(w *world) *world {
	return w.to(UnderCheck).do(officer1, &RequestCompletion{Points: onePoint})
}

func overdue(w *world) *world {
	return w.to(ReportDue).on("2027-09-15T09:00")
}

// repayable is a settled case with a claim: 20 pupils travelled instead of 24 and all was paid at once.
func repayable(w *world) *world {
	w.c.Round.Rules.PrepayFullLimit = 100000
	w.to(ReportDue).on("2027-06-10T15:00")
	r := report()
	r.Pupils = ptr(int64(20))
	return w.do(teacher1, r).do(principal1, &Approve{}).do(officer1, &AcceptReport{}).do(officer1, &Settle{}).state(Settled)
}

func claimed(w *world) *world {
	repayable(w)
	return w.do(head1, &DecideRecovery{Amount: 15000, DueOn: w.today().AddDays(30), Reason: "R-UNUSED"})
}

// Every row of the table, in its order. A row that is missing here fails the test.
func walks() []walk {
	dates := &RequestChange{Type: "dates", Proposed: RawObject(`{"activity":{"start":"2027-04-19","end":"2027-04-25"}}`), Cause: "own", Reason: "Ny vecka."}
	return []walk{
		{ActSave, Draft, at(Draft), teacher1, is(&Save{Patch: []byte(`{"title":"Ny"}`)}), Draft},
		{ActSave, Approved, at(Approved), teacher1, is(&Save{Patch: []byte(`{"requested":80000}`)}), Draft},
		{ActSave, CompletionRequested, askedFor, teacher1, is(&Save{Patch: []byte(`{"text":{"risk":"Mer"}}`)}), CompletionRequested},
		{ActAttach, Draft, at(Draft), teacher1, is(&Attach{File: Attachment{ID: 9, Kind: "other", Name: "x.pdf"}}), Draft},
		{ActDetach, Draft, at(Draft), teacher1, is(&Detach{ID: 1}), Draft},
		{ActInvite, Draft, at(Draft), teacher1, is(&InviteWriter{Email: colleague.Email}), Draft},
		{ActRemoveWriter, Draft, func(w *world) *world { return w.to(Draft).do(teacher1, &InviteWriter{Email: colleague.Email}) }, teacher1, is(&RemoveWriter{Person: colleague.ID}), Draft},
		{ActHandOver, Draft, at(Draft), principal1, is(&HandOver{Email: colleague.Email, Reason: "Slutar."}), Draft},
		{ActRequestApproval, Draft, at(Draft), teacher1, is(&RequestApproval{}), AwaitingPrincipal},
		{ActApprove, AwaitingPrincipal, at(AwaitingPrincipal), principal1, is(&Approve{}), Approved},
		{ActApprove, UnderCheck, func(w *world) *world {
			return w.to(Draft).do(teacher1, &Submit{}).do(Machine(), &TakeUp{})
		}, principal1, is(&Approve{}), UnderCheck},
		{ActApprove, ReportSubmitted, at(ReportSubmitted), economist1, is(&Approve{}), ReportSubmitted},
		{ActReturn, AwaitingPrincipal, at(AwaitingPrincipal), principal1, is(&ReturnToApplicant{Reason: "Mer om risker."}), Draft},
		{ActSubmit, Approved, at(Approved), teacher1, is(&Submit{}), Submitted},
		{ActTakeUp, Submitted, at(Submitted), Machine(), is(&TakeUp{}), UnderCheck},
		{ActWithdraw, Proposed, at(Proposed), teacher1, is(&Withdraw{}), Withdrawn},
		{ActDiscontinue, Withdrawn, func(w *world) *world { return w.to(UnderCheck).do(teacher1, &Withdraw{}) }, officer1, is(&Discontinue{}), Closed},
		{ActRegister, UnderCheck, at(UnderCheck), registrar1, is(&Register{DNR: "KS 2026/1"}), UnderCheck},
		{ActRuleEligibility, UnderCheck, at(UnderCheck), officer1, is(&RuleEligibility{Eligible: true}), UnderAssessment},
		{ActRequestCompletion, UnderCheck, at(UnderCheck), officer1, is(&RequestCompletion{Points: onePoint}), CompletionRequested},
		{ActExtendCompletion, CompletionRequested, askedFor, officer1, is(&ExtendCompletion{Days: 7, Reason: "Lov."}), CompletionRequested},
		{ActComplete, CompletionRequested, askedFor, teacher1, is(&Complete{Message: "Här."}), UnderCheck},
		{ActExpireCompletion, CompletionRequested, func(w *world) *world { return askedFor(w).on("2026-10-03T00:00") }, Machine(), is(&ExpireCompletion{}), UnderCheck},
		{ActAssignOfficer, UnderCheck, at(UnderCheck), head1, is(&AssignOfficer{Officer: officer1.Email}), UnderCheck},
		{ActMessage, UnderCheck, at(UnderCheck), teacher1, is(&Message{Text: "När kommer beslutet?"}), UnderCheck},
		{ActAssignReviewers, UnderAssessment, at(UnderAssessment), head1, is(&AssignReviewers{Reviewers: []string{reviewerC.Email}}), UnderAssessment},
		{ActDeclareInterest, UnderAssessment, at(UnderAssessment), reviewerA, is(&DeclareInterest{Conflict: true}), UnderAssessment},
		{ActSaveReview, UnderAssessment, at(UnderAssessment), reviewerA, is(&SaveReview{Ratings: map[string]int{"K1": 5}}), UnderAssessment},
		{ActSubmitReview, UnderAssessment, at(UnderAssessment), reviewerA, is(goodReview()), UnderAssessment},
		{ActSetConsensus, UnderAssessment, func(w *world) *world {
			return w.to(UnderAssessment).do(reviewerA, goodReview()).do(reviewerB, goodReview())
		}, officer1, is(&SetConsensus{Ratings: goodRatings, Comment: "Eniga."}), UnderAssessment},
		{ActRank, UnderAssessment, func(w *world) *world {
			w.to(UnderAssessment).do(reviewerA, goodReview()).do(reviewerB, goodReview())
			return w.do(officer1, &SetConsensus{Ratings: goodRatings, Comment: "Eniga."})
		}, officer1, is(&Rank{}), Ranked},
		{ActPropose, Ranked, at(Ranked), officer1, is(ptr(grant(81000))), Proposed},
		{ActPropose, UnderCheck, at(UnderCheck), officer1, is(ptr(refuse())), Proposed},
		{ActDecide, Proposed, at(Proposed), secretary1, func(w *world) Command { return &DecideGrant{Propose: grant(81000), Meeting: theMeeting(w)} }, Decided},
		{ActHoldLetter, Proposed, at(Proposed), officer1, is(&HoldLetter{Reason: "Alla samtidigt."}), Proposed},
		{ActReleaseLetter, Decided, func(w *world) *world {
			return w.to(Proposed).do(head1, &HoldLetter{Reason: "Alla samtidigt."}).decideProposed(grant(81000))
		}, secretary1, is(&ReleaseLetter{}), Decided},
		{ActOrderTranslation, Decided, at(Decided), secretary1, is(&OrderTranslation{Lang: "fi", To: officer1.Email}), Decided},
		{ActEnterTranslation, Decided, func(w *world) *world { return w.to(Decided).do(officer1, &OrderTranslation{Lang: "se"}) }, officer1,
			is(&EnterTranslation{Title: "Mearrádus", Text: "Doarjja juolluduvvo."}), Decided},
		{ActRemitBack, Proposed, at(Proposed), secretary1, is(&RemitBack{Reason: "Mer."}), UnderCheck},
		{ActTakeBack, UnderAssessment, func(w *world) *world {
			return w.to(UnderCheck).do(officer1, &RuleEligibility{Eligible: true})
		}, officer1, is(&TakeBack{Reason: "Fel ärende."}), UnderCheck},
		{ActTakeBack, Ranked, at(Ranked), officer1, is(&TakeBack{Reason: "Fel ärende."}), UnderAssessment},
		{ActTakeBack, Proposed, at(Proposed), officer1, is(&TakeBack{Reason: "Fel ärende."}), Ranked},
		{ActTakeBack, UnderCheck, func(w *world) *world { return w.to(Proposed).do(secretary1, &RemitBack{Reason: "Mer."}) }, secretary1, is(&TakeBack{Reason: "Fel ärende."}), Proposed},
		{ActTakeBack, Decided, at(Decided), secretary1, is(&TakeBack{Reason: "Fel ärende."}), Proposed},
		{ActCorrect, Decided, at(Decided), officer1, is(&Correct{Was: "18", Is: "81", Reason: "Skrivfel."}), Decided},
		{ActRecordNotice, Decided, at(Decided), registrar1, func(w *world) Command { return &RecordNotice{PostedOn: w.today()} }, Decided},
		{ActRecordAppeal, Decided, at(Decided), secretary1, func(w *world) Command { return &RecordAppeal{ReceivedOn: w.today()} }, Decided},
		{ActRecordJudgment, Payable, func(w *world) *world {
			return w.to(Payable).do(registrar1, &RecordAppeal{ReceivedOn: date("2026-12-01")})
		}, registrar1, func(w *world) Command { return &RecordJudgment{On: w.today(), Outcome: "annulled"} }, UnderCheck},
		{ActAcceptConditions, Decided, at(Decided), principal1, is(&AcceptConditions{}), ConditionsAccepted},
		{ActDecline, Decided, at(Decided), teacher1, is(&Decline{}), Lapsed},
		{ActRuleCondition, Decided, func(w *world) *world {
			w.to(Ranked).do(officer1, ptr(grant(81000, ConditionIn{Text: "Plan."})))
			return w.decideProposed(grant(81000, ConditionIn{Text: "Plan."}))
		}, officer1, is(&RuleCondition{Condition: 1, Met: ptr(true)}), Decided},
		{ActLapse, Payable, at(Payable), officer1, is(&Lapse{Reason: "Villkor."}), Lapsed},
		{ActChangeAccount, Payable, at(Payable), teacher1, is(&ChangeAccount{Payment: PayInto{Method: "internal", CostCentre: "6111"}}), Payable},
		{ActVerifyAccount, Decided, at(Decided), fin2, is(&VerifyAccount{Note: "Ok."}), Decided},
		{ActCheckAdvisory, Paid1, at(Paid1), officer1, func(w *world) Command { return &CheckAdvisory{Level: "none", Source: "UD", On: w.today()} }, Paid1},
		{ActMakePayable, ConditionsAccepted, func(w *world) *world {
			w.to(ConditionsAccepted).verify().on("2027-02-11T07:00")
			return w.do(officer1, &CheckAdvisory{Level: "none", Source: "UD", On: w.today()})
		}, Machine(), is(&MakePayable{}), Payable},
		{ActStartTravel, Paid1, func(w *world) *world { return w.to(Paid1).on("2027-04-12T00:00") }, Machine(), is(&StartTravel{}), Travelling},
		{ActEndTravel, Travelling, func(w *world) *world { return w.to(Travelling).on("2027-04-19T00:00") }, Machine(), is(&EndTravel{}), ReportDue},
		{ActRequestChange, Paid1, at(Paid1), teacher1, is(dates), Paid1},
		{ActDecideChange, Paid1, func(w *world) *world { return w.to(Paid1).do(teacher1, dates) }, officer1, is(&DecideChange{Outcome: "approved", Reason: "Ja."}), Paid1},
		{ActReportCancellation, Travelling, at(Travelling), teacher1, is(&ReportCancellation{Cause: "own", Reason: "Inställt."}), Travelling},
		{ActSubmitReport, ReportDue, at(ReportDue), teacher1, is(report()), ReportSubmitted},
		{ActExtendReport, ReportDue, at(ReportDue), officer1, func(w *world) Command {
			return &ExtendReport{DueOn: w.c.ReportDueOn().AddDays(14), Reason: "Sjukdom."}
		}, ReportDue},
		{ActReturnReport, ReportSubmitted, at(ReportSubmitted), officer1, is(&ReturnReport{Points: onePoint}), ReportReturned},
		{ActAcceptReport, ReportSubmitted, func(w *world) *world { return w.to(ReportSubmitted).do(principal1, &Approve{}) }, officer1, is(&AcceptReport{}), ReportAccepted},
		{ActSettle, ReportAccepted, at(ReportAccepted), officer1, is(&Settle{}), Settled},
		{ActProposeRecovery, ReportDue, overdue, Machine(), is(&ProposeRecovery{}), ReportDue},
		{ActAskStatement, Settled, repayable, officer1, is(&AskStatement{}), Settled},
		{ActGiveStatement, Settled, func(w *world) *world { return repayable(w).do(officer1, &AskStatement{}) }, principal1, is(&GiveStatement{Text: "Vi bestrider."}), Settled},
		{ActRecordStatement, Settled, func(w *world) *world { return repayable(w).do(officer1, &AskStatement{}) }, registrar1,
			func(w *world) Command { return &RecordStatement{Text: "Vi bestrider.", ReceivedOn: w.today()} }, Settled},
		{ActDecideRecovery, ReportDue, func(w *world) *world { return overdue(w).do(Machine(), &ProposeRecovery{}) }, secretary1,
			func(w *world) Command { return &DecideRecovery{Amount: 64800, DueOn: w.today(), Reason: "R-UNUSED"} }, Settled},
		{ActRecordRepayment, Settled, claimed, fin1, func(w *world) Command { return &RecordRepayment{Amount: 15000, On: w.today(), Reference: "F"} }, Settled},
		{ActBankRepayment, Settled, claimed, Machine(), func(w *world) Command {
			return &BankRepayment{RecordRepayment: RecordRepayment{Amount: 15000, On: w.today(), Reference: "F"}, Uploader: fin1.Email}
		}, Settled},
		{ActWriteOff, Settled, claimed, fin1, is(&WriteOffClaim{Amount: 15000, Reason: "Saknas."}), Settled},
		{ActClose, Settled, func(w *world) *world { return w.to(Settled).pay(2) }, officer1, is(&Close{}), Closed},
		{ActMovePayment, Payable, func(w *world) *world { return w.to(Payable).move(1, PayInBatch, PayExported) }, Machine(),
			func(w *world) Command { return &MovePayment{N: 1, To: PayPaid, On: w.today()} }, Paid1},
		{ActScanFile, UnderCheck, at(UnderCheck), Machine(), is(&FileScanned{ID: 1, Scan: "clean"}), UnderCheck},
		{ActAddDocument, UnderCheck, at(UnderCheck), Machine(), is(&AddDocument{Document: Document{ID: 1, Kind: "receipt"}}), UnderCheck},
		{ActNote, UnderCheck, at(UnderCheck), Machine(), is(&Note{Code: "school_blocked"}), UnderCheck},
	}
}

// TestEveryRow walks each row once rightly, and is refused wherever role, version or state is wrong.
func TestEveryRow(t *testing.T) {
	t.Parallel()
	walked := map[string]bool{}
	for _, k := range walks() {
		walked[rowName(k.row, k.from)] = true
		t.Run(fmt.Sprintf("%s in %s", k.row, k.from), func(t *testing.T) {
			t.Parallel()
			w := k.make(newWorld(t)).state(k.from)
			cmd := k.cmd(w)
			refusedByRole(t, w, cmd)
			refusedByVersion(t, w, k.by, cmd)
			refusedByState(t, w, k.by, cmd)
			w.do(k.by, cmd).state(k.to)
			e := w.events[len(w.events)-1]
			if e.From != k.from || e.To != k.to || e.Actor != k.by.ID {
				t.Errorf("event %+v", e)
			}
		})
	}
	for i, row := range Transitions {
		if row.Action == ActFilePaper {
			continue // it begins a case: TestPaper
		}
		if !slices.ContainsFunc(row.From, func(s State) bool { return walked[rowName(row.Action, s)] }) {
			t.Errorf("row %d of the table, %s from %v, is not walked", i, row.Action, row.From)
		}
	}
}

func rowName(a Action, s State) string { return string(a) + " " + string(s) }

// refusedByRole: each person who sees the case, and whose role the action never is, is told so, whatever the version.
func refusedByRole(t *testing.T, w *world, cmd Command) {
	t.Helper()
	n := 0
	for _, by := range append(slices.Clone(everybody), Machine()) {
		if slices.ContainsFunc(rowsFor(cmd.Action()), func(r Transition) bool { return w.c.holdsAny(by, r.By) }) {
			continue
		}
		_, err := Decide(w.c, by, cmd, NoVersion, w.at)
		switch {
		case !Sees(w.c, by):
			if !errors.Is(err, ErrNotFound) {
				t.Errorf("%s who sees nothing: %v", by.Email, err)
			}
		case !isForbidden(err, "role"):
			t.Errorf("%s: %v, want forbidden by role", by.Email, err)
		default:
			n++
		}
	}
	if n == 0 {
		t.Error("nobody was refused by role")
	}
}

// refusedByVersion: none and an old one are told apart, before the state is looked at.
func refusedByVersion(t *testing.T, w *world, by Actor, cmd Command) {
	t.Helper()
	if slices.Contains(ownAssessment, cmd.Action()) {
		return
	}
	wrong := w.c
	wrong.App.State = State("nowhere")
	for _, c := range []Case{w.c, wrong} {
		if !Sees(c, by) {
			continue
		}
		if _, err := Decide(c, by, cmd, NoVersion, w.at); !errors.Is(err, ErrNoVersion) {
			t.Errorf("no version: %v", err)
		}
		if _, err := Decide(c, by, cmd, c.App.Version-1, w.at); !errors.Is(err, ErrStale) {
			t.Errorf("old version: %v", err)
		}
	}
}

// refusedByState: in every state of no row of the action the answer names the state and what is open.
func refusedByState(t *testing.T, w *world, by Actor, cmd Command) {
	t.Helper()
	n := 0
	for _, s := range States {
		if slices.ContainsFunc(rowsFor(cmd.Action()), func(r Transition) bool { return slices.Contains(r.From, s) }) {
			continue
		}
		c := w.c
		c.App = c.App.Clone()
		c.App.State = s
		if c.App.Completion == nil {
			c.App.Completion = &Completion{}
		}
		if c.App.Decision == nil {
			c.App.Decision = &Decision{Outcome: Granted}
		}
		if c.App.Report == nil {
			c.App.Report = &Report{}
		}
		if !Sees(c, by) {
			continue
		}
		_, err := Decide(c, by, cmd, AnyVersion, w.at)
		var wrong WrongState
		if !errors.As(err, &wrong) || wrong.State != s || wrong.Action != cmd.Action() || wrong.Open == nil {
			t.Errorf("in %s: %v", s, err)
		}
		n++
	}
	if n == 0 && !slices.Contains([]Action{ActRegister, ActDeclareInterest, ActAddDocument, ActScanFile, ActNote, ActRecordRepayment, ActWriteOff}, cmd.Action()) {
		t.Error("no state refused it")
	}
}

// TestTableWithContract holds the table's public actions to the contract's list.
func TestTableWithContract(t *testing.T) {
	t.Parallel()
	contract := []Action{"request_approval", "approve", "return_to_applicant", "submit", "withdraw", "discontinue", "register", "rule_eligibility",
		"message", "assign_officer", "take_back", // beside the contract: who prepares the case
		"hold_letter", "release_letter", // and when a decision is told
		"order_translation", "enter_translation", // and in which languages
		"ask_statement", "give_statement", "record_statement", // and what the school says before a recovery
		"extend_report", // and more time for a report
		"request_completion", "extend_completion", "complete", "assign_reviewers", "declare_interest", "save_review", "submit_review",
		"set_consensus", "rank", "propose", "decide", "remit_back", "correct", "record_notice", "record_appeal", "record_judgment",
		"accept_conditions", "decline", "rule_condition", "lapse", "change_account", "verify_account", "check_advisory", "request_change",
		"decide_change", "report_cancellation", "submit_report", "return_report", "accept_report", "settle", "decide_recovery",
		"record_repayment", "write_off", "close"}
	got := Public()
	slices.Sort(got)
	slices.Sort(contract)
	if !slices.Equal(got, contract) {
		t.Errorf("public actions\n%v\nwant\n%v", got, contract)
	}
	for _, a := range contract {
		cmd := NewCommand(a)
		if cmd == nil || cmd.Action() != a {
			t.Errorf("command of %s is %T", a, cmd)
		}
	}
	for _, row := range Transitions {
		for _, s := range slices.Concat(row.From, row.To) {
			if !slices.Contains(States, s) {
				t.Errorf("%s names the unknown state %q", row.Action, s)
			}
		}
		if slices.Contains(row.By, ByMachine) && NewCommand(row.Action) != nil {
			t.Errorf("%s is both the machine's and people's", row.Action)
		}
	}
}

// TestNoMachineDecides: the rows that grant, refuse, change, lapse or recover are never the machine's (KL 6:38).
func TestNoMachineDecides(t *testing.T) {
	t.Parallel()
	for _, a := range []Action{ActDecide, ActDecideChange, ActLapse, ActDecline, ActDecideRecovery, ActWriteOff, ActRemitBack, ActRuleEligibility,
		ActSettle, ActAcceptReport, ActDiscontinue, ActClose} {
		for _, row := range rowsFor(a) {
			if slices.Contains(row.By, ByMachine) {
				t.Errorf("the machine may %s", a)
			}
		}
	}
}
