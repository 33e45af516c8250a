package jobs

import (
	"context"
	"fmt"
	"strings"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// letterHolds keeps the mail about a decision back where its letter could not be
// made: nobody is told to read a letter that lacks words. Both then stand among
// the stuck jobs.
func (r *Runner) letterHolds(ctx context.Context, c workflow.Case, job sql.Job) error {
	d := decisionOf(c.App, job)
	if d == nil {
		return stale(job)
	}
	c.App.Decision = d
	o, err := r.office(ctx, notice.LangOf(c))
	if err != nil {
		return err
	}
	if faults := notice.Decision(c, o).Faults(); len(faults) > 0 {
		return fmt.Errorf("mail of a decision whose letter lacks words at %q: %w", faults, sql.ErrGiveUp)
	}
	return nil
}

// sampleLetter sends the mail that tells of a decision, and the letter's words
// below it, to the person who asked for a sample. It is no mail of the case.
func (r *Runner) sampleLetter(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.Case(ctx, job.Application)
	if err != nil {
		return err
	}
	if c.App.Decision == nil {
		return nil // sent back since
	}
	l := notice.LangOf(c)
	m := r.message(c, writing{kind: "decided", words: "decided"}, l, r.path(c, "decided", "applicant"))
	m.Subject, m.Text = lang.T(l, "letter.sample.subject", lang.Args{"Subject": m.Subject}), lang.T(l, "letter.sample.top")+"\n\n"+m.Text
	o, err := r.office(ctx, l)
	if err != nil {
		return err
	}
	m.After = strings.TrimSpace(m.After + "\n\n" + notice.Decision(c, o).Text())
	_, _, err = tx.AddMail(ctx, sql.MailRow{To: text(job.Data["to"]), Kind: "other", Lang: string(l), Subject: m.Subject, Body: m.Plain(), Job: job.ID})
	return err
}
