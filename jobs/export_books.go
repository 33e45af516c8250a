package jobs

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"time"

	"fund/jobs/sie"
	"fund/workflow"
)

// dimensions say which part of a code string is which dimension of the books.
var dimensions = []struct {
	number int
	name   string
	part   func(workflow.CodeString) workflow.Code
}{
	{1, "Ansvar", func(c workflow.CodeString) workflow.Code { return c.Ansvar }},
	{6, "Projekt", func(c workflow.CodeString) workflow.Code { return c.Projekt }},
	{20, "Verksamhet", func(c workflow.CodeString) workflow.Code { return c.Verksamhet }},
	{21, "Aktivitet", func(c workflow.CodeString) workflow.Code { return c.Aktivitet }},
	{22, "Motpart", func(c workflow.CodeString) workflow.Code { return c.Motpart }},
	{23, "Objekt", func(c workflow.CodeString) workflow.Code { return c.Objekt }},
}

// sie writes the booking order for the finance system: one voucher a payment.
func (x *exporting) sie(w io.Writer) error {
	day := x.bookingDay()
	f := sie.File{Program: "Internationella fonden", Version: "1.0", Generated: x.exported(), By: x.settings.Books.By, Note: "Batch " + x.batch.MessageID,
		OrgNo: x.settings.Payer.OrgNo, Company: x.settings.Payer.Name, YearStart: noon(workflow.NewDate(day.Year(), time.January, 1)),
		YearEnd: noon(workflow.NewDate(day.Year(), time.December, 31)), ChartType: x.settings.Books.ChartType, Series: x.settings.Books.Series,
		NoChecksum: x.settings.Books.NoChecksum}
	seen := map[string]bool{}
	for l, err := range x.lines(internalChannels...) {
		if err != nil {
			return err
		}
		debit, credit, err := x.coding(l)
		if err != nil {
			return err
		}
		for _, c := range []workflow.CodeString{debit, credit} {
			declare(&f, seen, c)
		}
	}
	slices.SortFunc(f.Dimensions, func(a, b sie.Dimension) int { return a.Number - b.Number })
	slices.SortStableFunc(f.Objects, func(a, b sie.Object) int { return a.Dimension - b.Dimension })
	return sie.Encode(w, f, x.vouchers(day))
}

// vouchers streams one voucher a payment.
func (x *exporting) vouchers(day workflow.Date) iter.Seq2[sie.Voucher, error] {
	return func(yield func(sie.Voucher, error) bool) {
		for l, err := range x.lines(internalChannels...) {
			if err != nil {
				yield(sie.Voucher{}, err)
				return
			}
			debit, credit, err := x.coding(l)
			if err != nil {
				yield(sie.Voucher{}, err)
				return
			}
			v := sie.Voucher{Day: noon(day), Registered: x.exported(), Text: fmt.Sprintf("%s %s del %d", l.Reference, l.Payee, l.N)}
			for i, c := range []workflow.CodeString{debit, credit} {
				amount := l.Amount
				if i == 1 {
					amount = -amount
				}
				v.Rows = append(v.Rows, sie.Row{Account: c.Konto.Code, Objects: refs(c), Amount: amount, Text: bookText(l.BatchLine)})
			}
			if !yield(v, nil) {
				return
			}
		}
	}
}

// declare notes everything that a string uses, once.
func declare(f *sie.File, seen map[string]bool, c workflow.CodeString) {
	once := func(key string) bool {
		was := seen[key]
		seen[key] = true
		return !was
	}
	if once("konto " + c.Konto.Code) {
		f.Accounts = append(f.Accounts, sie.Account{Number: c.Konto.Code, Name: orElse(c.Konto.Name, c.Konto.Code)})
	}
	for _, d := range dimensions {
		code := d.part(c)
		if code.Code == "" {
			continue
		}
		if once(d.name) {
			f.Dimensions = append(f.Dimensions, sie.Dimension{Number: d.number, Name: d.name})
		}
		if once(d.name + " " + code.Code) {
			f.Objects = append(f.Objects, sie.Object{Dimension: d.number, ID: code.Code, Name: orElse(code.Name, code.Code)})
		}
	}
}

// refs are the objects of a string.
func refs(c workflow.CodeString) (list []sie.Ref) {
	for _, d := range dimensions {
		if code := d.part(c); code.Code != "" {
			list = append(list, sie.Ref{Dimension: d.number, ID: code.Code})
		}
	}
	return list
}
