package xlsx

import (
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
	"unicode"

	"github.com/xuri/excelize/v2"

	"fund/jobs/row"
	"fund/workflow/money"
)

// Encode writes the workbook. Nothing reaches w before all rows are read, and
// nothing at all if one is refused or the booking order does not balance. Large
// sheets are buffered in the system's folder for temporary files.
func Encode(w io.Writer, b Workbook, payouts iter.Seq2[row.Payment, error], orders iter.Seq2[row.Booking, error]) (err error) {
	if err := b.Validate(); err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	book := &book{file: excelize.NewFile(), workbook: b}
	defer func() {
		if shut := book.file.Close(); err == nil && shut != nil {
			err = fmt.Errorf("workbook: close: %w", shut)
		}
	}()
	if err := book.prepare(); err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	paid, err := fill(book, 1, sheetPayments, payments, payouts, row.Payment.Validate)
	if err != nil {
		return fmt.Errorf("payments: %w", err)
	}
	booked, err := fill(book, 2, sheetBookings, bookings, orders, row.Booking.Validate)
	if err != nil {
		return fmt.Errorf("booking order: %w", err)
	}
	if debit, credit := booked.sums[columnDebit], booked.sums[columnCredit]; debit != credit {
		return fmt.Errorf("booking order: debit %s and credit %s differ", debit.Decimal(), credit.Decimal())
	}
	if err := book.control(paid, booked); err != nil {
		return fmt.Errorf("control: %w", err)
	}
	if err := book.legend(); err != nil {
		return fmt.Errorf("legend: %w", err)
	}
	// Past the library, which would hold the whole file once more.
	book.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return &archive{out: w, parts: book.filled} })
	if err := book.file.Write(io.Discard); err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	return nil
}

var (
	sheetPayments = words{"Utbetalningar", "Payments"}
	sheetBookings = words{"Bokföringsorder", "Booking order"}
	sheetControl  = words{"Kontroll", "Control"}
	sheetLegend   = words{"Förklaring", "Legend"}
)

// places of columns that are looked up
const (
	columnAmount = 7
	columnDebit  = 10
	columnCredit = 11
)

type book struct {
	file     *excelize.File
	workbook Workbook
	styles   styles
	filled   []*part // the large sheets, packed
}

// styles are the numbers of the workbook's cell styles.
type styles struct{ head, text, number, amount, date, sumText, sumAmount int }

func (b *book) prepare() error {
	if err := b.file.SetSheetName("Sheet1", sheetPayments.in(b.workbook.Language)); err != nil {
		return err
	}
	for _, sheet := range []words{sheetBookings, sheetControl, sheetLegend} {
		if _, err := b.file.NewSheet(sheet.in(b.workbook.Language)); err != nil {
			return err
		}
	}
	at := b.workbook.Exported.UTC().Format(time.RFC3339)
	if err := b.file.SetDocProps(&excelize.DocProperties{
		Title: b.workbook.Batch, Creator: "Internationella fonden", LastModifiedBy: "Internationella fonden",
		Created: at, Modified: at, Language: string(b.workbook.Language),
	}); err != nil {
		return err
	}
	return b.prepareStyles()
}

func (b *book) prepareStyles() error {
	amount, date := "#,##0.00", "yyyy-mm-dd"
	bold := &excelize.Font{Bold: true}
	line := []excelize.Border{{Type: "top", Color: "000000", Style: 1}}
	const text = 49 // the built-in format "@"
	for _, s := range []struct {
		to    *int
		style excelize.Style
	}{
		{&b.styles.head, excelize.Style{Font: bold, NumFmt: text}},
		{&b.styles.text, excelize.Style{NumFmt: text}},
		{&b.styles.number, excelize.Style{NumFmt: 1}},
		{&b.styles.amount, excelize.Style{CustomNumFmt: &amount}},
		{&b.styles.date, excelize.Style{CustomNumFmt: &date}},
		{&b.styles.sumText, excelize.Style{Font: bold, NumFmt: text, Border: line}},
		{&b.styles.sumAmount, excelize.Style{Font: bold, CustomNumFmt: &amount, Border: line}},
	} {
		style, err := b.file.NewStyle(&s.style)
		if err != nil {
			return err
		}
		*s.to = style
	}
	return nil
}

// fill makes a sheet of rows in a workbook of its own, and keeps of it the packed sheet: the
// library holds 16 MiB and more of each sheet as long as its workbook is open.
func fill[R any](b *book, n int, name words, columns []column[R], rows iter.Seq2[R, error], validate func(R) error) (t totals, err error) {
	own := &book{file: excelize.NewFile(), workbook: b.workbook}
	defer func() {
		if shut := own.file.Close(); err == nil {
			err = shut
		}
	}()
	if err := own.prepare(); err != nil {
		return t, err
	}
	if t, err = write(own, name, columns, rows, validate); err != nil {
		return t, err
	}
	// The filter is also a name in the workbook.
	if err := own.filter(b.file, name, len(columns), t.rows); err != nil {
		return t, err
	}
	sheet := &archive{only: fmt.Sprintf("xl/worksheets/sheet%d.xml", n)}
	own.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return sheet })
	if err := own.file.Write(io.Discard); err != nil {
		return t, err
	}
	b.filled = append(b.filled, sheet.parts...)
	return t, nil
}

// filter lets a reader choose rows; it ends above the sum.
func (b *book) filter(in *excelize.File, name words, columns, rows int) error {
	last, err := excelize.CoordinatesToCellName(columns, rows+1)
	if err != nil {
		return err
	}
	return in.AutoFilter(name.in(b.workbook.Language), "A1:"+last, nil)
}

// write writes a sheet of rows: header, rows, sums.
func write[R any](b *book, name words, columns []column[R], rows iter.Seq2[R, error], validate func(R) error) (totals, error) {
	t := totals{sums: map[int]money.SEK{}}
	w, err := b.file.NewStreamWriter(name.in(b.workbook.Language))
	if err != nil {
		return t, err
	}
	cells := make([]any, len(columns))
	for i, c := range columns {
		if err := w.SetColWidth(i+1, i+1, c.width); err != nil {
			return t, err
		}
		cells[i] = excelize.Cell{StyleID: b.styles.head, Value: c.header.in(b.workbook.Language)}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return t, err
	}
	if err := w.SetRow("A1", cells); err != nil {
		return t, err
	}
	for row, err := range rows {
		if err != nil {
			return t, fmt.Errorf("next row: %w", err)
		}
		if err := validate(row); err != nil {
			return t, err
		}
		if t.rows++; t.rows > maxRows {
			return t, fmt.Errorf("rows: more than %d", maxRows)
		}
		for i, c := range columns {
			value := c.value(row)
			if c.sum {
				if t.sums[i], err = money.Sum(t.sums[i], value.(money.SEK)); err != nil {
					return t, fmt.Errorf("%s: %w", c.header.english, err)
				}
			}
			cells[i] = b.cell(value)
		}
		if err := w.SetRow(fmt.Sprintf("A%d", t.rows+1), cells); err != nil {
			return t, err
		}
	}
	for i, c := range columns {
		cells[i] = excelize.Cell{StyleID: b.styles.sumText}
		if c.sum {
			cells[i] = excelize.Cell{StyleID: b.styles.sumAmount, Value: kronor(t.sums[i])}
		}
	}
	cells[0] = excelize.Cell{StyleID: b.styles.sumText, Value: words{"Summa", "Total"}.in(b.workbook.Language)}
	if err := w.SetRow(fmt.Sprintf("A%d", t.rows+2), cells); err != nil {
		return t, err
	}
	if err := b.filter(b.file, name, len(columns), t.rows); err != nil {
		return t, err
	}
	return t, w.Flush()
}

// cell gives a value its style; nothing to show is no cell.
func (b *book) cell(value any) any {
	switch v := value.(type) {
	case string:
		if v == "" {
			return nil
		}
		return excelize.Cell{StyleID: b.styles.text, Value: oneLine(v)}
	case money.SEK:
		if v == 0 {
			return nil
		}
		return excelize.Cell{StyleID: b.styles.amount, Value: kronor(v)}
	case day:
		return excelize.Cell{StyleID: b.styles.date, Value: v.midnight()}
	}
	return excelize.Cell{StyleID: b.styles.number, Value: value}
}

// oneLine takes out control characters: XML cannot carry them, and a line break
// would hide what follows.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// kronor is the number that a spreadsheet shows. Up to 90 billion kronor it
// reads back as the same öre; it is never added to anything here.
func kronor(a money.SEK) float64 { return float64(a) / 100 }

// midnight is the calendar day as the spreadsheet counts it, whatever the
// location was.
func (d day) midnight() time.Time {
	year, month, date := time.Time(d).Date()
	return time.Date(year, month, date, 0, 0, 0, 0, time.UTC)
}
