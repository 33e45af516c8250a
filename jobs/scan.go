package jobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"fund/jobs/clamd"
	"fund/sql"
	"fund/workflow"
)

// scanFile asks the virus scanner about a file that was uploaded while it did
// not answer. Until then nobody but who sent the file can open it.
func (r *Runner) scanFile(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	id := number(job.Data["attachment"])
	c, err := tx.Case(ctx, job.Application)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(c.App.Attachments, func(a workflow.Attachment) bool { return a.ID == id && a.Scan == "waiting" }) {
		return nil // answered already, or taken away
	}
	if r.options.Scanner == nil {
		return fmt.Errorf("%w: CLAMD_ADDR is not set", sql.ErrOutside)
	}
	body, err := tx.AttachmentBody(ctx, id)
	if err != nil {
		return err
	}
	v, err := r.options.Scanner.Scan(ctx, bytes.NewReader(body))
	if errors.Is(err, clamd.ErrAway) {
		return fmt.Errorf("attachment %d: %w: %w", id, sql.ErrOutside, err)
	}
	if err != nil {
		return fmt.Errorf("attachment %d: %w", id, err)
	}
	scan := "clean"
	if v.Infected() {
		scan = "infected"
	}
	return tx.NoteScan(ctx, job.Application, id, scan)
}
