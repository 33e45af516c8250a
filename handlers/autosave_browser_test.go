package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"fund/handlers/webtest"
)

// TestAlonePauseSaves: where nobody else writes, nothing but the pause after the
// last key saves; the field keeps the focus and no other page is opened.
func TestAlonePauseSaves(t *testing.T) {
	t.Parallel()
	b := webtest.Start(t)
	v := newSchool(t)
	v.path = fmt.Sprintf("/applications/%v", v.draft().at("id"))
	srv := httptest.NewServer(v.pages)
	t.Cleanup(srv.Close)
	v.get("teacher", "/tasks", http.StatusOK)
	tab := b.Tab(t, webtest.Options{})
	tab.SetCookie(srv.URL, sessionCookie, v.cookies["teacher"])
	tab.Open(srv.URL + v.path + "/edit/purpose?lang=sv")
	tab.Wait(`!document.querySelector(".draft-state").hidden && !("shared" in document.querySelector("form[data-draft]").dataset)`)
	tab.Fill("Syfte", "Att jämföra två städer.")
	tab.Wait(`document.querySelector("[data-draft-saved]").textContent.startsWith("Sparat ")`)
	if got := tab.Eval(`document.activeElement.name`); got != "text.purpose" {
		t.Errorf("saving moved the focus to %q", got)
	}
	w := v.raw("teacher", http.MethodGet, v.path+"/edit/purpose", "")
	v.says(w.Body.String(), "Att jämföra två städer.")
}
