package handlers

import (
	"net/http"
	"strings"
	"testing"
)

// TestALostCaseSaysSo: a reviewer who was taken off a case, and who has declared a conflict in one,
// reads that on every page of it, and nothing of the case; for everybody else it is not found.
func TestALostCaseSaysSo(t *testing.T) {
	t.Parallel()
	v := assessing(t)
	v.act("officer", v.path, "assign_reviewers", `{"reviewers":["reviewer2@example.org","Reviewer3@example.org"]}`)
	v.act("reviewer2", v.path, "declare_interest", `{"conflict":true,"reason":"Släkt."}`)
	for who, want := range map[string]string{"reviewer1": "Ärendet är inte längre ditt att bedöma", "reviewer2": "Du har anmält jäv i ärendet", "finance1": "Det finns inget här"} {
		for _, page := range []string{"/reviews/1", "/reviews/1/interest", "/cases/1", "/cases/1/messages"} {
			if who == "finance1" && strings.HasPrefix(page, "/reviews") {
				continue // no page of theirs
			}
			text := v.get(who, page, http.StatusNotFound)
			v.says(text, want)
			for _, secret := range []string{"Möte i Brahestad", "Kåge", "IF 2026", "Släkt"} {
				if strings.Contains(text, secret) {
					t.Errorf("%s reads %q at %s", who, secret, page)
				}
			}
		}
	}
	if w := v.raw("reviewer1", http.MethodPost, "/reviews/1/save", "ratings.K1=4", "Accept", "application/json"); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "Kontoret har ändrat vem som bedömer det") {
		t.Errorf("what is being written is answered %d %s", w.Code, w.Body)
	}
	for _, who := range []string{"reviewer1", "reviewer2"} {
		if w := v.call(who, http.MethodGet, v.path, ""); w.status != http.StatusNotFound || !strings.Contains(string(w.raw), "/problems/not-found") {
			t.Errorf("%s asks the API: %d %s", who, w.status, string(w.raw))
		}
	}
	if text := v.get("reviewer3", "/reviews/1", 200); strings.Contains(text, "inte längre ditt") {
		t.Error("who has the case is told that it is lost")
	}
}
