package handlers

import (
	"testing"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestOutcomeAndSumAgree: less than what was asked for is no full grant, all of
// it no part; where the rules lower the sum a coded reason says so, where money
// is short the free text does, as no code would be true.
func TestOutcomeAndSumAgree(t *testing.T) {
	t.Parallel()
	const asked, cap = 36_000, 30_000
	v := newSchool(t).ranked()
	k, err := v.store.Case(t.Context(), workflow.Machine(), v.id)
	if err != nil {
		t.Fatal(err)
	}
	k.App.Filed[len(k.App.Filed)-1].Requested = asked
	k.Round.Rules.MaxPerApplication = ptr(int64(cap))
	for _, tt := range []struct{ name, outcome, amount, reason, field string }{
		{"whole", "granted", "36 000", "", ""},
		{"less called whole", "granted", "30 000", "", "outcome"},
		{"whole called less", "partially_granted", "36 000", "R-CAP", "outcome"},
		{"lowered by the rules, unsaid", "partially_granted", "30 000", "", "reasons"},
		{"lowered by the rules", "partially_granted", "30 000", "R-CAP", ""},
		{"lowered as money is short", "partially_granted", "20 000", "", ""},
		{"no sum yet", "granted", "", "", ""},
		{"refused", "rejected", "0", "", ""}, // the workflow asks for the code
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := NewForm(lang.SV)
			f.Set("outcome", tt.outcome)
			f.Set("amount", tt.amount)
			if tt.reason != "" {
				f.Set("reasons", tt.reason)
			}
			checkOutcome(f, k, workflow.NewDate(2026, 1, 20))
			got := ""
			if len(f.Errors) > 0 {
				got = f.Errors[0].Field
			}
			if got != tt.field {
				t.Errorf("fault at %q, want %q: %+v", got, tt.field, f.Errors)
			}
		})
	}
}
