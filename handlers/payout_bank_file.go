package handlers

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/jobs/bank"
	"fund/jobs/bankfile"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

type bankFilePage struct {
	Page
	Facts    []Fact
	Findings []string
	Lines    Table
	More     string
}

func (s *Server) showBankFile(c *gin.Context) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	x, err := s.store.BankFile(ctx, actorOf(c), id)
	if err != nil {
		return err
	}
	p, err := s.newPage(c, "bank.title")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Title, p.Back = orText(x.MessageID, lang.T(l, "bank.no_message")), &Link{Text: lang.T(l, "bank.title"), Href: "/payouts/bank"}
	page := bankFilePage{Page: p}
	name, err := s.store.Names(ctx, x.Uploader)
	if err != nil {
		return err
	}
	page.Facts = []Fact{
		{Term: lang.T(l, "bank.kind"), Value: orText(x.Version, x.Kind)},
		{Term: lang.T(l, "bank.came"), At: x.At, Note: name(x.Uploader)},
		{Term: lang.T(l, "payouts.file"), Hash: x.SHA256},
	}
	if x.Original != "" {
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "bank.original"), Value: x.Original})
	}
	if x.GroupStatus != "" {
		sv, en := bank.StatusWords(x.GroupStatus)
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "bank.group"), Value: x.GroupStatus, Note: inWords(l, sv, en)})
	}
	if x.Refusal != "" {
		page.Facts = append(
			page.Facts,
			Fact{Term: lang.T(l, "bank.refused"), Value: inWords2(l, func() (string, string) { return bank.RefusalWords(x.Refusal) })},
		)
	}
	after := 0
	if n := c.Query("after"); n != "" {
		if _, err := fmt.Sscan(n, &after); err != nil {
			return workflow.ErrNotFound
		}
	}
	lines, err := s.store.BankLines(ctx, actorOf(c), id, after, linesShown+1)
	if err != nil {
		return err
	}
	if len(lines) > linesShown {
		lines = lines[:linesShown]
		page.More = fmt.Sprintf("/payouts/bank/%d?after=%d", id, lines[linesShown-1].N)
	}
	a, err := bankfile.AnswerOf(x, lines)
	if err != nil {
		return err
	}
	for _, found := range a.Findings {
		page.Findings = append(page.Findings, inWords(l, found.TextSV, found.TextEN))
	}
	page.Lines, err = s.bankLines(c, l, x.ID, a.Lines)
	if err != nil {
		return err
	}
	return s.page(c, http.StatusOK, "payout/bank-file", page)
}

var outcomeColors = map[bank.Outcome]string{
	bank.Applied:   "success",
	bank.Confirmed: "success",
	bank.Conflict:  "danger",
	bank.Proposed:  "warning",
	bank.Unknown:   "warning",
}

func (s *Server) bankLines(c *gin.Context, l lang.Lang, file int64, lines []bank.AnswerLine) (Table, error) {
	t := Table{
		Caption:     lang.T(l, "bank.lines"),
		HideCaption: true,
		Stack:       true,
		Head: []Column{{Text: lang.T(l, "bank.line")}, {Text: lang.T(l, "field.amount"), Sum: true},
			{Text: lang.T(l, "bank.says")}, {Text: lang.T(l, "bank.led_to")}, {Text: lang.T(l, "bank.payment")}},
	}
	var ids []int64
	for _, x := range lines {
		ids = append(ids, x.Payments[:min(len(x.Payments), 5)]...)
	}
	payments, err := s.store.BankPaymentsByID(c.Request.Context(), actorOf(c), ids)
	if err != nil {
		return t, err
	}
	for _, x := range lines {
		row := []Cell{{Text: fmt.Sprintf("%d.", x.N), Note: lineName(x)}, {Text: lineAmount(l, x)}, {Text: inWords(l, x.TextSV, x.TextEN), Note: lineCodes(x)},
			{Tags: []Tag{{Text: lang.T(l, "bank.outcome."+string(x.Outcome)), Color: outcomeColors[x.Outcome]}}}, {Links: paymentLinks(l, x, payments)}}
		if x.Problem != nil {
			row[3].Note = inWords2(l, bank.Problem(*x.Problem).Words)
		}
		if x.Waits {
			row[4].Links = append(
				row[4].Links,
				Link{Text: lang.T(l, "bank.place"), Hidden: fmt.Sprint(x.N), Href: fmt.Sprintf("/payouts/bank/%d/lines/%d", file, x.N)},
			)
		}
		if len(row[4].Links) == 0 {
			row[4].Text = "–"
		}
		t.Rows = append(t.Rows, Row{Cells: row})
	}
	return t, nil
}

// lineName is what the line calls its payment by.
func lineName(x bank.AnswerLine) string {
	for _, id := range []*string{x.EndToEndID, x.InstructionID, x.UETR, x.PmtInfID, x.MsgID} {
		if id != nil {
			return *id
		}
	}
	return ""
}

// lineCodes are the bank's codes and day, as they stand in the file.
func lineCodes(x bank.AnswerLine) string {
	var parts []string
	for _, v := range []*string{x.Status, x.Reason, x.BookingDay} {
		if v != nil {
			parts = append(parts, *v)
		}
	}
	return strings.Join(parts, " · ")
}

func lineAmount(l lang.Lang, x bank.AnswerLine) string {
	switch {
	case x.AmountOre == nil:
		return "–"
	case x.Currency != nil && *x.Currency != "SEK":
		return lang.Currency(l, money.SEK(*x.AmountOre), *x.Currency)
	}
	return lang.Ore(l, money.SEK(*x.AmountOre))
}
