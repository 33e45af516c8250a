package workflow

import (
	"slices"
	"time"
)

// Overpayment is money that the bank has sent a second time for the same instalment.
// It was never granted, so it is no payment: the round's ledger holds it as a claim
// (AccReceivable) against the municipality's own money (AccTreasury), and paid stays
// within granted. People get it back, or give it up.
type Overpayment struct {
	Payment int64     `json:"payment"`
	N       int       `json:"n"`
	Amount  int64     `json:"amount"`
	On      Date      `json:"on"`
	Reason  string    `json:"reason"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`

	End       string    `json:"end,omitempty"` // how it ended: returned by the bank, repaid, written_off
	EndOn     Date      `json:"end_on"`
	EndReason string    `json:"end_reason,omitempty"` // reference or reason
	EndBy     string    `json:"end_by,omitempty"`
	EndAt     time.Time `json:"end_at"`
}

// How an overpayment ends.
const (
	OverpaidReturned   = "returned"
	OverpaidRepaid     = "repaid"
	OverpaidWrittenOff = "written_off"
)

// Open tells whether the money is still away.
func (o Overpayment) Open() bool { return o.End == "" }

// Overpaid gives the open overpayment of a payment, or the first open one for 0; nil if there is none.
func (a *Application) Overpaid(payment int64) *Overpayment {
	for i := range a.Overpayments {
		if o := &a.Overpayments[i]; o.Open() && (payment == 0 || o.Payment == payment) {
			return o
		}
	}
	return nil
}

// siblings are the other payments of the same instalment.
func (t *turn) siblings(p *Payment) (list []*Payment) {
	for i := range t.App.Payments {
		if x := &t.App.Payments[i]; x.ID != p.ID && x.N == p.N {
			list = append(list, x)
		}
	}
	return list
}

// gone says whether a payment that has an end can have been paid after all, and whether
// that was a second time. One that is under way must come to its end first.
func (t *turn) gone(p *Payment) (twice bool, err error) {
	if p.Status != PayReplaced {
		return p.Status == PayPaid, nil
	}
	for _, x := range t.siblings(p) {
		switch {
		case x.UnderWay():
			return false, Refused{Code: "payment_under_way"}
		case x.Status == PayPaid:
			twice = true
		}
	}
	return twice, nil
}

// overpay notes a second payout of an instalment.
func (t *turn) overpay(p *Payment, on Date, why string) {
	t.App.Overpayments = append(
		slices.Clone(t.App.Overpayments),
		Overpayment{Payment: p.ID, N: p.N, Amount: p.Sum(), On: on, Reason: why, By: t.by.Email, At: t.at},
	)
	t.moveOn(on, "overpaid", AccTreasury, AccReceivable, p.Sum())
	t.mail("other", "finance", "officer")
}

// takesPlace lets a payment that was replaced be the instalment's after all: it was paid,
// and what was made in its place is dropped.
func (t *turn) takesPlace(p *Payment) {
	for _, x := range t.siblings(p) {
		if x.Status == PayPlanned || x.Failed() {
			x.Status = PayDropped
		}
	}
}

// overpaidBack ends an overpayment.
func (t *turn) overpaidBack(o *Overpayment, end string, on Date, why string) {
	o.End, o.EndOn, o.EndReason, o.EndBy, o.EndAt = end, on, why, t.by.Email, t.at
	kind, to := "overpaid_back", AccTreasury
	if end == OverpaidWrittenOff {
		kind, to = "written_off", AccWrittenOff
	}
	t.moveOn(on, kind, AccReceivable, to, o.Amount)
	t.note("overpayment", o.Payment, "end", end)
}

// claimed is what a repayment or a write-off is about: the named overpayment, else the
// claim, and without an open claim the first open overpayment. nil: the claim.
func (t *turn) claimed(payment int64) *Overpayment {
	if r := t.App.Recovery; payment == 0 && r != nil && !r.DecidedAt.IsZero() && r.Open() {
		return nil
	}
	return t.App.Overpaid(payment)
}

// whole wants an overpayment's whole sum: it is one transfer that comes back.
func (t *turn) whole(o *Overpayment, amount int64) {
	if amount != o.Amount {
		t.fault("amount", "overpayment_whole", "Max", o.Amount)
	}
}
