package workflow

import (
	"maps"
	"slices"
	"strings"
	"time"
)

func (b *Batch) step(sum *LineSum, by Actor, k BatchCommand, at time.Time) ([]Move, error) {
	today := DateOf(at)
	switch k.Action {
	case BatchAttest1, BatchAttest2:
		if err := sum.doubt(); err != nil {
			return nil, err
		}
		return nil, b.attest(by, k, at, sum.Digest())
	case BatchExport:
		if err := sum.doubt(); err != nil {
			return nil, err
		}
		if digest := sum.Digest(); b.Attest1.Digest != digest || b.Attest2.Digest != digest {
			return nil, Refused{Code: "changed_since_attest"}
		}
		if sum.Bank() && b.Execution.Before(today) {
			return nil, Refused{Code: "day_passed", Args: map[string]any{"Day": b.Execution.String()}}
		}
		b.ExportAt = at
		return b.move(PayExported, k)
	case BatchMarkSent:
		if k.On.IsZero() {
			return nil, Violations{{Field: "on", Code: "required"}}
		}
		if k.On.After(b.lastDay(today)) {
			return nil, Violations{{Field: "on", Code: "in_future"}}
		}
		as, ok := paymentFile(k.Version)
		if !ok {
			return nil, Violations{{Field: "version", Code: "choice"}}
		}
		b.SentOn, b.SentBy, b.SentAs = k.On, by.Email, as
		return b.move(PaySent, k)
	case BatchMarkPaid:
		return b.paid(k, today)
	case BatchCancel:
		if strings.TrimSpace(k.Reason) == "" {
			return nil, Violations{{Field: "reason", Code: "required"}}
		}
		for _, l := range b.Lines {
			if l.Status == PayPaid {
				return nil, Refused{Code: "payment_paid"}
			}
		}
		b.Reason, b.Cancelled = k.Reason, &Cancelling{By: by.Email, At: at}
		return b.move(PayPlanned, k)
	case BatchReissue:
		return b.reissue(k)
	}
	return nil, ErrNotFound
}

func (b *Batch) attest(by Actor, k BatchCommand, at time.Time, digest string) error {
	for _, name := range slices.Sorted(maps.Keys(k.Checks)) {
		if !slices.Contains(BatchChecks, name) {
			return Violations{{Field: "checks." + name, Code: "unknown_field"}}
		}
	}
	var v Violations
	for _, name := range BatchChecks { // in the order in which people read them
		if ok, said := k.Checks[name]; said && !ok {
			v = append(v, Violation{Field: "checks." + name, Code: "check_false"})
		}
	}
	if len(v) > 0 {
		return v
	}
	a := &Attest{Person: by.ID, By: by.Email, At: at, Checks: k.Checks, Digest: digest, For: by.lent(Finance1, Finance2)}
	if k.Action == BatchAttest1 {
		if len(a.Checks) == 0 {
			a.Checks = map[string]bool{}
			for _, name := range BatchChecks {
				a.Checks[name] = true
			}
		}
		b.Attest1 = a
		return nil
	}
	b.Attest2 = a
	return nil
}

// lastDay is the last day on which a payment may be said to be made: today, or
// the day that the batch itself asks the bank for, which a file is sent ahead of.
func (b *Batch) lastDay(today Date) Date {
	for _, day := range []Date{b.PayDate, b.Execution} {
		if day.After(today) {
			today = day
		}
	}
	return today
}

func (b *Batch) paid(k BatchCommand, today Date) ([]Move, error) {
	var v Violations
	if k.On.IsZero() {
		v = append(v, Violation{Field: "on", Code: "required"})
	} else if k.On.After(b.lastDay(today)) {
		v = append(v, Violation{Field: "on", Code: "in_future"})
	}
	if strings.TrimSpace(k.Voucher) == "" {
		v = append(v, Violation{Field: "voucher", Code: "required"})
	}
	if len(v) > 0 {
		return nil, v
	}
	return b.move(PayPaid, k)
}

func (b *Batch) reissue(k BatchCommand) ([]Move, error) {
	if strings.TrimSpace(k.Reason) == "" {
		return nil, Violations{{Field: "reason", Code: "required"}}
	}
	if len(k.Payments) == 0 {
		return nil, Violations{{Field: "payments", Code: "required"}}
	}
	named := map[int64]bool{}
	for _, id := range k.Payments {
		named[id] = true
	}
	for _, l := range b.Lines {
		if named[l.PaymentID] && l.Disputed {
			return nil, Refused{Code: "disputed", Args: map[string]any{"Reference": l.Reference}}
		}
		if named[l.PaymentID] && !slices.Contains(paymentMoves[PayReplaced], l.Status) {
			return nil, Refused{Code: "not_ended", Args: map[string]any{"Reference": l.Reference}}
		}
	}
	return b.move(PayReplaced, k)
}

// move takes the named payments (none named: all that can) to a status. Nothing is moved when one of the named cannot.
func (b *Batch) move(to string, k BatchCommand) ([]Move, error) {
	var moves []Move
	here, named := map[int64]bool{}, map[int64]bool{} // a batch may hold a hundred thousand
	for _, l := range b.Lines {
		here[l.PaymentID] = true
	}
	for _, id := range k.Payments {
		if named[id] = true; !here[id] {
			return nil, Violations{{Field: "payments", Code: "unknown"}}
		}
	}
	for i := range b.Lines {
		l := &b.Lines[i]
		if len(k.Payments) > 0 && !named[l.PaymentID] {
			continue
		}
		if to == PayPaid && len(k.Payments) == 0 && (l.Disputed || l.Status == PayUnclear) {
			continue // whether these were paid must be said of each
		}
		m, ok := l.moveTo(to, b.ID, k)
		if !ok {
			if len(k.Payments) > 0 { // named, so it was meant
				return nil, Refused{Code: "payment_state", Args: map[string]any{"Reference": l.Reference}}
			}
			continue
		}
		l.Status = to
		if to == PayPaid {
			l.PaidOn, l.Voucher = k.On, k.Voucher
		}
		moves = append(moves, m)
	}
	return moves, nil
}

// moveTo is the step of the line's payment to a status; ok is false where it can't come from its own.
func (l BatchLine) moveTo(to string, batch int64, k BatchCommand) (m Move, ok bool) {
	if !slices.Contains(paymentMoves[to], l.Status) {
		return m, false
	}
	return Move{l.Application, MovePayment{N: l.N, To: to, Batch: batch, On: k.On, Voucher: k.Voucher, Reason: k.Reason}}, true
}

// ended tells whether every payment of the batch has an end.
func (b Batch) ended() bool {
	return !slices.ContainsFunc(b.Lines, func(l BatchLine) bool {
		return !slices.Contains([]string{PayPaid, PayRejected, PayReturned, PayReplaced, PayDropped}, l.Status) || l.Disputed
	})
}
