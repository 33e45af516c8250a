package jobs

import (
	"context"

	"fund/sql"
)

// reviewsDone tells the officer that every reviewer has handed in, unless one was assigned since.
func (r *Runner) reviewsDone(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.Case(ctx, job.Application)
	if err != nil {
		return err
	}
	if all, n := c.App.ReviewsDone(); !all || n < c.Round.Rules.Reviewers {
		return nil
	}
	return r.write(ctx, tx, c, job, writing{kind: "reviews_done", once: true}, "officer")
}
