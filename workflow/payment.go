package workflow

import "fund/workflow/money"

// Payment statuses (design/payments.md, "Lives").
const (
	PayPlanned  = "planned"
	PayPayable  = "payable" // shown, never stored: planned with nothing unmet
	PayInBatch  = "in_batch"
	PayExported = "exported"
	PaySent     = "sent"
	PayAccepted = "accepted"
	PayUnclear  = "unclear"
	PayPaid     = "paid"
	PayRejected = "rejected"
	PayReturned = "returned"
	PayReplaced = "replaced"
	PayDropped  = "dropped"
)

// Payment is one instalment. Amount is the plan at the decision and is never
// rewritten; Pay is what really goes out where a settlement changed it.
type Payment struct {
	ID        int64       `json:"id"`
	N         int         `json:"n"`
	Share     money.Share `json:"share"`
	Amount    int64       `json:"amount"`
	Pay       *int64      `json:"pay,omitempty"`
	Earliest  Date        `json:"earliest"`
	Last      bool        `json:"last"` // the part that waits for the settlement
	Status    string      `json:"status"`
	Channel   string      `json:"channel"`
	PaidOn    Date        `json:"paid_on"`
	Voucher   string      `json:"voucher,omitempty"`
	Batch     int64       `json:"batch,omitempty"`
	Reference string      `json:"reference,omitempty"` // end-to-end id
	Reason    string      `json:"reason,omitempty"`
	// Disputed: what the bank said contradicts itself, and finance must decide
	// before anything is paid anew. ReturnWaits: the money came back before its
	// debit was known.
	Disputed    bool `json:"disputed,omitempty"`
	ReturnWaits bool `json:"return_waits,omitempty"`
}

// Sum is what the instalment pays, in whole kronor.
func (p Payment) Sum() int64 {
	if p.Pay != nil {
		return *p.Pay
	}
	return p.Amount
}

// Live tells whether the instalment is still to be paid or under way.
func (p Payment) Live() bool {
	switch p.Status {
	case PayPaid, PayDropped, PayReturned, PayRejected, PayReplaced:
		return false
	}
	return true
}

// Failed tells whether the bank refused the instalment or sent it back, and nothing has taken its place.
func (p Payment) Failed() bool { return p.Status == PayRejected || p.Status == PayReturned }

// Unsettled tells whether the bank's answers leave open if the money has gone.
func (p Payment) Unsettled() bool { return p.Disputed || p.ReturnWaits || p.Status == PayUnclear }

// disputes tells whether any payment of the instalment is in doubt, also one
// that was replaced: if the bank has paid that after all, a new one would pay twice.
func (a Application) disputes(n int) bool {
	for _, p := range a.Payments {
		if p.N == n && (p.Disputed || p.ReturnWaits) {
			return true
		}
	}
	return false
}

// again is a new payment of the same instalment: new id, nothing done yet.
func (p Payment) again() Payment {
	return Payment{N: p.N, Share: p.Share, Amount: p.Amount, Pay: p.Pay, Earliest: p.Earliest, Last: p.Last, Status: PayPlanned, Channel: p.Channel}
}

// UnderWay tells whether the instalment has left the plan and is not yet paid.
func (p Payment) UnderWay() bool { return p.Live() && p.Status != PayPlanned }

// Plan is the payment plan of a decision (RF-19): the whole sum up to
// prepay_full_limit, else prepay_share rounded down now and the rest after the
// settlement. The last instalment has no earliest day.
func Plan(granted int64, start Date, channel string, firstN int, r Rules) []Payment {
	earliest := Date{}
	if !start.IsZero() {
		earliest = start.AddDays(-r.EarliestPaymentDays)
	}
	if granted <= r.PrepayFullLimit {
		return []Payment{{N: firstN, Share: money.Share{Num: 1, Den: 1}, Amount: granted, Earliest: earliest, Status: PayPlanned, Channel: channel}}
	}
	first := r.PrepayShare.Of(granted)
	switch first {
	case granted:
		return []Payment{{N: firstN, Share: r.PrepayShare, Amount: granted, Earliest: earliest, Status: PayPlanned, Channel: channel}}
	case 0:
		return []Payment{{N: firstN, Share: money.Share{Num: 1, Den: 1}, Amount: granted, Last: true, Status: PayPlanned, Channel: channel}}
	}
	rest := money.Share{Num: r.PrepayShare.Den - r.PrepayShare.Num, Den: r.PrepayShare.Den}
	return []Payment{
		{N: firstN, Share: r.PrepayShare, Amount: first, Earliest: earliest, Status: PayPlanned, Channel: channel},
		{N: firstN + 1, Share: rest, Amount: granted - first, Last: true, Status: PayPlanned, Channel: channel},
	}
}

// Unmet is a reason why an instalment cannot be paid now. Code is a word in package lang (unmet.<code>).
type Unmet struct {
	Code string
	Args map[string]any
}

// UnmetFor lists why this instalment cannot be paid today; none: it is payable (RF-19).
func UnmetFor(c Case, p Payment, today Date) []Unmet {
	if !p.Live() || p.UnderWay() {
		return []Unmet{}
	}
	return unmetOf(c, p, today)
}

// UnmetInBatch lists what has come to stand in the way of a payment since it was put
// into a batch, for those who attest; it is empty once the files are made.
func UnmetInBatch(c Case, p Payment, today Date) []Unmet {
	if p.Status != PayInBatch {
		return []Unmet{}
	}
	return unmetOf(c, p, today)
}

func unmetOf(c Case, p Payment, today Date) []Unmet {
	unmet := []Unmet{}
	add := func(on bool, code string, args ...any) {
		if on {
			unmet = append(unmet, Unmet{code, pairs(args)})
		}
	}
	a := c.App
	add(!p.Earliest.IsZero() && today.Before(p.Earliest), "not_before", "Day", p.Earliest.String())
	add(a.Decision == nil || a.Decision.AcceptedAt.IsZero(), "conditions_not_accepted")
	add(a.conditionUnmet(), "condition_open")
	add(!a.Account.Verified(), "account_unverified")
	why := c.wayFault(a.Form.Applicant.Payment.Method) // the register may call the school another's since
	add(why != "", why)
	if a.Account.Verified() && !a.Account.ChangedOn.IsZero() {
		free := AddBankDays(a.Account.ChangedOn, c.Round.Rules.AccountCoolOffDays)
		add(today.Before(free), "cool_off", "Day", free.String())
	}
	if a.Cancelled == nil && a.Report == nil {
		add(len(a.Advisory) == 0, "advisory_unchecked")
		add(a.advised(), "advisory")
	}
	add(c.Facts.Blocked, "blocked")
	add(a.Appeal != nil && a.Appeal.InTime && a.Appeal.Judgment == nil, "appeal_stop")
	add(c.waitsForLegalForce(today), "legal_force")
	add(a.ChangeOpen() != nil, "change_open")
	add((p.Last || a.Cancelled != nil) && a.Settlement == nil, "not_settled")
	add(a.disputes(p.N), "disputed")
	add(c.Facts.Available < 0, "budget") // the round's budget was lowered below what is granted
	return unmet
}

// waitsForLegalForce tells whether an external payment above the office's limit
// must wait until the decision can't be appealed any more (KL 13:14).
func (c Case) waitsForLegalForce(today Date) bool {
	limit := c.Round.Rules.LegalForceAbove
	if limit == nil || c.School.Municipal() || c.App.Decision == nil || c.App.Decision.Granted <= *limit {
		return false
	}
	day := c.App.LegalForceOn()
	return day.IsZero() || !today.After(day)
}

// PaymentStatus is the status as people see it: planned becomes payable when nothing is unmet.
func PaymentStatus(c Case, p Payment, today Date) string {
	if p.Status == PayPlanned && len(UnmetFor(c, p, today)) == 0 && payableState(c.App.State) {
		return PayPayable
	}
	return p.Status
}

// payableState tells whether money may leave in this state at all. In a closed
// case only what the bank sent back and finance issued anew is left to pay.
func payableState(s State) bool {
	switch s {
	case ConditionsAccepted, Payable, Paid1, Travelling, ReportDue, ReportSubmitted, ReportReturned, ReportAccepted, Settled, Closed:
		return true
	}
	return false
}

// Channel is how the payee is paid: internal, or the kind of account.
func Channel(c Case) string {
	if m := c.App.Form.Applicant.Payment.Method; m != "" {
		return m
	}
	if c.School.Municipal() {
		return "internal"
	}
	return "bankgiro"
}

// SettleReport is the settlement of a report (RF-23), in whole kronor: what the school
// may keep is the least of the granted sum, the cap per person on those who
// travelled, the share of the actual eligible cost, and that cost less other
// grants received. Less than repay_minimum too much is kept.
func SettleReport(c Case) Settlement {
	r := c.Round.Rules
	steps := SettlementSteps(c)
	entitlement := c.App.Decision.Granted
	for _, s := range steps {
		entitlement = min(entitlement, s.Amount)
	}
	return settle(c.App, max(0, entitlement), r.RepayMinimum)
}

// Step is one line of a settlement's arithmetic, for showing it in words.
type Step struct {
	Code   string // granted, per_head_cap, share_cap, gap
	Amount int64
}

// SettlementSteps lists the limits of RF-23 in order.
func SettlementSteps(c Case) []Step {
	r, rep := c.Round.Rules, c.App.Report
	if rep == nil || c.App.Decision == nil {
		return nil
	}
	actual := actualCost(c)
	steps := []Step{{"granted", c.App.Decision.Granted}}
	if limit := c.perHeadCap(heads{rep.Pupils, rep.Staff, guests(c.App.Form.Participants, rep.Pupils)}, actual.uncapped); limit != nil {
		steps = append(steps, Step{"per_head_cap", *limit})
	}
	return append(steps, Step{"share_cap", r.ShareCap.Of(actual.eligible)}, Step{"gap", actual.eligible - rep.ExternalReceived})
}

// guests is how many visiting pupils a report on hosting counts. It has one number of
// pupils: where that is the form's own, all came as planned; else it is who came.
func guests(planned Participants, reported int64) int64 {
	visiting := num(planned.VisitingPupils)
	if reported == num(planned.Pupils) {
		return visiting
	}
	return min(visiting, reported)
}

// ActualEligible is the actual eligible cost of the report, less what the officer disallowed.
func ActualEligible(c Case) int64 { return actualCost(c).eligible }

func actualCost(c Case) cost {
	rep := c.App.Report
	lines := c.App.Form.Lines()
	disallowed := map[int64]int64{}
	for _, d := range rep.Disallowed {
		disallowed[d.Line] += d.Amount
	}
	if rep.ActualEligibleCost != nil { // one sum: what is disallowed comes off it where the line counts at all
		planned := costs(lines, c.App.Form.Funding, c.Round.Rules)
		for i := range lines {
			off := disallowed[lines[i].Line]
			lines[i].Amount = &off
			delete(disallowed, lines[i].Line) // a number that stands at two lines is told of once
		}
		off := costs(lines, c.App.Form.Funding, c.Round.Rules)
		return cost{eligible: max(0, *rep.ActualEligibleCost-off.eligible), uncapped: max(0, planned.uncapped-off.uncapped)}
	}
	amount := map[int64]int64{}
	for _, l := range rep.Actual {
		amount[l.Line] += l.Amount
	}
	for i := range lines {
		left := max(0, amount[lines[i].Line]-disallowed[lines[i].Line])
		lines[i].Amount = &left
		delete(amount, lines[i].Line) // a number that stands at two lines is told of once
	}
	return costs(lines, c.App.Form.Funding, c.Round.Rules)
}

// CancellationSum is the arithmetic of a trip that does not happen (RF-21).
type CancellationSum struct {
	Cause          string `json:"cause"`
	UnavoidableNet int64  `json:"unavoidable_net"`
	Entitlement    int64  `json:"entitlement"`
	Repay          int64  `json:"repay"`
}

// Cancel computes RF-21: own reasons → everything back; outside control →
// cancellation_share of the documented unavoidable net cost may stay.
func Cancel(c Case) CancellationSum {
	k := c.App.Cancelled
	out := CancellationSum{Cause: k.Cause, UnavoidableNet: max(0, k.UnavoidableCost-k.Refunds)}
	if s := c.App.Settlement; s != nil { // what was settled stays, whatever comes back afterwards
		out.Entitlement, out.Repay = s.Entitlement, s.Repay
		return out
	}
	if k.Cause == "outside" {
		out.Entitlement = min(c.App.Decision.Granted, c.Round.Rules.CancellationShare.Of(out.UnavoidableNet))
	}
	out.Repay = max(0, c.App.PaidNet()-out.Entitlement)
	return out
}

// settle turns an entitlement into what is paid or claimed. least: smaller differences are kept.
func settle(a Application, entitlement, least int64) Settlement {
	paid := a.PaidNet()
	s := Settlement{Entitlement: entitlement}
	switch {
	case entitlement > paid:
		s.FinalPayment = entitlement - paid
	case paid-entitlement >= least:
		s.Repay = paid - entitlement
	}
	return s
}
