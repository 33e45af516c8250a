package handlers

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// TestTheDecisionOffersTheItemsThatFit: the administrator writes the order on
// its page; the decision's form offers what fits and says why the rest does not.
func TestTheDecisionOffersTheItemsThatFit(t *testing.T) {
	t.Parallel()
	v := newSchool(t).ranked()
	text := v.write("admin", "/admin/delegation", http.StatusUnprocessableEntity, "number", "3.1")
	for _, want := range []string{"Vad den gäller, på svenska", "Delegat"} {
		if !strings.Contains(text, want) {
			t.Errorf("the form lacks %q", want)
		}
	}
	add := func(number, limit string) {
		v.write("admin", "/admin/delegation", http.StatusSeeOther, "number", number, "text_sv", "Bidrag", "text_en", "Grants", "holder", "Enhetschef", "limit", limit, "valid_from", "2025-01-01")
	}
	add("3.1", "50 000")
	add("3.2", "1 000")
	v.get("teacher", "/admin/delegation", http.StatusForbidden)
	v.write("head", "/admin/delegation", http.StatusForbidden, "number", "9")
	v.says(v.get("head", "/admin/delegation", http.StatusOK), "3.1 Bidrag")
	v.act("officer", v.path, "propose", `{"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[]}`)
	page := strings.Replace(v.path, "/applications/", "/decisions/", 1)
	text = v.get("head", page, http.StatusOK)
	for _, want := range []string{"3.1 Bidrag, högst 50 000 kr", "3.2 i delegationsordningen går högst till 1 000 kr"} {
		if !strings.Contains(strings.ReplaceAll(text, "\u00a0", " "), want) {
			t.Errorf("the page lacks %q: %s", want, text)
		}
	}
	open := []string{"outcome", "granted", "amount", "30 000", "text", "Bra utbyte.", "delegation_item", ""}
	again := v.markup("head", v.formOf("head", page, append(open, "do", "preview")...), http.StatusOK) // the letter as it would be without an item
	seen := regexp.MustCompile(`name="seen" value="([^"]*)"`).FindStringSubmatch(again)[1]
	for _, letter := range []string{seen, "another"} { // told also where the letter would have to be read again
		v.says(v.post("head", page, http.StatusUnprocessableEntity, append(open, "do", "decide", "seen", letter)...), "Punkt i delegationsordningen: Välj ett alternativ.", "Fel: Välj ett alternativ.")
	}
	tag := v.call("head", http.MethodGet, v.path, "").tag()
	decide := func(item string, want int) reply {
		return v.call("head", http.MethodPost, v.path+"/actions/decide", `{"outcome":"granted","amount":30000,"reasons":[],"text":"Bra.","conditions":[],"delegation_item":"`+item+`"}`, "If-Match", tag).want(want)
	}
	if got := decide("3.2", http.StatusUnprocessableEntity); !strings.Contains(string(got.raw), `"field":"delegation_item"`) || !strings.Contains(string(got.raw), "3.2") {
		t.Errorf("refused with %s", got.raw)
	}
	decide("8.8", http.StatusOK)
	v.says(v.write("admin", "/admin/delegation/1/end", http.StatusUnprocessableEntity, "last.1", "2020-01-01"), "Välj en dag som inte har varit")
	v.write("admin", "/admin/delegation/1/end", http.StatusSeeOther, "last.1", "2026-12-31")
}

// write posts a form that is about no case.
func (v *school) write(who, path string, want int, pairs ...string) string {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.send(who, req, want)
}
