package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// publicPages lists the pages of this room: what anyone may read.
func (s *Server) publicPages() []pageRoute {
	const get = http.MethodGet
	list := []pageRoute{
		{method: get, path: "/", do: s.showStart, open: true},
		{method: get, path: "/registry", do: s.showRegistry, open: true},
		{method: get, path: "/statistics", do: s.showStatistics, open: true},
	}
	for _, name := range textPages {
		list = append(list, pageRoute{method: get, path: "/" + name, do: s.showText(name), open: true})
	}
	return list
}

// textPages are pages of words alone: text.<name>.title, .lead, and .1, .2, … with .h before each.
var textPages = []string{"accessibility", "privacy", "suomeksi", "davvisamegillii", "ideas", "funding", "cofinancing"}

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
		if name == "ideas" || name == "cofinancing" || name == "funding" {
			page.Links = []Link{{Text: lang.T(p.Lang, "apply.start"), Href: "/apply"}, {Text: p.Contact, Href: "mailto:" + p.Contact}}
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

type registryPage struct {
	Page
	Table Table
	Empty Empty
	Sum   string
}

// grants are the cases in which money was granted; what is public about them is shown, no person's name.
func (s *Server) grants(c *gin.Context) (out []workflow.Case, err error) {
	var after int64
	for {
		cases, next, err := s.store.FullCases(c.Request.Context(), workflow.Machine(), sql.CaseFilter{Limit: 500, After: after})
		if err != nil {
			return nil, err
		}
		for _, k := range cases {
			if k.App.Decision.Favourable() && k.App.State != workflow.Lapsed {
				out = append(out, k)
			}
		}
		if after = next; next == 0 {
			return out, nil
		}
	}
}

func (s *Server) showRegistry(c *gin.Context) error {
	p, err := s.newPage(c, "menu.registry")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Lead = lang.T(l, "registry.lead")
	page := registryPage{Page: p, Empty: Empty{Title: lang.T(l, "registry.none")}}
	page.Table = Table{Caption: p.Title, HideCaption: true, Stack: true, Head: []Column{{Text: lang.T(l, "field.title")}, {Text: lang.T(l, "fact.applicant")}, {Text: lang.T(l, "fact.partner")}, {Text: lang.T(l, "fact.round")}, {Text: lang.T(l, "sum.granted"), Sum: true}}}
	list, err := s.grants(c)
	if err != nil {
		return err
	}
	var sum int64
	for _, k := range list {
		sum += k.App.Decision.Granted
		page.Table.Rows = append(page.Table.Rows, Row{Cells: []Cell{{Text: k.App.Form.Title}, {Text: applicantName(k)}, {Text: k.App.Form.Partner.City + ", " + k.App.Form.Partner.Country}, {Text: k.App.Round}, {Text: lang.Money(l, k.App.Decision.Granted)}}})
	}
	page.Table.Foot = []Row{{Cells: []Cell{{Text: lang.T(l, "case.sum")}, {}, {}, {}, {Text: lang.Money(l, sum)}}}}
	return s.page(c, http.StatusOK, "public/registry", page)
}

// showStatistics adds up grants per round and per school form.
func (s *Server) showStatistics(c *gin.Context) error {
	p, err := s.newPage(c, "menu.statistics")
	if err != nil {
		return err
	}
	l := p.Lang
	list, err := s.grants(c)
	if err != nil {
		return err
	}
	page := statisticsPage{Page: p, Empty: Empty{Title: lang.T(l, "registry.none")},
		Rounds: addUp(l, list, lang.T(l, "fact.round"), func(k workflow.Case) string { return k.Round.Name }),
		Levels: addUp(l, list, lang.T(l, "fact.level"), func(k workflow.Case) string { return lang.T(l, "level."+k.Level()) })}
	return s.page(c, http.StatusOK, "public/statistics", page)
}

type statisticsPage struct {
	Page
	Rounds, Levels Table
	Empty          Empty
}

// addUp makes a table of grants, pupils and kronor for each group, in the order in which they are met.
func addUp(l lang.Lang, list []workflow.Case, name string, group func(workflow.Case) string) Table {
	t := Table{Caption: name, Stack: true, Head: []Column{{Text: name}, {Text: lang.T(l, "statistics.grants"), Sum: true}, {Text: lang.T(l, "statistics.pupils"), Sum: true}, {Text: lang.T(l, "sum.granted"), Sum: true}}}
	type sums struct{ n, pupils, kronor int64 }
	all, order := map[string]*sums{}, []string{}
	for _, k := range list {
		g := group(k)
		if all[g] == nil {
			all[g] = &sums{}
			order = append(order, g)
		}
		all[g].n++
		all[g].pupils += intOf(k.App.Form.Participants.Pupils)
		all[g].kronor += k.App.Decision.Granted
	}
	for _, g := range order {
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: g}, {Text: lang.Number(l, all[g].n)}, {Text: lang.Number(l, all[g].pupils)}, {Text: lang.Money(l, all[g].kronor)}}})
	}
	return t
}
