package workflow

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// Values are fields of the form by their paths, each as JSON has it. A field
// that is there and nil is empty; one that is not there says nothing.
type Values map[string]any

// Clash is a field that two people changed, each in their own way.
type Clash struct {
	Field        string
	Mine, Theirs any
}

// MergeValues brings together what two people did to the same page of a draft.
// base is what stood there when mine was drawn, theirs what stands there now;
// base nil means that nobody knows, and then every difference is a clash. What
// only one of them changed is taken; lists are merged row by row. Of a clash
// the merged values hold theirs, so that nothing is overwritten unasked. Only
// fields of mine are in the answer.
func MergeValues(base, mine, theirs Values) (merged Values, clashes []Clash) {
	merged = Values{}
	for field, m := range mine {
		b, t := base[field], theirs[field]
		switch {
		case same(m, t):
			merged[field] = t
		case base == nil:
			merged[field] = t
			clashes = append(clashes, Clash{field, m, t})
		case same(t, b):
			merged[field] = m
		case same(m, b):
			merged[field] = t
		default:
			list, ok := mergeLists(b, m, t)
			if !ok {
				merged[field] = t
				clashes = append(clashes, Clash{field, m, t})
				continue
			}
			merged[field] = list
		}
	}
	slices.SortFunc(clashes, func(a, b Clash) int { return strings.Compare(a.Field, b.Field) })
	return merged, clashes
}

// SameValue tells whether two values of a field are one to a reader: no text, no list and nothing are the same.
func SameValue(a, b any) bool { return same(a, b) }

func same(a, b any) bool { return canonical(a) == canonical(b) }

// canonical writes a value so that equal ones are equal texts: keys in order, numbers as written.
func canonical(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		if x == "" {
			return ""
		}
	}
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // values of the form always encode
	}
	var tree any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&tree); err != nil {
		panic(err)
	}
	if list, ok := tree.([]any); ok && len(list) == 0 || tree == nil {
		return ""
	}
	if raw, err = json.Marshal(tree); err != nil {
		panic(err)
	}
	return string(raw)
}

// listOf is the value as a list of JSON values; nothing is the empty list.
func listOf(v any) ([]any, bool) {
	text := canonical(v)
	if text == "" {
		return nil, true
	}
	var list []any
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	return list, dec.Decode(&list) == nil
}

// mergeLists merges what two people did to a list. Chosen words are a set. Of
// rows nobody knows which was moved where, so both lists must still hold the
// rows of base at their places; then each row is one value, and rows that were
// added go last, those of the others first. Budget lines that both added are
// a clash, as other rows name them by their number.
func mergeLists(base, mine, theirs any) ([]any, bool) {
	b, ok1 := listOf(base)
	m, ok2 := listOf(mine)
	t, ok3 := listOf(theirs)
	if !ok1 || !ok2 || !ok3 {
		return nil, false
	}
	if words(b) && words(m) && words(t) {
		return mergeSets(b, m, t), true
	}
	if len(m) < len(b) || len(t) < len(b) {
		return nil, false
	}
	out := make([]any, 0, max(len(m), len(t)))
	for i := range b {
		switch {
		case same(m[i], t[i]), same(m[i], b[i]):
			out = append(out, t[i])
		case same(t[i], b[i]):
			out = append(out, m[i])
		default:
			return nil, false
		}
	}
	mineNew, theirNew := m[len(b):], t[len(b):]
	switch {
	case len(mineNew) == 0 || same(mineNew, theirNew):
		return append(out, theirNew...), true
	case len(theirNew) == 0:
		return append(out, mineNew...), true
	case slices.ContainsFunc(mineNew, hasNumber) || slices.ContainsFunc(theirNew, hasNumber):
		return nil, false
	}
	return append(append(out, theirNew...), mineNew...), true
}

// words tells whether a list holds texts alone.
func words(list []any) bool {
	return !slices.ContainsFunc(list, func(v any) bool { _, text := v.(string); return !text })
}

func mergeSets(base, mine, theirs []any) []any {
	has := func(list []any, v any) bool {
		return slices.ContainsFunc(list, func(x any) bool { return same(x, v) })
	}
	out := slices.DeleteFunc(slices.Clone(theirs), func(v any) bool { return has(base, v) && !has(mine, v) })
	for _, v := range mine {
		if !has(base, v) && !has(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// hasNumber tells whether a row has a number that other rows may name.
func hasNumber(row any) bool {
	m, ok := row.(map[string]any)
	return ok && m["line"] != nil
}
