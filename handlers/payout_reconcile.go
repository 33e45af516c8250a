package handlers

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/jobs/letter"
	"fund/jobs/row"
	"fund/jobs/xlsx"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// reconcilePages are the monthly reconciliation as page, workbook and PDF.
func (s *Server) reconcilePages() []pageRoute {
	return []pageRoute{
		{method: http.MethodGet, path: "/payouts/reconciliation", do: s.showReconciliation, roles: financeReaders},
		{method: http.MethodGet, path: "/payouts/reconciliation/:month", do: s.showMonth, roles: financeReaders},
		{method: http.MethodPost, path: "/payouts/reconciliation/:month", do: s.postMonth, roles: financeReaders},
		{method: http.MethodGet, path: "/payouts/reconciliation.xlsx", do: s.sendReconciliationSheet, roles: financeReaders},
		{method: http.MethodGet, path: "/payouts/reconciliation.pdf", do: s.sendReconciliationLetter, roles: financeReaders},
	}
}

// reconcileColumn is a sum of a month or a year.
type reconcileColumn struct {
	key string
	sum func(sql.Month) int64
}

// reconcileColumns are the columns of the table, wherever it is shown.
var reconcileColumns = []reconcileColumn{
	{"reconcile.budget", func(m sql.Month) int64 { return m.Total }},
	{"reconcile.granted", func(m sql.Month) int64 { return m.Granted - m.Released }},
	{"reconcile.paid", func(m sql.Month) int64 { return m.Paid }},
	{"reconcile.returned", func(m sql.Month) int64 { return m.Returned + m.Repaid }},
	{"reconcile.written_off", func(m sql.Month) int64 { return m.WrittenOff }},
	{"reconcile.reserved", func(m sql.Month) int64 { return m.Reserved }},
	{"reconcile.left", func(m sql.Month) int64 { return m.Left }},
}

// reconcileTable is a round's months as names and whole kronor; the last row is the sum. One function for page, workbook and PDF.
func reconcileTable(l lang.Lang, r sql.Reconciled) (head []string, rows [][]any) {
	return reconcileRows(l, "reconcile.month", reconcileColumns, r.Months, r.Sum)
}

// yearTable is a round's accounting years, with what each paid of earlier years' grants.
func yearTable(l lang.Lang, r sql.Reconciled) (head []string, rows [][]any) {
	columns := slices.Insert(slices.Clone(reconcileColumns), 3, reconcileColumn{"reconcile.earlier", func(m sql.Month) int64 { return m.Earlier }})
	sum := r.Sum
	for _, y := range r.Years {
		sum.Earlier += y.Earlier
	}
	return reconcileRows(l, "reconcile.year", columns, r.Years, sum)
}

func reconcileRows(l lang.Lang, first string, columns []reconcileColumn, parts []sql.Month, sum sql.Month) (head []string, rows [][]any) {
	if sum.Claim != 0 || slices.ContainsFunc(parts, func(m sql.Month) bool { return m.Claim != 0 }) {
		columns = append(slices.Clone(columns), reconcileColumn{"reconcile.claim", func(m sql.Month) int64 { return m.Claim }})
	}
	head = []string{lang.T(l, first)}
	for _, c := range columns {
		head = append(head, lang.T(l, c.key))
	}
	row := func(name string, m sql.Month) []any {
		cells := []any{name}
		for _, c := range columns {
			cells = append(cells, c.sum(m))
		}
		return cells
	}
	for _, m := range parts {
		rows = append(rows, row(lang.Month(l, m.Month), m))
	}
	return head, append(rows, row(lang.T(l, "reconcile.sum"), sum))
}

// drawSums puts rows of sums into a table; the last one is its foot.
func drawSums(l lang.Lang, t *Table, head []string, rows [][]any) {
	for i, h := range head {
		t.Head = append(t.Head, Column{Text: h, Sum: i > 0})
	}
	for i, row := range rows {
		drawn := Row{Cells: make([]Cell, len(row))}
		for n, v := range row {
			drawn.Cells[n] = Cell{Text: reconcileCell(l, v), Strong: i == len(rows)-1}
		}
		if i == len(rows)-1 {
			t.Foot = append(t.Foot, drawn)
		} else {
			t.Rows = append(t.Rows, drawn)
		}
	}
}

// roundName is what the round of a reconciliation is called; its code where it is no more.
func roundName(l lang.Lang, r sql.Reconciled) string {
	return cmp.Or(notice.RoundName(l, workflow.Round{Name: r.Name, NameEN: r.NameEN}), r.Round)
}

type reconcilePage struct {
	Page
	Files  []Link
	Rounds []reconcileRound
	Signed Table // months
	Check  Note
	Checks Table
	None   Empty
}

type reconcileRound struct {
	Plot  Plot
	Note  *Note
	Name  string
	Years Table
}

func (s *Server) showReconciliation(c *gin.Context) error {
	p, err := s.newPage(c, "reconcile.title")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Back, p.Lead = &Link{Text: lang.T(l, "menu.payouts"), Href: "/payouts"}, lang.T(l, "reconcile.lead")
	all, err := s.store.Reconcile(c.Request.Context(), actorOf(c))
	if err != nil {
		return err
	}
	page := reconcilePage{Page: p, None: Empty{Title: lang.T(l, "reconcile.none"), Text: lang.T(l, "reconcile.none.text")},
		Files: []Link{
			{Text: lang.T(l, "reconcile.xlsx"), Href: "/payouts/reconciliation.xlsx"},
			{Text: lang.T(l, "reconcile.pdf"), Href: "/payouts/reconciliation.pdf"},
		}}
	for _, r := range all {
		head, rows := reconcileTable(l, r)
		x := reconcileRound{
			Plot:  potPlot(l, r),
			Name:  roundName(l, r),
			Years: Table{Caption: lang.T(l, "reconcile.years", lang.Args{"Name": roundName(l, r)}), Stack: true},
		}
		drawSums(l, &x.Plot.Table, head, rows)
		head, rows = yearTable(l, r)
		drawSums(l, &x.Years, head, rows)
		if !r.Holds() {
			x.Note = &Note{Kind: "bad", Strong: lang.T(l, "reconcile.wrong")}
		}
		page.Rounds = append(page.Rounds, x)
	}
	if page.Signed, err = s.signedTable(c, l, all, p.Now); err != nil {
		return err
	}
	last, green, err := s.store.SelfChecks(c.Request.Context())
	if err != nil {
		return err
	}
	page.Check, page.Checks = selfCheckNote(l, last, green), selfCheckTable(l, last)
	return s.page(c, http.StatusOK, "payout/reconciliation", page)
}

// signedTable leads to each month, with who signed it.
func (s *Server) signedTable(c *gin.Context, l lang.Lang, all []sql.Reconciled, now time.Time) (Table, error) {
	t := Table{Caption: lang.T(l, "reconcile.signing"), HideCaption: true, Stack: true}
	head, rows, err := s.signedMonths(c, l, all, now)
	for _, h := range head {
		t.Head = append(t.Head, Column{Text: h})
	}
	for _, r := range rows {
		t.Rows = append(t.Rows, Row{
			Cells: []Cell{
				{Links: []Link{{Text: lang.Month(l, r[0]), Href: "/payouts/reconciliation/" + r[0]}}},
				{Text: r[1]},
				{Hash: r[2]},
				{Text: orText(r[3], "–")},
			},
		})
	}
	return t, err
}

func reconcileCell(l lang.Lang, v any) string {
	if n, ok := v.(int64); ok {
		return lang.Money(l, n)
	}
	return fmt.Sprint(v)
}

// selfCheckNote says how the books stood last night, and when they last stood right.
func selfCheckNote(l lang.Lang, last, green *sql.SelfCheck) Note {
	switch {
	case last == nil:
		return Note{Text: lang.T(l, "selfcheck.none")}
	case last.Green:
		return Note{Kind: "good", Strong: lang.T(l, "selfcheck.green"), Text: lang.DateTime(l, last.At)}
	case green == nil:
		return Note{Kind: "bad", Strong: lang.T(l, "selfcheck.red"), Text: lang.T(l, "selfcheck.never")}
	}
	return Note{Kind: "bad", Strong: lang.T(l, "selfcheck.red"), Text: lang.T(l, "selfcheck.last_green", lang.Args{"At": lang.DateTime(l, green.At)})}
}

// selfCheckTable lists what was looked at, and what does not hold.
func selfCheckTable(l lang.Lang, last *sql.SelfCheck) Table {
	t := Table{
		Caption:     lang.T(l, "selfcheck.title"),
		HideCaption: true,
		Stack:       true,
		Head:        []Column{{Text: lang.T(l, "selfcheck.what")}, {Text: lang.T(l, "queue.state")}},
	}
	if last == nil {
		return t
	}
	for _, c := range last.Checks {
		state := Cell{Text: lang.T(l, "selfcheck.holds")}
		if len(c.Items) > 0 {
			color := "warning"
			if c.Red {
				color = "danger"
			}
			state = Cell{Tags: []Tag{{Text: lang.T(l, "selfcheck.not"), Color: color}}, Note: strings.Join(c.Items, ", ")}
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: lang.T(l, "check."+c.Code)}, state}})
	}
	return t
}

func (s *Server) sendReconciliationSheet(c *gin.Context) error {
	l, _ := LangOf(c.Request)
	all, now, err := s.reconciled(c)
	if err != nil {
		return err
	}
	var sheets []xlsx.Sheet
	for _, r := range all {
		head, rows := reconcileTable(l, r)
		sheets = append(sheets, xlsx.Sheet{Name: r.Round, Head: sumHeads(l, head), Rows: rows})
		head, rows = yearTable(l, r)
		sheets = append(sheets, xlsx.Sheet{Name: r.Round + " " + lang.T(l, "reconcile.year"), Head: sumHeads(l, head), Rows: rows})
	}
	if sheets, err = s.signedSheets(c, l, all, now, sheets); err != nil {
		return err
	}
	if len(all) == 0 {
		sheets = []xlsx.Sheet{{Name: lang.T(l, "reconcile.none"), Head: []string{lang.T(l, "reconcile.none.text")}}}
	}
	var body bytes.Buffer
	if err := xlsx.Sheets(&body, lang.T(l, "reconcile.title"), now, row.Language(l), sheets); err != nil {
		return err
	}
	sendMade(
		c,
		lang.T(l, "reconcile.file")+" "+workflow.DateOf(now).String()+".xlsx",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		body.Bytes(),
	)
	return nil
}

// sumHeads are the headings where the sums under them stand without a unit.
func sumHeads(l lang.Lang, head []string) []string {
	out := slices.Clone(head)
	for i := range out[1:] {
		out[i+1] = inKronor(l, out[i+1])
	}
	return out
}

// signedSheets adds who signed the months, and every entry behind the numbers.
func (s *Server) signedSheets(c *gin.Context, l lang.Lang, all []sql.Reconciled, now time.Time, sheets []xlsx.Sheet) ([]xlsx.Sheet, error) {
	head, months, err := s.signedMonths(c, l, all, now)
	if err != nil {
		return nil, err
	}
	signed := xlsx.Sheet{Name: lang.T(l, "reconcile.signing"), Head: head}
	for _, m := range months {
		signed.Rows = append(signed.Rows, []any{lang.Month(l, m[0]), m[1], m[2], m[3]})
	}
	lines, err := s.store.LedgerLines(c.Request.Context(), actorOf(c), "", 0, 0)
	if err != nil {
		return nil, err
	}
	entries := xlsx.Sheet{
		Name: lang.T(l, "reconcile.lines"),
		Head: []string{
			lang.T(l, "reconcile.month"),
			lang.T(l, "reconcile.day"),
			lang.T(l, "reconcile.entry"),
			lang.T(l, "queue.case"),
			lang.T(l, "reconcile.round"),
			inKronor(l, lang.T(l, "field.amount")),
		},
	}
	for _, x := range lines {
		entries.Rows = append(entries.Rows, []any{workflow.DateOf(x.At).String()[:7], x.Day, lang.T(l, "reconcile.entry."+x.Kind), x.DNR, x.Round, x.Amount})
	}
	return append(sheets, signed, entries), nil
}

func (s *Server) sendReconciliationLetter(c *gin.Context) error {
	l, _ := LangOf(c.Request)
	all, now, err := s.reconciled(c)
	if err != nil {
		return err
	}
	out := letter.Letter{Lang: l, Over: lang.T(l, "menu.payouts"), Title: lang.T(l, "reconcile.title"), Date: now}
	for _, r := range all {
		head, rows := reconcileTable(l, r)
		section := letter.Section{Heading: roundName(l, r), Table: letterSums(l, head, rows)}
		if !r.Holds() {
			section.After = []string{lang.T(l, "reconcile.wrong")}
		}
		head, rows = yearTable(l, r)
		out.Sections = append(
			out.Sections,
			section,
			letter.Section{Heading: lang.T(l, "reconcile.years", lang.Args{"Name": roundName(l, r)}), Table: letterSums(l, head, rows)},
		)
	}
	head, months, err := s.signedMonths(c, l, all, now)
	if err != nil {
		return err
	}
	if len(months) > 0 {
		t := &letter.Table{Head: []string{head[0], head[1], head[3]}}
		for _, m := range months {
			t.Rows = append(t.Rows, []string{lang.Month(l, m[0]), m[1], m[3]})
		}
		out.Sections = append(out.Sections, letter.Section{Heading: lang.T(l, "reconcile.signing"), Table: t})
	}
	out.Sections = append(out.Sections, letter.Section{Heading: lang.T(l, "reconcile.how"), Paragraphs: []string{lang.T(l, "reconcile.years.text")}})
	var body bytes.Buffer
	if err := letter.Encode(&body, out); err != nil {
		return err
	}
	sendMade(c, lang.T(l, "reconcile.file")+" "+workflow.DateOf(now).String()+".pdf", "application/pdf", body.Bytes())
	return nil
}

// letterSums are rows of sums as a letter prints them; the last one is its total.
func letterSums(l lang.Lang, head []string, rows [][]any) *letter.Table {
	t := &letter.Table{Head: head}
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = fmt.Sprint(v)
			if n, ok := v.(int64); ok {
				cells[i] = lang.Number(l, n)
			}
		}
		t.Rows = append(t.Rows, cells)
	}
	t.Total, t.Rows = t.Rows[len(t.Rows)-1], t.Rows[:len(t.Rows)-1]
	return t
}

func (s *Server) reconciled(c *gin.Context) ([]sql.Reconciled, time.Time, error) {
	all, err := s.store.Reconcile(c.Request.Context(), actorOf(c))
	if err != nil {
		return nil, time.Time{}, err
	}
	now, err := s.store.Now(c.Request.Context())
	return all, now, err
}

// sendMade sends a file that was made for this request.
func sendMade(c *gin.Context, name, contentType string, body []byte) {
	sum := sha256.Sum256(body)
	download(c, name, contentType, hex.EncodeToString(sum[:]), false, body)
}
