package sql

import (
	"context"
	"fmt"
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
func (s *Store) Overtaken(ctx context.Context, x SaveTurn) (bool, error) {
	at := params{"person": x.Person, "key": "saves " + x.Tab, "application": x.Application, "n": x.N, "at": s.wall()}
	if x.Unheard {
		if _, err := exec(ctx, s.db, s.q.NoteSave, at); err != nil {
			return false, fmt.Errorf("note a save: %w", err)
		}
	}
	last, err := one[int64](ctx, s.db, s.q.LastSave, at)
	if err != nil {
		return false, fmt.Errorf("last save: %w", err)
	}
	return last > x.N, nil
}
