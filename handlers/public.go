package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// publicPages lists the pages of this room: what anyone may read.
func (s *Server) publicPages() []pageRoute {
	const get = http.MethodGet
	list := []pageRoute{
		{method: get, path: "/", do: s.showStart, open: true},
		{method: get, path: "/registry", do: s.showRegistry, open: true},
		{method: get, path: "/registry.csv", do: s.sendRegistry, open: true},
		{method: get, path: "/registry/:id", do: s.showOpenGrant, open: true},
		{method: get, path: "/registry/earlier/:id", do: s.showEarlierGrant, open: true},
		{method: get, path: "/statistics", do: s.showStatistics, open: true},
		{method: get, path: "/statistics/yearly/:year", do: s.showYearly, open: true},
		{method: get, path: "/statistics/yearly/:year/report.pdf", do: s.sendYearly, open: true},
		{method: get, path: "/statistics.csv", do: s.sendStatisticsCSV, open: true},
		{method: get, path: "/statistics.xlsx", do: s.sendStatisticsXLSX, open: true},
	}
	for _, name := range textPages {
		list = append(list, pageRoute{method: get, path: "/" + name, do: s.showText(name), open: true})
	}
	return list
}

// textPages are pages of words alone: text.<name>.title, .lead, and .1, .2, … with .h before each.
var textPages = []string{"accessibility", "privacy", "suomeksi", "davvisamegillii"}

type textPage struct {
	Page
	Parts []Step
	Links []Link
}

func (s *Server) showText(name string) handler {
	return func(c *gin.Context) error {
		p, err := s.newPage(c, "text."+name+".title")
		if err != nil {
			return err
		}
		p.Lead = lang.T(p.Lang, "text."+name+".lead")
		page := textPage{Page: p}
		for _, n := range []string{"1", "2", "3", "4"} {
			if key := "text." + name + "." + n; lang.Has(p.Lang, key) {
				page.Parts = append(page.Parts, Step{Title: lang.T(p.Lang, key+".h"), Text: lang.T(p.Lang, key)})
			}
		}
		if name == "accessibility" {
			page.Links = []Link{{Text: lang.T(p.Lang, "text.accessibility.report"), Href: "https://www.digg.se/tdosanmalan"}, {Text: p.Contact, Href: "mailto:" + p.Contact}}
		}
		return s.page(c, http.StatusOK, "public/text", page)
	}
}

type startPage struct {
	Page
	Form   *Form
	Rounds []roundChoice
	Empty  Empty
	Tally  *Tally
	In     bool
}

// showStart is the front page: the fund, the open rounds, and the calculator.
func (s *Server) showStart(c *gin.Context) error {
	p, err := s.newPage(c, "start.title")
	if err != nil {
		return err
	}
	p.Lead = lang.T(p.Lang, "start.lead")
	page := startPage{Page: p, Form: ReadForm(p.Lang, c.Request.URL.Query()), In: actorOf(c).ID != 0, Empty: Empty{Title: lang.T(p.Lang, "apply.none"), Text: lang.T(p.Lang, "apply.none.text")}}
	if page.Rounds, err = s.openRounds(c, p); err != nil {
		return err
	}
	if page.Form.Has("level") {
		t, err := s.calculate(c, page.Form, workflow.DateOf(p.Now))
		if err != nil {
			return err
		}
		page.Tally = &t
	}
	page.Errors = page.Form.Errors
	return s.page(c, http.StatusOK, "public/start", page)
}

// calculate asks the one calculator about an exchange that is only imagined.
func (s *Server) calculate(c *gin.Context, f *Form, today workflow.Date) (Tally, error) {
	set, err := s.store.NewestRules(c.Request.Context(), "skolutbyte")
	if err != nil {
		return Tally{}, err
	}
	rules, err := workflow.DecodeRules(set.Rules)
	if err != nil {
		return Tally{}, err
	}
	cost := intOf(f.Kronor("cost"))
	k := workflow.Case{School: &workflow.School{Level: f.Text("level")}, Round: workflow.Round{Rules: rules}}
	external := f.Kronor("external")
	k.App.Form = workflow.Form{Activity: workflow.Activity{Type: "outgoing_group"}, Participants: workflow.Participants{Pupils: f.Int("pupils"), Staff: f.Int("staff")}, Requested: &cost,
		Budget: []workflow.BudgetLine{{Line: 1, Code: "RES", Amount: &cost}}}
	if external != nil {
		k.App.Form.Funding = []workflow.Funding{{Type: "external_grant", Status: "confirmed", Amount: external}}
	}
	n := workflow.Compute(k, today)
	t := Tally{ID: "tally", Title: lang.T(f.Lang, "tally.title"), Answer: lang.T(f.Lang, "tally.answer", lang.Args{"Sum": lang.Money(f.Lang, n.MaxGrant)}), Why: lang.T(f.Lang, "tally.why."+n.Ruling)}
	for _, x := range limitSums(f.Lang, k, today) {
		if !x.Total && x.Term != lang.T(f.Lang, "limit.requested") {
			t.Limits = append(t.Limits, Limit{Text: x.Term, Sum: x.Value, Low: x.Strong})
		}
	}
	return t, nil
}
