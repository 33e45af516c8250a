package handlers

import (
	"bytes"
	"slices"
	"strings"
)

// choiceKinds are the controls whose answer is chosen and not written, one alone.
var choiceKinds = []string{"radios", "select", "yesno"}

// choiceNames are choices that stand on pages of their own, or in rows.
var choiceNames = []string{
	"kind", "payment", "what", "round", "scheme", "operator", "role", "school", "points.field", "rulings.met", "disallowed.line",
	"budget.code", "funding.type", "funding.status",
}

// someKinds are the controls whose answer is one or more of several boxes.
var someKinds = []string{"checks", "areas"}

// isChoice tells whether a field's answer is one of several that are offered.
func isChoice(field string) bool {
	name := generic(controlName(field))
	return slices.Contains(choiceNames, name) || strings.HasPrefix(name, "ratings.") || isOfKind(name, choiceKinds)
}

// isOfKind tells whether a field of the form or of an action has one of these controls.
func isOfKind(name string, kinds []string) bool {
	here := func(x doField) bool { return x.name == name && slices.Contains(kinds, x.kind) }
	for _, st := range editSteps {
		if slices.ContainsFunc(st.fields, here) {
			return true
		}
	}
	for _, fields := range doFields {
		if slices.ContainsFunc(fields, here) {
			return true
		}
	}
	return false
}

// requiredKey is the word that asks for an answer where there is none.
func requiredKey(field string) string {
	switch {
	case isChoice(field):
		return "violation.choose"
	case isOfKind(generic(controlName(field)), someKinds):
		return "violation.choose_some"
	}
	return "violation.required"
}

// drawnKey is requiredKey for a control as a page has it, where id is at this place: what the
// API takes as a text may be a choice there.
func drawnKey(page []byte, id string, at int) string {
	start := bytes.LastIndexByte(page[:at], '<')
	tag := page[max(start, 0):]
	if end := bytes.IndexByte(tag, '>'); end >= 0 {
		tag = tag[:end]
	}
	switch {
	case bytes.HasPrefix(tag, []byte("<select")), bytes.Contains(tag, []byte(`type="radio"`)):
		return "violation.choose"
	case bytes.Contains(tag, []byte(`type="checkbox"`)) && bytes.Contains(page, []byte(`id="`+id+`-2"`)): // one of several
		return "violation.choose_some"
	}
	return ""
}
