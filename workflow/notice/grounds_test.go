package notice

import (
	"strings"
	"testing"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestLetterNamesTheGroundOnStateAid: it stands in the decision and in the written proposal, in the words of its code.
func TestLetterNamesTheGroundOnStateAid(t *testing.T) {
	t.Parallel()
	for l, words := range map[lang.Lang]string{lang.SV: "Stöd av mindre betydelse, förordning (EU) 2023/2831", lang.EN: "De minimis aid, Regulation (EU) 2023/2831"} {
		c, o := decided(workflow.Granted), office(l)
		c.Scheme.Applicant = "organisation"
		if strings.Contains(all(Decision(c, o)), "2023/2831") {
			t.Errorf("%s: a ground that nobody gave", l)
		}
		c.App.Decision.StateAid, c.App.Proposal.StateAid = "de_minimis", "de_minimis"
		for name, n := range map[string]Notice{"decision": Decision(c, o), "proposal": Proposal(c, nil, c.App.Decision.DecidedAt, o)} {
			if got := all(n); !strings.Contains(got, words) {
				t.Errorf("%s, %s: %s", l, name, got)
			}
		}
	}
}

// TestBookedClaimOffersNoInstalments: a unit of the municipality pays a claim by one booking, so its letter does not
// ask whether the sum should be split; whoever gets an invoice is told that it can be.
func TestBookedClaimOffersNoInstalments(t *testing.T) {
	t.Parallel()
	c, o := decided(workflow.Granted), office(lang.SV)
	if got := all(Recovery(c, o)); strings.Contains(got, "dela upp") || !strings.Contains(got, "Stämmer något inte?") {
		t.Errorf("booked: %s", got)
	}
	c.School.Operator, c.App.Form.Applicant.Payment = "fristaende", workflow.PayInto{Method: "bankgiro", Bankgiro: "991-2346"}
	if got := all(Recovery(c, o)); !strings.Contains(got, "dela upp betalningen") {
		t.Errorf("invoiced: %s", got)
	}
}
