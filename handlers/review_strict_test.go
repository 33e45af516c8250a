package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
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

// TestADecidedCaseIsStillInItsAllocationsSum: what a saved allocation gave cases that have left the order stands before its sum.
func TestADecidedCaseIsStillInItsAllocationsSum(t *testing.T) {
	t.Parallel()
	heads := []rankHead{{Name: "Knapp"}, {Name: "Lika"}}
	saved := make([]sql.AllocationRow, 2)
	saved[0].Results = []workflow.Allotment{{Application: 1, Amount: 34_000}, {Application: 2, Amount: 16_000}, {Application: 3, Reserve: true}}
	saved[1].Results = []workflow.Allotment{{Application: 1, Amount: 27_597}}
	var waits workflow.Case
	waits.App.ID = 1
	if got := rankGone(lang.SV, heads, saved, []workflow.Case{waits}); len(got) != 2 || got[0].Text != "16\u00a0000\u00a0kr" || got[1].Text != "0\u00a0kr" || got[0].Label != "Knapp" {
		t.Errorf("gone: %+v", got)
	}
	if got := rankGone(lang.SV, heads, saved[1:], []workflow.Case{waits}); got != nil {
		t.Errorf("nobody has left, and yet %+v", got)
	}
}
