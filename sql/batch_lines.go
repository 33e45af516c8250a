package sql

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"fund/workflow"
)

// lineRow is a line as it was attested, and how its payment stands now.
type lineRow struct {
	Line       []byte     `db:"line"`
	Status     string     `db:"status"`
	PaidOn     *time.Time `db:"paid_on"`
	Voucher    string     `db:"voucher"`
	Reference  string     `db:"reference"`
	Ended      bool       `db:"ended"`
	UETR       string     `db:"uetr"`
	Conflicted []byte     `db:"conflicted"`
	Disputed   bool       `db:"disputed"`
}

func (r lineRow) line() (l workflow.BatchLine, err error) {
	if err := json.Unmarshal(r.Line, &l); err != nil {
		return l, fmt.Errorf("batch line: %w", err)
	}
	l.Reference, l.UETR = r.Reference, r.UETR
	if !r.Ended {
		l.Status, l.Voucher, l.Disputed = r.Status, r.Voucher, r.Disputed
		if r.PaidOn != nil {
			l.PaidOn = workflow.NewDate(r.PaidOn.Year(), r.PaidOn.Month(), r.PaidOn.Day())
		}
	}
	if err := json.Unmarshal(r.Conflicted, &l.Conflicted); err != nil {
		return l, fmt.Errorf("line %s: %w", l.Reference, err)
	}
	return l, nil
}

// lines streams a batch's lines in their order: one is held at a time.
func (s *Store) lines(ctx context.Context, q querier, batch int64) iter.Seq2[workflow.BatchLine, error] {
	return func(yield func(workflow.BatchLine, error) bool) {
		for row, err := range stream[lineRow](ctx, q, s.q.BatchLines, params{"batch": batch}) {
			var l workflow.BatchLine
			if err == nil {
				l, err = row.line()
			}
			if err != nil {
				err = fmt.Errorf("lines of batch %d: %w", batch, err)
			}
			if !yield(l, err) || err != nil {
				return
			}
		}
	}
}
