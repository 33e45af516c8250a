package handlers

import (
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// helpOf is the help below a field's label: what a round's rules say of it, or
// else what always holds.
func helpOf(l lang.Lang, k workflow.Case, name string) string {
	r := k.Round
	if key := "field." + name + ".hint.organisation"; forOrganisation(k) && lang.Has(l, key) {
		return lang.T(l, key)
	}
	if key := "help." + name; r.ID != "" && lang.Has(l, key) && (name != "activity.start" || !r.TripFrom.IsZero()) {
		return lang.T(
			l,
			key,
			lang.Args{"Window": lang.Days(l, r.TripFrom.String(), r.TripTo.String()), "MinDays": r.Rules.MinProgrammeDays, "MaxDays": r.Rules.MaxProgrammeDays,
				"Share": r.Rules.MinJointShare.Percent(), "PerPupils": r.Rules.StaffPerPupils, "StaffMin": r.Rules.StaffMin},
		)
	}
	if key := "field." + name + ".hint"; lang.Has(l, key) {
		return lang.T(l, key)
	}
	return ""
}

// schemeWord is what something of the form is called: an organisation has no pupils'
// trip and no partner school, where its own word stands beside the school's.
func schemeWord(l lang.Lang, organisation bool, key string) string {
	if own := key + ".organisation"; organisation && lang.Has(l, own) {
		return lang.T(l, own)
	}
	return lang.T(l, key)
}

// forOrganisation tells whether the form is an organisation's.
func forOrganisation(k workflow.Case) bool { return k.Scheme.Applicant == "organisation" }

const payPath = "applicant.payment."

// payMethodsOf are the ways to be paid that a field belongs to, in words of a
// class list: the style sheet shows the fields of the way that is chosen, with
// or without a script. It is "" for what is no field of an account.
func payMethodsOf(path string) string {
	name, ok := strings.CutPrefix(path, payPath)
	if !ok {
		return ""
	}
	var list []string
	for _, m := range payMethods {
		if slices.Contains(m.fields, name) {
			list = append(list, m.method)
		}
	}
	return strings.Join(list, " ")
}

// idlePayment tells that a field belongs to a way to be paid which isn't the chosen one.
func idlePayment(form workflow.Form, path string) bool {
	methods := strings.Fields(payMethodsOf(path))
	return len(methods) > 0 && form.Applicant.Payment.Method != "" && !slices.Contains(methods, form.Applicant.Payment.Method)
}

// chooseSchool makes the school's field a list of the schools where the person
// works. What the draft says stays a choice: a colleague may have written it.
func (s *Server) chooseSchool(c *gin.Context, k workflow.Case, field *Field) error {
	var names []string
	for _, r := range actorOf(c).Own().Roles {
		if r.School == 0 {
			continue
		}
		school, err := s.store.School(c.Request.Context(), r.School)
		if err != nil {
			return err
		}
		names = append(names, school.Name)
	}
	if len(names) == 0 {
		return nil
	}
	for _, name := range []string{k.App.Form.Applicant.School, field.Raw()} {
		if name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	field.Kind, field.Empty = "select", lang.T(field.Form.Lang, "field.applicant.school.choose")
	for _, name := range slices.Compact(names) {
		field.Options = append(field.Options, Option{Value: name, Text: name})
	}
	return nil
}

// neededPapers are the papers that the scheme asks for, and whether they are there (RF-13).
func neededPapers(l lang.Lang, k workflow.Case, today workflow.Date) (list []Task) {
	missing := map[string]bool{}
	for _, x := range workflow.Findings(k, today) {
		missing[x.Field] = missing[x.Field] || x.Code == "paper_missing"
	}
	for _, paper := range k.Scheme.Mandatory {
		if !slices.Contains(workflow.AttachmentKinds, paper) {
			continue
		}
		t := Task{Text: lang.T(l, "attachment."+paper), Tag: &Tag{Text: lang.T(l, "files.missing"), Color: "warning"}}
		if key := "files." + paper + ".hint"; lang.Has(l, key) {
			t.Hint = lang.T(l, key)
		}
		if !missing["attachments."+paper] {
			t.Tag = &Tag{Text: lang.T(l, "files.there"), Color: "success"}
		}
		list = append(list, t)
	}
	return list
}

// leadOf is the sentence above a step; sums are written as the school's operator counts VAT.
func leadOf(l lang.Lang, k workflow.Case, st editStep) string {
	key := "step." + st.key + ".lead"
	if k.School != nil && !k.School.Municipal() && lang.Has(l, key+".independent") {
		key += ".independent"
	}
	if forOrganisation(k) && lang.Has(l, key+".organisation") {
		key += ".organisation"
	}
	if !lang.Has(l, key) {
		return ""
	}
	return lang.T(l, key)
}

// forSchools are the fields that a school's exchange needs and a co-financed project may leave out (domain 9.1).
var forSchools = []string{
	"activity.reciprocal", "activity.travel_days", "activity.programme_days", "activity.joint_share", "activity.accommodation",
	"participants.grades", "text.curriculum_link", "text.preparation", "text.after", "text.inclusion", "text.risk", "text.climate",
	"text.dissemination",
}

// blankSums tells that there is nothing to count with yet: neither a cost nor a participant.
func blankSums(form workflow.Form) bool {
	p := form.Participants
	return len(form.Budget) == 0 && intOf(p.Pupils) == 0 && intOf(p.VisitingPupils) == 0
}
