package xlsx

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/xuri/excelize/v2"
)

// Report is a workbook of plain tables, one a sheet: for statistics and
// reconciliations. Cells are texts or whole numbers.
type Report struct {
	Title  string
	Made   time.Time // of the document's properties
	Sheets []Sheet
}

// Sheet is a table with a header and perhaps a last row of sums.
type Sheet struct {
	Name string
	Head []string
	Rows [][]any // string or int64
}

// EncodeReport writes the report. The same report gives the same bytes.
func EncodeReport(w io.Writer, r Report) (err error) {
	if len(r.Sheets) == 0 {
		return errors.New("report without sheets")
	}
	f := excelize.NewFile()
	defer func() {
		if shut := f.Close(); err == nil && shut != nil {
			err = fmt.Errorf("report: close: %w", shut)
		}
	}()
	style, err := f.NewStyle(&excelize.Style{NumFmt: 3}) // #,##0
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	for i, s := range r.Sheets {
		if err := reportSheet(f, i, s, style, bold); err != nil {
			return fmt.Errorf("sheet %s: %w", s.Name, err)
		}
	}
	at := r.Made.UTC().Format(time.RFC3339)
	if err := f.SetDocProps(&excelize.DocProperties{Title: r.Title, Created: at, Modified: at, Creator: "Internationella fonden"}); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	f.SetZipWriter(func(out io.Writer) excelize.ZipWriter { return &archive{out: out} })
	if err := f.Write(w); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

func reportSheet(f *excelize.File, i int, s Sheet, style, bold int) error {
	if i == 0 {
		if err := f.SetSheetName("Sheet1", s.Name); err != nil {
			return err
		}
	} else if _, err := f.NewSheet(s.Name); err != nil {
		return err
	}
	out, err := f.NewStreamWriter(s.Name)
	if err != nil {
		return err
	}
	if err := out.SetColWidth(1, max(1, len(s.Head)), 16); err != nil {
		return err
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	head := make([]any, len(s.Head))
	for n, h := range s.Head {
		head[n] = excelize.Cell{StyleID: bold, Value: h}
	}
	if err := out.SetRow("A1", head); err != nil {
		return err
	}
	for n, row := range s.Rows {
		cells := make([]any, len(row))
		for m, v := range row {
			switch v.(type) {
			case string:
				cells[m] = v // a text stays a text, whatever it begins with
			case int64:
				cells[m] = excelize.Cell{StyleID: style, Value: v}
			default:
				return fmt.Errorf("row %d: a cell is a %T", n+1, v)
			}
		}
		if err := out.SetRow(fmt.Sprintf("A%d", n+2), cells); err != nil {
			return err
		}
	}
	return out.Flush()
}
