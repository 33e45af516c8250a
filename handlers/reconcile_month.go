package handlers

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// monthPage is one month of the reconciliation: how each round's money came from its
// opening to its closing, the entries behind it, and who answers for it.
type monthPage struct {
	Page
	Form    *Form
	Month   string
	Rounds  []Table
	Lines   Table
	More    *Link
	Signs   []Sign
	Changed Table // since the newest signature
	Can     bool  // sign, now
	Again   bool  // though somebody did already
}

func (s *Server) showMonth(c *gin.Context) error { return s.drawMonth(c, http.StatusOK, newForm(c)) }

// postMonth signs a month.
func (s *Server) postMonth(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	month := c.Param("month")
	err = s.store.SignMonth(c.Request.Context(), actorOf(c), month, f.Text("note"))
	if again, err := refusedForm(f, err); err != nil {
		return err
	} else if again {
		return s.drawMonth(c, http.StatusUnprocessableEntity, f)
	}
	return s.see(c, "/payouts/reconciliation/"+month, "reconcile.signed.done")
}

func (s *Server) drawMonth(c *gin.Context, status int, f *Form) error {
	month := c.Param("month")
	if _, err := time.Parse("2006-01", month); err != nil || len(month) != 7 {
		return workflow.ErrNotFound
	}
	p, err := s.newPage(c, "reconcile.month.title")
	if err != nil {
		return err
	}
	l, ctx, by := p.Lang, c.Request.Context(), actorOf(c)
	p.Title, p.Errors, p.Back = lang.T(
		l,
		"reconcile.month.title",
		lang.Args{"Month": lang.Month(l, month)},
	), f.Errors, &Link{
		Text: lang.T(l, "reconcile.title"),
		Href: "/payouts/reconciliation",
	}
	all, err := s.store.Reconcile(ctx, by)
	if err != nil {
		return err
	}
	figures, err := s.store.MonthFigures(ctx, all, month)
	if err != nil {
		return err
	}
	if len(figures) == 0 {
		return workflow.ErrNotFound
	}
	page := monthPage{Page: p, Form: f, Month: month}
	names := reconciledNames(l, all)
	for _, x := range figures {
		page.Rounds = append(page.Rounds, monthTable(l, names[x.Round], x))
	}
	if err := s.monthLines(c, &page, names); err != nil {
		return err
	}
	if err := s.monthSigns(c, &page, figures, names); err != nil {
		return err
	}
	return s.page(c, status, "payout/month", page)
}

func reconciledNames(l lang.Lang, all []sql.Reconciled) map[string]string {
	names := map[string]string{}
	for _, r := range all {
		names[r.Round] = roundName(l, r)
	}
	return names
}

// monthTable is a round's month: opening and changes give closing.
func monthTable(l lang.Lang, name string, x sql.RoundMonth) Table {
	t := Table{
		Caption: name,
		Stack:   true,
		Head: []Column{
			{Text: lang.T(l, "reconcile.what")},
			{Text: lang.T(l, "reconcile.opening"), Sum: true},
			{Text: lang.T(l, "reconcile.change"), Sum: true},
			{Text: lang.T(l, "reconcile.closing"), Sum: true},
		},
	}
	m := x.Month
	for _, row := range []struct {
		key      string
		sum      func(sql.Month) int64
		movement []struct {
			key string
			sum int64
		}
	}{
		{key: "reconcile.budget", sum: func(m sql.Month) int64 { return m.Total }},
		{key: "reconcile.reserved", sum: func(m sql.Month) int64 { return m.Reserved }, movement: movements("granted", m.Granted, "released", -m.Released, "paid", -m.Paid)},
		{key: "reconcile.net", sum: func(m sql.Month) int64 { return m.Net }, movement: movements("paid", m.Paid, "returned", -m.Returned, "repaid", -m.Repaid, "written_off", -m.WrittenOff)},
		{key: "reconcile.left", sum: func(m sql.Month) int64 { return m.Left }},
		{key: "reconcile.claim", sum: func(m sql.Month) int64 { return m.Claim }},
	} {
		from, to := row.sum(x.Opening), row.sum(m)
		if row.key == "reconcile.claim" && from == 0 && to == 0 {
			continue
		}
		var parts []string
		for _, p := range row.movement {
			if p.sum != 0 {
				parts = append(parts, lang.T(l, "reconcile.entry."+p.key)+" "+lang.Money(l, p.sum))
			}
		}
		t.Rows = append(t.Rows, Row{
			Cells: []Cell{
				{Text: lang.T(l, row.key), Note: strings.Join(parts, ", ")},
				{Text: lang.Money(l, from)},
				{Text: lang.Money(l, to-from)},
				{Text: lang.Money(l, to), Strong: true},
			},
		})
	}
	return t
}

// movements are pairs of a kind of entry and its sum.
func movements(pairs ...any) (list []struct {
	key string
	sum int64
}) {
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, struct {
			key string
			sum int64
		}{pairs[i].(string), pairs[i+1].(int64)})
	}
	return list
}

// monthLines are the entries of the month, some at a time.
func (s *Server) monthLines(c *gin.Context, page *monthPage, names map[string]string) error {
	l, after := page.Lang, int64(0)
	if n := c.Query("after"); n != "" {
		var err error
		if after, err = strconv.ParseInt(n, 10, 64); err != nil || after < 0 {
			return workflow.ErrNotFound
		}
	}
	lines, err := s.store.LedgerLines(c.Request.Context(), actorOf(c), page.Month, after, linesShown+1)
	if err != nil {
		return err
	}
	if len(lines) > linesShown {
		lines = lines[:linesShown]
		page.More = &Link{Text: lang.T(l, "reconcile.more"), Href: fmt.Sprintf("/payouts/reconciliation/%s?after=%d", page.Month, lines[linesShown-1].ID)}
	}
	page.Lines = Table{
		Caption:     lang.T(l, "reconcile.lines"),
		HideCaption: true,
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "reconcile.day")},
			{Text: lang.T(l, "reconcile.entry")},
			{Text: lang.T(l, "queue.case")},
			{Text: lang.T(l, "reconcile.round")},
			{Text: lang.T(l, "field.amount"), Sum: true},
		},
	}
	for _, x := range lines {
		name := Cell{Text: "–"}
		if x.Application != 0 {
			name = Cell{Links: []Link{{Text: x.Title, Href: fmt.Sprintf("/cases/%d", x.Application)}}, Note: x.DNR}
		}
		day := Cell{Text: lang.Day(l, x.Day)}
		if told := workflow.DateOf(x.At).String(); told != x.Day {
			day.Note = lang.T(l, "reconcile.told", lang.Args{"Day": lang.Day(l, told)})
		}
		page.Lines.Rows = append(page.Lines.Rows, Row{
			Cells: []Cell{
				day,
				{Text: lang.T(l, "reconcile.entry."+x.Kind)},
				name,
				{Text: cmp.Or(names[x.Round], x.Round)},
				{Text: lang.Money(l, x.Amount)},
			},
		})
	}
	return nil
}

// monthSigns tells who signed the month, and what differs since.
func (s *Server) monthSigns(c *gin.Context, page *monthPage, now []sql.RoundMonth, names map[string]string) error {
	l, ctx, by := page.Lang, c.Request.Context(), actorOf(c)
	signed, err := s.store.Signatures(ctx, by)
	if err != nil {
		return err
	}
	signed = slices.DeleteFunc(signed, func(x sql.Signature) bool { return x.Month != page.Month })
	name, err := s.store.Names(ctx, signers(signed)...)
	if err != nil {
		return err
	}
	for i, x := range signed {
		sign := Sign{ID: fmt.Sprintf("sign-%d", i+1), Title: lang.T(l, "reconcile.signed"), Name: name(x.Email), At: x.At}
		if x.Note != "" {
			sign.Note = lang.T(l, "reconcile.note") + ": " + x.Note
		}
		sign.Text = lang.T(l, "reconcile.hash", lang.Args{"Hash": x.SHA256[:16]})
		page.Signs = append(page.Signs, sign)
	}
	over := sql.MonthOver(page.Month, page.Page.Now)
	if len(signed) == 0 {
		words := "reconcile.unsigned"
		if !over {
			words = "reconcile.not_over"
		}
		page.Signs = []Sign{{ID: "sign-1", Title: lang.T(l, "reconcile.signed"), Open: true, Text: lang.T(l, words)}}
	}
	page.Can = over && sql.FinanceOnly(by) == nil
	if n := len(signed); n > 0 {
		page.Again = true
		page.Changed = Table{
			Caption:     lang.T(l, "reconcile.changed"),
			HideCaption: true,
			Stack:       true,
			Head: []Column{
				{Text: lang.T(l, "reconcile.round")},
				{Text: lang.T(l, "reconcile.what")},
				{Text: lang.T(l, "reconcile.was"), Sum: true},
				{Text: lang.T(l, "reconcile.is"), Sum: true},
			},
		}
		for _, d := range monthDifferences(l, signed[n-1].Figures, now) {
			page.Changed.Rows = append(page.Changed.Rows, Row{
				Cells: []Cell{
					{Text: cmp.Or(names[d.round], d.round)},
					{Text: d.what},
					{Text: lang.Money(l, d.was)},
					{Text: lang.Money(l, d.is), Strong: true},
				},
			})
		}
		page.Can = page.Can && len(page.Changed.Rows) > 0
	}
	return nil
}

func signers(signed []sql.Signature) (emails []string) {
	for _, x := range signed {
		emails = append(emails, x.Email)
	}
	return emails
}

// monthDifference is a number that is not what was signed.
type monthDifference struct {
	round, what string
	was, is     int64
}

// monthDifferences holds a month against what was signed: as entered, and as booked.
func monthDifferences(l lang.Lang, was, is []sql.RoundMonth) (list []monthDifference) {
	of := func(all []sql.RoundMonth, round string) (x sql.RoundMonth) {
		if i := slices.IndexFunc(all, func(x sql.RoundMonth) bool { return x.Round == round }); i >= 0 {
			x = all[i]
		}
		return x
	}
	var rounds []string
	for _, x := range slices.Concat(was, is) {
		if !slices.Contains(rounds, x.Round) {
			rounds = append(rounds, x.Round)
		}
	}
	columns := append(slices.Clone(reconcileColumns), reconcileColumn{"reconcile.claim", func(m sql.Month) int64 { return m.Claim }})
	for _, round := range rounds {
		a, b := of(was, round), of(is, round)
		for _, c := range columns {
			if x, y := c.sum(a.Month), c.sum(b.Month); x != y {
				list = append(list, monthDifference{round, lang.T(l, c.key), x, y})
			}
			if x, y := c.sum(a.Booked), c.sum(b.Booked); x != y && c.sum(a.Month) == c.sum(b.Month) {
				list = append(list, monthDifference{round, lang.T(l, "reconcile.booked", lang.Args{"What": lang.T(l, c.key)}), x, y})
			}
		}
	}
	return list
}

// signedMonths lists every month that has entries, oldest last, and who signed it: one
// table for page, workbook and PDF.
func (s *Server) signedMonths(c *gin.Context, l lang.Lang, all []sql.Reconciled, now time.Time) (head []string, rows [][]string, err error) {
	ctx, by := c.Request.Context(), actorOf(c)
	signed, err := s.store.Signatures(ctx, by)
	if err != nil {
		return nil, nil, err
	}
	name, err := s.store.Names(ctx, signers(signed)...)
	if err != nil {
		return nil, nil, err
	}
	var months []string
	for _, r := range all {
		for _, m := range r.Months {
			months = append(months, m.Month)
		}
	}
	slices.Sort(months)
	months = slices.Compact(months)
	slices.Reverse(months)
	head = []string{lang.T(l, "reconcile.month"), lang.T(l, "reconcile.signed"), lang.T(l, "reconcile.hash.head"), lang.T(l, "reconcile.changed")}
	for _, m := range months {
		row := []string{m, lang.T(l, "reconcile.unsigned"), "", ""}
		if !sql.MonthOver(m, now) {
			row[1] = lang.T(l, "reconcile.not_over")
		}
		for _, x := range signed { // the newest of a month is the last
			if x.Month != m {
				continue
			}
			figures, err := s.store.MonthFigures(ctx, all, m)
			if err != nil {
				return nil, nil, err
			}
			row = []string{m, name(x.Email) + ", " + lang.DateTime(l, x.At), x.SHA256, lang.T(l, "reconcile.unchanged")}
			if n := len(monthDifferences(l, x.Figures, figures)); n > 0 {
				row[3] = lang.T(l, "reconcile.differs", lang.Args{"Count": n})
			}
		}
		rows = append(rows, row)
	}
	return head, rows, nil
}
