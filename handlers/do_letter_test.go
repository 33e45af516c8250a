package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestALetterIsSeenBeforeItGoes: a correction and an answer to a change can be read as they will be
// sent; looking stores nothing, keeps what is typed, and says what is missing.
func TestALetterIsSeenBeforeItGoes(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	version := func() string {
		return fmt.Sprint(v.call("officer", http.MethodGet, v.path, "").want(200).at("version"))
	}
	do := fmt.Sprintf("/do/%d/", v.id)
	v.says(v.get("officer", do+"correct", 200), "Förhandsgranska brevet")
	before := version()
	page := v.markup("officer", v.formOf("officer", do+"correct", "do", "preview", "was", "6 oktober", "is", "5 oktober", "reason", "Fel dag."), 200)
	v.says(pageText(t, page), "Så blir brevet", "Rättelse", "6 oktober", "5 oktober", "Fel dag.")
	if !strings.Contains(page, `value="5 oktober"`) {
		t.Error("what was typed is gone")
	}
	if text := v.post("officer", do+"correct", 422, "do", "preview", "was", "6 oktober", "reason", "Fel dag."); strings.Contains(text, "Så blir brevet") {
		t.Error("a letter without its words is shown")
	}
	v.act("teacher", v.path, "accept_conditions", "{}")
	v.post("teacher", v.path+"/change", 303, "type", "dates", "proposed.activity.start", "2026-11-16", "proposed.activity.end", "2026-11-21", "cause", "outside", "reason", "Partnerskolans prov.")
	asked := version()
	v.says(v.post("head", do+"decide_change", 200, "do", "preview", "outcome", "approved", "reason", "Går bra."), "Så blir brevet", "Beslut om ändring av ”", "Går bra.")
	if got := version(); got != asked || before == asked {
		t.Errorf("looking at the letter made version %s of %s", got, asked)
	}
	v.says(v.post("teacher", do+"correct", 403, "do", "preview", "was", "a", "is", "b", "reason", "c"), "roll")
}
