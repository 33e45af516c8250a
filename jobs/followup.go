package jobs

import (
	"context"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// advisoryReminder asks the officer to look at the travel advice before the trip (RF-19).
func (r *Runner) advisoryReminder(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.Case(ctx, job.Application)
	if err != nil {
		return err
	}
	start, _, ok := c.App.Form.Activity.Days()
	if !ok || start.String() != text(job.Data["start"]) || !workflow.DateOf(job.RunAt).Before(start) || c.App.Cancelled != nil {
		return nil
	}
	switch c.App.State {
	case workflow.ConditionsAccepted, workflow.Payable, workflow.Paid1:
	default:
		return nil
	}
	return r.write(ctx, tx, c, job, reminder("advisory_reminder", func(l lang.Lang) lang.Args {
		return lang.Args{"Due": lang.LongDay(l, start.String())}
	}), "officer")
}

// travelStart is the first day of travel.
func (r *Runner) travelStart(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	return step(ctx, tx, job.Application, &workflow.StartTravel{})
}

// travelEnd is the day after the last.
func (r *Runner) travelEnd(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	return step(ctx, tx, job.Application, &workflow.EndTravel{})
}

// expected tells whether a report is still to come, or one that was sent back to come again.
func expected(c workflow.Case) bool {
	if c.App.Cancelled != nil || !c.App.Decision.Favourable() {
		return false
	}
	switch c.App.State {
	case workflow.Travelling, workflow.ReportDue, workflow.ReportReturned:
		return true
	}
	return false
}

// missing tells whether the report that was due on that day is still to come. One that
// was sent back has a day of its own, which may be later.
func missing(c workflow.Case, due string) bool {
	return expected(c) && c.ReportDay() == c.ReportDueOn() && c.ReportDueOn().String() == due
}

// reportReminder reminds of the report around its day; when it is late the principal too (RF-22).
func (r *Runner) reportReminder(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.Case(ctx, job.Application)
	due := text(job.Data["due"])
	if err != nil || !missing(c, due) {
		return err
	}
	offset := int(number(job.Data["offset_days"]))
	w := writing{kind: "report_reminder", offset: &offset, once: true}
	groups := []string{"applicant"}
	count := -offset
	if offset > 0 {
		w.words, count = "report_reminder_after", offset
		groups = append(groups, "principal")
	}
	day, err := workflow.ParseDate(due)
	if err != nil {
		return err
	}
	claim := day.AddDays(c.Round.Rules.RecoveryAfterDays)
	w.args = func(l lang.Lang) lang.Args {
		return lang.Args{"Due": lang.LongDay(l, due), "Count": count, "Claim": lang.LongDay(l, claim.String())}
	}
	return r.write(ctx, tx, c, job, w, groups...)
}

// blockSchool notes that an overdue report now blocks its school (RF-12). The
// block itself is a fact of the days; this writes it down and tells the principal.
func (r *Runner) blockSchool(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.Case(ctx, job.Application)
	if err != nil {
		return err
	}
	day := workflow.BlockOn(c)
	due, err := workflow.ParseDate(text(job.Data["due"]))
	if err != nil {
		return err
	}
	switch c.App.State {
	case workflow.Travelling, workflow.ReportDue, workflow.ReportReturned:
	default:
		return nil // it has come, or is no longer asked for
	}
	if day.IsZero() || day != due.AddDays(c.Round.Rules.BlockAfterDays) || workflow.DateOf(job.RunAt).Before(day) {
		return nil
	}
	if err := noteOnce(ctx, tx, job.Application, "school_blocked", "due", due.String()); err != nil {
		return err
	}
	group := "principal"
	if c.App.SchoolID == 0 {
		group = "applicant"
	}
	return r.write(ctx, tx, c, job, reminder("block_school", func(l lang.Lang) lang.Args {
		return lang.Args{"Due": lang.LongDay(l, due.String())}
	}), group)
}

// recheckSchool looks at the waiting payments of the school, or of the organisation, when a block may be gone.
func (r *Runner) recheckSchool(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	apps, err := tx.SchoolApplications(ctx, number(job.Data["school"]), job.Application, workflow.ConditionsAccepted)
	if err != nil {
		return err
	}
	for _, app := range apps {
		if err := step(ctx, tx, app, &workflow.MakePayable{}); err != nil {
			return err
		}
	}
	return nil
}

// proposeRecovery proposes to claim the money back when no report has come, or no answer to one that was sent back. It claims nothing (KL 6:38).
func (r *Runner) proposeRecovery(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.Case(ctx, job.Application)
	if err != nil || !expected(c) || c.ReportDay().String() != text(job.Data["due"]) {
		return err
	}
	return step(ctx, tx, job.Application, &workflow.ProposeRecovery{})
}

// recoveryLetter makes the letter that claims money back.
func (r *Runner) recoveryLetter(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.CaseAlone(ctx, job.Application)
	if err != nil {
		return err
	}
	k := c.App.Recovery
	if k == nil || k.DecidedAt.IsZero() || made(c.App, notice.KindRecovery, k.DecidedAt) != nil {
		return nil
	}
	o, err := r.office(ctx, notice.LangOf(c))
	if err != nil {
		return err
	}
	_, err = r.letter(ctx, tx, job, notice.Recovery(c, o), sql.DocumentRow{})
	return err
}
