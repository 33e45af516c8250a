package handlers

import (
	"strings"
	"testing"
)

// TestTranslationIsATaskOfAPerson: ordered from the letter's page, waiting at whom it
// was given to and nobody else, refused with what was typed kept, read as a page in its language.
func TestTranslationIsATaskOfAPerson(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	v.says(v.get("officer", "/letters/1", 200), "Beställ översättning")
	v.get("teacher", v.path+"/decision/translation", 404)
	v.says(v.post("officer", "/do/1/order_translation", 422, "to", "finance1@example.org"), "Språk", "kan inte sköta brev")
	v.post("officer", "/do/1/order_translation", 303, "lang", "fi", "to", "secretary@example.org", "due_on", "2026-06-30")
	v.says(v.get("secretary", "/tasks", 200), "Lägg in översättningen")
	if text := v.get("officer", "/tasks", 200); strings.Contains(text, "Lägg in översättningen") {
		t.Errorf("it waits for the officer as well: %s", text)
	}
	v.says(v.get("secretary", "/do/1/enter_translation", 200), "Finska", "30 juni 2026", "Ser till det")
	v.says(v.post("secretary", "/do/1/enter_translation", 422, "title", "", "text", "Myönnetään 30 000 kruunua."), "Rubrik på det språket")
	v.post("secretary", "/do/1/enter_translation", 303, "title", "Päätös", "text", "Myönnetään 30 000 kruunua.")
	if text := v.get("secretary", "/tasks", 200); strings.Contains(text, "Lägg in översättningen") {
		t.Errorf("it waits still: %s", text)
	}
	v.says(v.get("teacher", v.path+"/decision", 200), "Läs beslutet på finska")
	v.says(v.get("principal", v.path+"/decision/translation", 200), "Päätös", "Myönnetään 30 000 kruunua.", "gäller beslutet på svenska")
	markup := v.markup("teacher", v.getOf(v.path+"/decision/translation"), 200)
	if !strings.Contains(markup, `<h1 lang="fi">Päätös</h1>`) || !strings.Contains(markup, `<p lang="fi">Myönnetään`) {
		t.Errorf("the page does not say its language: %s", markup)
	}
}
