package workflow

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
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
		return nil
	}
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		field := wrong.Field
		if first, rest, ok := strings.Cut(field, "."); ok && first[0] >= 'A' && first[0] <= 'Z' {
			field = rest // an embedded struct is no field
		}
		return Violations{{Field: field, Code: "wrong_type"}}
	}
	if errors.Is(err, errNoDay) {
		return Violations{{Code: "date"}}
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return Violations{{Field: strings.Trim(name, `"`), Code: "unknown_field"}}
	}
	return Violations{{Code: "json"}}
}
