package handlers

import (
	"slices"
	"testing"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestThePathHoldsOnlyWhatCanCome: after a refusal nothing is paid and nobody travels, and
// what was taken back is never decided.
func TestThePathHoldsOnlyWhatCanCome(t *testing.T) {
	t.Parallel()
	refused, granted := &workflow.Decision{Outcome: workflow.Rejected}, &workflow.Decision{Outcome: workflow.Granted}
	for _, x := range []struct {
		name string
		app  workflow.Application
		want []string
	}{
		{"refused", workflow.Application{State: workflow.Decided, Decision: refused}, []string{"filed", "check", "assessment", "decision", "end"}},
		{"refused and closed", workflow.Application{State: workflow.Closed, Decision: refused}, []string{"filed", "check", "assessment", "decision", "end"}},
		{"annulled, looked at again", workflow.Application{State: workflow.UnderCheck, Decision: refused}, []string{"filed", "check", "assessment", "decision", "payment", "trip", "report", "end"}},
		{"granted", workflow.Application{State: workflow.Decided, Decision: granted}, []string{"filed", "check", "assessment", "decision", "payment", "trip", "report", "end"}},
		{"lapsed", workflow.Application{State: workflow.Lapsed, Decision: granted}, []string{"filed", "check", "assessment", "decision", "end"}},
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
