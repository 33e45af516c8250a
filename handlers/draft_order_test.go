package handlers

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"fund/handlers/webtest"
)

// TestSaveThatComesTooLate: the network holds one save up until a later one of
// the same page was taken. It changes nothing any more; another page's does.
func TestSaveThatComesTooLate(t *testing.T) {
	t.Parallel()
	v := writing(t)
	budget := func() string {
		var list []string
		for _, l := range v.form().Lines() {
			list = append(list, l.Text)
		}
		return strings.Join(list, ", ")
	}
	const page, other = "00000000000000aa", "00000000000000bb"
	drawn := v.drawn("teacher", "budget")
	early := filled(drawn, "budget.2.text", "Bus", "tab", page, "turn", "2")
	later := filled(drawn, "budget.2.text", "Buss", "tab", page, "turn", "4", "before", early.Encode())
	if got := v.autosave("teacher", "budget", later); got.Late || budget() != ", Buss" {
		t.Fatalf("the later save: late %v, budget %q", got.Late, budget())
	}
	if got := v.autosave("teacher", "budget", early); !got.Late || budget() != ", Buss" {
		t.Errorf("the early save after it: late %v, budget %q", got.Late, budget())
	}
	// A row that was added, sent and taken away again: nothing was written, and yet the early save is late.
	drawn = v.drawn("teacher", "budget")
	early = filled(drawn, "budget.3.text", "Mat", "tab", other, "turn", "2")
	v.autosave("teacher", "budget", filled(drawn, "tab", other, "turn", "4", "before", early.Encode()))
	if v.autosave("teacher", "budget", early); budget() != ", Buss" {
		t.Errorf("a row that was taken away came back: %q", budget())
	}
	// A button's post overtakes as well, and a colleague's page has turns of its own.
	drawn = v.drawn("teacher", "purpose")
	early = filled(drawn, "text.summary", "Ett ut", "tab", page, "turn", "6")
	button := filled(drawn, "text.summary", "Ett utbyte", "tab", page, "turn", "8", "before", early.Encode(), "go", "back")
	v.raw("teacher", http.MethodPost, v.path+"/edit/purpose", button.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	v.autosave("teacher", "purpose", early)
	if got := v.form().Text.Summary; got != "Ett utbyte" {
		t.Errorf("summary %q", got)
	}
	if got := v.autosave(colleague, "purpose", filled(v.drawn(colleague, "purpose"), "text.purpose", "Språk", "tab", page, "turn", "2")); got.Late || v.form().Text.Purpose != "Språk" {
		t.Errorf("a colleague's save: late %v, purpose %q", got.Late, v.form().Text.Purpose)
	}
	// What is no page's name or no number counts for nothing.
	for _, bad := range []string{"", "x", "-1", "99999999999"} {
		if got := v.autosave("teacher", "purpose", filled(v.drawn("teacher", "purpose"), "text.summary", "Nu "+bad, "tab", page, "turn", bad)); got.Late {
			t.Errorf("turn %q is late", bad)
		}
	}
}

// TestRowStandsOnceAfterASlowNetwork: a browser's first save is cut off and
// reaches the server when the next one has long been taken.
func TestRowStandsOnceAfterASlowNetwork(t *testing.T) {
	t.Parallel()
	b := webtest.Start(t)
	v := writing(t)
	var hold atomic.Bool
	var mu sync.Mutex
	var held []*http.Request
	var bodies [][]byte
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !hold.Load() || !strings.Contains(r.URL.Path, "/save/") {
			v.pages.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("held up: %v", err)
		}
		mu.Lock()
		held, bodies = append(held, r.Clone(t.Context())), append(bodies, body)
		mu.Unlock()
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			conn.Close()
		}
	}))
	t.Cleanup(srv.Close)
	v.get("teacher", "/tasks", http.StatusOK)
	tab := b.Tab(t, webtest.Options{})
	tab.SetCookie(srv.URL, sessionCookie, v.cookies["teacher"])
	tab.Open(srv.URL + v.path + "/edit/budget?lang=sv")
	tab.Click("Lägg till rad")
	hold.Store(true)
	typed(tab, "budget.2.text", "Bus")
	tab.Wait(`document.querySelector("[data-draft-trouble] p").textContent.includes("finns kvar i den här webbläsaren") && !document.querySelector("[data-draft-trouble]").hidden`)
	typed(tab, "budget.2.text", "Buss")
	hold.Store(false)
	tab.Wait(draftSaved)
	var sent url.Values
	mu.Lock()
	defer mu.Unlock()
	for i, r := range held { // now they come
		r.Body = io.NopCloser(bytes.NewReader(bodies[i]))
		w := httptest.NewRecorder()
		v.pages.ServeHTTP(w, r)
		if sent, _ = url.ParseQuery(string(bodies[i])); w.Code != http.StatusOK || sent.Get("turn") == "" {
			t.Fatalf("held up: %d %s, turn %q", w.Code, w.Body, sent.Get("turn"))
		}
	}
	var rows []string
	for _, l := range v.form().Lines() {
		rows = append(rows, fmt.Sprintf("%d %s", l.Line, l.Text))
	}
	if got := strings.Join(rows, ", "); len(held) == 0 || got != "1 , 2 Buss" {
		t.Errorf("after %d saves that came late the budget is %q", len(held), got)
	}
	tab.Open(srv.URL + v.path + "/edit/budget")
	if got := tab.Eval(`document.querySelector('[name="budget.2.text"]').value + " " + document.querySelectorAll('[name$=".text"]').length`); got != "Buss 2" {
		t.Errorf("the page shows %q", got)
	}
}
