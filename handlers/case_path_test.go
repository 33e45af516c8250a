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
