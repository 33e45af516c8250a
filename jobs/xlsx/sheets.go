package xlsx

import (
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"fund/jobs/row"
)

// Sheet is a table of its own: a header, and rows of texts (string) and whole numbers (int64).
type Sheet struct {
	Name string
	Head []string
	Rows [][]any
}

// Names of sheets are short in every spreadsheet program.
const longestName = 31

// Sheets writes a workbook of plain tables, the same bytes for the same tables.
func Sheets(w io.Writer, title string, at time.Time, l row.Language, sheets []Sheet) (err error) {
	b := &book{file: excelize.NewFile()}
	defer func() {
		if shut := b.file.Close(); err == nil && shut != nil {
			err = fmt.Errorf("workbook: close: %w", shut)
		}
	}()
	made := at.UTC().Format(time.RFC3339)
	if err := b.file.SetDocProps(&excelize.DocProperties{Title: title, Creator: "Internationella fonden", LastModifiedBy: "Internationella fonden",
		Created: made, Modified: made, Language: string(l)}); err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	if err := b.prepareStyles(); err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	for i, s := range sheets {
		if i == 0 {
			err = b.file.SetSheetName("Sheet1", sheetName(s.Name))
		} else {
			_, err = b.file.NewSheet(sheetName(s.Name))
		}
		if err != nil {
			return fmt.Errorf("sheet %s: %w", s.Name, err)
		}
		if err := b.plain(s); err != nil {
			return fmt.Errorf("sheet %s: %w", s.Name, err)
		}
	}
	b.file.SetZipWriter(func(out io.Writer) excelize.ZipWriter { return &archive{out: out} })
	if err := b.file.Write(w); err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	return nil
}

func sheetName(s string) string {
	for utf8.RuneCountInString(s) > longestName {
		_, last := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-last]
	}
	return s
}

// plain fills a sheet; the first column is wide, and the header stays in sight.
func (b *book) plain(s Sheet) error {
	w, err := b.file.NewStreamWriter(sheetName(s.Name))
	if err != nil {
		return err
	}
	if err := w.SetColWidth(1, 1, 36); err != nil {
		return err
	}
	if len(s.Head) > 1 {
		if err := w.SetColWidth(2, len(s.Head), 18); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	cells := make([]any, len(s.Head))
	for i, h := range s.Head {
		cells[i] = excelize.Cell{StyleID: b.styles.head, Value: oneLine(h)}
	}
	if err := w.SetRow("A1", cells); err != nil {
		return err
	}
	for n, row := range s.Rows {
		cells := make([]any, len(row))
		for i, v := range row {
			cells[i] = b.cell(v)
		}
		if err := w.SetRow(fmt.Sprintf("A%d", n+2), cells); err != nil {
			return err
		}
	}
	return w.Flush()
}
