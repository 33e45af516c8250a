package handlers

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fund/jobs/letter/lettertest"
)

// TestLettersAreHeldForARound: with the round's letters held, a decision is seen by
// the office alone until the letter is released; then the school sees it, with who was told.
func TestLettersAreHeldForARound(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.get("teacher", "/letters", 403)
	v.says(v.get("officer", "/letters", 200), "Inga brev")
	v.says(v.post("officer", "/letters", 422, "do", "hold", "round", "VT26", "reason", " "), "Varför brevet hålls kvar")
	v.post("officer", "/letters", 303, "do", "hold", "round", "VT26", "reason", "Alla skolor samtidigt.")
	v.post("auditor", "/letters", 403, "do", "send", "round", "VT26")
	v.decided()
	v.says(v.get("officer", "/letters?round=VT26", 200), "Breven i omgången hålls kvar.", "Alla skolor samtidigt.", "väntar", "30 000 kr", "Släpp ett brev")
	v.says(v.get("officer", "/tasks", 200), "Brev väntar på att släppas")
	v.says(v.get("head", "/cases/1", 200), "Brevet")
	body := v.call("officer", http.MethodGet, v.path, "").want(200).body
	if l := body["letter"].(map[string]any); l["held"] != true || l["released_at"] != nil {
		t.Errorf("letter %v", l)
	}
	for _, who := range []string{"teacher", "principal"} {
		body := v.call(who, http.MethodGet, v.path, "").want(200).body
		if body["state"] != "proposed" || body["decision"] != nil || body["letter"] != nil || body["proposal"] != nil {
			t.Errorf("%s reads %v %v %v", who, body["state"], body["decision"], body["letter"])
		}
		for _, path := range []string{v.path, v.path + "?show=all", "/tasks", "/applications"} {
			text := v.get(who, path, 200)
			for _, word := range []string{"Beviljad", "beviljas", "antecknade beslutet", "Alla skolor samtidigt", "Godkänn villkoren", "höll kvar"} {
				if strings.Contains(text, word) {
					t.Errorf("%s reads %q on %s: %s", who, word, path, text)
				}
			}
		}
		v.get(who, v.path+"/decision", 404)
		for _, e := range v.call(who, http.MethodGet, v.path+"/events", "").want(200).body["items"].([]any) {
			if a := e.(map[string]any)["action"]; a == "decide" || a == "hold_letter" {
				t.Errorf("%s reads the event %v", who, a)
			}
		}
	}
	v.call("principal", http.MethodPost, v.path+"/actions/accept_conditions", "{}", "If-Match", v.call("principal", http.MethodGet, v.path, "").tag()).want(409)
	page := v.get("officer", "/letters/1", 200)
	v.says(page, "Hålls kvar sedan", "Bra utbyte.", "Skicka ett prov till mig", "Släpp brevet")
	if _, faults := lettertest.Check(v.file("officer", "/letters/1/letter.pdf", "application/pdf")); len(faults) > 0 {
		t.Errorf("the preview: %s", strings.Join(faults, "\n"))
	}
	v.post("officer", "/letters/1", 303, "do", "sample")
	v.post("officer", "/letters", 303, "do", "release", "round", "VT26")
	v.says(v.get("officer", "/letters?round=VT26", 200), "har gått")
	v.says(v.get("teacher", v.path, 200), "Beviljad")
	v.post("officer", "/letters", 303, "do", "send", "round", "VT26")
	if text := v.get("officer", "/letters?round=VT26", 200); strings.Contains(text, "Breven i omgången hålls kvar") {
		t.Errorf("the round still holds its letters: %s", text)
	}
	v.post("officer", "/letters/1", 409, "do", "release")
}

// TestOneLetterIsHeldBeforeTheDecision: the word is given on the proposal and can be taken back.
func TestOneLetterIsHeldBeforeTheDecision(t *testing.T) {
	t.Parallel()
	v := newSchool(t).ranked()
	v.get("officer", "/letters/1/letter.pdf", 404)
	v.act("officer", v.path, "propose", `{"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[]}`)
	v.says(v.get("head", "/letters/1", 200), "Läs förslaget", "Håll brevet")
	v.says(v.post("head", "/letters/1", 422, "do", "hold", "reason", ""), "Varför brevet hålls kvar")
	v.post("head", "/letters/1", 303, "do", "hold", "reason", "Rektor är på väg.")
	v.says(v.get("officer", "/letters", 200), "ska vänta", "Rektor är på väg.")
	v.act("head", v.path, "decide", `{"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[],"delegation_item":"3.1"}`)
	v.says(v.get("secretary", "/letters", 200), "väntar")
	if page := v.follow("secretary", v.formOf("secretary", "/letters/1", "do", "release")); !strings.Contains(page, "Brevet är släppt. Mejlen går ut nu.") || strings.Contains(page, "Klart. Du") {
		t.Errorf("told: %s", page)
	}
	v.says(v.get("principal", v.path, 200), "Beviljad")
	v.says(v.get("officer", "/letters", 200), "Inga brev")
}

// follow sends a form and reads the page that it leads to, with what that page says was done.
func (v *school) follow(who string, req *http.Request) string {
	v.t.Helper()
	v.get(who, "/tasks", 200) // signs in
	req.AddCookie(&http.Cookie{Name: sessionCookie, Value: v.cookies[who]})
	w := httptest.NewRecorder()
	v.pages.ServeHTTP(w, req)
	next := httptest.NewRequest(http.MethodGet, w.Header().Get("Location"), nil)
	for _, c := range w.Result().Cookies() {
		next.AddCookie(c)
	}
	return v.send(who, next, 200)
}
