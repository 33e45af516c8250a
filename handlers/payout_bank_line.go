package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"fund/jobs/bank"
	"fund/jobs/bankfile"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"github.com/gin-gonic/gin"
)

func paymentLinks(l lang.Lang, x bank.AnswerLine, payments map[int64]sql.BankPayment) (links []Link) {
	for _, id := range x.Payments[:min(len(x.Payments), 5)] {
		if p, ok := payments[id]; ok {
			links = append(links, Link{Text: p.Reference, Hidden: p.DNR, Href: fmt.Sprintf("/payouts/%d", p.Batch)})
		}
	}
	if x.Claim != nil {
		links = append(links, Link{Text: lang.T(l, "bank.claim"), Hidden: fmt.Sprint(*x.Claim), Href: fmt.Sprintf("/cases/%d", *x.Claim)})
	}
	return links
}

type bankLinePage struct {
	Page
	Form  *Form
	Post  string
	Facts []Fact
	Why   *Note
	What  []Option
	Open  []Option
	Can   bool
}

func (s *Server) showBankLine(c *gin.Context) error {
	return s.drawBankLine(c, http.StatusOK, newForm(c))
}

func (s *Server) drawBankLine(c *gin.Context, status int, f *Form) error {
	id, n, err := bankLineOf(c)
	if err != nil {
		return err
	}
	ctx, by := c.Request.Context(), actorOf(c)
	file, err := s.store.BankFile(ctx, by, id)
	if err != nil {
		return err
	}
	row, err := s.store.BankLine(ctx, by, id, n)
	if err != nil {
		return err
	}
	x, err := bankfile.AnswerLineOf(row)
	if err != nil {
		return err
	}
	p, err := s.newPage(c, "bank.line.title", lang.Args{"N": n})
	if err != nil {
		return err
	}
	l := p.Lang
	p.Errors, p.Back = f.Errors, &Link{Text: orText(file.MessageID, lang.T(l, "bank.no_message")), Href: fmt.Sprintf("/payouts/bank/%d", id)}
	p.Tags = []Tag{{Text: lang.T(l, "bank.outcome."+string(x.Outcome)), Color: outcomeColors[x.Outcome]}}
	page := bankLinePage{Page: p, Form: f, Post: fmt.Sprintf("/payouts/bank/%d/lines/%d", id, n), Can: sql.FinanceOnly(by) == nil && bankfile.Open(row)}
	line, err := bankfile.Line(row)
	if err != nil {
		return err
	}
	page.Facts = lineFacts(l, x, line)
	if x.Problem != nil {
		page.Why = &Note{Text: inWords2(l, bank.Problem(*x.Problem).Words), Kind: "warn"}
	}
	if row.Resolver != "" && row.ResolvedAt != nil {
		name, err := s.store.Names(ctx, row.Resolver)
		if err != nil {
			return err
		}
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "bank.resolved"), Value: name(row.Resolver), At: *row.ResolvedAt, Note: row.Reason})
	}
	payments, err := s.store.BankPaymentsByID(ctx, by, x.Payments)
	if err != nil {
		return err
	}
	if links := paymentLinks(l, x, payments); len(links) > 0 {
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "bank.payment"), Links: links})
	}
	if !page.Can {
		return s.page(c, status, "payout/bank-line", page)
	}
	if page.Open, err = s.openPayments(c, l, x); err != nil {
		return err
	}
	page.What = []Option{{Value: "payment", Text: lang.T(l, "bank.what.payment")}}
	if p := bank.Problem(row.Problem); p == bank.ProblemPaidTwice || p == bank.ProblemPaidThoughReplaced {
		page.What = []Option{{Value: "gone", Text: lang.T(l, "bank.what.gone")}, {Value: "payment", Text: lang.T(l, "bank.what.not_gone")}}
	}
	if x.Claim != nil {
		page.What = append([]Option{{Value: "claim", Text: lang.T(l, "bank.what.claim")}}, page.What...)
	}
	page.What = append(page.What, Option{Value: "dismiss", Text: lang.T(l, "bank.what.dismiss")})
	if !f.Has("what") {
		f.Set("what", page.What[0].Value)
	}
	return s.page(c, status, "payout/bank-line", page)
}

func lineFacts(l lang.Lang, x bank.AnswerLine, line bank.Line) []Fact {
	facts := []Fact{
		{Term: lang.T(l, "bank.says"), Value: inWords(l, x.TextSV, x.TextEN), Note: lineCodes(x), Strong: true},
		{Term: lang.T(l, "field.amount"), Value: lineAmount(l, x)},
	}
	for _, f := range []struct{ key, value string }{{"payouts.reference", lineName(x)}, {"bank.party", line.Party}, {"bank.remittance", strings.TrimSpace(line.CreditorRef + " " + line.Remittance)}, {"payouts.account", line.Account}} {
		if f.value != "" {
			facts = append(facts, Fact{Term: lang.T(l, f.key), Value: f.value})
		}
	}
	return facts
}

// openPayments are the payments to choose from: those the line may mean come first.
func (s *Server) openPayments(c *gin.Context, l lang.Lang, x bank.AnswerLine) ([]Option, error) {
	open, err := s.store.BankPaymentsOpen(c.Request.Context(), actorOf(c))
	if err != nil {
		return nil, err
	}
	fits := func(p sql.BankPayment) int {
		switch {
		case slices.Contains(x.Payments, p.Payment):
			return 0
		case x.AmountOre != nil && *x.AmountOre == int64(p.Ore):
			return 1
		}
		return 2
	}
	slices.SortStableFunc(open, func(a, b sql.BankPayment) int { return fits(a) - fits(b) })
	options := make([]Option, 0, len(open))
	for _, p := range open {
		options = append(options, Option{
			Value: fmt.Sprint(p.Payment),
			Text:  fmt.Sprintf("%s, %s, %s, %s", p.Reference, lang.Ore(l, p.Ore), p.Title, strings.ToLower(lang.T(l, "payment_status."+p.Status))),
		})
	}
	return options, nil
}

func bankLineOf(c *gin.Context) (file int64, n int, err error) {
	if file, err = idOf(c, "id"); err != nil {
		return 0, 0, err
	}
	m, err := idOf(c, "n")
	return file, int(m), err
}

func (s *Server) postBankLine(c *gin.Context) error {
	file, n, err := bankLineOf(c)
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	ctx, by := c.Request.Context(), actorOf(c)
	said := bankfile.Said{Reason: f.Need("reason")}
	switch f.Text("what") {
	case "payment", "gone":
		said.Gone = f.Text("what") == "gone"
		if id := f.Int("payment"); id != nil {
			said.Payment = *id
		} else {
			f.Fail("payment", "form.required")
		}
	case "claim":
		row, err := s.store.BankLine(ctx, actorOf(c), file, n)
		if err != nil {
			return err
		}
		said.Application = row.Claim
	case "dismiss":
		said.Dismiss = true
	default:
		f.Fail("what", "form.required")
	}
	if !f.OK() {
		return s.drawBankLine(c, http.StatusUnprocessableEntity, f)
	}
	err = bankfile.Match(ctx, s.store, by, file, n, said)
	var wrong workflow.Violations
	var refused workflow.Refused
	switch {
	case errors.As(err, &wrong):
		f.Refuse(wrong)
		return s.drawBankLine(c, http.StatusUnprocessableEntity, f)
	case errors.As(err, &refused):
		f.Errors = append(f.Errors, FieldError{Message: SayRefused(f.Lang, refused)})
		return s.drawBankLine(c, http.StatusConflict, f)
	case err != nil:
		return err
	}
	return s.see(c, fmt.Sprintf("/payouts/bank/%d", file), "bank.placed")
}
