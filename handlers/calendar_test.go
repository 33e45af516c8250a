package handlers

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestCalendarOfARound(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		v.pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	w := get("/calendar/VT26.ics")
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Fatalf("%d %s", w.Code, w.Header())
	}
	raw := w.Body.String()
	for line := range strings.SplitSeq(strings.TrimSuffix(raw, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("line of %d bytes: %q", len(line), line)
		}
	}
	whole := strings.ReplaceAll(raw, "\r\n ", "")
	// 31 March 2026 is summer time: 23:59:59 in Skellefteå is 21:59:59 UTC.
	for _, want := range []string{"BEGIN:VCALENDAR\r\n", "DTSTART:20260331T215959Z\r\n", "TRIGGER:-P3D\r\n", "UID:VT26-closes@", "END:VCALENDAR\r\n"} {
		if !strings.Contains(whole, want) {
			t.Errorf("no %q in\n%s", want, whole)
		}
	}
	if strings.Count(whole, "BEGIN:VEVENT") != strings.Count(whole, "END:VEVENT") || strings.Count(whole, "\nUID:") != strings.Count(whole, "BEGIN:VEVENT") {
		t.Errorf("events do not match:\n%s", whole)
	}
	for _, none := range []string{"/calendar/NO26.ics", "/calendar/VT26"} {
		if w := get(none); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", none, w.Code)
		}
	}
	if w := get("/calendar/fund.ics"); !strings.Contains(w.Body.String(), "VT26-closes") {
		t.Error("the open round is not in the fund's calendar")
	}
}

func TestEligibilityBeforeWriting(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	get := func(query string) string {
		t.Helper()
		w := httptest.NewRecorder()
		v.pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/eligibility?"+query, nil))
		if w.Code != http.StatusOK {
			t.Fatalf("%d", w.Code)
		}
		checkHTML(t, w.Body.String())
		return pageText(t, w.Body.String())
	}
	get("")
	const good = "level=gymnasieskola&type=outgoing_group&country=Finland&start=2026-09-07&end=2026-09-13&days=5&share=80&fee=no"
	v.says(get(good), "Ja, det här kan ni söka för")
	v.says(get(strings.Replace(good, "Finland", "Sverige", 1)), "Inte som det är nu", "utanför Sverige")
	v.says(get(strings.Replace(good, "fee=no", "fee=yes", 1)), "Inte som det är nu")
	v.says(get("level=forskola"), "Inte som det är nu")
	v.says(get("level=grundskola"), "Inget hindrar än")
	v.says(get(strings.Replace(good, "days=5", "days=fem", 1)), "Skriv ett helt antal")
}

// TestCalendarLinesFold: no content line is longer than 75 bytes, however long the text (RFC 5545 3.1), and unfolding gives it back.
func TestCalendarLinesFold(t *testing.T) {
	t.Parallel()
	for n := range 400 {
		for _, text := range []string{strings.Repeat("ö", n), "a" + strings.Repeat("ö", n), strings.Repeat("€", n)} {
			i := icalendar{}
			i.line(text)
			for line := range strings.SplitSeq(strings.TrimSuffix(i.String(), "\r\n"), "\r\n") {
				if len(line) > 75 {
					t.Fatalf("a line of %d bytes in a text of %d", len(line), len(text))
				}
			}
			if got := strings.ReplaceAll(i.String(), "\r\n ", ""); got != text+"\r\n" {
				t.Fatalf("a text of %d bytes is not the same when unfolded", len(text))
			}
		}
	}
}

// TestIdeaSaysWhatIsMissingInOrder: what was not answered stands as the form asks it, and who is no school is told where to go.
func TestIdeaSaysWhatIsMissingInOrder(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	get := func(path string) string {
		w := httptest.NewRecorder()
		v.pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return pageText(t, w.Body.String())
	}
	page := get("/eligibility?level=grundskola")
	if a, b := strings.Index(page, "Typ av utbyte"), strings.Index(page, "Första resdag"); a < 0 || b < a {
		t.Errorf("the missing answers are not in the form's order: %.600s", page)
	}
	v.says(get("/eligibility?level=extern_aktor"), "Föreningar och andra kan söka medfinansiering.")
	v.says(get("/eligibility?level=grundskola&days=1"), "Antalet programdagar är 1.")
	v.says(get("/?level=gymnasieskola&cost=9000"), "Skriv antal elever och kostnader, så räknar vi.")
	if page := get("/?level=gymnasieskola&pupils=20&staff=2&cost=9000&external=90000"); strings.Contains(page, "−") {
		t.Errorf("a limit is below zero: %s", page)
	}
}

// TestNoCalendarWithoutDays: a round that is open all the time has no day to put into a calendar.
func TestNoCalendarWithoutDays(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.call("admin", "POST", "/rounds", `{"id":"MF26","scheme":"medfinansiering","name":"Medfinansiering 2026","opens":"2026-01-01","budget":1000000}`).want(201)
	v.call("admin", "POST", "/rounds/MF26/actions/publish", `{}`, "If-Match", `"1"`).want(200)
	for _, path := range []string{"/", "/apply"} {
		w := httptest.NewRecorder()
		v.pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if page := w.Body.String(); !strings.Contains(page, "Medfinansiering 2026") || !strings.Contains(page, "/calendar/VT26.ics") || strings.Contains(page, "/calendar/MF26.ics") {
			t.Errorf("%s: the dated round and no other leads to its calendar", path)
		}
	}
}
