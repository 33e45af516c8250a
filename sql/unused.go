package sql

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"fund/workflow"
)

// MoveUnused moves what a closed round did not use to another of the same
// scheme: a decision by the head, kept with its reason in both rounds' histories
// and as entries of both ledgers. Whole kronor.
func (s *Store) MoveUnused(ctx context.Context, by workflow.Actor, from, to string, amount int64, reason string) error {
	if !by.Is(workflow.Head) {
		return workflow.Forbidden{Code: "role"}
	}
	return s.InTx(ctx, func(tx *Tx) error {
		at, err := tx.Now()
		if err != nil {
			return err
		}
		rounds := map[string]workflow.Round{}
		for _, id := range slices.Sorted(slices.Values([]string{from, to})) { // always in the same order, so that two never wait for each other
			row, err := one[roundRow](ctx, tx, s.q.RoundForUpdate, params{"id": id})
			if none(err) {
				return workflow.Violations{{Field: "to", Code: "choice"}}
			}
			if err != nil {
				return fmt.Errorf("round %s: %w", id, err)
			}
			if rounds[id], err = row.decode(); err != nil {
				return err
			}
		}
		if v := checkMove(rounds[from], rounds[to], amount, reason, at); len(v) > 0 {
			return v
		}
		for _, e := range []struct{ round, from, to string }{{from, workflow.AccAvailable, workflow.AccBudget}, {to, workflow.AccBudget, workflow.AccAvailable}} {
			if _, err := exec(ctx, tx, s.q.InsertMovedEntry, params{"round": e.round, "at": at, "from_acc": e.from, "to_acc": e.to, "amount": amount}); err != nil {
				return fmt.Errorf("ledger of %s: %w", e.round, err) // more than is left breaks within_budget
			}
		}
		for _, x := range []struct {
			round, action, other string
			change               int64
		}{{from, "move_out", to, -amount}, {to, "move_in", from, amount}} {
			if _, err := exec(ctx, tx, s.q.RoundBudget, params{"id": x.round, "change": x.change}); err != nil {
				return fmt.Errorf("budget of %s: %w", x.round, err)
			}
			if err := tx.roundEvent(ctx, x.round, by, x.action, map[string]any{"amount": amount, "round": x.other, "reason": reason}); err != nil {
				return err
			}
		}
		return nil
	})
}

// checkMove: only a closed round has something that it did not use.
func checkMove(from, to workflow.Round, amount int64, reason string, now time.Time) (v workflow.Violations) {
	wrong := func(on bool, field, code string) {
		if on {
			v = append(v, workflow.Violation{Field: field, Code: code})
		}
	}
	wrong(from.ID == to.ID || to.Scheme != from.Scheme || to.State == workflow.RoundCancelled, "to", "choice")
	wrong(from.State == workflow.RoundPublished && from.ClosedAt.IsZero() && !from.Late(0, now), "amount", "round_open")
	wrong(amount <= 0, "amount", "positive")
	wrong(strings.TrimSpace(reason) == "", "reason", "required")
	return v
}
