package handlers

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"fund/jobs/row"
	"fund/jobs/table"
	"fund/jobs/xlsx"
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

// statSheet is one table of the downloads, the same for both forms. What a number
// means is the definition of its measure (cols, one a column after the first), and
// of what the table groups by (code; empty where that says nothing more).
type statSheet struct {
	name, code string
	head       []string
	cols       []string
	rows       [][]any
}

// define says what the number in a row's column means.
func (s statSheet) define(l lang.Lang, row []any, col int) string {
	if len(s.cols) == 0 { // each row is a measure of its own, and says what it is
		return fmt.Sprint(row[len(row)-1])
	}
	code := s.cols[min(col, len(s.cols))-1]
	out := lang.T(l, "statistics.def."+code)
	if s.code != "" && s.code != code {
		out += " " + lang.T(l, "statistics.def."+s.code)
	}
	return out
}

// groupCols are the measures of a table of groups.
var groupCols = []string{"grants", "pupils", "granted", "kept", "small"}

// statSheets are the statistics as tables of whole numbers. Pupils are counted of the grants that tell of them; how many grants don't stands beside.
func statSheets(l lang.Lang, s workflow.Statistics, all []workflow.Case) []statSheet {
	t := func(key string) string { return lang.T(l, key) }
	kr := func(key string) string { return inKronor(l, t(key)) }
	def := func(code string) string { return t("statistics.def." + code) }
	out := []statSheet{
		{name: t("statistics.summary"), head: []string{t("statistics.measure"), t("statistics.value"), t("statistics.definition")}, rows: [][]any{
			{t("statistics.filed"), s.Filed, def("filed")},
			{t("statistics.grants"), s.Total.Grants, def("grants")},
			{t("outcome.rejected"), s.Rejected, def("refused")},
			{t("outcome.dismissed"), s.Dismissed, def("refused")},
			{t("state.withdrawn"), s.Withdrawn, def("filed")},
			{t("statistics.pupils"), pupilCell(s.Total), def("pupils")},
			{t("statistics.few"), s.Total.Few, def("small")},
			{kr("statistics.applied"), s.Applied, def("applied")},
			{kr("sum.granted"), s.Total.Granted, def("granted")},
			{kr("statistics.kept"), s.Total.Kept, def("kept")},
		}},
	}
	asIs := func(key string) string { return key }
	for _, x := range []struct {
		key, code string
		groups    []workflow.StatGroup
		name      func(string) string
	}{{"statistics.years", "", s.Years, asIs}, {"statistics.rounds", "", s.Rounds, roundNames(l, all)}, {"statistics.levels", "levels", s.Levels, levelName(l)},
		{"statistics.countries", "countries", s.Countries, asIs}, {"statistics.areas", "areas", s.Areas, shortArea(l)}, {"statistics.operators", "operators", s.Operators, operatorName(l)}} {
		sheet := statSheet{
			name: t(x.key),
			code: x.code,
			cols: groupCols,
			head: []string{t(x.key), t("statistics.grants"), t("statistics.pupils"), kr("sum.granted"), kr("statistics.kept"), t("statistics.few")},
		}
		for _, g := range x.groups {
			sheet.rows = append(sheet.rows, []any{x.name(g.Key), g.Grants, pupilCell(g), g.Granted, g.Kept, g.Few})
		}
		out = append(out, sheet)
	}
	share := statSheet{
		name: t("statistics.def.share.h"),
		cols: []string{"granted", "granted", "share"},
		head: []string{t("statistics.years"), kr("operator.fristaende"), kr("operator.kommunal"), t("statistics.share") + " (%)"},
	}
	for _, y := range s.ByYear {
		if percent, ok := y.Independent(); ok {
			share.rows = append(share.rows, []any{strconv.Itoa(y.Year), y.Operators["fristaende"], y.Operators["kommunal"], percent})
		}
	}
	goals := statSheet{
		name: t("plot.goals.table"),
		code: "areas",
		cols: []string{"goals"},
		head: []string{t("statistics.areas"), t("reached.full"), t("reached.partly"), t("reached.no")},
	}
	for _, g := range s.Goals {
		goals.rows = append(goals.rows, []any{shortArea(l)(g.Area), g.Full, g.Partly, g.No})
	}
	steps := statSheet{
		name: t("plot.steps.table"),
		cols: []string{"steps"},
		head: []string{
			t("plot.steps.step"),
			t("statistics.cases"),
			t("statistics.quarter"),
			t("plot.steps.mid"),
			t("statistics.three_quarters"),
			t("statistics.longest"),
			t("plot.steps.promise"),
		},
	}
	for _, x := range s.Steps {
		steps.rows = append(steps.rows, []any{t("plot.step." + x.Code), int64(x.N), int64(x.Low), int64(x.Mid), int64(x.High), int64(x.Most), promiseCell(x)})
	}
	return append(out, share, goals, steps)
}

// inKronor is the heading of a column of bare sums: a file has no unit beside its numbers.
func inKronor(l lang.Lang, name string) string {
	return lang.T(l, "field.in_kronor", lang.Args{"Name": name})
}

// promiseCell is empty where nobody has promised anything.
func promiseCell(x workflow.StepDays) any {
	if x.Promise == 0 {
		return ""
	}
	return int64(x.Promise)
}

// pupilCell is empty where no number may be told.
func pupilCell(g workflow.StatGroup) any {
	if g.Pupils == 0 && g.Few > 0 {
		return ""
	}
	return g.Pupils
}

// sendStatisticsCSV is one long table: each number with its table, group, measure and definition.
func (s *Server) sendStatisticsCSV(c *gin.Context) error {
	f, st, all, err := s.counted(c)
	if err != nil {
		return err
	}
	l := f.Lang
	head := []string{
		lang.T(l, "statistics.table"),
		lang.T(l, "statistics.group"),
		lang.T(l, "statistics.measure"),
		lang.T(l, "statistics.value"),
		lang.T(l, "statistics.definition"),
	}
	spots, err := s.spotSheet(c, l, all, statFilter(f))
	if err != nil {
		return err
	}
	var rows [][]string
	for _, sheet := range append(statSheets(l, st, all), spots) {
		for _, row := range sheet.rows {
			values := row[1:]
			if len(sheet.cols) == 0 { // the definition isn't a value
				values = row[1:2]
			}
			for i, v := range values {
				rows = append(rows, []string{sheet.name, fmt.Sprint(row[0]), sheet.head[i+1], fmt.Sprint(v), sheet.define(l, row, i+1)})
			}
		}
	}
	return s.sendTable(c, "statistik.csv", head, rows)
}

// sendTable sends a table of texts as CSV.
func (s *Server) sendTable(c *gin.Context, name string, head []string, rows [][]string) error {
	var b bytes.Buffer
	if err := table.Encode(&b, head, rows); err != nil {
		return err
	}
	sendFile(c, name, "text/csv; charset=utf-8", b.Bytes())
	return nil
}

// sendFile sends bytes that were made for this answer.
func sendFile(c *gin.Context, name, contentType string, raw []byte) {
	c.Header("Content-Disposition", disposition(name, false))
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, contentType, raw)
}

// sendStatisticsXLSX is a sheet a table, and one with the definitions.
func (s *Server) sendStatisticsXLSX(c *gin.Context) error {
	f, st, all, err := s.counted(c)
	if err != nil {
		return err
	}
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	l := f.Lang
	spots, err := s.spotSheet(c, l, all, statFilter(f))
	if err != nil {
		return err
	}
	var sheets []xlsx.Sheet
	for _, x := range append(statSheets(l, st, all), spots) {
		sheets = append(sheets, xlsx.Sheet{Name: x.name, Head: x.head, Rows: x.rows})
	}
	defs := xlsx.Sheet{Name: lang.T(l, "statistics.definitions"), Head: []string{lang.T(l, "statistics.measure"), lang.T(l, "statistics.definition")}}
	for _, d := range statDefs(l) {
		defs.Rows = append(defs.Rows, []any{d.Term, d.Value})
	}
	var b bytes.Buffer
	if err := xlsx.Sheets(&b, lang.T(l, "menu.statistics"), now, row.Language(l), append(sheets, defs)); err != nil {
		return err
	}
	sendFile(c, "statistik.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b.Bytes())
	return nil
}
