package handlers

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

// ruleGroups are the rules in the order in which an office goes through them each year.
var ruleGroups = []ruleGroup{
	{"who", []string{"eligible_levels", "activity_types", "min_programme_days", "max_programme_days", "min_joint_share"}},
	{
		"caps",
		[]string{
			"cap_per_pupil", "cap_per_staff", "staff_per_pupils", "staff_min", "hosting_per_visiting_pupil",
			"preparatory_per_person", "preparatory_max_persons", "uncapped_codes", "share_cap", "max_per_application",
			"grants_per_school", "eligible_codes", "meal_max_per_person_day", "language_prep_max", "main_funder_min_share",
			"min_strategy_areas",
		},
	},
	{"check", []string{"outage_hours", "draft_reminder_before", "check_days", "completion_days", "completion_extension_days"}},
	{
		"assessment",
		[]string{
			"reviewers", "assessment_days", "blind_review", "criteria_weights", "rating_max", "threshold_total",
			"threshold_rating", "score_difference_max", "comment_min_chars",
		},
	},
	{"decision", []string{"tie_months_without_grant", "reserve_min_share", "delegation_limit", "appeal_days", "legal_force_above"}},
	{"payment", []string{"acceptance_days", "prepay_full_limit", "prepay_share", "earliest_payment_days", "account_cool_off_days", "advisory_days_before"}},
	{"changes", []string{"change_answer_days", "change_officer_days", "change_line_share", "change_pupil_drop", "cancellation_share"}},
	{
		"report",
		[]string{
			"report_days", "report_reminder_days", "block_after_days", "recovery_after_days", "report_return_days",
			"report_line_difference", "spot_check_share", "statement_days", "repay_minimum", "repay_days",
		},
	},
}

// ruleGroup is a heading of the form and the rules below it.
type ruleGroup struct {
	key   string
	names []string
}

// ruleSection is a group as the page shows it.
type ruleSection struct {
	Title  string
	Fields []Field
}

// rulesShown is the hidden field that says that the rules were on the page: no
// ticked box then means none, and not that nobody asked.
const rulesShown = "rules"

// ruleSections are the controls of a rule set, whose values setRules put into the form.
func ruleSections(l lang.Lang, f *Form, r workflow.Rules) (list []ruleSection) {
	values := ruleValues(r)
	for _, g := range ruleGroups {
		s := ruleSection{Title: lang.T(l, "rules.group."+g.key)}
		for _, name := range g.names {
			s.Fields = append(s.Fields, ruleFieldsOf(l, f, name, values[name])...)
		}
		list = append(list, s)
	}
	return list
}

// ruleValues are the values of a rule set by name.
func ruleValues(r workflow.Rules) map[string]any {
	v, out := reflect.ValueOf(r), map[string]any{}
	for i := range v.NumField() {
		out[v.Type().Field(i).Tag.Get("json")] = v.Field(i).Interface()
	}
	return out
}

// ruleFieldsOf are the controls of one rule: one, or one for each key of a map.
func ruleFieldsOf(l lang.Lang, f *Form, name string, value any) []Field {
	x := Field{Form: f, Name: "parameters." + name, Label: ruleLabel(l, name), Kind: "number"}
	if moneyRules[name] {
		x.Kind = "money"
	}
	switch value := value.(type) {
	case money.Share:
		x.Unit, x.Mode = "%", "decimal"
	case *money.Share:
		x.Unit, x.Mode, x.Hint = "%", "decimal", lang.T(l, "rules.none.hint")
	case *int64:
		x.Hint = lang.T(l, "rules.none.hint")
	case bool:
		x.Kind = "yesno"
	case []int:
		x.Kind, x.Width, x.Hint = "text", "w16", lang.T(l, "rules.list.hint")
		if lang.Has(l, "parameter."+name+".hint") {
			x.Hint = lang.T(l, "parameter."+name+".hint")
		}
	case []string:
		x.Kind, x.Inline, x.Options = "checks", true, ruleOptions(l, name, value)
	case map[string]int64:
		x.Optional = true // none: no cap for that school form
		return mapFields(l, x, ruleKeys(name, slices.Collect(maps.Keys(value))))
	case map[string]int:
		return mapFields(l, x, ruleKeys(name, slices.Collect(maps.Keys(value))))
	}
	return []Field{x}
}

// mapFields are the controls of a rule with a number for each key.
func mapFields(l lang.Lang, x Field, keys []string) (list []Field) {
	name := strings.TrimPrefix(x.Name, "parameters.")
	for _, key := range keys {
		one := x
		one.Name, one.Label = x.Name+"."+key, strings.TrimSpace(lang.T(l, "parameter."+name)+": "+ruleWord(l, key)+" "+ruleOf[name])
		list = append(list, one)
	}
	return list
}

// ruleWord is what a code in a rule is called: a school form, a kind of exchange, a cost or a criterion.
func ruleWord(l lang.Lang, code string) string {
	for _, prefix := range []string{"level.", "activity.", "budget."} {
		if lang.Has(l, prefix+code) {
			return lang.T(l, prefix+code)
		}
	}
	if key := "criterion." + code; lang.Has(l, key) {
		return code + " " + lang.T(l, key)
	}
	return code
}

// ruleCodes are what can be chosen in a rule.
var ruleCodes = map[string][]string{
	"eligible_levels": append(slices.Clone(workflow.SchoolLevels), "extern_aktor"),
	"activity_types":  {"outgoing_group", "hosting", "preparatory_visit", "project"},
	"eligible_codes":  costCodes, "uncapped_codes": costCodes, "cap_per_pupil": limitLevels,
}

// ruleKeys are the codes of a rule: those that are known, and those that it has besides.
func ruleKeys(name string, have []string) []string {
	keys := slices.Clone(ruleCodes[name])
	slices.Sort(have)
	for _, code := range have {
		if !slices.Contains(keys, code) {
			keys = append(keys, code)
		}
	}
	return keys
}

func ruleOptions(l lang.Lang, name string, have []string) (list []Option) {
	for _, code := range ruleKeys(name, slices.Clone(have)) {
		list = append(list, Option{Value: code, Text: ruleWord(l, code)})
	}
	return list
}

// setRules shows a rule set in the form.
func setRules(f *Form, r workflow.Rules) {
	f.Set(rulesShown, "1")
	percent := func(s money.Share) string {
		if f.Lang == lang.SV {
			return strings.ReplaceAll(s.Percent(), ".", ",")
		}
		return s.Percent()
	}
	for name, value := range ruleValues(r) {
		at := "parameters." + name
		number := func(at string, n int64) {
			if f.Set(at, fmt.Sprint(n)); moneyRules[name] {
				f.SetKronor(at, &n)
			}
		}
		switch x := value.(type) {
		case int:
			number(at, int64(x))
		case int64:
			number(at, x)
		case *int64:
			if x != nil {
				number(at, *x)
			}
		case money.Share:
			f.Set(at, percent(x))
		case *money.Share:
			if x != nil {
				f.Set(at, percent(*x))
			}
		case bool:
			f.Set(at, &x)
		case []string:
			f.Set(at, x)
		case []int:
			words := make([]string, len(x))
			for i, n := range x {
				words[i] = fmt.Sprint(n)
			}
			f.Set(at, strings.Join(words, ", "))
		case map[string]int64:
			for key, n := range x {
				number(at+"."+key, n)
			}
		case map[string]int:
			for key, n := range x {
				number(at+"."+key, int64(n))
			}
		}
	}
}

// readRules gives the rules that the form changes, as the API takes them; faults stand at their fields.
func readRules(f *Form, was workflow.Rules) (map[string]json.RawMessage, error) {
	change := map[string]json.RawMessage{}
	if f.Raw(rulesShown) == "" {
		return change, nil
	}
	for name, before := range ruleValues(was) {
		faults := len(f.Errors)
		after := readRule(f, name, before)
		if len(f.Errors) > faults || reflect.DeepEqual(after, before) {
			continue
		}
		raw, err := json.Marshal(after)
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", name, err)
		}
		change[name] = raw
	}
	slices.SortStableFunc(f.Errors, func(a, b FieldError) int { return rulePlace(a.Field) - rulePlace(b.Field) })
	return change, nil
}

// rulePlace is where a field stands on the page; other fields stand before the rules.
func rulePlace(field string) int {
	name, isRule := strings.CutPrefix(field, "parameters.")
	name, _, _ = strings.Cut(name, ".")
	place := 0
	for _, g := range ruleGroups {
		for _, n := range g.names {
			if place++; isRule && n == name {
				return place
			}
		}
	}
	return 0
}

// readRule reads one rule from the form, in the type that it had.
func readRule(f *Form, name string, before any) any {
	at := "parameters." + name
	whole := func(at string) *int64 {
		if moneyRules[name] {
			return f.Kronor(at)
		}
		return f.Int(at)
	}
	needed := func(at string) int64 {
		if f.Need(at) == "" {
			return 0
		}
		if n := whole(at); n != nil {
			return *n
		}
		return 0
	}
	switch x := before.(type) {
	case int:
		return int(needed(at))
	case int64:
		return needed(at)
	case *int64:
		return whole(at)
	case money.Share:
		if f.Need(at) == "" {
			return x
		}
		return sameShare(f.Percent(at), x)
	case *money.Share:
		got := f.Percent(at)
		if got != nil && x != nil {
			same := sameShare(got, *x)
			return &same
		}
		return got
	case bool:
		got := f.YesNo(at)
		return got != nil && *got
	case []string:
		return sameCodes(f.List(at), x)
	case []int:
		return readDays(f, at)
	case map[string]int64:
		out := map[string]int64{}
		for _, key := range ruleKeys(name, slices.Collect(maps.Keys(x))) {
			if n := whole(at + "." + key); n != nil { // empty: no cap of its own
				out[key] = *n
			}
		}
		return out
	case map[string]int:
		out := map[string]int{}
		for _, key := range ruleKeys(name, slices.Collect(maps.Keys(x))) {
			out[key] = int(needed(at + "." + key))
		}
		return out
	}
	return before
}

// sameShare keeps the share as it was written where the form says the same: 0.8 is 0.80.
func sameShare(got *money.Share, was money.Share) money.Share {
	if got == nil || !got.Less(was) && !was.Less(*got) {
		return was
	}
	return *got
}

// sameCodes keeps the order where the same are chosen.
func sameCodes(got, was []string) []string {
	a, b := slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(was))
	if slices.Equal(a, b) {
		return was
	}
	return got
}

// readDays reads whole numbers with commas between them.
func readDays(f *Form, at string) []int {
	list := []int{}
	for _, word := range strings.FieldsFunc(f.Text(at), func(r rune) bool { return strings.ContainsRune(",; ", r) }) {
		n, err := strconv.Atoi(strings.Replace(word, "−", "-", 1))
		if err != nil {
			f.Fail(at, "rules.list.fault")
			return list
		}
		list = append(list, n)
	}
	return list
}
