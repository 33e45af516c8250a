package handlers

import (
	"strings"
	"testing"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestCostWithoutVoucherSaysSo: who approves a report's money reads what a line is called and that no voucher is given.
func TestCostWithoutVoucherSaysSo(t *testing.T) {
	t.Parallel()
	planned := int64(2800)
	k := workflow.Case{App: workflow.Application{Report: &workflow.Report{Actual: []workflow.ActualLine{{Line: 1, Amount: 2800}, {Line: 2, Amount: 10, Voucher: "V 7"}}}}}
	k.App.Form.Budget = []workflow.BudgetLine{{Line: 1, Code: "BOE", Amount: &planned}, {Line: 2, Code: "RES", Text: "Tåg", Amount: &planned}}
	notes := map[string]string{}
	for _, f := range actualFacts(lang.SV, k) {
		notes[f.Term] = strings.ReplaceAll(f.Note, "\u00a0", " ")
	}
	if notes["Boende"] != "budget 2 800 kr, inget verifikat angivet" || notes["Tåg"] != "budget 2 800 kr, verifikat V 7" {
		t.Errorf("the costs say %v", notes)
	}
}

// TestReportAsksForGoalsOnce: one by one where the application has them, and in a text where it has none.
func TestReportAsksForGoalsOnce(t *testing.T) {
	t.Parallel()
	asked := func(k workflow.Case, f *Form) bool {
		_, _, rest := reportWords(lang.SV, k, f)
		for _, x := range rest {
			if x.Name == "texts.goals" {
				return true
			}
		}
		return false
	}
	var none, some workflow.Case
	some.App.Form.Text.Goals = []workflow.Goal{{Goal: "Alla talar finska"}}
	written := form("texts.goals", "Ja, alla.")
	if !asked(none, NewForm(lang.SV)) || asked(some, NewForm(lang.SV)) || !asked(some, written) {
		t.Error("the goals are asked for twice, or not at all, or what was written of them is lost")
	}
}

// TestUnansweredContributionsAreNotNothing: a report that doesn't say what homes gave has not said that it was 0 kr.
func TestUnansweredContributionsAreNotNothing(t *testing.T) {
	t.Parallel()
	nothing := int64(0)
	for _, tt := range []struct {
		given *int64
		want  string
	}{{nil, "–"}, {&nothing, "0\u00a0kr"}} {
		table := planTable(lang.SV, workflow.Case{App: workflow.Application{Report: &workflow.Report{Voluntary: tt.given}}})
		for _, r := range table.Rows {
			if r.Cells[0].Text == lang.T(lang.SV, "field.voluntary_contributions") && (r.Cells[1].Text != "–" || r.Cells[2].Text != tt.want) {
				t.Errorf("given %v: %q beside %q", tt.given, r.Cells[2].Text, r.Cells[1].Text)
			}
		}
	}
}
