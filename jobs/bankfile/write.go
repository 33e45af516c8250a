package bankfile

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"fund/jobs/bank"
	"fund/sql"
	"fund/workflow"
)

// dispute marks a payment whose id came with another amount.
func (j *judge) dispute(l bank.Line, m bank.Match) error {
	out := row(l, m)
	out.Waits = true
	j.lines = append(j.lines, out)
	to := j.standing[m.Payment.Payment]
	to.Open = true
	j.say(l, m.Payment, to, bank.Ruling{Outcome: bank.Conflict, Problem: m.Problem, Task: true})
	return nil
}

// say notes what a line did to a payment: the hit, and the step if there is one.
func (j *judge) say(l bank.Line, c bank.Candidate, to bank.Standing, r bank.Ruling) {
	now := j.standing[c.Payment]
	h := sql.BankHit{N: l.N, Payment: c.Payment, Outcome: string(r.Outcome), Problem: string(r.Problem), Day: l.BookingDay, ReleasesItsReturns: r.Released}
	if l.Booked && (r.Outcome == bank.Applied || r.Outcome == bank.Confirmed || r.Outcome == bank.NoChange) {
		h.Direction = string(l.Direction)
		if r.Outcome == bank.Applied && slices.Contains(j.booked[c.Payment], l.Direction) {
			h.Outcome = string(bank.Confirmed)
		}
	}
	j.hits = append(j.hits, h)
	on := j.day(l, c, now, to, r)
	changed := to != now || to.Status == bank.Paid && !on.IsZero() && on != j.paidOn[c.Payment]
	if l.Booked && h.Direction != "" {
		j.booked[c.Payment] = append(j.booked[c.Payment], l.Direction)
	}
	if r.Released {
		j.booked[c.Payment] = append(j.booked[c.Payment], bank.Credit)
	}
	if l.Booked && l.Direction == bank.Debit && h.Direction != "" {
		j.debits[c.Payment] = append(j.debits[c.Payment], debit{day: l.BookingDay, here: true, number: l.BankRef})
	}
	j.standing[c.Payment] = to
	if !changed {
		return
	}
	if to.Status == bank.Paid && !on.IsZero() {
		j.paidOn[c.Payment] = on
	}
	p := j.payment(c)
	j.touched[p.Batch] = true
	j.effects = append(j.effects, effect{p.Application, &workflow.BankAnswer{Payment: c.Payment, From: string(now.Status), To: string(to.Status), On: on,
		Reason: l.Reason, Disputed: to.Open, ReturnWaits: to.ReturnWaits, Line: l.N}})
}

// day is when a payment was paid by what this line says: the first booked day,
// and before any booking is known the day it was ordered for. Zero: nothing new.
func (j *judge) day(l bank.Line, c bank.Candidate, now, to bank.Standing, r bank.Ruling) workflow.Date {
	if to.Status != bank.Paid || now.Status == bank.Paid && j.byHand[c.Payment] {
		return workflow.Date{}
	}
	if l.Booked && l.Direction == bank.Debit {
		day, err := workflow.ParseDate(l.BookingDay)
		if err != nil {
			day = j.today
		}
		if slices.Contains(j.booked[c.Payment], bank.Debit) && !day.Before(j.paidOn[c.Payment]) {
			return workflow.Date{}
		}
		return day
	}
	if r.Outcome != bank.Applied {
		return workflow.Date{}
	}
	day, err := workflow.ParseDate(j.payment(c).Execution)
	if err != nil || day.After(j.today) {
		return j.today
	}
	return day
}

// payment is the payment of a candidate, in the batch whose ids it has.
func (j *judge) payment(c bank.Candidate) sql.BankPayment {
	for _, i := range j.index[bank.ByEndToEnd][c.EndToEndID] {
		if j.payments[i].Payment == c.Payment {
			return j.payments[i]
		}
	}
	return sql.BankPayment{Payment: c.Payment}
}

// write takes the steps in order of application, as all writers lock them, and
// keeps lines and hits. The program takes the steps: who brought the file
// stands in each event.
func (j *judge) write(ctx context.Context, file int64, uploader string) error {
	slices.SortStableFunc(j.effects, func(a, b effect) int { return cmp.Compare(a.application, b.application) })
	if err := j.tx.ApplyAll(ctx, workflow.Machine(), func(yield func(sql.Step, error) bool) {
		for _, e := range j.effects {
			switch c := e.command.(type) {
			case *workflow.BankAnswer:
				c.File, c.Uploader = file, uploader
			case *workflow.BankRepayment:
				c.File, c.Uploader, c.Reference = file, uploader, orElse(c.Reference, fmt.Sprintf("%d/%d", file, c.Line))
			}
			if !yield(sql.Step{Application: e.application, Command: e.command}, nil) {
				return
			}
		}
	}); err != nil {
		return fmt.Errorf("what the bank says: %w", err)
	}
	for i := range j.lines {
		j.lines[i].File = file
	}
	for i := range j.hits {
		j.hits[i].File = file
	}
	if err := j.tx.AddBankLines(ctx, j.lines); err != nil {
		return err
	}
	if err := j.tx.AddBankHits(ctx, j.hits); err != nil {
		return err
	}
	batches := make([]int64, 0, len(j.touched))
	for id := range j.touched {
		batches = append(batches, id)
	}
	slices.Sort(batches)
	return j.tx.MovedByBank(ctx, batches)
}
