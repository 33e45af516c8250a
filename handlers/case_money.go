package handlers

import (
	"strings"

	"fund/jobs/bank"
	"fund/workflow"
	"fund/workflow/lang"
)

// moneyTable is the budget: what is asked for, and what counts.
func moneyTable(l lang.Lang, k workflow.Case) Table {
	t := Table{
		Caption:     lang.T(l, "case.money"),
		HideCaption: true,
		Head:        []Column{{Text: lang.T(l, "case.cost")}, {Text: lang.T(l, "case.planned"), Sum: true}, {Text: lang.T(l, "case.counts"), Sum: true}},
	}
	var sum, counts int64
	for _, b := range workflow.CountedLines(k.App.Form, k.Round.Rules) {
		class := ""
		if b.Counts != b.Sum() {
			class = "diff"
		}
		sum, counts = sum+b.Sum(), counts+b.Counts
		text := b.Text
		if text == "" {
			text = costName(l, b.Code)
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: text}, {Text: lang.Number(l, b.Sum())}, {Text: lang.Number(l, b.Counts), Class: class}}})
	}
	t.Foot = []Row{{Cells: []Cell{{Text: lang.T(l, "case.sum")}, {Text: lang.Number(l, sum)}, {Text: lang.Number(l, counts)}}}}
	return t
}

// paymentTable is the payment plan, with each reason why something can't be paid yet.
func paymentTable(l lang.Lang, k workflow.Case, today workflow.Date) Table {
	t := Table{
		Caption:     lang.T(l, "case.payments"),
		HideCaption: true,
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "case.part")},
			{Text: lang.T(l, "field.amount"), Sum: true},
			{Text: lang.T(l, "queue.state")},
			{Text: lang.T(l, "case.unmet")},
		},
	}
	for _, p := range k.App.Payments {
		var why []string
		for _, u := range workflow.UnmetFor(k, p, today) {
			why = append(why, SayUnmet(l, u))
		}
		if p.Reason != "" && (p.Status == workflow.PayRejected || p.Status == workflow.PayReturned || p.Status == workflow.PayUnclear) {
			sv, en := bank.ReasonWords(p.Reason, false, "")
			why = append(why, inWords(l, sv, en))
		}
		note := ""
		if !p.PaidOn.IsZero() {
			note = lang.Day(l, p.PaidOn.String())
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: lang.T(l, "case.instalment", lang.Args{"N": p.N})}, {Text: lang.Money(l, p.Sum())},
			{Text: lang.T(l, "payment_status."+workflow.PaymentStatus(k, p, today)), Note: note}, {Text: strings.Join(why, " ")}}})
	}
	return t
}
