package jobs

import (
	"context"
	"errors"
	"slices"

	"fund/jobs/books"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// claimReminder reminds of a claim around the day of one of its parts, as long as
// something of what should have come by then is missing. Afterwards finance is told too.
func (r *Runner) claimReminder(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.Case(ctx, job.Application)
	if err != nil {
		return err
	}
	due, err := workflow.ParseDate(text(job.Data["due_on"]))
	if err != nil {
		return err
	}
	k := c.App.Recovery
	if k == nil || k.DecidedAt.IsZero() || !slices.ContainsFunc(k.Parts(), func(p workflow.ClaimPart) bool { return p.DueOn == due }) {
		return nil // settled, or claimed anew with other days
	}
	owed := k.Owed(due)
	if owed == 0 {
		return nil
	}
	args := func(l lang.Lang) lang.Args {
		return lang.Args{"Amount": lang.Money(l, owed), "Due": lang.LongDay(l, due.String())}
	}
	if number(job.Data["offset_days"]) <= 0 {
		return r.write(ctx, tx, c, job, reminder("claim_before", args), "applicant", "principal")
	}
	if err := r.write(ctx, tx, c, job, reminder("claim_after", args), "applicant", "principal"); err != nil {
		return err
	}
	return r.write(ctx, tx, c, job, reminder("claim_late", args), "finance")
}

// claimFiles makes what finance gets the money of a decided claim back with, with the
// settings of that day. Where these can't be booked with yet, whoever wants the files
// first makes them (handlers), when finance has put the settings right.
func (r *Runner) claimFiles(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	err := tx.KeepClaimFiles(ctx, job.Application, job.ID, books.ClaimFiles)
	if errors.Is(err, books.ErrCoding) || sql.Unfinanced(err) {
		return nil
	}
	return err
}
