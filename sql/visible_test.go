package sql_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

func whole(n int64) *int64 { return &n }

// form is an application that can be filed.
func form(school, round string, requested int64) workflow.Form {
	return workflow.Form{Title: "Utbyte " + school, Round: round, Applicant: workflow.ApplicantForm{School: school, Payment: workflow.PayInto{Method: "internal", CostCentre: "6110"}},
		Partner: workflow.Partner{Name: "Partnerskola", City: "Pardubice", Country: "Tjeckien"}, Activity: workflow.Activity{Type: "outgoing_group", Start: "2026-09-01", End: "2026-09-07", ProgrammeDays: whole(5)},
		Participants: workflow.Participants{Pupils: whole(20), Staff: whole(2)}, Budget: []workflow.BudgetLine{{Line: 1, Code: "RES", Amount: whole(90000)}}, Requested: whole(requested),
		Declarations: workflow.Declarations{NoMandatoryFee: true}}
}

// openRound publishes a round that is open at the test's instant.
func openRound(t *testing.T, s *sql.Store, id string, budget int64) {
	t.Helper()
	admin := actor(t, s, "admin")
	r, err := s.CreateRound(t.Context(), admin, sql.RoundInput{Round: workflow.Round{ID: id, Scheme: "skolutbyte", Name: id, OpensAt: sqltest.First.Add(-time.Hour), Budget: budget}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.RoundAction(t.Context(), admin, sql.RoundStep{Round: id, Seen: r.Version, Action: "publish"}, nil); err != nil {
		t.Fatal(err)
	}
}

// do applies commands in turn, each by somebody.
func do(t *testing.T, s *sql.Store, app int64, steps ...any) {
	t.Helper()
	for i := 0; i < len(steps); i += 2 {
		by := workflow.Machine()
		if name := steps[i].(string); name != "" {
			by = actor(t, s, name)
		}
		if _, err := s.Apply(t.Context(), sql.Ref{ID: app}, by, steps[i+1].(workflow.Command)); err != nil {
			t.Fatalf("step %d: %v", i/2, err)
		}
	}
}

const why = "En motivering som är lång nog för att bedömningen ska kunna lämnas in."

var (
	rated   = map[string]int{"K1": 4, "K2": 4, "K3": 4, "K4": 4, "K5": 4}
	reasons = map[string]string{"K1": why, "K2": why, "K3": why, "K4": why, "K5": why}
)

// propose takes a filed case to a proposal.
func propose(t *testing.T, s *sql.Store, app, amount int64) {
	t.Helper()
	do(t, s, app, "", &workflow.TakeUp{}, "officer", &workflow.RuleEligibility{Eligible: true},
		"officer", &workflow.AssignReviewers{Reviewers: []string{"reviewer1@example.org", "reviewer2@example.org"}},
		"reviewer1", &workflow.DeclareInterest{}, "reviewer1", (*workflow.SubmitReview)(&workflow.SaveReview{Ratings: rated, Comments: reasons}),
		"reviewer2", &workflow.DeclareInterest{}, "reviewer2", (*workflow.SubmitReview)(&workflow.SaveReview{Ratings: rated, Comments: reasons}),
		"officer", &workflow.SetConsensus{Ratings: rated, Comment: "Bedömarna är överens."}, "officer", &workflow.Rank{},
		"officer", &workflow.Propose{Outcome: workflow.Granted, Amount: amount, Text: "Bifall."})
}

// TestListsFollowThePolicy holds the compiled condition of the lists against
// the pure policy, for everyone and for cases in many states.
func TestListsFollowThePolicy(t *testing.T) {
	t.Parallel()
	s, url := sqltest.OpenURL(t)
	openRound(t, s, "R1", 500000)
	begin := func(who, school string) int64 {
		app, err := s.Begin(t.Context(), actor(t, s, who), form(school, "R1", 40000))
		if err != nil {
			t.Fatal(err)
		}
		return app.ID
	}
	begin("teacher", "Baldergymnasiet") // a draft
	waiting := begin("teacher2", "Kågeskolan")
	do(t, s, waiting, "teacher2", &workflow.RequestApproval{})
	filed := begin("teacher", "Baldergymnasiet")
	do(t, s, filed, "teacher", &workflow.Submit{}, "head", &workflow.DeclareInterest{Conflict: true}, "finance1", &workflow.DeclareInterest{Conflict: true})
	decided := begin("teacher.floraskolan", "Floraskolan")
	do(t, s, decided, "teacher.floraskolan", &workflow.Submit{})
	propose(t, s, decided, 40000)
	do(t, s, decided, "head", &workflow.DecideGrant{Propose: workflow.Propose{Outcome: workflow.Granted, Amount: 40000, Text: "Bifall."}, DelegationItem: "IF 3.1"},
		"finance2", &workflow.DeclareInterest{Conflict: true})
	if _, err := s.BeginPaper(t.Context(), actor(t, s, "officer"), form("Kaplanskolan", "R1", 30000), sqltest.First); err != nil {
		t.Fatal(err)
	}
	reported := begin("teacher", "Baldergymnasiet")
	do(t, s, reported, "teacher", &workflow.Submit{})
	propose(t, s, reported, 30000)
	do(t, s, reported, "head", &workflow.DecideGrant{Propose: workflow.Propose{Outcome: workflow.Granted, Amount: 30000, Text: "Bifall."}, DelegationItem: "IF 3.1"}, "teacher", &workflow.AcceptConditions{})
	sqltest.Freeze(t, url, time.Date(2026, 9, 9, 9, 0, 0, 0, workflow.Stockholm()))
	do(t, s, reported, "", &workflow.StartTravel{}, "", &workflow.EndTravel{}, "teacher", &workflow.SubmitReport{Pupils: whole(20), Staff: whole(2),
		Start: workflow.NewDate(2026, 9, 1), End: workflow.NewDate(2026, 9, 7), ActualEligibleCost: whole(40000)})
	all, _, err := s.FullCases(t.Context(), workflow.Machine(), sql.CaseFilter{Limit: 100})
	if err != nil || len(all) != 6 {
		t.Fatalf("%d cases, %v", len(all), err)
	}
	people, err := s.People(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, p := range people {
		by := workflow.Act(p)
		got, _, err := s.FullCases(t.Context(), by, sql.CaseFilter{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all {
			want := workflow.Sees(c, by)
			listed := slices.ContainsFunc(got, func(x workflow.Case) bool { return x.App.ID == c.App.ID })
			_, err := s.Case(t.Context(), by, c.App.ID)
			if listed != want || (err == nil) != want {
				t.Errorf("%s and case %d in %s: listed %v, opened %v, policy %v", p.Email, c.App.ID, c.App.State, listed, err == nil, want)
			}
			if want {
				seen++
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d sights: the test sees too little", seen)
	}
}

// TestParallelDecisionsStayWithinTheBudget lets many decisions race for a pot that suffices for few.
func TestParallelDecisionsStayWithinTheBudget(t *testing.T) {
	t.Parallel()
	s := sqltest.Open(t)
	openRound(t, s, "R1", 100000)
	schools := []string{"Kågeskolan", "Floraskolan", "Kaplanskolan", "Bolidenskolan", "Sunnanåskolan", "Tuböleskolan"}
	var apps []int64
	for _, school := range schools {
		who := "teacher." + sql.Slug(school)
		app, err := s.Begin(t.Context(), actor(t, s, who), form(school, "R1", 40000))
		if err != nil {
			t.Fatal(err)
		}
		do(t, s, app.ID, who, &workflow.Submit{})
		propose(t, s, app.ID, 40000)
		apps = append(apps, app.ID)
	}
	head := actor(t, s, "head")
	var wg sync.WaitGroup
	results := make([]error, len(apps))
	for i, id := range apps {
		wg.Go(func() {
			_, results[i] = s.Apply(t.Context(), sql.Ref{ID: id}, head, &workflow.DecideGrant{Propose: workflow.Propose{Outcome: workflow.Granted, Amount: 40000, Text: "Bifall."}, DelegationItem: "IF 3.1"})
		})
	}
	wg.Wait()
	granted := 0
	for _, err := range results {
		var refused workflow.Refused
		var wrong workflow.Violations
		switch {
		case err == nil:
			granted++
		case errors.As(err, &refused), errors.As(err, &wrong):
		default:
			t.Errorf("unexpected: %v", err)
		}
	}
	m, err := s.RoundMoney(t.Context(), "R1")
	if err != nil || granted != 2 || m.Granted != 80000 || m.Available != 20000 {
		t.Errorf("%d granted, %+v, %v", granted, m, err)
	}
}

// TestOneKeyOneEffect posts the same draft many times at once with one key.
func TestOneKeyOneEffect(t *testing.T) {
	t.Parallel()
	s := sqltest.Open(t)
	openRound(t, s, "R1", 100000)
	teacher := actor(t, s, "teacher")
	var wg sync.WaitGroup
	answers := make([]string, 20)
	for i := range answers {
		wg.Go(func() {
			k, _, err := s.Keep(t.Context(), teacher.ID, "key-1", "digest", func(ctx context.Context) (sql.Kept, error) {
				app, err := s.Begin(ctx, teacher, form("Baldergymnasiet", "R1", 1000))
				return sql.Kept{Status: 201, Body: []byte(fmt.Sprint(app.ID))}, err
			})
			if err != nil {
				t.Error(err)
			}
			answers[i] = string(k.Body)
		})
	}
	wg.Wait()
	for _, a := range answers {
		if a != answers[0] || a == "" {
			t.Fatalf("different answers: %v", answers)
		}
	}
	list, _, err := s.FullCases(t.Context(), teacher, sql.CaseFilter{})
	if err != nil || len(list) != 1 {
		t.Errorf("%d applications, %v", len(list), err)
	}
	if _, _, err := s.Keep(t.Context(), teacher.ID, "key-1", "another", nil); !errors.Is(err, sql.ErrKeyReused) {
		t.Errorf("another body was taken: %v", err)
	}
}
