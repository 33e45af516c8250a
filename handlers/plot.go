package handlers

import (
	"fmt"
	"slices"
	"strconv"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// Plot is a figure: a heading that says the finding, a drawing made here, and
// the same numbers in a table beside it. Widths and x are percent of the room
// and heights pixels, so that text keeps its size at every width.
type Plot struct {
	ID     string
	Title  string // the finding
	Text   string // what is measured
	Says   string // the drawing in words, for those who don't see it
	Height int
	Shapes []Shape
	Key    []PlotKey
	Table  Table
	Wide   bool // the table has too many columns to stand beside the drawing
}

// Shape is a piece of a drawing. Kind: rect, line or text. X, Width and X2 are percent with their sign.
type Shape struct {
	Kind, Class   string
	X, Width, X2  string
	Y, Height, Y2 string
	Text          string
}

// PlotKey says what a tone means.
type PlotKey struct{ Class, Text string }

func rect(class string, x, width int64, y, height int) Shape {
	return Shape{Kind: "rect", Class: class, X: percent(x), Width: percent(width), Y: strconv.Itoa(y), Height: strconv.Itoa(height)}
}

func line(class string, x, x2 int64, y, y2 int) Shape {
	return Shape{Kind: "line", Class: class, X: percent(x), X2: percent(x2), Y: strconv.Itoa(y), Y2: strconv.Itoa(y2)}
}

func label(class string, x int64, y int, text string) Shape {
	return Shape{Kind: "text", Class: class, X: percent(x), Y: strconv.Itoa(y), Text: text}
}

// whole is the full width in thousandths of a percent.
const wholeWidth = 100_000

// part is a share of the full width.
func part(n, of int64) int64 {
	if of <= 0 {
		return 0
	}
	return min(n, of) * wholeWidth / of
}

// thousands writes kronor as thousands for a drawing; the table has them all.
func thousands(l lang.Lang, kronor int64) string { return lang.Number(l, (kronor+500)/1000) }

// tones are the school forms of the stacked columns, from the ground up.
var tones = []struct {
	class, key string
	levels     []string
}{
	{"p-1", "plot.tone.primary", []string{"grundskola"}},
	{"p-2", "plot.tone.secondary", []string{"gymnasieskola"}},
	{"p-warm", "plot.tone.adapted", []string{"anpassad_grundskola", "anpassad_gymnasieskola"}},
	{"p-3", "plot.tone.other", []string{"extern_aktor", "forskola", "internationell_skola", ""}},
}

// columnsPlot stacks what each year granted by school form.
func columnsPlot(l lang.Lang, s workflow.Statistics) Plot {
	const top, base, bottom = 30, 260, 290
	p := Plot{ID: "years", Text: lang.T(l, "plot.years.text"), Height: bottom}
	p.Title = lang.T(l, "plot.years.title."+trend(s.ByYear))
	var most int64
	var sums [4]int64
	for _, y := range s.ByYear {
		most = max(most, y.Sum())
	}
	tone := func(y workflow.YearLevels, i int) (sum int64) {
		for _, level := range tones[i].levels {
			sum += y.Levels[level]
		}
		return sum
	}
	p.Table = Table{Caption: lang.T(l, "plot.years.table"), HideCaption: true, Head: []Column{{Text: lang.T(l, "statistics.year")}}}
	for i, t := range tones {
		for _, y := range s.ByYear {
			sums[i] += tone(y, i)
		}
		if sums[i] > 0 {
			p.Key = append(p.Key, PlotKey{t.class, lang.T(l, t.key)})
			p.Table.Head = append(p.Table.Head, Column{Text: lang.T(l, t.key+".short"), Sum: true})
		}
	}
	p.Table.Head = append(p.Table.Head, Column{Text: lang.T(l, "statistics.all"), Sum: true})
	p.Wide = len(p.Table.Head) > 5
	slot := wholeWidth / int64(max(1, len(s.ByYear)))
	width := min(slot*4/5, 16_000)
	for n, y := range s.ByYear {
		x, at := int64(n)*slot+(slot-width)/2, base
		row := []Cell{{Text: strconv.Itoa(y.Year)}}
		for i, t := range tones {
			sum := tone(y, i)
			if sums[i] > 0 {
				row = append(row, Cell{Text: lang.Number(l, sum)})
			}
			h := int(sum * int64(base-top) / max(1, most))
			if h == 0 {
				continue
			}
			p.Shapes = append(p.Shapes, rect(t.class, x, width, at-h, max(1, h-2)))
			at -= h
		}
		p.Shapes = append(p.Shapes, label("val mid", x+width/2, at-8, thousands(l, y.Sum())), label("mid", x+width/2, base+20, strconv.Itoa(y.Year)))
		p.Table.Rows = append(p.Table.Rows, Row{Cells: append(row, Cell{Text: lang.Number(l, y.Sum())})})
		p.Says = joined(p.Says, lang.T(l, "plot.years.says", lang.Args{"Year": y.Year, "Sum": lang.Money(l, y.Sum())}))
	}
	p.Shapes = append(p.Shapes, line("p-base", 0, wholeWidth, base, base))
	return p
}

// trend compares the newest year with the one before it.
func trend(years []workflow.YearLevels) string {
	n := len(years)
	switch {
	case n < 2:
		return "one"
	case years[n-1].Sum() > years[n-2].Sum():
		return "more"
	case years[n-1].Sum() < years[n-2].Sum():
		return "less"
	}
	return "same"
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + ", " + b
}

// bar is a line of a plot of bars.
type bar struct {
	name  string
	value int64
	text  string
}

// bars draws a bar under each name, the longest over the full width.
func bars(p *Plot, list []bar, most int64) {
	const step = 44
	for i, b := range list {
		y := i * step
		p.Shapes = append(p.Shapes, label("", 0, y+15, b.name), label("val end", wholeWidth, y+15, b.text),
			rect("p-bg", 0, wholeWidth, y+21, 11), rect("p-1", 0, part(b.value, most), y+21, 11))
		p.Says = joined(p.Says, b.name+" "+b.text)
	}
	p.Height = len(list) * step
}

// mostBars is how many countries are drawn by name.
const mostBars = 8

// groupPlot draws what each group got of the whole, the largest first; small ones share the last bar. A
// grant may stand in several groups, so the whole is given: their sum may be more.
func groupPlot(l lang.Lang, id string, groups []workflow.StatGroup, whole int64, name func(string) string) Plot {
	p := Plot{ID: id, Text: lang.T(l, "plot."+id+".text")}
	var rest int64
	p.Table = groupTable(l, lang.T(l, "plot."+id+".table"), lang.T(l, "statistics."+id), groups, name)
	if len(groups) == 0 {
		return p
	}
	p.Title = lang.T(l, "plot."+id+".title", lang.Args{"Name": name(groups[0].Key), "Percent": (groups[0].Granted*200 + whole) / max(1, 2*whole)})
	var list []bar
	for i, g := range groups {
		if i >= mostBars && len(groups) > mostBars+1 {
			rest += g.Granted
			continue
		}
		list = append(list, bar{name(g.Key), g.Granted, lang.T(l, "plot.tkr", lang.Args{"N": thousands(l, g.Granted)})})
	}
	if rest > 0 {
		list = append(
			list,
			bar{lang.T(l, "plot.others", lang.Args{"Count": len(groups) - mostBars}), rest, lang.T(l, "plot.tkr", lang.Args{"N": thousands(l, rest)})},
		)
	}
	most := groups[0].Granted
	bars(&p, list, max(most, rest))
	return p
}

// groupTable is a table of groups: grants, pupils and kronor.
func groupTable(l lang.Lang, caption, head string, groups []workflow.StatGroup, name func(string) string) Table {
	t := Table{
		Caption:     caption,
		HideCaption: true,
		Head: []Column{
			{Text: head},
			{Text: lang.T(l, "statistics.grants"), Sum: true},
			{Text: lang.T(l, "statistics.pupils"), Sum: true},
			{Text: lang.T(l, "sum.granted"), Sum: true},
		},
	}
	for _, g := range groups {
		t.Rows = append(
			t.Rows,
			Row{Cells: []Cell{{Text: name(g.Key)}, {Text: lang.Number(l, g.Grants)}, {Text: notice.Pupils(l, g)}, {Text: lang.Money(l, g.Granted)}}},
		)
	}
	return t
}

// sharePlot draws the independent schools' share of each year's kronor.
func sharePlot(l lang.Lang, s workflow.Statistics) Plot {
	p := Plot{ID: "share", Text: lang.T(l, "plot.share.text")}
	p.Table = Table{
		Caption:     lang.T(l, "plot.share.table"),
		HideCaption: true,
		Head: []Column{
			{Text: lang.T(l, "statistics.year")},
			{Text: lang.T(l, "operator.fristaende"), Sum: true},
			{Text: lang.T(l, "operator.kommunal"), Sum: true},
			{Text: lang.T(l, "statistics.share"), Sum: true},
		},
	}
	var list []bar
	for _, y := range s.ByYear {
		share, ok := y.Independent()
		if !ok {
			continue
		}
		text := fmt.Sprintf("%d\u00a0%%", share)
		list = append(list, bar{strconv.Itoa(y.Year), share, text})
		p.Table.Rows = append(p.Table.Rows, Row{
			Cells: []Cell{
				{Text: strconv.Itoa(y.Year)},
				{Text: lang.Number(l, y.Operators["fristaende"])},
				{Text: lang.Number(l, y.Operators["kommunal"])},
				{Text: text},
			},
		})
		p.Title = lang.T(l, "plot.share.title", lang.Args{"Percent": share, "Year": y.Year})
	}
	bars(&p, list, 100)
	return p
}

// stepsPlot draws the working days of each step against what was promised.
func stepsPlot(l lang.Lang, steps []workflow.StepDays) Plot {
	const step = 58
	p := Plot{ID: "steps", Text: lang.T(l, "plot.steps.text"), Height: len(steps)*step + 26}
	p.Table = Table{
		Caption:     lang.T(l, "plot.steps.table"),
		HideCaption: true,
		Head: []Column{
			{Text: lang.T(l, "plot.steps.step")},
			{Text: lang.T(l, "plot.steps.mid"), Sum: true},
			{Text: lang.T(l, "plot.steps.half"), Sum: true},
			{Text: lang.T(l, "plot.steps.promise"), Sum: true},
		},
	}
	most, kept, promised := 10, 0, 0
	for _, x := range steps {
		most = max(most, x.High, x.Promise)
		if x.Promise > 0 {
			promised++
			if x.Mid <= x.Promise {
				kept++
			}
		}
	}
	p.Title = lang.T(l, "plot.steps.title.none")
	if promised > 0 {
		p.Title = lang.T(l, "plot.steps.title", lang.Args{"Kept": kept, "Count": promised})
	}
	room := int64(most) * 5 / 4 // words stand behind the longest band
	at := func(days int) int64 { return part(int64(days), room) }
	tick := max(5, (most/4+4)/5*5)
	for d := 0; d <= most; d += tick {
		p.Shapes = append(p.Shapes, line("p-axis", at(d), at(d), 0, len(steps)*step))
		class, text := "mid", strconv.Itoa(d)
		if d == 0 {
			class = ""
		}
		if d+tick > most {
			text = lang.T(l, "plot.days", lang.Args{"N": d})
		}
		p.Shapes = append(p.Shapes, label(class, at(d), len(steps)*step+20, text))
	}
	for i, x := range steps {
		y := i * step
		name, text := lang.T(l, "plot.step."+x.Code), lang.T(l, "plot.days", lang.Args{"N": x.Mid})
		promise := "–"
		if x.Promise > 0 {
			promise = strconv.Itoa(x.Promise)
			text = lang.T(l, "plot.steps.of", lang.Args{"N": x.Mid, "Promise": x.Promise})
			p.Shapes = append(p.Shapes, rect("p-bg", 0, at(x.Promise), y+24, 18), line("p-base", at(x.Promise), at(x.Promise), y+20, y+46))
		}
		p.Shapes = append(
			p.Shapes,
			label("", 0, y+15, name),
			rect("p-2", at(x.Low), max(600, at(x.High)-at(x.Low)), y+24, 18),
			rect("p-3", max(0, at(x.Mid)-400), 800, y+20, 26),
			label("val", max(at(x.High), at(x.Promise))+1500, y+39, text),
		)
		p.Says = joined(p.Says, name+" "+text)
		p.Table.Rows = append(p.Table.Rows, Row{
			Cells: []Cell{
				{Text: name, Note: lang.T(l, "plot.steps.cases", lang.Args{"Count": x.N})},
				{Text: strconv.Itoa(x.Mid)},
				{Text: fmt.Sprintf("%d–%d", x.Low, x.High)},
				{Text: promise},
			},
		})
	}
	return p
}

// goalsPlot draws how the goals of each area were reached.
func goalsPlot(l lang.Lang, goals []workflow.GoalGroup) Plot {
	const step = 50
	p := Plot{
		ID:     "goals",
		Text:   lang.T(l, "plot.goals.text"),
		Height: len(goals) * step,
		Key:    []PlotKey{{"p-1", lang.T(l, "reached.full")}, {"p-2", lang.T(l, "reached.partly")}, {"p-warm", lang.T(l, "reached.no")}},
	}
	p.Table = Table{
		Caption:     lang.T(l, "plot.goals.table"),
		HideCaption: true,
		Head: []Column{
			{Text: lang.T(l, "statistics.areas")},
			{Text: lang.T(l, "reached.full"), Sum: true},
			{Text: lang.T(l, "reached.partly"), Sum: true},
			{Text: lang.T(l, "reached.no"), Sum: true},
		},
	}
	var full, all int64
	for i, g := range goals {
		y := i * step
		full, all = full+g.Full, all+g.Sum()
		text := lang.T(l, "plot.goals.of", lang.Args{"Full": g.Full, "Count": g.Sum()})
		p.Shapes = append(p.Shapes, label("", 0, y+15, shortArea(l)(g.Area)), label("val end", wholeWidth, y+15, text))
		x := int64(0)
		for _, t := range []struct {
			class string
			n     int64
		}{{"p-1", g.Full}, {"p-2", g.Partly}, {"p-warm", g.No}} {
			w := part(t.n, g.Sum())
			if w > 0 {
				p.Shapes = append(p.Shapes, rect(t.class, x, max(0, w-250), y+22, 14))
			}
			x += w
		}
		p.Says = joined(p.Says, shortArea(l)(g.Area)+" "+text)
		p.Table.Rows = append(
			p.Table.Rows,
			Row{Cells: []Cell{{Text: shortArea(l)(g.Area)}, {Text: lang.Number(l, g.Full)}, {Text: lang.Number(l, g.Partly)}, {Text: lang.Number(l, g.No)}}},
		)
	}
	p.Title = lang.T(l, "plot.goals.title", lang.Args{"Percent": (full*200 + all) / max(1, 2*all)})
	return p
}

// plotsOf draws what there is something to draw of.
func plotsOf(l lang.Lang, s workflow.Statistics) (list []Plot) {
	asIs := func(key string) string { return key }
	if len(s.ByYear) > 0 {
		list = append(list, columnsPlot(l, s))
	}
	if len(s.Countries) > 0 {
		list = append(list, groupPlot(l, "countries", s.Countries, s.Total.Granted, asIs))
	}
	if len(s.Areas) > 0 {
		list = append(list, groupPlot(l, "areas", s.Areas, s.Total.Granted, shortArea(l)))
	}
	if len(s.Goals) > 0 {
		list = append(list, goalsPlot(l, s.Goals))
	}
	if len(s.Steps) > 0 {
		list = append(list, stepsPlot(l, s.Steps))
	}
	if p := sharePlot(l, s); len(p.Table.Rows) > 0 {
		list = append(list, p)
	}
	return slices.Clip(list)
}
