package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// mail writes the mail that a step of a case asked for. It tells what has
// happened, so it is due whatever happened since.
func (r *Runner) mail(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	c, err := tx.Case(ctx, job.Application)
	if err != nil {
		return err
	}
	if text(job.Data["kind"]) == "assigned" && !assigned(c.App, texts(job.Data["to"])) {
		return nil // relieved before the mail was written: nobody's words, and of a blind round nobody's to read
	}
	events, err := tx.Events(ctx, job.Application)
	if err != nil {
		return err
	}
	w, err := mailOf(c, events, job)
	if err != nil {
		return err
	}
	if w.kind == "decided" {
		if err := r.letterHolds(ctx, c, job); err != nil {
			return err
		}
	}
	return r.write(ctx, tx, c, job, w, texts(job.Data["to"])...)
}

// assigned tells whether one of those that a mail goes to assesses the case.
func assigned(a workflow.Application, to []string) bool {
	return slices.ContainsFunc(a.Reviews, func(r workflow.Review) bool { return slices.Contains(to, "person:"+r.Reviewer) })
}

// mailOf finds words and their arguments for the kinds that steps ask for.
func mailOf(c workflow.Case, events []sql.EventRow, job sql.Job) (writing, error) {
	a, kind := c.App, text(job.Data["kind"])
	w := writing{kind: kind}
	day := func(d workflow.Date) func(lang.Lang) lang.Args {
		return func(l lang.Lang) lang.Args { return lang.Args{"Due": lang.LongDay(l, d.String())} }
	}
	switch kind {
	case "receipt":
		w.args = func(l lang.Lang) lang.Args { return lang.Args{"At": lang.DateTime(l, a.ReceivedAt)} }
	case "principal_asked":
		return principalAsked(c, job), nil
	case "completion_asked":
		if a.Completion == nil {
			return w, stale(job)
		}
		w.args = func(l lang.Lang) lang.Args {
			return lang.Args{"Due": lang.LongDay(l, a.Completion.DueOn.String()), "Count": len(a.Completion.Points)}
		}
	case "assigned":
		// The promise is in working days, and those of the banks are the calendar that is there.
		at := job.RunAt
		for _, r := range a.Reviews { // given back, the case has the days that it had
			if slices.Contains(texts(job.Data["to"]), "person:"+r.Reviewer) {
				at = r.AssignedAt
			}
		}
		w.args = day(workflow.AddBankDays(workflow.DateOf(at), c.Round.Rules.AssessmentDays))
	case "conditions_waiting":
		d := decisionOf(a, job)
		if !d.Favourable() {
			return w, stale(job)
		}
		due := c.AcceptBy()
		if d != a.Decision { // annulled since
			due = workflow.DateOf(d.DecidedAt).AddDays(c.Round.Rules.AcceptanceDays)
		}
		w.args = func(l lang.Lang) lang.Args {
			return lang.Args{"Amount": lang.Money(l, d.Granted), "Due": lang.LongDay(l, due.String())}
		}
	case "paid":
		return paid(a, events, job)
	case "report_returned":
		if a.Report == nil {
			return w, stale(job)
		}
		w.args = day(a.Report.ReturnDueOn)
	case "recovery":
		if a.Recovery == nil {
			return w, stale(job)
		}
		w.args = func(l lang.Lang) lang.Args {
			return lang.Args{"Amount": lang.Money(l, a.Recovery.Amount), "Due": lang.LongDay(l, a.Recovery.DueOn.String())}
		}
		if plan := a.Recovery.Plan; len(plan) > 0 {
			w.words = "recovery_parts"
			w.args = func(l lang.Lang) lang.Args {
				return lang.Args{"Amount": lang.Money(l, a.Recovery.Amount), "Due": lang.LongDay(l, a.Recovery.DueOn.String()),
					"Part": lang.Money(l, plan[0].Amount), "First": lang.LongDay(l, plan[0].DueOn.String()), "Count": len(plan)}
			}
		}
	case "reviews_done", "decided", "change_decided", "closed":
	case "other":
		if slices.Equal(texts(job.Data["to"]), []string{"economist"}) { // who may answer for the report's money beside the principal
			w.words = "principal_report"
			return w, nil
		}
		w.words = otherWords(events, job)
		if to := texts(job.Data["to"]); len(to) == 1 && strings.HasPrefix(to[0], workflow.Relieved) {
			w.words = "other.relieved"
			if a.State == workflow.Withdrawn {
				w.words += "_withdrawn"
			}
		}
		if w.words == "other.declare_interest" && slices.Equal(texts(job.Data["to"]), []string{"decider"}) {
			w.words += "_head"
		}
		if w.words == "other.payment_returned" && slices.Equal(texts(job.Data["to"]), []string{"applicant"}) {
			w.words += "_school"
		}
		w.args = day(workflow.Compute(c, workflow.DateOf(job.RunAt)).ReportDue)
		if w.words == "other.ask_statement" {
			if a.Recovery == nil || a.Recovery.Statement == nil {
				return w, stale(job)
			}
			w.args = func(l lang.Lang) lang.Args {
				return lang.Args{"Amount": lang.Money(l, a.Recovery.Proposed), "Due": lang.LongDay(l, a.Recovery.Statement.DueOn.String())}
			}
		}
	default:
		return w, fmt.Errorf("mail of unknown kind %q: %w", kind, sql.ErrGiveUp)
	}
	return w, nil
}

// stale is a mail whose subject is no longer in the case; it can't be written any more.
func stale(job sql.Job) error {
	return fmt.Errorf("mail %v has lost its subject: %w", job.Data["kind"], sql.ErrGiveUp)
}

// decisionOf is the decision that the job is about, annulled since or not.
func decisionOf(a workflow.Application, job sql.Job) *workflow.Decision {
	return a.DecisionNumbered(decisionNumber(a, job))
}

// decisionNumber is the number that the job names. One written by an older program
// names none: it is about the decision made at its instant, else about the newest.
func decisionNumber(a workflow.Application, job sql.Job) int {
	if n := int(number(job.Data["decision"])); n > 0 {
		return n
	}
	for i := range a.Annulled {
		if a.Annulled[i].DecidedAt.Equal(job.RunAt) {
			return i + 1
		}
	}
	if a.Decision == nil {
		return 0
	}
	return a.Decisions()
}

// principalAsked asks for a report's money, or for an application: by the day
// on which the round closes, or as soon as possible where that has no sense.
func principalAsked(c workflow.Case, job sql.Job) writing {
	w := writing{kind: "principal_asked", words: "principal_asked_open"}
	if c.App.Report != nil && c.App.Decision != nil {
		w.words = "principal_report"
		return w
	}
	closes := c.Round.Deadline(c.App.ID)
	if !c.App.IsFiled() && !closes.IsZero() && closes.After(job.RunAt) {
		w.words = "principal_asked"
	}
	w.args = func(l lang.Lang) lang.Args {
		return lang.Args{"Amount": lang.Money(l, c.App.LastRequested()), "Due": lang.LongDate(l, closes)}
	}
	return w
}

// paid tells the sum of the payment whose step asked for the mail.
func paid(a workflow.Application, events []sql.EventRow, job sql.Job) (writing, error) {
	w := writing{kind: "paid"}
	e, ok := eventOf(events, job, func(e sql.EventRow) bool {
		return e.Action == workflow.ActMovePayment && text(dataOf(e)["to"]) == workflow.PayPaid
	})
	if !ok {
		return w, stale(job)
	}
	data := dataOf(e)
	on := workflow.DateOf(e.At)
	for _, p := range a.Payments {
		if p.N == int(number(data["n"])) && p.Status == workflow.PayPaid {
			on = p.PaidOn
		}
	}
	w.args = func(l lang.Lang) lang.Args {
		return lang.Args{"Amount": lang.Money(l, number(data["amount"])), "On": lang.LongDay(l, on.String())}
	}
	return w, nil
}

// otherWords chooses the words by what was done. Steps without words of their own have the common ones.
func otherWords(events []sql.EventRow, job sql.Job) string {
	e, ok := eventOf(events, job, func(e sql.EventRow) bool { return lang.Has(lang.SV, "mail."+wordsOf(e)+".subject") })
	if !ok {
		return "other"
	}
	return wordsOf(e)
}

func wordsOf(e sql.EventRow) string {
	words := "other." + string(e.Action)
	switch e.Action {
	case workflow.ActApprove:
		if dataOf(e)["report"] == true {
			words += "_report"
		}
	case workflow.ActProposeRecovery:
		if text(dataOf(e)["cause"]) == workflow.CauseUnanswered {
			words += "_unanswered"
		}
	case workflow.ActDeclareInterest:
		if left := text(dataOf(e)["left"]); left != "" {
			words += "_" + left
		}
	case workflow.ActMovePayment:
		words = "other.payment_" + text(dataOf(e)["to"])
	}
	if role := text(dataOf(e)["acting_role"]); role == string(workflow.Principal) && lang.Has(lang.SV, "mail."+words+"_lent.subject") {
		words += "_lent" // a substitute's word is told as one
	}
	return words
}

// eventOf finds the event that wrote the job: the version that the job names,
// else the newest fitting one of its instant, else the newest fitting one.
func eventOf(events []sql.EventRow, job sql.Job, fits func(sql.EventRow) bool) (sql.EventRow, bool) {
	version := number(job.Data["version"])
	var best sql.EventRow
	found := false
	for i := len(events) - 1; i >= 0; i-- {
		e := events[i]
		if !fits(e) {
			continue
		}
		if version != 0 && e.Version == version || version == 0 && e.At.Equal(job.RunAt) {
			return e, true
		}
		if !found {
			best, found = e, true
		}
	}
	return best, found
}

func dataOf(e sql.EventRow) map[string]any {
	var m map[string]any
	if json.Unmarshal(e.Data, &m) != nil {
		return nil // emptied by retention
	}
	return m
}

// text, texts and number read a job's data, which have been through JSON.
func text(v any) string {
	s, _ := v.(string)
	return s
}

func texts(v any) (list []string) {
	switch v := v.(type) {
	case []string:
		return v
	case []any:
		for _, x := range v {
			list = append(list, strings.TrimSpace(text(x)))
		}
	}
	return list
}

func number(v any) int64 {
	switch v := v.(type) {
	case float64:
		return int64(v)
	case int64:
		return v
	case int:
		return int64(v)
	}
	return 0
}
