package jobs

import (
	"context"
	"errors"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// step lets the machine take a step of the case. That the case has gone on, or
// that it is not yet time, is an answer and no failure.
func step(ctx context.Context, tx *sql.Tx, app int64, cmd workflow.Command) error {
	_, err := tx.Apply(ctx, sql.Ref{ID: app, Version: workflow.AnyVersion}, workflow.Machine(), cmd)
	var wrong workflow.WrongState
	var refused workflow.Refused
	if errors.As(err, &wrong) || errors.As(err, &refused) {
		return nil
	}
	return err
}

// noteOnce writes a fact of the calendar into the case's history, unless it stands there.
func noteOnce(ctx context.Context, tx *sql.Tx, app int64, code, name, value string) error {
	events, err := tx.Events(ctx, app)
	if err != nil {
		return err
	}
	for _, e := range events {
		if data := dataOf(e); e.Action == workflow.ActNote && data["code"] == code && data[name] == value {
			return nil
		}
	}
	return step(ctx, tx, app, &workflow.Note{Code: code, Data: map[string]any{name: value}})
}

// takeUp brings a filed case to the officer's desk.
func (r *Runner) takeUp(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	return step(ctx, tx, job.Application, &workflow.TakeUp{})
}

// receipt makes the proof of what was filed and when (FL 21, 22 §§).
func (r *Runner) receipt(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.CaseAlone(ctx, job.Application)
	if err != nil {
		return err
	}
	if made(c.App, notice.KindReceipt, c.App.ReceivedAt) != nil {
		return nil
	}
	versions, err := tx.Versions(ctx, job.Application)
	if err != nil {
		return err
	}
	if len(versions) == 0 {
		return nil // never filed
	}
	o, err := r.office(ctx, notice.LangOf(c))
	if err != nil {
		return err
	}
	_, err = r.letter(ctx, tx, job, notice.Receipt(c, versions[0].SHA256, o), sql.DocumentRow{})
	return err
}

// completionHalf reminds when half the time to answer has gone (RF-14).
func (r *Runner) completionHalf(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.Case(ctx, job.Application)
	if err != nil || !waitsForAnswer(c, job) {
		return err
	}
	due := c.App.Completion.DueOn
	return r.write(ctx, tx, c, job, writing{kind: "completion_reminder", once: true, args: func(l lang.Lang) lang.Args {
		return lang.Args{"Due": lang.LongDay(l, due.String())}
	}}, "applicant")
}

// completionEnd takes the case back when the day has passed without an answer.
func (r *Runner) completionEnd(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.Case(ctx, job.Application)
	if err != nil || !waitsForAnswer(c, job) {
		return err
	}
	return step(ctx, tx, job.Application, &workflow.ExpireCompletion{})
}

// waitsForAnswer tells whether the request that the job is about still stands, with the same day.
func waitsForAnswer(c workflow.Case, job sql.Job) bool {
	return c.App.State == workflow.CompletionRequested && c.App.Completion.DueOn.String() == text(job.Data["due_on"])
}
