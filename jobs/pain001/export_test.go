package pain001

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"fund/workflow/money"
)

// Groups sorts payments as they stand in a message and counts their groups. It
// is for batches that fit in memory; the given slice stays as it is.
func Groups(payments []Payment) ([]Payment, []Group, error) {
	sorted := slices.Clone(payments)
	slices.SortStableFunc(sorted, func(a, b Payment) int { return strings.Compare(a.key(), b.key()) })
	var groups []Group
	for i, p := range sorted {
		if i == 0 || p.key() != sorted[i-1].key() {
			groups = append(groups, Group{Day: p.Day, Form: p.Kind.Form()})
		}
		g := &groups[len(groups)-1]
		sum, err := money.Sum(g.Sum, p.Amount)
		if err != nil {
			return nil, nil, fmt.Errorf("payment %q: amount: %w", p.EndToEndID, err)
		}
		g.Count, g.Sum = g.Count+1, sum
	}
	return sorted, groups, nil
}

// Each streams a slice.
func Each(payments []Payment) iter.Seq2[Payment, error] {
	return func(yield func(Payment, error) bool) {
		for _, p := range payments {
			if !yield(p, nil) {
				return
			}
		}
	}
}
