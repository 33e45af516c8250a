package jobs

import (
	"context"
	"time"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// refusedKept is how long a file that could not be read is kept.
const refusedKept = 30 * 24 * time.Hour

// selfCheck holds the books against themselves each night, tells finance when
// something that money hangs on is wrong, and asks for the next night.
func (r *Runner) selfCheck(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	check, err := tx.RunSelfCheck(ctx)
	if err != nil {
		return err
	}
	if err := tx.DropOldRefused(ctx, check.At.Add(-refusedKept)); err != nil {
		return err
	}
	if !check.Green {
		wrong := func(l lang.Lang) lang.Args {
			words := ""
			for _, c := range check.Checks {
				if c.Red && len(c.Items) > 0 {
					words += " " + lang.T(l, "check."+c.Code)
				}
			}
			return lang.Args{"What": words}
		}
		if err := r.write(ctx, tx, workflow.Case{}, job, other("self_check", wrong), "finance"); err != nil {
			return err
		}
	}
	return tx.NextSelfCheck(ctx, job.ID)
}
