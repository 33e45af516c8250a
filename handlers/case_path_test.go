package handlers

import (
	"slices"
	"testing"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestThePathHoldsOnlyWhatCanCome: after a refusal nothing is paid and nobody travels, and
// what was taken back is never decided, and what is dismissed was never assessed.
func TestThePathHoldsOnlyWhatCanCome(t *testing.T) {
	t.Parallel()
	refused, granted := &workflow.Decision{Outcome: workflow.Rejected}, &workflow.Decision{Outcome: workflow.Granted}
	scored := []workflow.Review{{}}
	for _, x := range []struct {
		name string
		app  workflow.Application
		want []string
	}{
		{"proposed for dismissal", workflow.Application{State: workflow.Proposed}, []string{"filed", "check", "decision", "payment", "trip", "report", "end"}},
		{"dismissed", workflow.Application{State: workflow.Decided, Decision: &workflow.Decision{Outcome: workflow.Dismissed}}, []string{"filed", "check", "decision", "end"}},
		{"proposed after an assessment", workflow.Application{State: workflow.Proposed, Reviews: scored}, []string{"filed", "check", "assessment", "decision", "payment", "trip", "report", "end"}},
		{"refused", workflow.Application{State: workflow.Decided, Decision: refused, Reviews: scored}, []string{"filed", "check", "assessment", "decision", "end"}},
		{"refused and closed", workflow.Application{State: workflow.Closed, Decision: refused, Reviews: scored}, []string{"filed", "check", "assessment", "decision", "end"}},
		{"annulled, looked at again", workflow.Application{State: workflow.UnderCheck, Decision: refused}, []string{"filed", "check", "assessment", "decision", "payment", "trip", "report", "end"}},
		{"granted", workflow.Application{State: workflow.Decided, Decision: granted, Reviews: scored}, []string{"filed", "check", "assessment", "decision", "payment", "trip", "report", "end"}},
		{"lapsed", workflow.Application{State: workflow.Lapsed, Decision: granted, Reviews: scored}, []string{"filed", "check", "assessment", "decision", "end"}},
		{"taken back", workflow.Application{State: workflow.Withdrawn}, []string{"filed", "check", "end"}},
	} {
		var want, got []string
		for _, key := range x.want {
			want = append(want, lang.T(lang.SV, "stage."+key))
		}
		for _, st := range caseSteps(lang.SV, workflow.Case{App: x.app}, workflow.Date{}) {
			got = append(got, st.Text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", x.name, got, want)
		}
	}
}

// TestThePathSaysWhatWasPaid: a trip begins without the money, and a bank sends it back: neither is done.
func TestThePathSaysWhatWasPaid(t *testing.T) {
	t.Parallel()
	day := workflow.NewDate(2026, 7, 6)
	for _, x := range []struct {
		state       workflow.State
		status      string
		stage, when string
	}{
		{workflow.Payable, workflow.PayPlanned, "now", "tidigast 6\u00a0juli"},
		{workflow.Paid1, workflow.PayPaid, "past", "6\u00a0juli"},
		{workflow.Paid1, workflow.PayReturned, "now", "tidigast 6\u00a0juli"},
		{workflow.Travelling, workflow.PayPaid, "past", "6\u00a0juli"},
		{workflow.Travelling, workflow.PayPlanned, "", "inte betalt än"},
		{workflow.ReportDue, workflow.PayReturned, "", "inte betalt än"},
		{workflow.Settled, workflow.PayDropped, "", "inget betalades"},
	} {
		app := workflow.Application{State: x.state, Decision: &workflow.Decision{Outcome: workflow.Granted}, Report: &workflow.Report{},
			Payments: []workflow.Payment{{Status: x.status, Amount: 5000, Earliest: day, PaidOn: day}}}
		for _, st := range caseSteps(lang.SV, workflow.Case{App: app}, day) {
			if st.Text == lang.T(lang.SV, "stage.payment") && (st.State != x.stage || st.When != x.when) {
				t.Errorf("%s, %s: %q %q, want %q %q", x.state, x.status, st.State, st.When, x.stage, x.when)
			}
		}
	}
}
