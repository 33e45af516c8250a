package workflow

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// towardsEnd are steps that lead a case on to its end, the most final first. Each has a body that fits.
func (w *world) towardsEnd() []Command {
	a := w.c.App
	claim := min(a.Recovery.Left(), a.StillOut())
	body := ""
	if o := w.c.App.Overpaid(0); o != nil && claim <= 0 {
		claim, body = o.Amount, "second payout"
	}
	list := []Command{&Close{}, &Discontinue{Reason: "x"}, &RecordJudgment{On: w.today(), Outcome: "upheld"}, &DecideChange{Outcome: "refused", Reason: "x"}, &ReleaseLetter{},
		&RecordRepayment{Amount: claim, On: w.today(), Reference: "F " + body}}
	if r := a.Recovery; r != nil {
		list = append(list, &DecideRecovery{Amount: min(r.Proposed, a.StillOut()), DueOn: w.today(), Reason: "x"})
	}
	list = append(list, &Settle{}, &Withdraw{Reason: "x"}, &Decline{Reason: "x"}, &Lapse{Reason: "x"}, &AcceptReport{}, &Approve{}, &AcceptConditions{}, &SubmitReport{Pupils: ptr(int64(10)), Staff: ptr(int64(1)), Start: w.today().AddDays(-5), End: w.today(), ActualEligibleCost: ptr(int64(9000))})
	if a.Cancelled == nil {
		list = append(list, &ReportCancellation{Cause: "own", Reason: "x"})
	}
	if d := a.Decision; d != nil {
		if d.NoticePostedOn.IsZero() {
			list = append(list, &RecordNotice{PostedOn: w.today()})
		}
		for _, x := range d.Conditions {
			if x.Met == nil || !*x.Met {
				list = append(list, &RuleCondition{Condition: x.N, Met: ptr(true), Note: "x"})
			}
		}
	}
	for _, p := range a.Payments {
		for _, to := range map[string][]string{PayInBatch: {PayExported, PayPaid}, PayExported: {PayPaid}, PaySent: {PayPaid}, PayAccepted: {PayPaid}, PayUnclear: {PayPaid},
			PayRejected: {PayReplaced}, PayReturned: {PayReplaced}, PayPlanned: {PayInBatch}}[p.Status] {
			list = append(list, &MovePayment{N: p.N, To: to, On: w.today(), Batch: 1, Voucher: "V"})
		}
	}
	if len(a.Advisory) == 0 || a.advised() {
		list = append(list, &CheckAdvisory{Level: "none", Source: "UD", On: w.today()})
	}
	return append(list, &VerifyAccount{CalledBack: true, Note: "x"})
}

// toTheEnd tells whether people, and the bank, can bring the case to its end by steps that are open to them.
func (w *world) toTheEnd() bool {
	for range 60 {
		if w.c.App.State == Closed {
			return true
		}
		if !w.onwards() {
			w.at = w.at.AddDate(0, 0, 30) // days of appeal, or of an account that was changed
			if !w.onwards() {
				return w.c.App.State == Closed
			}
		}
	}
	return w.c.App.State == Closed
}

// onwards takes the first step that is open to anybody and changes something.
func (w *world) onwards() bool {
	for _, cmd := range w.towardsEnd() {
		for _, by := range append(slices.Clone(everybody), Machine()) {
			if by.Machine != (cmd.Action() == ActMovePayment) {
				continue
			}
			if w.try(by, cmd) == nil {
				return true
			}
		}
	}
	return false
}

// TestEveryCaseCanEnd: whatever random people have done to a filed case, people can bring it to its end.
func TestEveryCaseCanEnd(t *testing.T) {
	t.Parallel()
	annulled, returned := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		b := &bundle{t: rt}
		w := newWorld(rt)
		w.ledger[AccAvailable], w.ledger[AccBudget] = 150000, -150000
		w.c.Round.Rules.PrepayFullLimit = rapid.SampledFrom([]int64{0, 75000}).Draw(rt, "prepay")
		b.cases = []*world{w}
		from := rapid.SampledFrom([]State{UnderCheck, Proposed, Decided, Paid1, ReportDue, ReportSubmitted, Settled}).Draw(rt, "from")
		if from == Settled && w.c.Round.Rules.PrepayFullLimit > 0 {
			from = ReportDue
		}
		w.to(from)
		if w.c.App.Decision.Favourable() && rapid.Bool().Draw(rt, "annul") { // chance alone seldom comes so far
			w.do(registrar1, &RecordAppeal{ReceivedOn: w.today()})
			if w.try(registrar1, &RecordJudgment{On: w.today(), Outcome: "annulled"}) == nil {
				annulled++
			}
		}
		for range rapid.IntRange(0, 40).Draw(rt, "steps") {
			w.at = w.at.AddDate(0, 0, rapid.SampledFrom([]int{0, 0, 0, 1, 7, 40}).Draw(rt, "days"))
			w.c.Facts.Available = w.ledger[AccAvailable]
			b.step(w)
		}
		if deref(w.c.App.Recovery).Returned > 0 {
			returned++
		}
		if !w.c.App.IsFiled() || conflictLocks(w.c.App) {
			return
		}
		rt.Logf("now to the end, from %s", w.c.App.State)
		if !w.toTheEnd() {
			a := w.c.App
			rt.Fatalf("the case can't be ended: %s, claim %+v, payments %+v, change %+v", a.State, a.Recovery, a.Payments, a.ChangeOpen())
		}
		b.always(w)
	})
	if annulled == 0 {
		t.Error("no decision was annulled")
	}
	t.Logf("%d annulled, %d with money sent back under a claim", annulled, returned)
}

// conflictLocks: one of the few people of these tests is in conflict, so that nobody is left for a step; an office has deputies.
func conflictLocks(a Application) bool {
	return slices.ContainsFunc(a.Interests, func(i Interest) bool {
		return i.Conflict && !slices.Contains([]int64{reviewerA.ID, reviewerB.ID, reviewerC.ID}, i.Person)
	})
}
