package handlers

import (
	"strings"

	"fund/jobs/letter/lettertest"
)

// paper reads a PDF of a page in both languages and holds it against what an archive asks for.
func (v *school) paper(who, path string) (text string) {
	v.t.Helper()
	for _, l := range []string{"en", "sv"} {
		doc, faults := lettertest.Check(v.file(who, path+"?lang="+l, "application/pdf"))
		if len(faults) > 0 || doc.Lang != l || doc.Title == "" {
			v.t.Errorf("%s is %q in %q:\n%s", path, doc.Title, doc.Lang, strings.Join(faults, "\n"))
		}
		text = strings.Join(doc.Text, "\n")
	}
	return text
}
