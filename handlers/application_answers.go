package handlers

import (
	"encoding/json"
	"fmt"
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

// fillForm shows an application's values in the controls of the form.
func fillForm(f *Form, form workflow.Form) {
	raw, err := json.Marshal(form)
	if err != nil {
		panic(err) // plain structs
	}
	var tree map[string]any
	if err := json.Unmarshal(raw, &tree); err != nil {
		panic(err)
	}
	for _, st := range editSteps {
		for _, x := range st.fields {
			v := at(tree, x.name)
			switch {
			case x.kind == "rows":
				fillRows(f, x, v)
			case x.kind == "check":
				if v == true {
					f.Set(x.name, "1")
				}
			case x.kind == "areas":
				f.Set(x.name, form.Text.StrategyLink)
			case x.kind == "percent":
				if form.Activity.JointShare != nil {
					f.Set(x.name, form.Activity.JointShare.Percent())
				}
			case x.kind == "money":
				f.SetKronor(x.name, map[string]*int64{"requested": form.Requested, "voluntary": form.Voluntary}[x.name])
			case v != nil:
				f.Set(x.name, fmt.Sprint(v))
			}
		}
	}
}

// at follows a dotted path through decoded JSON; nil where it leads nowhere.
func at(tree map[string]any, path string) any {
	var v any = tree
	for _, p := range strings.Split(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[p]
	}
	return v
}

func fillRows(f *Form, x doField, v any) {
	rows, _ := v.([]any)
	for i, r := range rows {
		m, _ := r.(map[string]any)
		if sum, _ := m["amount"].(float64); x.name == "budget" && m["qty"] == nil && m["unit_price"] == nil && sum != 0 {
			m["qty"], m["unit_price"] = 1.0, sum // a sum from the API: the page counts by pieces, and must not lose it
		}
		f.Set(rowMark(x.name, i+1), "1")
		for _, cell := range x.cells {
			name := fmt.Sprintf("%s.%d.%s", x.name, i+1, cell.Name)
			switch value := m[cell.Name].(type) {
			case float64:
				n := int64(value)
				if cell.Kind == "money" {
					f.SetKronor(name, &n)
				} else {
					f.Set(name, fmt.Sprint(n))
				}
			case []any:
				parts := make([]string, len(value))
				for j, p := range value {
					parts[j] = fmt.Sprint(p)
				}
				f.Set(name, strings.Join(parts, ", "))
			case nil:
			default:
				f.Set(name, fmt.Sprint(value))
			}
		}
	}
}

// answers are a step's fields as they stand, each with its way to change it.
func (st editStep) answers(l lang.Lang, k workflow.Case, change string) (list []Answer) {
	if st.key == "files" {
		for _, a := range k.App.Attachments {
			list = append(list, Answer{
				Term:   lang.T(l, "attachment."+a.Kind),
				Links:  []Link{{Text: a.Name, Href: fmt.Sprintf("/applications/%d/attachments/%d", k.App.ID, a.ID)}},
				Change: change,
			})
		}
		if len(list) == 0 {
			list = append(list, Answer{Term: lang.T(l, "step.files"), Value: lang.T(l, "check.nothing"), Change: change})
		}
		return list
	}
	for _, x := range st.fields {
		if a, ok := formAnswer(l, k.App.Form, x); ok && !idlePayment(k.App.Form, x.name) {
			a.Change = change
			list = append(list, a)
		}
	}
	if len(list) == 0 && change != "" {
		list = append(list, Answer{Term: schemeWord(l, forOrganisation(k), "step."+st.key), Value: lang.T(l, "check.nothing"), Change: change})
	}
	return list
}

// formAnswers is the whole form as answers; change is "" where nothing can be changed.
func formAnswers(l lang.Lang, form workflow.Form, change string) (list []Answer) {
	for _, st := range editSteps {
		for _, x := range st.fields {
			if a, ok := formAnswer(l, form, x); ok && !idlePayment(form, x.name) {
				a.Change = change
				list = append(list, a)
			}
		}
	}
	return list
}

// formAnswer shows one field in words; ok is false where nothing is written.
func formAnswer(l lang.Lang, form workflow.Form, x doField) (Answer, bool) {
	a := Answer{Term: schemeWord(l, form.Applicant.Organisation != "", "field."+x.name)}
	raw, err := json.Marshal(form)
	if err != nil {
		panic(err) // plain structs
	}
	var tree map[string]any
	if err := json.Unmarshal(raw, &tree); err != nil {
		panic(err)
	}
	v := at(tree, x.name)
	switch x.kind {
	case "rows":
		a.Items = rowAnswers(l, form, x.name)
		return a, len(a.Items) > 0
	case "areas":
		for _, area := range form.Text.StrategyLink {
			a.Items = append(a.Items, areaName(l, area))
		}
		return a, len(a.Items) > 0
	case "check":
		a.Value = lang.T(l, "form.no")
		if v == true {
			a.Value = lang.T(l, "form.yes")
		}
		return a, strings.HasPrefix(x.name, "declarations.") || v == true
	case "percent":
		if form.Activity.JointShare == nil {
			return a, false
		}
		a.Value = lang.Percent(l, money.Share(*form.Activity.JointShare))
		return a, true
	case "date":
		text, _ := v.(string)
		if text == "" {
			return a, false
		}
		a.Value = text
		if _, err := workflow.ParseDate(text); err == nil {
			a.Value = lang.LongDay(l, text)
		}
		return a, true
	}
	switch value := v.(type) {
	case nil:
		return a, false
	case float64:
		a.Value = lang.Number(l, int64(value))
		if x.kind == "money" {
			a.Value = lang.Money(l, int64(value))
		}
	case string:
		a.Value = value
		if x.prefix != "" && lang.Has(l, x.prefix+"."+value) {
			a.Value = lang.T(l, x.prefix+"."+value)
		}
	default:
		a.Value = fmt.Sprint(value)
	}
	return a, a.Value != ""
}

func rowAnswers(l lang.Lang, form workflow.Form, name string) (items []string) {
	switch name {
	case "text.goals":
		for _, g := range form.Text.Goals {
			items = append(items, withMore(g.Goal, " (", g.Indicator, ")"))
		}
	case "text.programme":
		for _, d := range form.Text.Programme {
			items = append(items, withMore(d.Day, ": ", d.Text, ""))
		}
	case "budget":
		for _, b := range form.Lines() {
			items = append(items, withMore(costName(l, b.Code), ", ", b.Text, "")+": "+lang.Money(l, b.Sum()))
		}
	case "funding":
		for _, x := range form.Funding {
			source := x.Source
			if source == "" {
				source = choiceName(l, "funding", x.Type)
			}
			items = append(items, source+": "+lang.Money(l, intOf(x.Amount))+" ("+choiceName(l, "funding_status", x.Status)+")")
		}
	}
	return items
}

// withMore puts two answers of a row together, or gives the one that there is.
func withMore(first, before, second, after string) string {
	if first == "" || second == "" {
		return first + second
	}
	return first + before + second + after
}
