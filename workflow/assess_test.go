package workflow

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

func TestRulingIsAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(UnderCheck)
	w.do(officer1, &RuleEligibility{Rulings: []RuleValue{{Rule: "RF-01", Met: false, Reason: "Nej."}}}).state(UnderCheck)
	if n := Compute(w.c, w.today()); n.MaxGrant != 0 || n.Suggested.Reasons[0] != "R-ELIG" {
		t.Errorf("ruled out: %+v", n)
	}
	w.do(officer1, &RuleEligibility{Eligible: true}).state(UnderAssessment)
	if n := Compute(w.c, w.today()); n.MaxGrant != 81000 {
		t.Errorf("a rule that is not named keeps the machine's finding: %+v", n)
	}
	if err := newWorld(t).to(UnderCheck).try(officer1, &RuleEligibility{Rulings: []RuleValue{{Rule: "RF-28"}}}); !faulty(err, "rulings[0].rule", "choice") {
		t.Errorf("RF-28: %v", err)
	}
}

func TestConflict(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(UnderAssessment).do(reviewerA, &SaveReview{Ratings: map[string]int{"K1": 5}})
	w.do(reviewerA, &DeclareInterest{Conflict: true, Reason: "Släkt."})
	if len(w.c.App.Voided) != 1 || w.c.App.Voided[0].Reason != "Släkt." || w.c.App.Voided[0].Ratings["K1"] != 5 || len(w.c.App.Reviews) != 1 {
		t.Errorf("voided %+v, left %+v", w.c.App.Voided, w.c.App.Reviews)
	}
	if err := w.try(reviewerA, goodReview()); !errors.Is(err, ErrNotFound) {
		t.Errorf("after the declaration: %v", err)
	}
	if err := w.try(officer1, &AssignReviewers{Reviewers: []string{reviewerA.Email}}); !faulty(err, "reviewers[0]", "in_conflict") {
		t.Errorf("assigned again: %v", err)
	}
	w.do(officer1, &AssignReviewers{Reviewers: []string{reviewerB.Email, reviewerC.Email}})
	if !slices.Contains(Flags(w.c), "coi") {
		t.Error("no flag")
	}
	w.do(head1, &DeclareInterest{Conflict: true})
	w.c.Facts.HeadConflict = true
	w.c.Round.Rules.DelegationLimit = 1000000
	if body := w.c.DecisionBody(); body != Committee {
		t.Errorf("head in conflict: %s", body)
	}
	w.c.Facts.HeadConflict = false
	if body := w.c.DecisionBody(); body != Delegate {
		t.Errorf("head free: %s", body)
	}
	// Somebody who is not in the case yet may say so too, and nobody outside the office may.
	w.do(fin1, &DeclareInterest{Conflict: true})
	if err := w.try(fin1, &DeclareInterest{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("it is gone: %v", err)
	}
	if err := w.try(teacher1, &DeclareInterest{}); !isForbidden(err, "role") {
		t.Errorf("applicant: %v", err)
	}
}

func TestReviews(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(UnderCheck).do(officer1, &RuleEligibility{Eligible: true})
	w.do(officer1, &AssignReviewers{Reviewers: []string{reviewerA.Email, reviewerB.Email}})
	if err := w.try(reviewerA, goodReview()); !isRefused(err, "declare_first") {
		t.Errorf("undeclared: %v", err)
	}
	w.do(reviewerA, &DeclareInterest{}).do(reviewerB, &DeclareInterest{})
	short := goodReview()
	short.Comments = comments()
	short.Comments["K2"] = "kort"
	if err := w.try(reviewerA, short); !faulty(err, "comments.K2", "comment_short") {
		t.Errorf("short: %v", err)
	}
	high := &SubmitReview{Ratings: map[string]int{"K1": 6, "K2": -1, "K3": 1, "K4": 1}, Comments: comments()}
	if err := w.try(reviewerA, high); !faulty(err, "ratings.K1", "range") || !faulty(err, "ratings.K2", "range") || !faulty(err, "ratings.K5", "required") {
		t.Errorf("six: %v", err)
	}
	w.do(reviewerA, goodReview())
	if err := w.try(reviewerA, goodReview()); !isRefused(err, "review_done") {
		t.Errorf("twice: %v", err)
	}
	if err := w.try(officer1, &SetConsensus{Ratings: goodRatings, Comment: "x"}); !isRefused(err, "reviews_missing") {
		t.Errorf("one of two: %v", err)
	}
	if err := w.try(officer1, &Rank{}); !isRefused(err, "no_consensus") {
		t.Errorf("rank: %v", err)
	}
	w.do(reviewerB, &SubmitReview{Ratings: map[string]int{"K1": 3, "K2": 3, "K3": 3, "K4": 3, "K5": 3}, Comments: comments()})
	if s := Assess(w.c); s.Difference != 29 || !s.Wide || s.Total != nil {
		t.Errorf("assessment %+v", s) // 89 − 60
	}
	w.do(officer1, &SetConsensus{Ratings: map[string]int{"K1": 5, "K2": 5, "K3": 5, "K4": 5, "K5": 2}, Comment: "Eniga."})
	if s := Assess(w.c); *s.Total != 91 || *s.Passed {
		t.Errorf("91 points with a two pass: %+v", s)
	}
	w.do(officer1, &SetConsensus{Ratings: map[string]int{"K1": 3, "K2": 3, "K3": 3, "K4": 3, "K5": 3}, Comment: "Eniga."})
	if s := Assess(w.c); *s.Total != 60 || !*s.Passed {
		t.Errorf("60 points: %+v", s)
	}
}

func TestRemitKeepsTheAssessment(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Proposed)
	if err := w.try(head1, &RemitBack{Reason: "x"}); !isForbidden(err, "level") {
		t.Errorf("head above the limit: %v", err)
	}
	w.do(secretary1, &RemitBack{Reason: "Mer."})
	if w.c.App.Proposal != nil || w.c.App.Eligible != nil || len(w.c.App.Reviews) != 2 || w.c.App.Consensus == nil {
		t.Errorf("kept: %+v", w.c.App)
	}
	if err := w.try(officer1, &Rank{}); !isWrongState(err) {
		t.Errorf("rank before a ruling: %v", err)
	}
	w.do(officer1, &RuleEligibility{Eligible: true}).do(officer1, &Rank{}).state(Ranked)
}

// TestConflictOfWhoHasTheCase: the officer's case is nobody's, and officers are told; a head in conflict
// who was asked to decide, a grant or a change of one, is followed by the committee's secretary.
func TestConflictOfWhoHasTheCase(t *testing.T) {
	t.Parallel()
	mails := func(w *world, by Actor) (to []string) {
		before := len(w.jobs)
		w.do(by, &DeclareInterest{Conflict: true})
		for _, j := range w.jobs[before:] {
			to = append(to, fmt.Sprint(j.Kind, j.Data["to"]))
		}
		return to
	}
	w := newWorld(t).to(UnderCheck)
	w.c.App.Officer, w.c.App.OfficerID = officer1.Email, officer1.ID
	if got := mails(w, officer1); w.c.App.OfficerID != 0 || !slices.Equal(got, []string{"mail[officer]"}) {
		t.Errorf("officer %d, mails %v", w.c.App.OfficerID, got)
	}
	w = newWorld(t).to(Ranked)
	w.c.Round.Rules.DelegationLimit = 1_000_000
	if got := mails(w, head1); len(got) > 0 {
		t.Errorf("nothing waited for the head: mails %v", got)
	}
	w = newWorld(t)
	w.c.Round.Rules.DelegationLimit = 1_000_000
	if got := mails(w.to(Proposed), head1); !slices.Equal(got, []string{"mail[decider]"}) {
		t.Errorf("the head was to decide: mails %v", got)
	}
	w = newWorld(t)
	w.c.App.Decision, w.c.Facts.HeadConflict = &Decision{Body: Delegate}, true
	if got := w.c.changeBody(); got != Committee {
		t.Errorf("a change of the head's grant goes to %s", got)
	}
}
