package handlers

import (
	"net/http"
	"strings"
	"testing"
)

// TestWhatIsDismissedHasNoPlaceInTheRanking: a case proposed for dismissal was never scored, so it stands beside the
// order with what is proposed and why, counts neither among the ranked nor in a scenario, and its path has no assessment.
func TestWhatIsDismissedHasNoPlaceInTheRanking(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.act("officer", v.path, "propose", `{"outcome":"dismissed","amount":0,"reasons":["R-LATE"],"text":"För sent.","conditions":[]}`)
	v.call("officer", http.MethodPost, "/rounds/VT26/allocations", `{"method":"ranking"}`).want(201).has("results", "[]")
	page := v.get("officer", "/rounds/VT26/ranking", http.StatusOK)
	v.says(page, "Utanför rangordningen", "Avvisning", "Ansökan kom in efter sista ansökningsdag", "Inga ärenden är rangordnade")
	if strings.Contains(page, "väntar på beslut") {
		t.Errorf("it counts among the ranked: %s", page)
	}
	if page = v.get("officer", v.office(), http.StatusOK); strings.Contains(page, "Bedömning") {
		t.Errorf("its path has an assessment: %s", page)
	}
}
