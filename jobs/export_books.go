package jobs

import (
	"fmt"
	"io"
	"iter"

	"fund/jobs/books"
	"fund/jobs/plaintext"
	"fund/jobs/sie"
	"fund/workflow"
)

// sie writes the booking order for the finance system: one voucher a payment.
func (x *exporting) sie(w io.Writer) error {
	day := x.bookingDay()
	f := books.Order(x.settings, day, x.exported(), "Batch "+x.batch.MessageID)
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
			v := sie.Voucher{Day: books.Noon(day), Registered: x.exported(), Text: voucherText(l.BatchLine)}
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

// voucherText names the payment, its payee and which part of the grant it is. Of a long name
// less stands there: the part must not be cut away.
func voucherText(l workflow.BatchLine) string {
	part := fmt.Sprintf(" del %d", l.N)
	name := plaintext.CutWord(plaintext.Booking(l.Payee), sie.MaxText-len(l.Reference)-len(" ")-len(part))
	return l.Reference + " " + name + part
}
