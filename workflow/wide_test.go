package workflow

import "testing"

// TestWideScoresAreSettledBeforeTheRanking: a difference over the limit is
// settled at a meeting (the consensus), which must be newer than a third
// reviewer's word (RF-15); a narrow one needs no newer consensus.
func TestWideScoresAreSettledBeforeTheRanking(t *testing.T) {
	t.Parallel()
	low := map[string]int{"K1": 2, "K2": 2, "K3": 2, "K4": 2, "K5": 2}
	agree := &SetConsensus{Ratings: goodRatings, Comment: "Eniga."}
	third := func(w *world, ratings map[string]int) *world {
		w.do(officer1, &AssignReviewers{Reviewers: []string{reviewerA.Email, reviewerB.Email, reviewerC.Email}}).do(reviewerC, &DeclareInterest{})
		w.at = w.at.AddDate(0, 0, 1)
		return w.do(reviewerC, &SubmitReview{Ratings: ratings, Comments: comments()})
	}
	two := func(second map[string]int) *world {
		return newWorld(t).to(UnderAssessment).do(reviewerA, goodReview()).do(reviewerB, &SubmitReview{Ratings: second, Comments: comments()})
	}
	tests := []struct {
		name string
		w    *world
		code string
	}{
		{"wide, nothing agreed", two(low), "no_consensus"},
		{"wide, a third and nothing agreed", third(two(low), goodRatings), "no_consensus"},
		{"wide, met", two(low).do(officer1, agree), ""},
		{"a third after the meeting", third(two(goodRatings).do(officer1, agree), low), "wide_unsettled"},
		{"a third, and met again", third(two(goodRatings).do(officer1, agree), low).do(officer1, agree), ""},
		{"a third who agrees", third(two(goodRatings).do(officer1, agree), goodRatings), ""},
	}
	for _, tt := range tests {
		err := tt.w.try(officer1, &Rank{})
		if tt.code == "" && err != nil || tt.code != "" && !isRefused(err, tt.code) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.code)
		}
	}
}
