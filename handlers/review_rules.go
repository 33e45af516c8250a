package handlers

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

// ruleFacts lists a rule set in words: each number under its name, with the RF
// that it belongs to. What has no RF is the office's own setting.
func ruleFacts(l lang.Lang, r workflow.Rules) (facts []Fact) {
	v := reflect.ValueOf(r)
	for i := range v.NumField() {
		name := v.Type().Field(i).Tag.Get("json")
		facts = append(facts, Fact{Term: lang.T(l, "parameter."+name), Value: ruleValue(l, name, v.Field(i).Interface()), Note: ruleOf[name]})
	}
	return facts
}

// ruleValue prints the value of a rule.
func ruleValue(l lang.Lang, name string, value any) string {
	number := func(n int64) string {
		if moneyRules[name] {
			return lang.Money(l, n)
		}
		return lang.Number(l, n)
	}
	word := func(code string) string { return ruleWord(l, code) }
	switch x := value.(type) {
	case int:
		return number(int64(x))
	case int64:
		return number(x)
	case *int64:
		if x == nil {
			return lang.T(l, "parameter.off")
		}
		return number(*x)
	case money.Share:
		return lang.Percent(l, x)
	case *money.Share:
		if x == nil {
			return lang.T(l, "parameter.off")
		}
		return lang.Percent(l, *x)
	case bool:
		return lang.T(l, map[bool]string{true: "form.yes", false: "form.no"}[x])
	case []string:
		words := make([]string, len(x))
		for i, code := range x {
			words[i] = word(code)
		}
		return strings.Join(words, ", ")
	case []int:
		words := make([]string, len(x))
		for i, n := range x {
			words[i] = fmt.Sprint(n)
		}
		return strings.Join(words, ", ")
	case map[string]int64:
		var words []string
		for _, code := range slices.Sorted(maps.Keys(x)) {
			words = append(words, word(code)+": "+number(x[code]))
		}
		return strings.Join(words, "\n")
	case map[string]int:
		var words []string
		for _, code := range slices.Sorted(maps.Keys(x)) {
			words = append(words, code+": "+fmt.Sprint(x[code]))
		}
		return strings.Join(words, ", ")
	}
	return fmt.Sprint(value)
}

// moneyRules are the rules that are whole kronor.
var moneyRules = map[string]bool{
	"cap_per_pupil": true, "cap_per_staff": true, "hosting_per_visiting_pupil": true, "preparatory_per_person": true,
	"max_per_application": true, "meal_max_per_person_day": true, "language_prep_max": true, "delegation_limit": true,
	"prepay_full_limit": true, "repay_minimum": true, "legal_force_above": true,
}

// ruleOf names the rule that a number belongs to (domain.md, RF-01…RF-27).
var ruleOf = map[string]string{
	"eligible_levels": "RF-01", "activity_types": "RF-03", "min_programme_days": "RF-03", "max_programme_days": "RF-03", "min_joint_share": "RF-03", "outage_hours": "RF-05",
	"cap_per_pupil": "RF-06", "cap_per_staff": "RF-06", "staff_per_pupils": "RF-06", "staff_min": "RF-06", "hosting_per_visiting_pupil": "RF-06", "preparatory_per_person": "RF-06",
	"preparatory_max_persons": "RF-06", "uncapped_codes": "RF-06", "share_cap": "RF-07", "max_per_application": "RF-08", "grants_per_school": "RF-08", "eligible_codes": "RF-09",
	"meal_max_per_person_day": "RF-09", "language_prep_max": "RF-09", "completion_days": "RF-14", "completion_extension_days": "RF-14", "reviewers": "RF-15", "rating_max": "RF-15",
	"criteria_weights": "RF-15", "threshold_total": "RF-15", "threshold_rating": "RF-15", "score_difference_max": "RF-15", "comment_min_chars": "RF-15", "tie_months_without_grant": "RF-16",
	"reserve_min_share": "RF-16", "delegation_limit": "RF-17", "prepay_full_limit": "RF-19", "prepay_share": "RF-19", "earliest_payment_days": "RF-19", "acceptance_days": "RF-19",
	"change_answer_days": "RF-20", "change_officer_days": "RF-20", "change_line_share": "RF-20", "change_pupil_drop": "RF-20", "cancellation_share": "RF-21", "report_days": "RF-22", "report_reminder_days": "RF-22",
	"block_after_days": "RF-12, RF-22", "recovery_after_days": "RF-22", "repay_minimum": "RF-23", "repay_days": "RF-23", "main_funder_min_share": "RF-27", "min_strategy_areas": "RF-27",
}
