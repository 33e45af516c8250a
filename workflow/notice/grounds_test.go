package notice

import (
	"strings"
	"testing"
	"time"

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

// TestClaimInPartsNamesItsFirstDay: a claim in parts is due before its last day, and no sentence of its letter says otherwise.
func TestClaimInPartsNamesItsFirstDay(t *testing.T) {
	t.Parallel()
	for l, said := range map[lang.Lang][]string{
		lang.SV: {"i 2 delar. Betala den första senast 10 mars 2027 och den sista senast 1 april 2027.", "10 mars 2027, den första av 2 delar", "Betala senast 1 april 2027", "betald senast 1 april 2027"},
		lang.EN: {"in 2 parts. Pay the first by 10 March 2027 and the last by 1 April 2027.", "10 March 2027, the first of 2 parts", "Pay by 1 April 2027", "must be paid by 1 April 2027"},
	} {
		c, o := decided(workflow.Granted), office(l)
		c.School.Operator, c.App.Form.Applicant.Payment = "fristaende", workflow.PayInto{Method: "bankgiro", Bankgiro: "991-2346"}
		c.App.Recovery.Amount, c.App.Recovery.DueOn = 25000, workflow.NewDate(2027, time.April, 1)
		c.App.Recovery.Plan = []workflow.ClaimPart{{DueOn: workflow.NewDate(2027, time.March, 10), Amount: 10000}, {DueOn: workflow.NewDate(2027, time.April, 1), Amount: 15000}}
		got := strings.ReplaceAll(all(Recovery(c, o)), "\u00a0", " ")
		for i, words := range said {
			if is := strings.Contains(got, words); is != (i < 2) {
				t.Errorf("%s: %q stands there is %v: %s", l, words, is, got)
			}
		}
	}
}
