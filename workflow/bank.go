package workflow

import "slices"

// BankAnswer is what a line of the bank's does to one payment, as the rules of
// package jobs/bank read it. It is a step of the payment like MovePayment, and
// has its name; it also leaves a payment where it is and marks it.
type BankAnswer struct {
	Payment     int64
	From        string // where the payment was when the line was read
	To          string // may be From
	On          Date   // day of the booking; zero: not known
	Reason      string // the bank's code
	Disputed    bool   // as it is afterwards
	ReturnWaits bool
	File        int64 // the line that says so
	Line        int
	Uploader    string // who brought the file
	Why         string // a person's reason, where a person matched the line
	// Gone: the money has left although the payment was paid already or replaced by
	// another. Only a person says so. Back: a second payout came back from the bank.
	Gone bool
	Back bool
}

// Action is the payments' one action.
func (BankAnswer) Action() Action { return ActMovePayment }

func (k *BankAnswer) find(t *turn) *Payment {
	for i := range t.App.Payments {
		if t.App.Payments[i].ID == k.Payment {
			return &t.App.Payments[i]
		}
	}
	return nil
}

// bankMoves are the steps that an answer may take, besides staying. A payment
// that waited with its return goes there in one step; only a person says that
// one has been paid although it was rejected.
var bankMoves = map[string][]string{
	PaySent:     {PayExported},
	PayAccepted: {PayExported, PaySent},
	PayPaid:     {PayExported, PaySent, PayAccepted, PayUnclear, PayRejected},
	PayRejected: {PayExported, PaySent, PayAccepted, PayUnclear},
	PayUnclear:  {PayExported, PaySent, PayAccepted},
	PayReturned: {PayPaid, PayExported, PaySent, PayAccepted},
}

func (k *BankAnswer) guard(t *turn) error {
	if !t.body {
		return nil
	}
	p := k.find(t)
	if p == nil || p.Status != k.From || k.To != k.From && !slices.Contains(bankMoves[k.To], k.From) {
		return Refused{Code: "payment_state"}
	}
	if k.Gone {
		if t.by.Machine || k.From != PayReplaced && k.From != PayPaid || k.On.IsZero() {
			return Refused{Code: "payment_state"}
		}
		_, err := t.gone(p)
		return err
	}
	if k.To == PayReturned && k.From == PayPaid {
		if err := t.wholeOut(*p); err != nil {
			return err
		}
	}
	if k.From == PayRejected && k.To == PayPaid && (t.by.Machine || t.Case.paidElsewhere(*p)) {
		return Refused{Code: "payment_state"}
	}
	return nil
}

// paidElsewhere tells whether a live or paid payment stands for the same instalment.
func (c Case) paidElsewhere(p Payment) bool {
	return slices.ContainsFunc(c.App.Payments, func(x Payment) bool { return x.ID != p.ID && x.N == p.N && (x.Live() || x.Status == PayPaid) })
}

func (k *BankAnswer) next(t *turn) State {
	m := MovePayment{To: k.To}
	if p := k.find(t); k.Gone && p != nil {
		if twice, err := t.gone(p); !twice && err == nil {
			m.To = PayPaid
		}
	}
	return m.next(t)
}

func (k *BankAnswer) apply(t *turn) {
	p := k.find(t)
	p.Disputed, p.ReturnWaits = k.Disputed, k.ReturnWaits
	t.note("n", p.N, "payment", p.ID, "from", k.From, "to", k.To, "amount", p.Sum(), "batch", p.Batch, "reason", k.Reason,
		"file", k.File, "line", k.Line, "disputed", k.Disputed || k.ReturnWaits, "uploaded_by", k.Uploader, "why", k.Why)
	if k.To == PayPaid && p.Voucher == "" && !k.On.IsZero() {
		p.PaidOn = k.On
	}
	if k.Back {
		if o := t.App.Overpaid(p.ID); o != nil {
			t.overpaidBack(o, OverpaidReturned, k.On, k.Reason)
		}
	}
	if k.Gone {
		k.gone(t, p)
		return
	}
	if k.To == k.From {
		return
	}
	p.Status, p.Reason = k.To, k.Reason
	switch k.To {
	case PayPaid:
		t.moveOn(k.On, "paid", AccReserved, AccPaid, p.Sum())
		t.mail("paid", "applicant")
	case PayReturned:
		if k.From != PayPaid { // the debit came after its return
			t.move("paid", AccReserved, AccPaid, p.Sum())
		}
		t.sentBack(p)
	case PayRejected:
		t.mail("other", "finance")
	}
}

// gone books what has left though the payment had its end: a second payout, or the
// instalment's own where what replaced it has not been paid.
func (k *BankAnswer) gone(t *turn, p *Payment) {
	if twice, err := t.gone(p); twice || err != nil {
		t.overpay(p, k.On, k.Why)
		t.note("overpaid", p.Sum())
		return
	}
	t.takesPlace(p)
	p.Status, p.PaidOn = PayPaid, k.On
	t.moveOn(k.On, "paid", AccReserved, AccPaid, p.Sum())
	t.mail("paid", "applicant")
}

// sentBack takes a payment's money back into the round. Under an annulled
// decision nothing takes its place.
func (t *turn) sentBack(p *Payment) {
	p.PaidOn = Date{}
	to := AccReserved
	if !t.App.Decision.Favourable() {
		p.Status, to = PayDropped, AccAvailable
		t.claimLess()
	}
	t.move("returned", AccPaid, to, p.Sum())
	t.mail("other", "finance")
	if p.Status == PayReturned && p.Channel != "internal" {
		t.mail("other", "applicant") // who was told that it is paid
	}
}

// wholeOut refuses to take a payment back of which a part has come back, or was given up, already: the books would have
// less than nothing with the school.
func (t *turn) wholeOut(p Payment) error {
	if left := t.App.StillOut(); p.Sum() > left {
		return Refused{Code: "already_back", Args: map[string]any{"Amount": p.Sum(), "Left": left}}
	}
	return nil
}

// claimLess lowers the claim of an annulled decision to what the school still has. A proposal is taken back where that
// is nothing; of a decided claim what the bank sent back is claimed no longer: nobody could repay it, and the case never end.
func (t *turn) claimLess() {
	r := t.App.Recovery
	if r == nil {
		return
	}
	if !r.DecidedAt.IsZero() {
		if back := r.Left() - t.App.StillOut(); back > 0 {
			c := *r // the case before the step keeps its own
			c.Returned += back
			t.App.Recovery = &c
			t.note("claim_returned", back)
		}
		return
	}
	if r.Proposed = min(r.Proposed, t.App.PaidNet()); r.Proposed <= 0 {
		t.App.Recovery = nil
	}
}

// AfterBank is the batch after the bank's answers have moved its payments:
// another version, and settled when every payment has an end.
func AfterBank(b Batch) Batch {
	b.Version++
	if (b.State == BatchExported || b.State == BatchSent) && b.ended() {
		b.State = BatchSettled
	}
	return b
}
