package table

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"unicode/utf8"

	"fund/jobs/row"
	"fund/workflow/money"
)

// EncodeBookings writes bokforingsorder.csv. It refuses rows whose debits and
// credits do not add up to the same; w then has part of a file, which must not
// leave the system.
func EncodeBookings(w io.Writer, l row.Language, rows iter.Seq2[row.Booking, error]) error {
	var debit, credit money.SEK
	add := func(b row.Booking) (err error) {
		if debit, err = money.Sum(debit, b.Debit); err != nil {
			return fmt.Errorf("row %d debit: %w", b.Row, err)
		}
		if credit, err = money.Sum(credit, b.Credit); err != nil {
			return fmt.Errorf("row %d credit: %w", b.Row, err)
		}
		return nil
	}
	if err := encode(w, l, booking, rows, add); err != nil {
		return fmt.Errorf("booking order: %w", err)
	}
	if debit != credit {
		return fmt.Errorf("booking order: debit %s and credit %s differ", debit.Decimal(), credit.Decimal())
	}
	return nil
}

// EncodePayments writes utbetalningar.csv.
func EncodePayments(w io.Writer, l row.Language, rows iter.Seq2[row.Payment, error]) error {
	if err := encode(w, l, payments, rows, func(row.Payment) error { return nil }); err != nil {
		return fmt.Errorf("payment list: %w", err)
	}
	return nil
}

// line is a row of either list.
type line interface {
	Name() string
	Validate() error
}

func encode[R line](w io.Writer, l row.Language, columns []column[R], rows iter.Seq2[R, error], add func(R) error) error {
	if err := l.Validate(); err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 64<<10)
	if _, err := out.WriteString("\ufeff"); err != nil {
		return err
	}
	cells := make([]cell, len(columns))
	for i, c := range columns {
		cells[i] = words(c.swedish)
		if l == row.English {
			cells[i] = words(c.english)
		}
	}
	if err := writeRow(out, cells); err != nil {
		return err
	}
	for r, err := range rows {
		if err != nil {
			return fmt.Errorf("next row: %w", err)
		}
		if err := r.Validate(); err != nil {
			return err
		}
		if err := add(r); err != nil {
			return err
		}
		for i, c := range columns {
			if cells[i] = c.value(r); !utf8.ValidString(cells[i].text) {
				return fmt.Errorf("%s %s: not UTF-8", r.Name(), c.english)
			}
		}
		if err := writeRow(out, cells); err != nil {
			return err
		}
	}
	return out.Flush()
}

func writeRow(out *bufio.Writer, cells []cell) error {
	for i, c := range cells {
		if i > 0 {
			out.WriteByte(';') // the last write of the row tells of any error
		}
		if c.plain {
			out.WriteString(c.text)
		} else {
			out.WriteString(quoted(defused(c.text)))
		}
	}
	_, err := out.WriteString("\r\n")
	return err
}
