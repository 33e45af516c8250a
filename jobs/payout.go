package jobs

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// checkPayable looks whether something can be paid now. The last instalment
// after a settlement has no state of its own to enter, so finance is told at once.
func (r *Runner) checkPayable(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.Case(ctx, job.Application)
	if err != nil {
		return err
	}
	switch c.App.State {
	case workflow.ConditionsAccepted:
		return step(ctx, tx, job.Application, &workflow.MakePayable{})
	case workflow.Settled:
		return r.proposePayout(ctx, tx, job)
	}
	return nil
}

// proposePayout tells finance that a case has something to pay. It holds no payment; a person composes the batch.
func (r *Runner) proposePayout(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.Case(ctx, job.Application)
	if err != nil {
		return err
	}
	now, err := tx.Now()
	if err != nil {
		return err
	}
	ready := c.PayableNow(workflow.DateOf(now))
	if len(ready) == 0 {
		return nil
	}
	var sum int64
	for _, p := range ready {
		sum += p.Sum()
	}
	return r.write(ctx, tx, c, job, reminder("propose_payout", func(l lang.Lang) lang.Args {
		return lang.Args{"Amount": lang.Money(l, sum)}
	}), "finance")
}

// exportBatch makes the files of an attested batch, all of them or none, in the
// transaction that moves the batch and its payments to exported. It runs again:
// the batch is exported, and nothing is made.
func (r *Runner) exportBatch(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	id := job.Batch
	if id == 0 {
		id = number(job.Data["batch"])
	}
	b, err := tx.BatchHead(ctx, id)
	if err != nil {
		return err
	}
	if b.State != workflow.BatchAttested2 {
		return nil // exported already, or cancelled meanwhile
	}
	settings, err := tx.FinanceSettings(ctx)
	if err != nil {
		return err
	}
	if b.ExportAt, err = tx.Now(); err != nil {
		return err
	}
	sum, err := tx.SumLines(ctx, b)
	if err != nil {
		return err
	}
	made, err := export(b, sum, settings, func(r sql.LineRange) iter.Seq2[sql.ExportLine, error] {
		return tx.ExportLines(ctx, id, r)
	})
	if err != nil {
		return fmt.Errorf("batch %s: %w: %w", b.MessageID, sql.ErrGiveUp, err) // the same lines give the same refusal
	}
	err = errors.Join(tx.FinishExport(ctx, id, made.files, made.groups), made.Close())
	var refused workflow.Refused
	if errors.As(err, &refused) {
		return fmt.Errorf("batch %s: %w: %w", b.MessageID, sql.ErrGiveUp, err)
	}
	return err
}
