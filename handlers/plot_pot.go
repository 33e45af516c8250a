package handlers

import (
	"fund/sql"
	"fund/workflow/lang"
)

// potPlot draws how a round's money stood at the end of each month in which
// something moved: with the schools, promised, left. The caller fills the table.
func potPlot(l lang.Lang, r sql.Reconciled) Plot {
	const top, base, bottom = 30, 200, 230
	layers := []struct {
		class, key string
		sum        func(sql.Month) int64
	}{
		{"p-1", "pot.paid", func(m sql.Month) int64 { return m.Net }},
		{"p-2", "pot.reserved", func(m sql.Month) int64 { return m.Reserved }},
		{"p-bg", "rounds.left", func(m sql.Month) int64 { return m.Left }},
	}
	p := Plot{ID: "round-" + r.Round, Height: bottom, Wide: true, Text: lang.T(l, "reconcile.plot.text"), Table: Table{Caption: roundName(l, r), HideCaption: true, Stack: true},
		Title: lang.T(l, "reconcile.plot.title", lang.Args{"Name": roundName(l, r), "Left": lang.Money(l, r.Sum.Left), "Total": lang.Money(l, r.Sum.Total)})}
	for _, y := range layers {
		p.Key = append(p.Key, PlotKey{y.class, lang.T(l, y.key)})
	}
	var most int64
	for _, m := range r.Months {
		most = max(most, m.Net+m.Reserved+m.Left)
	}
	slot := wholeWidth / int64(max(1, len(r.Months)))
	width := min(slot*4/5, 16_000)
	for n, m := range r.Months {
		x, at := int64(n)*slot+(slot-width)/2, base
		for _, y := range layers {
			h := int(y.sum(m) * int64(base-top) / max(1, most))
			if h <= 0 {
				continue
			}
			p.Shapes = append(p.Shapes, rect(y.class, x, width, at-h, max(1, h-2)))
			at -= h
		}
		p.Shapes = append(p.Shapes, label("val mid", x+width/2, at-8, thousands(l, m.Left)), label("mid", x+width/2, base+20, m.Month[2:]))
		p.Says = joined(p.Says, lang.T(l, "reconcile.plot.says", lang.Args{"Month": m.Month, "Left": lang.Money(l, m.Left)}))
	}
	p.Shapes = append(p.Shapes, line("p-base", 0, wholeWidth, base, base))
	return p
}
