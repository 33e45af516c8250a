package jobs

import (
	"context"
	"time"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// roundClosed tells the officers that a round has closed, and the writers of
// drafts that theirs was not sent in. A round that was extended meanwhile has
// another job, and so has an application with a deadline of its own.
func (r *Runner) roundClosed(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	round, err := tx.Round(ctx, job.Round)
	if err != nil {
		return err
	}
	closes := round.Deadline(job.Application)
	if late := job.RunAt.Sub(closes); round.State != workflow.RoundPublished || closes.IsZero() || late < -time.Millisecond || late > time.Minute {
		return nil
	}
	if job.Application != 0 {
		return r.draft(ctx, tx, job, round, "draft_closed")
	}
	if err := r.write(ctx, tx, workflow.Case{Round: round}, job, reminder("round_closed", nil), "officer"); err != nil {
		return err
	}
	return eachDraft(ctx, tx, job)
}

// draftReminder reminds writers of drafts some days before the round closes.
func (r *Runner) draftReminder(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	round, err := tx.Round(ctx, job.Round)
	if err != nil {
		return err
	}
	day := workflow.DateOf(round.ClosesAt).AddDays(-int(number(job.Data["days"])))
	if round.State != workflow.RoundPublished || !round.ClosedAt.IsZero() || round.ClosesAt.IsZero() || day != workflow.DateOf(job.RunAt) {
		return nil
	}
	if job.Application != 0 {
		return r.draft(ctx, tx, job, round, "draft_reminder")
	}
	return eachDraft(ctx, tx, job)
}

// eachDraft makes the round's job one job for each of its drafts, as one person may have several.
func eachDraft(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	ids, err := tx.DraftsOf(ctx, job.Round)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := tx.AddJob(ctx, sql.Job{Application: id, Round: job.Round, Kind: job.Kind, Data: job.Data, RunAt: job.RunAt}); err != nil {
			return err
		}
	}
	return nil
}

// draft writes to those who write the draft, unless it was sent in meanwhile or has more time of its own.
func (r *Runner) draft(ctx context.Context, tx *sql.Tx, job sql.Job, round workflow.Round, words string) error {
	c, err := tx.Case(ctx, job.Application)
	if err != nil || c.App.IsFiled() || c.App.State == workflow.Withdrawn || c.App.Round != round.ID {
		return err
	}
	closes := round.Deadline(c.App.ID)
	if words == "draft_closed" && closes.After(job.RunAt) {
		return nil
	}
	return r.write(ctx, tx, c, job, reminder(words, func(l lang.Lang) lang.Args {
		return lang.Args{"Round": round.Name, "Due": lang.LongDateTime(l, closes)}
	}), "applicant")
}

// deadlineMoved tells those who write a draft, and the principal who has it, until when there now is
// time: of one application, or of all in the round. One that came in late, and by that is in time, is told so.
func (r *Runner) deadlineMoved(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	if job.Application == 0 {
		return eachDraft(ctx, tx, job)
	}
	round, err := tx.Round(ctx, job.Round)
	if err != nil {
		return err
	}
	c, err := tx.Case(ctx, job.Application)
	if err != nil {
		return err
	}
	closes := round.Deadline(c.App.ID)
	if closes.Format(time.RFC3339) != text(job.Data["closes"]) || c.App.Round != round.ID || c.App.State == workflow.Withdrawn {
		return nil // moved again meanwhile, or no longer written
	}
	words, to := "deadline_moved", []string{"applicant"}
	switch {
	case c.App.State == workflow.AwaitingPrincipal:
		to = append(to, "principal")
	case c.App.IsFiled():
		if c.App.Decision != nil || c.Late() || !round.Late(0, c.App.ReceivedAt) {
			return nil
		}
		words = "deadline_moved_filed"
	}
	return r.write(ctx, tx, c, job, reminder(words, func(l lang.Lang) lang.Args {
		return lang.Args{"Due": lang.LongDateTime(l, closes), "At": lang.LongDateTime(l, c.App.ReceivedAt)}
	}), to...)
}
