package handlers

import (
	"fund/workflow"
	"fund/workflow/lang"
)

// askedView is what the applicant was asked for in the case, and how it went.
type askedView struct {
	Facts   []Fact
	Points  []Fact
	Message string // the applicant's own words with the answer
}

// askedOf shows a completion to the office; nil where nothing was asked for.
// Blind reviewers don't read it: the officer's questions may name the school.
func askedOf(l lang.Lang, k workflow.Case, today workflow.Date) *askedView {
	x := k.App.Completion
	if x == nil || len(x.Points) == 0 || k.IsMasked() {
		return nil
	}
	state := "waiting"
	switch {
	case x.Answered:
		state = "answered"
	case x.Expired || x.DueOn.Before(today):
		state = "over"
	case x.Changed:
		state = "begun"
	}
	v := &askedView{
		Message: x.Message,
		Facts: []Fact{
			{Term: lang.T(l, "asked.on"), Value: lang.LongDay(l, workflow.DateOf(x.AskedAt).String())},
			{Term: lang.T(l, "asked.due"), Value: lang.LongDay(l, x.DueOn.String())},
			{Term: lang.T(l, "asked.state"), Value: lang.T(l, "asked.state."+state)},
		},
	}
	if x.Extended > 0 {
		v.Facts[1].Note = lang.T(l, "asked.extended", lang.Args{"Count": x.Extended})
	}
	for _, p := range x.Points {
		v.Points = append(v.Points, Fact{Term: askName(l, p.Field), Value: p.Text})
	}
	return v
}

// askName is what a field that is asked about is called.
func askName(l lang.Lang, field string) string {
	for _, key := range []string{"ask." + field, "field." + field} {
		if lang.Has(l, key) {
			return lang.T(l, key)
		}
	}
	return field
}
