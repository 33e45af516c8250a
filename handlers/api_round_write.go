package handlers

import (
	"bytes"
	"encoding/json"
	"time"

	"fund/sql"
	"fund/workflow"
)

// readOnlyRound are fields of the answer that a body may repeat.
var readOnlyRound = map[string]bool{"state": true, "version": true, "closed_at": true, "frozen": true, "frozen_at": true, "rule_set": true, "extensions": true}

// writeRound writes the named fields of a body into a round; null empties one.
func writeRound(in *sql.RoundInput, raw []byte, fresh bool) (v workflow.Violations) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil || fields == nil {
		return workflow.Violations{{Code: "json"}}
	}
	fault := func(field, code string) { v = append(v, workflow.Violation{Field: field, Code: code}) }
	for name, value := range fields {
		into := func(p any) {
			if err := json.Unmarshal(value, p); err != nil {
				fault(name, "wrong_type")
			}
		}
		day := func(p *workflow.Date) {
			*p = workflow.Date{}
			if err := json.Unmarshal(value, p); err != nil {
				fault(name, "date")
			}
		}
		fixed := func(p *string) {
			before := *p
			if into(p); !fresh && *p != before {
				*p = before
				fault(name, "fixed")
			}
		}
		switch name {
		case "id":
			fixed(&in.ID)
		case "scheme":
			fixed(&in.Scheme)
		case "name":
			into(&in.Name)
		case "name_en":
			in.NameEN = "" // null empties it
			into(&in.NameEN)
		case "opens":
			writeMoment(&in.OpensAt, name, value, false, fault)
		case "closes":
			writeMoment(&in.ClosesAt, name, value, true, fault)
		case "trip_start_from":
			day(&in.TripFrom)
		case "trip_start_to":
			day(&in.TripTo)
		case "budget":
			into(&in.Budget)
		case "committee_meeting":
			day(&in.Meeting)
		case "minutes_approved":
			day(&in.MinutesOn)
		case "notice_posted":
			day(&in.NoticeOn)
		case "last_appeal_day":
			day(&in.LastAppealDay)
		case "parameters":
			v = append(v, writeParameters(in, value)...)
		default:
			if !readOnlyRound[name] {
				fault(name, "unknown_field")
			}
		}
	}
	return v
}

// writeMoment reads a moment with or without offset. A day alone opens at
// 00:00, and closes when it ends.
func writeMoment(at *time.Time, name string, value json.RawMessage, closes bool, fault func(string, string)) {
	var text *string
	if err := json.Unmarshal(value, &text); err != nil {
		fault(name, "wrong_type")
		return
	}
	*at = time.Time{}
	if text == nil || *text == "" {
		return
	}
	got, err := workflow.ParseInstant(*text)
	if err != nil {
		fault(name, "date")
		return
	}
	if day, err := workflow.ParseDate(*text); err == nil && closes {
		got = day.End().Add(-time.Second)
	}
	*at = got
}

// writeParameters lays named rules over the round's own; null takes one back to the scheme's.
func writeParameters(in *sql.RoundInput, value json.RawMessage) (v workflow.Violations) {
	var change map[string]json.RawMessage
	if err := json.Unmarshal(value, &change); err != nil {
		return workflow.Violations{{Field: "parameters", Code: "wrong_type"}}
	}
	own := map[string]json.RawMessage{}
	for name, x := range in.Parameters {
		own[name] = x
	}
	for name, x := range change {
		if bytes.Equal(bytes.TrimSpace(x), []byte("null")) && !nullableRule[name] {
			delete(own, name)
			continue
		}
		own[name] = x
	}
	in.Parameters = own
	return nil
}

// nullableRule are the rules where null is a value: no limit, no main funder.
var nullableRule = map[string]bool{"max_per_application": true, "main_funder_min_share": true, "legal_force_above": true}
