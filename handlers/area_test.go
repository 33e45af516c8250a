package handlers

import (
	"testing"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestAreasAreNamedInTheReadersLanguage: an area is data, and is written in many ways; its name on pages is the reader's.
func TestAreasAreNamedInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	var k workflow.Case
	k.App.Form.Text.StrategyLink = append([]string{"bo och leva", "Vår egen väg"}, areas...)
	for l, want := range map[lang.Lang]string{
		lang.SV: "Bo och leva, Vår egen väg, Utbildning och kompetens och Arbetssätt",
		lang.EN: "Housing and living, Vår egen väg, Education and skills and Ways of working",
	} {
		if got := lang.List(l, shortAreaNames(l, k.Areas())); got != want {
			t.Errorf("%s: %q, want %q", l, got, want)
		}
	}
}
