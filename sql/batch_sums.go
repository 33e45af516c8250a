package sql

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fund/workflow"
	"fund/workflow/money"
)

// BatchSum is a batch without its lines: how many payments it holds and what they
// come to, and what of that is on its way, neither paid nor refused.
type BatchSum struct {
	workflow.Batch
	Payments, Away int64
	Sum, AwaySum   money.SEK
}

// BatchSums lists the newest batches, without reading a line: those that somebody
// must do something with, or those that have come to their end.
func (s *Store) BatchSums(ctx context.Context, by workflow.Actor, open bool, limit int) ([]BatchSum, error) {
	if err := seesBatches(by); err != nil {
		return nil, err
	}
	rows, err := many[struct {
		batchRow
		Payments int64 `db:"payments"`
		Ore      int64 `db:"ore"`
		Away     int64 `db:"away"`
		AwayOre  int64 `db:"away_ore"`
	}](ctx, s.db, s.q.BatchSums, params{"open": open, "limit": limit})
	if err != nil {
		return nil, fmt.Errorf("sums of batches: %w", err)
	}
	list := make([]BatchSum, 0, len(rows))
	for _, r := range rows {
		b, err := r.head()
		if err != nil {
			return nil, err
		}
		list = append(list, BatchSum{b, r.Payments, r.Away, money.SEK(r.Ore), money.SEK(r.AwayOre)})
	}
	return list, nil
}

// Names gives the names of people by address, for pages; who is not known is called by
// the address.
func (s *Store) Names(ctx context.Context, emails ...string) (func(email string) string, error) {
	rows, err := many[struct {
		Email string `db:"email"`
		Name  string `db:"name"`
	}](ctx, s.db, s.q.PersonNames, params{"emails": strings.ToLower(strings.Join(emails, ","))})
	if err != nil {
		return nil, fmt.Errorf("names: %w", err)
	}
	names := make(map[string]string, len(rows))
	for _, r := range rows {
		names[r.Email] = r.Name
	}
	return func(email string) string {
		if n := names[strings.ToLower(email)]; n != "" {
			return n
		}
		return email
	}, nil
}

// CasesNamed reads the cases with these numbers that somebody sees.
func (s *Store) CasesNamed(ctx context.Context, by workflow.Actor, ids []int64) ([]workflow.Case, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	cases, err := s.casesByID(ctx, s.db, ids, now)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(cases, func(c workflow.Case) bool { return !workflow.Sees(c, by) }), nil
}

// BatchHead reads a batch without its lines.
func (s *Store) BatchHead(ctx context.Context, by workflow.Actor, id int64) (workflow.Batch, error) {
	row, err := s.batchSeen(ctx, by, id)
	if err != nil {
		return workflow.Batch{}, err
	}
	return row.head()
}
