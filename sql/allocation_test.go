package sql_test

import (
	"testing"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// TestGrantOfAnotherCaseBreaksTies: RF-16 asks for the school's last grant. The
// case's own is none, and one that has lapsed counts no longer.
func TestGrantOfAnotherCaseBreaksTies(t *testing.T) {
	t.Parallel()
	s := sqltest.Open(t)
	openRound(t, s, "R1", 500000)
	openRound(t, s, "R2", 500000)
	proposed := func(school, round string) int64 {
		who := "teacher." + sql.Slug(school)
		app, err := s.Begin(t.Context(), actor(t, s, who), form(school, round, 20000))
		if err != nil {
			t.Fatal(err)
		}
		do(t, s, app.ID, who, &workflow.Submit{})
		propose(t, s, app.ID, 10000)
		return app.ID
	}
	first := func() int64 {
		t.Helper()
		a, err := s.Allocate(t.Context(), actor(t, s, "officer"), "R1", "", nil, "", 0)
		if err != nil || len(a.Results) != 2 {
			t.Fatal(a, err)
		}
		return a.Results[0].Application
	}
	early, late, other := proposed("Kågeskolan", "R1"), proposed("Bolidenskolan", "R1"), proposed("Kågeskolan", "R2")
	if first() != early {
		t.Fatal("where nobody has a grant the first to arrive is first")
	}
	do(t, s, other, "head", &workflow.DecideGrant{Propose: workflow.Propose{Outcome: workflow.Granted, Amount: 10000, Text: "Bifall."}, DelegationItem: "3.1"})
	if first() != late {
		t.Error("the school's grant in another round did not count")
	}
	do(t, s, other, "teacher."+sql.Slug("Kågeskolan"), &workflow.Decline{})
	if first() != early {
		t.Error("a grant that has lapsed still counts")
	}
}
