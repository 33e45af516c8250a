package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// What follows is a case in words, part by part: for the copy that is disclosed and for the archive's package.

// answerSection is a part of a form with its answers.
func answerSection(heading string, answers []Answer) notice.Section {
	out := notice.Section{Heading: heading}
	for _, a := range answers {
		value := a.Value
		if len(a.Items) > 0 {
			value = strings.TrimSpace(value + " " + strings.Join(a.Items, "; "))
		}
		if a.Note != "" {
			value += " (" + a.Note + ")"
		}
		mark := ": "
		if strings.HasSuffix(a.Term, "?") { // a question needs no colon
			mark = " "
		}
		out.Points = append(out.Points, a.Term+mark+strings.Join(strings.Fields(value), " "))
	}
	return out
}

// assessmentSections are scores and reasons; name says what people are called.
func assessmentSections(l lang.Lang, k workflow.Case, by workflow.Actor, name func(email string) string) (out []notice.Section) {
	for _, t := range reviewTables(l, k, by, name) {
		out = append(out, tableSection(lang.T(l, "case.scores"), t))
	}
	reasons := notice.Section{Heading: lang.T(l, "disclosure.reasons")}
	for _, q := range reviewComments(k, by, name) {
		reasons.Points = append(reasons.Points, q.Term+", "+q.By+": "+q.Text)
	}
	return append(out, reasons)
}

// tableSection puts a table of a page into a letter.
func tableSection(heading string, t Table) notice.Section {
	texts := func(r Row) (row []string) {
		for _, c := range r.Cells {
			row = append(row, c.Text)
		}
		return row
	}
	table := notice.Table{}
	for _, h := range t.Head {
		table.Head = append(table.Head, h.Text)
	}
	for _, r := range append(t.Rows, t.Foot...) {
		table.Rows = append(table.Rows, texts(r))
	}
	return notice.Section{Heading: heading, Table: &table}
}

// letterSections are the letters of the case, in the words that they were sent with.
func (s *Server) letterSections(ctx context.Context, l lang.Lang, k workflow.Case) (out []notice.Section, err error) {
	office := notice.Office{Lang: notice.LangOf(k), Web: s.BaseURL, Email: s.Contact, Name: func(email string) string {
		if p, err := s.store.PersonByEmail(ctx, email); err == nil {
			return p.Name
		}
		return "" // the address will do
	}}
	put := func(made time.Time, letter func(notice.Office) notice.Notice) {
		o, e := s.ownWords(ctx, office, made)
		if err = errors.Join(err, e); err != nil {
			return
		}
		n := letter(o)
		head := notice.Section{Heading: n.Over + ": " + n.Title, Paragraphs: append([]string{}, n.To...)}
		if n.Sum != nil {
			head.Paragraphs = append(head.Paragraphs, strings.Join([]string{n.Sum.Before, n.Sum.Amount, n.Sum.After}, " "))
		}
		for _, f := range n.Facts {
			head.Points = append(head.Points, f.Label+": "+f.Value)
		}
		out = append(append(out, head), n.Sections...)
		out = append(out, notice.Section{Paragraphs: n.Signature})
	}
	for i := range k.App.Annulled {
		old := k
		old.App.Decision = &k.App.Annulled[i]
		put(decisionLetterMade(k, i+1), func(o notice.Office) notice.Notice { return notice.Decision(old, o) })
	}
	if k.App.Decision != nil {
		put(decisionLetterMade(k, k.App.Decisions()), func(o notice.Office) notice.Notice { return notice.Decision(k, o) })
	}
	for _, x := range k.App.Corrections {
		put(letterMade(k, notice.KindCorrection, x.At), func(o notice.Office) notice.Notice { return notice.Correction(k, x, o) })
	}
	for _, x := range k.App.Changes {
		if !x.Open() && !x.Overtaken() {
			put(letterMade(k, notice.KindAmendment, x.DecidedAt), func(o notice.Office) notice.Notice { return notice.Amendment(k, x.N, o) })
		}
	}
	if r := k.App.Recovery; r != nil && !r.DecidedAt.IsZero() {
		put(letterMade(k, notice.KindRecovery, r.DecidedAt), func(o notice.Office) notice.Notice { return notice.Recovery(k, o) })
	}
	return out, err
}

// afterSections are changes, cancellation, report, settlement and payments.
func afterSections(l lang.Lang, k workflow.Case, name func(email string) string) (out []notice.Section) {
	out = changeSections(l, k)
	for _, r := range append(append([]workflow.Report{}, k.App.Reports...), reportsOf(k.App)...) {
		out = append(out, reportSections(l, k, r, name)...)
	}
	return append(append(out, endSections(l, k, name)...), paymentSection(l, k))
}

// changeSections are changes, cancellation, and what the school said about a claim.
func changeSections(l lang.Lang, k workflow.Case) (out []notice.Section) {
	a := k.App
	for _, x := range a.Changes {
		out = append(out, changeSection(l, k, x))
	}
	if x := a.Cancelled; x != nil {
		s := notice.Section{Heading: lang.T(l, "registry.state.cancelled")}
		for _, f := range cancelledFacts(l, k) {
			s.Points = append(s.Points, factLine(f))
		}
		out = append(out, s)
	}
	for _, r := range append(append([]workflow.Recovery{}, a.Recoveries...), recoveryOf(a)...) {
		out = append(out, statementSection(l, r))
	}
	return out
}

func paymentSection(l lang.Lang, k workflow.Case) notice.Section {
	pay := notice.Section{Heading: lang.T(l, "disclosure.payments")}
	for _, p := range k.App.Payments {
		day := "–"
		if !p.PaidOn.IsZero() {
			day = lang.Day(l, p.PaidOn.String())
		}
		pay.Points = append(pay.Points, fmt.Sprintf("%s: %s, %s, %s", lang.T(l, "grant.part", lang.Args{"N": p.N}), lang.Money(l, p.Sum()), lang.T(l, "payment_status."+p.Status), day))
	}
	return pay
}

func reportsOf(a workflow.Application) []workflow.Report {
	if a.Report == nil {
		return nil
	}
	return []workflow.Report{*a.Report}
}

func recoveryOf(a workflow.Application) []workflow.Recovery {
	if a.Recovery == nil {
		return nil
	}
	return []workflow.Recovery{*a.Recovery}
}

// statementSection is what the school was asked about a recovery, and what it said; empty where nobody asked.
func statementSection(l lang.Lang, r workflow.Recovery) notice.Section {
	out := notice.Section{Heading: lang.T(l, "disclosure.statement")}
	if r.Statement == nil {
		return out
	}
	for _, f := range statementFacts(l, workflow.Case{App: workflow.Application{Recovery: &r}}) {
		out.Points = append(out.Points, factLine(f))
	}
	return out
}

// factLine is a fact of a page as one line.
func factLine(f Fact) string {
	mark := ": "
	if strings.HasSuffix(f.Term, "?") { // a question needs no colon
		mark = " "
	}
	line := f.Term + mark + f.Value
	if f.Note != "" {
		line += " (" + f.Note + ")"
	}
	return line
}

// filesSection names the files by kind: they are read, and masked, by a person.
func filesSection(l lang.Lang, k workflow.Case) notice.Section {
	out := filesOf(l, k)
	if len(out.Points) > 0 {
		out.After = []string{lang.T(l, "disclosure.files.text")}
	}
	return out
}

// filesOf lists the files that were sent in.
func filesOf(l lang.Lang, k workflow.Case) notice.Section {
	out := notice.Section{Heading: lang.T(l, "disclosure.files")}
	for _, x := range k.App.Attachments {
		out.Points = append(out.Points, lang.T(l, "attachment."+x.Kind)+": "+x.Name)
	}
	return out
}

func logSection(l lang.Lang, k workflow.Case, events []sql.EventRow) notice.Section {
	out := notice.Section{Heading: lang.T(l, "disclosure.log")}
	for _, e := range events {
		if e.Action == workflow.ActSave || e.Action == workflow.ActSaveReview || e.Action == workflow.ActNote {
			continue
		}
		who := e.ByName
		if e.By == "" {
			who = lang.T(l, "case.program")
		}
		out.Points = append(out.Points, lang.DateTime(l, e.At)+": "+who+" "+eventWord(l, k, e)+".")
	}
	return out
}
