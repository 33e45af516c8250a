package jobs

import (
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
