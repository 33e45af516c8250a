package handlers

import (
	"fund/workflow"
	"fund/workflow/lang"
)

// doSums are the sums that an action is about.
func (s *Server) doSums(l lang.Lang, k workflow.Case, by workflow.Actor, action workflow.Action, today workflow.Date) []Fact {
	switch action {
	case workflow.ActPropose, workflow.ActDecide, workflow.ActRuleEligibility, workflow.ActApprove:
		sums := limitSums(l, k, today)
		if by.Office() {
			sums = append(sums, Fact{Term: lang.T(l, "fact.decider"), Value: lang.T(l, "body."+k.DecisionBody())})
		}
		return sums
	case workflow.ActAcceptReport:
		return settlementSums(l, k)
	case workflow.ActReportCancellation:
		if k.App.Cancelled != nil && k.App.Decision != nil {
			x := workflow.Cancel(k)
			return []Fact{
				{Term: lang.T(l, "sum.granted"), Value: lang.Money(l, k.App.Decision.Granted)},
				{Term: lang.T(l, "sum.unavoidable"), Value: lang.Money(l, x.UnavoidableNet)},
				{Term: lang.T(l, "sum.entitlement"), Value: lang.Money(l, x.Entitlement), Strong: true},
				{Term: lang.T(l, "sum.repay"), Value: lang.Money(l, x.Repay), Total: true},
			}
		}
	case workflow.ActAskStatement, workflow.ActGiveStatement:
		if r := k.App.Recovery; r != nil {
			return []Fact{{Term: lang.T(l, "sum.proposed"), Value: lang.Money(l, r.Proposed), Total: true}}
		}
	case workflow.ActDecideRecovery, workflow.ActRecordRepayment, workflow.ActWriteOff:
		if o := overpaymentFirst(k); o != nil && action != workflow.ActDecideRecovery {
			return []Fact{{Term: lang.T(l, "overpaid.sum"), Value: lang.Money(l, o.Amount), Note: lang.Day(l, o.On.String()), Total: true}}
		}
		if r := k.App.Recovery; r != nil {
			if r.DecidedAt.IsZero() {
				return []Fact{{Term: lang.T(l, "sum.proposed"), Value: lang.Money(l, r.Proposed), Total: true}}
			}
			return []Fact{
				{Term: lang.T(l, "sum.claimed"), Value: lang.Money(l, r.Amount)},
				{Term: lang.T(l, "sum.repaid"), Value: lang.Money(l, r.Repaid())},
				{Term: lang.T(l, "sum.written_off"), Value: lang.Money(l, r.WrittenOff())},
				{Term: lang.T(l, "grant.claim.left"), Value: lang.Money(l, r.Left()), Total: true},
			}
		}
	}
	return nil
}

// settlementSums shows the arithmetic of RF-23, or RF-21 for a cancelled trip, step by step.
func settlementSums(l lang.Lang, k workflow.Case) []Fact {
	if k.App.Decision == nil || k.App.Report == nil && k.App.Cancelled == nil {
		return nil
	}
	sums := []Fact{}
	now := workflow.SettlementNow(k)
	if k.App.Settlement != nil {
		now = *k.App.Settlement
	}
	for _, st := range workflow.SettlementSteps(k) {
		sums = append(sums, Fact{Term: lang.T(l, "step."+st.Code), Value: lang.Money(l, st.Amount), Strong: st.Amount == now.Entitlement})
	}
	return append(sums, Fact{Term: lang.T(l, "sum.entitlement"), Value: lang.Money(l, now.Entitlement), Strong: true, Total: true},
		Fact{Term: lang.T(l, "sum.paid"), Value: lang.Money(l, k.App.PaidOut())},
		Fact{Term: lang.T(l, "sum.final"), Value: lang.Money(l, now.FinalPayment)}, Fact{Term: lang.T(l, "sum.repay"), Value: lang.Money(l, now.Repay)})
}

// limitSums shows the calculator's limits, the one that rules in bold.
func limitSums(l lang.Lang, k workflow.Case, today workflow.Date) []Fact {
	n := limitsOf(k, today)
	list := []Fact{}
	add := func(key string, v *int64, limit string) {
		if v != nil {
			list = append(list, Fact{Term: lang.T(l, "limit."+key), Value: lang.Money(l, *v), Strong: n.Ruling == limit})
		}
	}
	add("requested", k.App.Form.Requested, workflow.LimitRequested)
	add("per_head_cap", n.PerHeadCap, workflow.LimitPerHead)
	add("share_cap", &n.ShareCap, workflow.LimitShare)
	gap := max(0, n.Gap) // as a limit, more than the whole cost from others is nothing
	add("gap", &gap, workflow.LimitGap)
	add("max_per_application", n.MaxPerApp, workflow.LimitApplication)
	return append(list, Fact{Term: lang.T(l, "limit.max_grant"), Value: lang.Money(l, n.MaxGrant), Strong: true, Total: true})
}

// limitsOf computes a case for somebody to read. While nothing is asked for yet,
// it tells what could be: of the whole cost, what the limits leave.
func limitsOf(k workflow.Case, today workflow.Date) workflow.Computed {
	if k.App.Form.Requested == nil {
		whole := k.App.Form.TotalCost()
		k.App.Form.Requested = &whole
		n := workflow.Compute(k, today)
		n.Unfunded += whole
		return n
	}
	return workflow.Compute(k, today)
}
