package handlers

import (
	"fmt"
	"slices"
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// nextStep says in the applicant's words what happens next, who does it and by
// when, also when it is nothing. open are the actions of the reader.
func nextStep(l lang.Lang, k workflow.Case, open []workflow.Action, today workflow.Date) Note {
	key, args := nextWords(l, k, today)
	n := Note{Strong: lang.T(l, caseKey(l, k, "grant.next."+key), args)}
	text := "grant.next." + key + ".text"
	if own := text + ".external"; k.Scheme.Applicant == "organisation" && lang.Has(l, own) {
		text = own // there is no teacher or principal
	}
	if lang.Has(l, text) {
		n.Text = lang.T(l, text, args)
	}
	if inCheck := k.App.State == workflow.Submitted || k.App.State == workflow.UnderCheck; inCheck && k.App.Unapproved && key != "check_unanswered" {
		n.Strong = lang.T(l, "grant.next.unapproved") // RF-02: the school has something to do, though not the one who reads
	}
	if k.App.State == workflow.ReportSubmitted && slices.Contains(open, workflow.ActApprove) || k.App.Unapproved && slices.Contains(open, workflow.ActApprove) {
		n = Note{Strong: lang.T(l, "grant.next.approve"), Text: lang.T(l, "grant.next.approve.text")}
	}
	if wantsReport(k, open) {
		n.Text = strings.TrimSpace(n.Text + " " + lang.T(l, "grant.next.send_report"))
	}
	return n
}

// wantsReport tells whether everything is proposed to be paid back for want of a report that
// this person can still send in: then the proposal falls.
func wantsReport(k workflow.Case, open []workflow.Action) bool {
	r := k.App.Recovery
	return r.ForNoReport() && r.DecidedAt.IsZero() && slices.Contains(open, workflow.ActSubmitReport)
}

// nextWords finds the words of the next step and fills their places.
func nextWords(l lang.Lang, k workflow.Case, today workflow.Date) (string, lang.Args) {
	a := k.App
	day := func(d workflow.Date) lang.Args { return lang.Args{"Day": lang.LongDay(l, d.String())} }
	if a.Recovery.Open() {
		return nextRecovery(l, k, today)
	}
	if a.Cancelled != nil && a.Settlement == nil {
		return "cancelled", nil
	}
	switch a.State {
	case workflow.CompletionRequested:
		return "completion_requested", day(a.Completion.DueOn)
	case workflow.Submitted, workflow.UnderCheck:
		return nextInCheck(l, k, today)
	case workflow.UnderAssessment, workflow.Ranked, workflow.Proposed:
		return nextInAssessment(l, k, today)
	case workflow.Decided:
		if a.Decision.Favourable() {
			last := notice.AcceptBy(k)
			if last.Before(today) {
				return "accept_late", day(last)
			}
			return "accept", day(last)
		}
		return nextRefused(l, k, today)
	case workflow.ConditionsAccepted, workflow.Payable, workflow.Paid1:
		if x := a.ChangeOpen(); x != nil {
			return nextChange(l, k.Round.Rules, *x)
		}
		return nextBeforeTrip(l, k, today)
	case workflow.Travelling:
		if x := a.ChangeOpen(); x != nil {
			return nextChange(l, k.Round.Rules, *x)
		}
		if i := slices.IndexFunc(a.Payments, workflow.Payment.Failed); i >= 0 {
			return nextPayment(l, k, a.Payments[i], today)
		}
		return "travelling", day(workflow.Compute(k, today).ReportDue)
	case workflow.ReportDue:
		due := workflow.Compute(k, today).ReportDue
		if due.Before(today) {
			if k.Facts.Blocked {
				return "report_blocked", day(due)
			}
			return "report_late", day(due)
		}
		return "report_due", day(due)
	case workflow.ReportSubmitted:
		if k.Scheme.NeedsPrincipal && a.Report.Approval == nil {
			return "report_principal", nil
		}
		return "report_read", nil
	case workflow.ReportReturned:
		if workflow.Unanswered(k, today) {
			return "report_unanswered", day(a.Report.ReturnDueOn)
		}
		return "report_returned", day(a.Report.ReturnDueOn)
	case workflow.ReportAccepted:
		return "settling", nil
	case workflow.Settled:
		if i := slices.IndexFunc(a.Payments, func(p workflow.Payment) bool { return p.Live() || p.Failed() }); i >= 0 {
			key := "last_payment"
			if p := a.Payments[i]; p.Failed() || p.Unsettled() {
				key = "payment_trouble"
			}
			return key, lang.Args{"Sum": lang.Money(l, a.Payments[i].Sum())}
		}
		return "closing", nil
	}
	return string(a.State), nil // withdrawn, lapsed, closed
}

// nextChange is about a change that waits for an answer: who gives it, and by when where that is known.
func nextChange(l lang.Lang, r workflow.Rules, x workflow.Change) (string, lang.Args) {
	args := lang.Args{"Body": lang.T(l, "body."+x.Level)}
	day, meeting := changeBy(r, x.Level, workflow.DateOf(x.AskedAt), nil)
	if meeting {
		return "change_meeting", args
	}
	args["Day"] = lang.LongDay(l, day.String())
	return "change", args
}

// payPart is an instalment as the school reads it.
type payPart struct {
	Title string
	Sum   string
	Tag   Tag
	When  string
	Why   []string // why it can't be paid yet, each a sentence
}

var payColors = map[string]string{
	workflow.PayPaid:     "success",
	workflow.PayPayable:  "info",
	workflow.PayInBatch:  "info",
	workflow.PayExported: "info",
	workflow.PaySent:     "info",
	workflow.PayAccepted: "info",
	workflow.PayUnclear:  "warning",
	workflow.PayRejected: "danger",
	workflow.PayReturned: "danger",
}

// payParts are the instalments that count: those replaced by a new one are left out.
func payParts(l lang.Lang, k workflow.Case, today workflow.Date) (parts []payPart) {
	for _, p := range k.App.Payments {
		if p.Status == workflow.PayReplaced {
			continue
		}
		status := workflow.PaymentStatus(k, p, today)
		x := payPart{
			Title: lang.T(l, "grant.part", lang.Args{"N": p.N}),
			Sum:   lang.Money(l, p.Sum()),
			Tag:   Tag{Text: lang.T(l, "payment_status."+status), Color: payColors[status]},
		}
		switch {
		case !p.PaidOn.IsZero():
			x.When = lang.T(l, "grant.paid_on", lang.Args{"Day": lang.Day(l, p.PaidOn.String())})
		case k.App.Cancelled != nil && k.App.Settlement == nil: // nothing is paid by its day any more
		case !p.Earliest.IsZero() && p.Live():
			x.When = lang.T(l, "grant.earliest", lang.Args{"Day": lang.Day(l, p.Earliest.String())})
		case p.Last && p.Live() && k.App.Settlement == nil:
			x.When = lang.T(l, "grant.after_report")
		}
		for _, u := range workflow.UnmetFor(k, p, today) {
			x.Why = append(x.Why, SayUnmet(l, u))
		}
		parts = append(parts, x)
	}
	return parts
}

// paidInto says where the money goes, with no more of an account than its owner needs to know it again.
func paidInto(l lang.Lang, p workflow.PayInto, channel string) string {
	tail := func(s string) string {
		if len(s) > 4 {
			return "… " + s[len(s)-4:]
		}
		return s
	}
	number := map[string]string{"bankgiro": p.Bankgiro, "plusgiro": p.Plusgiro, "account": p.Account, "iban": p.IBAN}[channel]
	switch {
	case channel == "internal" && p.Project != "":
		return lang.T(l, "grant.into.internal_project", lang.Args{"CostCentre": p.CostCentre, "Project": p.Project})
	case channel == "internal":
		return lang.T(l, "grant.into.internal", lang.Args{"CostCentre": p.CostCentre})
	}
	return lang.T(l, "grant.into.bank", lang.Args{"Method": lang.T(l, "method."+channel), "Number": tail(number)})
}

// conditionList are the decision's own conditions, each with its day and where it stands.
func conditionList(l lang.Lang, d *workflow.Decision) (list []Answer) {
	for _, x := range d.Conditions {
		a := Answer{
			Term:  lang.T(l, "grant.condition", lang.Args{"N": x.N}),
			Value: x.Text,
			Note:  x.Note,
			Tag:   &Tag{Text: lang.T(l, "grant.condition.open"), Color: "warning"},
		}
		if x.Met != nil {
			a.Tag = &Tag{Text: lang.T(l, fmt.Sprintf("grant.condition.%t", *x.Met)), Color: map[bool]string{true: "success", false: "danger"}[*x.Met]}
		}
		if !x.DueOn.IsZero() {
			a.Term = lang.T(l, "grant.condition.by", lang.Args{"N": x.N, "Day": lang.Day(l, x.DueOn.String())})
		}
		list = append(list, a)
	}
	return list
}
