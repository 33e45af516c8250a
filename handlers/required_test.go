package handlers

import (
	"testing"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestEmptyChoiceAsksToChoose: who left a choice open is not told to write, on pages and in the API alike.
func TestEmptyChoiceAsksToChoose(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]string{
		"conflict": "Välj ett alternativ.", "publish": "Välj ett alternativ.", "met": "Välj ett alternativ.", "activity.type": "Välj ett alternativ.",
		"ratings.K2": "Välj ett alternativ.", "points[1].field": "Välj ett alternativ.", "kind": "Välj ett alternativ.", "round": "Välj ett alternativ.",
		"reason": "Fyll i det här.", "due_on": "Fyll i det här.", "reviewers": "Välj minst ett alternativ.", "text.strategy_link": "Välj minst ett alternativ.", "text.purpose": "Fyll i det här.", "points[1].text": "Fyll i det här.",
	} {
		if got := SayViolation(lang.SV, workflow.Violation{Field: field, Code: "required"}); got != want {
			t.Errorf("API, %s: %q, want %q", field, got, want)
		}
		f := NewForm(lang.SV)
		f.Fail(controlName(field), "form.required")
		if got := f.Fault(controlName(field)); got != want {
			t.Errorf("page, %s: %q, want %q", field, got, want)
		}
	}
	// Every control with one answer to choose is known, and none that is written.
	for action, fields := range doFields {
		for _, x := range fields {
			if chosen := x.kind == "radios" || x.kind == "select" || x.kind == "yesno"; chosen != isChoice(x.name) {
				t.Errorf("%s of %s (%s): chosen %v", x.name, action, x.kind, isChoice(x.name))
			}
			for _, cell := range x.cells {
				if name := x.name + "." + cell.Name; (cell.Kind == "select" || cell.Kind == "radios") != isChoice(name) {
					t.Errorf("%s of %s (%s): chosen %v", name, action, cell.Kind, isChoice(name))
				}
			}
		}
	}
}
