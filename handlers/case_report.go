package handlers

import (
	"encoding/json"
	"fmt"

	"fund/workflow"
	"fund/workflow/lang"
)

// reportBy is the day that the school has for its report now: that of the return where it was sent back.
func reportBy(k workflow.Case) workflow.Date {
	if r := k.App.Report; r != nil && k.App.State == workflow.ReportReturned {
		return r.ReturnDueOn
	}
	return k.ReportDueOn()
}

// reportNext says to the office who does what by when while a report is awaited or read; nil where none is.
func reportNext(l lang.Lang, k workflow.Case, first workflow.Action, today workflow.Date) *Note {
	a, due := k.App, reportBy(k)
	if a.Cancelled != nil || due.IsZero() {
		return nil
	}
	key, late := "next."+string(a.State), false
	switch a.State {
	case workflow.ReportDue:
		late = due.Before(today)
	case workflow.ReportReturned:
		if late = workflow.Unanswered(k, today); late && k.Scheme.NeedsPrincipal && a.Report.ApprovedBefore == nil {
			key += ".unapproved"
		}
	case workflow.ReportSubmitted:
		if k.Scheme.NeedsPrincipal && a.Report.Approval == nil {
			return nil // the common words say who answers first
		}
		return &Note{Strong: nextSaid(l, key+".approved", first, nil)}
	default:
		return nil
	}
	if !late {
		return &Note{Strong: lang.T(l, key+".by", lang.Args{"Day": lang.LongDay(l, due.String())})}
	}
	n := &Note{Kind: "warn", Strong: lang.T(l, key+".late", lang.Args{"Day": lang.LongDay(l, due.String())})}
	if a.PaidNet() > 0 && a.Recovery == nil {
		n.Text = lang.T(l, "next.report.claim", lang.Args{"Day": lang.LongDay(l, k.ReportDay().AddDays(k.Round.Rules.RecoveryAfterDays).String())})
	}
	return n
}

// reportLinks lead from the office's page of a case to its report and to what it is entitled to.
func reportLinks(l lang.Lang, k workflow.Case) (list []Link) {
	if k.App.Report != nil {
		list = append(list, Link{Text: lang.T(l, "grant.report.read"), Href: fmt.Sprintf("/reports/%d", k.App.ID)})
	}
	if settles(k) {
		list = append(list, Link{Text: lang.T(l, "grant.settlement.read"), Href: fmt.Sprintf("/applications/%d/settlement", k.App.ID)})
	}
	return list
}

// reportDueFacts tell which day holds before it is moved.
func reportDueFacts(l lang.Lang, k workflow.Case) []Fact {
	return []Fact{{Term: lang.T(l, "act.extend_report.now"), Value: lang.LongDay(l, reportBy(k).String())}}
}

// unansweredNote tells who accepts a report what the school was asked and did not answer.
func unansweredNote(l lang.Lang, k workflow.Case, today workflow.Date) *Note {
	if !workflow.Unanswered(k, today) {
		return nil
	}
	r := k.App.Report
	note := &Note{Kind: "warn", Strong: lang.T(l, "act.accept_report.unanswered", lang.Args{"Day": lang.LongDay(l, r.ReturnDueOn.String())})}
	for _, x := range r.ReturnedPoints {
		note.Items = append(note.Items, returnedPoint(l, x))
	}
	return note
}

// causeIn is the cause that an event names; "" where it names none.
func causeIn(data []byte) string {
	var x struct {
		Cause string `json:"cause"`
	}
	if json.Unmarshal(data, &x) != nil {
		return ""
	}
	return x.Cause
}
