package handlers

import (
	"slices"
	"testing"
	"time"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestClosedCaseSaysHowItEnded: the path of a closed case is behind it, what was given up of a claim stands beside
// what was repaid, and the register promises no report that never comes.
func TestClosedCaseSaysHowItEnded(t *testing.T) {
	t.Parallel()
	at := time.Date(2027, 3, 25, 10, 0, 0, 0, workflow.Stockholm())
	day := workflow.DateOf(at)
	app := workflow.Application{State: workflow.Settled, Decision: &workflow.Decision{Outcome: workflow.Granted, Granted: 25000}, Cancelled: &workflow.Cancellation{Cause: "own"},
		Payments: []workflow.Payment{{N: 1, Amount: 25000, Status: workflow.PayPaid, PaidOn: day}},
		Recovery: &workflow.Recovery{Proposed: 25000, Amount: 25000, DecidedAt: at, Repayments: []workflow.Repayment{{Amount: 22000, On: day}}, WriteOffs: []workflow.WriteOff{{Amount: 3000, At: at}}}}
	for state, want := range map[workflow.State]string{workflow.Settled: "now", workflow.Closed: "past"} {
		app.State = state
		if steps := caseSteps(lang.SV, workflow.Case{App: app}, day); steps[len(steps)-1].State != want {
			t.Errorf("%s: the end is %q, want %q", state, steps[len(steps)-1].State, want)
		}
	}
	v := rulingOf(lang.SV, workflow.Case{App: app})
	for term, want := range map[string]int64{"sum.repaid": 22000, "sum.written_off": 3000} {
		if !slices.ContainsFunc(v.Decision, func(f Fact) bool {
			return f.Term == lang.T(lang.SV, term) && f.Value == lang.Money(lang.SV, want)
		}) {
			t.Errorf("%s is not in %+v", term, v.Decision)
		}
	}
	accepted := &workflow.Report{AcceptedAt: at}
	for want, a := range map[string]workflow.Application{
		"registry.unread.cancelled": app,
		"registry.unread.none":      {State: workflow.Closed},
		"registry.unread.kept":      {State: workflow.Closed, Report: accepted},
		"registry.unread":           {State: workflow.ReportAccepted, Report: accepted},
	} {
		if got := unreadKey(workflow.Case{App: a}); got != want {
			t.Errorf("the register says %s, want %s", got, want)
		}
	}
}
