package sql

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"fund/workflow"
)

// movesAtOnce is how many applications are read, decided and stored together. Larger
// is hardly faster, and what they take in memory grows with it.
const movesAtOnce = 200

// movePayments takes payments along their lives, as Apply does with each, but many in
// one round trip. It locks in order of application, so moves come in that order, or
// nearly: what follows within the same hundreds may stand anyhow.
func (tx *Tx) movePayments(ctx context.Context, by workflow.Actor, moves iter.Seq2[workflow.Move, error]) error {
	open := map[int64][]workflow.MovePayment{}
	for m, err := range moves {
		if err != nil {
			return err
		}
		if _, ok := open[m.Application]; !ok && len(open) == movesAtOnce {
			if err := tx.moveSome(ctx, by, open); err != nil {
				return err
			}
			clear(open)
		}
		open[m.Application] = append(open[m.Application], m.Command)
	}
	return tx.moveSome(ctx, by, open)
}

// moveSome takes the first move of each application, then the second ones.
func (tx *Tx) moveSome(ctx context.Context, by workflow.Actor, open map[int64][]workflow.MovePayment) error {
	at, err := tx.Now()
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		var ids []int64
		for id, moves := range open {
			if n < len(moves) {
				ids = append(ids, id)
			}
		}
		if len(ids) == 0 {
			return nil
		}
		slices.Sort(ids)
		cases, err := tx.lockCases(ctx, ids)
		if err != nil {
			return err
		}
		changes := make([]change, len(cases))
		for i, c := range cases {
			out, err := workflow.Decide(c, by, &open[c.App.ID][n], workflow.AnyVersion, at)
			if err != nil {
				return err
			}
			changes[i] = change{c, out}
		}
		if err := tx.update(ctx, changes...); err != nil {
			return err
		}
		if err := tx.noteEffect(ctx, ids[len(ids)-1]); err != nil {
			return err
		}
	}
}

// lockCases reads cases as they are and keeps them so until the transaction ends.
func (tx *Tx) lockCases(ctx context.Context, ids []int64) ([]workflow.Case, error) {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = strconv.FormatInt(id, 10)
	}
	locked, err := many[int64](ctx, tx, tx.s.q.LockApplications, params{"ids": strings.Join(list, ",")})
	if err != nil {
		return nil, fmt.Errorf("lock applications: %w", err)
	}
	if len(locked) != len(ids) {
		return nil, workflow.ErrNotFound
	}
	at, err := tx.Now()
	if err != nil {
		return nil, err
	}
	return tx.s.casesByID(ctx, tx, ids, at)
}
