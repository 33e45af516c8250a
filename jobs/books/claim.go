package books

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"fund/jobs/row"
	"fund/jobs/sie"
	"fund/jobs/table"
	"fund/jobs/xlsx"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

// ErrCoding says that the table of code strings has no row for the claim.
var ErrCoding = errors.New("no code string for the claim")

// Claim is a decided claim on its way to finance. A unit of the municipality is claimed
// by a booking order with the strings of the payment and their signs turned; anybody
// else by the basis of an invoice, which the finance system sends (design/payments.md, 7).
type Claim struct {
	line     workflow.BatchLine
	recovery *workflow.Recovery
	orgNo    string
	ocr      string
	settings workflow.FinanceSettings
}

// NewClaim takes a case with a decided claim.
func NewClaim(c workflow.Case, s workflow.FinanceSettings) Claim {
	return Claim{workflow.ClaimLine(c), c.App.Recovery, workflow.ClaimOrgNo(c), c.App.ClaimOCR(), s}
}

// FileNames are the files that there are for the claim.
func (c Claim) FileNames() []string {
	if c.line.Channel == "internal" {
		return []string{c.line.Reference + ".si", c.line.Reference + ".csv"}
	}
	return []string{c.line.Reference + ".csv", c.line.Reference + ".xlsx"}
}

// Write makes one of the files and says what it is. The same claim and settings give the same bytes.
func (c Claim) Write(w io.Writer, name string) (contentType string, err error) {
	if !slices.Contains(c.FileNames(), name) {
		return "", fmt.Errorf("file %q: %w", name, workflow.ErrNotFound)
	}
	internal := c.line.Channel == "internal"
	switch l := lang.Parse(c.settings.Language); {
	case strings.HasSuffix(name, ".si"):
		return "text/plain; charset=cp437", c.sie(w)
	case strings.HasSuffix(name, ".xlsx"):
		head, rows := c.invoice(l)
		sheet := xlsx.Sheet{Name: lang.T(l, "claim.invoice"), Head: head}
		for _, r := range rows {
			cells := make([]any, len(r))
			for i, text := range r {
				cells[i] = text
			}
			cells[amountAt] = c.parts()[len(sheet.Rows)].Amount
			sheet.Rows = append(sheet.Rows, cells)
		}
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
			xlsx.Sheets(w, lang.T(l, "claim.invoice"), c.recovery.DecidedAt, row.Language(l), []xlsx.Sheet{sheet})
	case internal:
		return "text/csv; charset=utf-8", table.EncodeBookings(w, row.Language(l), c.bookings())
	default:
		head, rows := c.invoice(l)
		return "text/csv; charset=utf-8", table.Encode(w, head, rows)
	}
}

// ClaimFiles makes all files of a case with a decided claim.
func ClaimFiles(c workflow.Case, s workflow.FinanceSettings) (list []sql.FileBody, err error) {
	claim := NewClaim(c, s)
	for _, name := range claim.FileNames() {
		var b bytes.Buffer
		kind, err := claim.Write(&b, name)
		if err != nil {
			return nil, err
		}
		list = append(list, sql.FileBody{Name: name, Type: kind, Body: bytes.NewReader(b.Bytes())})
	}
	return list, nil
}

// side is one row of the turned voucher: what was debited is credited.
type side struct {
	code   workflow.CodeString
	amount money.SEK // above zero is debit
}

func (c Claim) sides() ([]side, error) {
	debit, credit, ok := c.settings.CodingFor(c.line, workflow.EventRepayment)
	if !ok {
		return nil, fmt.Errorf("%s (%s, %s): %w", c.line.Reference, c.line.Operator, c.line.Level, ErrCoding)
	}
	return []side{{credit, c.line.Amount}, {debit, -c.line.Amount}}, nil
}

func (c Claim) day() workflow.Date { return workflow.DateOf(c.recovery.DecidedAt) }

func (c Claim) text() string { return c.line.Reference + " dnr " + c.line.DNR }

func (c Claim) sie(w io.Writer) error {
	sides, err := c.sides()
	if err != nil {
		return err
	}
	f := Order(c.settings, c.day(), c.recovery.DecidedAt, c.line.Reference)
	v := sie.Voucher{Day: Noon(c.day()), Registered: c.recovery.DecidedAt, Text: c.line.Reference + " " + c.line.Payee}
	seen := map[string]bool{}
	for _, x := range sides {
		Declare(&f, seen, x.code)
		v.Rows = append(v.Rows, sie.Row{Account: x.code.Konto.Code, Objects: Refs(x.code), Amount: x.amount, Text: c.text()})
	}
	Sort(&f)
	return sie.Encode(w, f, func(yield func(sie.Voucher, error) bool) { yield(v, nil) })
}

func (c Claim) bookings() iter.Seq2[row.Booking, error] {
	return func(yield func(row.Booking, error) bool) {
		sides, err := c.sides()
		if err != nil {
			yield(row.Booking{}, err)
			return
		}
		for i, x := range sides {
			b := Booking(x.code)
			b.Batch, b.Row, b.Day, b.Debit, b.Credit, b.Text, b.CaseNumber = c.line.Reference, i+1, Noon(
				c.day(),
			), max(
				0,
				x.amount,
			), max(
				0,
				-x.amount,
			), c.text(), c.line.DNR
			b.Attest1 = c.recovery.DecidedBy + " " + c.recovery.DecidedAt.In(workflow.Stockholm()).Format("2006-01-02 15:04")
			if !yield(b, nil) {
				return
			}
		}
	}
}

// parts are the days of the claim, an invoice each.
func (c Claim) parts() []workflow.ClaimPart { return c.recovery.Parts() }

// amountAt is the column of the amount.
const amountAt = 5

// invoice is what the finance system needs to send one: a row for each part of the claim.
func (c Claim) invoice(l lang.Lang) (head []string, rows [][]string) {
	for _, key := range []string{"number", "ocr", "payer", "org_no", "dnr", "amount", "due", "text", "coding"} {
		head = append(head, lang.T(l, "claim."+key))
	}
	coding := ""
	if sides, err := c.sides(); err == nil { // a claim on somebody outside may go without
		coding = codeText(sides[1].code)
	}
	for _, p := range c.parts() {
		rows = append(rows, []string{c.line.Reference, c.ocr, c.line.Payee, c.orgNo, c.line.DNR, money.Kronor(p.Amount).Comma(), p.DueOn.String(),
			lang.T(l, "claim.says", lang.Args{"Title": c.line.Title, "DNR": c.line.DNR}), coding})
	}
	return head, rows
}

// codeText is a string as one text, its parts in the order in which finance writes them.
func codeText(s workflow.CodeString) string {
	var parts []string
	for _, p := range []workflow.Code{s.Ansvar, s.Verksamhet, s.Konto, s.Aktivitet, s.Projekt, s.Objekt, s.Motpart} {
		if p.Code != "" {
			parts = append(parts, p.Code)
		}
	}
	return strings.Join(parts, "-")
}
