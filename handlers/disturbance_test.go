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
