package workflow

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSuggestReviewersByLoad(t *testing.T) {
	t.Parallel()
	choice := func(name string, open int, conflict string, assigned bool) ReviewerChoice {
		return ReviewerChoice{Person: Person{Email: name}, Open: open, Conflict: conflict, Assigned: assigned}
	}
	for _, x := range []struct {
		name string
		all  []ReviewerChoice
		need int
		want []string
	}{
		{"fewest open", []ReviewerChoice{choice("a", 3, "", false), choice("b", 1, "", false), choice("c", 2, "", false)}, 2, []string{"b", "c"}},
		{"equal by address", []ReviewerChoice{choice("c", 1, "", false), choice("a", 1, "", false), choice("b", 1, "", false)}, 2, []string{"a", "b"}},
		{"who has it stays", []ReviewerChoice{choice("a", 0, "", false), choice("b", 9, "", true), choice("c", 1, "", false)}, 2, []string{"b", "a"}},
		{"too few", []ReviewerChoice{choice("a", 0, "tie", false), choice("b", 1, "", false)}, 2, []string{"b"}},
	} {
		if got := SuggestReviewers(x.all, x.need); !slices.Equal(got, x.want) {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		var all []ReviewerChoice
		for i := range rapid.IntRange(0, 8).Draw(t, "people") {
			all = append(all, choice(fmt.Sprint(i), rapid.IntRange(0, 5).Draw(t, "open"), rapid.SampledFrom([]string{"", "", "school", "declared"}).Draw(t, "conflict"), rapid.Bool().Draw(t, "assigned")))
		}
		got := SuggestReviewers(all, 2)
		for _, c := range all {
			if c.Conflict != "" && slices.Contains(got, c.Email) {
				t.Fatalf("%s is in conflict and suggested", c.Email)
			}
		}
	})
}

// TestSeverityIsWhatAHandGets: a mean with thirds in it is rounded once, at the end and to the nearest tenth.
func TestSeverityIsWhatAHandGets(t *testing.T) {
	t.Parallel()
	rules := Rules{CriteriaWeights: map[string]int{"K1": 1}, Reviewers: 2, ScoreDifferenceMax: 20}
	at := NewDate(2026, 1, 10).Start()
	scored := func(totals ...int) Case {
		c := Case{Round: Round{Rules: rules}}
		for i, n := range totals {
			c.App.Reviews = append(c.App.Reviews, Review{Person: int64(i + 1), Ratings: map[string]int{"K1": n}, SubmittedAt: at})
		}
		return c
	}
	got := Severities([]Case{scored(73, 68), scored(73, 68), scored(73, 68), scored(73, 68), scored(72, 40, 69)})
	// The last case's mean is 60⅓: (4 × 2.5 + 11⅔) / 5 = 4⅓, and (4 × −2.5 − 20⅓) / 5 = −6.0667.
	if got[1] != (Severity{5, 43}) || got[2] != (Severity{5, -61}) {
		t.Errorf("severities %+v", got)
	}
	if _, ok := got[3]; ok {
		t.Error("one case was enough")
	}
}

// TestSeverityIsFoundAndCorrected: one who always gives ten less than the other is strict by five against the mean.
func TestSeverityIsFoundAndCorrected(t *testing.T) {
	t.Parallel()
	rules := Rules{CriteriaWeights: map[string]int{"K1": 10}, Reviewers: 2, ScoreDifferenceMax: 15}
	cases := []Case{}
	for i := range 3 {
		c := Case{Round: Round{Rules: rules}}
		at := NewDate(2026, 1, 10).Start()
		c.App.Reviews = []Review{{Person: 1, Ratings: map[string]int{"K1": 2 + i%2}, SubmittedAt: at}, {Person: 2, Ratings: map[string]int{"K1": 3 + i%2}, SubmittedAt: at}}
		cases = append(cases, c)
	}
	got := Severities(cases)
	if got[1] != (Severity{3, -50}) || got[2] != (Severity{3, 50}) {
		t.Errorf("severities %+v", got)
	}
	if got[1].Corrected(20) != 250 || got[2].Corrected(30) != 250 {
		t.Errorf("corrected %d and %d tenths", got[1].Corrected(20), got[2].Corrected(30))
	}
	if len(Severities(cases[:2])) != 0 {
		t.Error("two cases were enough")
	}
	wide := cases[0]
	wide.App.Reviews = slices.Clone(wide.App.Reviews)
	wide.App.Reviews[0].Ratings = map[string]int{"K1": 1}
	wide.App.Reviews[1].Ratings = map[string]int{"K1": 3}
	if ReviewersNeeded(cases[0]) != 2 || ReviewersNeeded(wide) != 3 {
		t.Errorf("needed %d and %d", ReviewersNeeded(cases[0]), ReviewersNeeded(wide))
	}
}
