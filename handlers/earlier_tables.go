package handlers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
)

// earlierYears are the sums that the office compares with its own.
func earlierYears(l lang.Lang, p workflow.EarlierPlan) Table {
	t := Table{
		Caption: lang.T(l, "earlier.sums"),
		Stack:   true,
		Head: []Column{
			{Text: lang.T(l, "statistics.year")},
			{Text: lang.T(l, "earlier.rows"), Sum: true},
			{Text: lang.T(l, "statistics.grants"), Sum: true},
			{Text: lang.T(l, "statistics.applied"), Sum: true},
			{Text: lang.T(l, "sum.granted"), Sum: true},
			{Text: lang.T(l, "earlier.paid"), Sum: true},
			{Text: lang.T(l, "earlier.repaid"), Sum: true},
		},
	}
	cells := func(name string, s workflow.EarlierSums) []Cell {
		return []Cell{
			{Text: name},
			{Text: lang.Number(l, int64(s.Rows))},
			{Text: lang.Number(l, int64(s.Grants))},
			{Text: lang.Money(l, s.Requested)},
			{Text: lang.Money(l, s.Granted)},
			{Text: lang.Money(l, s.Paid)},
			{Text: lang.Money(l, s.Repaid)},
		}
	}
	for _, y := range p.Years {
		t.Rows = append(t.Rows, Row{Cells: cells(fmt.Sprint(y.Year), y.EarlierSums)})
	}
	t.Foot = []Row{{Cells: cells(lang.T(l, "earlier.all"), p.Sums)}}
	return t
}

// earlierReasons counts why rows were rejected.
func earlierReasons(l lang.Lang, p workflow.EarlierPlan) Table {
	counts := map[string]int{}
	for _, r := range p.Rejected {
		for _, v := range r.Faults {
			if v.Code == "earlier_twice" { // one reason, whatever the line that it stands on
				counts[earlierColumn(l, v.Field)+": "+lang.T(l, "earlier.twice")]++
				continue
			}
			counts[earlierFault(l, v)]++
		}
	}
	names := make([]string, 0, len(counts))
	for name := range counts {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(counts[b]-counts[a], lang.Compare(a, b)) })
	t := Table{
		Caption: lang.T(l, "earlier.reasons"),
		Stack:   true,
		Head:    []Column{{Text: lang.T(l, "earlier.reason")}, {Text: lang.T(l, "earlier.rows"), Sum: true}},
	}
	for _, name := range names {
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: name}, {Text: lang.Number(l, int64(counts[name]))}}})
	}
	return t
}

func earlierFault(l lang.Lang, v workflow.Violation) string {
	return earlierColumn(l, v.Field) + ": " + SayViolation(l, v)
}

func earlierRejected(l lang.Lang, p workflow.EarlierPlan) Table {
	t := Table{
		Caption: lang.T(l, "earlier.rejected.rows"),
		Stack:   true,
		Head: []Column{
			{Text: lang.T(l, "earlier.line")},
			{Text: lang.T(l, "field.title")},
			{Text: lang.T(l, "earlier.reason")},
			{Text: lang.T(l, "sum.granted"), Sum: true},
		},
	}
	sum := int64(0)
	for _, r := range p.Rejected {
		sum += r.Granted
	}
	t.Foot = []Row{{Cells: []Cell{{Text: lang.T(l, "earlier.all.rejected")}, {}, {}, {Text: lang.Money(l, sum)}}}}
	for _, r := range p.Rejected[:min(len(p.Rejected), earlierShown)] {
		why := make([]string, len(r.Faults))
		for i, v := range r.Faults {
			why[i] = earlierFault(l, v)
		}
		t.Rows = append(
			t.Rows,
			Row{Cells: []Cell{{Text: fmt.Sprint(r.Line)}, {Text: orText(r.Title, "–")}, {Text: strings.Join(why, " ")}, {Text: lang.Money(l, r.Granted)}}},
		)
	}
	return t
}

func earlierChanged(l lang.Lang, p workflow.EarlierPlan, schools map[int64]string) Table {
	t := Table{
		Caption: lang.T(l, "earlier.changed.rows"),
		Stack:   true,
		Head: []Column{
			{Text: lang.T(l, "earlier.line")},
			{Text: lang.T(l, "field.title")},
			{Text: lang.T(l, "earlier.column")},
			{Text: lang.T(l, "earlier.was")},
			{Text: lang.T(l, "earlier.is")},
		},
	}
	name := func(g workflow.EarlierGrant, field string) string {
		if field == "school" {
			return schools[g.SchoolID]
		}
		return orText(g.Cells()[field], "–")
	}
	for _, x := range p.Changed[:min(len(p.Changed), earlierShown)] {
		for _, field := range x.Fields() {
			t.Rows = append(t.Rows, Row{
				Cells: []Cell{
					{Text: fmt.Sprint(x.Line)},
					{Text: x.After.Title},
					{Text: earlierColumn(l, field)},
					{Text: name(x.Before, field)},
					{Text: name(x.After, field), Strong: true},
				},
			})
		}
	}
	return t
}
