package handlers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fund/jobs/dossier"
	"fund/jobs/letter"
	"fund/jobs/paper"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// copyOf is what a disclosure copy is made of: the case in words, and the masker that reads them.
type copyOf struct {
	k      workflow.Case
	words  notice.Notice // not masked yet
	masker *notice.Masker
}

// disclosureCopy puts a case into words, as it is disclosed: what was filed, the
// assessment, decisions with their letters, changes, report, payments, mails and
// log. Files that were sent in are named by kind; no program masks inside them.
func (s *Server) disclosureCopy(ctx context.Context, l lang.Lang, by workflow.Actor, k workflow.Case, kinds, words []string, ground string, now time.Time) (copyOf, error) {
	versions, err := s.store.Versions(ctx, by, k.App.ID)
	if err != nil {
		return copyOf{}, err
	}
	mails, err := s.store.Mails(ctx, by, k.App.ID)
	if err != nil {
		return copyOf{}, err
	}
	events, err := s.store.Events(ctx, by, k.App.ID)
	if err != nil {
		return copyOf{}, err
	}
	var forms []workflow.Form
	n := notice.Notice{Kind: "disclosure", Lang: l, Over: lang.T(l, "disclosure.over"), Title: lang.T(l, "disclosure.copy", lang.Args{"DNR": k.App.DNR}), Date: now, DNR: k.App.DNR,
		Facts: []notice.Fact{{Label: lang.T(l, "field.title"), Value: k.App.Form.Title}, {Label: lang.T(l, "fact.applicant"), Value: applicantName(k)}, {Label: lang.T(l, "fact.round"), Value: notice.RoundName(l, k.Round)},
			{Label: lang.T(l, "queue.state"), Value: lang.T(l, "state."+string(k.App.State))}, {Label: lang.T(l, "disclosure.made"), Value: lang.DateTime(l, now)}}}
	n.Sections = append(n.Sections, maskedFor(l, kinds, len(words) > 0, ground))
	for _, v := range versions {
		form, _ := workflow.DecodeForm(v.Form) // it was filed, so it is a form
		forms = append(forms, form)
		n.Sections = append(n.Sections, answerSection(lang.T(l, "disclosure.version", lang.Args{"N": v.N, "At": lang.DateTime(l, v.ReceivedAt)}), formAnswers(l, form, "")))
	}
	n.Sections = append(n.Sections, assessmentSections(l, k, by)...)
	letters, err := s.letterSections(ctx, l, k)
	if err != nil {
		return copyOf{}, err
	}
	n.Sections = append(n.Sections, letters...)
	n.Sections = append(n.Sections, afterSections(l, k)...)
	n.Sections = append(n.Sections, filesSection(l, k))
	for _, m := range mails {
		at := m.CreatedAt
		if m.SentAt != nil {
			at = *m.SentAt
		}
		n.Sections = append(n.Sections, notice.Section{Heading: lang.T(l, "disclosure.mail", lang.Args{"Subject": m.Subject}), Points: []string{lang.T(l, "disclosure.mail.to", lang.Args{"To": m.To, "At": lang.DateTime(l, at)})}, Paragraphs: strings.Split(m.Body, "\n")})
	}
	n.Sections = append(n.Sections, logSection(l, k, events))
	names, err := s.schoolNamesOf(ctx, k, events)
	if err != nil {
		return copyOf{}, err
	}
	n.Sections = withWords(n.Sections)
	return copyOf{k, n, notice.NewMasker(k, forms, kinds, words, names, lang.T(l, "disclosure.mark"))}, nil
}

// withWords leaves out empty lines, and sections without any.
func withWords(all []notice.Section) (out []notice.Section) {
	keep := func(list []string) (kept []string) {
		for _, s := range list {
			if strings.TrimSpace(s) != "" {
				kept = append(kept, s)
			}
		}
		return kept
	}
	for _, s := range all {
		if s.Paragraphs, s.Points, s.After = keep(s.Paragraphs), keep(s.Points), keep(s.After); len(s.Paragraphs)+len(s.Points)+len(s.After) > 0 || s.Table != nil {
			out = append(out, s)
		}
	}
	return out
}

// schoolNamesOf are the names of the people outside the office who had a part in the case.
func (s *Server) schoolNamesOf(ctx context.Context, k workflow.Case, events []sql.EventRow) (names []string, err error) {
	seen := map[string]bool{}
	add := func(p workflow.Person, err error) error {
		if err == nil && !workflow.Act(p).Office() {
			names = append(names, p.Name)
		}
		return notMissing(err)
	}
	emails := []string{k.App.ApplicantEmail}
	for _, e := range events {
		emails = append(emails, e.By)
	}
	for _, email := range emails {
		if email == "" || seen[email] {
			continue
		}
		seen[email] = true
		if err := add(s.store.PersonByEmail(ctx, email)); err != nil {
			return nil, err
		}
	}
	for _, id := range k.App.Writers {
		if err := add(s.store.Person(ctx, id)); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// maskedFor says at the top what is masked, and on what law.
func maskedFor(l lang.Lang, kinds []string, words bool, ground string) notice.Section {
	out := notice.Section{Heading: lang.T(l, "disclosure.masked")}
	for _, kind := range kinds {
		out.Points = append(out.Points, lang.T(l, "disclosure.mask."+kind))
	}
	if words {
		out.Points = append(out.Points, lang.T(l, "disclosure.mask.words"))
	}
	if len(out.Points) == 0 {
		out.Paragraphs = []string{lang.T(l, "disclosure.masked.nothing")}
		return out
	}
	out.Paragraphs = []string{lang.T(l, "disclosure.masked.text", lang.Args{"Mark": lang.T(l, "disclosure.mark"), "Ground": lang.T(l, "disclosure.ground."+ground)})}
	out.After = []string{lang.T(l, "disclosure.masked.appeal")}
	return out
}

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

// asWritten leaves people as the case names them.
func asWritten(email string) string { return email }

// assessmentSections are scores and reasons.
func assessmentSections(l lang.Lang, k workflow.Case, by workflow.Actor) (out []notice.Section) {
	for _, t := range reviewTables(l, k, by, asWritten) {
		out = append(out, tableSection(lang.T(l, "case.scores"), t))
	}
	reasons := notice.Section{Heading: lang.T(l, "disclosure.reasons")}
	for _, q := range reviewComments(k, by, asWritten) {
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
	office := notice.Office{Lang: notice.LangOf(k), Web: s.BaseURL, Email: lang.T(l, "app.contact"), Name: func(email string) string {
		if p, err := s.store.PersonByEmail(ctx, email); err == nil {
			return p.Name
		}
		return "" // the address will do
	}}
	put := func(kind string, since time.Time, letter func(notice.Office) notice.Notice) {
		o, e := s.ownWords(ctx, office, letterMade(k, kind, since))
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
		put(notice.KindDecision, old.App.Decision.DecidedAt, func(o notice.Office) notice.Notice { return notice.Decision(old, o) })
	}
	if k.App.Decision != nil {
		put(notice.KindDecision, k.App.Decision.DecidedAt, func(o notice.Office) notice.Notice { return notice.Decision(k, o) })
	}
	for _, x := range k.App.Corrections {
		put(notice.KindCorrection, x.At, func(o notice.Office) notice.Notice { return notice.Correction(k, x, o) })
	}
	for _, x := range k.App.Changes {
		if !x.Open() && !x.Overtaken() {
			put(notice.KindAmendment, x.DecidedAt, func(o notice.Office) notice.Notice { return notice.Amendment(k, x.N, o) })
		}
	}
	if r := k.App.Recovery; r != nil && !r.DecidedAt.IsZero() {
		put(notice.KindRecovery, r.DecidedAt, func(o notice.Office) notice.Notice { return notice.Recovery(k, o) })
	}
	return out, err
}

// afterSections are changes, cancellation, report, settlement and payments.
func afterSections(l lang.Lang, k workflow.Case) (out []notice.Section) {
	out = changeSections(l, k)
	for _, r := range append(append([]workflow.Report{}, k.App.Reports...), reportsOf(k.App)...) {
		out = append(out, reportSection(l, k.App.Form, r))
	}
	return append(out, paymentSection(l, k))
}

// changeSections are changes, cancellation, and what the school said about a claim.
func changeSections(l lang.Lang, k workflow.Case) (out []notice.Section) {
	a := k.App
	changes := notice.Section{Heading: lang.T(l, "disclosure.changes")}
	for _, x := range a.Changes {
		outcome := lang.T(l, "case.change.open")
		if x.Outcome != "" {
			outcome = lang.T(l, "change_outcome."+x.Outcome)
		}
		if x.Overtaken() {
			x.Answer = "" // the program's own word, no person's
		}
		changes.Points = append(changes.Points, strings.TrimSpace(lang.T(l, "change."+x.Type)+", "+lang.Date(l, x.AskedAt)+": "+x.Reason+" "+string(x.Proposed)+" "+outcome+". "+x.Answer))
	}
	out = append(out, changes)
	if x := a.Cancelled; x != nil {
		out = append(out, notice.Section{Heading: lang.T(l, "registry.state.cancelled"), Paragraphs: []string{x.Reason}})
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
		pay.Points = append(pay.Points, fmt.Sprintf("%d: %s, %s, %s", p.N, lang.Money(l, p.Sum()), lang.T(l, "payment_status."+p.Status), day))
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
		line := f.Term + ": " + f.Value
		if f.Note != "" {
			line += " (" + f.Note + ")"
		}
		out.Points = append(out.Points, line)
	}
	return out
}

// reportSection is a report with the lines and goals of the form that it answers.
func reportSection(l lang.Lang, form workflow.Form, r workflow.Report) notice.Section {
	out := notice.Section{Heading: lang.T(l, "disclosure.report", lang.Args{"At": lang.DateTime(l, r.SubmittedAt)}), Points: []string{
		lang.T(l, "field.pupils") + ": " + lang.Number(l, r.Pupils), lang.T(l, "field.staff") + ": " + lang.Number(l, r.Staff), lang.Days(l, r.Start.String(), r.End.String())}}
	for _, x := range r.Actual {
		name := fmt.Sprint(x.Line)
		if i := slices.IndexFunc(form.Budget, func(b workflow.BudgetLine) bool { return b.Line == x.Line }); i >= 0 && form.Budget[i].Text != "" {
			name += ", " + form.Budget[i].Text
		}
		out.Points = append(out.Points, strings.TrimSpace(fmt.Sprintf("%s: %s %s", name, lang.Money(l, x.Amount), x.Voucher)))
	}
	if r.ExternalReceived > 0 {
		out.Points = append(out.Points, lang.T(l, "field.external_grants_received")+": "+lang.Money(l, r.ExternalReceived))
	}
	for _, g := range r.Goals {
		name := fmt.Sprint(g.Goal)
		if i := g.Goal - 1; i >= 0 && i < int64(len(form.Text.Goals)) && form.Text.Goals[i].Goal != "" {
			name += ", " + form.Text.Goals[i].Goal
		}
		out.Points = append(out.Points, fmt.Sprintf("%s: %s. %s", name, lang.T(l, "reached."+g.Reached), g.Text))
	}
	for _, name := range sortedKeys(r.Texts) {
		out.Points = append(out.Points, lang.T(l, "field.texts."+name)+": "+r.Texts[name])
	}
	for _, p := range r.ReturnedPoints {
		out.After = append(out.After, p.Text)
	}
	if r.Remark != "" {
		out.After = append(out.After, r.Remark)
	}
	return out
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

// pack makes the package: the copy as PDF and as text, from the same masked words.
func (c copyOf) pack(now time.Time) (body []byte, text string, err error) {
	masked := c.masker.Notice(c.words)
	text = masked.Text()
	counts := c.masker.Counts
	c.masker.Counts = map[string]int{}
	if again := c.masker.Text(text); len(c.masker.Counts) > 0 || again == "" { // nothing of it may be left: a copy that leaks is not made
		return nil, "", fmt.Errorf("disclosure of %d: %v is left after masking", c.k.App.ID, c.masker.Counts)
	}
	c.masker.Counts = counts
	var pdf, out bytes.Buffer
	if err := letter.Encode(&pdf, paper.Of(masked)); err != nil {
		return nil, "", err
	}
	w := dossier.New(&out, dossier.Manifest{Case: masked.DNR, Title: masked.Title, MadeAt: now.In(workflow.Stockholm()), MadeBy: lang.T(masked.Lang, "role.registrar")})
	if err := w.Add("kopia.pdf", "pdf", &pdf); err != nil {
		return nil, "", err
	}
	if err := w.Add("kopia.txt", "text", strings.NewReader(text)); err != nil {
		return nil, "", err
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return out.Bytes(), text, nil
}
