package handlers

import (
	"fmt"
	"slices"
	"strconv"

	"fund/workflow"
)

// readDo reads an action's body from the form, as the API would get it.
func readDo(f *Form, action workflow.Action, r workflow.Rules) map[string]any {
	body := map[string]any{}
	for _, x := range doFields[action] {
		switch x.kind {
		case "rows":
			body[x.name] = readRows(f, x)
		case "ratings":
			ratings, comments := map[string]any{}, map[string]any{}
			for _, name := range r.Criteria() {
				if n := f.Int("ratings." + name); n != nil {
					ratings[name] = *n
				}
				if t := f.Text("comments." + name); t != "" {
					comments[name] = t
				}
			}
			body["ratings"] = ratings
			if action != workflow.ActSetConsensus {
				body["comments"] = comments
			}
		default:
			if v, ok := readField(f, x); ok {
				putPath(body, x.name, v)
			}
		}
	}
	if m, ok := body["meeting"].(map[string]any); ok && m["date"] == nil && m["item_no"] == nil && f.Fault("meeting.date") == "" {
		delete(body, "meeting") // a delegated decision has none
	}
	return body
}

func readField(f *Form, x doField) (any, bool) {
	switch x.kind {
	case "money":
		if n := f.Kronor(x.name); n != nil {
			return *n, true
		}
	case "number":
		if n := f.Int(x.name); n != nil {
			return *n, true
		}
	case "date":
		if d := f.Date(x.name); !d.IsZero() {
			return d.String(), true
		}
	case "yesno":
		if b := f.YesNo(x.name); b != nil {
			return *b, true
		}
	case "checks":
		return append([]string{}, f.All(x.name)...), true
	case "lines":
		list := f.lines(x.name)
		return list, len(list) > 0
	default:
		if x.name == "condition" {
			if n := f.Int(x.name); n != nil {
				return *n, true
			}
			return nil, false
		}
		if t := f.Text(x.name); t != "" {
			return t, true
		}
	}
	return nil, false
}

// readRows reads the rows that hold something: a sum, a ruling or a text of their own. The form remembers which these
// are: what is wrong with the first of them may stand in the third row.
func readRows(f *Form, x doField) []any {
	rows, sent := []any{}, []int{}
	for _, n := range f.Rows(x.name) {
		row := readRow(f, x, n)
		if slices.ContainsFunc(x.cells, func(cell RowField) bool {
			return (cell.Kind == "money" || cell.Name == "met" || cell.Name == "text") && row[cell.Name] != nil
		}) {
			rows, sent = append(rows, row), append(sent, n)
		}
	}
	f.remember(x.name, sent)
	return rows
}

// remember notes which rows of the page were sent on.
func (f *Form) remember(list string, sent []int) {
	if f.sent == nil {
		f.sent = map[string][]int{}
	}
	f.sent[list] = sent
}

// readRow reads the cells of a row that can be read; what can't is noted in the form.
func readRow(f *Form, x doField, n int) map[string]any {
	row := map[string]any{}
	for _, cell := range x.cells {
		name := fmt.Sprintf("%s.%d.%s", x.name, n, cell.Name)
		switch {
		case cell.Kind == "money":
			if v := f.Kronor(name); v != nil {
				row[cell.Name] = *v
			}
		case cell.Kind == "number", cell.Name == "line":
			if v := f.Int(name); v != nil {
				row[cell.Name] = *v
			}
		case cell.Kind == "date":
			if d := f.Date(name); !d.IsZero() {
				row[cell.Name] = d.String()
			}
		case cell.Name == "met":
			if t := f.Text(name); t == "yes" || t == "no" {
				row[cell.Name] = t == "yes"
			}
		case cell.Name == "covers":
			if lines := readCovers(f, name); len(lines) > 0 {
				row[cell.Name] = lines
			}
		default:
			if t := f.Text(name); t != "" {
				row[cell.Name] = t
			}
		}
	}
	return row
}

// readCovers reads the budget lines that money from elsewhere is for.
func readCovers(f *Form, name string) (lines []int64) {
	for _, part := range coverParts(f.Text(name)) {
		n, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			f.Fail(name, "form.lines")
			continue
		}
		lines = append(lines, n)
	}
	return lines
}
