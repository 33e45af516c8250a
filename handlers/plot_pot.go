package handlers

import (
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// potMonths is how far back the plot of the whole pot looks.
const potMonths = 12

// potPlot draws how a round's money stood at the end of each month, also of those in
// which nothing moved: with the schools, promised, left. The caller fills the table.
func potPlot(l lang.Lang, r sql.Reconciled) Plot {
	p := Plot{ID: "round-" + r.Round, Text: lang.T(l, "reconcile.plot.text"), Table: Table{Caption: roundName(l, r), HideCaption: true, Stack: true},
		Title: lang.T(l, "reconcile.plot.title", lang.Args{"Name": roundName(l, r), "Left": lang.Money(l, r.Sum.Left), "Total": lang.Money(l, r.Sum.Total)})}
	if n := len(r.Months); n > 0 {
		p.drawMonths(l, everyMonth([]sql.Reconciled{r}, r.Months[0].Month, r.Months[n-1].Month))
	}
	return p
}

// allPots draws the money of all rounds together over the last year, up to this month.
func allPots(l lang.Lang, all []sql.Reconciled, now time.Time) Plot {
	until := now.In(workflow.Stockholm())
	from := time.Date(until.Year(), until.Month()-potMonths+1, 1, 0, 0, 0, 0, time.UTC)
	months := everyMonth(all, from.Format("2006-01"), until.Format("2006-01"))
	for len(months) > 1 && months[0].Net+months[0].Reserved+months[0].Left == 0 { // before there was any
		months = months[1:]
	}
	last := months[len(months)-1]
	p := Plot{
		ID:    "pot",
		Text:  lang.T(l, "reconcile.plot.text"),
		Title: lang.T(l, "payouts.pot.title", lang.Args{"Left": lang.Money(l, last.Left), "Total": lang.Money(l, last.Total)}),
		Table: Table{
			Caption:     lang.T(l, "payouts.pot.table"),
			HideCaption: true,
			Head: []Column{
				{Text: lang.T(l, "reconcile.month")},
				{Text: lang.T(l, "reconcile.paid"), Sum: true},
				{Text: lang.T(l, "reconcile.reserved"), Sum: true},
				{Text: lang.T(l, "reconcile.left"), Sum: true},
			},
		},
	}
	p.drawMonths(l, months)
	p.Wide = false
	for _, m := range months {
		p.Table.Rows = append(p.Table.Rows, Row{
			Cells: []Cell{
				{Text: lang.Month(l, m.Month)},
				{Text: lang.Number(l, m.Net)},
				{Text: lang.Number(l, m.Reserved)},
				{Text: lang.Number(l, m.Left)},
			},
		})
	}
	return p
}

// everyMonth is how the rounds stood together at the end of each month from one to
// another; a month in which nothing moved stands as the one before it.
func everyMonth(all []sql.Reconciled, from, until string) (months []sql.Month) {
	at, err := time.Parse("2006-01", from)
	for ; err == nil && at.Format("2006-01") <= until; at = at.AddDate(0, 1, 0) {
		sum := sql.Month{Month: at.Format("2006-01")}
		for _, r := range all {
			var stood sql.Month
			for _, m := range r.Months { // oldest first
				if m.Month <= sum.Month {
					stood = m
				}
			}
			sum.Total, sum.Net, sum.Reserved, sum.Left = sum.Total+stood.Total, sum.Net+stood.Net, sum.Reserved+stood.Reserved, sum.Left+stood.Left
		}
		months = append(months, sum)
	}
	return months
}

// drawMonths draws a column for each month, of what is with the schools, promised and
// left. Where columns are many, only some of them say their number.
func (p *Plot) drawMonths(l lang.Lang, months []sql.Month) {
	const top, base, bottom = 30, 200, 230
	layers := []struct {
		class, key string
		sum        func(sql.Month) int64
	}{
		{"p-1", "pot.paid", func(m sql.Month) int64 { return m.Net }},
		{"p-2", "pot.reserved", func(m sql.Month) int64 { return m.Reserved }},
		{"p-bg", "rounds.left", func(m sql.Month) int64 { return m.Left }},
	}
	p.Height, p.Wide = bottom, true
	for _, y := range layers {
		p.Key = append(p.Key, PlotKey{y.class, lang.T(l, y.key)})
	}
	most, count := int64(1), len(months)
	for _, m := range months {
		most = max(most, m.Net+m.Reserved+m.Left)
	}
	slot := wholeWidth / int64(max(1, count))
	width := min(slot*4/5, 16_000)
	every := (count + 5) / 6 // six numbers have room on a phone
	for n, m := range months {
		x, at := int64(n)*slot+(slot-width)/2, base
		for _, y := range layers {
			h := int(y.sum(m) * int64(base-top) / most)
			if h <= 0 {
				continue
			}
			p.Shapes = append(p.Shapes, rect(y.class, x, width, at-h, max(1, h-2)))
			at -= h
		}
		if (count-1-n)%every == 0 {
			p.Shapes = append(p.Shapes, label("val mid", x+width/2, at-8, thousands(l, m.Left)), label("mid", x+width/2, base+20, lang.ShortMonth(l, m.Month)))
		}
		p.Says = joined(p.Says, lang.T(l, "reconcile.plot.says", lang.Args{"Month": lang.Month(l, m.Month), "Left": lang.Money(l, m.Left)}))
	}
	p.Shapes = append(p.Shapes, line("p-base", 0, wholeWidth, base, base))
}

// potPlots is the pot over time, and each round's as it is now.
func (s *Server) potPlots(c *gin.Context, page *payoutsPage, by workflow.Actor) error {
	l, ctx := page.Lang, c.Request.Context()
	all, err := s.store.Reconcile(ctx, by)
	if err != nil {
		return err
	}
	if len(all) > 0 {
		plot := allPots(l, all, page.Page.Now)
		page.Pot = &plot
	}
	rounds, err := s.store.Rounds(ctx, false)
	if err != nil {
		return err
	}
	money, err := s.store.RoundsMoney(ctx)
	if err != nil {
		return err
	}
	for _, r := range rounds {
		pot := roundPot(l, r.ID, money[r.ID])
		pot.Title = notice.RoundName(l, r)
		page.Pots = append(page.Pots, pot)
	}
	return nil
}
