package sql

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"fund/workflow"
)

// carriedDelegation is the delegation order as it is and as it will be: what is
// over stays where it was decided on.
func (s *Store) carriedDelegation(ctx context.Context) ([]workflow.DelegationItem, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	all, err := s.delegation(ctx, s.db)
	if err != nil {
		return nil, err
	}
	today, out := workflow.DateOf(now), []workflow.DelegationItem{}
	for _, d := range all {
		if d.Until.IsZero() || !d.Until.Before(today) {
			d.ID = 0 // numbers differ between installations
			out = append(out, d)
		}
	}
	byDay(out)
	return out, nil
}

// byDay puts the versions of an item in the order in which they hold.
func byDay(items []workflow.DelegationItem) {
	slices.SortStableFunc(items, func(a, b workflow.DelegationItem) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.From.String(), b.From.String()))
	})
}

// importDelegation adds each item that is not here, or as the next version of
// one that is. An item that has a version from the same day or later is kept.
func (s *Store) importDelegation(ctx context.Context, by workflow.Actor, items []workflow.DelegationItem, done *Taken) error {
	items = slices.Clone(items)
	byDay(items)
	for _, d := range items {
		have, err := s.delegation(ctx, s.db)
		if err != nil {
			return err
		}
		known := slices.IndexFunc(have, func(x workflow.DelegationItem) bool {
			return x.Number == d.Number && (sameItem(x, d) || !x.From.Before(d.From) && (x.Until.IsZero() || !x.Until.Before(x.From)))
		})
		if known >= 0 {
			done.DelegationKept++
			continue
		}
		switch _, err := s.AddDelegation(ctx, by, d); {
		case errors.As(err, &workflow.Violations{}):
			return fmt.Errorf("delegation item %s from %s: %w: %w", d.Number, d.From, ErrCarried, err)
		case err != nil:
			return fmt.Errorf("delegation item %s from %s: %w", d.Number, d.From, err)
		}
		done.Delegation++
	}
	return nil
}

// sameItem compares what two versions say.
func sameItem(a, b workflow.DelegationItem) bool {
	a.ID, b.ID = 0, 0
	x, errA := encode(a)
	y, errB := encode(b)
	return errA == nil && errB == nil && bytes.Equal(x, y)
}
