package handlers

import (
	"net/http"
	"reflect"

	"fund/sql"
	"fund/workflow"
)

// This file holds the words of the API's description.

const openAPIText = `Grants for school exchange and co-financing, from draft to final settlement.

Amounts are whole kronor, but for fields that end in _ore. Instants are RFC 3339 with offset; days are YYYY-MM-DD in Stockholm.
What can be changed has an ETag; a change needs If-Match with the one that was read (none 428, stale 412) and answers with the
whole new representation. Refusals are application/problem+json (RFC 9457), found in this order: 401, 404, 403 by role, 428 or 412,
409 by state, 403 by level or person, then 409 or 422 by a guard. Any POST may carry an Idempotency-Key. Lists answer {items} and
go on at Link: rel="next".`

var openAPITags = []object{
	{"name": "applications", "description": "Drafts and cases."},
	{"name": "actions", "description": "One transition of a case; the body carries its data. allowed_actions of the case says what is open."},
	{"name": "rounds", "description": "Calls for applications, their rules, and how their money could be shared."},
	{"name": "payouts", "description": "Batches of payments, and their files."},
	{"name": "register", "description": "Schools and people."},
	{"name": "open", "description": "What everyone may read."},
	{"name": "operations", "description": "Proof of the log; the clock and the mailbox of a rehearsal."},
}

var (
	listQuery = []queryParam{
		{"limit", "How many; 100 where nothing is said, 500 at most.", "integer"},
		{"after", "Go on after this one; Link has it.", "string"},
	}
	caseQuery = append([]queryParam{{"round", "Code of a round.", "string"}, {"scheme", "Code of a scheme.", "string"},
		{"state", "One state, or several with commas.", "string"}, {"school", "Number, unit code or exact name.", "string"},
		{"q", "Words of title, registration number, school or partner.", "string"}}, listQuery...)
	mailQuery = append([]queryParam{{"to", "Address.", "string"}, {"application", "Number.", "integer"}}, listQuery...)
)

var (
	docOpenAPI  = operation{summary: "This document", tag: "open", open: true, answer: object{}}
	docOpenData = operation{summary: "Grants made, in 360Giving's form", tag: "open", open: true, answer: openDataJSON{}}
	docMe       = operation{summary: "Who the token is", tag: "register", answer: meJSON{}}

	docRounds = operation{
		summary: "Rounds",
		text:    "Published ones; the office sees drafts and cancelled ones too.",
		tag:     "rounds",
		query:   listQuery,
		answer:  listJSON[roundJSON]{},
	}
	docNewRound = operation{
		summary: "Make a round",
		text:    "By admin and head. It is not published yet.",
		tag:     "rounds",
		body:    roundIn{},
		status:  http.StatusCreated,
		answer:  roundJSON{},
		tagged:  true,
	}
	docRound      = operation{summary: "One round", tag: "rounds", answer: roundJSON{}, tagged: true}
	docPatchRound = operation{
		summary:  "Change a round",
		text:     "By admin and head. Parameters stand still once an application has arrived.",
		tag:      "rounds",
		body:     roundIn{},
		bodyKind: mergePatch,
		answer:   roundJSON{},
		match:    needsMatch,
		tagged:   true,
	}
	docAllocations   = operation{summary: "Saved scenarios", tag: "rounds", query: listQuery, answer: listJSON[allocationJSON]{}}
	docNewAllocation = operation{
		summary: "Share out a budget over the ranked cases (RF-16)",
		text:    "Saves a scenario; decides nothing.",
		tag:     "rounds",
		body:    allocationIn{},
		status:  http.StatusCreated,
		answer:  allocationJSON{},
	}
	docAllocation = operation{summary: "One scenario", tag: "rounds", answer: allocationJSON{}}

	docSchools    = operation{summary: "The register of school units", tag: "register", query: listQuery, answer: listJSON[schoolJSON]{}, tagged: true}
	docPutSchools = operation{
		summary: "Add or change school units by name",
		text:    "By admin. Units that are left out stay: closed ones own old cases.",
		tag:     "register",
		body:    listJSON[schoolJSON]{},
		answer:  listJSON[schoolJSON]{},
		match:   mayMatch,
		tagged:  true,
	}
	docSchool    = operation{summary: "One school unit", tag: "register", answer: schoolJSON{}, tagged: true}
	docPeople    = operation{summary: "People with an account", text: "By admin.", tag: "register", query: listQuery, answer: listJSON[workflow.Person]{}}
	docNewPerson = operation{
		summary: "Add somebody",
		text:    "By admin.",
		tag:     "register",
		body:    personIn{},
		status:  http.StatusCreated,
		answer:  workflow.Person{},
		tagged:  true,
	}
	docPatchPerson = operation{
		summary:  "Change somebody",
		text:     "By admin.",
		tag:      "register",
		body:     personIn{},
		bodyKind: mergePatch,
		answer:   workflow.Person{},
		match:    mayMatch,
		tagged:   true,
	}

	docApplications = operation{
		summary: "Drafts and cases that the caller may see",
		tag:     "applications",
		query:   caseQuery,
		answer:  listJSON[applicationJSON]{},
	}
	docNewApplication = operation{
		summary: "Begin a draft, or file one that came on paper",
		text:    "A draft keeps whatever has the right JSON type; what is wrong with it is a finding. An officer files a paper application with channel and received_at.",
		tag:     "applications",
		body:    newJSON{},
		status:  http.StatusCreated,
		answer:  applicationJSON{},
		tagged:  true,
	}
	docApplication      = operation{summary: "One application, as this caller sees it now", tag: "applications", answer: applicationJSON{}, tagged: true}
	docPatchApplication = operation{
		summary:  "Change the form by a merge patch (RFC 7396)",
		text:     "Drafts and approved ones freely; while completion is requested the named fields only.",
		tag:      "applications",
		body:     workflow.Form{},
		bodyKind: mergePatch,
		answer:   applicationJSON{},
		match:    needsMatch,
		tagged:   true,
	}
	docAttach = operation{
		summary:  "Add a file",
		tag:      "applications",
		body:     attachBody{},
		bodyKind: "multipart/form-data",
		status:   http.StatusCreated,
		answer:   applicationJSON{},
		match:    mayMatch,
		tagged:   true,
	}
	docAttachment = operation{summary: "Download a file", tag: "applications", fileKinds: takenTypes}
	docDetach     = operation{summary: "Take a file out of a draft", tag: "applications", answer: applicationJSON{}, match: needsMatch, tagged: true}
	docEvents     = operation{summary: "What was done, by whom, when", tag: "applications", query: listQuery, answer: listJSON[eventJSON]{}}
	docVersions   = operation{summary: "What was filed, unchangeable", tag: "applications", query: listQuery, answer: listJSON[versionJSON]{}}
	docVersion    = operation{summary: "One filed version", tag: "applications", answer: versionJSON{}, tagged: true}
	docMails      = operation{summary: "Mails as they were sent", tag: "applications", query: listQuery, answer: listJSON[mailJSON]{}}
	docPackage    = operation{
		summary:   "Download a case as one package for the archive",
		text:      "By registrar, auditor and head, of cases they may see: every document, file, version, decision, payment, mail and event with its proof, and a manifest with the SHA-256 of each. `fund audit package FILE` proves it on another machine.",
		tag:       "applications",
		fileKinds: []string{"application/zip"},
	}
	docDocument = operation{summary: "Download a letter or receipt", tag: "applications", fileKinds: []string{"application/pdf"}}

	docBatches  = operation{summary: "Batches of payments", tag: "payouts", query: listQuery, answer: listJSON[batchJSON]{}}
	docNewBatch = operation{
		summary: "Compose a batch",
		text:    "By finance1 and finance2. Takes everything that can be paid of the named applications, both channels in one.",
		tag:     "payouts",
		body:    batchIn{},
		status:  http.StatusCreated,
		answer:  batchJSON{},
		tagged:  true,
	}
	docBatch     = operation{summary: "One batch", tag: "payouts", answer: batchJSON{}, tagged: true}
	docBatchFile = operation{
		summary: "Download a file of an exported batch",
		text:    "Always the same bytes; their SHA-256 is the ETag. 404 for a file that would have no line. A batch with more payments to the bank than the bank profile allows in a message has its first message in pain.001.001.09.xml (MsgId as the batch), the next in pain.001.001.09-2.xml (MsgId with -B behind it) and so on, and the same in version 03; a number that the batch does not have answers 404.",
		tag:     "payouts",
		fileKinds: []string{
			"application/xml",
			"text/csv",
			"text/plain",
			"application/json",
			"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		},
	}

	docAudit     = operation{summary: "Prove the event log", text: "For the office.", tag: "operations", answer: sql.Audit{}}
	docClock     = operation{summary: "Read the rehearsal clock", tag: "operations", answer: clockJSON{}}
	docMoveClock = operation{
		summary: "Move the rehearsal clock forward",
		text:    "Everything that would have happened by then happens, in order, each at its own moment, before the answer. Without now everything that is due finishes. An moment before the present one: 409.",
		tag:     "operations",
		body:    clockMoveJSON{},
		answer:  movedJSON{},
	}
	docRehearsalMail = operation{summary: "The rehearsal's mailbox", tag: "operations", query: mailQuery, answer: listJSON[mailJSON]{}}
)

// roundIn is a round as it is written.
type roundIn struct {
	ID         string         `json:"id" doc:"The code that applications name; fixed."`
	Scheme     string         `json:"scheme" doc:"Fixed."`
	Name       string         `json:"name" doc:"In Swedish."`
	NameEN     string         `json:"name_en" doc:"In English; without it the Swedish name is shown."`
	Opens      moment         `json:"opens" doc:"A day without time opens at 00:00."`
	Closes     moment         `json:"closes" doc:"A day without time closes when it ends; null: rolling."`
	TripFrom   workflow.Date  `json:"trip_start_from"`
	TripTo     workflow.Date  `json:"trip_start_to"`
	Budget     int64          `json:"budget" doc:"Whole kronor."`
	Meeting    workflow.Date  `json:"committee_meeting"`
	MinutesOn  workflow.Date  `json:"minutes_approved"`
	NoticeOn   workflow.Date  `json:"notice_posted"`
	LastAppeal workflow.Date  `json:"last_appeal_day"`
	Parameters map[string]any `json:"parameters" doc:"Rules by name; each replaces the whole value of that name in the scheme's newest rule set."`
}

// actionWords are the actions' summaries.
var actionWords = map[workflow.Action]string{
	workflow.ActRequestApproval: "Send the draft to the principal", workflow.ActApprove: "Approve: the application, changed money, or a report's money",
	workflow.ActReturn: "Give the draft back with a reason", workflow.ActSubmit: "File the application", workflow.ActWithdraw: "Take the application back",
	workflow.ActDiscontinue: "Close a withdrawn case without examination", workflow.ActRegister: "Attach the outside diary's number",
	workflow.ActRuleEligibility: "Rule on eligibility", workflow.ActRequestCompletion: "Ask for more", workflow.ActExtendCompletion: "Give more time, once",
	workflow.ActComplete: "Answer the request for more", workflow.ActAssignReviewers: "Say who assesses", workflow.ActAssignOfficer: "Say who prepares the case", workflow.ActMessage: "Write to the other side, or say that the last message needs no answer",
	workflow.ActDeclareInterest: "Declare conflict of interest, or none", workflow.ActSaveReview: "Keep begun scores", workflow.ActSubmitReview: "Hand in the assessment",
	workflow.ActSetConsensus: "Write what the reviewers agree on", workflow.ActRank: "Put the case into the round's order", workflow.ActPropose: "Propose a decision",
	workflow.ActDecide: "Decide", workflow.ActRemitBack: "Send the proposal back for more preparation", workflow.ActTakeBack: "Take back the office's newest step, a wrong click, while nobody outside was told",
	workflow.ActHoldLetter: "Keep the letter of the coming decision until it is released; nobody outside is told before", workflow.ActReleaseLetter: "Let a held letter go: letter, mails and the days to accept begin",
	workflow.ActOrderTranslation: "Ask somebody to have the decision translated to Finnish or Sámi, or give an open translation to somebody else", workflow.ActEnterTranslation: "Enter the translated decision; it goes out as a letter and the applicant is told",
	workflow.ActCorrect:      "Mend an obvious slip by a linked document (FL 36 §)",
	workflow.ActRecordNotice: "Note the day of the notice", workflow.ActRecordAppeal: "Register an appeal", workflow.ActRecordJudgment: "Note the court's answer",
	workflow.ActAcceptConditions: "Accept the decision's conditions", workflow.ActDecline: "Decline the grant", workflow.ActRuleCondition: "Say whether a condition is met",
	workflow.ActLapse: "Let an offer lapse", workflow.ActChangeAccount: "Give another account", workflow.ActVerifyAccount: "Verify the account; two people must",
	workflow.ActCheckAdvisory: "Note the Foreign Ministry's travel advice", workflow.ActRequestChange: "Ask for a change (RF-20)", workflow.ActDecideChange: "Answer a change",
	workflow.ActReportCancellation: "Tell that the trip does not happen (RF-21)", workflow.ActSubmitReport: "File the report (RF-22)",
	workflow.ActExtendReport: "Give more time for the report, with a reason", workflow.ActReturnReport: "Send the report back with points", workflow.ActAcceptReport: "Accept the report", workflow.ActSettle: "Fix what the school may keep (RF-23)",
	workflow.ActAskStatement: "Ask the school for its statement before a recovery is decided (RF-23)", workflow.ActRecordStatement: "Enter the statement of a school that came as a letter or was said, with the day it came", workflow.ActGiveStatement: "Say what the school thinks of a proposed recovery",
	workflow.ActDecideRecovery: "Claim money back", workflow.ActRecordRepayment: "Note money that came back", workflow.ActWriteOff: "Give a claim up",
	workflow.ActClose:     "Close the case",
	workflow.BatchAttest1: "First attest: every line is right", workflow.BatchAttest2: "Second attest, by another person",
	workflow.BatchExport: "Make the files, all or none", workflow.BatchMarkSent: "Note that the bank has the file", workflow.BatchMarkPaid: "Note what was paid",
	workflow.BatchReissue: "Pay rejected or returned payments again, with new ids", workflow.BatchCancel: "Cancel before it is sent",
	"publish": "Publish the round", "extend": "Move the deadline: for all, or for single applications (RF-05)",
}

// ownAssessment are actions that touch only the caller's own part and need no If-Match.
var ownAssessment = map[workflow.Action]bool{workflow.ActSaveReview: true, workflow.ActSubmitReview: true, workflow.ActDeclareInterest: true}

func docAct(a workflow.Action) operation {
	d := operation{
		summary: actionWords[a],
		tag:     "actions",
		body:    reflect.ValueOf(workflow.NewCommand(a)).Elem().Interface(),
		answer:  applicationJSON{},
		match:   needsMatch,
		tagged:  true,
	}
	if ownAssessment[a] {
		d.match = noMatch
	}
	if a == workflow.ActDeclareInterest {
		d.answer = declaredOr{}
		d.text = "With conflict true the answer is {id, interest: {conflict}}, and from then on the case is gone for this person."
	}
	return d
}

func docRoundAction(a string) operation {
	words := actionWords[workflow.Action(a)]
	if a == "close" || a == "cancel" {
		words = map[string]string{"close": "Close the round now", "cancel": "Cancel the round"}[a]
	}
	return operation{summary: words, text: "By admin and head.", tag: "rounds", body: roundBody{}, answer: roundJSON{}, match: needsMatch, tagged: true}
}

func docBatchAction(a workflow.Action) operation {
	return operation{
		summary: actionWords[a],
		text:    "By finance1 and finance2.",
		tag:     "payouts",
		body:    workflow.BatchCommand{},
		answer:  batchJSON{},
		match:   needsMatch,
		tagged:  true,
	}
}

// declaredOr is what a declaration answers: the case, or no more than the declaration.
type declaredOr struct {
	ID       int64        `json:"id"`
	Interest interestJSON `json:"interest"`
}
