package handlers

import (
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// caseFacts are the few facts that stand beside every action.
func caseFacts(l lang.Lang, k workflow.Case) []Fact {
	form := k.App.Form
	facts := []Fact{{Term: lang.T(l, "fact.applicant"), Value: applicantName(k)}}
	add := func(key, value string) {
		if strings.TrimSpace(value) != "" {
			facts = append(facts, Fact{Term: lang.T(l, key), Value: value})
		}
	}
	if level := k.Level(); level != "" {
		add("fact.level", lang.T(l, "level."+level))
	}
	partner := []string{}
	for _, part := range []string{form.Partner.Name, form.Partner.City, lang.Country(l, form.Partner.Country)} {
		if part != "" {
			partner = append(partner, part)
		}
	}
	add("fact.partner", strings.Join(partner, ", "))
	if start, end, ok := form.Activity.Days(); ok {
		add("fact.trip", lang.Days(l, start.String(), end.String()))
	}
	if form.Participants.Pupils != nil || form.Participants.Staff != nil {
		add(
			"fact.participants",
			lang.T(
				l,
				"fact.people",
				lang.Args{"Pupils": lang.Number(l, intOf(form.Participants.Pupils)), "Staff": lang.Number(l, intOf(form.Participants.Staff))},
			),
		)
	}
	add("fact.round", notice.RoundName(l, k.Round))
	if !k.App.ReceivedAt.IsZero() {
		late := lang.T(l, "fact.in_time")
		if k.Late() {
			late = lang.T(l, "fact.late")
		}
		facts = append(facts, Fact{Term: lang.T(l, "fact.received"), At: k.App.ReceivedAt, Note: late})
	}
	return facts
}

func intOf(p *int64) int64 {
	if p == nil {
		return 0
	}
	return *p
}

// applicantName is the school or the organisation, as letters call it.
func applicantName(k workflow.Case) string { return notice.Payee(k) }
