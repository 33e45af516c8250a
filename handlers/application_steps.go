package handlers

import (
	"slices"
	"strings"

	"fund/workflow"
)

// editStep is one page of the form: its fields are paths of the application.
type editStep struct {
	key    string
	fields []doField
	own    []string // further paths whose findings belong here
}

var costCodes = []string{"RES", "LOK", "BOE", "MAT", "PRG", "SPR", "VIS", "VAC", "FOR", "STO", "VRD", "PLA", "PER", "LON", "GAV", "UTR", "OVR"}

// editSteps is the whole form, in order.
var editSteps = []editStep{
	{
		key: "school",
		fields: []doField{
			{name: "title", kind: "text"},
			{name: "applicant.school", kind: "text"},
			{name: "applicant.organisation", kind: "text"},
			{name: "applicant.org_no", kind: "text"},
			{name: "applicant.applicant_role", kind: "text"},
			{name: "applicant.contact_email", kind: "text"},
			{name: "applicant.contact_phone", kind: "text"},
			{name: "applicant.principal_name", kind: "text"},
			{name: "applicant.language", kind: "select", prefix: "language", values: []string{"sv", "en", "fi", "se"}},
			{name: "applicant.payment.method", kind: "radios", prefix: "method", values: []string{"internal", "bankgiro", "plusgiro", "account", "iban"}},
			{name: "applicant.payment.cost_centre", kind: "text"},
			{name: "applicant.payment.project", kind: "text", optional: true},
			{name: "applicant.payment.bankgiro", kind: "text"},
			{name: "applicant.payment.plusgiro", kind: "text"},
			{name: "applicant.payment.clearing", kind: "text"},
			{name: "applicant.payment.account", kind: "text"},
			{name: "applicant.payment.iban", kind: "text"},
			{name: "applicant.payment.holder", kind: "text", optional: true},
		},
		own: []string{"applicant", "round"},
	},
	{
		key: "partner",
		fields: []doField{
			{name: "partner.name", kind: "text"},
			{name: "partner.city", kind: "text"},
			{name: "partner.country", kind: "text"},
			{name: "partner.sister_city", kind: "check"},
			{name: "partner.contact", kind: "text"},
			{name: "partner.letter_of_intent.date", kind: "date"},
			{name: "text.background", kind: "area", optional: true},
		},
		own: []string{"partner"},
	},
	{
		key: "activity",
		fields: []doField{
			{name: "activity.type", kind: "radios", prefix: "activity", values: []string{"outgoing_group", "hosting", "preparatory_visit", "project"}},
			{name: "activity.start", kind: "date"},
			{name: "activity.end", kind: "date"},
			{name: "activity.travel_days", kind: "number"},
			{name: "activity.programme_days", kind: "number"},
			{name: "activity.joint_share", kind: "percent"},
			{name: "activity.accommodation", kind: "area"},
			{name: "activity.reciprocal", kind: "area"},
		},
		own: []string{"activity"},
	},
	{
		key: "participants",
		fields: []doField{
			{name: "participants.pupils", kind: "number"},
			{name: "participants.grades", kind: "text"},
			{name: "participants.staff", kind: "number"},
			{name: "participants.visiting_pupils", kind: "number", optional: true},
			{name: "participants.pupils_with_support_needs", kind: "number", optional: true},
		},
		own: []string{"participants"},
	},
	{key: "purpose", fields: []doField{{name: "text.summary", kind: "area"}, {name: "text.purpose", kind: "area"},
		{
			name:   "text.goals",
			kind:   "rows",
			layout: "two",
			cells:  []RowField{{Name: "goal", Kind: "area", Height: 2, Wide: true}, {Name: "indicator", Kind: "area", Height: 2, Wide: true}},
		},
		{name: "text.curriculum_link", kind: "area"}, {name: "text.strategy_link", kind: "areas"}}},
	{
		key: "programme",
		fields: []doField{
			{name: "text.preparation", kind: "area"},
			{
				name:   "text.programme",
				kind:   "rows",
				layout: "day",
				cells:  []RowField{{Name: "day", Kind: "text", Wide: true}, {Name: "text", Kind: "area", Height: 2, Wide: true}},
			},
			{name: "text.after", kind: "area"},
		},
	},
	{
		key: "care",
		fields: []doField{
			{name: "text.inclusion", kind: "area"},
			{name: "text.risk", kind: "area"},
			{name: "text.climate", kind: "area"},
			{name: "text.dissemination", kind: "area"},
		},
	},
	{key: "budget", fields: []doField{
		{
			name:   "budget",
			kind:   "rows",
			layout: "budget",
			cells: []RowField{
				{Name: "code", Kind: "select", Wide: true},
				{Name: "text", Kind: "text", Wide: true},
				{Name: "qty", Kind: "number"},
				{Name: "unit_price", Kind: "money"},
			},
		},
		{
			name:   "funding",
			kind:   "rows",
			layout: "stack",
			cells: []RowField{
				{Name: "source", Kind: "text"},
				{Name: "type", Kind: "select"},
				{Name: "status", Kind: "select"},
				{Name: "amount", Kind: "money"},
				{Name: "covers", Kind: "text", Optional: true},
			},
		},
		{name: "voluntary", kind: "money", optional: true}, {name: "requested", kind: "money"}}, own: []string{"budget", "funding", "requested", "voluntary"}},
	{key: "files", own: []string{"attachments"}},
	{
		key: "declarations",
		fields: []doField{
			{name: "declarations.no_mandatory_fee", kind: "check"},
			{name: "declarations.other_applications", kind: "area"},
			{name: "declarations.sent_by_staff", kind: "check"},
			{name: "declarations.no_pupil_data", kind: "check"},
			{name: "declarations.public_record", kind: "check"},
		},
		own: []string{"declarations"},
	},
}

func stepOf(key string) (editStep, bool) {
	i := slices.IndexFunc(editSteps, func(x editStep) bool { return x.key == key })
	if i < 0 {
		return editStep{}, false
	}
	return editSteps[i], true
}

// has tells whether a finding's or a point's field is on this page.
func (st editStep) has(field string) bool {
	field, _, _ = strings.Cut(field, "[")
	lies := func(a, b string) bool { return a == b || strings.HasPrefix(a, b+".") }
	for _, x := range st.fields {
		if lies(field, x.name) || lies(x.name, field) {
			return true
		}
	}
	return slices.ContainsFunc(st.own, func(o string) bool { return lies(field, o) })
}

// editable are the fields of a step that may be changed now: all of a draft, the named ones of a completion.
func editable(k workflow.Case, st editStep) []doField {
	if k.App.State != workflow.CompletionRequested {
		return st.fields
	}
	lies := func(a, b string) bool { return a == b || strings.HasPrefix(a, b+".") }
	return slices.DeleteFunc(slices.Clone(st.fields), func(x doField) bool {
		return !slices.ContainsFunc(k.App.Completion.Points, func(p workflow.Point) bool {
			return lies(x.name, p.Field) || p.Field == "applicant" && lies(x.name, "applicant")
		})
	})
}
