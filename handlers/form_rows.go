package handlers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// rowButton is the name of the buttons that change rows. Their values are
// add:budget, remove:budget:2, up:goals:2, down:goals:2.
const rowButton = "row"

// rowFocus is where a page that is drawn again puts the focus: an id. No control has this name.
const rowFocus = "row.focus"

// ChangeRows does what a row's button asked for and tells whether one was
// pressed. The other fields keep what was typed. The rows are numbered from 1
// again, so a save that follows sees them in the order of the page. focus is
// the id that the page should scroll to ("" when no button was pressed).
func (f *Form) ChangeRows() (focus string, pressed bool) {
	parts := strings.Split(f.Raw(rowButton), ":")
	if len(parts) < 2 {
		return "", false
	}
	op, name := parts[0], parts[1]
	var n int
	if len(parts) > 2 {
		n, _ = strconv.Atoi(parts[2]) // what is no number is no row, and changes nothing
	}
	rows := f.Rows(name)
	at := -1
	for i, row := range rows {
		if row == n {
			at = i
		}
	}
	switch {
	case op == "add":
		next := 1
		if len(rows) > 0 {
			next = rows[len(rows)-1] + 1
		}
		f.values.Set(rowMark(name, next), "1")
		rows = append(rows, next)
		at = len(rows) - 1
	case op == "remove" && at >= 0:
		f.dropRow(name, n)
		rows = append(rows[:at], rows[at+1:]...)
		at = max(at-1, 0)
	case op == "up" && at > 0:
		rows[at], rows[at-1] = rows[at-1], rows[at]
		at--
	case op == "down" && at >= 0 && at < len(rows)-1:
		rows[at], rows[at+1] = rows[at+1], rows[at]
		at++
	}
	f.renumber(name, rows)
	if name == "budget" {
		f.followLines(rows)
	}
	focus = rowsID(name)
	if len(rows) > 0 {
		focus = rowID(name, at+1)
	}
	f.values.Set(rowFocus, focus)
	return focus, true
}

// followLines lets the funding name the same budget lines as before the lines
// were moved: order has their old numbers in their new places. A line that is
// gone is no longer named; what is no number stays for the person to mend.
func (f *Form) followLines(order []int) {
	for _, n := range f.Rows("funding") {
		name := fmt.Sprintf("funding.%d.covers", n)
		parts := coverParts(f.Raw(name))
		if len(parts) == 0 {
			continue
		}
		kept := parts[:0]
		for _, part := range parts {
			line, err := strconv.Atoi(part)
			if err != nil {
				kept = append(kept, part)
			} else if i := slices.Index(order, line); i >= 0 {
				kept = append(kept, strconv.Itoa(i+1))
			}
		}
		f.values.Set(name, strings.Join(kept, ", "))
	}
}

// coverParts are the line numbers as they were typed: "1, 3" or "1 3".
func coverParts(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == ';' })
}

// rowMark keeps an empty row in existence until something is typed in it.
func rowMark(name string, n int) string { return fmt.Sprintf("%s.%d.row", name, n) }

func rowsID(name string) string { return fieldID(name) }

func rowID(name string, n int) string { return fieldID(fmt.Sprintf("%s.%d", name, n)) }

func (f *Form) dropRow(name string, n int) {
	prefix := fmt.Sprintf("%s.%d.", name, n)
	for key := range f.values {
		if strings.HasPrefix(key, prefix) {
			f.values.Del(key)
		}
	}
}

// renumber makes the old rows, in this order, rows 1, 2, 3 …
func (f *Form) renumber(name string, order []int) {
	moved := map[string][]string{}
	for i, n := range order {
		prefix := fmt.Sprintf("%s.%d.", name, n)
		for key, values := range f.values {
			if rest, ok := strings.CutPrefix(key, prefix); ok {
				moved[fmt.Sprintf("%s.%d.%s", name, i+1, rest)] = values
			}
		}
	}
	for _, n := range f.Rows(name) {
		f.dropRow(name, n)
	}
	for key, values := range moved {
		f.values[key] = values
	}
}

// dropEmpty lets go of the rows in which none of these fields was filled in, and numbers
// the others from 1 again: what a rule finds at a place in the list then stands at its row.
func (f *Form) dropEmpty(name string, fields ...string) {
	kept := []int{}
	for _, n := range f.Rows(name) {
		filled := func(field string) bool { return f.Text(fmt.Sprintf("%s.%d.%s", name, n, field)) != "" }
		if slices.ContainsFunc(fields, filled) {
			kept = append(kept, n)
		}
	}
	f.renumber(name, kept)
}
