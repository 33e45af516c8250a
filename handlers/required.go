package handlers

import (
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

// isChoice tells whether a field's answer is one of several that are offered.
func isChoice(field string) bool {
	name := generic(controlName(field))
	here := func(x doField) bool { return x.name == name && slices.Contains(choiceKinds, x.kind) }
	if slices.Contains(choiceNames, name) || strings.HasPrefix(name, "ratings.") {
		return true
	}
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
	if isChoice(field) {
		return "violation.choose"
	}
	return "violation.required"
}
