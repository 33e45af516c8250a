package handlers

import (
	"strings"
	"testing"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestChangeSaysByWhen: alone within the promised days, a body at its next sitting, and honestly where none is planned.
func TestChangeSaysByWhen(t *testing.T) {
	t.Parallel()
	asked, sits := workflow.NewDate(2026, 10, 30), map[string]workflow.Date{workflow.Committee: workflow.NewDate(2026, 11, 10)} // a Friday
	for level, want := range map[string]string{workflow.ByItself: "6\u00a0november", workflow.Delegate: "6\u00a0november", workflow.Committee: "10\u00a0november", workflow.Board: "inte bestämd"} {
		if got := changeByWords(lang.SV, level, asked, sits); !strings.Contains(got, want) {
			t.Errorf("%s: %q has no %s", level, got, want)
		}
	}
}
