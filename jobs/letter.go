package jobs

import (
	"bytes"
	"context"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"fund/jobs/letter"
	"fund/jobs/paper"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// office is what letters must know besides the case; their words are those that hold now.
func (r *Runner) office(ctx context.Context, l lang.Lang) (o notice.Office, err error) {
	o = notice.Office{Lang: l, Web: r.options.BaseURL, Name: func(email string) string {
		p, err := r.store.PersonByEmail(ctx, email)
		if err != nil {
			return "" // the address will do
		}
		return p.Name
	}}
	for _, s := range []string{r.options.ReplyTo, r.options.From} {
		if a, err := mail.ParseAddress(s); err == nil && o.Email == "" {
			o.Email = a.Address
		}
	}
	o.Texts, err = r.store.OwnWords(ctx, string(l), time.Time{})
	return o, err
}

// made finds a document of the kind that is not older than what it is about.
func made(a workflow.Application, kind string, since time.Time) *workflow.Document {
	for i := range a.Documents {
		if d := &a.Documents[i]; d.Kind == kind && !d.At.Before(since) {
			return d
		}
	}
	return nil
}

// letter writes a notice as PDF and keeps it as a document of the case; about says what it corrects or answers.
func (r *Runner) letter(ctx context.Context, tx *sql.Tx, job sql.Job, n notice.Notice, about sql.DocumentRow) (int64, error) {
	if faults := n.Faults(); len(faults) > 0 {
		return 0, fmt.Errorf("letter of %s lacks words at %q: %w", n.Kind, faults, sql.ErrGiveUp)
	}
	var pdf bytes.Buffer
	if err := letter.Encode(&pdf, paper.Of(n)); err != nil {
		return 0, fmt.Errorf("letter of %s: %w", n.Kind, err)
	}
	name := fmt.Sprintf("%s-%s.pdf", lang.T(n.Lang, "document."+n.Kind), n.DNR)
	about.Application, about.Kind, about.Name, about.Title = job.Application, n.Kind, fileName(name), n.Title
	about.Type, about.Job = "application/pdf", job.ID
	return tx.AddDocument(ctx, about, pdf.Bytes())
}

// fileName keeps letters, digits, dot and hyphen, which every system takes.
func fileName(s string) string {
	s = strings.NewReplacer("å", "a", "ä", "a", "ö", "o", "Å", "A", "Ä", "A", "Ö", "O").Replace(s)
	return strings.Map(func(c rune) rune {
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c == '.', c == '-':
			return c
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		}
		return '-'
	}, s)
}
