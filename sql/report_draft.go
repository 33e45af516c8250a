package sql

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"fund/workflow"
)

// ReportDraft is what is written of a report that is not filed: the controls of
// its form by name, as texts. Version 0 means that nothing was saved yet.
type ReportDraft struct {
	Fields  workflow.Values
	Version int64
	Writer  string // by name, who saved last
	At      time.Time
}

type reportDraftRow struct {
	Fields  []byte    `db:"fields"`
	Version int64     `db:"version"`
	Writer  string    `db:"writer"`
	At      time.Time `db:"at"`
}

func (row reportDraftRow) draft() (d ReportDraft, err error) {
	d = ReportDraft{Version: row.Version, Writer: row.Writer, At: row.At}
	if err := json.Unmarshal(row.Fields, &d.Fields); err != nil {
		return d, fmt.Errorf("report draft: %w", err)
	}
	return d, nil
}

// ReportDraft reads it; one that was never begun is empty.
func (s *Store) ReportDraft(ctx context.Context, app int64) (ReportDraft, error) {
	row, err := one[reportDraftRow](ctx, s.db, s.q.ReportDraft, params{"application": app})
	if none(err) {
		return ReportDraft{Fields: workflow.Values{}}, nil
	}
	if err != nil {
		return ReportDraft{}, fmt.Errorf("report draft: %w", err)
	}
	return row.draft()
}

// EditReportDraft lets merge say what shall stand in the draft, from what
// stands there; nobody else saves in between. nil leaves it as it is. Who may
// write the report is the caller's to know.
func (s *Store) EditReportDraft(ctx context.Context, app int64, by workflow.Actor, merge func(ReportDraft) workflow.Values) error {
	return s.InTx(ctx, func(tx *Tx) error {
		at, err := tx.Now()
		if err != nil {
			return err
		}
		if _, err := exec(ctx, tx, s.q.BeginReportDraft, params{"application": app, "at": at}); err != nil {
			return fmt.Errorf("report draft: %w", err)
		}
		row, err := one[reportDraftRow](ctx, tx, s.q.LockReportDraft, params{"application": app})
		if err != nil {
			return fmt.Errorf("report draft: %w", err)
		}
		d, err := row.draft()
		if err != nil {
			return err
		}
		fields := merge(d)
		if fields == nil {
			return nil
		}
		raw, err := json.Marshal(fields)
		if err != nil {
			return fmt.Errorf("report draft: %w", err)
		}
		if _, err := exec(ctx, tx, s.q.WriteReportDraft, params{"application": app, "fields": string(raw), "writer": nullID(by.ID), "at": at}); err != nil {
			return fmt.Errorf("report draft: %w", err)
		}
		return nil
	})
}

// DropReportDraft forgets it, when the report is filed.
func (s *Store) DropReportDraft(ctx context.Context, app int64) error {
	if _, err := exec(ctx, s.db, s.q.DropReportDraft, params{"application": app}); err != nil {
		return fmt.Errorf("report draft: %w", err)
	}
	return nil
}
