package workflow

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// personalNumbers finds personal numbers in every text and file name (RF-25).
func (c Case) personalNumbers() (v Violations) {
	for _, t := range c.App.Form.texts() {
		switch t.path {
		case "applicant.payment.bankgiro",
			"applicant.payment.plusgiro",
			"applicant.payment.clearing",
			"applicant.payment.account",
			"applicant.payment.iban",
			"applicant.org_no":
			continue // account and organisation numbers have their own checks
		}
		text := t.text
		if t.path == "applicant.contact_phone" {
			text = "tel " + text // the field says so
		}
		if _, _, found := FindPersonalNumber(text); found {
			v = append(v, Violation{Field: t.path, Rule: "RF-25", Code: "personal_number"})
		}
	}
	for _, a := range c.App.Attachments {
		if _, _, found := FindPersonalNumber(a.Name); found {
			v = append(v, Violation{Field: "attachments." + a.Kind, Rule: "RF-25", Code: "personal_number_file", Args: map[string]any{"Name": a.Kind}})
		}
	}
	return v
}

// formText is one text of a form and where it stands.
type formText struct{ path, text string }

// texts lists every text of the form with its path.
func (f Form) texts() (list []formText) {
	b, err := json.Marshal(f)
	if err != nil {
		panic(err) // plain structs
	}
	var tree any
	if err := json.Unmarshal(b, &tree); err != nil {
		panic(err)
	}
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case string:
			if v != "" {
				list = append(list, formText{at, v})
			}
		case map[string]any:
			keys := make([]string, 0, len(v))
			for k := range v {
				keys = append(keys, k)
			}
			slices.Sort(keys)
			for _, k := range keys {
				walk(strings.TrimPrefix(at+"."+k, "."), v[k])
			}
		case []any:
			for i, x := range v {
				walk(fmt.Sprintf("%s[%d]", at, i), x)
			}
		}
	}
	walk("", tree)
	return list
}

// Limits of the form's texts in characters (domain 9.1).
var textLimits = map[string]int{
	"title": 100, "applicant.applicant_role": 80, "text.summary": 600, "partner.name": 120, "partner.city": 80, "partner.contact": 120,
	"text.background": 1000, "activity.reciprocal": 400, "activity.accommodation": 200, "text.purpose": 1500, "text.curriculum_link": 800,
	"text.preparation": 1000, "text.after": 800, "text.dissemination": 600, "text.inclusion": 800, "text.risk": 2000, "text.climate": 500,
	"text.goals.goal": 250, "text.goals.indicator": 200, "text.programme.text": 300, "budget.text": 120, // in each row
}

// rowNumbers are those in the path of a row's field: the [2] of text.goals[2].goal.
var rowNumbers = regexp.MustCompile(`\[\d+\]`)

// TextLimit gives the largest number of characters of a field, in each row of
// a list: text.goals.goal or text.goals[2].goal; 0: none.
func TextLimit(field string) int { return textLimits[rowNumbers.ReplaceAllString(field, "")] }

func (f *finder) texts() {
	for _, t := range f.c.App.Form.texts() {
		if limit := TextLimit(t.path); limit > 0 && len([]rune(t.text)) > limit {
			f.add("", Warning, t.path, "too_long", "Max", limit, "Length", len([]rune(t.text)))
		}
		if strings.HasPrefix(t.path, "text.") && LooksLikeNameList(t.text) {
			f.add("RF-25", Warning, t.path, "name_list")
		}
	}
	for _, a := range f.c.App.Attachments {
		if FileNameHoldsNames(a.Name) {
			f.add("RF-25", Warning, "attachments."+a.Kind, "name_list_file", "Name", a.Name)
		}
	}
}
