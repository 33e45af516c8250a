package workflow

import (
	"cmp"
	"slices"
)

// ReviewerChoice is somebody who may be asked to assess a case, or why not.
type ReviewerChoice struct {
	Person
	Open     int    // assessments asked for and not handed in yet
	Conflict string // why this person may not; empty: may. declared, applicant, school, tie, own_application
	Assigned bool
	Done     bool // has handed in this one
}

// SuggestReviewers picks who should assess a case, so that need people have it:
// those who have it stay, then those with the fewest open assessments come, by
// address where they are equal. Nobody in conflict is ever picked (RF-18).
func SuggestReviewers(all []ReviewerChoice, need int) (emails []string) {
	free := slices.DeleteFunc(slices.Clone(all), func(c ReviewerChoice) bool { return c.Conflict != "" })
	slices.SortStableFunc(free, func(a, b ReviewerChoice) int {
		if a.Assigned != b.Assigned {
			if a.Assigned {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Open, b.Open), cmp.Compare(a.Email, b.Email))
	})
	for _, c := range free {
		if c.Assigned || len(emails) < need {
			emails = append(emails, c.Email)
		}
	}
	return emails
}

// ReviewersNeeded is how many should assess the case: one more than the rule
// where those who have handed in differ by more than the limit (RF-15).
func ReviewersNeeded(c Case) int {
	need := c.Round.Rules.Reviewers
	if Assess(c).Wide {
		need++
	}
	return need
}

// Severity is how a reviewer's totals in a round lie against everybody's on the
// same cases, in tenths of a point: below 0 is strict.
type Severity struct {
	Cases  int
	Tenths int
}

// SeverityCases is how many cases a reviewer must have handed in before anything is corrected.
const SeverityCases = 3

// exactParts makes a mean of up to ten totals a whole number, so that nothing is rounded before the end.
const exactParts = 2520

// Severities compares the reviewers of a round. A case counts where at least two
// have handed in; the difference is to the mean of all on it, the reviewer's own too.
func Severities(cases []Case) map[int64]Severity {
	type sum struct{ n, parts int }
	sums := map[int64]sum{}
	for _, c := range cases {
		done := doneReviews(c.App.Reviews)
		if len(done) < 2 {
			continue
		}
		all := 0
		for _, r := range done {
			all += Score(r.Ratings, c.Round.Rules)
		}
		for _, r := range done {
			x := sums[r.Person]
			x.n++
			x.parts += exactParts*Score(r.Ratings, c.Round.Rules) - exactParts*all/len(done)
			sums[r.Person] = x
		}
	}
	out := map[int64]Severity{}
	for p, x := range sums {
		if x.n >= SeverityCases {
			out[p] = Severity{Cases: x.n, Tenths: nearest(10*x.parts, exactParts*x.n)}
		}
	}
	return out
}

// nearest divides and rounds as by hand: halves away from zero.
func nearest(a, b int) int {
	if a < 0 {
		return -nearest(-a, b)
	}
	return (2*a + b) / (2 * b)
}

// Corrected is a total less the reviewer's severity, in tenths of a point. The
// raw score stays what counts; this stands beside it.
func (s Severity) Corrected(total int) int { return 10*total - s.Tenths }
