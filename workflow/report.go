package workflow

import (
	"fmt"
	"slices"

	"fund/workflow/money"
)

// SubmitReport files the school's report: counts, costs and texts, never names (RF-22, RF-25).
type SubmitReport struct {
	Pupils             *int64            `json:"pupils"`
	Staff              *int64            `json:"staff"`
	Start              Date              `json:"start"`
	End                Date              `json:"end"`
	Actual             []ActualLine      `json:"actual"`
	ActualEligibleCost *int64            `json:"actual_eligible_cost"`
	ExternalReceived   int64             `json:"external_grants_received"`
	JointShare         *money.Share      `json:"joint_share,omitempty"`
	Voluntary          *int64            `json:"voluntary_contributions,omitempty"` // whole kronor
	MandatoryFee       *bool             `json:"mandatory_fee,omitempty"`
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
		t.noPersonalNumber(fmt.Sprintf("actual[%d].voucher", i), a.Voucher)
	}
	if k.ExternalReceived < 0 {
		t.fault("external_grants_received", "negative")
	}
	if k.Voluntary != nil && *k.Voluntary < 0 {
		t.fault("voluntary_contributions", "negative")
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
	first, again := t.at, a.Report != nil
	var check *SpotCheck
	if again {
		first, check = a.Report.FirstSubmittedAt, a.Report.SpotCheck
		a.Reports = append(a.Reports, *a.Report)
	}
	a.Report = &Report{Pupils: *k.Pupils, Staff: *k.Staff, Start: k.Start, End: k.End, Actual: k.Actual, ActualEligibleCost: k.ActualEligibleCost,
		ExternalReceived: k.ExternalReceived, JointShare: k.JointShare, Voluntary: k.Voluntary, MandatoryFee: k.MandatoryFee, Texts: k.Texts, Goals: k.Goals, Publish: k.Publish, SubmittedAt: t.at, FirstSubmittedAt: first, SpotCheck: check, By: t.by.Email}
	if !again {
		draw := DrawSpotCheck(t.Case)
		a.Report.SpotCheck = &draw
		t.note(SpotCheckCode, draw)
	}
	if a.Recovery.missesReport() {
		a.Recovery = nil // the report came after all: nothing to recover for its lack
	}
	if t.Scheme.NeedsPrincipal {
		t.mail("principal_asked", "principal")
		t.mail("other", "economist")
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
	r.ReturnedPoints, r.ReturnedAt, r.ReturnDueOn, r.ApprovedBefore, r.Approval = k.Points, t.at, k.DueOn, r.Approval, nil
	if r.ReturnDueOn.IsZero() {
		r.ReturnDueOn = t.today().AddDays(t.Round.Rules.ReportReturnDays)
	}
	t.job(JobBlockSchool, r.ReturnDueOn.AddDays(t.Round.Rules.BlockAfterDays).Start(), "due", r.ReturnDueOn.String())
	t.recoveryJob(t.ReportDay())
	t.mail("report_returned", "applicant", "principal")
	t.note("points", k.Points, "due_on", r.ReturnDueOn)
}

// AcceptReport accepts the report, perhaps with a remark and costs that are not accepted.
type AcceptReport struct {
	Remark     string           `json:"remark"`
	Disallowed []DisallowedLine `json:"disallowed"`
}

func (AcceptReport) Action() Action { return ActAcceptReport }

// guard: the principal answers for the money of the report. One that was sent back is judged as
// it stands only when its day has passed without an answer, and with the word that it had.
func (AcceptReport) guard(t *turn) error {
	r := t.App.Report
	word := r.Approval
	if t.App.State == ReportReturned {
		if !Unanswered(t.Case, t.today()) {
			return WrongState{State: t.App.State, Action: ActAcceptReport}
		}
		word = r.ApprovedBefore
	}
	if t.Scheme.NeedsPrincipal && word == nil {
		return Refused{Code: "report_unapproved"}
	}
	return nil
}

// Unanswered tells whether a report was sent back and its day has passed without an answer.
func Unanswered(c Case, today Date) bool {
	return c.App.State == ReportReturned && today.After(c.App.Report.ReturnDueOn)
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
	t.noPersonalNumber("remark", k.Remark)
}

func (k *AcceptReport) apply(t *turn) {
	r := t.App.Report
	r.AcceptedAt, r.Remark, r.Disallowed = t.at, k.Remark, k.Disallowed
	if t.from == ReportReturned {
		r.Approval = r.ApprovedBefore
		t.note("unanswered", true)
	}
	if t.App.Recovery.missesReport() {
		t.App.Recovery = nil // it is judged as it stands: the settlement says what is to come back
	}
	t.job(JobRecheckSchool, t.at, "school", t.App.SchoolID)
	t.note("remark", k.Remark, "disallowed", k.Disallowed)
}
