package handlers

import (
	"slices"

	"fund/workflow"
	"fund/workflow/lang"
)

// costName is the kind of a budget line in words.
func costName(l lang.Lang, code string) string { return choiceName(l, "budget", code) }

// choiceName is a choice of the form in words, its words under prefix. A draft holds whatever
// was sent to it: nothing is said to be so, and what isn't offered stands as it was sent.
func choiceName(l lang.Lang, prefix, value string) string {
	switch key := prefix + "." + value; {
	case value == "":
		return lang.T(l, prefix+".none")
	case lang.Has(l, key):
		return lang.T(l, key)
	}
	return value
}

// costOptions are the kinds of cost to choose from, and what the form says besides.
func costOptions(l lang.Lang, form workflow.Form) []Option {
	list := Options(l, "budget", costCodes...)
	for _, b := range form.Budget {
		if b.Code != "" && !slices.ContainsFunc(list, func(o Option) bool { return o.Value == b.Code }) {
			list = append(list, Option{Value: b.Code, Text: b.Code})
		}
	}
	return list
}
