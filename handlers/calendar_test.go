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
