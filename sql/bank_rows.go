package sql

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

// rowsAtOnce is how many rows of a bank's file are stored in one round trip.
const rowsAtOnce = 1000

// AddBankLines keeps lines with what they led to.
func (tx *Tx) AddBankLines(ctx context.Context, lines []BankLine) error {
	for some := range slices.Chunk(lines, rowsAtOnce) {
		rows := make([]params, len(some))
		for i, l := range some {
			if len(l.Candidates) == 0 {
				l.Candidates = json.RawMessage("[]")
			}
			rows[i] = params{"file": l.File, "n": l.N, "key": l.Key, "line": l.Line, "outcome": l.Outcome, "problem": l.Problem, "waits": l.Waits,
				"claim": nullID(l.Claim), "candidates": l.Candidates}
		}
		if _, err := tx.execRows(ctx, tx.s.q.InsertBankLines, rows); err != nil {
			return fmt.Errorf("bank lines from %d: %w", some[0].N, err)
		}
	}
	return nil
}

// AddBankHits keeps what lines did to payments, in their order: a hit that lets returns
// take effect finds those before it. A line's later word about a payment replaces its first.
func (tx *Tx) AddBankHits(ctx context.Context, hits []BankHit) error {
	type about struct {
		file, payment int64
		n             int
	}
	var open []BankHit
	at := map[about]int{} // in open
	for _, h := range hits {
		key := about{h.File, h.Payment, h.N}
		if i, ok := at[key]; ok {
			open[i] = h
		} else {
			at[key] = len(open)
			open = append(open, h)
		}
		if !h.ReleasesItsReturns && len(open) < rowsAtOnce {
			continue
		}
		if err := tx.insertHits(ctx, open); err != nil {
			return err
		}
		open, at = nil, map[about]int{}
		if h.ReleasesItsReturns {
			if err := tx.releaseReturns(ctx, h.Payment); err != nil {
				return err
			}
		}
	}
	return tx.insertHits(ctx, open)
}

func (tx *Tx) insertHits(ctx context.Context, hits []BankHit) error {
	at, err := tx.Now()
	if err != nil {
		return err
	}
	rows := make([]params, len(hits))
	for i, h := range hits {
		rows[i] = params{"file": h.File, "n": h.N, "payment": h.Payment, "outcome": h.Outcome, "problem": h.Problem,
			"direction": h.Direction, "day": nullText(h.Day), "by": nullID(h.Person), "at": at}
	}
	if _, err := tx.execRows(ctx, tx.s.q.InsertBankHits, rows); err != nil {
		return fmt.Errorf("what the bank's lines did: %w", err)
	}
	return nil
}

// releaseReturns lets returns that waited for a debit take effect.
func (tx *Tx) releaseReturns(ctx context.Context, payment int64) error {
	for _, q := range []string{tx.s.q.ReleaseReturns, tx.s.q.SettleReleasedLines} {
		if _, err := exec(ctx, tx, q, params{"payment": payment}); err != nil {
			return fmt.Errorf("returns of payment %d: %w", payment, err)
		}
	}
	return nil
}
