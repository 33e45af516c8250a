package workflow

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// WrongField is the path of the value that a decoder could not read, with the place
// in each list that it lies in: budget[1].amount. The decoder itself names the
// fields only, and how far it had read.
func WrongField(raw []byte, wrong *json.UnmarshalTypeError) string {
	field := wrong.Field
	if first, rest, ok := strings.Cut(field, "."); ok && first[0] >= 'A' && first[0] <= 'Z' {
		field = rest // an embedded struct is no field
	}
	if path := pathAt(raw, wrong.Offset); rowNumbers.ReplaceAllString(path, "") == field {
		return path
	}
	return field
}

// pathAt is the path of the JSON value in which the byte at the offset ends, or that begins there.
func pathAt(raw []byte, offset int64) string {
	dec := json.NewDecoder(bytes.NewReader(raw))
	type level struct {
		list bool
		n    int    // members read: of an object names and values
		name string // the last name
	}
	var stack []level
	path := func() string {
		var b strings.Builder
		for _, l := range stack {
			if l.list {
				fmt.Fprintf(&b, "[%d]", l.n)
			} else {
				b.WriteString("." + l.name)
			}
		}
		return strings.TrimPrefix(b.String(), ".")
	}
	for {
		token, err := dec.Token()
		if err != nil {
			return ""
		}
		if d, ok := token.(json.Delim); ok && (d == ']' || d == '}') {
			stack = stack[:len(stack)-1]
		} else if top := len(stack) - 1; top >= 0 && !stack[top].list && stack[top].n%2 == 0 {
			stack[top].name, _ = token.(string)
			stack[top].n++
			continue
		} else if dec.InputOffset() >= offset {
			return path()
		} else if ok {
			stack = append(stack, level{list: d == '['})
			continue
		}
		if top := len(stack) - 1; top >= 0 {
			stack[top].n++
		}
	}
}
