package handlers

import (
	"bytes"
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

// packed is what a package says in words: each document as PDF/A, for who reads in fifty years
// without a program, beside the JSON that programs read.
type packed struct {
	k        workflow.Case
	by       workflow.Actor
	at       time.Time // when the package is made
	versions []sql.VersionRow
	mails    []sql.MailRow
	events   []sql.EventRow
	proof    sql.Proof
	papers   casePapers
	claims   []sql.DocumentRow
	before   *unprotected // nil: nobody in the case has a protected identity
}

// archiveLang is the language of the archive's own words: the authority's (språklagen 10 §).
const archiveLang = lang.SV

// paperOf sets sections as a document of the case.
func (x packed) paperOf(title string, at time.Time, facts []notice.Fact, sections ...notice.Section) notice.Notice {
	l := archiveLang
	return notice.Notice{
		Lang:     l,
		Over:     lang.T(l, "archive.over"),
		Title:    title,
		Date:     at.In(workflow.Stockholm()),
		DNR:      x.k.App.DNR,
		Facts:    facts,
		Sections: withWords(sections),
	}
}

// inWords are the documents of the case that are kept as data, in words: the summary, what was
// filed, the assessment, the reports, the mails as they were sent, and the log. The key is the file's name.
func (x packed) inWords(yield func(name string, n notice.Notice) bool) {
	l, k := archiveLang, x.k
	facts := []notice.Fact{
		{Label: lang.T(l, "field.title"), Value: k.App.Form.Title},
		{Label: lang.T(l, "fact.applicant"), Value: applicantName(k)},
		{Label: lang.T(l, "fact.round"), Value: notice.RoundName(l, k.Round)},
		{Label: lang.T(l, "queue.state"), Value: lang.T(l, "state."+string(k.App.State))},
		{Label: lang.T(l, "disclosure.made"), Value: lang.DateTime(l, x.at)},
	}
	facts = slices.DeleteFunc(facts, func(f notice.Fact) bool { return strings.TrimSpace(f.Value) == "" })
	if !yield(
		"case.pdf",
		x.paperOf(lang.T(l, "archive.summary"), x.at, facts, slices.Concat(changeSections(l, k), endSections(l, k, x.called), []notice.Section{paymentSection(l, k), filesOf(l, k)})...),
	) {
		return
	}
	for _, v := range x.versions {
		form, _ := workflow.DecodeForm(v.Form) // it was filed, so it is a form
		n := x.paperOf(
			lang.T(l, "disclosure.version", lang.Args{"N": v.N, "At": lang.DateTime(l, v.ReceivedAt)}),
			v.ReceivedAt,
			[]notice.Fact{{Label: "SHA-256", Value: v.SHA256}},
			answerSection("", formAnswers(l, form, "")),
		)
		if len(n.Sections) > 0 && !yield(fmt.Sprintf("versions/%d.pdf", v.N), n) {
			return
		}
	}
	if n := x.paperOf(lang.T(l, "case.assessment"), x.at, nil, assessmentSections(l, k, x.by, x.called)...); len(n.Sections) > 0 &&
		!yield("assessment.pdf", n) {
		return
	}
	for i, r := range append(append([]workflow.Report{}, k.App.Reports...), reportsOf(k.App)...) {
		all := reportSections(l, k, r, x.called)
		title := all[0].Heading
		all[0].Heading = ""
		if !yield(fmt.Sprintf("reports/%d.pdf", i+1), x.paperOf(title, r.SubmittedAt, nil, all...)) {
			return
		}
	}
	for _, m := range x.mails {
		if !yield(fmt.Sprintf("mails/%d.pdf", m.ID), x.mail(m)) {
			return
		}
	}
	yield("events.pdf", x.paperOf(lang.T(l, "archive.log"), x.at, nil, x.log()))
}

// called is the name that somebody has in the case's log.
func (x packed) called(email string) string { return calledIn(x.events, email) }

// calledIn is the name that somebody has in a log, or else the address.
func calledIn(events []sql.EventRow, email string) string {
	for _, e := range events {
		if e.By == email && e.ByName != "" {
			return e.ByName
		}
	}
	return email
}

// mail is a mail as it was sent.
func (x packed) mail(m sql.MailRow) notice.Notice {
	l, at := archiveLang, m.CreatedAt
	facts := []notice.Fact{{Label: lang.T(l, "archive.mail.to"), Value: m.To}}
	if m.SentAt != nil {
		at = *m.SentAt
		facts = append(facts, notice.Fact{Label: lang.T(l, "archive.mail.sent"), Value: lang.DateTime(l, at)})
	} else {
		facts = append(facts, notice.Fact{Label: lang.T(l, "archive.mail.written"), Value: lang.DateTime(l, at)})
	}
	if m.BouncedAt != nil {
		facts = append(facts, notice.Fact{Label: lang.T(l, "archive.mail.back"), Value: strings.TrimSpace(lang.DateTime(l, *m.BouncedAt) + " " + m.Bounce)})
	}
	n := x.paperOf(orText(m.Subject, "–"), at, facts, notice.Section{Paragraphs: strings.Split(m.Body, "\n")})
	n.Over = lang.T(l, "archive.mail")
	return n
}

// log is every event with the beginning of its hash; the whole of it stands in events.json.
func (x packed) log() notice.Section {
	const shown = 12
	l := archiveLang
	t := notice.Table{Head: []string{lang.T(l, "archive.log.what"), lang.T(l, "archive.log.hash")}}
	for _, e := range x.events {
		who := orText(e.ByName, e.By)
		if e.By == "" {
			who = lang.T(l, "case.program")
		}
		t.Rows = append(t.Rows, []string{
			fmt.Sprintf("%d. %s: %s %s", e.Version, lang.DateTime(l, e.At), who, lang.T(l, "done."+string(e.Action))),
			e.Hash[:min(shown, len(e.Hash))],
		})
	}
	return notice.Section{Paragraphs: []string{lang.T(l, "archive.log.proof")}, Table: &t}
}

// packWords adds them, each as PDF/A.
func (x packed) packWords(w *dossier.Writer) (err error) {
	for name, n := range x.inWords {
		var pdf bytes.Buffer
		if err := letter.Encode(&pdf, paper.Of(n)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := w.Add(name, n.Title, &pdf); err != nil {
			return err
		}
	}
	return nil
}
