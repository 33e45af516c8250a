package sql_test

import (
	"slices"
	"strings"
	"testing"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// TestWhoIsInConflictIsWrittenNothing: whatever group of a case's people a mail goes to,
// whoever has declared a conflict of interest in it isn't among them; in another case
// the same people are (KL 6:28).
func TestWhoIsInConflictIsWrittenNothing(t *testing.T) {
	t.Parallel()
	s := sqltest.Open(t)
	openRound(t, s, "R1", 500000)
	var ids []int64
	for range 2 {
		app, err := s.Begin(t.Context(), actor(t, s, "teacher2"), form("Kågeskolan", "R1", 30000))
		if err != nil {
			t.Fatal(err)
		}
		do(t, s, app.ID, "teacher2", &workflow.Submit{}, "", &workflow.TakeUp{}, "officer", &workflow.RuleEligibility{Eligible: true},
			"officer", &workflow.AssignReviewers{Reviewers: []string{"reviewer1@example.org", "reviewer2@example.org"}})
		ids = append(ids, app.ID)
	}
	for _, x := range []struct {
		who    string
		groups []string
	}{
		{"officer", []string{"officer"}},
		{"head", []string{"decider", "person:head@example.org"}}, // by name, too: with the head in conflict the committee decides
		{"reviewer1", []string{"person:Reviewer1@example.org"}},
		{"finance1", []string{"finance"}},
	} {
		mailed := func(id int64, want bool) {
			t.Helper()
			c, err := s.Case(t.Context(), workflow.Machine(), id)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.InTx(t.Context(), func(tx *sql.Tx) error {
				to, err := tx.Recipients(t.Context(), c, x.groups)
				if got := slices.ContainsFunc(to, func(r sql.Recipient) bool { return r.Email == x.who+"@example.org" }); got != want {
					t.Errorf("case %d: a mail to %s reaches %s: %v, want %v", id, x.groups, x.who, got, want)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		mailed(ids[0], true)
		do(t, s, ids[0], x.who, &workflow.DeclareInterest{Conflict: true, Reason: "Släkt."})
		mailed(ids[0], false)
		mailed(ids[1], true)
	}
}

// TestTheContactAddressObeysConflict: the address in the form gets the applicant's mails,
// whoever has it; but where it is somebody's who is in conflict in the case, it gets none.
func TestTheContactAddressObeysConflict(t *testing.T) {
	t.Parallel()
	s := sqltest.Open(t)
	openRound(t, s, "R1", 500000)
	kage := actor(t, s, "teacher2").Roles[0].School // Kågeskolan
	tied := func(who string) func(int64) {
		return func(int64) {
			if err := s.AddTie(t.Context(), actor(t, s, who), "employer", kage, "", ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, x := range []struct {
		name, contact string
		conflict      func(app int64)
		written       bool
	}{
		{"nobody we know", "expedition@example.org", func(int64) {}, true},
		{"an officer", "officer@example.org", func(int64) {}, true},
		{"an officer who has declared a conflict", "Officer@example.org", func(app int64) {
			do(t, s, app, "officer", &workflow.DeclareInterest{Conflict: true, Reason: "Släkt."})
		}, false},
		{"a reviewer who worked at the school", "reviewer1@example.org", tied("reviewer1"), false},
		{"a teacher elsewhere who worked at the school", "teacher@example.org", tied("teacher"), true},
		{"a colleague at the school", "principal.kageskolan@example.org", func(int64) {}, true},
	} {
		f := form("Kågeskolan", "R1", 30000)
		f.Applicant.ContactEmail = x.contact
		app, err := s.Begin(t.Context(), actor(t, s, "teacher2"), f)
		if err != nil {
			t.Fatal(err)
		}
		do(t, s, app.ID, "teacher2", &workflow.Submit{}, "", &workflow.TakeUp{})
		x.conflict(app.ID)
		c, err := s.Case(t.Context(), workflow.Machine(), app.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.InTx(t.Context(), func(tx *sql.Tx) error {
			to, err := tx.Recipients(t.Context(), c, []string{"applicant"})
			if got := slices.ContainsFunc(to, func(r sql.Recipient) bool { return r.Email == strings.ToLower(x.contact) }); got != x.written {
				t.Errorf("%s: written %v, want %v", x.name, got, x.written)
			}
			if !slices.ContainsFunc(to, func(r sql.Recipient) bool { return r.Email == "teacher2@example.org" }) {
				t.Errorf("%s: the applicant isn't written", x.name)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
}
