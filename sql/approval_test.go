package sql_test

import (
	"database/sql"
	"strings"
	"testing"

	"fund/sql/sqltest"
	"fund/workflow"
)

// TestDatabaseRefusesOwnApproval writes past the program: the row of an approval
// by the applicant is refused by PostgreSQL, and by nobody else's is taken.
func TestDatabaseRefusesOwnApproval(t *testing.T) {
	t.Parallel()
	s, url := sqltest.OpenURL(t)
	openRound(t, s, "R1", 500000)
	teacher, principal := actor(t, s, "teacher"), actor(t, s, "principal")
	app, err := s.Begin(t.Context(), teacher, form("Baldergymnasiet", "R1", 40000))
	if err != nil {
		t.Fatal(err)
	}
	do(t, s, app.ID, "teacher", &workflow.RequestApproval{})
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	insert := func(by int64) error {
		_, err := db.Exec(`INSERT INTO events (application, version, at, actor, action, to_state, data_sha256, prev_hash, hash) VALUES ($1, 99, now(), $2, 'approve', 'approved', '', '', '')`, app.ID, by)
		return err
	}
	if err := insert(teacher.ID); err == nil || !strings.Contains(err.Error(), "own_approval") {
		t.Errorf("the applicant's own approval: %v", err)
	}
	if err := insert(principal.ID); err != nil {
		t.Errorf("the principal's: %v", err)
	}
}
