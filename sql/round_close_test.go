package sql_test

import (
	"slices"
	"testing"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// TestCloseAtAStandingClock: what came in before a round was closed by hand is in
// time, and what comes after is late, though the clock says the same of both.
func TestCloseAtAStandingClock(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]bool{"after the closing": false, "before it": true} {
		s := sqltest.Open(t) // its clock stands still
		openRound(t, s, "R1", 100000)
		file := func() int64 { return filedBy(t, s, "Kågeskolan", 30000) }
		var app int64
		if before {
			app = file()
		}
		r, err := s.Round(t.Context(), "R1")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.RoundAction(t.Context(), actor(t, s, "head"), sql.RoundStep{Round: "R1", Seen: r.Version, Action: "close"}, nil); err != nil {
			t.Fatal(err)
		}
		if !before {
			app = file()
		}
		c, err := s.Case(t.Context(), actor(t, s, "officer"), app)
		if err != nil {
			t.Fatal(err)
		}
		if late := slices.Contains(workflow.Flags(c), "late"); late == before {
			t.Errorf("filed %s: late is %v", name, late)
		}
	}
}
