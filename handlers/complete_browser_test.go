package handlers

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"fund/handlers/webtest"
)

// TestACompletionIsAnsweredOnAPhoneWithoutScripts: from the question to the sent answer.
func TestACompletionIsAnsweredOnAPhoneWithoutScripts(t *testing.T) {
	t.Parallel()
	b := webtest.Start(t)
	v := newSchool(t)
	v.act("officer", v.path, "request_completion", `{"points":[{"field":"requested","text":"Räcker mindre?"}],"due_on":"2026-02-20"}`)
	srv := httptest.NewServer(v.pages)
	t.Cleanup(srv.Close)
	v.get("teacher", "/tasks", http.StatusOK)
	tab := b.Tab(t, webtest.Options{Width: 360, WithoutJS: true})
	tab.SetCookie(srv.URL, sessionCookie, v.cookies["teacher"])
	tab.Open(srv.URL + v.path + "?lang=sv")
	tab.Click("Svara på frågorna")
	tab.See("Räcker mindre?", "Ni har inte ändrat något än")
	tab.Click("Ändra")
	tab.See("Räcker mindre?")
	tab.Fill("Hur mycket söker ni?", "12 000")
	tab.Click("Spara och gå till frågorna")
	tab.See("Förut", "12\u00a0000\u00a0kr")
	tab.Click("Skicka svaret")
	tab.Fill("Meddelande till handläggaren", "Mindre räcker.")
	tab.Click("Skicka svaret")
	tab.NotSee("Svara på frågorna")
	if got := v.state(); got != "under_check" {
		t.Errorf("the case is %v", got)
	}
	v.says(v.get("officer", v.office(), http.StatusOK), "Mindre räcker.")
}
