package handlers

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestAWrongClickIsTakenBackOnThePage: the case page offers it, the form says
// what is taken back and asks why, and afterwards the case is as it was.
func TestAWrongClickIsTakenBackOnThePage(t *testing.T) {
	t.Parallel()
	v := newSchool(t).ranked()
	page := fmt.Sprintf("/cases/%d", v.id)
	if text := v.get("officer", page, http.StatusOK); !strings.Contains(text, "Ta tillbaka senaste steget") {
		t.Fatalf("not offered: %s", text)
	}
	form := fmt.Sprintf("/do/%d/take_back", v.id)
	text := v.get("officer", form, http.StatusOK)
	for _, want := range []string{"Det som tas tillbaka", "lade ansökan i rangordningen", "står kvar i historiken"} {
		if !strings.Contains(text, want) {
			t.Errorf("the form lacks %q: %s", want, text)
		}
	}
	if text := v.post("officer", form, http.StatusUnprocessableEntity, "reason", ""); !strings.Contains(text, "Ta tillbaka senaste steget") {
		t.Errorf("without a reason: %s", text)
	}
	v.post("officer", form, http.StatusSeeOther, "reason", "Fel rad i listan.")
	seen := v.call("officer", http.MethodGet, v.path, "").want(http.StatusOK)
	if seen.body["state"] != "under_assessment" {
		t.Errorf("state %v", seen.body["state"])
	}
	if text := v.get("officer", page, http.StatusOK); !strings.Contains(text, "tog tillbaka senaste steget") {
		t.Errorf("the history lacks it: %s", text)
	}
	if text := v.get("teacher", fmt.Sprintf("/applications/%d", v.id), http.StatusOK); strings.Contains(text, "tillbaka senaste steget") {
		t.Errorf("the school reads of it: %s", text)
	}
}

// TestADecisionThatWasReadStands: over the API it is offered until the school has opened it, and refused after.
func TestADecisionThatWasReadStands(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	offered := func() bool {
		return slices.Contains(v.call("head", http.MethodGet, v.path, "").want(http.StatusOK).body["allowed_actions"].([]any), any("take_back"))
	}
	if !offered() {
		t.Error("not offered to the head")
	}
	v.call("teacher", http.MethodGet, v.path, "").want(http.StatusOK)
	if offered() {
		t.Error("still offered when the school has read it")
	}
	tag := v.call("head", http.MethodGet, v.path, "").tag()
	got := v.call("head", http.MethodPost, v.path+"/actions/take_back", `{"reason":"Fel."}`, "If-Match", tag).want(http.StatusConflict)
	if got.body["code"] != "shown_outside" {
		t.Errorf("refused with %v", got.body["code"])
	}
}

// TestDecideAndHoldTheLetter: the decider may let the letter wait, in the same step; then the decision can be taken
// back on the page, and until it is released the school knows nothing. A letter that goes at once offers nothing that lasts a second.
func TestDecideAndHoldTheLetter(t *testing.T) {
	t.Parallel()
	v := newSchool(t).ranked()
	words := []string{"outcome", "granted", "amount", "30000", "text", "Bra utbyte.", "delegation_item", "3.1"}
	v.act("officer", v.path, "propose", `{"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[]}`)
	at, page := fmt.Sprintf("/decisions/%d", v.id), fmt.Sprintf("/cases/%d", v.id)
	decide := func(how string) {
		t.Helper()
		page := v.markup("head", v.formOf("head", at, append([]string{"do", "preview"}, words...)...), 200)
		seen := regexp.MustCompile(`name="seen" value="([^"]*)"`).FindStringSubmatch(page)[1]
		v.post("head", at, http.StatusSeeOther, append([]string{"do", how, "seen", seen}, words...)...)
	}
	if text := v.get("head", at, 200); !strings.Contains(text, "Besluta och vänta med brevet") {
		t.Fatalf("not offered: %s", text)
	}
	decide("decide_hold")
	text := v.get("head", page, 200)
	for _, want := range []string{"Ta tillbaka senaste steget", "Brevet om beslutet väntar", "Släpp brevet"} {
		if !strings.Contains(text, want) {
			t.Errorf("the held case lacks %q: %s", want, text)
		}
	}
	if got := v.call("teacher", http.MethodGet, v.path, "").want(200).body["state"]; got != "proposed" {
		t.Errorf("the school sees %v", got)
	}
	v.post("head", fmt.Sprintf("/do/%d/take_back", v.id), http.StatusSeeOther, "reason", "Fel belopp.")
	if got := v.call("head", http.MethodGet, v.path, "").want(200); got.body["state"] != "proposed" || got.body["letter"] != nil {
		t.Errorf("state %v, letter %v", got.body["state"], got.body["letter"])
	}
	decide("decide")
	if text := v.get("head", page, 200); strings.Contains(text, "Ta tillbaka senaste steget") || strings.Contains(text, "Brevet om beslutet väntar") {
		t.Errorf("a letter that goes at once: %s", text)
	}
}
