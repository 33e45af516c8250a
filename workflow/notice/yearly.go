package notice

import (
	"fmt"
	"strconv"
	"time"

	"fund/workflow"
	"fund/workflow/lang"
)

// KindYearly is the report on a year to the board (domain 8, stage 18).
const KindYearly = "yearly"

// Year is what the yearly report tells: one year's numbers, and those of the year before beside them.
type Year struct {
	Year        int
	Now, Before workflow.Statistics
	Rounds      map[string]string // names of rounds by id
	Ideas       int64             // questions and ideas that came in
	At          time.Time
}

// Yearly is the fund's year for the board: money, schools, countries, goals and days, without any name.
func Yearly(o Office, y Year) Notice {
	n := Notice{
		Kind:  KindYearly,
		Lang:  o.Lang,
		Over:  o.t("document.yearly", nil),
		Title: o.t("notice.yearly.title", lang.Args{"Year": y.Year}),
		Date:  y.At,
		To:    []string{o.t("body."+workflow.Board, nil)},
	}
	total := y.Now.Total
	n.Sum = &Sum{
		Before: o.t("notice.yearly.sum.before", nil),
		Amount: o.money(total.Granted),
		After:  o.t("notice.yearly.sum.after", lang.Args{"Count": total.Grants, "Pupils": Pupils(o.Lang, total)}),
	}
	n.Facts = []Fact{
		{o.t("notice.yearly.filed", nil), lang.Number(o.Lang, y.Now.Filed)},
		{o.t("notice.yearly.refused", nil), lang.Number(o.Lang, y.Now.Rejected+y.Now.Dismissed)},
		{o.t("notice.yearly.applied", nil), o.money(y.Now.Applied)},
		{o.t("notice.yearly.kept", nil), o.money(total.Kept)},
		{o.t("notice.yearly.before", lang.Args{"Year": y.Year - 1}), o.money(y.Before.Total.Granted)},
	}
	for _, x := range y.Now.ByYear {
		if percent, ok := x.Independent(); ok && x.Year == y.Year {
			n.Facts = append(n.Facts, Fact{o.t("statistics.def.share.h", nil), fmt.Sprintf("%d\u00a0%%", percent)})
		}
	}
	if y.Ideas > 0 {
		n.Facts = append(n.Facts, Fact{o.t("notice.yearly.ideas", nil), lang.Number(o.Lang, y.Ideas)})
	}
	asIs := func(s string) string { return s }
	for _, x := range []struct {
		key    string
		groups []workflow.StatGroup
		name   func(string) string
	}{
		{"rounds", y.Now.Rounds, func(id string) string {
			if name := y.Rounds[id]; name != "" {
				return name
			}
			return id
		}},
		{"levels", y.Now.Levels, func(s string) string { return o.t("level."+s, nil) }},
		{"operators", y.Now.Operators, func(s string) string { return o.t("operator."+s, nil) }},
		{"countries", y.Now.Countries, asIs},
		{"areas", y.Now.Areas, asIs},
	} {
		if len(x.groups) > 0 {
			n.Sections = append(n.Sections, o.groups(x.key, x.groups, x.name))
		}
	}
	n.Sections = append(n.Sections, o.goals(y.Now.Goals))
	if len(y.Now.Steps) > 0 {
		n.Sections = append(n.Sections, o.steps(y.Now.Steps))
	}
	n.Sections = append(n.Sections, Section{
		Heading: o.t("notice.yearly.how", nil),
		Points: []string{
			o.t("statistics.def.grants", nil),
			o.t("statistics.def.pupils", nil),
			o.t("statistics.def.kept", nil),
			o.t("statistics.def.areas", nil),
			o.t("statistics.def.share", nil),
			o.t("statistics.def.small", nil),
		},
	})
	n.Foot = append(n.Foot, Fact{lang.T(o.Lang, "app.municipality"), lang.T(o.Lang, "app.office")})
	if o.Email != "" {
		n.Foot = append(n.Foot, Fact{o.t("notice.foot.email", nil), o.Email})
	}
	return n
}

// Pupils is how many pupils a group of grants is told to have: at least so many
// where some of its grants have too few to be told.
func Pupils(l lang.Lang, g workflow.StatGroup) string {
	switch n := lang.Number(l, g.Pupils); {
	case g.Few == 0:
		return n
	case g.Pupils == 0:
		return lang.T(l, "statistics.small", lang.Args{"Count": g.Few})
	default:
		return lang.T(l, "statistics.at_least", lang.Args{"N": n})
	}
}

func (o Office) groups(key string, groups []workflow.StatGroup, name func(string) string) Section {
	t := Table{Head: []string{o.t("statistics."+key, nil), o.t("statistics.grants", nil), o.t("statistics.pupils", nil), o.t("sum.granted", nil)}}
	for _, g := range groups {
		t.Rows = append(t.Rows, []string{name(g.Key), lang.Number(o.Lang, g.Grants), Pupils(o.Lang, g), o.money(g.Granted)})
	}
	return Section{Heading: o.t("notice.yearly."+key, nil), Bars: o.groupBars(groups, name), Table: &t}
}

// mostBars is how many groups are drawn by name.
const mostBars = 8

// groupBars draws what each group got; the small ones share the last bar. One alone says nothing as a drawing.
func (o Office) groupBars(groups []workflow.StatGroup, name func(string) string) *Bars {
	if len(groups) < 2 {
		return nil
	}
	b, rest := &Bars{}, int64(0)
	for i, g := range groups {
		if i >= mostBars && len(groups) > mostBars+1 {
			rest += g.Granted
			continue
		}
		b.Rows = append(b.Rows, Bar{Label: name(g.Key), Value: o.money(g.Granted), Parts: []int64{g.Granted}})
	}
	if rest > 0 {
		b.Rows = append(b.Rows, Bar{Label: o.t("plot.others", lang.Args{"Count": len(groups) - mostBars}), Value: o.money(rest), Parts: []int64{rest}})
	}
	return b
}

// goals says how the goals of the accepted reports were reached, area by area.
func (o Office) goals(goals []workflow.GoalGroup) Section {
	s := Section{Heading: o.t("notice.yearly.goals", nil)}
	if len(goals) == 0 {
		s.Paragraphs = []string{o.t("notice.yearly.goals.none", nil)}
		return s
	}
	t := Table{Head: []string{o.t("statistics.areas", nil), o.t("reached.full", nil), o.t("reached.partly", nil), o.t("reached.no", nil)}}
	s.Bars = &Bars{Key: []string{o.t("reached.full", nil), o.t("reached.partly", nil), o.t("reached.no", nil)}}
	for _, g := range goals {
		s.Bars.Rows = append(
			s.Bars.Rows,
			Bar{Label: g.Area, Value: o.t("plot.goals.of", lang.Args{"Full": g.Full, "Count": g.Sum()}), Parts: []int64{g.Full, g.Partly, g.No}},
		)
		t.Rows = append(t.Rows, []string{g.Area, lang.Number(o.Lang, g.Full), lang.Number(o.Lang, g.Partly), lang.Number(o.Lang, g.No)})
	}
	s.Table = &t
	return s
}

func (o Office) steps(steps []workflow.StepDays) Section {
	t := Table{Head: []string{o.t("plot.steps.step", nil), o.t("plot.steps.mid", nil), o.t("plot.steps.half", nil), o.t("plot.steps.promise", nil)}}
	b := &Bars{}
	for _, x := range steps {
		promise, of := "–", o.t("plot.days", lang.Args{"N": x.Mid})
		if x.Promise > 0 {
			promise, of = strconv.Itoa(x.Promise), o.t("plot.steps.of", lang.Args{"N": x.Mid, "Promise": x.Promise})
		}
		b.Rows = append(b.Rows, Bar{Label: o.t("plot.step."+x.Code, nil), Value: of, Parts: []int64{int64(x.Mid)}, Mark: int64(x.Promise)})
		t.Rows = append(t.Rows, []string{o.t("plot.step."+x.Code, nil), strconv.Itoa(x.Mid), strconv.Itoa(x.Low) + "–" + strconv.Itoa(x.High), promise})
	}
	return Section{Heading: o.t("notice.yearly.steps", nil), Paragraphs: []string{o.t("notice.yearly.steps.text", nil)}, Bars: b, Table: &t}
}
