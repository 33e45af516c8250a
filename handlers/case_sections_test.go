package handlers

import (
	"strings"
	"testing"
	"time"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// TestCaseInWordsTellsHowItEnded: the archive's and the disclosed words say what a change altered, the whole report
// with what was not accepted, each step of the settlement, and a claim with its instalments to the last krona.
func TestCaseInWordsTellsHowItEnded(t *testing.T) {
	t.Parallel()
	day := func(d int) workflow.Date { return workflow.NewDate(2026, time.October, d) }
	n := func(i int64) *int64 { return &i }
	k := workflow.Case{Round: workflow.Round{ID: "VT26", Rules: rules(t)}, Scheme: workflow.Scheme{NeedsPrincipal: true}, School: &workflow.School{Name: "Kågeskolan", Level: "grundskola"}}
	k.App = workflow.Application{ID: 7, DNR: "IF 2026-0007", Scheme: "skolutbyte", Decision: &workflow.Decision{Outcome: "granted", Granted: 30000, DecidedAt: day(1).Start()},
		Payments: []workflow.Payment{{N: 1, Amount: 30000, Status: workflow.PayPaid, PaidOn: day(2)}},
		Changes: []workflow.Change{{N: 1, Type: "dates", Proposed: workflow.RawObject(`{"activity":{"end":"2026-10-12"}}`), Was: workflow.RawObject(`{"activity":{"end":"2026-10-10"}}`),
			Reason: "Tåget är fullt.", AskedAt: day(1).Start(), Outcome: "approved", Decider: "officer@example.org", Answer: "Går bra."}},
		Report: &workflow.Report{Pupils: 19, Staff: 2, Start: day(5), End: day(12), SubmittedAt: day(20).Start(), MandatoryFee: new(true),
			Actual: []workflow.ActualLine{{Line: 1, Amount: 20000, Voucher: "V 12"}}, Texts: map[string]string{"learned": "Boka tidigare."},
			Goals:      []workflow.GoalResult{{Goal: 1, Reached: "partly", Text: "Hälften hann."}},
			Disallowed: []workflow.DisallowedLine{{Line: 1, Amount: 1000, Reason: "Privat middag."}}, AcceptedAt: day(21).Start(), Remark: "Fint."},
		Settlement: &workflow.Settlement{Entitlement: 14250, Repay: 15750, By: "officer@example.org", At: day(22).Start()},
		Recovery: &workflow.Recovery{Amount: 15750, DecidedAt: day(23).Start(), Plan: []workflow.ClaimPart{{DueOn: day(28), Amount: 8000}, {DueOn: day(30), Amount: 7750}},
			Repayments: []workflow.Repayment{{Amount: 8000, On: day(27), Reference: "IF26-K000007"}},
			WriteOffs:  []workflow.WriteOff{{Amount: 750, Reason: "Skolan är nedlagd.", By: "finance1@example.org", At: day(29).Start()}}}}
	k.App.Form = workflow.Form{Title: "Till Brno", Activity: workflow.Activity{Type: "outgoing_group", Start: "2026-10-05", End: "2026-10-12"},
		Participants: workflow.Participants{Pupils: n(20), Staff: n(2)}, Text: workflow.Texts{Goals: []workflow.Goal{{Goal: "Alla talar tyska"}}},
		Budget: []workflow.BudgetLine{{Line: 1, Code: "RES", Text: "Tåg", Amount: n(40000)}}}
	called := func(email string) string {
		return map[string]string{"officer@example.org": "Karin", "finance1@example.org": "Eva"}[email]
	}
	text := strings.ReplaceAll(notice.Notice{Lang: lang.SV, Sections: withWords(afterSections(lang.SV, k, called))}.Text(), "\u00a0", " ")
	for _, want := range []string{
		"Ändring: Datum, begärd 1 oktober 2026", "lördag 10 oktober 2026", "måndag 12 oktober 2026", "Tåget är fullt.", "Godkänd. Går bra.",
		"5–12 oktober 2026", "19", "Måste någon elev betala? Planerat –; Så blev det Ja", "V 12", "20 000", "Tåg: 1 000 kr godtas inte: Privat middag.", "Alla talar tyska: Delvis (Hälften hann.)", "Boka tidigare.", "Fint.",
		"Slutavräkning", "14 250 kr", "75 procent", "Ni betalar tillbaka: 15 750 kr", "Vår högsta andel av kostnaden (75 procent av 19 000 kr): 14 250 kr", "15 750 kr", "Gjord av Karin, 22 oktober 2026.",
		"Återkrav av 15 750 kr, beslutat 23 oktober 2026", "Betala senast: 28 oktober 2026, 8 000 kr", "Betala senast: 30 oktober 2026, 7 750 kr", "Betalt tillbaka: 27 oktober 2026, 8 000 kr (IF26-K000007)",
		"29 oktober 2026, 750 kr (Eva: Skolan är nedlagd.)", "Kvar att betala: 7 000 kr", "Del 1: 30 000 kr",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the words don't say %q", want)
		}
	}
	for _, not := range []string{`{"activity"`, "@example.org", "⟦"} {
		if strings.Contains(text, not) {
			t.Errorf("the words say %q", not)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}
