package sql

import (
	"context"
	"errors"
	"fmt"

	"fund/workflow"
)

// SaveTurn is the place of a save among those that one page (Tab) of a person
// sent of an application; it rises with each.
type SaveTurn struct {
	Person, Application int64
	Tab                 string
	N                   int64
	// Unheard: earlier ones were sent, and no answer to them came.
	Unheard bool
}

// Overtaken tells whether a later save of the same page was taken already, so
// that this one holds older words. A save that knows of earlier ones without an
// answer is noted before it is looked at: whichever of them still comes is then
// known for late. Those that are answered one by one leave no row behind. The
// key has a blank, which no Idempotency-Key may have.
//
// Noting waits for who is writing the application at this moment: what they wrote
// is there when the caller reads the case after it, and who comes later is told by
// ApplyInTurn. So read the case once more where Unheard is set.
func (s *Store) Overtaken(ctx context.Context, x SaveTurn) (bool, error) {
	late := false
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		if x.Unheard {
			if _, err := one[int64](ctx, tx, s.q.ShareVersion, params{"id": x.Application}); err != nil {
				return found(err, "application", x.Application)
			}
			if _, err := exec(ctx, tx, s.q.NoteSave, x.params(s)); err != nil {
				return fmt.Errorf("note a save: %w", err)
			}
		}
		late, err = tx.late(ctx, x)
		return err
	})
	return late, err
}

func (x SaveTurn) params(s *Store) params {
	return params{"person": x.Person, "key": "saves " + x.Tab, "application": x.Application, "n": x.N, "at": s.wall()}
}

// late tells whether a later save was noted.
func (tx *Tx) late(ctx context.Context, x SaveTurn) (bool, error) {
	last, err := one[int64](ctx, tx, tx.s.q.LastSave, x.params(tx.s))
	if err != nil {
		return false, fmt.Errorf("last save: %w", err)
	}
	return last > x.N, nil
}

// ErrOvertaken is what ApplyInTurn answers to a save that a later one overtook.
var ErrOvertaken = errors.New("a later save was taken first")

// ApplyInTurn is Apply for a save with a turn: where a later save of the page was
// noted, even a moment ago, nothing is written.
func (s *Store) ApplyInTurn(ctx context.Context, x SaveTurn, ref Ref, by workflow.Actor, cmd workflow.Command) (app workflow.Application, err error) {
	err = s.InTx(ctx, func(tx *Tx) error {
		if app, err = tx.Apply(ctx, ref, by, cmd); err != nil { // locks the row: who notes now waits
			return err
		}
		late, err := tx.late(ctx, x)
		if err == nil && late {
			err = ErrOvertaken
		}
		return err
	})
	return app, err
}
