package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// maxTableLine is how many bytes of a line are kept; no number comes near it.
const maxTableLine = 64 << 10

// tableRow is one line of a table. kind, value and valid are nil where the line has too few fields.
type tableRow struct {
	fields             []string
	kind, value, valid *string
	reason             string
	cut                bool // longer than maxTableLine
}

// tableColumns says where the columns stand.
type tableColumns struct{ kind, value, valid, reason int }

// readTable gives each line of a table with its number. Columns are parted by tabs, or
// where its first line has none by semicolons, commas or bars, and a field may stand in
// quotes. A header may name the columns in any order, others among them; without one
// they are kind, value, valid, reason. UTF-8, UTF-16 with a byte order mark, and any line
// ends are read; blank lines and those that begin with # are passed over.
func readTable(src io.Reader, each func(n int, row tableRow) error) error {
	in := bufio.NewReader(transform.NewReader(src, unicode.BOMOverride(transform.Nop)))
	separator, at := "", tableColumns{kind: 0, value: 1, valid: 2, reason: 3}
	for n := 1; ; n++ {
		raw, cut, err := tableLine(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		line := string(raw)
		if lead := strings.TrimSpace(line); lead == "" || lead[0] == '#' {
			continue
		}
		if separator == "" {
			separator = separatorOf(line)
		}
		fields := tableFields(line, separator)
		if columns, ok := headerOf(fields); ok {
			at = columns
			continue
		}
		if err := each(n, at.row(fields, cut)); err != nil {
			return err
		}
	}
}

// tableLine reads up to a line end: LF, CRLF, or CR alone as old programs write it.
func tableLine(in *bufio.Reader) (line []byte, cut bool, err error) {
	for {
		c, err := in.ReadByte()
		if err != nil {
			if errors.Is(err, io.EOF) && (len(line) > 0 || cut) {
				return line, cut, nil
			}
			return nil, false, err
		}
		switch {
		case c == '\n':
			return line, cut, nil
		case c == '\r':
			if next, err := in.Peek(1); err == nil && next[0] == '\n' {
				_, _ = in.Discard(1) // the byte that was just seen
			}
			return line, cut, nil
		case len(line) == maxTableLine:
			cut = true
		default:
			line = append(line, c)
		}
	}
}

// separatorOf takes the first of the separators that the line has.
func separatorOf(line string) string {
	for _, s := range []string{"\t", ";", "|", ","} {
		if strings.Contains(line, s) {
			return s
		}
	}
	return "\t"
}

// tableFields parts a line. A field in quotes may hold the separator, and a quote in it stands twice.
func tableFields(line, separator string) []string {
	if !strings.Contains(line, `"`) {
		return strings.Split(line, separator)
	}
	var fields []string
	for {
		field, rest, more := tableField(line, separator)
		fields = append(fields, field)
		if !more {
			return fields
		}
		line = rest
	}
}

func tableField(line, separator string) (field, rest string, more bool) {
	open := strings.TrimLeft(line, " ")
	if strings.HasPrefix(open, `"`) {
		var b bytes.Buffer
		for i := 1; i < len(open); i++ {
			if open[i] != '"' {
				b.WriteByte(open[i])
				continue
			}
			if strings.HasPrefix(open[i+1:], `"`) {
				b.WriteByte('"')
				i++
				continue
			}
			after := strings.TrimLeft(open[i+1:], " ")
			if after == "" {
				return b.String(), "", false
			}
			if rest, ok := strings.CutPrefix(after, separator); ok {
				return b.String(), rest, true
			}
			break // a quote within the text: taken as it stands
		}
	}
	return strings.Cut(line, separator)
}

// headerOf finds the columns by their names.
func headerOf(fields []string) (at tableColumns, ok bool) {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = strings.ToLower(strings.TrimSpace(f))
	}
	at = tableColumns{
		kind:   slices.Index(names, "kind"),
		value:  slices.Index(names, "value"),
		valid:  slices.Index(names, "valid"),
		reason: slices.Index(names, "reason"),
	}
	return at, at.kind >= 0 && at.value >= 0 && at.valid >= 0
}

func (at tableColumns) row(fields []string, cut bool) tableRow {
	row := tableRow{fields: fields, cut: cut}
	if max(at.kind, at.value, at.valid) < len(fields) {
		row.kind, row.value, row.valid = &fields[at.kind], &fields[at.value], &fields[at.valid]
	}
	if at.reason >= 0 && at.reason < len(fields) {
		row.reason = fields[at.reason]
	}
	return row
}
