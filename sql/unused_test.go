package sql_test

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// TestUnusedMoneyMovesByDecision: by the head alone, from a closed round, never
// more than is left, and both ledgers and histories tell of it.
func TestUnusedMoneyMovesByDecision(t *testing.T) {
	t.Parallel()
	s := sqltest.Open(t)
	openRound(t, s, "R1", 100000)
	openRound(t, s, "R2", 50000)
	head := actor(t, s, "head")
	var wrong workflow.Violations
	if err := s.MoveUnused(t.Context(), head, "R1", "R2", 40000, "Kvar."); !errors.As(err, &wrong) || wrong[0].Code != "round_open" {
		t.Errorf("from an open round: %v", err)
	}
	r, err := s.Round(t.Context(), "R1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.RoundAction(t.Context(), head, sql.RoundStep{Round: "R1", Seen: r.Version, Action: "close"}, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.MoveUnused(t.Context(), actor(t, s, "officer"), "R1", "R2", 40000, "Kvar."); err == nil {
		t.Error("the officer moved money")
	}
	for _, bad := range []struct {
		to     string
		amount int64
		reason string
	}{{"R1", 1, "x"}, {"none", 1, "x"}, {"R2", 0, "x"}, {"R2", 1, " "}} {
		if err := s.MoveUnused(t.Context(), head, "R1", bad.to, bad.amount, bad.reason); !errors.As(err, &wrong) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	var refused workflow.Refused
	if err := s.MoveUnused(t.Context(), head, "R1", "R2", 100001, "För mycket."); !errors.As(err, &refused) {
		t.Errorf("more than is left: %v", err)
	}
	var wg sync.WaitGroup
	var done atomic.Int64
	for range 20 { // 20 × 30 000 of 100 000: three fit
		wg.Go(func() {
			if s.MoveUnused(t.Context(), head, "R1", "R2", 30000, "Kvar.") == nil {
				done.Add(1)
			}
		})
	}
	wg.Wait()
	one, err1 := s.RoundMoney(t.Context(), "R1")
	two, err2 := s.RoundMoney(t.Context(), "R2")
	if err := errors.Join(err1, err2); err != nil || done.Load() != 3 || one.Budget != 10000 || one.Available != 10000 || two.Budget != 140000 || two.Available != 140000 {
		t.Errorf("%d moved, %+v, %+v, %v", done.Load(), one, two, err)
	}
	if r, err = s.Round(t.Context(), "R2"); err != nil || r.Budget != 140000 {
		t.Errorf("round's budget %d, %v", r.Budget, err)
	}
	events, err := s.RoundEvents(t.Context(), "R2")
	if err != nil || events[len(events)-1].Action != "move_in" {
		t.Errorf("events %+v, %v", events, err)
	}
}

// TestManyParallelDecisionsNeverExceedTheBudget lets decisions race for one
// round's money on a real PostgreSQL: a thousand with FUND_TEST_LONG, else a
// hundred. Each of the cases is decided by several at once, from many connections.
func TestManyParallelDecisionsNeverExceedTheBudget(t *testing.T) {
	t.Parallel()
	cases, racers := 10, 10
	if os.Getenv("FUND_TEST_LONG") != "" {
		cases, racers = 50, 20
	}
	s := sqltest.Open(t)
	openRound(t, s, "R1", int64(cases)*20000)
	schools, err := s.Schools(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var apps []int64
	for i := range cases {
		x := schools[i%len(schools)]
		for j := 1; x.Level != "grundskola" && x.Level != "gymnasieskola"; j++ {
			x = schools[(i+j)%len(schools)]
		}
		teacher := actor(t, s, "teacher."+x.Slug)
		app, err := s.Begin(t.Context(), teacher, form(x.Name, "R1", 40000))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Apply(t.Context(), sql.Ref{ID: app.ID}, teacher, &workflow.Submit{}); err != nil {
			t.Fatal(err)
		}
		propose(t, s, app.ID, 40000)
		apps = append(apps, app.ID)
	}
	head := actor(t, s, "head")
	var wg sync.WaitGroup
	var granted atomic.Int64
	for _, id := range apps {
		for range racers {
			wg.Go(func() {
				_, err := s.Apply(t.Context(), sql.Ref{ID: id}, head, &workflow.DecideGrant{Propose: workflow.Propose{Outcome: workflow.Granted, Amount: 40000, Text: "Bifall."}, DelegationItem: "IF 3.1"})
				if err == nil {
					granted.Add(1)
				}
			})
		}
	}
	wg.Wait()
	m, err := s.RoundMoney(t.Context(), "R1")
	if want := int64(cases) / 2; err != nil || granted.Load() > want || m.Granted != granted.Load()*40000 || m.Available < 0 || m.Granted+m.Available != m.Budget {
		t.Errorf("%d granted, at most %d fit: %+v, %v", granted.Load(), want, m, err)
	}
	if granted.Load() == 0 {
		t.Error("nothing was granted at all")
	}
}
