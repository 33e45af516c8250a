package workflow

import (
	"bytes"
	"encoding/json"
	"maps"
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
			list, ok := mergeLists(b, m, t, coversNew(mine, b))
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

// Unheard gives the base of a post whose writer had sent others before it and
// never heard what became of them (sent, the oldest first): a field that stands
// in theirs as it was sent is compared with that, so that nobody's own words
// are taken for somebody else's. base nil stays nil.
func Unheard(base, theirs Values, sent ...Values) Values {
	if base == nil {
		return nil
	}
	out := maps.Clone(base)
	for _, post := range sent {
		for field, v := range post {
			if !same(v, base[field]) && arrived(base[field], v, theirs[field]) {
				out[field] = v
			}
		}
	}
	return out
}

// arrived tells whether a value that was sent stands there, rows that others added around it left aside.
func arrived(base, sent, theirs any) bool {
	if same(sent, theirs) {
		return true
	}
	b, ok1 := listOf(base)
	m, ok2 := listOf(sent)
	t, ok3 := listOf(theirs)
	return ok1 && ok2 && ok3 && !words(m) && len(m) >= len(b) && liesIn(m, t)
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
// rows, each row of base is one value, wherever rows were added around it, and
// of rows that both added at the same place those of the others go first. Budget
// lines get the numbers of their new places; named says that a funding row of
// mine names one of those that I added, and then somebody has to say what stands
// where, as when a row was removed.
func mergeLists(base, mine, theirs any, named bool) ([]any, bool) {
	b, ok1 := listOf(base)
	m, ok2 := listOf(mine)
	t, ok3 := listOf(theirs)
	if !ok1 || !ok2 || !ok3 {
		return nil, false
	}
	if words(b) && words(m) && words(t) {
		return mergeSets(b, m, t), true
	}
	// A post that comes twice, as its answer was lost, is in theirs already.
	if len(m) >= len(b) && liesIn(m, t) {
		return t, true
	}
	if len(t) >= len(b) && liesIn(t, m) {
		return m, true
	}
	myRows, ok1 := alignRows(b, m)
	theirRows, ok2 := alignRows(b, t)
	if !ok1 || !ok2 {
		return nil, false
	}
	out := make([]any, 0, max(len(m), len(t)))
	for i := range len(b) + 1 {
		theirNew, myNew := theirRows.added[i], myRows.added[i]
		myNew = slices.DeleteFunc(slices.Clone(myNew), func(row any) bool {
			return slices.ContainsFunc(theirNew, func(other any) bool { return sameRow(row, other) })
		})
		if len(myNew) > 0 && len(theirNew) > 0 && named && slices.ContainsFunc(myNew, hasNumber) {
			return nil, false
		}
		out = append(append(out, theirNew...), myNew...)
		if i == len(b) {
			break
		}
		switch mi, ti := myRows.kept[i], theirRows.kept[i]; {
		case sameRow(mi, ti), sameRow(mi, b[i]):
			out = append(out, ti)
		case sameRow(ti, b[i]):
			out = append(out, mi)
		default:
			return nil, false
		}
	}
	for i, row := range out {
		if hasNumber(row) {
			out[i] = withNumber(row, i+1)
		}
	}
	return out, true
}

// rowsBeside is a list beside the one it came from.
type rowsBeside struct {
	kept  []any   // what each row of base became
	added [][]any // what was added before each row of base, and after the last
}

// alignRows finds the rows of base in a list that came of it. A list of the
// same length has them at their places; in a longer one the rows that are
// unchanged are found again, and what lies between them is changed, then added.
// false: rows were removed, and nobody can say for sure which.
func alignRows(base, list []any) (r rowsBeside, ok bool) {
	r.added = make([][]any, len(base)+1)
	if len(list) < len(base) {
		return r, false
	}
	if len(list) == len(base) {
		r.kept = list
		return r, true
	}
	r.kept = make([]any, 0, len(base))
	from := 0
	for _, at := range append(unchangedRows(base, list), [2]int{len(base), len(list)}) {
		changed := at[0] - len(r.kept)
		if at[1]-from < changed {
			return r, false
		}
		r.kept = append(r.kept, list[from:from+changed]...)
		r.added[at[0]] = list[from+changed : at[1]]
		if at[0] < len(base) {
			r.kept = append(r.kept, list[at[1]])
		}
		from = at[1] + 1
	}
	return r, true
}

// unchangedRows are the places in base and in the list of the longest row of
// rows that stand in both, in order.
func unchangedRows(base, list []any) (pairs [][2]int) {
	longest := make([][]int, len(base)+1)
	for i := range longest {
		longest[i] = make([]int, len(list)+1)
	}
	for i := len(base) - 1; i >= 0; i-- {
		for j := len(list) - 1; j >= 0; j-- {
			longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			if sameRow(base[i], list[j]) {
				longest[i][j] = longest[i+1][j+1] + 1
			}
		}
	}
	for i, j := 0, 0; i < len(base) && j < len(list); {
		switch {
		case sameRow(base[i], list[j]) && longest[i][j] == longest[i+1][j+1]+1:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}

// liesIn tells whether all rows of a list stand in another one, in order.
func liesIn(list, other []any) bool { return len(unchangedRows(list, other)) == len(list) }

// sameRow compares rows but for their numbers, which follow from their places.
func sameRow(a, b any) bool { return same(unnumbered(a), unnumbered(b)) }

// withNumber is a row with its number.
func withNumber(row any, n int) any {
	m := maps.Clone(row.(map[string]any))
	m["line"] = n
	return m
}

// unnumbered is a row without its number.
func unnumbered(row any) any {
	if !hasNumber(row) {
		return row
	}
	m := maps.Clone(row.(map[string]any))
	delete(m, "line")
	return m
}

// coversNew tells whether a row of mine names a budget line by a number that base does not have.
func coversNew(mine Values, base any) bool {
	lines, _ := listOf(base)
	for _, v := range mine {
		rows, _ := listOf(v)
		for _, row := range rows {
			m, _ := row.(map[string]any)
			covers, _ := m["covers"].([]any)
			for _, n := range covers {
				if line, ok := n.(json.Number); ok {
					if i, err := line.Int64(); err != nil || i > int64(len(lines)) {
						return true
					}
				}
			}
		}
	}
	return false
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
