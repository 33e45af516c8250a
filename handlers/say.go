package handlers

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"fund/workflow"
	"fund/workflow/lang"
)

// This file turns the codes of package workflow into sentences. The codes carry
// numbers and days as they are; what is a sum, a day or a name is known here.

// moneyCodes are the words whose Max, Planned and Actual are whole kronor.
// Amount, Requested, Product and Left always are.
var moneyCodes = map[string]bool{
	"over_max_grant": true, "over_paid": true, "over_claim": true, "overpayment_whole": true, "over_budget": true,
	"over_per_head_cap": true, "over_share_cap": true, "over_max_per_application": true, "over_gap": true,
	"meal_max": true, "language_prep_max": true, "line_difference": true, "item_over_limit": true, "bank_amount": true,
	"attest_limit": true,
}

// codeArgs are arguments that are codes themselves, and where their words stand.
var codeArgs = map[string]string{"Level": "level.", "Body": "body.", "Unmet": "unmet.", "Paper": "paper.", "Code": "budget."}

// sayArgs prints the arguments of a code for people.
func sayArgs(l lang.Lang, code string, args map[string]any) lang.Args {
	out := make(lang.Args, len(args))
	for name, v := range args {
		name = upperFirst(name)
		out[name] = sayArg(l, code, name, v, args)
	}
	for name, prefix := range codeArgs { // last, for their sentences may name the other arguments
		if v, ok := out[name].(string); ok && lang.Has(l, prefix+v) {
			out[name] = lang.T(l, prefix+v, out)
		}
	}
	return out
}

func sayArg(l lang.Lang, code, name string, v any, args lang.Args) any {
	switch v := v.(type) {
	case time.Time:
		return lang.DateTime(l, v)
	case workflow.Named:
		if l == lang.EN {
			return v.EN
		}
		return v.SV
	case []string: // reasons of a spot check
		words := make([]string, len(v))
		for i, reason := range v {
			words[i] = lang.T(l, "spot."+reason, args)
		}
		return strings.Join(words, "; ")
	case string:
		if _, err := workflow.ParseDate(v); err == nil && v != "" {
			return lang.Day(l, v)
		}
		return v
	case int64:
		switch name {
		case "Amount", "Requested", "Product", "Left":
			return lang.Money(l, v)
		case "Max", "Planned", "Actual":
			if moneyCodes[code] {
				return lang.Money(l, v)
			}
		}
		return v
	}
	return v
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// sayCode gives the sentence of a code under the first prefix that has one:
// findings share most of their words with violations, and both with faults of account numbers.
func sayCode(l lang.Lang, code string, args map[string]any, prefixes ...string) string {
	for _, p := range prefixes {
		if lang.Has(l, p+code) {
			return lang.T(l, p+code, sayArgs(l, code, args))
		}
	}
	return lang.T(l, prefixes[0]+code)
}

// SayViolation is what is wrong with a field, in a sentence.
func SayViolation(l lang.Lang, v workflow.Violation) string {
	if v.Code == "required" {
		return lang.T(l, requiredKey(v.Field))
	}
	return sayCode(l, v.Code, v.Args, "violation.", "fault.")
}

// SayFinding is what the program sees, in a sentence.
func SayFinding(l lang.Lang, f workflow.Finding) string {
	if f.Code == "required" {
		return lang.T(l, requiredKey(f.Field))
	}
	return sayCode(l, f.Code, f.Args, "finding.", "violation.", "fault.")
}

// sayFindingOf is SayFinding on a page of the case: an organisation has no partner
// school, where the finding has a sentence for it.
func sayFindingOf(l lang.Lang, k workflow.Case, f workflow.Finding) string {
	if key := "finding." + f.Code + ".organisation"; forOrganisation(k) && lang.Has(l, key) {
		return lang.T(l, key)
	}
	return SayFinding(l, f)
}

// SayRefused is why a guard does not let the action through.
func SayRefused(l lang.Lang, r workflow.Refused) string {
	return sayCode(l, r.Code, r.Args, "refused.")
}

// SayForbidden is why the action is not this person's.
func SayForbidden(l lang.Lang, f workflow.Forbidden) string {
	return sayCode(l, f.Code, f.Args, "forbidden.")
}

// SayUnmet is why an instalment cannot be paid now.
func SayUnmet(l lang.Lang, u workflow.Unmet) string {
	return sayCode(l, u.Code, u.Args, "unmet.")
}

// SayWrongState names the state and what can be done instead.
func SayWrongState(l lang.Lang, w workflow.WrongState) string {
	word := func(own, common, of string) string { // batches and rounds have states of their own, and rounds the words of their buttons
		if key := w.Of + own + of; lang.Has(l, key) {
			return lang.T(l, key)
		}
		return lang.T(l, common+of)
	}
	do := func(a workflow.Action) string { return lowerFirst(word(".act.", "action.", string(a))) }
	args := lang.Args{"State": word("_state.", "state.", string(w.State)), "Action": do(w.Action)}
	if len(w.Open) == 0 {
		return lang.T(l, "problem.wrong_state.nothing", args)
	}
	names := make([]string, len(w.Open))
	for i, a := range w.Open {
		names[i] = do(a)
	}
	args["Open"] = strings.Join(names, ", ")
	return lang.T(l, "problem.wrong_state", args)
}

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}
