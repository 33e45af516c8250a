package jobs

import (
	"slices"
	"strings"
	"testing"

	"fund/sql"
	"fund/workflow"
)

// TestWhoMustActInsteadIsWritten: when the head of office declares a conflict of interest in a
// case that waits for the head, the mail goes to who decides now: the secretary, as there is no other head.
func TestWhoMustActInsteadIsWritten(t *testing.T) {
	t.Parallel()
	h, app := filedOnly(t)
	h.run()
	h.settle()
	mails := func() []sql.MailRow {
		rows, err := h.store.Mails(t.Context(), workflow.Machine(), app)
		if err != nil {
			t.Fatal(err)
		}
		return slices.DeleteFunc(rows, func(m sql.MailRow) bool { return !strings.Contains(m.Subject, "jävig") })
	}
	h.do(app, "head", &workflow.DeclareInterest{})
	h.do(app, "officer", &workflow.Propose{Outcome: workflow.Dismissed, Reasons: []string{"R-LATE"}, Text: "För sent."})
	h.settle()
	if got := mails(); len(got) > 0 {
		t.Fatalf("nobody is in conflict, and written: %+v", got)
	}
	h.do(app, "head", &workflow.DeclareInterest{Conflict: true, Reason: "Släkt."})
	h.settle()
	got := mails()
	if len(got) != 1 || got[0].To != "secretary@example.org" || !strings.Contains(got[0].Body, "Nu väntar ärendet på dig.") {
		t.Errorf("mails %+v", got)
	}
}

// TestOfficersAreToldThatACaseHasNone: the words are about the officer who left, not about a reviewer.
func TestOfficersAreToldThatACaseHasNone(t *testing.T) {
	t.Parallel()
	job := sql.Job{Data: map[string]any{"kind": "other", "to": []any{"officer"}, "version": 3}}
	for left, want := range map[string]string{`{"conflict":true,"left":"officer"}`: "other.declare_interest_officer", `{"conflict":true}`: "other.declare_interest"} {
		w, err := mailOf(sampleCase(), []sql.EventRow{{Version: 3, Action: workflow.ActDeclareInterest, Data: []byte(left)}}, job)
		if err != nil || w.words != want {
			t.Errorf("%s: words %q (%v), want %q", left, w.words, err, want)
		}
	}
}
