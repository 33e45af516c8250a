package handlers

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/gin-gonic/gin"

	"fund/jobs/row"
	"fund/jobs/xlsx"
	"fund/workflow"
	"fund/workflow/lang"
)

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
