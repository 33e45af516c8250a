package sql_test

import (
	"errors"
	"testing"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

func earlierRow(line int, title, granted string) workflow.EarlierRow {
	return workflow.EarlierRow{Line: line, Cells: map[string]string{"year": "2025", "round": "VT25", "school": "Kågeskolan", "title": title, "country": "Finland", "granted": granted, "paid": granted, "outcome": "beviljad", "decided_on": "2025-05-06"}}
}

// TestEarlierYearsAreTakenInOnce: first looked at, then taken in, and never twice; what a later file changes waits for a yes.
func TestEarlierYearsAreTakenInOnce(t *testing.T) {
	t.Parallel()
	s := sqltest.Open(t)
	admin := actor(t, s, "admin")
	if _, err := s.ReadEarlier(t.Context(), actor(t, s, "officer"), "a.csv", nil, nil); !errors.As(err, new(workflow.Forbidden)) {
		t.Errorf("an officer imports: %v", err)
	}
	take := func(changes bool, rows ...workflow.EarlierRow) workflow.EarlierPlan {
		t.Helper()
		id, err := s.ReadEarlier(t.Context(), admin, "a.csv", []byte("x"), rows)
		if err != nil {
			t.Fatal(err)
		}
		before, err := s.Earlier(t.Context(), admin, id)
		if err != nil || !before.TakenAt.IsZero() {
			t.Fatal(before, err)
		}
		done, err := s.TakeEarlier(t.Context(), admin, id, changes)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := s.TakeEarlier(t.Context(), admin, id, true); err != nil || again.TakenAt != done.TakenAt || again.Changed != changes {
			t.Errorf("asked twice: %+v %v", again, err)
		}
		return done.Plan
	}
	if p := take(false, earlierRow(2, "Till Pori", "30000"), earlierRow(3, "Till Narvik", "20000"), earlierRow(4, "", "1")); len(p.New) != 2 || len(p.Rejected) != 1 {
		t.Errorf("the first file: %+v", p)
	}
	if p := take(false, earlierRow(2, "Till Pori", "30000"), earlierRow(3, "Till Narvik", "25000")); len(p.New) != 0 || p.Same != 1 || len(p.Changed) != 1 {
		t.Errorf("the second file: %+v", p)
	}
	sum := func() (n int64) {
		cases, err := s.EarlierCases(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			n += c.App.Decision.Granted
		}
		return n
	}
	if got := sum(); got != 50000 {
		t.Errorf("a changed row was taken over without a yes: %d", got)
	}
	take(true, earlierRow(3, "Till Narvik", "25000"))
	if got := sum(); got != 55000 {
		t.Errorf("%d after the yes", got)
	}
	// No round's money knows of it, and the books still agree.
	if months, err := s.Reconcile(t.Context(), actor(t, s, "finance1")); err != nil || len(months) != 0 {
		t.Errorf("the ledger has %d months, %v", len(months), err)
	}
}

// TestEarlierGrantBreaksTies: RF-16 knows of the grant that a school had before this service, where its day is known.
func TestEarlierGrantBreaksTies(t *testing.T) {
	t.Parallel()
	s := sqltest.Open(t)
	admin := actor(t, s, "admin")
	openRound(t, s, "R1", 500000)
	proposed := func(school string) int64 {
		who := "teacher." + sql.Slug(school)
		app, err := s.Begin(t.Context(), actor(t, s, who), form(school, "R1", 20000))
		if err != nil {
			t.Fatal(err)
		}
		do(t, s, app.ID, who, &workflow.Submit{})
		propose(t, s, app.ID, 10000)
		return app.ID
	}
	old, fresh := proposed("Kågeskolan"), proposed("Bolidenskolan")
	first := func() int64 {
		a, err := s.Allocate(t.Context(), actor(t, s, "officer"), "R1", "", nil, "", 0)
		if err != nil || len(a.Results) != 2 {
			t.Fatal(a, err)
		}
		return a.Results[0].Application
	}
	if first() != old {
		t.Fatal("without earlier grants the first to arrive is first")
	}
	id, err := s.ReadEarlier(t.Context(), admin, "a.csv", nil, []workflow.EarlierRow{earlierRow(2, "Till Pori", "30000")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.TakeEarlier(t.Context(), admin, id, false); err != nil {
		t.Fatal(err)
	}
	if first() != fresh {
		t.Error("a grant in the last 24 months did not count")
	}
}
