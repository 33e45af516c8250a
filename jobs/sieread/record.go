package sieread

import (
	"bytes"
	"strings"
)

// record is one line: a label and its fields as bytes, without quotes and separators.
type record struct {
	label  string // in capitals
	raw    []byte // the label as it stands
	fields []value
	opens  bool // a brace at the end of the line opens a voucher's rows
}

// value is a field, or an object list.
type value struct {
	text []byte
	list [][]byte
	many bool
}

// separator parts fields: blanks and tabs, any number of them.
func separator(c byte) bool { return c == ' ' || c == '\t' }

// parse reads a line. A quote that is not closed ends with the line, and so does an
// object list; closed says whether they were.
func parse(line []byte) (r record, closed bool) {
	closed = true
	var list *value
	add := func(text []byte) {
		switch {
		case list != nil:
			list.list = append(list.list, text)
		case r.label == "":
			r.label, r.raw = strings.ToUpper(string(text)), text
		default:
			r.fields = append(r.fields, value{text: text})
		}
	}
	for i := 0; i < len(line); {
		switch c := line[i]; {
		case separator(c):
			i++
		case c == '{' && list == nil:
			list = &value{many: true, list: [][]byte{}}
			i++
		case c == '}' && list != nil:
			r.fields, list = append(r.fields, *list), nil
			i++
		case c == '"':
			text, end, ok := quoted(line, i+1)
			closed = closed && ok
			add(text)
			i = end
		default:
			end := i + 1
			for end < len(line) && !separator(line[end]) && line[end] != '{' && line[end] != '}' && (r.label != "" || line[end] != '"') {
				end++
			}
			add(bytes.ReplaceAll(line[i:end], []byte(`\"`), []byte(`"`)))
			i = end
		}
	}
	switch {
	case list == nil:
	case len(list.list) == 0:
		r.opens = true
	default:
		r.fields, closed = append(r.fields, *list), false
	}
	return r, closed
}

// quoted reads from behind a quote to the next one; \" inside stands for a quote. A folder
// that ends its line has a backslash before the closing quote: there it stands for itself.
func quoted(line []byte, i int) (text []byte, end int, closed bool) {
	text = []byte{}
	escapes := 0
	for ; i < len(line); i++ {
		switch {
		case line[i] == '\\' && i+1 < len(line) && line[i+1] == '"':
			i++
			escapes++
			text = append(text, '"')
		case line[i] == '"':
			return text, i + 1, true
		default:
			text = append(text, line[i])
		}
	}
	if escapes == 1 && line[len(line)-1] == '"' {
		text[len(text)-1] = '\\'
	}
	return text, i, false
}

// summed are the bytes that #KSUMMA is over: label and contents, nothing between them.
func (r record) summed() []byte {
	out := bytes.Clone(r.raw)
	for _, f := range r.fields {
		out = append(out, f.text...)
		for _, part := range f.list {
			out = append(out, part...)
		}
	}
	return out
}
