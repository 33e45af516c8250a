package jobs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"fund/jobs/mail"
	"fund/sql"
	"fund/workflow/lang"
)

// sendLimit bounds the talk with the mail server, which happens inside the transaction.
const sendLimit = 30 * time.Second

// sendMail hands a stored mail to the mail server. A crash after the server
// said yes sends it once more, with the same Message-ID.
func (r *Runner) sendMail(ctx context.Context, tx *sql.Tx, job sql.Job) error {
	id := number(job.Data["mail"])
	row, err := tx.MailToSend(ctx, id)
	if err != nil {
		return err
	}
	if row.SentAt != nil {
		return nil
	}
	m := r.stored(row)
	server := r.options.SMTP
	server.Timeout = sendLimit
	if err := mail.Send(ctx, server, m); err != nil {
		// Neither the log nor the row of the job shows who it was for.
		hidden := errors.New(strings.ReplaceAll(err.Error(), row.To, "the addressee"))
		if mail.Permanent(err) {
			if row.Application != 0 { // somebody at the office finds another way
				return tx.MarkBounced(ctx, id, hidden.Error())
			}
			return fmt.Errorf("%w: %w", sql.ErrGiveUp, hidden)
		}
		return fmt.Errorf("%w: %w", sql.ErrOutside, hidden)
	}
	return tx.MarkSent(ctx, id)
}

// stored makes the message again from what is kept: heading, text, button with
// its address, what stands after it, and the footer, as mail.Plain wrote them.
func (r *Runner) stored(row sql.MailRow) mail.Message {
	m := mail.Message{ID: fmt.Sprintf("mail-%d", row.ID), From: r.options.From, To: row.To, ReplyTo: r.options.ReplyTo, Subject: row.Subject,
		Lang: lang.Parse(row.Lang), Date: row.CreatedAt}
	body, foot, ok := strings.Cut(row.Body, "\n\n-- \n")
	if ok {
		m.Footer = strings.TrimSpace(foot)
	}
	parts := strings.Split(strings.TrimSpace(body), "\n\n")
	if len(parts) > 1 {
		m.Heading, parts = parts[0], parts[1:]
	}
	for i, part := range parts {
		label, url, two := strings.Cut(part, ":\n")
		if two && r.options.BaseURL != "" && strings.HasPrefix(url, r.options.BaseURL+"/") && !strings.Contains(url, "\n") {
			m.Button = &mail.Button{Label: label, URL: url}
			m.Text, m.After = strings.Join(parts[:i], "\n\n"), strings.Join(parts[i+1:], "\n\n")
			return m
		}
	}
	m.Text = strings.Join(parts, "\n\n")
	return m
}
