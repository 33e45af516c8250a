package handlers

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"fund/handlers/webtest"
	"fund/sql/sqltest"
)

// cutNetwork serves the pages until down is set; then every connection is cut without an answer.
func cutNetwork(t *testing.T, pages http.Handler, down *atomic.Bool) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down.Load() {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				conn.Close()
			}
			return
		}
		pages.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func TestWritingInABrowser(t *testing.T) {
	t.Parallel()
	b := webtest.Start(t)
	v := writing(t)
	var down atomic.Bool
	url := cutNetwork(t, v.pages, &down)
	open := func(who string, width int) *webtest.Tab {
		v.get(who, "/tasks", http.StatusOK)
		tab := b.Tab(t, webtest.Options{Width: width})
		tab.SetCookie(url, sessionCookie, v.cookies[who])
		tab.Open(url + v.path + "/edit/purpose?lang=sv")
		return tab
	}
	const inSummary, inPurpose = `document.querySelector('[name="text.summary"]')`, `document.querySelector('[name="text.purpose"]')`
	write := func(tab *webtest.Tab, field, text string) {
		tab.Eval(`(() => { const f = ` + field + `; f.focus(); f.value = "` + text + `"; f.dispatchEvent(new Event("input", {bubbles: true})); return "" })()`)
	}
	saved := `document.querySelector("[data-draft-saved]").textContent.startsWith("Sparat ")`
	trouble := `document.querySelector("[data-draft-trouble] p").textContent`

	anna, bo := open("teacher", 1280), open(colleague, 360)
	write(anna, inSummary, "Anna skriver.")
	anna.Wait(saved)
	if got := v.form().Text.Summary; got != "Anna skriver." {
		t.Errorf("kept %q", got)
	}
	write(bo, inPurpose, "Bo skriver.")
	bo.Wait(saved)
	bo.Wait(inSummary + `.value == "Anna skriver."`)
	bo.See("skriver också här")

	// The network goes in the middle of typing, and comes back.
	down.Store(true)
	write(anna, inSummary, "Anna skriver utan nät.")
	anna.Wait(trouble + `.includes("finns kvar i den här webbläsaren")`)
	if got := v.form().Text.Summary; got != "Anna skriver." {
		t.Errorf("kept %q without network", got)
	}
	down.Store(false)
	anna.Wait(`document.querySelector("[data-draft-trouble]").hidden`)
	if got := v.form().Text.Summary; got != "Anna skriver utan nät." {
		t.Errorf("kept %q when the network was back", got)
	}

	// The browser is closed without network; the next visit sends what was kept.
	down.Store(true)
	write(anna, inSummary, "Anna stänger locket.")
	anna.Wait(trouble + `.includes("finns kvar i den här webbläsaren")`)
	anna.Eval(`(document.querySelector("form[data-draft]").remove(), "")`) // the page is gone: no more tries
	down.Store(false)
	anna.Open(url + v.path + "/edit/purpose")
	anna.Wait(inSummary + `.value == "Anna stänger locket."`)
	anna.Wait(`document.querySelector("[data-draft-news]").textContent.includes("nu sparat")`)

	// Leaving the page in the same second as the last key.
	write(anna, inSummary, "Sista ordet.")
	anna.Open(url + v.path)
	anna.Open(url + v.path + "/edit/purpose")
	anna.Wait(inSummary + `.value == "Sista ordet."`)

	// Both write in the same field: one page shows both and asks.
	write(bo, inPurpose, "Bos syfte.")
	write(anna, inPurpose, "Annas syfte.")
	// Who saves last is asked; which of them that is, the network decides.
	var loser *webtest.Tab
	for end := time.Now().Add(30 * time.Second); loser == nil && time.Now().Before(end); {
		for _, tab := range []*webtest.Tab{anna, bo} {
			if tab.Eval(`String(!document.querySelector("[data-draft-compare]").hidden)`) == "true" {
				loser = tab
			}
		}
	}
	if loser == nil {
		t.Fatal("nobody is asked")
	}
	if faults := loser.Axe(); len(faults) > 0 {
		t.Errorf("asking: %v", faults)
	}
	loser.Click("Jämför och välj")
	loser.Wait(`document.querySelector("h1").textContent == "Ni har skrivit i samma fält"`)
	loser.See("Bos syfte.", "Annas syfte.")
	if faults := loser.Axe(); len(faults) > 0 {
		t.Errorf("clash page: %v", faults)
	}
	loser.Resize(360)
	if px, what := loser.SideScroll(); px > 0 {
		t.Errorf("clash page scrolls %d px: %s", px, what)
	}
	if *pictures != "" {
		loser.SaveScreenshot(1280, *pictures+"/clash.png")
		loser.SaveScreenshot(360, *pictures+"/clash-360.png")
	}
	loser.Choose("Båda texterna efter varandra")
	loser.Click("Spara valet")
	loser.Wait(inPurpose + `.value.includes("Annas syfte.") && ` + inPurpose + `.value.includes("Bos syfte.")`)

	// A sign-in that ran out while writing.
	if err := sqltest.Exec(v.url, "UPDATE sessions SET seen_at = seen_at - interval '9 hours'"); err != nil {
		t.Fatal(err)
	}
	write(loser, inSummary, "Efter lunch.")
	loser.Wait(trouble + `.includes("utloggad")`)
	if *pictures != "" {
		loser.SaveScreenshot(1280, *pictures+"/signed-out.png")
	}
	loser.Click("Spara och fortsätt")
	loser.Wait(`location.pathname == "/sign-in"`)
	who := "teacher"
	if loser == bo {
		who = colleague
	}
	loser.Open(url + "/sign-in?q=" + who + "@")
	loser.Eval(`(document.querySelector('input[value="` + who + `@example.org"]').form.querySelector("button").click(), "")`)
	loser.Wait(`location.pathname.endsWith("/edit/programme")`)
	if got := v.form().Text.Summary; got != "Efter lunch." {
		t.Errorf("kept %q after the sign-in", got)
	}
}
