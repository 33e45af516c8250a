package jobs

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fund/jobs/mail"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// writing is one mail before it has a language and addressees.
type writing struct {
	kind   string // as people and systems outside know it
	words  string // mail.<words>.*; kind where empty
	offset *int
	once   bool // reminders: the same mail does not go out twice in a day
	args   func(lang.Lang) lang.Args
}

// write sends a mail to each person of the groups, in that person's language.
// The same job never writes to the same address twice.
func (r *Runner) write(ctx context.Context, tx *sql.Tx, c workflow.Case, job sql.Job, w writing, groups ...string) error {
	if w.words == "" {
		w.words = w.kind
	}
	var done []string
	for _, group := range groups {
		people, err := tx.Recipients(ctx, c, []string{group})
		if err != nil {
			return err
		}
		for _, p := range people {
			if slices.Contains(done, p.Email) {
				continue
			}
			done = append(done, p.Email)
			l := lang.Parse(p.Lang)
			m := r.message(workflow.BlindFor(c, workflow.Act(workflow.Person{ID: p.Person})), w, l, r.path(c, w.words, group))
			row := sql.MailRow{Application: c.App.ID, To: p.Email, Kind: w.kind, OffsetDays: w.offset, Lang: string(l), Subject: m.Subject,
				Body: m.Plain(), Job: job.ID}
			if w.once {
				again, err := r.written(ctx, tx, row)
				if err != nil {
					return err
				}
				if again {
					continue
				}
			}
			if _, _, err := tx.AddMail(ctx, row); err != nil {
				return err
			}
		}
	}
	return nil
}

// written tells whether exactly this mail went to that address earlier the same
// day, as it would when days are moved and moved back, or when two reminders
// come late together.
func (r *Runner) written(ctx context.Context, tx *sql.Tx, m sql.MailRow) (bool, error) {
	if m.Application == 0 {
		return false, nil
	}
	now, err := tx.Now()
	if err != nil {
		return false, err
	}
	sent, err := r.store.Mails(ctx, workflow.Machine(), m.Application)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(sent, func(x sql.MailRow) bool {
		return x.To == m.To && x.Kind == m.Kind && x.Subject == m.Subject && x.Body == m.Body && workflow.DateOf(x.CreatedAt) == workflow.DateOf(now)
	}), nil
}

// message puts the words of a mail together.
func (r *Runner) message(c workflow.Case, w writing, l lang.Lang, path string) mail.Message {
	args := lang.Args{
		"DNR":    c.App.DNR,
		"Title":  c.App.Form.Title,
		"School": notice.Payee(c),
		"Name":   c.App.ApplicantName,
		"Round":  notice.RoundName(l, c.Round),
	}
	if args["Name"] == "" {
		args["Name"] = args["School"]
	}
	if w.args != nil {
		for k, v := range w.args(l) {
			args[k] = v
		}
	}
	key := "mail." + w.words + "."
	m := mail.Message{Lang: l, Subject: lang.T(l, key+"subject", args), Heading: lang.T(l, key+"heading", args), Text: lang.T(l, key+"body", args),
		Button: &mail.Button{Label: lang.T(l, key+"button", args), URL: r.options.BaseURL + path}}
	if lang.Has(l, key+"after") {
		m.After = lang.T(l, key+"after", args)
	}
	return m
}

// path is where the button leads: to what this person can do about it.
func (r *Runner) path(c workflow.Case, words, group string) string {
	if c.App.ID == 0 && group != "finance" {
		return "/cases?round=" + c.Round.ID
	}
	page := "/cases/%d"
	switch {
	case words == "other.claim_late":
		return "/payouts/claims"
	case group == "finance":
		return "/payouts"
	case words == "other.message":
		page = "/cases/%d/messages"
	case words == "other.assign_officer":
	case strings.HasPrefix(group, workflow.Relieved): // has no case to open
		return "/reviews"
	case strings.HasPrefix(group, "person:"):
		page = "/reviews/%d"
	case group == "economist", group == "principal" && strings.HasPrefix(words, "principal_"):
		page = "/approve/%d"
	case words == "other.ask_statement":
		page = "/do/%d/give_statement"
	case slices.Contains(toReport, words) && group != "officer":
		page = "/reports/%d"
	case group == "applicant" || group == "principal":
		page = "/applications/%d"
	}
	return fmt.Sprintf(page, c.App.ID)
}

// toReport are the mails whose button opens the report.
var toReport = []string{"report_reminder", "report_reminder_after", "report_returned", "other.end_travel", "other.block_school", "other.extend_report"}

// other is a mail of the kind that has no name of its own.
func other(words string, args func(lang.Lang) lang.Args) writing {
	return writing{kind: "other", words: "other." + words, args: args}
}

// reminder is such a mail that comes by the calendar.
func reminder(words string, args func(lang.Lang) lang.Args) writing {
	w := other(words, args)
	w.once = true
	return w
}
