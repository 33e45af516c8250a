package handlers

import (
	"slices"

	"fund/workflow"
	"fund/workflow/lang"
)

// stages are the parts of the case's path and the states that lie in each.
var stages = []struct {
	key    string
	states []workflow.State
}{
	{"filed", []workflow.State{workflow.Submitted}},
	{"check", []workflow.State{workflow.UnderCheck, workflow.CompletionRequested}},
	{"assessment", []workflow.State{workflow.UnderAssessment, workflow.Ranked}},
	{"decision", []workflow.State{workflow.Proposed, workflow.Decided}},
	{"payment", []workflow.State{workflow.ConditionsAccepted, workflow.Payable, workflow.Paid1}},
	{"trip", []workflow.State{workflow.Travelling}},
	{"report", []workflow.State{workflow.ReportDue, workflow.ReportSubmitted, workflow.ReportReturned, workflow.ReportAccepted}},
	{"end", []workflow.State{workflow.Settled, workflow.Closed, workflow.Withdrawn, workflow.Lapsed}},
}

// behind tells whether the stage that a case is in is over: the money is paid and the trip has not begun, or all has ended.
func behind(a workflow.Application) bool {
	return a.State == workflow.Closed || a.State == workflow.Paid1 && a.PaidOut() > 0
}

// caseSteps draws where a case is.
func caseSteps(l lang.Lang, k workflow.Case, today workflow.Date) (steps []PathStep) {
	now := slices.IndexFunc(stages, func(x struct {
		key    string
		states []workflow.State
	}) bool {
		return slices.Contains(x.states, k.App.State)
	})
	near := func(d workflow.Date) string { return nearDay(l, d, today) }
	when := map[string]string{"filed": near(workflow.DateOf(k.App.ReceivedAt))}
	if d := k.App.Decision; d != nil {
		when["decision"] = near(workflow.DateOf(d.DecidedAt))
		when["payment"] = paymentWhen(l, k.App, near, now)
	} else if !k.Round.Meeting.IsZero() {
		when["decision"] = near(k.Round.Meeting)
	}
	if start, end, ok := k.App.Form.Activity.Days(); ok {
		when["trip"] = lang.Days(l, start.String(), end.String())
		when["report"] = lang.T(l, "tasks.by", lang.Args{"Day": near(reportBy(k))})
	}
	fell := fellAway(k.App)
	for i, x := range stages {
		if never(k.App, x.key) {
			continue
		}
		st := PathStep{Text: lang.T(l, "stage."+x.key), When: when[x.key]}
		switch why := fell[x.key]; {
		case why != "" && i != now:
			st.State, st.When = "fell", lang.T(l, "stage.fell."+why)
		case i < now && (x.key != "payment" || k.App.PaidOut() > 0), i == now && behind(k.App):
			st.State = "past"
		case i == now:
			st.State = "now"
		}
		steps = append(steps, st)
	}
	return steps
}

// paymentWhen says when the money was paid, or can be; or, once the case is past that, that
// it was not: the trip begins without it, and a bank sends it back.
func paymentWhen(l lang.Lang, a workflow.Application, near func(workflow.Date) string, now int) string {
	paid := slices.IndexFunc(a.Payments, func(p workflow.Payment) bool { return p.Status == workflow.PayPaid })
	switch {
	case paid >= 0:
		return near(a.Payments[paid].PaidOn)
	case slices.Contains([]string{"trip", "report", "end"}, stages[now].key):
		if slices.ContainsFunc(a.Payments, func(p workflow.Payment) bool { return p.Live() || p.Failed() }) {
			return lang.T(l, "stage.unpaid")
		}
		return lang.T(l, "stage.fell.payment")
	case len(a.Payments) > 0 && !a.Payments[0].Earliest.IsZero():
		return lang.T(l, "stage.earliest", lang.Args{"Day": near(a.Payments[0].Earliest)})
	}
	return ""
}

// never tells that a case has ended, or will, without a part of the path: nothing is
// paid after a refusal, what was taken back is never decided, and what is dismissed is
// proposed and decided without an assessment.
func never(a workflow.Application, stage string) bool {
	after := []string{"payment", "trip", "report"}
	if stage == "assessment" && (a.State == workflow.Proposed || a.Decision != nil && a.State != workflow.UnderCheck) && len(a.Reviews) == 0 &&
		a.Consensus == nil {
		return true
	}
	switch d := a.Decision; {
	case a.State == workflow.Withdrawn, a.State == workflow.Closed && d == nil:
		return stage == "decision" || slices.Contains(after, stage) || stage == "assessment" && len(a.Reviews) == 0
	case a.State == workflow.Lapsed, (a.State == workflow.Decided || a.State == workflow.Closed) && d != nil && !d.Favourable():
		return slices.Contains(after, stage)
	}
	return false
}

// fellAway are the stages that a case did not go through and never will, each with why:
// a cancelled trip needs no report, a refused application is paid nothing.
func fellAway(a workflow.Application) map[string]string {
	ended := slices.Contains(stages[len(stages)-1].states, a.State)
	granted := a.Decision.Favourable() && a.State != workflow.Lapsed
	over := ended && a.Settlement == nil && a.Report == nil // declined, lapsed, withdrawn: there was nothing to settle
	fell := map[string]string{}
	if a.Cancelled != nil || a.Decision != nil && !granted || over {
		fell["trip"], fell["report"] = "trip", "report"
	} else if ended && a.Report == nil {
		fell["report"] = "missing"
	}
	none := a.PaidOut() == 0 && !slices.ContainsFunc(a.Payments, workflow.Payment.Live)
	if none && len(fell) > 0 && (ended || a.Decision != nil && !granted) {
		fell["payment"] = "payment"
	}
	if over && a.Decision == nil {
		fell["decision"] = "decision"
		if len(a.Reviews) == 0 {
			fell["assessment"] = "assessment"
		}
	}
	return fell
}

// nearDay leaves out the year that it is today: 13 juli, but 13 juli 2027.
func nearDay(l lang.Lang, d, today workflow.Date) string {
	if d.IsZero() || d.Year() == today.Year() {
		return lang.ShortDay(l, d.String())
	}
	return lang.Date(l, d.At(12, 0))
}
