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

// all gives moves one after the other.
func all(moves []workflow.Move) iter.Seq2[workflow.Move, error] {
	return func(yield func(workflow.Move, error) bool) {
		for _, m := range moves {
			if !yield(m, nil) {
				return
			}
		}
	}
}

// movePayments takes payments along their lives.
func (tx *Tx) movePayments(ctx context.Context, by workflow.Actor, moves iter.Seq2[workflow.Move, error]) error {
	return tx.ApplyAll(ctx, by, func(yield func(Step, error) bool) {
		for m, err := range moves {
			if !yield(Step{m.Application, &m.Command}, err) || err != nil {
				return
			}
		}
	})
}

// Step is a command for one application.
type Step struct {
	Application int64
	Command     workflow.Command
}

// ApplyAll takes steps with payments as Apply does with each, but many in one round trip.
// It locks in order of application, so steps come in that order, or nearly: what follows
// within the same hundreds may stand anyhow. Those of one application keep their order.
func (tx *Tx) ApplyAll(ctx context.Context, by workflow.Actor, steps iter.Seq2[Step, error]) error {
	open := map[int64][]workflow.Command{}
	for s, err := range steps {
		if err != nil {
			return err
		}
		if _, ok := open[s.Application]; !ok && len(open) == movesAtOnce {
			if err := tx.applySome(ctx, by, open); err != nil {
				return err
			}
			clear(open)
		}
		open[s.Application] = append(open[s.Application], s.Command)
	}
	return tx.applySome(ctx, by, open)
}

// applySome takes the first step of each application, then the second ones.
func (tx *Tx) applySome(ctx context.Context, by workflow.Actor, open map[int64][]workflow.Command) error {
	at, err := tx.Now()
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		var ids []int64
		for id, steps := range open {
			if n < len(steps) {
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
			out, err := workflow.Decide(c, by, open[c.App.ID][n], workflow.AnyVersion, at)
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
