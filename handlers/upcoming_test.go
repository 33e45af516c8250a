package handlers

import (
	"net/http"
	"strings"
	"testing"
)

// TestTheRehearsalShowsWhatComes: the office sees the steps that the program takes by itself; the school does not.
func TestTheRehearsalShowsWhatComes(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	v.says(v.get("officer", "/rehearsal", http.StatusOK), "Vad som händer av sig självt", "Första resdagen VT26", "Påminnelse om att godkänna villkoren")
	if text := v.get("teacher", "/rehearsal", http.StatusOK); strings.Contains(text, "Första resdagen") {
		t.Errorf("the school reads the calendar: %s", text)
	}
}
