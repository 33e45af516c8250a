package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestTooFewCasesAreNoMeasureOfStrictness: who has enough to compare is corrected, who has not is named with that reason.
func TestTooFewCasesAreNoMeasureOfStrictness(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	words := strings.Repeat("Väl motiverat. ", 10)
	review := func(who, path string, k1 int) {
		v.act(who, path, "declare_interest", `{"conflict":false}`)
		v.act(who, path, "submit_review", fmt.Sprintf(`{"ratings":{"K1":%d,"K2":4,"K3":4,"K4":4,"K5":4},"comments":{"K1":"%[2]s","K2":"%[2]s","K3":"%[2]s","K4":"%[2]s","K5":"%[2]s"}}`, k1, words))
	}
	var id int64
	for n := range 3 {
		id = v.assessed(fmt.Sprintf("Utbyte %d", n))
		path, three := fmt.Sprintf("/applications/%d", id), ""
		if n == 2 {
			three = `,"reviewer3@example.org"`
		}
		v.act("officer", path, "assign_reviewers", `{"reviewers":["reviewer1@example.org","reviewer2@example.org"`+three+`]}`)
		review("reviewer1", path, 3)
		review("reviewer2", path, 4)
		if n == 2 {
			review("reviewer3", path, 5)
		}
	}
	text := v.get("officer", fmt.Sprintf("/reviews/%d", id), http.StatusOK)
	v.says(text, "Räknat på 3 ärenden", "Korrigeras först från 3 ärenden")
	if n := strings.Count(text, "Korrigeras först"); n != 1 {
		t.Errorf("%d reviewers are named as having too few", n)
	}
}

// TestRankingSaysWhereOlderAllocationsAre: only when some are not among the columns.
func TestRankingSaysWhereOlderAllocationsAre(t *testing.T) {
	t.Parallel()
	v := newSchool(t).ranked()
	const says = "De äldre finns under Sparade fördelningar"
	for n := range shownScenarios + 1 {
		if text := v.get("officer", "/rounds/VT26/ranking", http.StatusOK); strings.Contains(text, says) {
			t.Fatalf("with %d saved there are older ones: %s", n, text)
		}
		v.call("officer", http.MethodPost, "/rounds/VT26/allocations", `{"method":"ranking"}`).want(http.StatusCreated)
	}
	v.says(v.get("officer", "/rounds/VT26/ranking", http.StatusOK), says)
}
