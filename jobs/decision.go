package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// errNoLetterYet lets a correction wait for the letter that it corrects.
var errNoLetterYet = errors.New("the decision's letter is not made yet")

// decisionLetter makes the letter of a decision, once.
func (r *Runner) decisionLetter(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.CaseAlone(ctx, job.Application)
	if err != nil {
		return err
	}
	n := decisionNumber(c.App, job)
	d := c.App.DecisionNumbered(n)
	if d == nil || notice.LetterOf(c.App, n) != nil {
		return nil
	}
	c.App.Decision = d // annulled before its letter was made: it was sent all the same
	o, err := r.office(ctx, notice.LangOf(c))
	if err != nil {
		return err
	}
	_, err = r.letter(ctx, tx, job, notice.Decision(c, o), sql.DocumentRow{Answers: n})
	return err
}

// correctionLetter makes the letter that stands beside the corrected one (FL 36 §).
func (r *Runner) correctionLetter(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.CaseAlone(ctx, job.Application)
	if err != nil {
		return err
	}
	n := int(number(job.Data["n"]))
	if n < 1 || n > len(c.App.Corrections) {
		return fmt.Errorf("correction %d of %d: %w", n, len(c.App.Corrections), sql.ErrGiveUp)
	}
	k := c.App.Corrections[n-1]
	corrected := lastBefore(c.App, notice.KindDecision, k)
	if corrected == 0 {
		return errNoLetterYet
	}
	o, err := r.office(ctx, notice.LangOf(c))
	if err != nil {
		return err
	}
	letter := notice.Correction(c, k, o)
	if titled(c.App, letter.Title) {
		return nil
	}
	_, err = r.letter(ctx, tx, job, letter, sql.DocumentRow{Corrects: corrected})
	return err
}

// amendmentLetter makes the letter that answers a request for a change (RF-20).
func (r *Runner) amendmentLetter(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.CaseAlone(ctx, job.Application)
	if err != nil {
		return err
	}
	n := int(number(job.Data["n"]))
	if n < 1 || n > len(c.App.Changes) || c.App.Changes[n-1].Open() {
		return fmt.Errorf("change %d of %d: %w", n, len(c.App.Changes), sql.ErrGiveUp)
	}
	if notice.AmendmentOf(c.App.Documents, n) != nil {
		return nil
	}
	o, err := r.office(ctx, notice.LangOf(c))
	if err != nil {
		return err
	}
	_, err = r.letter(ctx, tx, job, notice.Amendment(c, n, o), sql.DocumentRow{Answers: n})
	return err
}

// translationLetter makes the letter of a translated decision, in the frame of the
// language in which the applicant reads our letters else.
func (r *Runner) translationLetter(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.CaseAlone(ctx, job.Application)
	if err != nil {
		return err
	}
	x := c.App.Translation
	if x == nil || x.Open() || made(c.App, notice.KindTranslation, x.EnteredAt) != nil {
		return nil
	}
	o, err := r.office(ctx, notice.LangOf(c))
	if err != nil {
		return err
	}
	_, err = r.letter(ctx, tx, job, notice.Translation(c, *x, o), sql.DocumentRow{})
	return err
}

// titled tells whether there is a document with that title; corrections are numbered in theirs.
func titled(a workflow.Application, title string) bool {
	return slices.ContainsFunc(a.Documents, func(d workflow.Document) bool { return d.Title == title })
}

// lastBefore gives the newest letter of the decision that the correction is about.
func lastBefore(a workflow.Application, kind string, k workflow.Correction) (id int64) {
	for _, d := range a.Documents {
		if d.Kind == kind && (id == 0 || !d.At.After(k.At)) {
			id = d.ID
		}
	}
	return id
}

// favourableOpen are the states in which a favourable decision still waits for something.
func favourableOpen(c workflow.Case) bool {
	switch c.App.State {
	case workflow.Lapsed, workflow.Closed, workflow.Settled, workflow.Withdrawn:
		return false
	}
	return c.App.Decision.Favourable()
}

// acceptReminder reminds of the conditions at half time (RF-19).
func (r *Runner) acceptReminder(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.Case(ctx, job.Application)
	if err != nil || !offered(c) {
		return err
	}
	if half := workflow.DateOf(c.App.ToldAt()).AddDays(c.Round.Rules.AcceptanceDays / 2); half != workflow.DateOf(job.RunAt) {
		return nil // about another decision
	}
	return r.write(ctx, tx, c, job, reminder("accept_reminder", func(l lang.Lang) lang.Args {
		return lang.Args{"Due": lang.LongDay(l, notice.AcceptBy(c).String())}
	}), "applicant")
}

// acceptEnd tells the officer that the offer was not accepted in time. The
// machine lapses nothing; that is a person's word.
func (r *Runner) acceptEnd(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.Case(ctx, job.Application)
	if err != nil || !offered(c) || !notice.AcceptBy(c).End().Equal(job.RunAt) {
		return err
	}
	return r.write(ctx, tx, c, job, reminder("accept_end", nil), "officer")
}

// offered tells whether a grant waits for the school's yes.
func offered(c workflow.Case) bool {
	return c.App.State == workflow.Decided && c.App.Decision.Favourable()
}

// conditionDue asks the officer to rule on a condition whose day has passed.
func (r *Runner) conditionDue(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.Case(ctx, job.Application)
	if err != nil || !favourableOpen(c) {
		return err
	}
	for _, k := range c.App.Decision.Conditions {
		if k.N != int(number(job.Data["n"])) || k.Met != nil || !k.DueOn.End().Equal(job.RunAt) {
			continue
		}
		return r.write(ctx, tx, c, job, reminder("condition_due", func(l lang.Lang) lang.Args {
			return lang.Args{"N": k.N, "Due": lang.LongDay(l, k.DueOn.String())}
		}), "officer")
	}
	return nil
}

// legalForce notes that the decision can't be appealed any more, and looks
// whether a payment waited for that (KL 13:14).
func (r *Runner) legalForce(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.Case(ctx, job.Application)
	if err != nil {
		return err
	}
	day := c.App.LegalForceOn()
	if day.IsZero() || day.String() != text(job.Data["day"]) {
		return nil // appealed in time, or the notice was posted on another day
	}
	if err := noteOnce(ctx, tx, job.Application, "legal_force", "day", day.String()); err != nil {
		return err
	}
	return r.checkPayable(ctx, tx, job)
}
