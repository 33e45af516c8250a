package workflow

import (
	"slices"
	"testing"
)

// TestWhoSees names, for each person, the states in which the straight way's case is known to them.
func TestWhoSees(t *testing.T) {
	t.Parallel()
	filed := []State{Submitted, UnderCheck, UnderAssessment, Ranked, Proposed, Decided, Payable, Settled, Closed}
	all := slices.Concat([]State{Draft, AwaitingPrincipal, Approved}, filed)
	assigned := []State{UnderAssessment, Ranked, Proposed, Decided, Payable, Settled}
	granted := []State{Decided, Payable, Settled, Closed}
	for _, k := range []struct {
		by   Actor
		sees []State
	}{
		{teacher1, all}, {principal1, all[1:]}, {officer1, filed}, {head1, filed}, {secretary1, filed}, {registrar1, filed}, {auditor1, filed},
		{reviewerA, assigned}, {reviewerC, nil}, {fin1, granted}, {fin2, granted}, {admin1, nil}, {stranger, nil}, {colleague, nil}, {external1, nil}, {economist1, []State{Settled, Closed}},
		{Machine(), all},
	} {
		for _, s := range all {
			if got := Sees(newWorld(t).to(s).c, k.by); got != slices.Contains(k.sees, s) {
				t.Errorf("%s in %s: %v", k.by.Email, s, got)
			}
		}
	}
}

func TestWritersSeeTheDraft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.try(teacher1, &InviteWriter{Email: stranger.Email}); !faulty(err, "email", "no_colleague") {
		t.Errorf("another school: %v", err)
	}
	w.do(teacher1, &InviteWriter{Email: colleague.Email}).do(colleague, &Save{Patch: []byte(`{"title":"Vår"}`)})
	if !Sees(w.c, colleague) {
		t.Error("a co-writer sees nothing")
	}
}

// TestConflictEndsSight: whoever of the office is in conflict knows nothing of the case (contract.md §3: "gone for that person").
func TestConflictEndsSight(t *testing.T) {
	t.Parallel()
	for _, by := range everybody {
		if !by.Office() {
			continue
		}
		w := newWorld(t).to(Decided)
		w.do(by, &DeclareInterest{Conflict: true})
		if Sees(w.c, by) {
			t.Errorf("%s in conflict sees it", by.Email)
		}
		if len(Allowed(w.c, by, w.at)) > 0 {
			t.Errorf("%s in conflict may %v", by.Email, Allowed(w.c, by, w.at))
		}
	}
}

func TestAssessmentIsForTheOfficeUntilDecided(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Proposed)
	for by, want := range map[*Actor]bool{&teacher1: false, &principal1: false, &officer1: true, &head1: true, &secretary1: true, &reviewerA: true, &auditor1: true, &fin1: false} {
		if SeesAssessment(w.c, *by) != want {
			t.Errorf("%s before the decision: %v", by.Email, !want)
		}
	}
	w.c.App.Consensus = &Consensus{Ratings: map[string]int{"K1": 1, "K2": 3, "K3": 3, "K4": 3, "K5": 3}}
	tells := func(by Actor) bool {
		return slices.ContainsFunc(VisibleFindings(w.c, by, w.today()), func(f Finding) bool { return f.Field == "assessment" })
	}
	if tells(teacher1) || tells(principal1) || !tells(officer1) || !tells(reviewerA) {
		t.Error("the finding about the scores is shown to the wrong people")
	}
	w.decideProposed(grant(81000))
	if !tells(teacher1) {
		t.Error("the applicant reads the finding about the scores after the decision")
	}
	if !SeesAssessment(w.c, teacher1) || len(VisibleReviews(w.c, teacher1)) != 2 {
		t.Error("the applicant reads the assessment after the decision")
	}
}

func TestReviewersSeeTheirOwnUntilAllAreDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(UnderAssessment).do(reviewerA, goodReview())
	for _, k := range []struct {
		by   Actor
		want int
	}{{reviewerA, 1}, {reviewerB, 1}, {officer1, 2}, {teacher1, 0}} {
		got := VisibleReviews(w.c, k.by)
		if len(got) != k.want || k.want == 1 && got[0].Person != k.by.ID {
			t.Errorf("%s sees %d", k.by.Email, len(got))
		}
	}
	w.do(reviewerB, goodReview())
	if len(VisibleReviews(w.c, reviewerA)) != 2 {
		t.Error("both are done")
	}
}
