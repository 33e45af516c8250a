package sql_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// decidedCase is a case of Kågeskolan that the head has just granted 30 000 kr.
func decidedCase(t *testing.T) (*sql.Store, int64) {
	t.Helper()
	s := sqltest.Open(t)
	openRound(t, s, "R1", 500000)
	app, err := s.Begin(t.Context(), actor(t, s, "teacher2"), form("Kågeskolan", "R1", 30000))
	if err != nil {
		t.Fatal(err)
	}
	do(t, s, app.ID, "teacher2", &workflow.Submit{})
	propose(t, s, app.ID, 30000)
	do(t, s, app.ID, "head", &workflow.DecideGrant{Propose: workflow.Propose{Outcome: workflow.Granted, Amount: 30000, Text: "Bifall."}, DelegationItem: "3.1"})
	return s, app.ID
}

func takeBack(t *testing.T, s *sql.Store, app int64, who string) error {
	t.Helper()
	_, err := s.Apply(t.Context(), sql.Ref{ID: app}, actor(t, s, who), &workflow.TakeBack{Reason: "Fel rad i listan."})
	return err
}

func refusedAs(err error, code string) bool {
	var r workflow.Refused
	return errors.As(err, &r) && r.Code == code
}

// TestADecisionIsTakenBackWhole: the money is free, the plan is gone, nothing
// follows, the log holds, and the school's history tells nothing of it.
func TestADecisionIsTakenBackWhole(t *testing.T) {
	t.Parallel()
	s, id := decidedCase(t)
	if m, err := s.RoundMoney(t.Context(), "R1"); err != nil || m.Reserved != 30000 {
		t.Fatalf("before: %+v, %v", m, err)
	}
	if jobs, err := s.OpenJobs(t.Context(), id); err != nil || !hasJob(jobs, workflow.JobDecisionLetter) || !hasJob(jobs, workflow.JobAcceptEnd) {
		t.Fatalf("before: %+v, %v", jobs, err)
	}
	if err := takeBack(t, s, id, "head"); err != nil {
		t.Fatal(err)
	}
	k, err := s.Case(t.Context(), workflow.Machine(), id)
	if err != nil || k.App.State != workflow.Proposed || k.App.Decision != nil || len(k.App.Payments) != 0 {
		t.Errorf("taken back: %s %+v %+v, %v", k.App.State, k.App.Decision, k.App.Payments, err)
	}
	if m, err := s.RoundMoney(t.Context(), "R1"); err != nil || m.Reserved != 0 || m.Available != 500000 {
		t.Errorf("money %+v, %v", m, err)
	}
	jobs, err := s.OpenJobs(t.Context(), id)
	if err != nil || hasJob(jobs, workflow.JobDecisionLetter) || hasJob(jobs, workflow.JobAcceptEnd) || hasJob(jobs, workflow.JobTravelStart) {
		t.Errorf("still to follow: %+v, %v", jobs, err)
	}
	if a, err := s.VerifyAudit(t.Context()); err != nil || !a.OK {
		t.Errorf("the log: %+v, %v", a, err)
	}
	inside, err := s.Events(t.Context(), actor(t, s, "officer"), id)
	if err != nil || !hasEvent(inside, workflow.ActDecide) || !hasEvent(inside, workflow.ActTakeBack) {
		t.Errorf("the office reads %v, %v", actions(inside), err)
	}
	out, err := s.Events(t.Context(), actor(t, s, "teacher2"), id)
	if err != nil || hasEvent(out, workflow.ActDecide) || hasEvent(out, workflow.ActTakeBack) || !hasEvent(out, workflow.ActSubmit) {
		t.Errorf("the school reads %v, %v", actions(out), err)
	}
	do(t, s, id, "head", &workflow.DecideGrant{Propose: workflow.Propose{Outcome: workflow.PartiallyGranted, Amount: 20000, Text: "Bifall i del."}, DelegationItem: "3.1"})
	k, err = s.Case(t.Context(), workflow.Machine(), id)
	if err != nil || len(k.App.Payments) != 1 || k.App.Payments[0].N != 1 || k.App.Payments[0].Amount != 20000 {
		t.Errorf("decided again: %+v, %v", k.App.Payments, err)
	}
}

func hasJob(jobs []sql.Job, kind string) bool {
	return slices.ContainsFunc(jobs, func(j sql.Job) bool { return j.Kind == kind })
}

func hasEvent(rows []sql.EventRow, a workflow.Action) bool { return slices.Contains(actions(rows), a) }

func actions(rows []sql.EventRow) (list []workflow.Action) {
	for _, e := range rows {
		list = append(list, e.Action)
	}
	return list
}

// TestWhoReadsADecisionKnowsIt: on its page, in a list, and by a mail; the office's own reading counts for nothing.
func TestWhoReadsADecisionKnowsIt(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, code string
		tell       func(s *sql.Store, id int64) error
	}{
		{"the officer reads", "", func(s *sql.Store, id int64) error {
			_, err := s.Case(t.Context(), actor(t, s, "officer"), id)
			return err
		}},
		{"the teacher opens it", "shown_outside", func(s *sql.Store, id int64) error {
			_, err := s.Case(t.Context(), actor(t, s, "teacher2"), id)
			return err
		}},
		{"the principal sees the list", "shown_outside", func(s *sql.Store, id int64) error {
			_, _, err := s.FullCases(t.Context(), actor(t, s, "principal.kageskolan"), sql.CaseFilter{})
			return err
		}},
		{"a mail went to the school", "told_outside", func(s *sql.Store, id int64) error {
			jobs, err := s.OpenJobs(t.Context(), id)
			if err != nil {
				return err
			}
			i := slices.IndexFunc(jobs, func(j sql.Job) bool { return j.Kind == workflow.JobMail && j.Data["kind"] == "decided" })
			return s.Work(t.Context(), jobs[i].ID, func(ctx context.Context, tx *sql.Tx, j sql.Job) error {
				_, _, err := tx.AddMail(ctx, sql.MailRow{Application: id, Job: j.ID, To: "teacher2@example.org", Kind: "decided", Lang: "sv", Subject: "Beslut", Body: "Beslut"})
				return err
			})
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, id := decidedCase(t)
			if err := tt.tell(s, id); err != nil {
				t.Fatal(err)
			}
			err := takeBack(t, s, id, "head")
			if tt.code == "" && err != nil || tt.code != "" && !refusedAs(err, tt.code) {
				t.Errorf("got %v, want %q", err, tt.code)
			}
		})
	}
}

// TestReadingAndTakingBackAtOnce: whoever reads at the same moment reads either
// the decision, which then stands, or nothing of it.
func TestReadingAndTakingBackAtOnce(t *testing.T) {
	t.Parallel()
	s, id := decidedCase(t)
	teacher := actor(t, s, "teacher2")
	for range 12 {
		read, done := make(chan workflow.Case, 1), make(chan error, 1)
		go func() {
			k, err := s.Case(t.Context(), teacher, id)
			if err != nil {
				t.Error(err)
			}
			read <- k
		}()
		head := actor(t, s, "head")
		go func() {
			_, err := s.Apply(t.Context(), sql.Ref{ID: id}, head, &workflow.TakeBack{Reason: "Fel rad."})
			done <- err
		}()
		k, err := <-read, <-done
		if saw := k.App.Decision != nil; saw != (err != nil) {
			t.Fatalf("the school saw the decision: %v, and taking it back said: %v", saw, err)
		}
		if err != nil {
			return // read: it stands
		}
		do(t, s, id, "head", &workflow.DecideGrant{Propose: workflow.Propose{Outcome: workflow.Granted, Amount: 30000, Text: "Bifall."}, DelegationItem: "3.1"})
	}
}
