package sql

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"fund/workflow"
	"fund/workflow/money"
)

// Payable lists the cases that have something to pay today and that the caller may see.
func (s *Store) Payable(ctx context.Context, by workflow.Actor) ([]workflow.Case, error) {
	if err := seesBatches(by); err != nil {
		return nil, err
	}
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	today := workflow.DateOf(now)
	ids, err := many[int64](ctx, s.db, s.q.PayablePayments, params{"today": today.String()})
	if err != nil {
		return nil, fmt.Errorf("payable: %w", err)
	}
	all, err := s.casesByID(ctx, s.db, ids, now)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(c workflow.Case) bool { return !workflow.Sees(c, by) || len(c.PayableNow(today)) == 0 }), nil
}

// ComposeBatch puts the payable instalments of the named cases into a new
// batch. One that cannot be paid refuses the whole.
func (s *Store) ComposeBatch(ctx context.Context, by workflow.Actor, apps []int64, payDate workflow.Date) (workflow.Batch, error) {
	if !by.Is(workflow.Finance1) && !by.Is(workflow.Finance2) {
		return workflow.Batch{}, workflow.Forbidden{Code: "role"}
	}
	var id int64
	err := s.InTx(ctx, func(tx *Tx) error {
		at, err := tx.Now()
		if err != nil {
			return err
		}
		if v := checkCompose(apps, payDate, workflow.DateOf(at)); len(v) > 0 {
			return v
		}
		settings, err := tx.FinanceSettings(ctx)
		if err != nil {
			return err
		}
		b := workflow.Batch{State: workflow.BatchDraft, PayDate: payDate, Execution: payDate, CreatedAt: at, CreatedBy: by.ID, Composer: by.Email}
		n, err := one[int64](ctx, tx, s.q.NextInSeries, params{"name": "batch", "year": workflow.DateOf(at).Year(), "count": 1})
		if err != nil {
			return fmt.Errorf("batch number: %w", err)
		}
		b.MessageID = fmt.Sprintf("IF-%s-%04d", strings.ReplaceAll(workflow.DateOf(at).String(), "-", ""), n)
		body, err := encode(b)
		if err != nil {
			return err
		}
		if id, err = one[int64](ctx, tx, s.q.InsertBatch, params{"message_id": b.MessageID, "record": body, "at": at}); err != nil {
			return fmt.Errorf("batch: %w", err)
		}
		b.ID, b.Version = id, 1
		sorted := slices.Clone(apps)
		slices.Sort(sorted)
		for some := range slices.Chunk(slices.Compact(sorted), movesAtOnce) {
			if err := tx.takeInto(ctx, &b, by, some, workflow.DateOf(at)); err != nil {
				return err
			}
		}
		if slices.ContainsFunc(b.Lines, workflow.BatchLine.Bank) {
			b.Execution = workflow.ExecutionDay(payDate, at, settings.CutoffHour)
		}
		if v := settings.Bank.Takes(b.Execution, workflow.DateOf(at), b.Lines); len(v) > 0 {
			return v
		}
		return tx.saveBatch(ctx, b, 1)
	})
	if err != nil {
		return workflow.Batch{}, err
	}
	return s.Batch(ctx, by, id)
}

func checkCompose(apps []int64, payDate, today workflow.Date) (v workflow.Violations) {
	if len(apps) == 0 {
		v = append(v, workflow.Violation{Field: "applications", Code: "required"})
	}
	if payDate.IsZero() {
		v = append(v, workflow.Violation{Field: "pay_date", Code: "required"})
	} else if payDate.Before(today) {
		v = append(v, workflow.Violation{Field: "pay_date", Code: "in_past"})
	}
	return v
}

// takeInto moves every payable instalment of some cases into the batch, in order of
// application: read, decided and stored together, as every step of many payments is.
func (tx *Tx) takeInto(ctx context.Context, b *workflow.Batch, by workflow.Actor, apps []int64, today workflow.Date) error {
	cases, err := tx.lockCases(ctx, apps)
	if err != nil {
		return err
	}
	var moves []workflow.Move
	first := len(b.Lines)
	for _, c := range cases {
		if !workflow.Sees(c, by) {
			return workflow.ErrNotFound
		}
	}
	for _, c := range cases {
		payable := c.PayableNow(today)
		if len(payable) == 0 {
			return notPayable(c, today)
		}
		for _, p := range payable {
			moves = append(moves, workflow.Move{Application: c.App.ID, Command: workflow.MovePayment{N: p.N, To: workflow.PayInBatch, Batch: b.ID}})
			b.Lines = append(b.Lines, lineOf(c, p, ""))
		}
	}
	if err := tx.movePayments(ctx, by, all(moves)); err != nil {
		return err
	}
	return tx.addLines(ctx, b, first, today)
}

// addLines gives the batch's lines from a place on their references, and stores them.
func (tx *Tx) addLines(ctx context.Context, b *workflow.Batch, first int, today workflow.Date) error {
	count := len(b.Lines) - first
	last, err := one[int64](ctx, tx, tx.s.q.NextInSeries, params{"name": "payment", "year": today.Year(), "count": count})
	if err != nil {
		return fmt.Errorf("payment number: %w", err)
	}
	rows := make([]params, count)
	for i := range rows {
		l := &b.Lines[first+i]
		l.Reference = fmt.Sprintf("IF%02d-U%06d", today.Year()%100, last-int64(count-1-i))
		line, err := encode(l)
		if err != nil {
			return err
		}
		rows[i] = params{"batch": b.ID, "payment": l.PaymentID, "application": l.Application, "reference": l.Reference, "uetr": uuid4(),
			"place": first + i + 1, "line": json.RawMessage(line)}
	}
	for _, query := range []string{tx.s.q.SetReferences, tx.s.q.InsertLines} {
		if _, err := tx.execRows(ctx, query, rows); err != nil {
			return fmt.Errorf("batch lines: %w", err)
		}
	}
	return nil
}

// notPayable says why nothing of the case can be paid.
func notPayable(c workflow.Case, today workflow.Date) error {
	args := map[string]any{"Unmet": "nothing_left", "DNR": c.App.DNR}
	for _, p := range c.App.Payments {
		if unmet := workflow.UnmetFor(c, p, today); len(unmet) > 0 {
			maps.Copy(args, unmet[0].Args) // the day that its sentence names
			args["Unmet"] = unmet[0].Code
			break
		}
	}
	return workflow.Refused{Code: "not_payable", Args: args}
}

// uuid4 makes a random UUID version 4, as the bank message wants it.
func uuid4() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// lineOf is a payment as a line of a batch.
func lineOf(c workflow.Case, p workflow.Payment, reference string) workflow.BatchLine {
	l := workflow.LineOf(c)
	l.PaymentID, l.N, l.Reference, l.Amount, l.Channel, l.Status = p.ID, p.N, reference, money.Kronor(p.Sum()), p.Channel, workflow.PayInBatch
	return l
}
