// Package grid reads tables that people keep: CSV in the forms that spreadsheets
// save it, or the first sheet of an XLSX workbook. It knows nothing of what the
// cells mean. Formulas are read as their last value and never run.
package grid

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Limits of a file that is read whole.
const (
	MaxBytes = 10 << 20
	maxRows  = 50_000
	maxCell  = 8_000 // characters
	maxWidth = 200   // columns
	unzipped = 100 << 20
)

// ErrUnreadable says that the bytes are no table that can be read.
var ErrUnreadable = errors.New("no table")

// Row is a row with its line as people count it in the file, from 1. Empty rows are left out.
type Row struct {
	Line  int
	Cells []string
}

// Read tells CSV and XLSX apart by their bytes and gives the rows, the heading among them.
func Read(raw []byte) ([]Row, error) {
	if len(raw) > MaxBytes {
		return nil, fmt.Errorf("%w: larger than %d MB", ErrUnreadable, MaxBytes>>20)
	}
	if bytes.HasPrefix(raw, []byte("PK")) {
		return readXLSX(raw)
	}
	return readCSV(raw)
}

func readXLSX(raw []byte) (rows []Row, err error) {
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{RawCellValue: true, UnzipSizeLimit: unzipped, UnzipXMLSizeLimit: unzipped})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	defer func() {
		if shut := f.Close(); err == nil && shut != nil {
			err = fmt.Errorf("workbook: %w", shut)
		}
	}()
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return nil, fmt.Errorf("%w: no sheet", ErrUnreadable)
	}
	it, err := f.Rows(sheets[0])
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	for line := 1; it.Next(); line++ {
		cells, err := it.Columns()
		if err != nil {
			return nil, fmt.Errorf("%w: row %d: %w", ErrUnreadable, line, err)
		}
		if rows, err = add(rows, line, cells); err != nil {
			return nil, err
		}
	}
	return rows, it.Error()
}

// readCSV takes UTF-8 with or without mark, UTF-16 with its mark (what Excel calls
// Unicode text), or Windows' Latin letters; the separator is the one of ; , and tab that the heading has most of.
func readCSV(raw []byte) (rows []Row, err error) {
	if bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")) {
		if raw, err = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(raw); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
		}
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if bytes.IndexByte(raw, 0) >= 0 {
		return nil, fmt.Errorf("%w: not text", ErrUnreadable)
	}
	if !utf8.Valid(raw) {
		if raw, err = charmap.Windows1252.NewDecoder().Bytes(raw); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
		}
	}
	head, _, _ := bytes.Cut(raw, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(raw))
	r.FieldsPerRecord, r.LazyQuotes, r.Comma = -1, true, ';'
	for _, sep := range []rune{',', '\t'} {
		if strings.Count(string(head), string(sep)) > strings.Count(string(head), string(r.Comma)) {
			r.Comma = sep
		}
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
		}
		line, _ := r.FieldPos(0)
		if rows, err = add(rows, line, cells); err != nil {
			return nil, err
		}
	}
}

// add keeps a row that has something in it.
func add(rows []Row, line int, cells []string) ([]Row, error) {
	if len(cells) > maxWidth || len(rows) >= maxRows {
		return nil, fmt.Errorf("%w: more than %d rows or %d columns", ErrUnreadable, maxRows, maxWidth)
	}
	some := false
	for i, c := range cells {
		c = strings.TrimSpace(strings.ToValidUTF8(c, "�"))
		if utf8.RuneCountInString(c) > maxCell {
			return nil, fmt.Errorf("%w: row %d has more than %d characters in a cell", ErrUnreadable, line, maxCell)
		}
		cells[i] = undefused(c)
		some = some || c != ""
	}
	if !some {
		return rows, nil
	}
	return append(rows, Row{line, cells}), nil
}

// undefused takes away the apostrophe that keeps a text from being run as a formula (jobs/table writes it).
func undefused(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && rest != "" && strings.ContainsRune("=+-@\t", rune(rest[0])) {
		return rest
	}
	return s
}
