package workflow

import (
	"maps"
	"slices"
	"strings"
)

// ChangeAccount gives another account. It must be verified anew by two people;
// after the decision it also waits for the cool-off. The account that is there
// already, given again, changes nothing.
type ChangeAccount struct {
	Payment PayInto `json:"payment"`
}

func (ChangeAccount) Action() Action { return ActChangeAccount }

// guard: an account can't change under an instalment that is on its way.
func (ChangeAccount) guard(t *turn) error {
	if t.underWay() {
		return Refused{Code: "payment_under_way"}
	}
	if len(t.App.Payments) > 0 && !slices.ContainsFunc(t.App.Payments, func(p Payment) bool { return p.Live() || p.Failed() }) {
		return Refused{Code: "all_paid"}
	}
	return nil
}

func (k *ChangeAccount) check(t *turn) {
	for _, v := range k.Payment.faults() {
		v.Field = strings.TrimPrefix(v.Field, "applicant.")
		t.faults = append(t.faults, v)
	}
	if why := t.wayFault(k.Payment.Method); why != "" {
		t.fault("payment.method", why)
	} else if len(t.faults) == 0 && !k.Payment.Complete() {
		t.fault("payment", "account_incomplete")
	}
	t.noPersonalNumber("payment.holder", k.Payment.Holder)
	t.noPersonalNumber("payment.cost_centre", k.Payment.CostCentre)
	t.noPersonalNumber("payment.project", k.Payment.Project)
}

func (k *ChangeAccount) apply(t *turn) {
	if t.PaidInto(k.Payment) {
		t.note("version", t.App.Account.Version, "same", true)
		return
	}
	before := t.App.Form.Applicant.Payment.Method
	t.App.Form.Applicant.Payment = k.Payment
	t.App.Account = Account{Version: t.App.Account.Version + 1}
	if t.App.Decision != nil {
		t.App.Account.ChangedOn = t.today()
		t.mail("other", "applicant")
	}
	for i := range t.App.Payments {
		if t.App.Payments[i].Status == PayPlanned {
			t.App.Payments[i].Channel = Channel(t.Case)
		}
	}
	t.note("version", t.App.Account.Version, "method", k.Payment.Method, "before", before)
}

// VerifyAccount is one person's check of the payee's account; two people must have made it.
type VerifyAccount struct {
	CalledBack bool   `json:"called_back"`
	Note       string `json:"note"`
}

func (VerifyAccount) Action() Action { return ActVerifyAccount }

// may: four eyes, and nobody who is in conflict or of the school.
func (VerifyAccount) may(t *turn) error {
	if slices.ContainsFunc(t.App.Account.Verifications, func(v Verification) bool { return v.Person == t.by.ID }) {
		return Forbidden{Code: "four_eyes"}
	}
	if Conflicted(t.Case, t.by.Person) {
		return Forbidden{Code: "conflict"}
	}
	return nil
}

func (VerifyAccount) guard(t *turn) error {
	if t.App.Account.Verified() {
		return Refused{Code: "verified_already"}
	}
	if !t.App.Form.Applicant.Payment.Complete() {
		return Refused{Code: "account_missing"}
	}
	if why := t.wayFault(t.App.Form.Applicant.Payment.Method); why != "" {
		return Refused{Code: why}
	}
	return nil
}

func (k *VerifyAccount) check(t *turn) {
	t.needText("note", k.Note)
	if !k.CalledBack && !t.App.Account.ChangedOn.IsZero() {
		t.fault("called_back", "call_back")
	}
}

func (k *VerifyAccount) apply(t *turn) {
	a := &t.App.Account
	a.Verifications = append(a.Verifications, Verification{Person: t.by.ID, By: t.by.Email, At: t.at, CalledBack: k.CalledBack, Note: k.Note})
	t.note("version", a.Version, "called_back", k.CalledBack, "note", k.Note)
	t.checkPayableLater()
}

// CheckAdvisory notes the Foreign Ministry's advice for the place (RF-19).
type CheckAdvisory struct {
	Level  string `json:"level"`
	Source string `json:"source"`
	On     Date   `json:"on"`
}

func (CheckAdvisory) Action() Action { return ActCheckAdvisory }

// AdviceWanted tells whether somebody should look at the travel advice now: a day of the
// rules before the trip has come and nobody has looked since, or money waits for it alone (RF-19).
func AdviceWanted(c Case, today Date) bool {
	start, _, ok := c.App.Form.Activity.Days()
	if !ok || !today.Before(start) || c.App.Cancelled != nil || !slices.Contains([]State{ConditionsAccepted, Payable, Paid1}, c.App.State) {
		return false
	}
	last := Date{}
	for _, x := range c.App.Advisory {
		if last.Before(x.On) {
			last = x.On
		}
	}
	for _, days := range c.Round.Rules.AdvisoryDaysBefore {
		if day := start.AddDays(-days); !today.Before(day) && last.Before(day) {
			return true
		}
	}
	return slices.ContainsFunc(c.App.Payments, func(p Payment) bool {
		unmet := UnmetFor(c, p, today)
		return len(unmet) == 1 && unmet[0].Code == "advisory_unchecked"
	})
}

func (k *CheckAdvisory) check(t *turn) {
	if !slices.Contains([]string{"none", "avoid_unnecessary", "avoid_all"}, k.Level) {
		t.fault("level", "choice")
	}
	t.needText("source", k.Source)
	if k.On.IsZero() {
		t.fault("on", "required")
	} else if k.On.After(t.today()) {
		t.fault("on", "in_future")
	}
}

func (k *CheckAdvisory) apply(t *turn) {
	t.App.Advisory = append(t.App.Advisory, Advisory{Level: k.Level, Source: k.Source, On: k.On, By: t.by.Email, At: t.at})
	if k.Level != "none" {
		t.mail("other", "applicant", "principal")
	}
	t.note("level", k.Level, "source", k.Source, "on", k.On)
	t.checkPayableLater()
}

// MakePayable is the machine saying that something can be paid now.
type MakePayable struct{}

func (MakePayable) Action() Action { return ActMakePayable }

func (MakePayable) guard(t *turn) error {
	if len(t.PayableNow(t.today())) == 0 {
		return Refused{Code: "nothing_payable"}
	}
	return nil
}

func (MakePayable) apply(t *turn) { t.job(JobProposePayout, t.at) }

// PayableNow lists the instalments that can be put in a batch today.
func (c Case) PayableNow(today Date) (list []Payment) {
	for _, p := range c.App.Payments {
		if PaymentStatus(c, p, today) == PayPayable {
			list = append(list, p)
		}
	}
	return list
}

// MovePayment moves one instalment along its life, as a batch or the bank says.
type MovePayment struct {
	N       int
	To      string
	Batch   int64
	On      Date
	Voucher string
	Reason  string
}

func (MovePayment) Action() Action { return ActMovePayment }

// paymentMoves says from which statuses an instalment may come.
var paymentMoves = map[string][]string{
	PayInBatch:  {PayPlanned},
	PayPlanned:  {PayInBatch, PayExported}, // the batch was cancelled before it was sent
	PayExported: {PayInBatch},
	PaySent:     {PayExported},
	PayAccepted: {PayExported, PaySent},
	PayPaid:     {PayExported, PaySent, PayAccepted, PayUnclear},
	PayRejected: {PayExported, PaySent, PayAccepted, PayUnclear},
	PayUnclear:  {PayExported, PaySent, PayAccepted},
	PayReturned: {PayPaid},
	PayReplaced: {PayRejected, PayReturned},
}

func (k *MovePayment) find(t *turn) *Payment {
	for i := range t.App.Payments {
		if t.App.Payments[i].N == k.N && t.App.Payments[i].Status != PayReplaced {
			return &t.App.Payments[i]
		}
	}
	return nil
}

func (k *MovePayment) guard(t *turn) error {
	if !t.body {
		return nil
	}
	p := k.find(t)
	if p == nil || !slices.Contains(paymentMoves[k.To], p.Status) {
		return Refused{Code: "payment_state"}
	}
	if k.To == PayReturned {
		if err := t.wholeOut(*p); err != nil {
			return err
		}
	}
	if k.To == PayInBatch {
		if unmet := UnmetFor(t.Case, *p, t.today()); len(unmet) > 0 || !payableState(t.App.State) {
			args := map[string]any{"Unmet": "not_payable", "DNR": t.App.DNR}
			if len(unmet) > 0 {
				maps.Copy(args, unmet[0].Args)
				args["Unmet"] = unmet[0].Code
			}
			return Refused{Code: "not_payable", Args: args}
		}
	}
	return nil
}

func (k *MovePayment) next(t *turn) State {
	if k.To == PayPaid && (t.from == ConditionsAccepted || t.from == Payable) {
		return Paid1
	}
	return t.from
}

func (k *MovePayment) apply(t *turn) {
	p := k.find(t)
	before := p.Status
	p.Status, p.Reason = k.To, k.Reason
	if k.To == PayPaid {
		p.Disputed = false // finance has said what is true
	}
	switch k.To {
	case PayInBatch:
		p.Batch = k.Batch
	case PayPlanned:
		p.Batch = 0
	case PayPaid:
		p.PaidOn, p.Voucher = k.On, k.Voucher
		t.moveOn(k.On, "paid", AccReserved, AccPaid, p.Sum())
		t.mail("paid", "applicant")
	case PayReturned:
		t.sentBack(p)
	case PayReplaced:
		t.App.Payments = append(t.App.Payments, p.again())
		t.checkPayableLater()
	case PayRejected:
		t.mail("other", "finance")
	}
	t.note("n", k.N, "from", before, "to", k.To, "amount", p.Sum(), "batch", p.Batch)
}
