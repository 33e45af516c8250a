package sql_test

import (
	"errors"
	"testing"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// actor reads one of the seeded people.
func actor(t *testing.T, s *sql.Store, name string) workflow.Actor {
	t.Helper()
	p, err := s.PersonByEmail(t.Context(), name+"@example.org")
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return workflow.Act(p)
}

func TestDraftIsKeptAndPrivate(t *testing.T) {
	t.Parallel()
	s := sqltest.Open(t)
	teacher := actor(t, s, "teacher")
	app, err := s.Begin(t.Context(), teacher, workflow.Form{Title: "Utbyte", Applicant: workflow.ApplicantForm{School: "Baldergymnasiet"}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Case(t.Context(), teacher, app.ID)
	if err != nil || c.App.Form.Title != "Utbyte" || c.School == nil || c.School.Level != "gymnasieskola" {
		t.Fatalf("case %+v, %v", c.App, err)
	}
	for _, who := range []string{"teacher2", "officer", "principal"} {
		if _, err := s.Case(t.Context(), actor(t, s, who), app.ID); !errors.Is(err, workflow.ErrNotFound) {
			t.Errorf("%s sees the draft: %v", who, err)
		}
	}
	if _, err := s.Apply(t.Context(), sql.Ref{ID: app.ID, Version: 7}, teacher, &workflow.Withdraw{}); !errors.Is(err, workflow.ErrStale) {
		t.Errorf("stale version was taken: %v", err)
	}
	if _, err := s.Apply(t.Context(), sql.Ref{ID: app.ID, Version: 1}, teacher, &workflow.Withdraw{}); err != nil {
		t.Error(err)
	}
	audit, err := s.VerifyAudit(t.Context())
	if err != nil || !audit.OK || audit.Events != 2 {
		t.Errorf("audit %+v, %v", audit, err)
	}
}
