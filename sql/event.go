package sql

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"fund/workflow"
)

// EventRow is one line of a case's history.
type EventRow struct {
	ID          int64           `db:"id"`
	Application int64           `db:"application"`
	Version     int64           `db:"version"`
	At          time.Time       `db:"at"`
	By          string          `db:"by_email"`
	ByName      string          `db:"by_name"`
	Action      workflow.Action `db:"action"`
	From        workflow.State  `db:"from_state"`
	To          workflow.State  `db:"to_state"`
	Data        json.RawMessage `db:"data"`
	Hash        string          `db:"hash"`
}

// Events gives the history of a case, oldest first.
func (s *Store) Events(ctx context.Context, by workflow.Actor, id int64) ([]EventRow, error) {
	c, err := s.Case(ctx, by, id)
	if err != nil {
		return nil, err
	}
	rows, err := many[EventRow](ctx, s.db, s.q.Events, params{"application": id})
	if err != nil {
		return nil, fmt.Errorf("events of %d: %w", id, err)
	}
	if workflow.Outside(c, by) {
		rows = withoutDisclosures(withoutTakenBack(rows))
	}
	if rows, err = s.veilEvents(ctx, by, id, rows); err != nil {
		return nil, err
	}
	if workflow.MoneyOnly(c, by) { // the rest of the case is not the economist's
		return slices.DeleteFunc(rows, func(e EventRow) bool { return e.By != by.Email }), nil
	}
	if workflow.Blind(c, by.Person) { // what others did, and with which words, names them
		rows = slices.DeleteFunc(rows, func(e EventRow) bool { return e.By != by.Email && e.By != "" })
		for i := range rows {
			if rows[i].By == "" {
				rows[i].Data = nil
			}
		}
	}
	return rows, nil
}

// veilEvents leaves out what those who apply may not know before the letter is released.
func (s *Store) veilEvents(ctx context.Context, by workflow.Actor, id int64, rows []EventRow) ([]EventRow, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	whole, err := s.readCase(ctx, s.db, id, now)
	if err != nil || !workflow.Veils(whole, by) {
		return rows, err
	}
	rows = slices.DeleteFunc(rows, func(e EventRow) bool { return whole.VeiledAction(e.Action, e.At) })
	for i := range rows {
		if d := whole.App.Decision; d != nil && !rows[i].At.Before(d.DecidedAt) {
			rows[i].From, rows[i].To = workflow.Proposed, workflow.Proposed
		}
	}
	return rows, nil
}

// Events is Store.Events inside a transaction, whoever asks.
func (tx *Tx) Events(ctx context.Context, id int64) ([]EventRow, error) {
	rows, err := many[EventRow](ctx, tx, tx.s.q.Events, params{"application": id})
	if err != nil {
		return nil, fmt.Errorf("events of %d: %w", id, err)
	}
	return rows, nil
}

// VersionRow is what was filed, unchangeable.
type VersionRow struct {
	N          int             `db:"n"`
	ReceivedAt time.Time       `db:"received_at"`
	SHA256     string          `db:"sha256"`
	Form       json.RawMessage `db:"form"`
}

// Versions gives every filed version of a case, without the names of people with protected identity.
func (s *Store) Versions(ctx context.Context, by workflow.Actor, id int64) ([]VersionRow, error) {
	return s.versions(ctx, by, id, true)
}

// VersionsWhole gives them as they were filed, which is what their hashes are made of: for the archive.
func (s *Store) VersionsWhole(ctx context.Context, by workflow.Actor, id int64) ([]VersionRow, error) {
	return s.versions(ctx, by, id, false)
}

func (s *Store) versions(ctx context.Context, by workflow.Actor, id int64, shield bool) ([]VersionRow, error) {
	c, err := s.Case(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if workflow.MoneyOnly(c, by) { // what was filed is more than its money
		return nil, nil
	}
	rows, err := many[VersionRow](ctx, s.db, s.q.Versions, params{"application": id, "shield": shield})
	if err != nil {
		return nil, fmt.Errorf("versions of %d: %w", id, err)
	}
	if workflow.Blind(c, by.Person) {
		if err := s.maskVersions(ctx, id, rows); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// maskVersions takes the names out of filed versions; their sums would tell what was taken out, so they go too.
func (s *Store) maskVersions(ctx context.Context, id int64, rows []VersionRow) error {
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	c, err := s.readCase(ctx, s.db, id, now)
	if err != nil {
		return err
	}
	for i := range rows {
		f, _ := workflow.DecodeForm(rows[i].Form) // it was filed, so it is a form
		if rows[i].Form, err = encode(workflow.MaskedForm(c, f)); err != nil {
			return err
		}
		rows[i].SHA256 = ""
	}
	return nil
}

// Version gives one filed version, counted from 1.
func (s *Store) Version(ctx context.Context, by workflow.Actor, id int64, n int) (VersionRow, error) {
	rows, err := s.Versions(ctx, by, id)
	if err != nil {
		return VersionRow{}, err
	}
	if n < 1 || n > len(rows) {
		return VersionRow{}, workflow.ErrNotFound
	}
	return rows[n-1], nil
}

// Versions is Store.Versions inside a transaction, whoever asks.
func (tx *Tx) Versions(ctx context.Context, id int64) ([]VersionRow, error) {
	rows, err := many[VersionRow](ctx, tx, tx.s.q.Versions, params{"application": id, "shield": false})
	if err != nil {
		return nil, fmt.Errorf("versions of %d: %w", id, err)
	}
	return rows, nil
}

// AuditFault is a place where the chain does not hold.
type AuditFault struct {
	Application int64  `json:"application"`
	Version     int64  `json:"version"`
	Problem     string `json:"problem"`
}

// Audit is the proof of the event log.
type Audit struct {
	OK      bool         `json:"ok"`
	Events  int64        `json:"events"`
	Cases   int64        `json:"cases"`
	Anchors int64        `json:"anchors" doc:"Days whose anchor was proved."`
	Broken  []AuditFault `json:"broken"`
}

// VerifyAudit reads every event and checks that each follows from the one
// before it in its case, that no version is missing, and that its data are
// those that were hashed. It reads in portions and holds no lock.
func (s *Store) VerifyAudit(ctx context.Context) (Audit, error) {
	const portion = 2000
	out := Audit{Broken: []AuditFault{}}
	var app, version int64
	prev := ""
	for {
		rows, err := many[ChainEvent](ctx, s.db, s.q.AllEvents, params{"after_app": app, "after_version": version, "limit": portion})
		if err != nil {
			return out, fmt.Errorf("events: %w", err)
		}
		for _, r := range rows {
			if r.Application != app {
				app, version, prev = r.Application, 0, ""
				out.Cases++
			}
			out.Events++
			for _, problem := range r.faults(version, prev) {
				out.Broken = append(out.Broken, AuditFault{r.Application, r.Version, problem})
			}
			version, prev = r.Version, r.Hash
		}
		if len(rows) < portion {
			break
		}
	}
	if err := s.verifyAnchors(ctx, &out); err != nil {
		return out, err
	}
	out.OK = len(out.Broken) == 0
	return out, nil
}
