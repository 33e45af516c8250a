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
	Child      string        `json:"child,omitempty"` // how the best interests of the child were weighed (2018:1197), where the letter's own words don't do
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
		Conditions: numbered(k.Conditions), Child: k.Child, By: t.by.Email, At: t.at}
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
		DeciderID: t.by.ID, DecidedAt: t.at, DelegationItem: k.DelegationItem, Meeting: k.Meeting, Conditions: numbered(k.Conditions), Child: k.Child}
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
	case day.Before(DateOf(t.App.Decision.DecidedAt)):
		t.fault(field, "before_decision")
	case day.After(t.today()):
		t.fault(field, "in_future")
	}
}

// RecordNotice notes the day of the notice on the board; the appeal days run from it (KL 13:5).
type RecordNotice struct {
	PostedOn Date `json:"posted_on"`
}

func (RecordNotice) Action() Action { return ActRecordNotice }

func (RecordNotice) guard(t *turn) error {
	if t.App.Decision == nil {
		return Refused{Code: "no_decision"}
	}
	return nil // the board may tell before the letter does
}

func (k *RecordNotice) check(t *turn) {
	t.sinceDecision("posted_on", k.PostedOn)
}

func (k *RecordNotice) apply(t *turn) {
	d := t.App.Decision
	d.NoticePostedOn, d.LastAppealDay = k.PostedOn, k.PostedOn.AddDays(t.Round.Rules.AppealDays)
	t.job(JobLegalForce, d.LastAppealDay.End(), "day", d.LastAppealDay.String())
	t.note("posted_on", k.PostedOn, "last_appeal_day", d.LastAppealDay)
}

// RecordAppeal registers a request for legality review with its arrival day (KL 13:6).
type RecordAppeal struct {
	ReceivedOn  Date   `json:"received_on"`
	Text        string `json:"text"`
	ForwardedOn Date   `json:"forwarded_on"` // to the court; may come later, with the same arrival day
}

func (RecordAppeal) Action() Action { return ActRecordAppeal }

func (RecordAppeal) guard(t *turn) error { return RecordNotice{}.guard(t) }

func (k *RecordAppeal) check(t *turn) {
	t.sinceDecision("received_on", k.ReceivedOn)
	switch on := k.ForwardedOn; {
	case on.IsZero():
	case on.After(t.today()):
		t.fault("forwarded_on", "in_future")
	case on.Before(k.ReceivedOn):
		t.fault("forwarded_on", "before_appeal")
	}
}

func (k *RecordAppeal) apply(t *turn) {
	last := t.App.Decision.LastAppealDay
	in := last.IsZero() || !k.ReceivedOn.After(last)
	if !k.ForwardedOn.IsZero() {
		t.note("forwarded_on", k.ForwardedOn)
	}
	if a := t.App.Appeal; in || a == nil || !a.InTime || a.Judgment != nil { // a late one does not push aside one that is being tried
		t.App.Appeal = &Appeal{ReceivedOn: k.ReceivedOn, Text: k.Text, InTime: in, ForwardedOn: k.ForwardedOn}
	}
	t.mail("other", "applicant", "officer")
	t.note("received_on", k.ReceivedOn, "in_time", in)
}

// RecordJudgment is the court's answer. An annulled decision is kept beside the
// case, which is handled again; what was paid becomes a proposed recovery.
type RecordJudgment struct {
	On      Date   `json:"on"`
	Outcome string `json:"outcome"`
}

func (RecordJudgment) Action() Action { return ActRecordJudgment }

func (RecordJudgment) guard(t *turn) error {
	if t.App.Appeal == nil || t.App.Appeal.Judgment != nil {
		return Refused{Code: "no_appeal"}
	}
	return t.told()
}

func (k *RecordJudgment) check(t *turn) {
	if !slices.Contains([]string{"upheld", "annulled", "dismissed"}, k.Outcome) {
		t.fault("outcome", "choice")
	}
	if k.On.IsZero() {
		t.fault("on", "required")
	} else if k.On.After(t.today()) {
		t.fault("on", "in_future")
	} else if k.On.Before(t.App.Appeal.ReceivedOn) {
		t.fault("on", "before_appeal")
	}
	if k.Outcome == "annulled" && t.underWay() {
		t.fault("outcome", "payment_under_way")
	}
}

func (k *RecordJudgment) next(t *turn) State {
	if k.Outcome == "annulled" {
		return UnderCheck
	}
	return t.from
}

func (k *RecordJudgment) apply(t *turn) {
	a := &t.App
	a.Appeal.Judgment = &Judgment{On: k.On, Outcome: k.Outcome}
	t.note("on", k.On, "outcome", k.Outcome)
	t.mail("other", "applicant", "officer")
	if k.Outcome != "annulled" {
		t.checkPayableLater()
		return
	}
	old := *a.Decision
	a.Annulled = append(a.Annulled, old)
	a.Decision, a.Proposal, a.Eligible = nil, nil, nil
	t.dropPlanned()
	if a.Report != nil {
		a.Reports, a.Report = append(a.Reports, *a.Report), nil
	}
	a.Settlement, a.Cancelled = nil, nil
	t.overtakeChange("annulled")
	a.propose(a.PaidNet(), "annulled")
}

// AcceptConditions is the school's yes to the decision's conditions; without it nothing is paid.
type AcceptConditions struct{}

func (AcceptConditions) Action() Action { return ActAcceptConditions }

func (AcceptConditions) guard(t *turn) error {
	if !t.App.Decision.Favourable() {
		return Refused{Code: "nothing_granted"}
	}
	return t.told()
}

func (AcceptConditions) apply(t *turn) {
	t.App.Decision.AcceptedAt = t.at
	t.checkPayableLater()
	if start, _, ok := t.App.Form.Activity.Days(); ok && !start.After(t.today()) { // the trip began before the answer came
		t.job(JobTravelStart, t.at, "start", start.String())
	}
}

// Decline is the school's no.
type Decline struct {
	Reason string `json:"reason"`
}

func (Decline) Action() Action { return ActDecline }

// guard: what is under way or paid under an annulled decision has to come back first.
func (Decline) guard(t *turn) error { return Lapse{}.guard(t) }

func (k *Decline) apply(t *turn) {
	t.note("reason", k.Reason)
	t.dropPlanned()
	t.overtakeChange("declined")
	t.mail("other", "officer")
}

// RuleCondition says whether one of the decision's own conditions is met.
type RuleCondition struct {
	Condition int    `json:"condition"`
	Met       *bool  `json:"met"`
	Note      string `json:"note"`
}

func (RuleCondition) Action() Action { return ActRuleCondition }

func (RuleCondition) guard(t *turn) error {
	if t.App.Decision == nil || len(t.App.Decision.Conditions) == 0 {
		return Refused{Code: "no_conditions"}
	}
	return nil
}

func (k *RuleCondition) check(t *turn) {
	if k.Condition < 1 || k.Condition > len(t.App.Decision.Conditions) {
		t.fault("condition", "range", "Min", 1, "Max", len(t.App.Decision.Conditions))
	}
	if k.Met == nil {
		t.fault("met", "required")
	}
}

func (k *RuleCondition) apply(t *turn) {
	c := &t.App.Decision.Conditions[k.Condition-1]
	c.Met, c.Note, c.By = k.Met, k.Note, t.by.Email
	t.note("condition", k.Condition, "met", *k.Met, "note", k.Note)
	t.checkPayableLater()
}

// Lapse ends an offer that was not accepted, or whose condition was not met. A person's word, never the machine's.
type Lapse struct {
	Reason string `json:"reason"`
}

func (Lapse) Action() Action { return ActLapse }

func (Lapse) guard(t *turn) error {
	if err := (AcceptConditions{}).guard(t); err != nil {
		return err
	}
	if t.underWay() || t.App.PaidNet() > 0 {
		return Refused{Code: "payment_under_way"}
	}
	return nil
}

func (k *Lapse) check(t *turn) { t.needText("reason", k.Reason) }

func (k *Lapse) apply(t *turn) {
	t.note("reason", k.Reason)
	t.dropPlanned()
	t.overtakeChange("lapsed")
	t.mail("other", "applicant", "principal")
}

// underWay tells whether an instalment is in a batch or on its way to the bank.
func (t *turn) underWay() bool {
	return slices.ContainsFunc(t.App.Payments, Payment.UnderWay)
}

// takeBack plans anew what the bank refused or sent back, so that it can be dropped or paid with the rest.
func (t *turn) takeBack() {
	for i := range t.App.Payments {
		if p := &t.App.Payments[i]; p.Failed() {
			p.Status = PayReplaced
			t.App.Payments = append(t.App.Payments, p.again())
		}
	}
}

// dropPlanned lets go of every planned instalment and frees its money.
func (t *turn) dropPlanned() {
	t.takeBack()
	for i := range t.App.Payments {
		p := &t.App.Payments[i]
		if p.Status == PayPlanned {
			p.Status = PayDropped
			t.move("released", AccReserved, AccAvailable, p.Sum())
		}
	}
}
