package handlers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestClaimTellsItsDays: a school that pays in parts reads each day with what is left of its part, on its page and that
// of the settlement; one that finance books for reads that it has nothing to pay.
func TestClaimTellsItsDays(t *testing.T) {
	t.Parallel()
	day := func(m time.Month, d int) workflow.Date { return workflow.NewDate(2026, m, d) }
	for name, x := range map[string]struct {
		method string
		plan   bool
		paid   int64
		coming []string
		facts  []string
	}{
		"all at once":     {"bankgiro", false, 0, []string{"Sista dag att betala tillbaka 9 000 kr"}, []string{"Betala senast: måndag 30 november 2026"}},
		"in parts":        {"bankgiro", true, 0, []string{"Sista dag att betala tillbaka 4 000 kr", "Sista dag att betala tillbaka 5 000 kr"}, []string{"Betala senast: fredag 30 oktober 2026 (4 000 kr)", "Betala senast: måndag 30 november 2026 (5 000 kr)"}},
		"some of it paid": {"bankgiro", true, 6000, []string{"Sista dag att betala tillbaka 3 000 kr"}, []string{"Betala senast: fredag 30 oktober 2026 (4 000 kr)"}},
		"inside":          {"internal", false, 0, []string{"Senast nu bokar ekonomi tillbaka 9 000 kr. Ni behöver inte betala själva"}, []string{"Ekonomi bokar tillbaka senast: måndag 30 november 2026"}},
	} {
		r := &workflow.Recovery{Amount: 9000, DueOn: day(time.November, 30), DecidedAt: day(time.October, 1).Start(), Body: "DELEGATE"}
		if x.plan {
			r.Plan = []workflow.ClaimPart{{DueOn: day(time.October, 30), Amount: 4000}, {DueOn: day(time.November, 30), Amount: 5000}}
		}
		if x.paid > 0 {
			r.Repayments = []workflow.Repayment{{Amount: x.paid, On: day(time.October, 5)}}
		}
		k := workflow.Case{App: workflow.Application{State: workflow.Settled, Recovery: r}, Round: workflow.Round{Rules: rules(t)}}
		k.App.Form.Applicant.Payment.Method = x.method
		var got []string
		for _, item := range coming(lang.SV, k, nil, day(time.October, 6).At(9, 0)).Items {
			if item.Text != "" {
				got = append(got, strings.ReplaceAll(item.Text, "\u00a0", " "))
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(x.coming) {
			t.Errorf("%s: to come %q, want %q", name, got, x.coming)
		}
		page := settlementPage{Page: Page{Lang: lang.SV}}
		page.claim(k)
		var facts string
		for _, f := range page.Claim {
			facts += strings.ReplaceAll(factLine(f), "\u00a0", " ") + "\n"
		}
		for _, want := range x.facts {
			if !strings.Contains(facts, want+"\n") {
				t.Errorf("%s: the settlement does not say %q:\n%s", name, want, facts)
			}
		}
	}
}

// TestDecidedWithoutAStatement: once the claim is decided nobody waits for a statement that did not come.
func TestDecidedWithoutAStatement(t *testing.T) {
	t.Parallel()
	r := &workflow.Recovery{Proposed: 9000, Statement: &workflow.Statement{DueOn: workflow.NewDate(2026, time.September, 20)}}
	k := workflow.Case{App: workflow.Application{Recovery: r}}
	for _, want := range []string{"Begärt, svar senast söndag 20 september 2026", "Begärt till söndag 20 september 2026, inget kom in före beslutet"} {
		if facts := statementFacts(lang.SV, k); len(facts) != 1 || strings.ReplaceAll(facts[0].Value, "\u00a0", " ") != want {
			t.Errorf("it says %+v, want %q", facts, want)
		}
		r.DecidedAt = workflow.NewDate(2026, time.October, 1).Start()
	}
}

// TestLateClaimSaysSo: finance sees in its list that a part has not come, from the day after its day.
func TestLateClaimSaysSo(t *testing.T) {
	t.Parallel()
	k := workflow.Case{App: workflow.Application{Recovery: &workflow.Recovery{Amount: 9000, DueOn: workflow.NewDate(2026, time.November, 30),
		DecidedAt: workflow.NewDate(2026, time.October, 1).Start(), Plan: []workflow.ClaimPart{{DueOn: workflow.NewDate(2026, time.October, 30), Amount: 4000}, {DueOn: workflow.NewDate(2026, time.November, 30), Amount: 5000}}}}}
	for day, want := range map[int]string{30: "Väntar på pengarna", 31: "Sen: 4 000 kr skulle ha kommit"} {
		if got := strings.ReplaceAll(claimState(lang.SV, k, workflow.NewDate(2026, time.October, day)).Text, "\u00a0", " "); got != want {
			t.Errorf("on the %dth it says %q, want %q", day, got, want)
		}
	}
}
