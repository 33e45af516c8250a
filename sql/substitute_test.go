package sql_test

import (
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	fundsql "fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// asToday is somebody as the program knows them at this instant, with what is lent to them.
func asToday(t *testing.T, s *fundsql.Store, who string) workflow.Actor {
	t.Helper()
	p, err := s.PersonByEmail(t.Context(), who+"@example.org")
	if err != nil {
		t.Fatal(err)
	}
	word, err := s.NewToken(t.Context(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	by, err := s.ActorByToken(t.Context(), word)
	if err != nil {
		t.Fatal(err)
	}
	return by
}

// lend has the principal of Baldergymnasiet name a substitute.
func lend(t *testing.T, s *fundsql.Store, to workflow.Person, first, last workflow.Date) error {
	t.Helper()
	principal := actor(t, s, "principal")
	return s.NameSubstitute(t.Context(), principal, workflow.Absence{Person: principal.Person, Substitute: to, First: first, Last: last},
		[]int64{principal.Roles[0].School}, func(a workflow.Absence) []fundsql.MailRow {
			return []fundsql.MailRow{{To: a.Substitute.Email, Kind: "other", Lang: "sv", Subject: "Ersättare", Body: a.Substitute.Name}}
		})
}

// TestSubstituteSeesWhatThePrincipalSees: from the first second of the first day to
// the last of the last, in the lists as in the policy, and nothing after an early end.
func TestSubstituteSeesWhatThePrincipalSees(t *testing.T) {
	t.Parallel()
	s, url := sqltest.OpenURL(t)
	openRound(t, s, "R1", 500000)
	for who, school := range map[string]string{"teacher": "Baldergymnasiet", "teacher2": "Kågeskolan"} {
		for range 2 {
			app, err := s.Begin(t.Context(), actor(t, s, who), form(school, "R1", 40000))
			if err != nil {
				t.Fatal(err)
			}
			do(t, s, app.ID, who, &workflow.RequestApproval{})
		}
		if _, err := s.Begin(t.Context(), actor(t, s, who), form(school, "R1", 40000)); err != nil { // a draft, which no principal sees
			t.Fatal(err)
		}
	}
	first := workflow.DateOf(sqltest.First).AddDays(2)
	last := first.AddDays(1)
	if err := lend(t, s, workflow.Person{Email: "Ny.Rektor@Example.org", Name: "Ny Rektor"}, first, last); err != nil {
		t.Fatal(err)
	}
	all, _, err := s.FullCases(t.Context(), workflow.Machine(), fundsql.CaseFilter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	sees := func(want int) {
		t.Helper()
		by := asToday(t, s, "ny.rektor")
		got, _, err := s.FullCases(t.Context(), by, fundsql.CaseFilter{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != want {
			t.Errorf("%d cases are listed, want %d", len(got), want)
		}
		for _, c := range all {
			listed := slices.ContainsFunc(got, func(x workflow.Case) bool { return x.App.ID == c.App.ID })
			_, err := s.Case(t.Context(), by, c.App.ID)
			if policy := workflow.Sees(c, by); listed != policy || (err == nil) != policy {
				t.Errorf("case %d: listed %v, opened %v, policy %v", c.App.ID, listed, err == nil, policy)
			}
		}
	}
	asked := func(want bool) {
		t.Helper()
		err := s.InTx(t.Context(), func(tx *fundsql.Tx) error {
			for _, c := range all {
				to, err := tx.Recipients(t.Context(), c, []string{"principal"})
				if err != nil {
					return err
				}
				if got := slices.ContainsFunc(to, func(r fundsql.Recipient) bool { return r.Email == "ny.rektor@example.org" }); got != (want && c.School.Name == "Baldergymnasiet") {
					t.Errorf("%s: asked %v", c.School.Name, got)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	sees(0)
	asked(false)
	sqltest.Freeze(t, url, first.Start().Add(-time.Second))
	sees(0)
	sqltest.Freeze(t, url, first.Start())
	sees(2)
	asked(true)
	sqltest.Freeze(t, url, last.AddDays(1).Start().Add(-time.Second))
	sees(2)
	sqltest.Freeze(t, url, last.AddDays(1).Start())
	sees(0)
	asked(false)

	sqltest.Freeze(t, url, last.Start())
	sees(2)
	rows, err := s.Substitutions(t.Context(), actor(t, s, "principal").ID)
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d periods, %v", len(rows), err)
	}
	var no workflow.Forbidden
	if err := s.EndAbsence(t.Context(), asToday(t, s, "ny.rektor"), rows[0].ID, nil); !errors.As(err, &no) {
		t.Errorf("ended by the substitute: %v", err)
	}
	if err := s.EndAbsence(t.Context(), actor(t, s, "principal"), rows[0].ID, nil); err != nil {
		t.Fatal(err)
	}
	sees(0)
	asked(false)
	if rows, err = s.Substitutions(t.Context(), 0); err != nil || len(rows) != 1 || rows[0].EndedAt == nil || *rows[0].EndedBy != rows[0].Name {
		t.Errorf("the history: %+v, %v", rows, err)
	}
	if office, err := s.Absences(t.Context()); err != nil || len(office) != 0 {
		t.Errorf("among the office's: %v, %v", office, err)
	}
}

// TestPrincipalWithoutRoleLendsNothing: who is no longer principal has nothing to lend.
func TestPrincipalWithoutRoleLendsNothing(t *testing.T) {
	t.Parallel()
	s := sqltest.Open(t)
	today := workflow.DateOf(sqltest.First)
	if err := lend(t, s, actor(t, s, "teacher2").Person, today, today); err != nil {
		t.Fatal(err)
	}
	principal := actor(t, s, "principal").Person
	if by := asToday(t, s, "teacher2"); !by.At(workflow.Principal, principal.Roles[0].School) || by.Own().Is(workflow.Principal) {
		t.Fatalf("the substitute: %+v", by)
	}
	principal.Roles = []workflow.RoleAt{{Role: workflow.Teacher, School: principal.Roles[0].School}}
	if _, err := s.SavePerson(t.Context(), actor(t, s, "admin"), principal); err != nil {
		t.Fatal(err)
	}
	if by := asToday(t, s, "teacher2"); by.Is(workflow.Principal) {
		t.Errorf("still: %+v", by)
	}
}

// TestDatabaseHoldsSubstitutes writes past the program: PostgreSQL refuses an approval
// by a substitute who wrote, or for a principal who did, or on another day, or when it has
// been ended, and a period that is reversed, too long, at no school or for oneself.
func TestDatabaseHoldsSubstitutes(t *testing.T) {
	t.Parallel()
	s, url := sqltest.OpenURL(t)
	openRound(t, s, "R1", 500000)
	today := workflow.DateOf(sqltest.First)
	deputy, teacher, principal := actor(t, s, "teacher2"), actor(t, s, "teacher"), actor(t, s, "principal")
	for _, p := range []workflow.Person{deputy.Person, teacher.Person} {
		if err := lend(t, s, p, today, today.AddDays(1)); err != nil {
			t.Fatal(err)
		}
	}
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	version := 90
	approve := func(app, by int64, at time.Time) error {
		version++
		_, err := db.Exec(`INSERT INTO events (application, version, at, actor, action, to_state, data, data_sha256, prev_hash, hash)
			VALUES ($1, $2, $3, $4, 'approve', 'approved', '{"acting_for": "principal@example.org", "acting_role": "principal"}', '', '', '')`, app, version, at, by)
		return err
	}
	refused := func(what string, err error, rule string) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), rule) {
			t.Errorf("%s: %v, want %s", what, err, rule)
		}
	}
	begin := func(who string) int64 {
		app, err := s.Begin(t.Context(), actor(t, s, who), form("Baldergymnasiet", "R1", 40000))
		if err != nil {
			t.Fatal(err)
		}
		return app.ID
	}
	theirs, his := begin("teacher"), begin("principal")
	refused("the writer as substitute", approve(theirs, teacher.ID, sqltest.First), "own_approval")
	refused("for the principal who wrote", approve(his, deputy.ID, sqltest.First), "own_approval")
	refused("the day before", approve(theirs, deputy.ID, today.Start().Add(-time.Second)), "lent_for_the_day")
	refused("the day after", approve(theirs, deputy.ID, today.AddDays(2).Start()), "lent_for_the_day")
	refused("by somebody else", approve(theirs, actor(t, s, "principal.kageskolan").ID, sqltest.First), "lent_for_the_day")
	if err := approve(theirs, deputy.ID, today.Start()); err != nil {
		t.Errorf("the first second: %v", err)
	}
	if err := approve(theirs, deputy.ID, today.AddDays(2).Start().Add(-time.Second)); err != nil {
		t.Errorf("the last second: %v", err)
	}
	if _, err := db.Exec(`UPDATE absences SET ended_at = $1 WHERE substitute = $2`, sqltest.First, deputy.ID); err != nil {
		t.Fatal(err)
	}
	refused("ended", approve(theirs, deputy.ID, sqltest.First), "lent_for_the_day")

	period := func(substitute, school any, first, last string) error {
		_, err := db.Exec(`INSERT INTO absences (person, substitute, role, school, first, last, made_by, at) VALUES ($1, $2, 'principal', $3, $4, $5, $1, now())`, principal.ID, substitute, school, first, last)
		return err
	}
	at := principal.Roles[0].School
	refused("reversed", period(deputy.ID, at, "2026-02-02", "2026-02-01"), "days_in_order")
	refused("over a year", period(deputy.ID, at, "2026-02-01", "2027-02-02"), "principals_year")
	refused("no school", period(deputy.ID, nil, "2026-02-01", "2026-02-01"), "principals_school")
	refused("oneself", period(principal.ID, at, "2026-02-01", "2026-02-01"), "another_person")
}
