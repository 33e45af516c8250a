package handlers

import (
	"fmt"
	"net/http"
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
