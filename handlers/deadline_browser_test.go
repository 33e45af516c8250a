package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fund/handlers/webtest"
	"fund/sql/sqltest"
	"fund/workflow"
	"fund/workflow/lang"
)

// wrongClock makes every Date of a page wrong by some days.
func wrongClock(days int) string {
	return fmt.Sprintf(`(() => { const R = Date, off = %d * 86400000;
		window.Date = class extends R { constructor(...a) { if (a.length) super(...a); else super(R.now() + off); } static now() { return R.now() + off; } }; })()`, days)
}

// running lets the rehearsal's clock run on from an instant.
func (v *school) running(at string) {
	v.t.Helper()
	to, err := time.Parse(time.RFC3339, at)
	if err != nil {
		v.t.Fatal(err)
	}
	offset := time.Until(to).Microseconds()
	if err := sqltest.Exec(v.url, fmt.Sprintf("UPDATE clock SET frozen_at = NULL, offset_us = %d", offset)); err != nil {
		v.t.Fatal(err)
	}
}

func TestWrongBrowserClockChangesNothing(t *testing.T) {
	t.Parallel()
	b := webtest.Start(t)
	for _, tt := range []struct {
		days        int
		lang        string
		closes      string
		second      string // how the clock begins in the last minute
		late, saved string
	}{
		{1, "sv", "Stänger tisdag 31 mars 2026 kl. 23.59 svensk tid.", "I tjänsten är det nu kl. 23.59.", "Ansökningstiden gick ut", "Sparat kl. 00.0"},
		{-1, "en", "Closes Tuesday 31 March 2026 at 23:59 Swedish time.", "In the service it is now 23:59:", "The deadline passed", "Saved 00:0"},
	} {
		t.Run(tt.lang, func(t *testing.T) {
			t.Parallel()
			v := writing(t)
			v.act("teacher", v.path, "request_approval", "{}")
			v.act("principal", v.path, "approve", `{"statement":"Tillstyrks."}`)
			url := cutNetwork(t, v.pages, new(atomic.Bool))
			v.get("teacher", "/tasks", http.StatusOK)
			tab := b.Tab(t, webtest.Options{First: wrongClock(tt.days)})
			tab.SetCookie(url, sessionCookie, v.cookies["teacher"])
			tab.Open(url + "/?lang=" + tt.lang)
			if off := tab.Eval(`String(Math.round((new Date() - Date.UTC(1970, 0, 1)) / 86400000) === Math.round((performance.timeOrigin + performance.now()) / 86400000))`); off != "false" {
				t.Fatal("the browser's clock is right")
			}
			v.running("2026-03-31T23:59:45+02:00")
			tab.Open(url + v.path + "/edit/purpose")
			clock := `document.querySelector("[data-clock]").textContent.replace(/\u00a0/g, " ")`
			shown := `document.querySelector("[data-deadline]").innerText.replace(/[\s\u00a0]+/g, " ")`
			if got := tab.Eval(shown); !strings.Contains(got, tt.closes) || !strings.Contains(got, tt.second) || strings.Contains(got, tt.late) {
				t.Errorf("before the deadline: %q", got)
			}
			first := tab.Eval(clock)
			tab.Wait(clock + ` !== ` + fmt.Sprintf("%q", first))
			for end := time.Now().Add(30 * time.Second); !strings.Contains(tab.Eval(shown), tt.late) && time.Now().Before(end); {
				tab.Wait(`!document.hidden`) // asks again
			}
			tab.See(tt.late)
			now, err := v.store.Now(t.Context())
			if err != nil || now.Day() != 1 {
				t.Errorf("the page says late at %v (%v)", now, err)
			}
			if got := tab.Eval(shown); strings.Contains(got, tt.closes) {
				t.Errorf("past the deadline it still says %q", got)
			}
			// What is saved carries the service's time, and so does the filing.
			tab.Eval(`(() => { const f = document.querySelector('[name="text.summary"]'); f.value = "Klockan går fel."; f.dispatchEvent(new Event("input", {bubbles: true})); return "" })()`)
			tab.Wait(`document.querySelector("[data-draft-saved]").textContent.replace(/\u00a0/g, " ").startsWith("` + tt.saved + `")`)
			for end := time.Now().Add(30 * time.Second); v.form().Text.Summary != "Klockan går fel." && time.Now().Before(end); {
				time.Sleep(50 * time.Millisecond)
			}
			tab.Open(url + v.path + "/check")
			tab.See(tt.late)
			tab.Click(lang.T(lang.Lang(tt.lang), "action.submit"))
			tab.See(lang.T(lang.Lang(tt.lang), "receipt.title"))
			k, err := v.store.Case(t.Context(), workflow.Machine(), v.id)
			if err != nil {
				t.Fatal(err)
			}
			if !k.Round.Late(k.App.ID, k.App.ReceivedAt) || k.App.ReceivedAt.Format("2006-01-02 15") != "2026-04-01 00" {
				t.Errorf("received at %v", k.App.ReceivedAt)
			}
		})
	}
}

// A day ahead or behind, an application in the last minutes is in time.
func TestWrongBrowserClockInTime(t *testing.T) {
	t.Parallel()
	b := webtest.Start(t)
	for _, days := range []int{1, -1} {
		v := writing(t)
		v.act("teacher", v.path, "request_approval", "{}")
		v.act("principal", v.path, "approve", `{"statement":"Tillstyrks."}`)
		url := cutNetwork(t, v.pages, new(atomic.Bool))
		v.get("teacher", "/tasks", http.StatusOK)
		tab := b.Tab(t, webtest.Options{First: wrongClock(days), Width: 360})
		tab.SetCookie(url, sessionCookie, v.cookies["teacher"])
		v.running("2026-03-31T23:55:00+02:00")
		tab.Open(url + v.path + "/check?lang=sv")
		tab.See("Stänger tisdag 31 mars 2026 kl. 23.59 svensk tid.", "I tjänsten är det nu kl. 23.55.")
		tab.NotSee("Ansökningstiden gick ut")
		tab.Click("Skicka in")
		tab.See("Ansökan är inskickad", "2026-03-31 kl. 23.55.")
		k, err := v.store.Case(t.Context(), workflow.Machine(), v.id)
		if err != nil {
			t.Fatal(err)
		}
		if k.Round.Late(k.App.ID, k.App.ReceivedAt) {
			t.Errorf("%d days wrong: received at %v", days, k.App.ReceivedAt)
		}
	}
}
