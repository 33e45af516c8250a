package sql

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"

	"fund/workflow"
)

// MailRow is a mail as it was, or will be, sent to one addressee.
type MailRow struct {
	ID          int64      `db:"id"`
	Application int64      `db:"application"`
	To          string     `db:"recipient"`
	Kind        string     `db:"kind"`
	OffsetDays  *int       `db:"offset_days"`
	Lang        string     `db:"lang"`
	Subject     string     `db:"subject"`
	Body        string     `db:"body"`
	CreatedAt   time.Time  `db:"created_at"`
	SentAt      *time.Time `db:"sent_at"`
	BouncedAt   *time.Time `db:"bounced_at"`  // it came back
	Bounce      string     `db:"bounce"`      // why
	BounceDone  string     `db:"bounce_done"` // what somebody did about it; empty while it is a task
	Job         int64      `db:"-"`           // the job that wrote it; a second run writes nothing
}

// AddMail keeps a mail. In a rehearsal it is thereby sent: the mailbox is this
// table. Otherwise a job carries it to the mail server.
func (tx *Tx) AddMail(ctx context.Context, m MailRow) (id int64, added bool, err error) {
	at, err := tx.Now()
	if err != nil {
		return 0, false, err
	}
	row := params{"application": nullID(m.Application), "job": nullID(m.Job), "recipient": m.To, "kind": m.Kind, "offset_days": m.OffsetDays,
		"lang": m.Lang, "subject": m.Subject, "body": m.Body, "at": at, "sent_at": nil}
	if tx.s.rehearsal {
		row["sent_at"] = at
	}
	id, err = one[int64](ctx, tx, tx.s.q.InsertMail, row)
	if none(err) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("mail %s: %w", m.Kind, err)
	}
	if !tx.s.rehearsal {
		err = tx.AddJob(ctx, Job{Application: m.Application, Kind: workflow.JobSendMail, Data: map[string]any{"mail": id}})
	}
	return id, true, err
}

// Mails lists the mails of a case that the caller may see.
func (s *Store) Mails(ctx context.Context, by workflow.Actor, app int64) ([]MailRow, error) {
	c, err := s.Case(ctx, by, app)
	if err != nil {
		return nil, err
	}
	rows, err := many[MailRow](ctx, s.db, s.q.Mails, params{"application": app})
	if err != nil {
		return nil, fmt.Errorf("mails of %d: %w", app, err)
	}
	if workflow.Blind(c, by.Person) || workflow.MoneyOnly(c, by) { // others' mails are addressed and say who asks what
		rows = slices.DeleteFunc(rows, func(m MailRow) bool { return m.To != by.Email })
	}
	return rows, nil
}

// RehearsalMail lists the rehearsal's mailbox in order of id.
func (s *Store) RehearsalMail(ctx context.Context, to string, app int64, limit int, after int64) (rows []MailRow, next int64, err error) {
	if limit <= 0 || limit > 500 {
		limit = 100
	}
	rows, err = many[MailRow](ctx, s.db, s.q.RehearsalMails, params{"to": to, "application": app, "after": after, "limit": limit + 1})
	if err != nil {
		return nil, 0, fmt.Errorf("rehearsal mail: %w", err)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	return rows, next, nil
}

// NewestMail lists the rehearsal's mailbox from the newest, to addresses that
// begin so. Before is the id that the page before ended with; 0: from the top.
func (s *Store) NewestMail(ctx context.Context, to string, app int64, limit int, before int64) (rows []MailRow, next int64, err error) {
	rows, err = many[MailRow](ctx, s.db, s.q.NewestMails, params{"to": to, "application": app, "before": before, "limit": limit + 1})
	if err != nil {
		return nil, 0, fmt.Errorf("newest mail: %w", err)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	return rows, next, nil
}

// MailToSend reads a mail for sending it.
func (tx *Tx) MailToSend(ctx context.Context, id int64) (MailRow, error) {
	row, err := one[MailRow](ctx, tx, tx.s.q.MailRow, params{"id": id})
	return row, found(err, "mail", id)
}

// MarkSent notes that the mail server took it.
func (tx *Tx) MarkSent(ctx context.Context, id int64) error {
	at, err := tx.Now()
	if err != nil {
		return err
	}
	_, err = exec(ctx, tx, tx.s.q.MailSent, params{"id": id, "at": at})
	return err
}

// Access is one reading of a file.
type Access struct {
	Document int64     `db:"document"`
	At       time.Time `db:"at"`
	Name     string    `db:"name"`
	What     string    `db:"what"`
}

// NoteAccess writes down who fetched a document.
func (s *Store) NoteAccess(ctx context.Context, person, document int64, what string) error {
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	_, err = exec(ctx, s.db, s.q.InsertAccess, params{"at": now, "person": nullID(person), "document": document, "what": what})
	return err
}

// AccessOf lists who fetched some documents, by document.
func (s *Store) AccessOf(ctx context.Context, documents []DocumentRow) (map[int64][]Access, error) {
	ids := make([]int64, len(documents))
	for i, d := range documents {
		ids[i] = d.ID
	}
	rows, err := many[Access](ctx, s.db, s.q.AccessOf, params{"documents": pq.Array(ids)})
	if err != nil {
		return nil, fmt.Errorf("who fetched documents: %w", err)
	}
	seen := map[int64][]Access{}
	for _, r := range rows {
		seen[r.Document] = append(seen[r.Document], r)
	}
	return seen, nil
}

// MarkBounced notes that a mail came back, and why: a task for the case's officers.
func (tx *Tx) MarkBounced(ctx context.Context, id int64, why string) error {
	at, err := tx.Now()
	if err != nil {
		return err
	}
	if _, err := exec(ctx, tx, tx.s.q.MailBounced, params{"id": id, "at": at, "why": why}); err != nil {
		return fmt.Errorf("mail %d: %w", id, err)
	}
	return nil
}

// Bounce notes by hand that a mail of a case came back.
func (s *Store) Bounce(ctx context.Context, by workflow.Actor, app, mail int64, why string) error {
	if err := s.ownMail(ctx, by, app, mail); err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *Tx) error { return tx.MarkBounced(ctx, mail, why) })
}

// BounceDone notes what somebody did about a mail that came back.
func (s *Store) BounceDone(ctx context.Context, by workflow.Actor, app, mail int64, done string) error {
	if err := s.ownMail(ctx, by, app, mail); err != nil {
		return err
	}
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	n, err := exec(ctx, s.db, s.q.BounceDone, params{"id": mail, "application": app, "at": now, "by": by.ID, "done": done})
	if err == nil && n == 0 {
		err = workflow.ErrNotFound
	}
	return err
}

// ownMail asks that the officer may see the case and that the mail is the case's.
func (s *Store) ownMail(ctx context.Context, by workflow.Actor, app, mail int64) error {
	if !by.Is(workflow.Officer) {
		return workflow.Forbidden{Code: "role"}
	}
	rows, err := s.Mails(ctx, by, app)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(rows, func(m MailRow) bool { return m.ID == mail }) {
		return workflow.ErrNotFound
	}
	return nil
}

// BouncedCase is a case with mails that came back.
type BouncedCase struct {
	Application int64  `db:"application"`
	Title       string `db:"title"`
	N           int    `db:"n"`
}

// BouncedMails lists the cases whose mails came back and wait for an officer.
func (s *Store) BouncedMails(ctx context.Context, by workflow.Actor) ([]BouncedCase, error) {
	text, p := within(s.q.BouncedMails, by, params{})
	rows, err := many[BouncedCase](ctx, s.db, text, p)
	if err != nil {
		return nil, fmt.Errorf("bounced mails: %w", err)
	}
	return rows, nil
}
