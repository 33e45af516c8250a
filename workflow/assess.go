package workflow

import (
	"slices"
	"time"
)

// Assessment is where the scoring stands (RF-15).
type Assessment struct {
	Total      *int  // by the consensus; nil before
	Passed     *bool // total and each rating at the thresholds
	Difference int   // largest difference between two reviewers' totals
	Wide       bool  // more than score_difference_max: third reviewer or meeting
	Settled    bool  // what was agreed is about all that is handed in: no reviewer came after it
}

// Assess adds up the consensus and compares the reviewers.
func Assess(c Case) Assessment {
	r := c.Round.Rules
	var out Assessment
	low, high := 0, 0
	out.Settled = c.App.Consensus != nil
	for i, v := range doneReviews(c.App.Reviews) {
		total := Score(v.Ratings, r)
		out.Settled = out.Settled && !v.SubmittedAt.After(c.App.Consensus.At)
		if i == 0 {
			low, high = total, total
		}
		low, high = min(low, total), max(high, total)
	}
	out.Difference = high - low
	out.Wide = out.Difference > r.ScoreDifferenceMax
	if k := c.App.Consensus; k != nil {
		total := Score(k.Ratings, r)
		passed := total >= r.ThresholdTotal
		for _, name := range r.Criteria() {
			passed = passed && k.Ratings[name] >= r.ThresholdRating
		}
		out.Total, out.Passed = &total, &passed
	}
	return out
}

func doneReviews(all []Review) (done []Review) {
	for _, v := range all {
		if v.Done() {
			done = append(done, v)
		}
	}
	return done
}

// Score is the weighted sum of ratings: Σ rating × weight.
func Score(ratings map[string]int, r Rules) (total int) {
	for name, weight := range r.CriteriaWeights {
		total += weight * ratings[name]
	}
	return total
}

// Flags are what is worth knowing at a glance (contract.md, "flags").
func Flags(c Case) []string {
	flags := []string{}
	a := c.App
	add := func(on bool, name string) {
		if on {
			flags = append(flags, name)
		}
	}
	add(c.Late(), "late")
	add(slices.ContainsFunc(a.Interests, func(i Interest) bool { return i.Conflict }), "coi")
	add(c.Facts.Blocked && a.State != Closed, "blocked")
	add(a.Appeal != nil && a.Appeal.InTime && a.Appeal.Judgment == nil, "appealed")
	add(a.advised(), "advisory")
	add(a.ChangeOpen() != nil, "change_open")
	add(a.conditionOpen(), "condition_open")
	add(a.Cancelled != nil, "cancelled")
	add(a.Recovery.Open(), "recovery_open")
	add(a.Unapproved, "unapproved")
	return flags
}

// FlagsAt are the flags as they are then: what has not been filed when its time is
// over is late already.
func FlagsAt(c Case, now time.Time) []string {
	flags := Flags(c)
	if !c.App.IsFiled() && c.App.State != Withdrawn && c.Round.Late(c.App.ID, now) {
		return append([]string{"late"}, flags...)
	}
	return flags
}
