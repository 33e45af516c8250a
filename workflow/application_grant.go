package workflow

import (
	"time"

	"fund/workflow/money"
)

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
	Was       RawObject `json:"was,omitempty"` // what an approved change took the place of, as a merge patch
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
	Meeting   *Meeting  `json:"meeting,omitempty"` // where a body answered it
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
	MandatoryFee       *bool             `json:"mandatory_fee,omitempty"`           // a pupil had to pay (RF-11); nil: not answered
	Texts              map[string]string `json:"texts,omitempty"`
	Goals              []GoalResult      `json:"goals,omitempty"`
	Publish            bool              `json:"publish"`
	SubmittedAt        time.Time         `json:"submitted_at"`
	FirstSubmittedAt   time.Time         `json:"first_submitted_at"`
	Approval           *Approval         `json:"approval,omitempty"`
	ApprovedBefore     *Approval         `json:"approved_before,omitempty"` // the word that the return took away; it holds where no answer came
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
	Cause      string      `json:"cause"` // no_report | report_unanswered | settlement | annulled
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
	// Returned is what the bank sent back of the payments that the claim is about, so that nobody has it to repay.
	Returned int64 `json:"returned,omitempty"`
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
	return r.Left() > 0
}

// Left is what is still claimed: neither repaid, nor given up, nor sent back by the bank.
func (r *Recovery) Left() int64 {
	if r == nil || r.DecidedAt.IsZero() {
		return 0
	}
	return r.Amount - r.Repaid() - r.WrittenOff() - r.Returned
}

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

// StillOut is what the books hold as paid in the case: what the school has, less what was given up.
func (a Application) StillOut() int64 {
	out := a.PaidNet() - a.Recovery.WrittenOff()
	for _, r := range a.Recoveries {
		out -= r.WrittenOff()
	}
	return out
}

// propose puts a new claim forward; one that was decided before is kept beside it.
func (a *Application) propose(sum int64, cause string) {
	if a.Recovery != nil && !a.Recovery.DecidedAt.IsZero() {
		a.Recoveries = append(a.Recoveries, *a.Recovery)
	}
	a.Recovery = nil
	if sum = min(sum, a.StillOut()); sum > 0 { // what was given up is not claimed again
		a.Recovery = &Recovery{Proposed: sum, Cause: cause}
	}
}
