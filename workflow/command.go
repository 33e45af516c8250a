package workflow

import (
	"time"
)

// Command is what somebody wants done with one application. Its fields are the
// action's body in the API.
type Command interface {
	Action() Action
}

// The parts that a command may have besides. may refuses this person or level
// (403), guard refuses what the case does not allow whatever the body says
// (409), check lists what is wrong with the body (422), next picks the state
// where a row leads to more than one, and apply changes the copy it is given.
// may and guard also decide which actions are offered.
type (
	personal  interface{ may(*turn) error }
	guarded   interface{ guard(*turn) error }
	checked   interface{ check(*turn) }
	branching interface{ next(*turn) State }
	applied   interface{ apply(*turn) }
	// naming commands name people by address; the store looks them up first.
	naming interface{ Names() []string }
)

// Names lists the addresses of the people that a command names.
func Names(cmd Command) []string {
	if n, ok := cmd.(naming); ok {
		return n.Names()
	}
	return nil
}

// Event is what was done, by whom, when: one for each version of an application.
type Event struct {
	At     time.Time      `json:"at"`
	Actor  int64          `json:"actor"` // 0: the program
	By     string         `json:"by"`
	Action Action         `json:"action"`
	From   State          `json:"from"`
	To     State          `json:"to"`
	Data   map[string]any `json:"data,omitempty"`
}

// Job is what must follow. RunAt in the past means now. Data holds ids and codes, never copies of data.
type Job struct {
	Kind  string
	RunAt time.Time
	Data  map[string]any
}

// Ledger accounts of a round. Whole kronor move between them, never out of nothing.
const (
	AccBudget     = "budget"      // where the round's money comes from; may be negative
	AccAvailable  = "available"   // neither granted nor spent
	AccReserved   = "reserved"    // granted, not yet paid
	AccPaid       = "paid"        // with the schools
	AccWrittenOff = "written_off" // claimed, and given up
	AccReceivable = "receivable"  // paid out twice, and to come back
	AccTreasury   = "treasury"    // the municipality's own money, which a second payout takes; may be negative
)

// Entry moves money of the round from one account to another. Kind is the
// word for it: budget, granted, released, paid, returned, repaid, written_off.
type Entry struct {
	Kind   string
	From   string
	To     string
	Amount int64
	Day    Date // in the books, by the bank or the voucher; zero: the day on which it is entered
}

// Outcome is what a command leads to. Nothing of it is done until it is stored, all at once.
type Outcome struct {
	App     Application
	Event   Event
	Jobs    []Job
	Entries []Entry
	Filed   bool // a new unchangeable version of the form
}

// turn is one decision being made.
type turn struct {
	Case
	by     Actor
	at     time.Time
	body   bool    // false while asking only whether the action is open
	acting *Acting // for whom the action is taken; nil: in an own role
	from   State   // where the case was
	faults Violations
	jobs   []Job
	ledger []Entry
	data   map[string]any
	filed  bool
}

// actingFor is the address of who the action is taken for; "" in an own role.
func (t *turn) actingFor() string {
	if t.acting == nil {
		return ""
	}
	return t.acting.For
}

func (t *turn) today() Date { return DateOf(t.at) }

// fault notes something wrong with the body.
func (t *turn) fault(field, code string, args ...any) {
	t.faults = append(t.faults, Violation{Field: field, Code: code, Args: pairs(args)})
}

func (t *turn) ruleFault(rule, field, code string, args ...any) {
	t.faults = append(t.faults, Violation{Field: field, Rule: rule, Code: code, Args: pairs(args)})
}

func (t *turn) job(kind string, at time.Time, data ...any) {
	t.jobs = append(t.jobs, Job{Kind: kind, RunAt: at, Data: pairs(data)})
}

// mail asks for a mail of the kind to each of the named groups of people.
func (t *turn) mail(kind string, to ...string) { t.mailAt(t.at, kind, to...) }

func (t *turn) mailAt(at time.Time, kind string, to ...string) {
	t.job(JobMail, at, "kind", kind, "to", to)
}

func (t *turn) note(kv ...any) {
	if t.data == nil {
		t.data = map[string]any{}
	}
	for k, v := range pairs(kv) {
		t.data[k] = v
	}
}

func (t *turn) move(kind, from, to string, amount int64) {
	if amount != 0 {
		t.ledger = append(t.ledger, Entry{Kind: kind, From: from, To: to, Amount: amount})
	}
}

// moveOn is move for what was booked on a day that is known.
func (t *turn) moveOn(day Date, kind, from, to string, amount int64) {
	t.move(kind, from, to, amount)
	if amount != 0 {
		t.ledger[len(t.ledger)-1].Day = day
	}
}

func pairs(kv []any) map[string]any {
	if len(kv) == 0 {
		return nil
	}
	m := map[string]any{}
	for i := 0; i+1 < len(kv); i += 2 {
		m[kv[i].(string)] = kv[i+1]
	}
	return m
}

// Kinds of jobs. Each has a handler in package jobs; a test holds them together.
const (
	JobMail              = "mail"               // kind, to, offset_days, points
	JobSendMail          = "send_mail"          // mail
	JobTakeUp            = "take_up"            // submitted → under_check
	JobReceipt           = "receipt"            // the receipt as a document
	JobCompletionHalf    = "completion_half"    // reminder at half time
	JobCompletionEnd     = "completion_end"     // the day has passed
	JobReviewsDone       = "reviews_done"       // both have handed in
	JobDecisionLetter    = "decision_letter"    // the letter as a document
	JobSampleLetter      = "sample_letter"      // to
	JobCorrectionLetter  = "correction_letter"  // n
	JobAmendmentLetter   = "amendment_letter"   // n: a change was answered
	JobTranslationLetter = "translation_letter" // the translation as a document
	JobRecoveryLetter    = "recovery_letter"    //
	JobAcceptReminder    = "accept_reminder"    // conditions wait for an answer
	JobAcceptEnd         = "accept_end"         // 30 days have passed: propose to lapse
	JobConditionDue      = "condition_due"      // n: a condition's day has passed
	JobLegalForce        = "legal_force"        // the appeal days are over
	JobCheckPayable      = "check_payable"      // conditions_accepted → payable
	JobAdvisoryReminder  = "advisory_reminder"  // days
	JobTravelStart       = "travel_start"       // first day of travel
	JobTravelEnd         = "travel_end"         // the day after the last
	JobReportReminder    = "report_reminder"    // offset_days
	JobBlockSchool       = "block_school"       // the report is overdue
	JobRecheckSchool     = "recheck_school"     // a block was lifted: look at the school's payments
	JobProposeRecovery   = "propose_recovery"   // 90 days without a report
	JobClaimReminder     = "claim_reminder"     // due_on, offset_days
	JobClaimFiles        = "claim_files"        // what finance gets the money of the claim back with
	JobRoundClosed       = "round_closed"       // round
	JobScanFile          = "scan_file"          // attachment: asks the virus scanner again
	JobDraftReminder     = "draft_reminder"     // round, days
	JobDeadlineMoved     = "deadline_moved"     // round, closes: there is more time to file
	JobSubstituteBegins  = "substitute_begins"  // absence: the first day of somebody's substitute
	JobExportBatch       = "export_batch"       // batch
	JobProposePayout     = "propose_payout"     // tells finance that something can be paid
	JobSelfCheck         = "self_check"         // the books against themselves, each night
)

// JobKinds lists all of them.
var JobKinds = []string{JobMail, JobSendMail, JobTakeUp, JobReceipt, JobCompletionHalf, JobCompletionEnd, JobReviewsDone, JobDecisionLetter, JobSampleLetter,
	JobCorrectionLetter, JobAmendmentLetter, JobTranslationLetter, JobRecoveryLetter, JobAcceptReminder, JobAcceptEnd, JobConditionDue, JobLegalForce, JobCheckPayable,
	JobAdvisoryReminder, JobTravelStart, JobTravelEnd, JobReportReminder, JobBlockSchool, JobRecheckSchool, JobProposeRecovery,
	JobClaimReminder, JobClaimFiles, JobRoundClosed, JobScanFile, JobDraftReminder, JobDeadlineMoved, JobSubstituteBegins, JobExportBatch, JobProposePayout, JobSelfCheck}

// commands makes an empty command for each action that people take; its JSON is the action's body.
var commands = map[Action]func() Command{
	ActRequestApproval:    func() Command { return &RequestApproval{} },
	ActApprove:            func() Command { return &Approve{} },
	ActReturn:             func() Command { return &ReturnToApplicant{} },
	ActSubmit:             func() Command { return &Submit{} },
	ActWithdraw:           func() Command { return &Withdraw{} },
	ActDiscontinue:        func() Command { return &Discontinue{} },
	ActRegister:           func() Command { return &Register{} },
	ActAssignOfficer:      func() Command { return &AssignOfficer{} },
	ActMessage:            func() Command { return &Message{} },
	ActRuleEligibility:    func() Command { return &RuleEligibility{} },
	ActRequestCompletion:  func() Command { return &RequestCompletion{} },
	ActExtendReport:       func() Command { return &ExtendReport{} },
	ActExtendCompletion:   func() Command { return &ExtendCompletion{} },
	ActComplete:           func() Command { return &Complete{} },
	ActAssignReviewers:    func() Command { return &AssignReviewers{} },
	ActDeclareInterest:    func() Command { return &DeclareInterest{} },
	ActSaveReview:         func() Command { return &SaveReview{} },
	ActSubmitReview:       func() Command { return &SubmitReview{} },
	ActSetConsensus:       func() Command { return &SetConsensus{} },
	ActRank:               func() Command { return &Rank{} },
	ActPropose:            func() Command { return &Propose{} },
	ActDecide:             func() Command { return &DecideGrant{} },
	ActHoldLetter:         func() Command { return &HoldLetter{} },
	ActReleaseLetter:      func() Command { return &ReleaseLetter{} },
	ActOrderTranslation:   func() Command { return &OrderTranslation{} },
	ActEnterTranslation:   func() Command { return &EnterTranslation{} },
	ActRemitBack:          func() Command { return &RemitBack{} },
	ActTakeBack:           func() Command { return &TakeBack{} },
	ActCorrect:            func() Command { return &Correct{} },
	ActRecordNotice:       func() Command { return &RecordNotice{} },
	ActRecordAppeal:       func() Command { return &RecordAppeal{} },
	ActRecordJudgment:     func() Command { return &RecordJudgment{} },
	ActAcceptConditions:   func() Command { return &AcceptConditions{} },
	ActDecline:            func() Command { return &Decline{} },
	ActRuleCondition:      func() Command { return &RuleCondition{} },
	ActLapse:              func() Command { return &Lapse{} },
	ActChangeAccount:      func() Command { return &ChangeAccount{} },
	ActVerifyAccount:      func() Command { return &VerifyAccount{} },
	ActCheckAdvisory:      func() Command { return &CheckAdvisory{} },
	ActRequestChange:      func() Command { return &RequestChange{} },
	ActDecideChange:       func() Command { return &DecideChange{} },
	ActReportCancellation: func() Command { return &ReportCancellation{} },
	ActSubmitReport:       func() Command { return &SubmitReport{} },
	ActReturnReport:       func() Command { return &ReturnReport{} },
	ActAcceptReport:       func() Command { return &AcceptReport{} },
	ActSettle:             func() Command { return &Settle{} },
	ActAskStatement:       func() Command { return &AskStatement{} },
	ActRecordStatement:    func() Command { return &RecordStatement{} },
	ActGiveStatement:      func() Command { return &GiveStatement{} },
	ActDecideRecovery:     func() Command { return &DecideRecovery{} },
	ActRecordRepayment:    func() Command { return &RecordRepayment{} },
	ActWriteOff:           func() Command { return &WriteOffClaim{} },
	ActClose:              func() Command { return &Close{} },
}

// NewCommand gives an empty command for an action of people, or nil.
func NewCommand(a Action) Command {
	if make, ok := commands[a]; ok {
		return make()
	}
	return nil
}

// ParseCommand reads an action's body. A field of the wrong type, one the action
// does not have, or a missing yes or no is a violation at that field; with the
// last the command comes along, for judging the rest. ErrNotFound: no such action.
func ParseCommand(a Action, body []byte) (Command, error) {
	cmd := NewCommand(a)
	if cmd == nil {
		return nil, ErrNotFound
	}
	if len(body) > 0 {
		if v := decodeStrict(body, cmd); v != nil {
			return nil, v
		}
	}
	if v := unanswered(a, body); len(v) > 0 {
		return cmd, v
	}
	return cmd, nil
}
