package handlers

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestADisturbanceIsToldOnEveryPageAndEnds: also to strangers, in their
// language, from its minute to its minute; taken away it is gone at once.
func TestADisturbanceIsToldOnEveryPageAndEnds(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	const text = "Mejlen kommer sent."
	told := func(path string) bool {
		w := httptest.NewRecorder()
		v.pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return strings.Contains(w.Body.String(), text)
	}
	form := []string{"notice_sv", text, "notice_en", "Mails are late.", "from.day", "2026-01-11", "from.time", "08.00", "until.day", "2026-01-11", "until.time", "12.00"}
	v.write("teacher", "/admin/disturbance", http.StatusForbidden, form...)
	bad := append([]string{}, form...)
	bad[9] = "2026-01-10"
	v.says(v.write("officer", "/admin/disturbance", http.StatusUnprocessableEntity, bad...), text)
	v.says(v.write("officer", "/admin/disturbance", http.StatusUnprocessableEntity, "notice_sv", text), "Fyll i")
	v.write("officer", "/admin/disturbance", http.StatusSeeOther, form...)
	if told("/") {
		t.Error("told before its time")
	}
	v.at("2026-01-11T08:00:00+01:00")
	for _, path := range []string{"/", "/registry", "/sign-in", "/apply"} {
		if !told(path) {
			t.Errorf("%s does not tell", path)
		}
	}
	if !strings.Contains(v.markup("teacher", httptest.NewRequest(http.MethodGet, "/applications?lang=en", nil), http.StatusOK), "Mails are late.") {
		t.Error("not told in English")
	}
	v.write("head", "/admin/disturbance/1/end", http.StatusSeeOther)
	if told("/") {
		t.Error("told when taken away")
	}
	v.write("admin", "/admin/disturbance", http.StatusSeeOther, form...)
	v.at("2026-01-11T12:00:00+01:00")
	if told("/") {
		t.Error("told after its time")
	}
}

// TestAnOutageInTheLastHoursIsToldWithTheRound: until the round is extended past it; one before them is not (RF-05).
func TestAnOutageInTheLastHoursIsToldWithTheRound(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	const told = "Var tjänsten nere ska omgången förlängas för alla"
	post := func(from, until string) {
		v.write("officer", "/admin/disturbance", http.StatusSeeOther, "notice_sv", "Nere.", "notice_en", "Down.", "from.day", "2026-03-31", "from.time", from, "until.day", "2026-03-31", "until.time", until)
	}
	post("19.00", "21.59")
	if text := v.get("head", "/rounds/VT26", 200); strings.Contains(text, told) {
		t.Errorf("an outage before the last two hours: %s", text)
	}
	post("22.30", "23.10")
	v.says(v.get("head", "/rounds/VT26", 200), told, "de sista 2 timmarna")
	round := v.call("head", "GET", "/rounds/VT26", "").want(200)
	v.call("head", "POST", "/rounds/VT26/actions/extend", `{"closes":"2026-04-02T23:59:59","reason":"Avbrott.","for":"all"}`, "If-Match", round.tag()).want(200)
	if text := v.get("head", "/rounds/VT26", 200); strings.Contains(text, told) {
		t.Errorf("after it was extended: %s", text)
	}
}
