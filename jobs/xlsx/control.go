package xlsx

import (
	"fmt"
	"time"

	"github.com/xuri/excelize/v2"

	"fund/workflow/money"
)

// lines writes a sheet of few rows from the top.
type lines struct {
	book *book
	out  *excelize.StreamWriter
	row  int
}

func (b *book) lines(name words, widths ...float64) (*lines, error) {
	out, err := b.file.NewStreamWriter(name.in(b.workbook.Language))
	if err != nil {
		return nil, err
	}
	for i, width := range widths {
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return nil, err
		}
	}
	return &lines{book: b, out: out}, nil
}

func (l *lines) head(texts ...words) error {
	cells := make([]any, len(texts))
	for i, t := range texts {
		cells[i] = excelize.Cell{StyleID: l.book.styles.head, Value: t.in(l.book.workbook.Language)}
	}
	return l.set(cells)
}

func (l *lines) add(values ...any) error {
	cells := make([]any, len(values))
	for i, v := range values {
		if a, ok := v.(money.SEK); ok && a == 0 {
			cells[i] = excelize.Cell{StyleID: l.book.styles.amount, Value: 0} // a sum of nothing is shown
			continue
		}
		if t, ok := v.(words); ok {
			v = t.in(l.book.workbook.Language)
		}
		cells[i] = l.book.cell(v)
	}
	return l.set(cells)
}

func (l *lines) skip() { l.row++ }

func (l *lines) set(cells []any) error {
	l.row++
	return l.out.SetRow(fmt.Sprintf("A%d", l.row), cells)
}

// control writes counts, sums, the other files and the attests.
func (b *book) control(paid, booked totals) error {
	l, err := b.lines(sheetControl, 28, 24, 68, 14, 16)
	if err != nil {
		return err
	}
	for _, row := range [][]any{
		{words{"Batch", "Batch"}, b.workbook.Batch},
		{words{"Exporterad", "Exported"}, stamp(b.workbook.Exported)},
		{words{"Antal utbetalningar", "Payments"}, paid.rows},
		{words{"Summa utbetalningar", "Sum of payments"}, paid.sums[columnAmount]},
		{words{"Antal bokföringsrader", "Booking rows"}, booked.rows},
		{words{"Summa debet", "Sum of debits"}, booked.sums[columnDebit]},
		{words{"Summa kredit", "Sum of credits"}, booked.sums[columnCredit]},
	} {
		if err := l.add(row...); err != nil {
			return err
		}
	}
	l.skip()
	if err := l.head(words{"Fil", "File"}, words{"Storlek (byte)", "Bytes"}, words{"SHA-256", "SHA-256"},
		words{"Betalningar", "Payments"}, words{"Summa", "Sum"}); err != nil {
		return err
	}
	for _, f := range b.workbook.Files {
		if err := l.add(f.Name, f.Bytes, f.SHA256, f.Payments, f.Sum); err != nil {
			return err
		}
	}
	l.skip()
	if err := l.head(words{"Attest", "Attest"}, words{"Tid", "Time"}, words{"Vem", "Who"}); err != nil {
		return err
	}
	for _, a := range b.workbook.Attests {
		if err := l.add(a.Step, stamp(a.At), a.Who); err != nil {
			return err
		}
	}
	return l.out.Flush()
}

func stamp(t time.Time) string { return t.Format("2006-01-02 15:04:05 -07:00") }

// legend says in both languages what each column is.
func (b *book) legend() error {
	l, err := b.lines(sheetLegend, 18, 18, 22, 56, 56)
	if err != nil {
		return err
	}
	if err := l.head(words{"Blad", "Sheet"}, words{"Kolumn", "Kolumn"}, words{"Column", "Column"},
		words{"Betydelse", "Betydelse"}, words{"Meaning", "Meaning"}); err != nil {
		return err
	}
	for _, c := range payments {
		if err := l.add(sheetPayments, c.header.swedish, c.header.english, c.about.swedish, c.about.english); err != nil {
			return err
		}
	}
	for _, c := range bookings {
		if err := l.add(sheetBookings, c.header.swedish, c.header.english, c.about.swedish, c.about.english); err != nil {
			return err
		}
	}
	return l.out.Flush()
}
