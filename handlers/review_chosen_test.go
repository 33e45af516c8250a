package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestChosenScenarioBecomesTheProposal: what the officers chose is the draft of the proposal, in sum and words,
// and a case that the money does not reach has none; the ranking says what a proposal says that differs.
func TestChosenScenarioBecomesTheProposal(t *testing.T) {
	t.Parallel()
	v := newSchool(t).ranked()
	choose := func(body string) {
		id := v.call("officer", http.MethodPost, "/rounds/VT26/allocations", body).want(201).at("id")
		v.post("officer", "/rounds/VT26/ranking", http.StatusSeeOther, "choose", fmt.Sprint(id))
	}
	html := func(path string) string {
		page := v.markup("officer", httptest.NewRequest(http.MethodGet, path, nil), 200)
		return strings.ReplaceAll(page, "\u00a0", " ")
	}
	propose := v.office() + "/propose?from=ranking"
	if page := html(propose); strings.Contains(page, "fördelningen") {
		t.Error("none is chosen, but the page speaks of one")
	}
	choose(`{"method":"proportional","budget":20000}`)
	page := html(propose)
	for _, want := range []string{"Den valda fördelningen", `value="20 000"`, "alla som får bidrag får en lika stor del", `value="partially_granted" checked`} {
		if !strings.Contains(page, want) {
			t.Errorf("the draft lacks %q", want)
		}
	}
	choose(`{"method":"ranking","budget":100}`)
	page = html(propose)
	if !strings.Contains(page, "står ärendet på reservlistan") || strings.Contains(page, `name="outcome" value="granted" checked`) {
		t.Error("a reserve has a draft, or does not know that it is one")
	}
	ranking := html("/rounds/VT26/ranking")
	for _, want := range []string{"Per skolform", "Per område", "?from=ranking"} {
		if !strings.Contains(ranking, want) {
			t.Errorf("the ranking lacks %q", want)
		}
	}
	v.post("officer", v.office()+"/propose", http.StatusSeeOther, "from", "ranking", "do", "propose", "outcome", "granted", "amount", "30000", "text", "Bra utbyte.")
	if ranking = html("/rounds/VT26/ranking"); !strings.Contains(ranking, "förslag 30 000 kr") {
		t.Error("the ranking doesn't say that the proposal is another than the chosen one")
	}
}
