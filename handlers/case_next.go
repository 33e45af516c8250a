package handlers

import (
	"slices"
	"time"

	"fund/workflow"
	"fund/workflow/lang"
)

// moneyNext says who does what by when, and with which sum, while money is to come back
// or the last is to be paid; "" where neither waits.
func moneyNext(l lang.Lang, k workflow.Case, first workflow.Action, today workflow.Date) string {
	a, say := k.App, func(key string, args lang.Args) string { return nextSaid(l, "next.money."+key, first, args) }
	day := func(d workflow.Date) string { return lang.LongDay(l, d.String()) }
	if r := a.Recovery; r.Open() {
		if !r.DecidedAt.IsZero() {
			word, args := claimWord(l, k, today)
			return say("claim."+word, args)
		}
		args := lang.Args{"Sum": lang.Money(l, r.Proposed), "Body": lang.T(l, "body."+k.BodyFor(r.Proposed))}
		switch x := r.Statement; {
		case x == nil:
			return say("proposed", args)
		case x.Given():
			return say("heard", args)
		case x.DueOn.Before(today):
			args["Day"] = day(x.DueOn)
			return say("silent", args)
		default:
			args["Day"] = day(x.DueOn)
			return say("asked", args)
		}
	}
	if o := a.Overpaid(0); o != nil {
		return say("overpaid", lang.Args{"Sum": lang.Money(l, o.Amount)})
	}
	if a.State != workflow.Settled {
		return ""
	}
	if i := slices.IndexFunc(a.Payments, func(p workflow.Payment) bool { return p.Live() || p.Failed() }); i >= 0 {
		word := "last"
		if a.Payments[i].Failed() {
			word = "failed"
		}
		return say(word, lang.Args{"Sum": lang.Money(l, a.Payments[i].Sum())})
	}
	return say("done", nil)
}

// claimWord is about a claim that is decided and not back: the next day on which a part
// of it is due, or what should have come already. Inside the municipality finance books it.
func claimWord(l lang.Lang, k workflow.Case, today workflow.Date) (word string, args lang.Args) {
	r := k.App.Recovery
	if workflow.Channel(k) == "internal" {
		word = "internal."
	}
	args = lang.Args{"Sum": lang.Money(l, r.Left()), "Day": lang.LongDay(l, r.DueOn.String())}
	if owed := r.Owed(today.AddDays(-1)); owed > 0 {
		args["Owed"] = lang.Money(l, owed)
		return word + "late", args
	}
	if len(r.Plan) > 0 {
		day := r.DueNext()
		args["Part"], args["Day"] = lang.Money(l, r.Owed(day)), lang.LongDay(l, day.String())
		return word + "part", args
	}
	return word + "due", args
}

// caseNext says what the case waits for now: a change that waits comes first, then money, then the report.
// To the person whose step it is it says what to do.
func caseNext(l lang.Lang, k workflow.Case, by workflow.Actor, now time.Time) *Note {
	today := workflow.DateOf(now)
	key, first := nextKey(k, today), askedFirst(k, by, now)
	var next *Note
	if lang.Has(l, key) {
		args := lang.Args{}
		if k.App.State == workflow.Decided && k.App.Decision.Favourable() {
			args["Day"] = lang.LongDay(l, k.AcceptBy().String())
		}
		next = &Note{Strong: nextSaid(l, key, first, args)}
	}
	if x := k.App.ChangeOpen(); x != nil {
		args := lang.Args{"Body": lang.T(l, "body."+x.Level), "Day": lang.LongDay(l, dueOf(k, by, workflow.ActDecideChange, today).String())}
		if next.Text = lang.T(l, "next.change_open.body", args); args["Day"] != "" {
			next.Text = lang.T(l, "next.change_open.by", args)
		}
		return next
	}
	if money := moneyNext(l, k, first, today); money != "" && key != "next.untold" {
		return &Note{Strong: money}
	}
	if n := reportNext(l, k, first, today); n != nil {
		return n
	}
	return next
}

// nextSaid is the sentence of a key, addressed to the reader where the step that is waited for is theirs.
func nextSaid(l lang.Lang, key string, first workflow.Action, args lang.Args) string {
	if own := key + "." + string(first); first != "" && lang.Has(l, own) {
		key = own
	}
	return lang.T(l, key, args)
}

// nextKey is the word key of what happens next, by state and by what holds it up.
func nextKey(k workflow.Case, today workflow.Date) string {
	switch a := k.App; {
	case a.Untold():
		return "next.untold"
	case ineligible(k):
		return "next.under_check.ineligible"
	case a.State == workflow.UnderCheck && len(a.Annulled) > 0:
		return "next.under_check.annulled"
	case a.State == workflow.Decided && slices.Contains(workflow.Flags(k), "appealed"):
		if a.Appeal.ForwardedOn.IsZero() {
			return "next.appealed.forward"
		}
		return "next.appealed"
	case a.State == workflow.Decided && !a.Decision.Favourable():
		return "next.decided.refused"
	case a.ChangeOpen() != nil:
		return "next.change_open"
	case a.Cancelled != nil && a.Settlement == nil:
		return "next.cancelled"
	case a.State == workflow.Decided && k.AcceptBy().Before(today):
		return "next.decided.late"
	case a.State == workflow.UnderAssessment:
		return "next.under_assessment" + assessedKey(k)
	}
	return "next." + string(k.App.State)
}

// assessedKey tells that somebody is still to be appointed, or, when all who assess are done, what keeps the case from being ranked.
func assessedKey(k workflow.Case) string {
	all, n := k.App.ReviewsDone()
	if !all && lacksReviewers(k) {
		return ".lacking"
	}
	if !all {
		return ""
	}
	switch a := workflow.Assess(k); {
	case n < k.Round.Rules.Reviewers:
		return ".few"
	case a.Wide && !a.Settled && n > k.Round.Rules.Reviewers:
		return ".third"
	case a.Wide && !a.Settled:
		return ".wide"
	}
	if needsConsensus(k) {
		return ".done"
	}
	return ".agreed"
}
