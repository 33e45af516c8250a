package workflow

import (
	"encoding/json"
	"fmt"
	"slices"
)

// RequestChange asks for other dates, another partner, other numbers … before it happens (RF-20).
type RequestChange struct {
	Type     string    `json:"type"`
	Proposed RawObject `json:"proposed"`
	Cause    string    `json:"cause"`
	Reason   string    `json:"reason"`
}

func (RequestChange) Action() Action { return ActRequestChange }

func (RequestChange) guard(t *turn) error {
	if !t.App.Decision.Favourable() {
		return Refused{Code: "nothing_granted"}
	}
	if t.App.ChangeOpen() != nil {
		return Refused{Code: "change_open"}
	}
	if t.App.Cancelled != nil {
		return Refused{Code: "cancelled"}
	}
	return nil
}

// changeable are the parts of the form that a change may touch. What is asked
// for, by whom and in which round never changes after the decision.
var changeable = []string{"activity", "partner", "participants", "text", "budget", "funding", "voluntary"}

// ChangeTypes lists what a change may be called.
var ChangeTypes = []string{"dates", "partner", "country", "participants", "staff", "programme", "budget"}

func (k *RequestChange) check(t *turn) {
	if !slices.Contains(ChangeTypes, k.Type) {
		t.fault("type", "choice")
	}
	if !slices.Contains([]string{"own", "outside"}, k.Cause) {
		t.fault("cause", "choice")
	}
	t.needText("reason", k.Reason)
	paths := PatchedFields(k.Proposed)
	if len(paths) == 0 {
		t.fault("proposed", "required")
		return
	}
	for _, path := range paths {
		if !slices.ContainsFunc(changeable, func(f string) bool { return under(path, f) }) {
			t.fault("proposed."+path, "not_this_change")
		}
	}
	form, v := MergePatch(t.App.Form, k.Proposed)
	for _, x := range v {
		t.fault("proposed."+x.Field, x.Code)
	}
	if len(v) > 0 {
		return
	}
	after := t.Case
	after.App.Form = form
	for _, x := range after.stops() {
		if slices.ContainsFunc(paths, func(p string) bool { return under(x.Field, p) || under(p, x.Field) }) {
			x.Field = "proposed." + x.Field
			t.faults = append(t.faults, x)
		}
	}
}

func (k *RequestChange) apply(t *turn) {
	form, _ := MergePatch(t.App.Form, k.Proposed)
	c := Change{N: len(t.App.Changes) + 1, Type: k.Type, Proposed: k.Proposed, Cause: k.Cause, Reason: k.Reason, AskedAt: t.at}
	c.ShiftDays = shift(t.App.Form, form)
	c.Level = t.changeLevel(form)
	t.App.Changes = append(t.App.Changes, c)
	t.mail("other", "officer")
	if c.Level != ByItself {
		t.mail("other", "decider")
	}
	t.note("n", c.N, "type", k.Type, "proposed", json.RawMessage(k.Proposed), "level", c.Level)
}

// shift is how many days the trip moves: its first day, or the last where only that moves. Nil: it doesn't.
func shift(before, after Form) *int {
	s1, e1, ok1 := before.Activity.Days()
	s2, e2, ok2 := after.Activity.Days()
	if !ok1 || !ok2 || s1 == s2 && e1 == e2 {
		return nil
	}
	days := s1.DaysUntil(s2)
	if days == 0 {
		days = e1.DaysUntil(e2)
	}
	return &days
}

// changeLevel says who decides a change (RF-20): the officer small ones, the
// decider everything else. It looks at what is changed, not at what it is called.
func (c Case) changeLevel(after Form) string {
	before, r := c.App.Form, c.Round.Rules
	up := c.App.Decision.Body
	if days := shift(before, after); days != nil {
		s1, e1, _ := before.Activity.Days()
		s2, e2, _ := after.Activity.Days()
		moved := max(abs(s1.DaysUntil(s2)), abs(e1.DaysUntil(e2)))
		from, to := c.Round.TripFrom, c.Round.TripTo
		if moved > r.ChangeOfficerDays || !from.IsZero() && s2.Before(from) || !to.IsZero() && s2.After(to) {
			return up
		}
	}
	if before.Partner != after.Partner || before.Activity.Type != after.Activity.Type {
		return up
	}
	if p := num(before.Participants.Pupils); p > 0 && !r.ChangePupilDrop.AtMost(p-num(after.Participants.Pupils), p) {
		return up
	}
	if p := num(before.Participants.VisitingPupils); p > 0 && !r.ChangePupilDrop.AtMost(p-num(after.Participants.VisitingPupils), p) {
		return up
	}
	if !r.ChangeLineShare.AtMost(movedBetweenLines(before, after), before.TotalCost()) {
		return up
	}
	return ByItself
}

// movedBetweenLines is the money that lines gain: what one line loses another gains.
func movedBetweenLines(before, after Form) int64 {
	was := map[int64]int64{}
	for _, l := range before.Lines() {
		was[l.Line] += l.Sum()
	}
	var gained, lost int64
	for _, l := range after.Lines() {
		if d := l.Sum() - was[l.Line]; d > 0 {
			gained += d
		} else {
			lost -= d
		}
		delete(was, l.Line)
	}
	for _, left := range was {
		lost += left
	}
	return max(gained, lost)
}

func abs(n int) int { return max(n, -n) }

// DecideChange answers a change. Never a higher sum.
type DecideChange struct {
	Outcome string `json:"outcome"`
	Reason  string `json:"reason"`
}

func (DecideChange) Action() Action { return ActDecideChange }

func (DecideChange) guard(t *turn) error {
	if t.App.ChangeOpen() == nil {
		return Refused{Code: "no_change"}
	}
	return nil
}

// may: the officer decides small changes; who decided the grant decides the others, and may decide the small ones.
func (DecideChange) may(t *turn) error {
	c := t.App.ChangeOpen()
	if c == nil || t.App.Decision == nil {
		return nil
	}
	if c.Level == ByItself && t.by.Is(Officer) {
		return nil
	}
	return t.decides(t.App.Decision.Body)
}

func (k *DecideChange) check(t *turn) {
	if k.Outcome != "approved" && k.Outcome != "refused" {
		t.fault("outcome", "choice")
	}
	t.needText("reason", k.Reason)
}

func (k *DecideChange) apply(t *turn) {
	c := t.App.ChangeOpen()
	c.Outcome, c.Answer, c.Decider, c.DecidedAt, c.DecidedBy = k.Outcome, k.Reason, t.by.Email, t.at, t.App.Decision.Body
	if c.Level == ByItself && t.by.Is(Officer) {
		c.DecidedBy = ByItself
	}
	t.note("n", c.N, "outcome", k.Outcome, "reason", k.Reason, "decided_by", c.DecidedBy)
	t.mail("change_decided", "applicant", "principal")
	if k.Outcome == "approved" {
		before := t.App.Form.Activity
		t.App.Form, _ = MergePatch(t.App.Form, c.Proposed)
		if before.Start != t.App.Form.Activity.Start || before.End != t.App.Form.Activity.End {
			t.moveEarliest()
			t.travelJobs()
		}
	}
	t.checkPayableLater()
}

// moveEarliest counts the earliest day of what is still planned from the new first day; a paid instalment keeps its day.
func (t *turn) moveEarliest() {
	start, _, ok := t.App.Form.Activity.Days()
	for i := range t.App.Payments {
		if p := &t.App.Payments[i]; ok && !p.Earliest.IsZero() && (p.Status == PayPlanned || p.Failed()) {
			p.Earliest = start.AddDays(-t.Round.Rules.EarliestPaymentDays)
		}
	}
}

// ReportCancellation tells that the trip does not happen, and again when the papers have come (RF-21).
type ReportCancellation struct {
	Cause           string `json:"cause"`
	UnavoidableCost int64  `json:"unavoidable_cost"`
	Refunds         int64  `json:"refunds"`
	Reason          string `json:"reason"`
}

func (ReportCancellation) Action() Action { return ActReportCancellation }

func (k *ReportCancellation) check(t *turn) {
	if !slices.Contains([]string{"own", "outside"}, k.Cause) {
		t.fault("cause", "choice")
	}
	if k.UnavoidableCost < 0 {
		t.fault("unavoidable_cost", "negative")
	}
	if k.Refunds < 0 {
		t.fault("refunds", "negative")
	}
	t.needText("reason", k.Reason)
}

func (k *ReportCancellation) apply(t *turn) {
	t.App.Cancelled = &Cancellation{Cause: k.Cause, UnavoidableCost: k.UnavoidableCost, Refunds: k.Refunds, Reason: k.Reason, At: t.at}
	if c := t.App.ChangeOpen(); c != nil {
		c.Outcome, c.Answer, c.DecidedAt = "refused", "cancelled", t.at
	}
	t.mail("other", "officer")
	t.note("cause", k.Cause, "unavoidable_cost", k.UnavoidableCost, "refunds", k.Refunds, "reason", k.Reason)
}

// StartTravel is the machine on the first day of travel.
type StartTravel struct{}

func (StartTravel) Action() Action { return ActStartTravel }

func (StartTravel) guard(t *turn) error {
	start, _, ok := t.App.Form.Activity.Days()
	if !ok || t.today().Before(start) || t.App.Cancelled != nil {
		return Refused{Code: "not_yet"}
	}
	return nil
}

// EndTravel is the machine on the day after the last.
type EndTravel struct{}

func (EndTravel) Action() Action { return ActEndTravel }

func (EndTravel) guard(t *turn) error {
	_, end, ok := t.App.Form.Activity.Days()
	if !ok || !t.today().After(end) || t.App.Cancelled != nil {
		return Refused{Code: "not_yet"}
	}
	return nil
}

func (EndTravel) apply(t *turn) { t.mail("other", "applicant") }

// SubmitReport files the school's report: counts, costs and texts, never names (RF-22, RF-25).
type SubmitReport struct {
	Pupils             *int64            `json:"pupils"`
	Staff              *int64            `json:"staff"`
	Start              Date              `json:"start"`
	End                Date              `json:"end"`
	Actual             []ActualLine      `json:"actual"`
	ActualEligibleCost *int64            `json:"actual_eligible_cost"`
	ExternalReceived   int64             `json:"external_grants_received"`
	Texts              map[string]string `json:"texts"`
	Goals              []GoalResult      `json:"goals,omitempty"`
	Publish            bool              `json:"publish"`
}

func (SubmitReport) Action() Action { return ActSubmitReport }

// guard: while travelling only after the last day, and not for a trip that was cancelled.
func (SubmitReport) guard(t *turn) error {
	if t.App.Cancelled != nil {
		return Refused{Code: "cancelled"}
	}
	if _, end, ok := t.App.Form.Activity.Days(); t.App.State == Travelling && ok && !t.today().After(end) {
		return Refused{Code: "still_travelling"}
	}
	return nil
}

func (k *SubmitReport) check(t *turn) {
	count := func(field string, v *int64) {
		if v == nil {
			t.fault(field, "required")
		} else if *v < 0 {
			t.fault(field, "negative")
		}
	}
	count("pupils", k.Pupils)
	count("staff", k.Staff)
	switch {
	case k.Start.IsZero():
		t.fault("start", "required")
	case k.End.IsZero():
		t.fault("end", "required")
	case k.End.Before(k.Start):
		t.fault("end", "dates_order")
	case k.End.After(t.today()):
		t.fault("end", "in_future")
	}
	if len(k.Actual) == 0 && k.ActualEligibleCost == nil {
		t.fault("actual", "required")
	}
	if k.ActualEligibleCost != nil && *k.ActualEligibleCost < 0 {
		t.fault("actual_eligible_cost", "negative")
	}
	lines := t.App.Form.Lines()
	for i, a := range k.Actual {
		if !slices.ContainsFunc(lines, func(l BudgetLine) bool { return l.Line == a.Line }) {
			t.fault(fmt.Sprintf("actual[%d].line", i), "unknown_line", "Line", a.Line)
		}
		if a.Amount < 0 {
			t.fault(fmt.Sprintf("actual[%d].amount", i), "negative")
		}
	}
	if k.ExternalReceived < 0 {
		t.fault("external_grants_received", "negative")
	}
	for name, text := range k.Texts {
		t.noPersonalNumber("texts."+name, text)
	}
	k.checkGoals(t)
}

// checkGoals refuses answers to goals that the application does not have, and answers of no known kind.
func (k *SubmitReport) checkGoals(t *turn) {
	for i, g := range k.Goals {
		at := fmt.Sprintf("goals[%d].", i)
		if g.Goal < 1 || g.Goal > int64(len(t.App.Form.Text.Goals)) {
			t.fault(at+"goal", "unknown_line", "Line", g.Goal)
		}
		if !slices.Contains([]string{ReachedFull, ReachedPartly, ReachedNot}, g.Reached) {
			t.fault(at+"reached", "choice")
		}
		t.noPersonalNumber(at+"text", g.Text)
	}
}

func (k *SubmitReport) apply(t *turn) {
	a := &t.App
	first := t.at
	if a.Report != nil {
		first = a.Report.FirstSubmittedAt
		a.Reports = append(a.Reports, *a.Report)
	}
	a.Report = &Report{Pupils: *k.Pupils, Staff: *k.Staff, Start: k.Start, End: k.End, Actual: k.Actual, ActualEligibleCost: k.ActualEligibleCost,
		ExternalReceived: k.ExternalReceived, Texts: k.Texts, Goals: k.Goals, Publish: k.Publish, SubmittedAt: t.at, FirstSubmittedAt: first}
	if r := a.Recovery; r != nil && r.DecidedAt.IsZero() && r.Cause == "no_report" {
		a.Recovery = nil // the report came after all: nothing to recover for its lack
	}
	if t.Scheme.NeedsPrincipal {
		t.mail("principal_asked", "principal")
	}
	t.mail("other", "officer")
	t.note("pupils", *k.Pupils, "staff", *k.Staff)
}

// ReturnReport sends the report back with points to mend.
type ReturnReport struct {
	Points []Point `json:"points"`
	DueOn  Date    `json:"due_on"`
}

func (ReturnReport) Action() Action { return ActReturnReport }

func (k *ReturnReport) check(t *turn) {
	if len(k.Points) == 0 {
		t.fault("points", "required")
	}
	for i, p := range k.Points {
		t.needText(fmt.Sprintf("points[%d].text", i), p.Text)
	}
	if !k.DueOn.IsZero() && k.DueOn.Before(t.today()) {
		t.fault("due_on", "in_past")
	}
}

func (k *ReturnReport) apply(t *turn) {
	r := t.App.Report
	r.ReturnedPoints, r.ReturnedAt, r.ReturnDueOn, r.Approval = k.Points, t.at, k.DueOn, nil
	if r.ReturnDueOn.IsZero() {
		r.ReturnDueOn = t.today().AddDays(t.Round.Rules.ReportReturnDays)
	}
	t.job(JobBlockSchool, r.ReturnDueOn.AddDays(t.Round.Rules.BlockAfterDays).Start(), "due", r.ReturnDueOn.String())
	t.mail("report_returned", "applicant", "principal")
	t.note("points", k.Points, "due_on", r.ReturnDueOn)
}

// AcceptReport accepts the report, perhaps with a remark and costs that are not accepted.
type AcceptReport struct {
	Remark     string           `json:"remark"`
	Disallowed []DisallowedLine `json:"disallowed"`
}

func (AcceptReport) Action() Action { return ActAcceptReport }

// guard: the principal answers for the money of the report.
func (AcceptReport) guard(t *turn) error {
	if t.Scheme.NeedsPrincipal && t.App.Report.Approval == nil {
		return Refused{Code: "report_unapproved"}
	}
	return nil
}

func (k *AcceptReport) check(t *turn) {
	lines := t.App.Form.Lines()
	for i, d := range k.Disallowed {
		if !slices.ContainsFunc(lines, func(l BudgetLine) bool { return l.Line == d.Line }) {
			t.fault(fmt.Sprintf("disallowed[%d].line", i), "unknown_line", "Line", d.Line)
		}
		if d.Amount < 0 {
			t.fault(fmt.Sprintf("disallowed[%d].amount", i), "negative")
		}
		t.needText(fmt.Sprintf("disallowed[%d].reason", i), d.Reason)
	}
}

func (k *AcceptReport) apply(t *turn) {
	r := t.App.Report
	r.AcceptedAt, r.Remark, r.Disallowed = t.at, k.Remark, k.Disallowed
	if t.App.SchoolID != 0 {
		t.job(JobRecheckSchool, t.at, "school", t.App.SchoolID)
	}
	t.note("remark", k.Remark, "disallowed", k.Disallowed)
}

// Settle fixes what the school may keep (RF-23, or RF-21 for a cancelled trip).
// The last instalment then pays the rest; with nothing left to pay it is dropped.
type Settle struct{}

func (Settle) Action() Action { return ActSettle }

func (Settle) guard(t *turn) error {
	if t.App.State != ReportAccepted && t.App.Cancelled == nil {
		return WrongState{State: t.App.State, Action: ActSettle}
	}
	if t.underWay() {
		return Refused{Code: "payment_under_way"}
	}
	if t.App.ChangeOpen() != nil {
		return Refused{Code: "change_open"}
	}
	return nil
}

func (Settle) apply(t *turn) {
	s := t.settlement()
	s.By, s.At = t.by.Email, t.at
	t.App.Settlement = &s
	t.payRest(s.FinalPayment)
	if s.Repay > 0 {
		t.App.propose(s.Repay, "settlement")
	}
	t.checkPayableLater()
	t.job(JobRecheckSchool, t.at, "school", t.App.SchoolID)
	t.note("entitlement", s.Entitlement, "final_payment", s.FinalPayment, "repay", s.Repay)
}

// settlement is what Settle would fix now.
func (t *turn) settlement() Settlement { return SettlementNow(t.Case) }

// SettlementNow gives the settlement as it would be made now, for showing it before.
func SettlementNow(c Case) Settlement {
	if c.App.Cancelled != nil {
		return settle(c.App, Cancel(c).Entitlement, 0)
	}
	return SettleReport(c)
}

// payRest lets the last planned instalment pay the rest and drops the others.
func (t *turn) payRest(rest int64) {
	t.takeBack()
	last := -1
	for i, p := range t.App.Payments {
		if p.Status == PayPlanned {
			last = i
		}
	}
	for i := range t.App.Payments {
		p := &t.App.Payments[i]
		if p.Status != PayPlanned {
			continue
		}
		if i != last || rest == 0 {
			p.Status = PayDropped
			t.move("released", AccReserved, AccAvailable, p.Sum())
			continue
		}
		if d := p.Sum() - rest; d >= 0 {
			t.move("released", AccReserved, AccAvailable, d)
		} else {
			t.move("granted", AccAvailable, AccReserved, -d)
		}
		p.Pay, p.Earliest, p.Last = &rest, Date{}, true
	}
}

// ProposeRecovery is the machine's proposal when no report came (RF-22). It claims nothing.
type ProposeRecovery struct{}

func (ProposeRecovery) Action() Action { return ActProposeRecovery }

func (ProposeRecovery) guard(t *turn) error {
	_, end, ok := t.App.Form.Activity.Days()
	r := t.Round.Rules
	if !ok || t.App.Recovery != nil || t.App.Report != nil || t.App.PaidNet() <= 0 || t.App.Cancelled != nil ||
		t.today().Before(end.AddDays(r.ReportDays+r.RecoveryAfterDays)) {
		return Refused{Code: "not_yet"}
	}
	return nil
}

func (ProposeRecovery) apply(t *turn) {
	t.App.Recovery = &Recovery{Proposed: t.App.PaidNet(), Cause: "no_report"}
	t.mail("other", "officer", "decider")
	t.note("proposed", t.App.Recovery.Proposed)
}

// DecideRecovery claims money back, at the level of the amount (RF-17).
type DecideRecovery struct {
	Amount int64  `json:"amount"`
	DueOn  Date   `json:"due_on"`
	Reason string `json:"reason"`
}

func (DecideRecovery) Action() Action { return ActDecideRecovery }

func (DecideRecovery) guard(t *turn) error {
	if r := t.App.Recovery; r == nil || r.Proposed == 0 || !r.DecidedAt.IsZero() {
		return Refused{Code: "no_recovery"}
	}
	if t.App.State == ReportDue && t.underWay() {
		return Refused{Code: "payment_under_way"}
	}
	return nil
}

// may: before the body is known the proposed sum tells the level, then the decided one.
func (k *DecideRecovery) may(t *turn) error {
	if r := t.App.Recovery; t.App.State != Settled && (r == nil || r.Proposed == 0) {
		return WrongState{State: t.App.State, Action: ActDecideRecovery}
	}
	sum := k.Amount
	if t.App.Recovery != nil {
		sum = max(sum, t.App.Recovery.Proposed*int64(boolInt(!t.body)))
	}
	return t.decides(t.bodyFor(sum))
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (k *DecideRecovery) check(t *turn) {
	if k.Amount <= 0 {
		t.fault("amount", "positive")
	} else if paid := t.App.PaidNet(); k.Amount > paid {
		t.fault("amount", "over_paid", "Max", paid)
	}
	if k.DueOn.IsZero() {
		t.fault("due_on", "required")
	} else if k.DueOn.Before(t.today()) {
		t.fault("due_on", "in_past")
	}
	t.needText("reason", k.Reason)
}

func (k *DecideRecovery) next(t *turn) State {
	if t.from == ReportDue {
		return Settled
	}
	return t.from
}

func (k *DecideRecovery) apply(t *turn) {
	a := &t.App
	r := a.Recovery
	r.Amount, r.DueOn, r.Reason, r.DecidedBy, r.DecidedAt, r.Body = k.Amount, k.DueOn, k.Reason, t.by.Email, t.at, t.bodyFor(k.Amount)
	if t.from == ReportDue {
		a.Settlement = &Settlement{Entitlement: a.PaidNet() - k.Amount, Repay: k.Amount, By: t.by.Email, At: t.at}
		t.dropPlanned()
	}
	t.job(JobRecoveryLetter, t.at)
	t.mail("recovery", "applicant", "principal")
	t.note("amount", k.Amount, "due_on", k.DueOn, "reason", k.Reason, "body", r.Body)
}

// RecordRepayment notes money that came back.
type RecordRepayment struct {
	Amount    int64  `json:"amount"`
	On        Date   `json:"on"`
	Reference string `json:"reference"`
}

func (RecordRepayment) Action() Action { return ActRecordRepayment }

func (RecordRepayment) guard(t *turn) error {
	if r := t.App.Recovery; r == nil || r.DecidedAt.IsZero() || !r.Open() {
		return Refused{Code: "no_recovery"}
	}
	if t.left() <= 0 { // the bank sent the payment back: there is nothing to claim until it is issued anew
		return Refused{Code: "payment_open"}
	}
	return nil
}

// left is what is still claimed, and never more than what the school still has.
func (t *turn) left() int64 {
	r := t.App.Recovery
	has := t.App.PaidNet() - r.WrittenOff()
	for _, earlier := range t.App.Recoveries {
		has -= earlier.WrittenOff()
	}
	return min(r.Amount-r.Repaid()-r.WrittenOff(), has)
}

func (k *RecordRepayment) check(t *turn) {
	if k.Amount <= 0 {
		t.fault("amount", "positive")
	} else if k.Amount > t.left() {
		t.fault("amount", "over_claim", "Max", t.left())
	}
	if k.On.IsZero() {
		t.fault("on", "required")
	} else if k.On.After(t.today()) {
		t.fault("on", "in_future")
	}
	t.needText("reference", k.Reference)
}

func (k *RecordRepayment) apply(t *turn) {
	r := t.App.Recovery
	r.Repayments = append(r.Repayments, Repayment{Amount: k.Amount, On: k.On, Reference: k.Reference, By: t.by.Email, At: t.at})
	t.move("repaid", AccPaid, AccAvailable, k.Amount)
	t.note("amount", k.Amount, "on", k.On, "reference", k.Reference)
	t.job(JobRecheckSchool, t.at, "school", t.App.SchoolID)
}

// WriteOffClaim gives a claim up.
type WriteOffClaim struct {
	Amount int64  `json:"amount"`
	Reason string `json:"reason"`
}

func (WriteOffClaim) Action() Action { return ActWriteOff }

func (WriteOffClaim) guard(t *turn) error { return RecordRepayment{}.guard(t) }

func (k *WriteOffClaim) check(t *turn) {
	if k.Amount <= 0 {
		t.fault("amount", "positive")
	} else if k.Amount > t.left() {
		t.fault("amount", "over_claim", "Max", t.left())
	}
	t.needText("reason", k.Reason)
}

func (k *WriteOffClaim) apply(t *turn) {
	r := t.App.Recovery
	r.WriteOffs = append(r.WriteOffs, WriteOff{Amount: k.Amount, Reason: k.Reason, By: t.by.Email, At: t.at})
	t.move("written_off", AccPaid, AccWrittenOff, k.Amount)
	t.note("amount", k.Amount, "reason", k.Reason)
	t.job(JobRecheckSchool, t.at, "school", t.App.SchoolID)
}

// Close ends the case when nothing is open.
type Close struct{}

func (Close) Action() Action { return ActClose }

func (Close) guard(t *turn) error {
	a := t.App
	if a.Recovery.Open() {
		return Refused{Code: "recovery_open"}
	}
	if slices.ContainsFunc(a.Payments, func(p Payment) bool { return p.Live() || p.Failed() || p.Unsettled() }) {
		return Refused{Code: "payment_open"}
	}
	if a.ChangeOpen() != nil {
		return Refused{Code: "change_open"}
	}
	if a.Appeal != nil && a.Appeal.InTime && a.Appeal.Judgment == nil {
		return Refused{Code: "appealed"}
	}
	if a.State == Settled {
		return nil
	}
	if a.State == Decided && a.Decision.Favourable() {
		return WrongState{State: a.State, Action: ActClose}
	}
	// Rejected, dismissed and lapsed cases wait for the appeal days (KL 13:5).
	last := a.Decision.LastAppealDay
	if last.IsZero() {
		return Refused{Code: "no_notice"}
	}
	if !t.today().After(last) {
		return Refused{Code: "appeal_days", Args: map[string]any{"Day": last.String()}}
	}
	return nil
}

func (Close) apply(t *turn) { t.mail("closed", "applicant", "principal") }

// AddDocument is the machine adding a letter or receipt that it made.
type AddDocument struct{ Document Document }

func (AddDocument) Action() Action { return ActAddDocument }

func (k *AddDocument) apply(t *turn) {
	t.App.Documents = append(t.App.Documents, k.Document)
	t.note("document", k.Document.ID, "kind", k.Document.Kind, "sha256", k.Document.SHA256)
}

// Note is the machine noting something in the case's history, such as a school's block.
type Note struct {
	Code string
	Data map[string]any
}

func (Note) Action() Action { return ActNote }

func (k *Note) apply(t *turn) {
	t.note("code", k.Code)
	for name, v := range k.Data {
		t.note(name, v)
	}
}

// BlockOn is the day from which the case's overdue report blocks its school
// (RF-12, RF-22); zero while nothing is overdue or could become so. A report
// filed in time never blocks while it is read; a late one blocks until accepted.
func BlockOn(c Case) Date {
	a, r := c.App, c.Round.Rules
	_, end, ok := a.Form.Activity.Days()
	if !ok || a.Cancelled != nil || !a.Decision.Favourable() {
		return Date{}
	}
	day := end.AddDays(r.ReportDays + r.BlockAfterDays)
	switch a.State {
	case Travelling, ReportDue:
		return day
	case ReportSubmitted, ReportReturned:
		late := !DateOf(a.Report.FirstSubmittedAt).Before(day)
		switch {
		case late:
			return day
		case a.State == ReportReturned:
			return a.Report.ReturnDueOn.AddDays(r.BlockAfterDays)
		}
	case Settled:
		if a.Report == nil && a.Recovery.Open() {
			return day
		}
	}
	return Date{}
}
