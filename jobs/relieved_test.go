package jobs

import (
	"slices"
	"strings"
	"testing"

	"fund/sql"
	"fund/workflow"
)

// TestWhoIsTakenOffACaseIsTold: a reviewer who has it no longer is written so, and who gets it back
// again as well; not who has declared a conflict of interest, nor who could not be given it (RF-18).
func TestWhoIsTakenOffACaseIsTold(t *testing.T) {
	t.Parallel()
	h, app := filedOnly(t)
	h.run()
	h.settle()
	assign := func(who ...string) {
		for i := range who {
			who[i] += "@example.org"
		}
		h.do(app, "officer", &workflow.AssignReviewers{Reviewers: who})
		h.settle()
	}
	told := func(who, words string) int {
		rows, err := h.store.Mails(t.Context(), workflow.Machine(), app)
		if err != nil {
			t.Fatal(err)
		}
		return len(slices.DeleteFunc(rows, func(m sql.MailRow) bool {
			return m.To != who+"@example.org" || !strings.Contains(m.Subject, words)
		}))
	}
	expect := func(step, who, words string, want int) {
		t.Helper()
		if got := told(who, words); got != want {
			t.Errorf("%s: %s has %d mails %q, want %d", step, who, got, words, want)
		}
	}
	const off, on = "Du ska inte längre bedöma", "Bedöm senast"
	h.do(app, "officer", &workflow.RuleEligibility{Eligible: true})
	assign("reviewer1", "reviewer2")
	assign("reviewer2", "reviewer3")
	expect("another was appointed", "reviewer1", off, 1)
	expect("another was appointed", "reviewer2", off, 0)
	h.do(app, "officer", &workflow.TakeBack{Reason: "Fel klick."})
	h.settle()
	expect("taken back", "reviewer1", on, 2)
	expect("taken back", "reviewer2", on, 1)
	expect("taken back", "reviewer3", off, 1)
	h.do(app, "reviewer1", &workflow.DeclareInterest{Conflict: true, Reason: "Släkt."})
	h.settle()
	expect("in conflict", "reviewer1", off, 1)
	if err := h.store.AddTie(t.Context(), h.who("reviewer2"), "family", h.read(app).App.SchoolID, "", ""); err != nil {
		t.Fatal(err)
	}
	assign("reviewer3")
	expect("tied to the school", "reviewer2", off, 0)
	h.do(app, "teacher", &workflow.Withdraw{})
	h.settle()
	expect("withdrawn", "reviewer3", "Ansökan är återtagen", 1)
	expect("withdrawn", "reviewer1", "återtagen", 0)
}

// TestWhoIsTakenOffAtOnceIsNotAsked: a mail that asks for an assessment is not written when another has the
// case by then; of a blind round it would name the school.
func TestWhoIsTakenOffAtOnceIsNotAsked(t *testing.T) {
	t.Parallel()
	h, app := filedOnly(t)
	h.run()
	h.settle()
	h.do(app, "officer", &workflow.RuleEligibility{Eligible: true})
	if err := h.store.InTx(t.Context(), func(tx *sql.Tx) error { // no job runs in between
		for _, who := range []string{"reviewer1@example.org", "reviewer2@example.org"} {
			if _, err := tx.Apply(t.Context(), sql.Ref{ID: app}, h.who("officer"), &workflow.AssignReviewers{Reviewers: []string{who}}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	h.settle()
	if one, two := h.mailsTo(app, "reviewer1@example.org", "assigned"), h.mailsTo(app, "reviewer2@example.org", "assigned"); one != 0 || two != 1 {
		t.Errorf("reviewer1 is asked %d times, reviewer2 %d", one, two)
	}
}
