package sql

import (
	"context"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"fund/workflow"
)

// FileBody is a file of a batch as the export job made it, read from its beginning.
type FileBody struct {
	Name string
	Type string
	Body io.ReadSeeker
}

// ExportLine is a line of a batch, and who is paid as lists say it.
type ExportLine struct {
	workflow.BatchLine
	School, UnitCode, OrgNo string
}

// LineRange are some of a batch's lines: those of the channels named (of none: all), and
// of these Count after the first Skip. Count 0: all the others.
type LineRange struct {
	Channels    []string
	Skip, Count int
}

func (r LineRange) params(batch int64) params {
	p := params{"batch": batch, "channels": strings.Join(r.Channels, ","), "skip": r.Skip, "count": nil}
	if r.Count > 0 {
		p["count"] = r.Count
	}
	return p
}

// BankGroup is a PmtInf of a message to the bank. Message is empty for the one that has
// the batch's own number.
type BankGroup struct {
	PmtInf, Message string
	Lines           LineRange
}

// exportWait is how long an export waits for its job; after that the caller asks again.
const exportWait = 30 * time.Second

// askExport notes who wants the files, and lets the job make them.
func (tx *Tx) askExport(ctx context.Context, by workflow.Actor, id, seen int64, at time.Time, bad error) error {
	b, err := tx.BatchHead(ctx, id)
	if err != nil {
		return err
	}
	sum, err := tx.SumLines(ctx, b)
	if err != nil {
		return err
	}
	_, err = workflow.DecideExport(b, sum, by, seen, at)
	if err := orBody(err, bad); err != nil {
		return err
	}
	b.ExportBy = by.ID
	if err := tx.saveBatch(ctx, b, b.Version); err != nil {
		return err
	}
	return tx.AddJob(ctx, Job{Batch: id, Kind: workflow.JobExportBatch, Data: map[string]any{"batch": id}})
}

func (s *Store) waitExport(ctx context.Context, by workflow.Actor, id int64) error {
	until := s.wall().Add(exportWait)
	for {
		row, err := s.batchSeen(ctx, by, id)
		if err != nil {
			return err
		}
		if workflow.BatchState(row.State) != workflow.BatchAttested2 {
			return nil
		}
		if s.wall().After(until) {
			return workflow.ErrBusy
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// SumLines adds up the lines of a batch without holding them.
func (tx *Tx) SumLines(ctx context.Context, b workflow.Batch) (*workflow.LineSum, error) {
	sum := workflow.NewLineSum(b)
	for l, err := range tx.s.lines(ctx, tx, 0, b.ID, 0, 0) {
		if err != nil {
			return nil, err
		}
		if err := sum.Add(l); err != nil {
			return nil, fmt.Errorf("batch %d: %w", b.ID, err)
		}
	}
	return sum, nil
}

// ExportLines streams some lines in their order. No other statement may run before it is
// at its end.
func (tx *Tx) ExportLines(ctx context.Context, batch int64, some LineRange) iter.Seq2[ExportLine, error] {
	type row struct {
		Line      []byte `db:"line"`
		Reference string `db:"reference"`
		UETR      string `db:"uetr"`
		School    string `db:"school"`
		UnitCode  string `db:"unit_code"`
		OrgNo     string `db:"org_no"`
	}
	return func(yield func(ExportLine, error) bool) {
		for r, err := range stream[row](ctx, tx, tx.s.q.ExportLines, some.params(batch)) {
			l := ExportLine{School: r.School, UnitCode: r.UnitCode, OrgNo: r.OrgNo}
			if err == nil {
				l.BatchLine, err = lineRow{Line: r.Line, Reference: r.Reference, UETR: r.UETR, Ended: true, Conflicted: []byte("null")}.line()
			}
			if !yield(l, err) || err != nil {
				return
			}
		}
	}
}

// FinishExport stores the files and moves the batch and its payments to
// exported, all in the job's transaction.
//
// groups are all PmtInf of the bank's files.
func (tx *Tx) FinishExport(ctx context.Context, id int64, files []FileBody, groups []BankGroup) error {
	b, err := tx.BatchHead(ctx, id)
	if err != nil {
		return err
	}
	sum, err := tx.SumLines(ctx, b)
	if err != nil {
		return err
	}
	row, err := one[personRow](ctx, tx, tx.s.q.PersonByID, params{"id": b.ExportBy})
	if err != nil {
		return found(err, "person", b.ExportBy)
	}
	p, err := row.person()
	if err != nil {
		return err
	}
	at, err := tx.Now()
	if err != nil {
		return err
	}
	by, err := tx.authorise(ctx, workflow.Act(p), at)
	if err != nil {
		return err
	}
	after, err := workflow.DecideExport(b, sum, by, workflow.AnyVersion, at)
	if err != nil {
		return err
	}
	for _, f := range files {
		if _, err := tx.AddDocumentFrom(ctx, DocumentRow{Batch: id, Kind: "payout_file", Name: f.Name, Title: f.Name, Type: f.Type}, f.Body); err != nil {
			return err
		}
	}
	for _, g := range groups {
		p := g.Lines.params(id)
		p["pmtinf"], p["message"] = g.PmtInf, nullText(g.Message)
		if _, err := exec(ctx, tx, tx.s.q.SetPmtinf, p); err != nil {
			return fmt.Errorf("group %s: %w", g.PmtInf, err)
		}
	}
	if err := tx.movePayments(ctx, by, tx.exporting(ctx, id)); err != nil {
		return err
	}
	return tx.saveBatch(ctx, after, b.Version)
}

// exporting gives the steps of the batch's payments. Some lines are read at a time, as
// the steps write in between.
func (tx *Tx) exporting(ctx context.Context, batch int64) iter.Seq2[workflow.Move, error] {
	type row struct {
		Place       int    `db:"place"`
		Application int64  `db:"application"`
		N           int    `db:"n"`
		Status      string `db:"status"`
	}
	const atOnce = 1000
	return func(yield func(workflow.Move, error) bool) {
		for after := 0; ; {
			rows, err := many[row](ctx, tx, tx.s.q.BatchLinesAfter, params{"batch": batch, "after": after, "limit": atOnce})
			if err != nil {
				yield(workflow.Move{}, fmt.Errorf("lines of batch %d: %w", batch, err))
				return
			}
			for _, r := range rows {
				m, ok := workflow.Exporting(batch, workflow.BatchLine{Application: r.Application, N: r.N, Status: r.Status})
				if ok && !yield(m, nil) {
					return
				}
				after = r.Place
			}
			if len(rows) < atOnce {
				return
			}
		}
	}
}
