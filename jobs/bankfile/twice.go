package bankfile

import (
	"fund/jobs/bank"
	"fund/workflow"
)

// debit is a booking that took money out for a payment.
type debit struct {
	day    string
	here   bool   // told by this file
	number string // the bank's own
}

// sameBooking is how many bank days two tellings of one booking may lie apart: a
// notification and the statement tell the same twice.
const sameBooking = 3

// second tells whether a debit is another one than those that were told of the payment:
// it stands in the same file with a number of its own, or far from every other's day.
func (j *judge) second(payment int64, l bank.Line) bool {
	if !l.Booked || l.Direction != bank.Debit || len(j.debits[payment]) == 0 {
		return false
	}
	near := false
	for _, d := range j.debits[payment] {
		if d.here && (d.number == "" || d.number != l.BankRef) {
			return true
		}
		near = near || withinBankDays(d.day, l.BookingDay)
	}
	return !near
}

// withinBankDays also holds where a day is not known.
func withinBankDays(a, b string) bool {
	x, err1 := workflow.ParseDate(a)
	y, err2 := workflow.ParseDate(b)
	if err1 != nil || err2 != nil {
		return true
	}
	if y.Before(x) {
		x, y = y, x
	}
	return !workflow.AddBankDays(x, sameBooking).Before(y)
}

// sendBack ends a second payout that the bank has sent back.
func (j *judge) sendBack(l bank.Line, c bank.Candidate) {
	on, err := workflow.ParseDate(l.BookingDay)
	if err != nil {
		on = j.today
	}
	p, now := j.payment(c), j.standing[c.Payment]
	j.touched[p.Batch] = true
	j.effects = append(j.effects, effect{p.Application, &workflow.BankAnswer{Payment: c.Payment, From: string(now.Status), To: string(now.Status), On: on,
		Reason: l.Reason, Disputed: now.Open, ReturnWaits: now.ReturnWaits, Line: l.N, Back: true}})
}
