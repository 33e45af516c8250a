package jobs

import (
	"fmt"
	"io"
	"iter"
	"time"

	"fund/jobs/books"
	"fund/jobs/sie"
	"fund/workflow"
)

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
			books.Declare(&f, seen, c)
		}
	}
	books.Sort(&f)
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
				v.Rows = append(v.Rows, sie.Row{Account: c.Konto.Code, Objects: books.Refs(c), Amount: amount, Text: bookText(l.BatchLine)})
			}
			if !yield(v, nil) {
				return
			}
		}
	}
}
