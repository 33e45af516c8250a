package handlers

import (
	"fmt"

	"fund/workflow"
	"fund/workflow/lang"
)

// overpaymentFirst is the second payout that a repayment or a write-off is about; nil
// where it is about the claim, which goes first.
func overpaymentFirst(k workflow.Case) *workflow.Overpayment {
	if r := k.App.Recovery; r.Open() && !r.DecidedAt.IsZero() {
		return nil
	}
	return k.App.Overpaid(0)
}

// overpaidFacts tell what the bank sent a second time, and whether it is back.
func overpaidFacts(l lang.Lang, k workflow.Case) (facts []Fact) {
	for _, o := range k.App.Overpayments {
		f := Fact{Term: lang.T(l, "overpaid.sum"), Value: lang.Money(l, o.Amount), Note: lang.Day(l, o.On.String())}
		if !o.Open() {
			f.Note += ". " + lang.T(l, "overpaid.end."+o.End) + " " + lang.Day(l, o.EndOn.String())
		}
		facts = append(facts, f)
	}
	return facts
}

// overpaidRows are the open second payouts of a case, for finance's list of claims.
func overpaidRows(l lang.Lang, k workflow.Case, name Cell, next Cell) (rows []Row) {
	for _, o := range k.App.Overpayments {
		if !o.Open() {
			continue
		}
		named := name
		named.Note = fmt.Sprintf("%s. %s %s", name.Note, lang.T(l, "overpaid.sum"), lang.Day(l, o.On.String()))
		rows = append(rows, Row{Cells: []Cell{named, {Text: lang.Money(l, o.Amount)}, {Text: lang.Money(l, 0)}, {Text: "–"}, next}})
	}
	return rows
}
