package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// everyCase reads all cases as the public may know them, and after them the
// decisions of the years before this service: all that is published is made of these.
func (s *Server) everyCase(c *gin.Context) (all []workflow.Case, err error) {
	for k, err := range s.store.AllCases(c.Request.Context(), workflow.Machine(), sql.CaseFilter{}) {
		if err != nil {
			return nil, err
		}
		all = append(all, k.InPublic())
	}
	earlier, err := s.store.EarlierCases(c.Request.Context(), 0)
	return append(all, earlier...), err
}

// grants are the cases in which money was granted; what is public about them is shown, no person's name.
func (s *Server) grants(c *gin.Context) (out []workflow.Case, err error) {
	all, err := s.everyCase(c)
	for _, k := range all {
		if k.IsGrant() {
			out = append(out, k)
		}
	}
	return out, err
}

type statisticsPage struct {
	Page
	Form     *Form
	Filter   []Field
	Facts    []Fact
	Plots    []Plot
	Tables   []Table
	Defs     []Fact
	Spots    []Fact // the draws for spot checks
	Files    []Link
	Reports  []Link
	Empty    Empty
	AsOf     time.Time
	Narrowed bool
}

// statFilter reads the choice of the page's address; what is no year is no limit.
func statFilter(f *Form) workflow.StatFilter {
	year := func(name string) int {
		n, err := strconv.Atoi(f.Raw(name))
		if err != nil || n < 2000 || n > 2999 {
			return 0
		}
		return n
	}
	return workflow.StatFilter{Scheme: f.Raw("scheme"), Round: f.Raw("round"), Operator: f.Raw("operator"), From: year("from"), To: year("to")}
}

// counted is the statistics of the address, with the cases that they were made of.
func (s *Server) counted(c *gin.Context) (*Form, workflow.Statistics, []workflow.Case, error) {
	l, _ := LangOf(c.Request)
	f := ReadForm(l, c.Request.URL.Query())
	all, err := s.everyCase(c)
	if err != nil {
		return f, workflow.Statistics{}, nil, err
	}
	return f, countIn(l, all, statFilter(f)), all, nil
}

// countIn counts with the countries called what the reader calls them: two that
// were written in two languages are one.
func countIn(l lang.Lang, cases []workflow.Case, f workflow.StatFilter) workflow.Statistics {
	cases = slices.Clone(cases)
	for i := range cases {
		cases[i].App.Form.Partner.Country = lang.Country(l, cases[i].App.Form.Partner.Country)
	}
	return workflow.Count(cases, f)
}

func (s *Server) showStatistics(c *gin.Context) error {
	f, st, all, err := s.counted(c)
	if err != nil {
		return err
	}
	p, err := s.newPage(c, "menu.statistics")
	if err != nil {
		return err
	}
	l := p.Lang
	page := statisticsPage{
		Page:     p,
		Form:     f,
		AsOf:     p.Now,
		Narrowed: statFilter(f) != workflow.StatFilter{},
		Empty:    Empty{Title: lang.T(l, "statistics.none"), Text: lang.T(l, "statistics.none.text")},
		Filter:   statFields(l, f, all),
		Facts:    statFacts(l, st),
		Plots:    plotsOf(l, st),
		Defs:     statDefs(l),
		Files:    statFiles(l, c.Request.URL.Query()),
	}
	if st.Total.Grants > 0 {
		page.Lead = lang.T(
			l,
			"statistics.lead",
			lang.Args{"Sum": lang.Money(l, st.Total.Granted), "Count": st.Total.Grants, "Pupils": notice.Pupils(l, st.Total)},
		)
		page.Tables = []Table{
			groupTable(l, lang.T(l, "statistics.rounds"), lang.T(l, "fact.round"), st.Rounds, roundNames(l, all)),
			groupTable(l, lang.T(l, "statistics.levels"), lang.T(l, "fact.level"), st.Levels, levelName(l)),
		}
		for i := range page.Tables {
			page.Tables[i].HideCaption = false
		}
	}
	if page.Spots, err = s.spotFacts(c, l, all); err != nil {
		return err
	}
	ideas, err := s.ideaTable(c, l)
	if err != nil {
		return err
	}
	if len(ideas.Rows) > 0 {
		page.Tables = append(page.Tables, ideas)
	}
	for _, y := range workflow.Count(all, workflow.StatFilter{}).ByYear {
		if y.Sum() == 0 { // no grants, no report
			continue
		}
		page.Reports = append(
			[]Link{{Text: lang.T(l, "yearly.link", lang.Args{"Year": y.Year}), Href: fmt.Sprintf("/statistics/yearly/%d", y.Year)}},
			page.Reports...)
	}
	return s.page(c, http.StatusOK, "public/statistics", page)
}

// statFields are the choices that narrow the statistics.
func statFields(l lang.Lang, f *Form, all []workflow.Case) []Field {
	rounds, schemes := []Option{}, []Option{}
	seen := map[string]bool{}
	for _, k := range all {
		if k.App.Round != "" && !seen["r"+k.App.Round] {
			seen["r"+k.App.Round] = true
			rounds = append(rounds, Option{Value: k.App.Round, Text: notice.RoundName(l, k.Round)})
		}
		if !seen["s"+k.App.Scheme] {
			seen["s"+k.App.Scheme] = true
			schemes = append(schemes, Option{Value: k.App.Scheme, Text: schemeName(l, k.Scheme)})
		}
	}
	every := lang.T(l, "statistics.every")
	return []Field{
		{Form: f, Name: "round", Kind: "select", Label: lang.T(l, "fact.round"), Options: rounds, Empty: every},
		{Form: f, Name: "scheme", Kind: "select", Label: lang.T(l, "statistics.scheme"), Options: schemes, Empty: every},
		{Form: f, Name: "from", Kind: "text", Label: lang.T(l, "statistics.from"), Mode: "numeric", Width: "w4"},
		{Form: f, Name: "to", Kind: "text", Label: lang.T(l, "statistics.to"), Mode: "numeric", Width: "w4"},
		{
			Form:    f,
			Name:    "operator",
			Kind:    "select",
			Label:   lang.T(l, "statistics.operator"),
			Options: Options(l, "operator", "kommunal", "fristaende", "extern"),
			Empty:   every,
		},
	}
}

// schemeName is what the scheme's own data call it.
func schemeName(l lang.Lang, s workflow.Scheme) string {
	if l == lang.EN && s.NameEN != "" {
		return s.NameEN
	}
	return s.NameSV
}

func levelName(l lang.Lang) func(string) string {
	return func(level string) string {
		if key := "level." + level; lang.Has(l, key) {
			return lang.T(l, key)
		}
		return "–"
	}
}

func operatorName(l lang.Lang) func(string) string {
	return func(o string) string { return lang.T(l, "operator."+o) }
}

// roundNames calls rounds by the names that their data give them.
func roundNames(l lang.Lang, all []workflow.Case) func(string) string {
	names := map[string]string{}
	for _, k := range all {
		names[k.App.Round] = notice.RoundName(l, k.Round)
	}
	return func(id string) string {
		if n := names[id]; n != "" {
			return n
		}
		return id
	}
}

func statFacts(l lang.Lang, s workflow.Statistics) []Fact {
	return []Fact{
		{Term: lang.T(l, "statistics.filed"), Value: lang.Number(l, s.Filed)},
		{Term: lang.T(l, "statistics.grants"), Value: lang.Number(l, s.Total.Grants)},
		{Term: lang.T(l, "statistics.pupils"), Value: notice.Pupils(l, s.Total)},
		{Term: lang.T(l, "sum.granted"), Value: lang.Money(l, s.Total.Granted)},
	}
}

// statCodes are the measures, in the order in which they are explained.
var statCodes = []string{
	"filed", "grants", "refused", "pupils", "applied", "granted", "kept", "levels", "operators", "countries", "areas", "goals",
	"steps", "share", "spots", "earlier", "small", "ideas",
}

func statDefs(l lang.Lang) (list []Fact) {
	for _, code := range statCodes {
		list = append(list, Fact{Term: lang.T(l, "statistics.def."+code+".h"), Value: lang.T(l, "statistics.def."+code)})
	}
	return list
}

// statFiles are the downloads of the same choice.
func statFiles(l lang.Lang, q url.Values) []Link {
	keep := url.Values{}
	for _, name := range []string{"round", "scheme", "from", "to", "operator"} {
		if v := q.Get(name); v != "" {
			keep.Set(name, v)
		}
	}
	query := ""
	if len(keep) > 0 {
		query = "?" + keep.Encode()
	}
	return []Link{{Text: "CSV", Href: "/statistics.csv" + query}, {Text: "XLSX", Href: "/statistics.xlsx" + query}}
}
