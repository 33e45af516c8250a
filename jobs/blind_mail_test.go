package jobs

import (
	dbsql "database/sql"
	"strings"
	"testing"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestMailToABlindReviewerNamesNobody: what a reviewer of a blind round is written
// tells neither school, place nor person; the officer's mail about the same case does.
func TestMailToABlindReviewerNamesNobody(t *testing.T) {
	t.Parallel()
	r, c := bare(), sampleCase()
	c.Round.Rules.BlindReview = true
	c.App.Decision = nil
	c.School = &workflow.School{ID: 3, Name: "Baldergymnasiet", Town: "Byske"}
	c.App.Form.Title = "Balder reser från Byske med Elin Marklund"
	c.App.ApplicantName, c.App.ApplicantEmail = "Elin Marklund", "elin@balder.example"
	c.App.Reviews = []workflow.Review{{Person: 7, Reviewer: "reviewer1@example.org"}}
	reviewer := workflow.Act(workflow.Person{ID: 7, Email: "reviewer1@example.org", Roles: []workflow.RoleAt{{Role: workflow.Reviewer}}})
	officer := workflow.Act(workflow.Person{ID: 8, Email: "officer@example.org", Roles: []workflow.RoleAt{{Role: workflow.Officer}}})
	for _, l := range lang.All() {
		for _, words := range []string{"assigned", "reviews_done", "other", "other.message", "other.remit_back", "closed"} {
			w := writing{kind: "other", words: words, args: func(lang.Lang) lang.Args {
				return lang.Args{"Due": "1 maj 2026", "Count": 1}
			}}
			m := r.message(workflow.BlindFor(c, reviewer), w, l, "/reviews/1")
			if found := workflow.Leaks(c, m.Subject+"\n"+m.Plain()); len(found) > 0 {
				t.Errorf("%s in %s leaks %q: %s\n%s", words, l, found, m.Subject, m.Plain())
			}
		}
	}
	w := writing{kind: "other", words: "other.message"}
	if m := r.message(workflow.BlindFor(c, officer), w, lang.SV, "/cases/1"); len(workflow.Leaks(c, m.Subject+m.Plain())) == 0 {
		t.Error("the officer is written to as if blind, or the check finds nothing")
	}
}

// TestMailsOfABlindRoundAreWrittenBlind lets the jobs themselves write to reviewers
// of a blind round, from the first word to the end of their part, and reads every mail.
func TestMailsOfABlindRoundAreWrittenBlind(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.run()
	h.round()
	db, err := dbsql.Open("postgres", h.url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `UPDATE rounds SET rules = rules || '{"blind_review": true}'`); err != nil {
		t.Fatal(err)
	}
	h.clock("2026-01-20T09:00:00+01:00")
	f := outgoing()
	f.Title = "Baldergymnasiet möter Pardubice"
	app := h.draft(f)
	h.file(app)
	h.do(app, "officer", &workflow.RuleEligibility{Eligible: true})
	h.do(app, "officer", &workflow.AssignReviewers{Reviewers: []string{"reviewer1@example.org", "reviewer2@example.org"}})
	h.do(app, "reviewer2", &workflow.DeclareInterest{})
	h.do(app, "officer", &workflow.AssignReviewers{Reviewers: []string{"reviewer1@example.org", "reviewer3@example.org"}})
	h.do(app, "officer", &workflow.AssignReviewers{Reviewers: []string{"reviewer2@example.org"}})
	h.settle() // the step and what follows it are told before it is taken back
	h.do(app, "officer", &workflow.TakeBack{Reason: "Fel klick."})
	h.settle()
	c := h.read(app)
	rows, err := h.store.Mails(t.Context(), workflow.Machine(), app)
	if err != nil {
		t.Fatal(err)
	}
	n, officers := 0, 0
	for _, m := range rows {
		found := workflow.Leaks(c, m.Subject+"\n"+m.Body)
		switch {
		case strings.HasPrefix(m.To, "reviewer"):
			if n++; len(found) > 0 {
				t.Errorf("%s to %s leaks %q: %s\n%s", m.Kind, m.To, found, m.Subject, m.Body)
			}
		case len(found) > 0:
			officers++
		}
	}
	if n < 5 || officers == 0 {
		t.Errorf("%d mails to reviewers, %d that name the school to others: the test sees too little", n, officers)
	}
}
