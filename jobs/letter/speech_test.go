package letter

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"fund/jobs/letter/lettertest"
	"fund/workflow/lang"
)

// TestPartsSayTheirLanguage: in a translated letter the words speak the file's language, and what stands
// around them says that it speaks another; a letter in one language says it once.
func TestPartsSayTheirLanguage(t *testing.T) {
	t.Parallel()
	l := Letter{Lang: lang.SV, Speech: "fi", Title: "Päätös", Over: "ÖVERSÄTTNING", Date: time.Date(2026, 5, 20, 10, 0, 0, 0, time.UTC), DNR: "IF 2026-0001",
		Sections: []Section{{Speech: "fi", Paragraphs: []string{"Myönnetään 30 000 kruunua."}}, {Heading: "Om översättningen", Paragraphs: []string{"Beslutet på svenska gäller."}}}, Footer: "E-post\nx@example.org"}
	spoken := func(l Letter) (kinds map[string]int, file string) {
		t.Helper()
		raw := encode(t, l)
		doc, faults := lettertest.Check(raw)
		if len(faults) > 0 {
			t.Error(strings.Join(faults, "\n"))
		}
		kinds = map[string]int{}
		for _, m := range regexp.MustCompile(`/Type /StructElem [^\n]*?/S /(\w+)[^\n]*`).FindAllStringSubmatch(string(raw), -1) {
			if strings.Contains(m[0], "/Lang (sv)") {
				kinds[m[1]+" sv"]++
			} else {
				kinds[m[1]]++
			}
		}
		return kinds, doc.Lang
	}
	if got, file := spoken(l); file != "fi" || got["H1"] != 1 || got["H1 sv"] != 0 || got["P"] != 1 || got["H2 sv"] != 1 || got["P sv"] < 4 {
		t.Errorf("the file speaks %q, its parts %v", file, got)
	}
	l.Speech, l.Sections[0].Speech = "", ""
	if got, file := spoken(l); file != "sv" || got["P sv"]+got["H1 sv"]+got["H2 sv"] != 0 {
		t.Errorf("a letter in one language: %q, %v", file, got)
	}
}
