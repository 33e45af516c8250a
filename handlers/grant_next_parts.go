package handlers

import (
	"fund/jobs/bank"
	"fund/workflow"
	"fund/workflow/lang"
)

// nextRecovery is about money that may have to come back, or has to: what the school is asked,
// then what it is to pay or, inside the municipality, what finance books.
func nextRecovery(l lang.Lang, k workflow.Case, today workflow.Date) (string, lang.Args) {
	r := k.App.Recovery
	if !r.DecidedAt.IsZero() {
		word, args := claimWord(l, k, today)
		return "claim." + word, args
	}
	args := lang.Args{"Sum": lang.Money(l, r.Proposed)}
	x := r.Statement
	switch {
	case x == nil:
		return "recovery_proposed", args
	case x.Given():
		return "statement_given", nil
	}
	args["Day"] = lang.LongDay(l, x.DueOn.String())
	if x.DueOn.Before(today) {
		return "statement_silent", args
	}
	return "statement", args
}

// nextInCheck is about the officer's check. The promised day is told while it lies ahead;
// an answer to our questions, a court and a late filing have words of their own.
func nextInCheck(l lang.Lang, k workflow.Case, today workflow.Date) (string, lang.Args) {
	a := k.App
	due := workflow.AddBankDays(workflow.DateOf(a.ReceivedAt), k.Round.Rules.CheckDays)
	args := lang.Args{"Day": lang.LongDay(l, due.String())}
	switch c := a.Completion; {
	case len(a.Annulled) > 0:
		return "annulled", nil
	case c != nil && c.Answered:
		return "check_answered", nil
	case c != nil && c.Expired:
		return "check_unanswered", lang.Args{"Day": lang.LongDay(l, c.DueOn.String())}
	case due.Before(today):
		return "check_late", args
	case k.Late():
		return "check_filed_late", args
	}
	return "under_check", args
}

// nextInAssessment is about the reviewers and the decision; without a meeting ahead no day is promised.
func nextInAssessment(l lang.Lang, k workflow.Case, today workflow.Date) (string, lang.Args) {
	key, body := "assessment", lang.T(l, "body."+k.DecisionBody())
	if k.App.State != workflow.UnderAssessment {
		key = "decision"
	}
	args := lang.Args{"Body": lowerFirst(body), "Count": k.Round.Rules.Reviewers}
	if k.Round.Meeting.IsZero() || k.Round.Meeting.Before(today) {
		return key, args
	}
	args["Body"], args["Day"] = body, lang.LongDay(l, k.Round.Meeting.String())
	return key + "_on", args
}

// nextRefused is about a refusal: whether it can still be appealed, or a court has it.
func nextRefused(l lang.Lang, k workflow.Case, today workflow.Date) (string, lang.Args) {
	a := k.App
	if x := a.Appeal; x != nil && x.InTime && x.Judgment == nil {
		if x.ForwardedOn.IsZero() {
			return "appealed", nil
		}
		return "in_court", nil
	}
	last := a.Decision.LastAppealDay
	switch {
	case last.IsZero():
		return "refused", nil
	case last.Before(today):
		return "refused_final", nil
	}
	return "refused_until", lang.Args{"Day": lang.LongDay(l, last.String())}
}

// nextBeforeTrip is about the payment while one waits or has failed, then about the trip.
func nextBeforeTrip(l lang.Lang, k workflow.Case, today workflow.Date) (string, lang.Args) {
	for _, p := range k.App.Payments {
		if p.Last || !p.Live() && !p.Failed() {
			continue
		}
		return nextPayment(l, k, p, today)
	}
	if start, _, ok := k.App.Form.Activity.Days(); ok {
		return "trip", lang.Args{"Day": lang.LongDay(l, start.String())}
	}
	return "trip_unknown", nil
}

// accountRefused tells whether a payment did not arrive for what the payee may know better:
// the bank sent it back, or names the account.
func accountRefused(p workflow.Payment) bool {
	return p.Channel != "internal" && (p.Status == workflow.PayReturned || p.Status == workflow.PayRejected && bank.PayeeAccount(p.Reason))
}

// nextPayment is about an instalment that has not arrived.
func nextPayment(l lang.Lang, k workflow.Case, p workflow.Payment, today workflow.Date) (string, lang.Args) {
	args := lang.Args{"Sum": lang.Money(l, p.Sum()), "Day": lang.LongDay(l, p.Earliest.String())}
	switch {
	case !p.Unsettled() && accountRefused(p):
		return "payment_back", args
	case p.Failed(), p.Unsettled():
		return "payment_trouble", args
	case p.UnderWay():
		return "payment_way", args
	}
	unmet := workflow.UnmetFor(k, p, today)
	for _, u := range unmet {
		if u.Code == "condition_open" {
			return "condition", args
		}
	}
	switch {
	case !p.Earliest.IsZero() && today.Before(p.Earliest):
		return "payment_on", args
	case len(unmet) == 0:
		return "payment_ready", args
	}
	return "payment", args
}
