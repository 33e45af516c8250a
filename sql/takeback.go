package sql

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/lib/pq"

	"fund/workflow"
)

// holdJobs locks what is still to follow in a case, before the case itself: a
// mail that leaves at this moment is waited for, and counts as told.
func (tx *Tx) holdJobs(ctx context.Context, application int64) error {
	if _, err := many[int64](ctx, tx, tx.s.q.LockJobsOf, params{"application": application}); err != nil {
		return fmt.Errorf("jobs of %d: %w", application, err)
	}
	return nil
}

// stopStep ends what was to follow from a step that is taken back, and the
// payment plan that it made. The step itself stays in the history.
func (tx *Tx) stopStep(ctx context.Context, out workflow.Outcome) error {
	a := out.App
	if _, err := exec(ctx, tx, tx.s.q.StopJobs, params{"application": a.ID, "step": out.Event.Data["step"], "version": a.Version, "at": out.Event.At}); err != nil {
		return fmt.Errorf("jobs of %d: %w", a.ID, err)
	}
	keep := []int64{}
	for _, p := range a.Payments {
		keep = append(keep, p.ID)
	}
	if _, err := exec(ctx, tx, tx.s.q.DropUntoldPayments, params{"application": a.ID, "keep": pq.Array(keep)}); err != nil {
		return fmt.Errorf("payments of %d: %w", a.ID, err)
	}
	return nil
}

// showOutside notes that somebody outside reads a decision which could still be
// taken back. False: it was, since the case was read; the case has to be read again.
func (s *Store) showOutside(ctx context.Context, by workflow.Actor, a workflow.Application) (ok bool, err error) {
	err = s.InTx(ctx, func(tx *Tx) error {
		version, err := one[int64](ctx, tx, s.q.ShareVersion, params{"id": a.ID})
		if err != nil {
			return fmt.Errorf("application %d: %w", a.ID, err)
		}
		if ok = version == a.Version; !ok {
			return nil
		}
		at, err := tx.Now()
		if err != nil {
			return err
		}
		_, err = exec(ctx, tx, s.q.InsertShown, params{"application": a.ID, "step": a.Undo.Step, "person": nullID(by.ID), "at": at})
		return err
	})
	return ok, err
}

// withoutTakenBack leaves out the decisions that were taken back before anybody
// outside was told, and the taking back, from a history that is read outside.
func withoutTakenBack(rows []EventRow) []EventRow {
	gone := map[int64]bool{}
	for _, e := range rows {
		if e.Action != workflow.ActTakeBack {
			continue
		}
		var data struct {
			Step   int64           `json:"step"`
			Undone workflow.Action `json:"undone"`
		}
		if json.Unmarshal(e.Data, &data) == nil && data.Undone == workflow.ActDecide {
			gone[data.Step], gone[e.Version] = true, true
		}
	}
	return slices.DeleteFunc(rows, func(e EventRow) bool { return gone[e.Version] })
}
