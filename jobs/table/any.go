package table

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
)

// number is what stands in a cell as it is: a whole number, a decimal one, or a day.
var number = regexp.MustCompile(`^(-?[0-9]+([.,][0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2})$`)

// Encode writes a table of texts: a header and rows of its width, in the same
// form as the other files of the house (UTF-8 with mark, semicolons). Numbers
// and days stand bare; everything else is kept from being read as a formula.
func Encode(w io.Writer, head []string, rows [][]string) error {
	out := bufio.NewWriter(w)
	if _, err := out.WriteString("\ufeff"); err != nil {
		return fmt.Errorf("table: %w", err)
	}
	for i, row := range append([][]string{head}, rows...) {
		if len(row) != len(head) {
			return fmt.Errorf("table row %d: %d cells, not %d", i, len(row), len(head))
		}
		cells := make([]cell, len(row))
		for j, text := range row {
			cells[j] = cell{text: text, plain: number.MatchString(text)}
		}
		if err := writeRow(out, cells); err != nil {
			return fmt.Errorf("table: %w", err)
		}
	}
	return out.Flush()
}

// EncodeCommas is Encode with commas and no mark in front, as the tools that read
// open data expect CSV (RFC 4180).
func EncodeCommas(w io.Writer, head []string, rows [][]string) error {
	out := csv.NewWriter(w)
	for i, row := range append([][]string{head}, rows...) {
		if len(row) != len(head) {
			return fmt.Errorf("table row %d: %d cells, not %d", i, len(row), len(head))
		}
		cells := make([]string, len(row))
		for j, text := range row {
			if cells[j] = text; !number.MatchString(text) {
				cells[j] = defused(text)
			}
		}
		if err := out.Write(cells); err != nil {
			return fmt.Errorf("table: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}
