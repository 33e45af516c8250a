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
	v.says(v.plain("admin", "/rounds/new", 422), "Kod: Fyll i det här", "Namn på svenska: Fyll i det här", "Öppnar: Fyll i det här")
	v.plain("admin", "/rounds/VT26/close", 303, "version", version, "close_reason", "Omgången är full.")
}
