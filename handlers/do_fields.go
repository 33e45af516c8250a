package handlers

import (
	"slices"

	"github.com/gin-gonic/gin"

	"fund/workflow"
)

// doField is a control of an action's form. Name is a path of its body.
type doField struct {
	name   string
	kind   string // text area money number date yesno select radios checks lines rows
	prefix string // words of choices
	values []string
	cells  []RowField // of rows
	layout string
	all    bool // rows without a button to add: as many as the case has

	optional bool // says "frivilligt"
	tall     bool // a whole letter is written in it

	// options are choices that come with the case; nobody is the word for none of them.
	options func(*Server, *gin.Context, workflow.Case) ([]Option, error)
	nobody  string
	// unless tells that the field asks nothing of this case, or of this person.
	unless func(workflow.Case, workflow.Actor) bool
}

var (
	outcomes = doField{
		name:   "outcome",
		kind:   "radios",
		prefix: "outcome",
		values: []string{workflow.Granted, workflow.PartiallyGranted, workflow.Rejected, workflow.Dismissed},
	}
	reasonBox  = doField{name: "reasons", kind: "checks", prefix: "reason", values: workflow.Reasons}
	reasonText = doField{name: "reason", kind: "area"}
	conditions = doField{
		name:   "conditions",
		kind:   "rows",
		layout: "two",
		cells:  []RowField{{Name: "text", Kind: "area", Wide: true, Height: 2}, {Name: "due_on", Kind: "date", Optional: true}},
	}
	pointRows = doField{
		name:   "points",
		kind:   "rows",
		layout: "two",
		cells:  []RowField{{Name: "field", Kind: "select"}, {Name: "text", Kind: "area", Wide: true, Height: 2}},
	}
	stateAid = doField{
		name:     "state_aid_basis",
		kind:     "select",
		prefix:   "state_aid",
		values:   workflow.StateAidBases,
		optional: true,
		unless:   notesNoStateAid,
	}
	proposalPart = []doField{
		outcomes,
		{name: "amount", kind: "money"},
		reasonBox,
		{name: "text", kind: "area"},
		conditions,
		stateAid,
		{name: "child", kind: "area"},
	}
)

// doFields says what each action's form asks. An action without fields is a confirmation.
var doFields = map[workflow.Action][]doField{
	workflow.ActRequestApproval: nil,
	workflow.ActApprove:         {{name: "statement", kind: "area"}},
	workflow.ActReturn:          {reasonText},
	workflow.ActSubmit:          nil,
	workflow.ActWithdraw:        {{name: "reason", kind: "area", unless: nobodyReadsIt}},
	workflow.ActDiscontinue:     {reasonText},
	workflow.ActRegister:        {{name: "dnr", kind: "text"}},
	workflow.ActRuleEligibility: {
		{name: "eligible", kind: "yesno"},
		{
			name:   "rulings",
			kind:   "rows",
			layout: "three",
			all:    true,
			cells:  []RowField{{Name: "rule", Kind: "rule"}, {Name: "met", Kind: "select"}, {Name: "reason", Kind: "text", Optional: true}},
		},
	},
	workflow.ActRequestCompletion: {pointRows, {name: "due_on", kind: "date"}},
	workflow.ActExtendCompletion:  {{name: "days", kind: "number"}, reasonText},
	workflow.ActComplete:          {{name: "message", kind: "area"}},
	workflow.ActMessage:           {{name: "message", kind: "area"}},
	workflow.ActAssignOfficer:     {{name: "officer", kind: "select", options: (*Server).officers, nobody: "queue.nobody"}},
	workflow.ActAssignReviewers:   {{name: "reviewers", kind: "checks", options: (*Server).reviewers}},
	workflow.ActDeclareInterest:   {{name: "conflict", kind: "yesno"}, reasonText},
	workflow.ActSaveReview:        {{name: "ratings", kind: "ratings"}, {name: "suggested", kind: "money"}},
	workflow.ActSubmitReview:      {{name: "ratings", kind: "ratings"}, {name: "suggested", kind: "money"}},
	workflow.ActSetConsensus:      {{name: "ratings", kind: "ratings"}, {name: "comment", kind: "area"}},
	workflow.ActRank:              nil,
	workflow.ActPropose:           proposalPart,
	workflow.ActDecide: slices.Concat(
		proposalPart,
		[]doField{{name: "delegation_item", kind: "text"}, {name: "meeting.date", kind: "date"}, {name: "meeting.item_no", kind: "text"},
			{name: "meeting.present", kind: "lines"}, {name: "meeting.conflicted", kind: "lines"}, {name: "meeting.reservations", kind: "lines"},
			{name: "meeting.urgent.chair", kind: "text"}, {name: "meeting.urgent.reason", kind: "area"}},
	),
	workflow.ActHoldLetter:    {reasonText},
	workflow.ActReleaseLetter: nil,
	workflow.ActOrderTranslation: {
		{name: "lang", kind: "radios", prefix: "language", values: workflow.TranslatedLanguages},
		{name: "to", kind: "select", options: (*Server).letterPeople, nobody: "translation.to.officer"},
		{name: "due_on", kind: "date", optional: true},
	},
	workflow.ActEnterTranslation: {{name: "title", kind: "text"}, {name: "text", kind: "area", tall: true}},
	workflow.ActRemitBack:        {reasonText, {name: "meeting_date", kind: "date", optional: true, unless: delegated}},
	workflow.ActTakeBack:         {reasonText},
	workflow.ActCorrect:          {{name: "was", kind: "text"}, {name: "is", kind: "text"}, reasonText},
	workflow.ActRecordNotice:     {{name: "posted_on", kind: "date"}},
	workflow.ActRecordAppeal: {
		{name: "received_on", kind: "date"},
		{name: "text", kind: "area", optional: true},
		{name: "forwarded_on", kind: "date", optional: true},
	},
	workflow.ActRecordJudgment: {
		{name: "on", kind: "date"},
		{name: "outcome", kind: "radios", prefix: "judgment", values: []string{"upheld", "annulled", "dismissed"}},
	},
	workflow.ActAcceptConditions: nil,
	workflow.ActDecline:          {reasonText},
	workflow.ActRuleCondition: {
		{name: "condition", kind: "radios", options: (*Server).conditionsOf},
		{name: "met", kind: "yesno"},
		{name: "note", kind: "area"},
	},
	workflow.ActLapse:         {reasonText},
	workflow.ActVerifyAccount: {{name: "called_back", kind: "yesno"}, {name: "note", kind: "area"}},
	workflow.ActCheckAdvisory: {
		{name: "level", kind: "radios", prefix: "advisory", values: []string{"none", "avoid_unnecessary", "avoid_all"}},
		{name: "source", kind: "text"},
		{name: "on", kind: "date"},
	},
	workflow.ActRequestChange: {
		{name: "type", kind: "radios", prefix: "change", values: workflow.ChangeTypes},
		{name: "proposed.activity.start", kind: "date"},
		{name: "proposed.activity.end", kind: "date"},
		{name: "proposed.partner.name", kind: "text"},
		{name: "proposed.partner.city", kind: "text"},
		{name: "proposed.partner.country", kind: "text"},
		{name: "proposed.participants.pupils", kind: "number"},
		{name: "proposed.participants.staff", kind: "number"},
		{name: "proposed.activity.programme_days", kind: "number"},
		{name: "proposed.text.preparation", kind: "area"},
		{name: "cause", kind: "radios", prefix: "cause", values: []string{"own", "outside"}},
		reasonText,
	},
	workflow.ActDecideChange: {
		{name: "outcome", kind: "radios", prefix: "change_outcome", values: []string{"approved", "refused"}},
		reasonText,
		{name: "meeting.date", kind: "date", unless: decidesAlone},
		{name: "meeting.item_no", kind: "text", unless: decidesAlone},
		{name: "meeting.present", kind: "lines", unless: decidesAlone},
		{name: "meeting.conflicted", kind: "lines", optional: true, unless: decidesAlone},
		{name: "meeting.reservations", kind: "lines", optional: true, unless: decidesAlone},
	},
	workflow.ActReportCancellation: {
		{name: "cause", kind: "radios", prefix: "cause", values: []string{"own", "outside"}},
		{name: "unavoidable_cost", kind: "money"},
		{name: "refunds", kind: "money"},
		reasonText,
	},
	workflow.ActSubmitReport: {{name: "start", kind: "date"}, {name: "end", kind: "date"}, {name: "pupils", kind: "number"}, {name: "staff", kind: "number"},
		{
			name:   "actual",
			kind:   "rows",
			layout: "three",
			all:    true,
			cells:  []RowField{{Name: "line", Kind: "line"}, {Name: "amount", Kind: "money"}, {Name: "voucher", Kind: "text", Optional: true}},
		},
		{name: "external_grants_received", kind: "money"},
		{name: "texts.summary", kind: "area"},
		{name: "texts.goals", kind: "area"},
		{name: "texts.learned", kind: "area"},
		{name: "texts.dissemination", kind: "area"}, {name: "texts.fund_named", kind: "area"}, {name: "publish", kind: "yesno"}},
	workflow.ActExtendReport: {{name: "due_on", kind: "date"}, reasonText},
	workflow.ActReturnReport: {pointRows, {name: "due_on", kind: "date"}},
	workflow.ActAcceptReport: {
		{name: "remark", kind: "area"},
		{
			name:   "disallowed",
			kind:   "rows",
			layout: "three",
			cells:  []RowField{{Name: "line", Kind: "select"}, {Name: "amount", Kind: "money"}, {Name: "reason", Kind: "text"}},
		},
	},
	workflow.ActSettle:          nil,
	workflow.ActAskStatement:    {{name: "due_on", kind: "date"}, reasonText},
	workflow.ActGiveStatement:   {{name: "text", kind: "area"}},
	workflow.ActRecordStatement: {{name: "received_on", kind: "date"}, {name: "text", kind: "area"}},
	workflow.ActDecideRecovery: {
		{name: "amount", kind: "money"},
		{name: "due_on", kind: "date"},
		reasonText,
		{
			name:   "instalments",
			kind:   "rows",
			layout: "two",
			cells:  []RowField{{Name: "due_on", Kind: "date"}, {Name: "amount", Kind: "money"}},
			unless: internal,
		},
	},
	workflow.ActRecordRepayment: {{name: "amount", kind: "money"}, {name: "on", kind: "date"}, {name: "reference", kind: "text"}},
	workflow.ActWriteOff:        {{name: "amount", kind: "money"}, reasonText},
	workflow.ActClose:           nil,
}

// A delegate decides at no meeting that could send the case back.
func delegated(k workflow.Case, _ workflow.Actor) bool { return k.DecisionBody() == workflow.Delegate }

// Who decides on a change alone meets nobody.
func decidesAlone(k workflow.Case, by workflow.Actor) bool {
	return workflow.ChangeAtMeeting(k, by) == ""
}

// Nobody waits for the reason why an unsent application is withdrawn.
func nobodyReadsIt(k workflow.Case, _ workflow.Actor) bool { return unsent(k) }

// A school of the municipality repays by one booking.
func internal(k workflow.Case, _ workflow.Actor) bool { return workflow.Channel(k) == "internal" }

func notesNoStateAid(k workflow.Case, _ workflow.Actor) bool { return !k.Scheme.NotesStateAid() }

// ruledRules are the rules that the eligibility form lists.
var ruledRules = []string{"RF-01", "RF-02", "RF-03", "RF-04", "RF-05", "RF-10", "RF-11", "RF-12", "RF-13", "RF-25", "RF-27"}

// reportParts are the parts of a report that may be sent back.
var reportParts = []string{
	"actual", "external_grants_received", "pupils", "staff", "texts.summary", "texts.goals", "texts.learned",
	"texts.dissemination", "texts.fund_named", "texts.deviations", "texts.differences", "texts.voices", "texts.continuation",
	"texts.incidents",
}

// askable are the fields that a completion can ask about.
var askable = []string{
	"applicant", "partner", "activity", "participants", "text", "text.summary", "text.purpose", "text.goals", "text.programme",
	"text.risk", "text.inclusion", "text.climate", "text.dissemination", "budget", "funding", "requested", "voluntary",
	"declarations", "declarations.other_applications", "attachments.letter_of_intent", "attachments.programme",
	"attachments.risk_assessment", "attachments.payee_proof", "attachments.main_funder",
}
