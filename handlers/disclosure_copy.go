package handlers

import (
	"bytes"
	"context"
	"fmt"
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

// disclosing is what a copy is made for: a case as somebody may see it, what is masked in it and on what law.
type disclosing struct {
	k      workflow.Case
	by     workflow.Actor
	lang   lang.Lang
	kinds  []string // of notice.MaskKinds
	words  []string // the registrar's own
	ground string
	at     time.Time
}

// disclosureCopy puts a case into words, as it is disclosed: what was filed, the
// assessment, decisions with their letters, changes, report, payments, mails and
// log. Files that were sent in are named by kind; no program masks inside them.
func (s *Server) disclosureCopy(ctx context.Context, x disclosing) (copyOf, error) {
	l, k, by := x.lang, x.k, x.by
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
	n := notice.Notice{
		Kind:  "disclosure",
		Lang:  l,
		Over:  lang.T(l, "disclosure.over"),
		Title: lang.T(l, "disclosure.copy", lang.Args{"DNR": k.App.DNR}),
		Date:  x.at,
		DNR:   k.App.DNR,
		Facts: []notice.Fact{
			{Label: lang.T(l, "field.title"), Value: k.App.Form.Title},
			{Label: lang.T(l, "fact.applicant"), Value: applicantName(k)},
			{Label: lang.T(l, "fact.round"), Value: notice.RoundName(l, k.Round)},
			{Label: lang.T(l, "queue.state"), Value: lang.T(l, "state."+string(k.App.State))},
			{Label: lang.T(l, "disclosure.made"), Value: lang.DateTime(l, x.at)},
		},
	}
	n.Sections = append(n.Sections, maskedFor(l, x.kinds, len(x.words) > 0, x.ground))
	for _, v := range versions {
		form, _ := workflow.DecodeForm(v.Form) // it was filed, so it is a form
		forms = append(forms, form)
		n.Sections = append(
			n.Sections,
			answerSection(lang.T(l, "disclosure.version", lang.Args{"N": v.N, "At": lang.DateTime(l, v.ReceivedAt)}), formAnswers(l, form, "")),
		)
	}
	called := func(email string) string { return calledIn(events, email) }
	n.Sections = append(n.Sections, assessmentSections(l, k, by, called)...)
	letters, err := s.letterSections(ctx, l, k)
	if err != nil {
		return copyOf{}, err
	}
	n.Sections = append(n.Sections, letters...)
	n.Sections = append(n.Sections, afterSections(l, k, called)...)
	n.Sections = append(n.Sections, filesSection(l, k))
	n.Sections = append(n.Sections, mailSections(l, mails)...)
	n.Sections = append(n.Sections, logSection(l, k, events))
	names, err := s.schoolNamesOf(ctx, k, events)
	if err != nil {
		return copyOf{}, err
	}
	n.Sections = withWords(n.Sections)
	return copyOf{k, n, notice.NewMasker(k, forms, x.kinds, x.words, names, lang.T(l, "disclosure.mark"))}, nil
}

// mailSections are the mails as they were sent: what went to several at once stands once, with everyone it went to.
func mailSections(l lang.Lang, mails []sql.MailRow) (out []notice.Section) {
	type letter struct {
		subject, body string
		at            int64
	}
	seen := map[letter]int{}
	for _, m := range mails {
		at := m.CreatedAt
		if m.SentAt != nil {
			at = *m.SentAt
		}
		one := letter{m.Subject, m.Body, m.CreatedAt.UnixNano()}
		i, known := seen[one]
		if !known {
			i = len(out)
			seen[one] = i
			out = append(out, notice.Section{Heading: lang.T(l, "disclosure.mail", lang.Args{"Subject": m.Subject}), After: strings.Split(m.Body, "\n")})
		}
		out[i].Points = append(out[i].Points, lang.T(l, "disclosure.mail.to", lang.Args{"To": m.To, "At": lang.DateTime(l, at)}))
	}
	return out
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
		if s.Paragraphs, s.Points, s.After = keep(s.Paragraphs), keep(s.Points), keep(s.After); len(s.Paragraphs)+len(s.Points)+len(s.After) > 0 ||
			s.Table != nil {
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
	writers, err := s.store.PeopleNamed(ctx, k.App.Writers)
	if err != nil {
		return nil, err
	}
	for _, w := range writers {
		if err := add(w, nil); err != nil {
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
	out.Paragraphs = []string{
		lang.T(l, "disclosure.masked.text", lang.Args{"Mark": lang.T(l, "disclosure.mark"), "Ground": lang.T(l, "disclosure.ground."+ground)}),
	}
	out.After = []string{lang.T(l, "disclosure.masked.appeal")}
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
	w := dossier.New(
		&out,
		dossier.Manifest{Case: masked.DNR, Title: masked.Title, MadeAt: now.In(workflow.Stockholm()), MadeBy: lang.T(masked.Lang, "role.registrar")},
	)
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
