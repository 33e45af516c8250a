package handlers

import (
	"encoding/json"
	"fmt"
	"time"

	"fund/workflow"
)

// moment is a moment as the API writes it: RFC 3339 with Stockholm's offset, null for none.
type moment time.Time

// MarshalJSON writes whole seconds where there are no others.
func (t moment) MarshalJSON() ([]byte, error) {
	if time.Time(t).IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(time.Time(t).In(workflow.Stockholm()).Format(time.RFC3339Nano))
}

// UnmarshalJSON reads what the API writes, and local times and days besides.
func (t *moment) UnmarshalJSON(raw []byte) error {
	var s *string
	if err := json.Unmarshal(raw, &s); err != nil {
		return err
	}
	if s == nil || *s == "" {
		*t = moment{}
		return nil
	}
	got, err := workflow.ParseInstant(*s)
	if err != nil {
		return fmt.Errorf("instant: %w", err)
	}
	*t = moment(got)
	return nil
}

// momentOf gives a moment that may be missing.
func momentOf(t *time.Time) moment {
	if t == nil {
		return moment{}
	}
	return moment(*t)
}
