package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"fund/handlers/webtest"
)

// TestSubstituteWithoutScripts: a principal names somebody new, who reads and approves, on a phone and without JavaScript.
func TestSubstituteWithoutScripts(t *testing.T) {
	t.Parallel()
	b := webtest.Start(t)
	v := writing(t)
	v.act("teacher", v.path, "request_approval", "{}")
	var down atomic.Bool
	url := cutNetwork(t, v.pages, &down)
	as := func(who string) *webtest.Tab {
		v.get(who, "/tasks", http.StatusOK)
		tab := b.Tab(t, webtest.Options{WithoutJS: true, Width: 360})
		tab.SetCookie(url, sessionCookie, v.cookies[who])
		tab.Open(url + "/tasks?lang=sv")
		return tab
	}
	fits := func(tab *webtest.Tab, page string) {
		t.Helper()
		if px, culprit := tab.SideScroll(); px > 0 {
			t.Errorf("%s scrolls %d px sideways: %s", page, px, culprit)
		}
	}
	tab := as("principal")
	tab.Open(url + strings.Replace(v.path, "applications", "approve", 1))
	tab.Click("Är du borta? Ange en ersättare")
	tab.See("Ingen ersättare är angiven")
	fits(tab, "empty")
	tab.Fill("Ersättarens e-postadress", "ny.ersattare@example.org")
	tab.Fill("Till och med", "2026-01-01")
	tab.Click("Spara")
	tab.See("Skriv namnet också", "Sista dagen kan inte komma före den första")
	fits(tab, "errors")
	tab.Fill("Namn", "Nora Ny")
	tab.Fill("Till och med", "2026-01-20")
	tab.Click("Spara")
	tab.See("Ersättaren är angiven", "Nora Ny", "gäller nu")
	fits(tab, "filled")

	nora := as("ny.ersattare")
	nora.See("Du är ersättare för Johan Sehlstedt, rektor vid Baldergymnasiet")
	fits(nora, "tasks")
	nora.Click(fmt.Sprintf("Godkänn: %s", v.form().Title))
	nora.See("Du svarar som ersättare för Johan Sehlstedt")
	fits(nora, "approve")
	nora.Click("Godkänn")
	nora.See("Inga ärenden väntar på dig")
	v.call("teacher", http.MethodGet, v.path, "").want(200).has("state", "approved").has("approval.for", "principal@example.org")

	tab.Click("Avsluta nu")
	tab.See("avslutad i förtid", "Johan Sehlstedt")
	fits(tab, "ended")

	seen := b.Tab(t, webtest.Options{}) // axe is a script itself
	seen.SetCookie(url, sessionCookie, v.cookies["principal"])
	seen.Open(url + "/substitutes")
	for _, fault := range seen.Axe() {
		t.Error(fault)
	}
}
