package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fund/handlers/webtest"
)

// typed puts a text into a control as typing does.
func typed(tab *webtest.Tab, name, text string) {
	tab.Eval(fmt.Sprintf(`(() => { const f = document.querySelector('[name="%s"]'); f.focus(); f.value = %q; f.dispatchEvent(new Event("input", {bubbles: true})); return "" })()`, name, text))
}

const draftSaved = `document.querySelector("[data-draft-saved]").textContent.startsWith("Sparat ") && document.querySelector("[data-draft-trouble]").hidden`

// TestTwoBrowsersInOneBudget: one adds rows while the other writes in another
// row; both add one; both change the same cell. No row is lost and none doubled.
func TestTwoBrowsersInOneBudget(t *testing.T) {
	t.Parallel()
	b := webtest.Start(t)
	v := writing(t)
	url := cutNetwork(t, v.pages, new(atomic.Bool))
	open := func(who string) *webtest.Tab {
		v.get(who, "/tasks", http.StatusOK)
		tab := b.Tab(t, webtest.Options{})
		tab.SetCookie(url, sessionCookie, v.cookies[who])
		tab.Open(url + v.path + "/edit/budget?lang=sv")
		return tab
	}
	lines := func() (list []string) {
		for _, l := range v.form().Lines() {
			list = append(list, fmt.Sprintf("%d %s %d×%d", l.Line, l.Text, intOf(l.Qty), intOf(l.UnitPrice)))
		}
		return list
	}
	eventually := func(what string, want ...string) {
		t.Helper()
		var got []string
		for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
			if got = lines(); fmt.Sprint(got) == fmt.Sprint(want) {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("%s: the budget is %q, want %q", what, got, want)
	}
	anna, bo := open("teacher"), open(colleague)

	// Bo writes in row 1 while Anna adds a row.
	typed(bo, "budget.1.text", "Tåg och")
	anna.Click("Lägg till rad")
	anna.Wait(`document.activeElement.name == "budget.2.code"`)
	typed(anna, "budget.2.text", "Mat")
	typed(anna, "budget.2.qty", "22")
	typed(anna, "budget.2.unit_price", "100")
	typed(bo, "budget.1.text", "Tåg och buss")
	eventually("a row added beside a changed one", "1 Tåg och buss 22×2000", "2 Mat 22×100")
	// Bo's page takes Anna's row when Bo writes elsewhere.
	bo.Eval(`(document.querySelector('[name="requested"]').focus(), "")`)
	typed(bo, "requested", "25000")
	bo.Wait(`document.querySelector('[name="budget.2.text"]')?.value == "Mat"`)

	// Both add a row, and go on writing in it after it was saved.
	bo.Click("Lägg till rad")
	anna.Click("Lägg till rad")
	typed(bo, "budget.3.text", "Mus")
	typed(bo, "budget.3.qty", "22")
	typed(bo, "budget.3.unit_price", "50")
	bo.Wait(draftSaved)
	typed(anna, "budget.3.text", "Försä")
	typed(anna, "budget.3.qty", "1")
	typed(anna, "budget.3.unit_price", "900")
	anna.Wait(`document.querySelector("[data-draft-news]").textContent.includes("skriver också här")`)
	typed(bo, "budget.3.text", "Museum")
	typed(anna, "budget.3.text", "Försäkring")
	eventually("a row added by each", "1 Tåg och buss 22×2000", "2 Mat 22×100", "3 Museum 22×50", "4 Försäkring 1×900")
	if got := v.form().Requested; intOf(got) != 25000 {
		t.Errorf("requested %v", got)
	}

	// The same row: whoever saves last is asked, with both shown.
	for _, tab := range []*webtest.Tab{anna, bo} {
		tab.Open(url + v.path + "/edit/budget")
	}
	typed(anna, "budget.2.text", "Mat för alla")
	anna.Wait(draftSaved)
	typed(bo, "budget.2.text", "Matsäck")
	bo.Wait(`!document.querySelector("[data-draft-compare]").hidden`)
	bo.Click("Jämför och välj")
	bo.Wait(`document.querySelector("h1").textContent == "Ni har skrivit i samma fält"`)
	bo.See("Matsäck", "Mat för alla")
	bo.Choose("Det jag skrev")
	bo.Click("Spara valet")
	eventually("the same row", "1 Tåg och buss 22×2000", "2 Matsäck 22×100", "3 Museum 22×50", "4 Försäkring 1×900")
}

// TestAnswerThatNeverCame: what was saved without the writer knowing it is no
// clash with oneself, neither in the page nor on the next visit.
func TestAnswerThatNeverCame(t *testing.T) {
	t.Parallel()
	b := webtest.Start(t)
	v := writing(t)
	var mute atomic.Bool
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !mute.Load() {
			v.pages.ServeHTTP(w, r)
			return
		}
		v.pages.ServeHTTP(httptest.NewRecorder(), r)
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			conn.Close()
		}
	}))
	t.Cleanup(srv.Close)
	v.get("teacher", "/tasks", http.StatusOK)
	tab := b.Tab(t, webtest.Options{})
	tab.SetCookie(srv.URL, sessionCookie, v.cookies["teacher"])
	const waits = `document.querySelector("[data-draft-trouble] p").textContent.includes("finns kvar i den här webbläsaren") && !document.querySelector("[data-draft-trouble]").hidden`
	add := func(n int) {
		tab.Open(srv.URL + v.path + "/edit/budget?lang=sv")
		tab.Click("Lägg till rad")
		mute.Store(true)
		typed(tab, fmt.Sprintf("budget.%d.text", n), "Bus")
		tab.Wait(waits)
		typed(tab, fmt.Sprintf("budget.%d.text", n), "Buss")
	}
	want := func(texts ...string) {
		t.Helper()
		var got []string
		for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
			got = nil
			for _, l := range v.form().Lines() {
				got = append(got, l.Text)
			}
			if fmt.Sprint(got) == fmt.Sprint(texts) {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("the budget is %q, want %q", got, texts)
	}
	add(2)
	mute.Store(false)
	tab.Wait(draftSaved)
	want("", "Buss")
	add(3)
	tab.Wait(waits)
	tab.Eval(`(document.querySelector("form[data-draft]").remove(), "")`) // the page is gone
	mute.Store(false)
	tab.Open(srv.URL + v.path + "/edit/budget")
	tab.Wait(`document.querySelector("[data-draft-news]").textContent.includes("nu sparat")`)
	want("", "Buss", "Buss")
}

// TestLinkBeforeTheSave: a link pressed right after a key is followed when the
// words are saved, so that the next page has them and nothing changes behind it.
func TestLinkBeforeTheSave(t *testing.T) {
	t.Parallel()
	b := webtest.Start(t)
	v := writing(t)
	var saves atomic.Int32
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/save/") {
			saves.Add(1)
			time.Sleep(300 * time.Millisecond) // a network far away
		}
		v.pages.ServeHTTP(w, r)
	}))
	t.Cleanup(slow.Close)
	v.get("teacher", "/tasks", http.StatusOK)
	tab := b.Tab(t, webtest.Options{})
	tab.SetCookie(slow.URL, sessionCookie, v.cookies["teacher"])
	tab.Open(slow.URL + v.path + "/edit/purpose?lang=sv")
	typed(tab, "text.summary", "Sista orden.")
	tab.Click("Alla delar i ansökan")
	if got := v.form().Text.Summary; got != "Sista orden." {
		t.Errorf("the next page was made of %q", got)
	}
	if n := saves.Load(); n != 1 {
		t.Errorf("saved %d times", n)
	}
}

// TestRowAddedBeforeTheSave: a row's button pressed right after a key keeps the
// new row, its focus, and says nothing of a lost network.
func TestRowAddedBeforeTheSave(t *testing.T) {
	t.Parallel()
	b := webtest.Start(t)
	v := writing(t)
	url := cutNetwork(t, v.pages, new(atomic.Bool))
	v.get("teacher", "/tasks", http.StatusOK)
	tab := b.Tab(t, webtest.Options{})
	tab.SetCookie(url, sessionCookie, v.cookies["teacher"])
	tab.Open(url + v.path + "/edit/purpose?lang=sv")
	typed(tab, "text.summary", "Genast.")
	tab.Click("Lägg till mål")
	tab.Wait(`document.activeElement.name == "text.goals.2.goal"`)
	tab.Eval(`(window.same = true, "")`)
	typed(tab, "text.goals.2.goal", "Mål två")
	tab.Wait(draftSaved)
	typed(tab, "text.purpose", "Också genast.")
	tab.Click("Spara och fortsätt")
	tab.Open(url + v.path + "/edit/purpose")
	if got := tab.Eval(`document.querySelector("[data-draft-news]").textContent + Object.keys(localStorage).filter((k) => k.startsWith("fund:")).join()`); got != "" {
		t.Errorf("after saving, the browser says or keeps %q", got)
	}
	if f := v.form().Text; f.Summary != "Genast." || f.Purpose != "Också genast." || len(f.Goals) != 2 || f.Goals[1].Goal != "Mål två" {
		t.Errorf("kept %+v", f)
	}
}
