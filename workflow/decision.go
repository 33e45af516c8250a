package workflow

import (
	"fmt"
	"slices"
	"strings"
)

// Reasons are the coded reasons of decisions, refusals and recoveries (meta.reasons).
var Reasons = []string{"R-ELIG", "R-LATE", "R-INCOMPL", "R-FEE", "R-DOUBLE", "R-CAP", "R-COST", "R-QUAL", "R-FUNDER", "R-UNUSED", "R-CANCEL"}

// Propose is the officer's proposal to the decider.
type Propose struct {
	Outcome    string        `json:"outcome"`
	Amount     int64         `json:"amount"`
	Reasons    []string      `json:"reasons"`
	Text       string        `json:"text"`
	Conditions []ConditionIn `json:"conditions"`
	StateAid   string        `json:"state_aid_basis,omitempty" enum:"state_aid"` // on what ground the grant agrees with the rules on state aid; of an organisation's project only
	Child      string        `json:"child,omitempty"`                            // how the best interests of the child were weighed (2018:1197), where the letter's own words don't do
}

// ConditionIn is a condition as it is written in a proposal or decision.
type ConditionIn struct {
	Text  string `json:"text"`
	DueOn Date   `json:"due_on"`
}

func (Propose) Action() Action { return ActPropose }

// check: from under_check only refusals can be proposed, unless the scheme needs no assessment.
func (k *Propose) check(t *turn) {
	favourable := k.Outcome == Granted || k.Outcome == PartiallyGranted
	if t.App.State == UnderCheck && favourable && !t.Scheme.DirectProposal {
		t.fault("outcome", "not_assessed")
	}
	t.checkWords(k)
}

// checkWords judges what a proposal and a decision have in common. Granting more than max_grant is refused.
func (t *turn) checkWords(k *Propose) {
	switch k.Outcome {
	case Granted, PartiallyGranted:
		if k.Amount <= 0 {
			t.fault("amount", "positive")
		} else if most := Compute(t.Case, t.today()).MaxGrant; k.Amount > most {
			t.fault("amount", "over_max_grant", "Max", most)
		}
	case Rejected, Dismissed:
		if k.Amount != 0 {
			t.fault("amount", "zero")
		}
		if len(k.Reasons) == 0 { // a refusal says which rule it stands on (FL 32 §)
			t.fault("reasons", "need_reason")
		}
	default:
		t.fault("outcome", "choice")
	}
	for i, r := range k.Reasons {
		if !slices.Contains(Reasons, r) {
			t.fault(fmt.Sprintf("reasons[%d]", i), "choice")
		}
	}
	t.needText("text", k.Text)
	t.noPersonalNumber("child", k.Child)
	if k.StateAid != "" && (!t.Scheme.NotesStateAid() || !slices.Contains(StateAidBases, k.StateAid)) {
		t.fault("state_aid_basis", "choice")
	}
	for i, c := range k.Conditions {
		t.needText(fmt.Sprintf("conditions[%d].text", i), c.Text)
	}
}

func numbered(in []ConditionIn) []Condition {
	out := []Condition{}
	for i, c := range in {
		out = append(out, Condition{N: i + 1, Text: c.Text, DueOn: c.DueOn})
	}
	return out
}

func (k *Propose) apply(t *turn) {
	t.App.Proposal = &Proposal{Outcome: k.Outcome, Amount: k.Amount, Reasons: list(k.Reasons), Text: k.Text,
		Conditions: numbered(k.Conditions), StateAid: k.StateAid, Child: k.Child, By: t.by.Email, At: t.at}
	t.note("outcome", k.Outcome, "amount", k.Amount, "reasons", list(k.Reasons))
	t.mail("other", "decider")
}

func list[T any](v []T) []T {
	if v == nil {
		return []T{}
	}
	return v
}

// DecideGrant is the decision: by the head on delegation, or recorded by the
// secretary for the committee or the board. Always a human's (KL 6:38).
type DecideGrant struct {
	Propose
	DelegationItem string   `json:"delegation_item"`
	Meeting        *Meeting `json:"meeting"`
	HoldLetter     string   `json:"hold_letter,omitempty"` // why the letter waits, so that the decision can still be taken back; empty: it goes as the meeting's or the round's do
}

func (DecideGrant) Action() Action { return ActDecide }

// may: the level follows RF-17.
func (DecideGrant) may(t *turn) error { return t.decides(t.DecisionBody()) }

// decides refuses somebody who does not decide at this level.
func (t *turn) decides(body string) error {
	if body == Delegate && t.by.Is(Head) || body != Delegate && t.by.Is(Secretary) {
		return nil
	}
	return Forbidden{Code: "level", Args: map[string]any{"Body": body}}
}

// guard: no decision while the school has an overdue report (RF-12).
func (DecideGrant) guard(t *turn) error {
	if t.Facts.Blocked {
		return Refused{Code: "blocked"}
	}
	return nil
}

func (k *DecideGrant) check(t *turn) {
	t.checkWords(&k.Propose)
	t.noPersonalNumber("hold_letter", k.HoldLetter)
	if t.DecisionBody() == Delegate {
		t.checkItem(k)
	} else {
		t.checkMeeting(k.Meeting)
	}
	if k.Outcome == Granted || k.Outcome == PartiallyGranted {
		if limit := t.Round.Rules.GrantsPerSchool; limit > 0 && t.App.SchoolID != 0 && t.Facts.SchoolGrants >= limit {
			t.ruleFault("RF-08", "outcome", "grants_per_school", "Count", limit)
		}
		if k.Amount-t.App.PaidNet() > t.Facts.Available { // money of an annulled decision that is still out is not taken twice
			t.fault("amount", "over_budget", "Left", max(0, t.Facts.Available))
		}
	}
}

func (t *turn) checkMeeting(m *Meeting) {
	if m == nil {
		t.ruleFault("RF-17", "meeting", "required")
		return
	}
	if m.Date.IsZero() {
		t.fault("meeting.date", "required")
	} else if m.Date.After(t.today()) {
		t.fault("meeting.date", "in_future")
	}
	for i, r := range m.Reservations {
		at := fmt.Sprintf("meeting.reservations[%d]", i)
		t.needText(at, r)
	}
	if m.Urgent == nil {
		if strings.TrimSpace(m.ItemNo) == "" {
			t.fault("meeting.item_no", "required")
		}
		if n := m.Paragraph(); n > 0 && slices.Contains(t.Facts.ItemsTaken, n) {
			t.fault("meeting.item_no", "item_taken", "Item", fmt.Sprintf("§ %d", n))
		}
		return
	}
	t.needText("meeting.urgent.chair", m.Urgent.Chair)
	t.needText("meeting.urgent.reason", m.Urgent.Reason)
	if slices.Contains(m.Conflicted, m.Urgent.Chair) {
		t.fault("meeting.urgent.chair", "chair_conflicted")
	}
}

func (k *DecideGrant) apply(t *turn) {
	body := t.DecisionBody()
	d := &Decision{Outcome: k.Outcome, Granted: k.Amount, Body: body, Reasons: list(k.Reasons), Text: k.Text, DecidedBy: t.by.Email,
		DeciderID: t.by.ID, DecidedAt: t.at, DelegationItem: k.DelegationItem, Meeting: k.Meeting, Conditions: numbered(k.Conditions), StateAid: k.StateAid, Child: k.Child}
	if d.Meeting != nil {
		d.Meeting.Present, d.Meeting.Conflicted = list(d.Meeting.Present), list(d.Meeting.Conflicted)
	}
	t.App.Decision = d
	t.note("outcome", d.Outcome, "granted", d.Granted, "body", body, "reasons", d.Reasons)
	if d.Meeting.Alone() {
		t.note("urgent", true)
	}
	t.holdOrTell(k.HoldLetter)
	if !d.Favourable() {
		return
	}
	start, _, _ := t.App.Form.Activity.Days()
	out := t.App.PaidNet() // money of an annulled decision that is still with the school
	left := d.Granted - out
	if r := t.App.Recovery; r != nil && r.DecidedAt.IsZero() && r.Cause == "annulled" {
		t.App.propose(out-d.Granted, "annulled") // only what is more than the new grant is claimed
	}
	if left > 0 {
		t.App.Payments = append(t.App.Payments, Plan(left, start, Channel(t.Case), len(t.App.Payments)+1, t.Round.Rules)...)
	}
	t.move("granted", AccAvailable, AccReserved, max(0, left))
	for _, c := range d.Conditions {
		if !c.DueOn.IsZero() {
			t.job(JobConditionDue, c.DueOn.End(), "n", c.N)
		}
	}
	t.travelJobs()
}

// travelJobs sets off what the days of travel lead to: the advice is checked,
// the trip begins and ends, the report is due and reminded of (RF-19, RF-22).
// Each handler looks again whether its day still holds.
func (t *turn) travelJobs() {
	start, end, ok := t.App.Form.Activity.Days()
	if !ok {
		return
	}
	r := t.Round.Rules
	for _, days := range r.AdvisoryDaysBefore {
		if day := start.AddDays(-days).At(7, 0); day.After(t.at) {
			t.job(JobAdvisoryReminder, day, "days", days, "start", start.String())
		}
	}
	t.job(JobTravelStart, start.Start(), "start", start.String())
	t.job(JobTravelEnd, end.End(), "end", end.String())
	t.reportJobs()
	t.checkPayableLater()
}

// checkPayableLater looks at the instalments now and on each one's earliest day.
func (t *turn) checkPayableLater() {
	t.job(JobCheckPayable, t.at)
	for _, p := range t.App.Payments {
		if p.Status == PayPlanned && !p.Earliest.IsZero() && p.Earliest.Start().After(t.at) {
			t.job(JobCheckPayable, p.Earliest.Start())
		}
	}
	if day := t.App.Account.ChangedOn; !day.IsZero() {
		if free := AddBankDays(day, t.Round.Rules.AccountCoolOffDays).Start(); free.After(t.at) {
			t.job(JobCheckPayable, free)
		}
	}
}

// RemitBack sends the proposal back for more preparation (återremiss). Reviews
// and consensus are kept; eligibility is ruled again.
type RemitBack struct {
	Reason      string `json:"reason"`
	MeetingDate Date   `json:"meeting_date"` // the meeting that sent it back; its minutes say so
}

func (RemitBack) Action() Action { return ActRemitBack }

func (RemitBack) may(t *turn) error { return t.decides(t.DecisionBody()) }

func (k *RemitBack) check(t *turn) {
	t.needText("reason", k.Reason)
	if k.MeetingDate.After(t.today()) {
		t.fault("meeting_date", "in_future")
	}
}

func (k *RemitBack) apply(t *turn) {
	t.note("body", t.DecisionBody())
	if !k.MeetingDate.IsZero() {
		t.note("meeting_date", k.MeetingDate)
	}
	t.App.Proposal, t.App.Eligible = nil, nil
	t.mail("other", "officer")
	t.note("reason", k.Reason)
}

// Correct mends an obvious slip by a linked document; the original stays (FL 36 §).
type Correct struct {
	Was    string `json:"was"`
	Is     string `json:"is"`
	Reason string `json:"reason"`
}

func (Correct) Action() Action { return ActCorrect }

func (Correct) guard(t *turn) error {
	if t.App.Decision == nil {
		return Refused{Code: "no_decision"}
	}
	return t.told()
}

func (k *Correct) check(t *turn) {
	t.needText("was", k.Was)
	t.needText("is", k.Is)
	t.needText("reason", k.Reason)
}

func (k *Correct) apply(t *turn) {
	n := len(t.App.Corrections) + 1
	t.App.Corrections = append(t.App.Corrections, Correction{N: n, Was: k.Was, Is: k.Is, Reason: k.Reason, By: t.by.Email, At: t.at})
	t.job(JobCorrectionLetter, t.at, "n", n)
	t.mail("other", "applicant")
	t.note("was", k.Was, "is", k.Is, "reason", k.Reason)
}

// sinceDecision wants a day from the decision's to today.
func (t *turn) sinceDecision(field string, day Date) {
	switch {
	case day.IsZero():
		t.fault(field, "required")
	case day.Before(t.App.Decision.Day()):
		t.fault(field, "before_decision")
	case day.After(t.today()):
		t.fault(field, "in_future")
	}
}
