package workflow

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// decodeStrict reads JSON into v and turns what does not fit into violations.
// A nil answer is the only good one; it is typed so that it can be returned as an error only when set.
func decodeStrict(raw []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	err := dec.Decode(v)
	if err == nil {
		if dec.More() {
			return Violations{{Code: "json"}}
		}
		var tree any
		if v := decodeNumbers(raw, &tree); v != nil {
			return Violations{{Code: "json"}}
		}
		if v := tooLarge("", tree); len(v) > 0 {
			return v
		}
		return nil
	}
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return Violations{{Field: WrongField(raw, wrong), Code: "wrong_type"}}
	}
	if errors.Is(err, errNoDay) {
		if wrong := WrongDays(raw, v); len(wrong) > 0 {
			return wrong
		}
		return Violations{{Code: "date"}}
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return Violations{{Field: strings.Trim(name, `"`), Code: "unknown_field"}}
	}
	return Violations{{Code: "json"}}
}

// largestNumber is more than any sum or count of the fund, and small enough that
// thousands of them can be added. Kronor, or whatever the field counts.
const largestNumber = 1_000_000_000_000

// longestText is the number of characters beyond which a text is no slip of the pen: a
// draft keeps what is too long for its field, but one of a million would fill every list.
const longestText = 50_000

// tooLarge lists the numbers of a decoded JSON value that would not stay what
// they are when they are added up, and the texts that no list could show, by their paths.
func tooLarge(path string, v any) (list Violations) {
	switch x := v.(type) {
	case json.Number:
		if n, err := x.Float64(); err != nil || n > largestNumber || n < -largestNumber {
			return Violations{{Field: path, Code: "range", Args: map[string]any{"Min": 0, "Max": largestNumber}}}
		}
	case string:
		if len(x) > longestText && utf8.RuneCountInString(x) > longestText {
			return Violations{{Field: path, Code: "too_long", Args: map[string]any{"Max": cmp.Or(TextLimit(path), longestText)}}}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(x)) {
			list = append(list, tooLarge(strings.TrimPrefix(path+"."+name, "."), x[name])...)
		}
	case []any:
		for i, y := range x {
			list = append(list, tooLarge(fmt.Sprintf("%s[%d]", path, i), y)...)
		}
	}
	return list
}
