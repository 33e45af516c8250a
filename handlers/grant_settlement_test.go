package handlers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestAnEndedClaimWaitsForNothing: what is back has no day any more, and a school of the municipality, which pays
// nothing itself, reads that finance has booked it back.
func TestAnEndedClaimWaitsForNothing(t *testing.T) {
	t.Parallel()
	for method, want := range map[string][2]string{
		"internal": {"Ekonomi bokar tillbaka senast", "5\u00a0000\u00a0kr är återbokat från skolan"},
		"bankgiro": {"Betala senast", "Ni har betalat tillbaka 5\u00a0000\u00a0kr"},
	} {
		k := workflow.Case{App: workflow.Application{Decision: &workflow.Decision{Granted: 5000}}}
		k.App.Form.Applicant.Payment.Method = method
		k.App.Recovery = &workflow.Recovery{Amount: 5000, DecidedAt: time.Date(2027, 1, 8, 9, 0, 0, 0, time.UTC), Body: workflow.Delegate, DueOn: workflow.NewDate(2027, 2, 8)}
		claim := func() string {
			page := settlementPage{Page: Page{Lang: lang.SV}}
			page.claim(k)
			return fmt.Sprint(page.Claim)
		}
		if got := claim(); !strings.Contains(got, want[0]) {
			t.Errorf("%s: an open claim has no day: %s", method, got)
		}
		k.App.Recovery.Repayments = []workflow.Repayment{{Amount: 5000}}
		if got := claim(); strings.Contains(got, want[0]) {
			t.Errorf("%s: an ended claim has a day: %s", method, got)
		}
		if got := settlementTitle(lang.SV, k); got != want[1] {
			t.Errorf("%s: %q, want %q", method, got, want[1])
		}
	}
}
