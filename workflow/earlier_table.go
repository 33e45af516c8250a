package workflow

import "fmt"

// EarlierLine is a line of a table as it was read, the heading among them.
type EarlierLine struct {
	Line  int
	Cells []string
}

// EarlierTable names the cells of a table by its heading, which is its first
// line. Columns that are not known are left out and told of; ones that must be
// there and are not are a fault of the whole table.
func EarlierTable(lines []EarlierLine) (rows []EarlierRow, unknown []string, err error) {
	if len(lines) == 0 {
		return nil, nil, Violations{{Field: "file", Code: "earlier_empty"}}
	}
	codes, have := make([]string, len(lines[0].Cells)), map[string]bool{}
	for i, heading := range lines[0].Cells {
		code, ok := EarlierColumnOf(heading)
		switch {
		case !ok && heading != "":
			unknown = append(unknown, heading)
		case ok && have[code]:
			return nil, nil, Violations{{Field: "file", Code: "earlier_column_twice", Args: map[string]any{"Column": heading}}}
		case ok:
			codes[i], have[code] = code, true
		}
	}
	for _, c := range EarlierColumns {
		if c.Need && !have[c.Code] {
			return nil, nil, Violations{{Field: "file", Code: "earlier_column", Args: map[string]any{"Column": fmt.Sprintf("%s (%s)", c.Swedish, c.Code)}}}
		}
	}
	for _, l := range lines[1:] {
		row := EarlierRow{Line: l.Line, Cells: map[string]string{}}
		for i, text := range l.Cells {
			if i < len(codes) && codes[i] != "" {
				row.Cells[codes[i]] = text
			}
		}
		rows = append(rows, row)
	}
	return rows, unknown, nil
}
