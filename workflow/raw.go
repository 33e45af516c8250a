package workflow

import "encoding/json"

// RawObject is a JSON object kept as it was sent, such as a merge patch.
type RawObject json.RawMessage

// MarshalJSON writes it unchanged; nothing is null.
func (r RawObject) MarshalJSON() ([]byte, error) {
	if len(r) == 0 {
		return []byte("null"), nil
	}
	return r, nil
}

// UnmarshalJSON keeps a copy.
func (r *RawObject) UnmarshalJSON(b []byte) error {
	*r = append((*r)[:0], b...)
	return nil
}
