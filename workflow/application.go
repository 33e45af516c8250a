package workflow

import (
	"slices"
	"strings"
	"time"

	"fund/workflow/money"
)

// Application is one application and everything that was done with it. What a
// person may see of it is decided elsewhere (policy.go).
type Application struct {
	ID             int64     `json:"id"`
	Version        int64     `json:"version"` // rises by one with each event
	State          State     `json:"state"`
	Scheme         string    `json:"scheme"`
	Round          string    `json:"round"`
	SchoolID       int64     `json:"school_id"` // 0: an organisation
	OrgNo          string    `json:"org_no,omitempty"`
	ApplicantID    int64     `json:"applicant_id"`
	ApplicantEmail string    `json:"applicant_email"`
	ApplicantName  string    `json:"applicant_name"`
	Writers        []int64   `json:"writers,omitempty"` // co-writers at the same school
	Channel        string    `json:"channel"`           // web | paper
	CreatedAt      time.Time `json:"created_at"`
	Form           Form      `json:"form"`

	DNR        string    `json:"dnr,omitempty"`
	ReceivedAt time.Time `json:"received_at"`
	Filed      []Filed   `json:"filed,omitempty"`

	Approval   *Approval   `json:"approval,omitempty"`
	Unapproved bool        `json:"unapproved,omitempty"`
	Returned   *Returned   `json:"returned,omitempty"`
	Completion *Completion `json:"completion,omitempty"`

	Officer   string `json:"officer,omitempty"` // who prepares the case; empty: nobody yet
	OfficerID int64  `json:"officer_id,omitempty"`

	Eligible *bool    `json:"eligible,omitempty"`
	Rulings  []Ruling `json:"rulings,omitempty"`

	Interests []Interest `json:"interests,omitempty"`
	Reviews   []Review   `json:"reviews,omitempty"`
	Voided    []Review   `json:"voided,omitempty"`
	Consensus *Consensus `json:"consensus,omitempty"`

	Proposal    *Proposal    `json:"proposal,omitempty"`
	Decision    *Decision    `json:"decision,omitempty"`
	Letter      *LetterHold  `json:"letter,omitempty"` // nil: it goes, or went, with the decision
	Annulled    []Decision   `json:"annulled,omitempty"`
	Appeal      *Appeal      `json:"appeal,omitempty"`
	Corrections []Correction `json:"corrections,omitempty"`

	Undo *Undo `json:"undo,omitempty"` // how to take back the newest step

	Talk *Talk `json:"talk,omitempty"` // the newest message, until it is answered or done with

	Account   Account       `json:"account"`
	Advisory  []Advisory    `json:"advisory,omitempty"`
	Payments  []Payment     `json:"payments,omitempty"`
	Changes   []Change      `json:"changes,omitempty"`
	Cancelled *Cancellation `json:"cancelled,omitempty"`

	ReportExtensions []ReportExtension `json:"report_extensions,omitempty"`

	Report     *Report     `json:"report,omitempty"`
	Reports    []Report    `json:"reports,omitempty"` // earlier filings of the report
	Settlement *Settlement `json:"settlement,omitempty"`
	Recovery   *Recovery   `json:"recovery,omitempty"`
	Recoveries []Recovery  `json:"recoveries,omitempty"` // earlier ones that were decided
	// Overpayments are second payouts of an instalment, as finance found them.
	Overpayments []Overpayment `json:"overpayments,omitempty"`

	Attachments []Attachment `json:"attachments,omitempty"`
	Documents   []Document   `json:"documents,omitempty"`
}

// Filed is one unchangeable version of the application: what was sent, when.
type Filed struct {
	N          int       `json:"n"`
	ReceivedAt time.Time `json:"received_at"`
	Requested  int64     `json:"requested"`
	Money      string    `json:"money"` // the part that the principal's approval is about
}

// Approval is the principal's word, given signed in (RF-02). Money is what it was about.
// For a report's money it may be the word of the school's economist.
type Approval struct {
	By        string    `json:"by"`
	At        time.Time `json:"at"`
	Statement string    `json:"statement,omitempty"`
	Money     string    `json:"money"`
	Role      Role      `json:"role,omitempty"` // Economist; empty: the principal
}

// Returned is why the principal gave an application back.
type Returned struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
	Fields []string  `json:"fields,omitempty"`
}

// Completion is the officer's request for more (RF-14). It opens the named fields.
type Completion struct {
	Points   []Point   `json:"points"`
	AskedAt  time.Time `json:"asked_at"`
	DueOn    Date      `json:"due_on"`
	Extended int       `json:"extended,omitempty"` // days added; once
	Answered bool      `json:"answered,omitempty"`
	Expired  bool      `json:"expired,omitempty"`
	Changed  bool      `json:"changed,omitempty"` // the form was changed since it was asked for
	Message  string    `json:"message,omitempty"`
}

// Point is one thing asked for.
type Point struct {
	Field string `json:"field"`
	Text  string `json:"text"`
}

// Ruling is the officer's word on one rule.
type Ruling struct {
	Rule   string    `json:"rule"`
	Met    bool      `json:"met"`
	Reason string    `json:"reason,omitempty"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// Interest is a person's declaration in this case (KL 6:28, 7:4).
type Interest struct {
	Person   int64     `json:"person"`
	Email    string    `json:"email"`
	Conflict bool      `json:"conflict"`
	Reason   string    `json:"reason,omitempty"`
	At       time.Time `json:"at"`
}

// Review is one reviewer's assessment.
type Review struct {
	Person      int64             `json:"person"`
	Reviewer    string            `json:"reviewer"`
	AssignedAt  time.Time         `json:"assigned_at"`
	Ratings     map[string]int    `json:"ratings,omitempty"`
	Comments    map[string]string `json:"comments,omitempty"`
	Suggested   *int64            `json:"suggested,omitempty"`
	SubmittedAt time.Time         `json:"submitted_at"`
	Reason      string            `json:"reason,omitempty"` // why it was voided
}

// Done tells whether the review is handed in.
func (r Review) Done() bool { return !r.SubmittedAt.IsZero() }

// Consensus is what the reviewers agree on.
type Consensus struct {
	Ratings map[string]int `json:"ratings"`
	Comment string         `json:"comment"`
	By      string         `json:"by"`
	At      time.Time      `json:"at"`
}

// Outcomes of a decision.
const (
	Granted          = "granted"
	PartiallyGranted = "partially_granted"
	Rejected         = "rejected"
	Dismissed        = "dismissed"
)

// Proposal is the officer's draft for the decider.
type Proposal struct {
	Outcome    string      `json:"outcome"`
	Amount     int64       `json:"amount"`
	Reasons    []string    `json:"reasons"`
	Text       string      `json:"text"`
	Conditions []Condition `json:"conditions"`
	Child      string      `json:"child,omitempty"`
	By         string      `json:"by"`
	At         time.Time   `json:"at"`
}

// Condition is a decision's own condition.
type Condition struct {
	N     int    `json:"n"`
	Text  string `json:"text"`
	DueOn Date   `json:"due_on"`
	Met   *bool  `json:"met"`
	Note  string `json:"note,omitempty"`
	By    string `json:"by,omitempty"`
}

// Meeting is where a committee or the board decided (KL 5:65–69).
type Meeting struct {
	Date       Date     `json:"date"`
	ItemNo     string   `json:"item_no"`
	Present    []string `json:"present"`
	Conflicted []string `json:"conflicted"`
	// Reservations are the words of those who were against (KL 4:27).
	Reservations []string `json:"reservations,omitempty"`
	Urgent       *Urgent  `json:"urgent,omitempty"` // then Date is the day the chair decided, and nobody met
}

// Urgent is a decision that the chair made for the body because its next
// meeting could not be waited for (KL 6:39). It is reported to that meeting.
type Urgent struct {
	Chair  string `json:"chair"`
	Reason string `json:"reason"` // why it could not wait
}

// Alone tells whether the chair decided without a meeting.
func (m *Meeting) Alone() bool { return m != nil && m.Urgent != nil }

// Decision is what a human decided.
type Decision struct {
	Outcome        string      `json:"outcome"`
	Granted        int64       `json:"granted"`
	Body           string      `json:"body"`
	Reasons        []string    `json:"reasons"`
	Text           string      `json:"text"`
	DecidedBy      string      `json:"decided_by"`
	DeciderID      int64       `json:"decider_id"`
	DecidedAt      time.Time   `json:"decided_at"`
	DelegationItem string      `json:"delegation_item,omitempty"`
	Meeting        *Meeting    `json:"meeting,omitempty"`
	Conditions     []Condition `json:"conditions"`
	Child          string      `json:"child,omitempty"`
	NoticePostedOn Date        `json:"notice_posted_on"`
	LastAppealDay  Date        `json:"last_appeal_day"`
	AcceptedAt     time.Time   `json:"accepted_at"`
}

// Favourable tells whether money was granted.
func (d *Decision) Favourable() bool {
	return d != nil && (d.Outcome == Granted || d.Outcome == PartiallyGranted)
}

// Appeal is a request for legality review (KL 13).
type Appeal struct {
	ReceivedOn Date   `json:"received_on"`
	Text       string `json:"text,omitempty"`
	InTime     bool   `json:"in_time"`
	// ForwardedOn is when it was passed on to the court (KL 13:6, FL 45–46 §§).
	ForwardedOn Date      `json:"forwarded_on"`
	Judgment    *Judgment `json:"judgment"`
}

// Judgment is the court's answer: upheld, annulled or dismissed.
type Judgment struct {
	On      Date   `json:"on"`
	Outcome string `json:"outcome"`
}

// Correction mends an obvious slip in a separate, linked document (FL 36 §).
type Correction struct {
	N      int       `json:"n"`
	Was    string    `json:"was"`
	Is     string    `json:"is"`
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// Account says how far the payee's account is verified. Version rises when it is changed.
type Account struct {
	Version       int            `json:"version"`
	Verifications []Verification `json:"verifications,omitempty"`
	ChangedOn     Date           `json:"changed_on"` // changed after the decision; starts the cool-off
}

// Verification is one person's check of the account.
type Verification struct {
	Person     int64     `json:"person"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
	CalledBack bool      `json:"called_back"`
	Note       string    `json:"note"`
}

// Verified tells whether two people have checked the account.
func (a Account) Verified() bool { return len(a.Verifications) >= 2 }

// Advisory is a check of the Foreign Ministry's travel advice.
type Advisory struct {
	Level  string    `json:"level"` // none | avoid_unnecessary | avoid_all
	Source string    `json:"source"`
	On     Date      `json:"on"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// Change is a change asked for after the decision (RF-20).
type Change struct {
	N         int       `json:"n"`
	Type      string    `json:"type"`
	Proposed  RawObject `json:"proposed"`
	Cause     string    `json:"cause"`
	Reason    string    `json:"reason"`
	ShiftDays *int      `json:"shift_days,omitempty"`
	Level     string    `json:"level"` // OFFICER or the body of the decision
	AskedAt   time.Time `json:"asked_at"`
	Outcome   string    `json:"outcome,omitempty"` // approved | refused
	DecidedBy string    `json:"decided_by,omitempty"`
	Decider   string    `json:"decider,omitempty"`
	Answer    string    `json:"answer,omitempty"`
	DecidedAt time.Time `json:"decided_at"`
}

// Open tells whether the change waits for an answer.
func (c Change) Open() bool { return c.Outcome == "" }

// Cancellation is the report of a trip that does not happen (RF-21). Whole kronor.
type Cancellation struct {
	Cause           string    `json:"cause"` // own | outside
	UnavoidableCost int64     `json:"unavoidable_cost"`
	Refunds         int64     `json:"refunds"`
	Reason          string    `json:"reason"`
	At              time.Time `json:"at"`
}

// Report is the school's account of the exchange (domain 9.4).
type Report struct {
	Pupils             int64             `json:"pupils"`
	Staff              int64             `json:"staff"`
	Start              Date              `json:"start"`
	End                Date              `json:"end"`
	Actual             []ActualLine      `json:"actual,omitempty"`
	ActualEligibleCost *int64            `json:"actual_eligible_cost,omitempty"`
	ExternalReceived   int64             `json:"external_grants_received"`
	JointShare         *money.Share      `json:"joint_share,omitempty"`             // of the programme, with the partner's pupils
	Voluntary          *int64            `json:"voluntary_contributions,omitempty"` // whole kronor from homes and others
	MandatoryFee       bool              `json:"mandatory_fee,omitempty"`           // a pupil had to pay (RF-11)
	Texts              map[string]string `json:"texts,omitempty"`
	Goals              []GoalResult      `json:"goals,omitempty"`
	Publish            bool              `json:"publish"`
	SubmittedAt        time.Time         `json:"submitted_at"`
	FirstSubmittedAt   time.Time         `json:"first_submitted_at"`
	Approval           *Approval         `json:"approval,omitempty"`
	ReturnedPoints     []Point           `json:"returned_points,omitempty"`
	ReturnedAt         time.Time         `json:"returned_at"`
	ReturnDueOn        Date              `json:"return_due_on"`
	AcceptedAt         time.Time         `json:"accepted_at"`
	Remark             string            `json:"remark,omitempty"`
	Disallowed         []DisallowedLine  `json:"disallowed,omitempty"`
	SpotCheck          *SpotCheck        `json:"spot_check,omitempty"` // of the first filing; the office's own
	By                 string            `json:"by,omitempty"`         // who filed it
}

// How far a goal was reached.
const (
	ReachedFull   = "full"
	ReachedPartly = "partly"
	ReachedNot    = "no"
)

// GoalResult is the answer to one goal of the application, counted from 1 (domain 9.4).
type GoalResult struct {
	Goal    int64  `json:"goal"`
	Reached string `json:"reached"` // full | partly | no
	Text    string `json:"text,omitempty"`
}

// ActualLine is what one budget line came to. Whole kronor.
type ActualLine struct {
	Line    int64  `json:"line"`
	Amount  int64  `json:"amount"`
	Voucher string `json:"voucher,omitempty"`
}

// DisallowedLine is a cost that the officer does not accept.
type DisallowedLine struct {
	Line   int64  `json:"line"`
	Amount int64  `json:"amount"`
	Reason string `json:"reason"`
}

// Settlement is what the school may keep and what follows (RF-23). Whole kronor.
type Settlement struct {
	Entitlement  int64     `json:"entitlement"`
	FinalPayment int64     `json:"final_payment"`
	Repay        int64     `json:"repay"`
	By           string    `json:"by"`
	At           time.Time `json:"at"`
}

// Recovery is money claimed back. Proposed is the machine's sum, Amount the decided one.
type Recovery struct {
	Proposed   int64       `json:"proposed"`
	Cause      string      `json:"cause"` // no_report | settlement | annulled
	Amount     int64       `json:"amount"`
	DueOn      Date        `json:"due_on"`
	Reason     string      `json:"reason,omitempty"`
	DecidedBy  string      `json:"decided_by,omitempty"`
	DecidedAt  time.Time   `json:"decided_at"`
	Body       string      `json:"body,omitempty"`
	Plan       []ClaimPart `json:"plan,omitempty"` // instalments; none: all on DueOn
	Statement  *Statement  `json:"statement,omitempty"`
	Repayments []Repayment `json:"repayments,omitempty"`
	WriteOffs  []WriteOff  `json:"write_offs,omitempty"`
}

// Repayment is money that came back.
type Repayment struct {
	Amount    int64     `json:"amount"`
	On        Date      `json:"on"`
	Reference string    `json:"reference"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

// WriteOff is a claim given up.
type WriteOff struct {
	Amount int64     `json:"amount"`
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// Repaid is the sum that came back.
func (r *Recovery) Repaid() (sum int64) {
	if r == nil {
		return 0
	}
	for _, p := range r.Repayments {
		sum += p.Amount
	}
	return sum
}

// WrittenOff is the sum given up.
func (r *Recovery) WrittenOff() (sum int64) {
	if r == nil {
		return 0
	}
	for _, w := range r.WriteOffs {
		sum += w.Amount
	}
	return sum
}

// Open tells whether something is claimed, or proposed to be, and not yet back.
func (r *Recovery) Open() bool {
	if r == nil {
		return false
	}
	if r.DecidedAt.IsZero() {
		return r.Proposed > 0
	}
	return r.Repaid()+r.WrittenOff() < r.Amount
}

// Attachment is a file that belongs to the application; its bytes are elsewhere.
type Attachment struct {
	ID     int64     `json:"id"`
	Kind   string    `json:"kind"`
	Name   string    `json:"name"`
	Type   string    `json:"type"`
	Size   int64     `json:"size"`
	SHA256 string    `json:"sha256"`
	Scan   string    `json:"scan"` // clean | not_scanned | waiting | infected
	At     time.Time `json:"at"`
	By     int64     `json:"by"`
	// Consent is declared of a photo in a report: no pupil can be recognised
	// without a guardian's consent, and no name is seen (L17). Photos are never published.
	Consent *Consent `json:"consent,omitempty"`
}

// Consent is who declared it, and when.
type Consent struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// Photo tells whether the file is a picture in a report.
func (a Attachment) Photo() bool {
	return a.Kind == "report_evidence" && strings.HasPrefix(a.Type, "image/")
}

// Attachment kinds.
var AttachmentKinds = []string{"letter_of_intent", "programme", "risk_assessment", "payee_proof", "main_funder", "report_evidence", "other"}

// Document is a letter or receipt that the program made.
type Document struct {
	ID       int64     `json:"id"`
	Kind     string    `json:"kind"`
	Title    string    `json:"title"`
	Corrects int64     `json:"corrects,omitempty"`
	At       time.Time `json:"at"`
	SHA256   string    `json:"sha256"`
}

// LastRequested is the sum of the newest filed version, or of the draft before filing.
func (a Application) LastRequested() int64 {
	if len(a.Filed) == 0 {
		return num(a.Form.Requested)
	}
	if a.State == CompletionRequested {
		return num(a.Form.Requested)
	}
	return a.Filed[len(a.Filed)-1].Requested
}

// HighestRequested is the highest sum requested in any filed version.
func (a Application) HighestRequested() (sum int64) {
	for _, f := range a.Filed {
		sum = max(sum, f.Requested)
	}
	if len(a.Filed) == 0 {
		return num(a.Form.Requested)
	}
	return sum
}

// Has tells whether an attachment of the kind is there.
func (a Application) Has(kind string) bool {
	return slices.ContainsFunc(a.Attachments, func(x Attachment) bool { return x.Kind == kind && x.Scan != "infected" })
}

// InConflict tells whether the person has declared a conflict of interest in this case.
func (a Application) InConflict(person int64) bool {
	return slices.ContainsFunc(a.Interests, func(i Interest) bool { return i.Person == person && i.Conflict })
}

// Declared tells whether the person has declared anything.
func (a Application) Declared(person int64) bool {
	return slices.ContainsFunc(a.Interests, func(i Interest) bool { return i.Person == person })
}

// ReviewOf gives the person's own assessment, or nil.
func (a *Application) ReviewOf(person int64) *Review {
	for i := range a.Reviews {
		if a.Reviews[i].Person == person {
			return &a.Reviews[i]
		}
	}
	return nil
}

// ReviewsDone tells whether every assigned reviewer has handed in, and how many there are.
func (a Application) ReviewsDone() (all bool, n int) {
	for _, r := range a.Reviews {
		if r.Done() {
			n++
		}
	}
	return n > 0 && n == len(a.Reviews), n
}

// IsFiled tells whether the application has reached the municipality.
func (a Application) IsFiled() bool { return !a.ReceivedAt.IsZero() }

// ChangeOpen gives the change that waits for an answer, or nil.
func (a *Application) ChangeOpen() *Change {
	for i := range a.Changes {
		if a.Changes[i].Open() {
			return &a.Changes[i]
		}
	}
	return nil
}

// PaidOut is the sum of paid instalments, before anything came back.
func (a Application) PaidOut() (sum int64) {
	for _, p := range a.Payments {
		if p.Status == PayPaid {
			sum += p.Sum()
		}
	}
	return sum
}

// PaidNet is what the school has now: paid, less what came back.
func (a Application) PaidNet() int64 {
	net := a.PaidOut() - a.Recovery.Repaid()
	for _, r := range a.Recoveries {
		net -= r.Repaid()
	}
	return net
}

// propose puts a new claim forward; one that was decided before is kept beside it.
func (a *Application) propose(sum int64, cause string) {
	if a.Recovery != nil && !a.Recovery.DecidedAt.IsZero() {
		a.Recoveries = append(a.Recoveries, *a.Recovery)
	}
	a.Recovery = nil
	if sum > 0 {
		a.Recovery = &Recovery{Proposed: sum, Cause: cause}
	}
}

// Case is everything that Decide may look at: the application, its round with
// the rules in force, the school and the facts around it. It is read in one go.
type Case struct {
	App    Application
	Round  Round
	Scheme Scheme
	School *School
	Facts  Facts
	// Earlier is set for a grant from before this service; nil for every case of its own.
	Earlier *Earlier
}

// Facts are what other rows say about this case at this moment.
type Facts struct {
	Blocked      bool              `json:"blocked"`       // RF-12: the school, or the organisation, has an overdue report
	HeadConflict bool              `json:"head_conflict"` // every head of office is in conflict here
	Available    int64             `json:"available"`     // whole kronor left in the round's budget
	SchoolGrants int               `json:"school_grants"` // other granted applications of the school in the round (RF-08)
	PaidBefore   bool              `json:"paid_before"`   // another case of the school or organisation has been paid; told only while a report may be filed
	SpotSeed     string            `json:"-"`             // the secret of the round's spot checks, in hexadecimal; while a report may be filed
	People       map[string]Person `json:"people"`        // those that the command names, by address
	Conflicts    map[string]string `json:"conflicts"`     // of those, who may not handle the case, and why (computed)
	NextDNR      string            `json:"next_dnr"`      // the number that a filing gets
	Colleagues   int               `json:"colleagues"`    // other principals than the applicant at the school
	StateSince   time.Time         `json:"state_since"`   // when the case came into its present state
	Delegation   []DelegationItem  `json:"delegation"`    // the delegation order, every version of each item; when a decision is made
	Told         bool              `json:"told"`          // what the step that could be taken back led to has reached somebody outside
	MeetingHold  string            `json:"meeting_hold"`  // why the letters of the meeting that decides wait; when a decision is made
	Shown        bool              `json:"shown"`         // the applicant, or a principal of the school, has read the decision that could be taken back
}

// School is a school unit of the register.
type School struct {
	ID           int64  `json:"id"`
	Name         string `json:"name"`
	Slug         string `json:"slug"`
	UnitCode     string `json:"school_unit_code"`
	Level        string `json:"level"`
	Operator     string `json:"operator"` // kommunal | fristående | extern
	OperatorName string `json:"operator_name"`
	OperatorOrg  string `json:"operator_org_no"`
	Town         string `json:"town"`
	CostCentre   string `json:"cost_centre"`
	ActiveFrom   Date   `json:"active_from"`
	ActiveTo     Date   `json:"active_to"`
}

// Municipal tells whether the school is the municipality's own.
func (s *School) Municipal() bool { return s != nil && s.Operator == "kommunal" }

// Level gives the school form, or extern_aktor for an organisation.
func (c Case) Level() string {
	if c.School == nil {
		if c.App.OrgNo != "" || c.App.Form.Applicant.Organisation != "" {
			return "extern_aktor"
		}
		return ""
	}
	return c.School.Level
}
