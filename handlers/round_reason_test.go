package handlers

import (
	"net/http"
	"strings"
	"testing"
)

// TestARoundIsNotEndedByAClick: the page closes and cancels a round only with a reason,
// said at the form that was sent; what is missing of a new round is said all at once.
func TestARoundIsNotEndedByAClick(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	r := v.call("admin", http.MethodGet, "/rounds/VT26", "").want(200)
	version := strings.Trim(r.tag(), `W/"`)
	for act, words := range map[string]string{"close": "Skäl för att stänga", "cancel": "Skäl för att ställa in"} {
		v.says(v.plain("admin", "/rounds/VT26/"+act, 422, "version", version, act+"_reason", " "), words, "Fyll i det här")
	}
	if state := v.call("admin", http.MethodGet, "/rounds/VT26", "").want(200).body["state"]; state != "published" {
		t.Errorf("the round is %v", state)
	}
	v.says(v.get("admin", "/rounds/VT26/cancel", 200), "Inskickade ansökningar 1", "Av dem med bidrag 0", "Det som redan har kommit in ligger kvar", "Det går inte att ångra")
	if page := v.markup("admin", v.getOf("/rounds/VT26"), 200); strings.Contains(page, `action="/rounds/VT26/cancel"`) || !strings.Contains(page, `href="/rounds/VT26/cancel"`) {
		t.Errorf("the round is cancelled from its own page: %s", page)
	}
	v.says(v.plain("admin", "/rounds/new", 422), "Kod: Fyll i det här", "Namn på svenska: Fyll i det här", "Öppnar: Fyll i det här")
	v.plain("admin", "/rounds/VT26/close", 303, "version", version, "close_reason", "Omgången är full.")
}

// TestAClosedRoundIsNotClosedAgain: when its day has passed the page offers no closing; a round with grants is
// cancelled on a page that says how many it has, once.
func TestAClosedRoundIsNotClosedAgain(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	form := `action="/rounds/VT26/close"`
	if page := v.markup("admin", v.getOf("/rounds/VT26"), 200); !strings.Contains(page, form) {
		t.Errorf("an open round can't be closed: %s", page)
	}
	v.says(v.get("head", "/rounds/VT26/cancel?lang=en", 200), "Applications filed 1", "Of those, with a grant 1 Granted")
	version := func() string {
		return strings.Trim(v.call("admin", http.MethodGet, "/rounds/VT26", "").want(200).tag(), `W/"`)
	}
	v.call("admin", http.MethodPatch, "/rounds/VT26", `{"closes":"2026-02-01"}`, "If-Match", v.call("admin", http.MethodGet, "/rounds/VT26", "").want(200).tag()).want(200)
	v.at("2026-02-10T09:00:00+01:00")
	if page := v.markup("admin", v.getOf("/rounds/VT26"), 200); strings.Contains(page, form) || !strings.Contains(page, "/rounds/VT26/cancel") {
		t.Errorf("the round is closed, and offers to be: %s", page)
	}
	v.plain("admin", "/rounds/VT26/cancel", 303, "version", version(), "cancel_reason", "Ingen ska åka.")
	v.get("admin", "/rounds/VT26/cancel", 303)
	if page := v.markup("admin", v.getOf("/rounds/VT26"), 200); strings.Contains(page, "/rounds/VT26/cancel") {
		t.Errorf("cancelled, and to be cancelled again: %s", page)
	}
}
