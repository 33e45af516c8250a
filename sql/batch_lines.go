package sql

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"github.com/lib/pq"

	"fund/workflow"
	"fund/workflow/money"
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

// lines streams a batch's lines in their order: one is held at a time. It begins behind
// a place; limit 0: to the end. Each is as the reader may read it; reader 0 is the program.
func (s *Store) lines(ctx context.Context, q querier, reader, batch int64, after, limit int) iter.Seq2[workflow.BatchLine, error] {
	p := params{"batch": batch, "after": after, "limit": nil}
	if limit > 0 {
		p["limit"] = limit
	}
	return func(yield func(workflow.BatchLine, error) bool) {
		for row, err := range stream[lineRow](ctx, q, s.q.BatchLines, p) {
			var l workflow.BatchLine
			if err == nil {
				l, err = row.line()
			}
			if err != nil {
				err = fmt.Errorf("lines of batch %d: %w", batch, err)
			}
			if !yield(l.For(reader), err) || err != nil {
				return
			}
		}
	}
}

// BatchPart reads a batch with some of its lines: so many after a place.
func (s *Store) BatchPart(ctx context.Context, by workflow.Actor, id int64, after, limit int) (workflow.Batch, error) {
	row, err := s.batchSeen(ctx, by, id)
	if err != nil {
		return workflow.Batch{}, err
	}
	return s.batch(ctx, s.db, by.ID, row, after, limit)
}

// BatchGists says what the lines of some batches come to, without giving a line.
func (s *Store) BatchGists(ctx context.Context, ids ...int64) (map[int64]workflow.BatchGist, error) {
	out := map[int64]workflow.BatchGist{}
	for _, id := range ids {
		out[id] = workflow.NewBatchGist()
	}
	batches := params{"batches": pq.Array(ids)}
	sums, err := many[struct {
		Batch    int64  `db:"batch"`
		Channel  string `db:"channel"`
		Payments int    `db:"payments"`
		Ore      int64  `db:"ore"`
		Open     int    `db:"open"`
	}](ctx, s.db, s.q.BatchChannels, batches)
	if err != nil {
		return nil, fmt.Errorf("channels of batches: %w", err)
	}
	for _, r := range sums {
		g := out[r.Batch]
		g.Channels = append(g.Channels, workflow.ChannelSum{Channel: r.Channel, Payments: r.Payments, Sum: money.SEK(r.Ore), Open: r.Open})
		out[r.Batch] = g
	}
	barred, err := many[struct {
		Batch int64  `db:"batch"`
		Why   string `db:"why"`
		ID    int64  `db:"id"`
		Lines int    `db:"lines"`
	}](ctx, s.db, s.q.BatchBarred, batches)
	if err != nil {
		return nil, fmt.Errorf("who may not attest: %w", err)
	}
	for _, r := range barred {
		g := out[r.Batch]
		if r.Why == "conflict" {
			g.Conflicted[r.ID] = r.Lines
			continue
		}
		map[string]map[int64]bool{"decider": g.Deciders, "school": g.Schools}[r.Why][r.ID] = true
	}
	return out, nil
}

// StandingLine is a payment of a batch that a person may do something with.
type StandingLine struct {
	PaymentID int64     `db:"id"`
	Reference string    `db:"reference"`
	Payee     string    `db:"payee"`
	Channel   string    `db:"channel"`
	Amount    money.SEK `db:"ore"`
	All       int       `db:"all"` // so many stand like this one
}

// LinesStanding lists a batch's payments in these states that are in no doubt, those of
// the books first, which no bank tells of. limit 0: all.
func (s *Store) LinesStanding(ctx context.Context, by workflow.Actor, batch int64, limit int, states ...string) ([]StandingLine, error) {
	p := params{"batch": batch, "reader": by.ID, "statuses": pq.Array(states), "limit": nil}
	if limit > 0 {
		p["limit"] = limit
	}
	rows, err := many[StandingLine](ctx, s.db, s.q.BatchLinesStanding, p)
	if err != nil {
		return nil, fmt.Errorf("lines of batch %d: %w", batch, err)
	}
	return rows, nil
}

// Twins are payments of one amount to one account: how many, and some of their numbers.
type Twins struct {
	Count int            `db:"count"`
	Names pq.StringArray `db:"names"`
}

// BatchTwins lists a batch's first twins, with the first numbers of each.
func (s *Store) BatchTwins(ctx context.Context, by workflow.Actor, batch int64, limit, names int) ([]Twins, error) {
	rows, err := many[Twins](ctx, s.db, s.q.BatchTwins, params{"batch": batch, "reader": by.ID, "limit": limit, "names": names})
	if err != nil {
		return nil, fmt.Errorf("twins of batch %d: %w", batch, err)
	}
	return rows, nil
}
