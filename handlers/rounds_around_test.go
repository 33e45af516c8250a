package handlers

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// TestWhoComesBetweenRoundsReadsWhen: the front page and the page that applications begin on say that no round
// for schools is open and when the next one opens, and take a late application in while it can be looked at.
func TestWhoComesBetweenRoundsReadsWhen(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	open := func(path string) string {
		t.Helper()
		w := httptest.NewRecorder()
		v.pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d", path, w.Code)
		}
		checkHTML(t, w.Body.String())
		return pageText(t, w.Body.String())
	}
	const none = "Ingen omgång för skolor är öppen just nu"
	for _, path := range []string{"/", "/apply"} {
		if text := open(path); strings.Contains(text, none) || strings.Contains(text, "Börja en sen ansökan") || strings.Contains(text, "Kommande omgångar") {
			t.Errorf("%s in an open round: %s", path, text)
		}
	}
	const calendar = "/calendar/VT26.ics"
	before := v.raw("teacher", http.MethodGet, calendar, "").Body.String()
	v.call("admin", http.MethodPost, "/rounds/VT26/actions/extend", `{"closes":"2026-03-31T23:59:59.5+02:00","reason":"Tjänsten låg nere.","for":"all"}`, "If-Match", v.call("admin", http.MethodGet, "/rounds/VT26", "").want(200).tag()).want(200)
	for _, path := range []string{"/", "/apply"} {
		v.says(open(path), "Tiden är förlängd", "Tjänsten låg nere.")
	}
	sequence := regexp.MustCompile(`SEQUENCE:(\d+)`)
	was, is := sequence.FindStringSubmatch(before), sequence.FindStringSubmatch(v.raw("teacher", http.MethodGet, calendar, "").Body.String())
	if was == nil || is == nil || was[1] >= is[1] {
		t.Errorf("a calendar that has the old day doesn't take the new one: %q, then %q", was, is)
	}
	v.at("2026-04-01T08:00:00+02:00")
	for _, path := range []string{"/", "/apply"} {
		v.says(open(path), none, "Nästa omgång visas här så snart dagarna är bestämda.")
	}
	v.says(v.get("teacher", "/apply", http.StatusOK), "Stängde tisdag 31 mars 2026 kl. 23.59 svensk tid.", "Börja en sen ansökan Våren")
	w := v.raw("teacher", http.MethodPost, "/apply", "round=VT26")
	if w.Code != http.StatusSeeOther {
		t.Fatalf("a late draft: %d", w.Code)
	}
	next := httptest.NewRequest(http.MethodGet, w.Header().Get("Location"), nil)
	for _, c := range w.Result().Cookies() {
		next.AddCookie(c)
	}
	v.says(v.send("teacher", next, http.StatusOK), "Ansökningstiden har gått ut, så skicka in den så snart du kan.")

	v.call("admin", http.MethodPost, "/rounds", `{"id":"HT26","scheme":"skolutbyte","name":"Höstens omgång","opens":"2026-08-15T08:00:00+02:00","closes":"2026-09-30T23:59:59+02:00","trip_start_from":"2026-12-01","trip_start_to":"2027-05-31"}`).want(201)
	v.call("admin", http.MethodPost, "/rounds/HT26/actions/publish", `{}`, "If-Match", v.call("admin", http.MethodGet, "/rounds/HT26", "").want(200).tag()).want(200)
	for _, path := range []string{"/", "/apply"} {
		v.says(open(path), none, "Nästa omgång öppnar lördag 15 augusti 2026 kl. 08.00, svensk tid.", "Höstens omgång")
	}
	v.at("2026-08-15T08:00:00+02:00")
	if text := open("/apply"); strings.Contains(text, none) || strings.Contains(text, "Kommande omgångar") || strings.Contains(text, "Stängd omgång") {
		t.Errorf("once the next one is open: %s", text)
	}
}
