package workflow

import (
	"strconv"
	"strings"
	"time"
)

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

// StateAidBases are the grounds on which a grant agrees with the rules on state aid: it
// is none, it is below the sum that counts ((EU) 2023/2831), or it is of a kind that need
// not be notified ((EU) 651/2014).
var StateAidBases = []string{"not_aid", "de_minimis", "block_exemption"}

// Proposal is the officer's draft for the decider.
type Proposal struct {
	Outcome    string      `json:"outcome"`
	Amount     int64       `json:"amount"`
	Reasons    []string    `json:"reasons"`
	Text       string      `json:"text"`
	Conditions []Condition `json:"conditions"`
	StateAid   string      `json:"state_aid_basis,omitempty"`
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

// Paragraph is the number of the paragraph, however it was typed; 0 where it has none.
func (m *Meeting) Paragraph() int {
	n, err := strconv.Atoi(strings.TrimLeft(strings.TrimSpace(m.ItemNo), "§ \u00a0"))
	if err != nil {
		return 0
	}
	return n
}

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
	StateAid       string      `json:"state_aid_basis,omitempty"`
	Child          string      `json:"child,omitempty"`
	NoticePostedOn Date        `json:"notice_posted_on"`
	LastAppealDay  Date        `json:"last_appeal_day"`
	AcceptedAt     time.Time   `json:"accepted_at"`
}

// Favourable tells whether money was granted.
func (d *Decision) Favourable() bool {
	return d != nil && (d.Outcome == Granted || d.Outcome == PartiallyGranted)
}

// Day is the day of the decision: the meeting's where one made it, which may be
// noted here days later, else the day on which it was made here.
func (d *Decision) Day() Date {
	made := DateOf(d.DecidedAt)
	if d.Meeting != nil && !d.Meeting.Date.IsZero() && d.Meeting.Date.Before(made) {
		return d.Meeting.Date
	}
	return made
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
