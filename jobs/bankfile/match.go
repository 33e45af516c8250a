package bankfile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"fund/jobs/bank"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/money"
)

// Said is what a person says of a line that the rules could not place: which
// payment it is about, whose claim it repays, or that it is none of ours.
type Said struct {
	Payment     int64  // 0: none
	Reference   string // or the payment by its end-to-end id
	Application int64  // an incoming credit repays this case's claim
	Dismiss     bool
	Gone        bool // with a payment: the money has left, though it was paid already or replaced
	Reason      string
}

func (s Said) check() (v workflow.Violations) {
	n := 0
	for _, given := range []bool{s.Payment != 0 || s.Reference != "", s.Application != 0, s.Dismiss} {
		if given {
			n++
		}
	}
	if n != 1 {
		v = append(v, workflow.Violation{Field: "payment", Code: "required"})
	}
	if s.Gone && s.Payment == 0 && s.Reference == "" {
		v = append(v, workflow.Violation{Field: "paid", Code: "unknown_field"})
	}
	if strings.TrimSpace(s.Reason) == "" {
		v = append(v, workflow.Violation{Field: "reason", Code: "required"})
	}
	return v
}

// Match does what a person says of a line. It is that person's step, with the
// reason in the case's event, and it ends what was disputed about the payment.
func Match(ctx context.Context, store *sql.Store, by workflow.Actor, file int64, n int, said Said) error {
	if _, err := store.BankLine(ctx, by, file, n); err != nil { // whom it is withheld from says nothing of it
		return err
	}
	return store.InTx(ctx, func(tx *sql.Tx) error {
		if err := tx.LockBank(ctx); err != nil {
			return err
		}
		row, err := tx.BankLine(ctx, file, n)
		if err != nil {
			return err
		}
		if err := sql.FinanceOnly(by); err != nil {
			return err
		}
		line, err := Line(row)
		if err != nil {
			return err
		}
		m := matching{tx: tx, by: by, row: row, line: line, said: said}
		if !Open(m.row) {
			return workflow.Refused{Code: "line_placed"}
		}
		if v := said.check(); len(v) > 0 {
			return v
		}
		m.row.Reason, m.row.Waits = strings.TrimSpace(said.Reason), false
		switch {
		case said.Dismiss:
			return m.dismiss(ctx)
		case said.Application != 0:
			return m.repay(ctx)
		}
		return m.pay(ctx)
	})
}

// dismiss takes the line for none of ours, and ends the doubt that it alone put payments in.
func (m matching) dismiss(ctx context.Context) error {
	doubted, err := m.tx.DoubtedBy(ctx, m.row.File, m.row.N)
	if err != nil {
		return err
	}
	m.row.Outcome, m.row.Problem = string(bank.NotOurs), ""
	if err := m.tx.ResolveBankLine(ctx, m.by, m.row); err != nil {
		return err
	}
	for _, p := range doubted {
		if _, err := m.tx.BatchHead(ctx, p.Batch); err != nil { // locked first, as everywhere
			return err
		}
		step := &workflow.BankAnswer{Payment: p.Payment, From: p.Status, To: p.Status, File: m.row.File, Line: m.row.N, Uploader: m.by.Email, Why: m.row.Reason}
		if _, err := m.tx.Apply(ctx, sql.Ref{ID: p.Application}, m.by, step); err != nil {
			return err
		}
		if err := m.tx.MovedByBank(ctx, []int64{p.Batch}); err != nil {
			return err
		}
	}
	return nil
}

type matching struct {
	tx   *sql.Tx
	by   workflow.Actor
	row  sql.BankLine
	line bank.Line
	said Said
}

// Open tells whether a person may still say something of the line: it found
// nothing, or what it found waits for finance.
func Open(l sql.BankLine) bool {
	return l.Waits || slices.Contains([]bank.Outcome{bank.Unknown, bank.Proposed, bank.Conflict}, bank.Outcome(l.Outcome))
}

// repay notes a repayment, through the case's own action.
func (m matching) repay(ctx context.Context) error {
	l := m.line
	if !l.Booked || l.Direction != bank.Credit || !l.HasAmount || l.Currency != "SEK" || l.AmountOre%money.Kronor(1) != 0 {
		return workflow.Refused{Code: "line_no_repayment"}
	}
	day, err := workflow.ParseDate(l.BookingDay)
	if err != nil {
		return workflow.Refused{Code: "line_no_repayment"}
	}
	cmd := &workflow.RecordRepayment{
		Amount:    int64(l.AmountOre / money.Kronor(1)),
		On:        day,
		Reference: orElse(l.BankRef, fmt.Sprintf("%d/%d", m.row.File, m.row.N)),
	}
	_, err = m.tx.Apply(ctx, sql.Ref{ID: m.said.Application}, m.by, cmd)
	var wrong workflow.Violations
	switch {
	case errors.Is(err, workflow.ErrNotFound):
		return workflow.Violations{{Field: "application", Code: "unknown"}}
	case errors.As(err, &wrong): // the line's amount or day, which nobody can change here
		return workflow.Violations{{Field: "application", Code: wrong[0].Code, Args: wrong[0].Args}}
	case err != nil:
		return err
	}
	m.row.Outcome, m.row.Problem = string(bank.Applied), ""
	return m.tx.ResolveBankLine(ctx, m.by, m.row)
}

func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// pay lets the line hold for the payment that the person named.
func (m matching) pay(ctx context.Context) error {
	p, err := m.tx.BankPayment(ctx, m.said.Payment, m.said.Reference)
	unknown := workflow.Violations{{Field: "payment", Code: "unknown"}}
	if errors.Is(err, workflow.ErrNotFound) {
		return unknown
	}
	if err != nil {
		return err
	}
	if c, err := m.tx.Case(ctx, p.Application); err != nil || !workflow.Sees(c, m.by) {
		return errors.Join(err, unknown)
	}
	if _, err := m.tx.BatchHead(ctx, p.Batch); err != nil { // locked first, as everywhere
		return err
	}
	if p, err = m.tx.BankPayment(ctx, p.Payment, ""); err != nil {
		return err
	}
	to, err := m.decide(p)
	if err != nil {
		return err
	}
	if m.said.Gone {
		to = p.Status
	}
	on := workflow.Date{}
	if m.said.Gone || to == workflow.PayPaid && (p.Status != workflow.PayPaid || p.Voucher == "") {
		if on, err = workflow.ParseDate(m.line.BookingDay); err != nil {
			now, err := m.tx.Now()
			if err != nil {
				return err
			}
			on = workflow.DateOf(now)
		}
	}
	step := &workflow.BankAnswer{Payment: p.Payment, From: p.Status, To: to, On: on, Reason: m.line.Reason, File: m.row.File, Line: m.row.N,
		Uploader: m.by.Email, Why: strings.TrimSpace(m.said.Reason), Gone: m.said.Gone}
	if _, err := m.tx.Apply(ctx, sql.Ref{ID: p.Application}, m.by, step); err != nil {
		return err
	}
	if err := m.note(ctx, p, to); err != nil {
		return err
	}
	return m.tx.MovedByBank(ctx, []int64{p.Batch})
}

// decide is where the payment goes when a person says that the line is about it.
// An amount of its own must be the payment's: the books hold no other sum.
func (m matching) decide(p sql.BankPayment) (string, error) {
	l, s := m.line, m.line.Signal()
	single := l.Level == bank.OnePayment || l.Level == bank.OneEntry && !l.Bulk
	if single && l.Booked && l.HasAmount && l.Currency == "SEK" && l.AmountOre != p.Ore {
		return "", workflow.Refused{Code: "other_amount", Args: map[string]any{"Reference": p.Reference}}
	}
	kind := s.Kind
	if kind == bank.SaysPerson && l.Booked && !(l.Direction == bank.Debit && l.Return) {
		kind = map[bank.Direction]bank.SignalKind{bank.Debit: bank.SaysDebit, bank.Credit: bank.SaysReturn}[l.Direction]
	}
	to := p.Status
	switch kind {
	case bank.SaysReject, bank.SaysDuplicate: // of a duplicate the person has asked the bank
		to = workflow.PayRejected
	case bank.SaysDebit:
		to = workflow.PayPaid
	case bank.SaysReturn:
		to = workflow.PayReturned
	case bank.SaysStatus:
		if want := string(bank.Policy{}.Becomes(s.Rank)); rank(want) > rank(p.Status) || want == workflow.PayPaid {
			to = want
		}
	}
	if p.Status == workflow.PayReplaced || !p.Live {
		return p.Status, nil // the instalment lives on elsewhere: this ends the doubt and moves nothing
	}
	return to, nil
}

func rank(status string) int {
	return slices.Index([]string{workflow.PayExported, workflow.PaySent, workflow.PayAccepted, workflow.PayPaid}, status)
}

// note keeps the hit. A group's line stays open for its other payments.
func (m matching) note(ctx context.Context, p sql.BankPayment, to string) error {
	m.row.Outcome, m.row.Problem = string(bank.Applied), ""
	m.row.Waits = m.line.Bulk && m.more(ctx)
	if err := m.tx.ResolveBankLine(ctx, m.by, m.row); err != nil {
		return err
	}
	h := sql.BankHit{File: m.row.File, N: m.row.N, Payment: p.Payment, Outcome: string(bank.Confirmed), Day: m.line.BookingDay, Person: m.by.ID}
	if to != p.Status || m.said.Gone {
		h.Outcome = string(bank.Applied)
		if m.line.Booked {
			h.Direction = string(m.line.Direction)
		}
	}
	booked, err := m.tx.BankBookings(ctx, []int64{p.Payment})
	if err != nil {
		return err
	}
	for _, b := range booked {
		if h.Outcome == string(bank.Applied) && b.Direction == h.Direction {
			h.Outcome = string(bank.Confirmed)
		}
	}
	return m.tx.AddBankHits(ctx, []sql.BankHit{h})
}

// more tells whether other candidates of the line have not been matched yet.
func (m matching) more(ctx context.Context) bool {
	var all []int64
	if json.Unmarshal(m.row.Candidates, &all) != nil {
		return false
	}
	for _, id := range all {
		if p, err := m.tx.BankPayment(ctx, id, ""); err == nil && id != m.said.Payment && rank(p.Status) >= 0 && p.Status != workflow.PayPaid {
			return true
		}
	}
	return false
}
