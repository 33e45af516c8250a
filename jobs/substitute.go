package jobs

import (
	"context"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// substituteBegins tells somebody, on the first day, that they act for another from
// now on: they were told when it was entered, which may be months ago. A period that
// was ended, or whose lender has the role no longer, is told to nobody.
func (r *Runner) substituteBegins(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	id := int64(number(job.Data["absence"]))
	rows, err := tx.Beginning(ctx, id)
	if err != nil || len(rows) == 0 || rows[0].ID != id { // of a person's schools the first tells of all
		return err
	}
	now, err := tx.Now()
	if err != nil || workflow.DateOf(rows[0].Last).Before(workflow.DateOf(now)) {
		return err
	}
	x := rows[0]
	l := lang.Parse(x.SubLang)
	w := other("substitute_begins", func(l lang.Lang) lang.Args {
		what := lang.T(l, "role."+string(x.Role))
		var at []string
		for _, s := range rows {
			if s.SchoolName != nil {
				at = append(at, *s.SchoolName)
			}
		}
		if len(at) > 0 {
			what += " " + lang.T(l, "mail.other.substitute_begins.at", lang.Args{"Schools": lang.List(l, at)})
		}
		return lang.Args{"For": x.Name, "Role": what, "Days": lang.Days(l, workflow.DateOf(x.First).String(), workflow.DateOf(x.Last).String())}
	})
	m := r.message(workflow.Case{}, w, l, "/sign-in?next=/tasks")
	_, _, err = tx.AddMail(ctx, sql.MailRow{To: x.SubEmail, Kind: w.kind, Lang: string(l), Subject: m.Subject, Body: m.Plain(), Job: job.ID})
	return err
}
