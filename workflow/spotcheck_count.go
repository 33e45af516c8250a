package workflow

import (
	"cmp"
	"slices"
)

// SpotCount is what a round's spot checks came to, without saying whose: how many
// reports there was a draw for, how many were looked into and why, and what the
// office said of those in the end. Each report that was looked into is in one of the last four.
type SpotCount struct {
	Round   string
	Reports int64 // that a lot was drawn for
	Drawn   int64 // of these, the lot fell on
	Risky   int64 // of these, looked into for a risk alone

	Accepted int64 // as they were
	Remarked int64 // with a remark
	Cut      int64 // with a cost that wasn't approved
	Open     int64 // not accepted yet, or never
}

// CountSpotChecks counts them by round, in order.
func CountSpotChecks(cases []Case, f StatFilter) (list []SpotCount) {
	rounds := map[string]*SpotCount{}
	for _, c := range cases {
		if r := c.App.Report; r != nil && r.SpotCheck != nil && f.Takes(c) {
			if rounds[c.App.Round] == nil {
				rounds[c.App.Round] = &SpotCount{Round: c.App.Round}
			}
			rounds[c.App.Round].add(*r)
		}
	}
	for _, n := range rounds {
		list = append(list, *n)
	}
	slices.SortFunc(list, func(a, b SpotCount) int { return cmp.Compare(a.Round, b.Round) })
	return list
}

func (n *SpotCount) add(r Report) {
	n.Reports++
	switch s := r.SpotCheck; {
	case s.Drawn:
		n.Drawn++
	case len(s.Reasons) > 0:
		n.Risky++
	default:
		return
	}
	switch {
	case r.AcceptedAt.IsZero():
		n.Open++
	case len(r.Disallowed) > 0:
		n.Cut++
	case r.Remark != "":
		n.Remarked++
	default:
		n.Accepted++
	}
}
