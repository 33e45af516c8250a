package handlers

import (
	"fmt"
	"slices"
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
)

// unfilled are the codes of what nobody has written yet: no fault while
// somebody fills in the form, and seen when the answers are checked.
var unfilled = []string{"required", "no_participants", "no_budget", "school_unknown", "paper_missing", "mandatory_fee"}

// miswritten are the codes of what can't be meant as it is written, though it
// stops no filing: better said where it was written than a page later.
var miswritten = []string{
	"too_long", "negative", "email", "joint_share_over", "covers_unknown", "partner_abroad", "too_many_areas", "too_many_goals",
	"range", "choice",
}

// judgeStep notes at the fields of a step what was written there and can't stay
// so: a day that does not exist, a personal number, an account with a wrong
// check digit, a text that is too long, a cost without its kind. All of it is saved already.
func judgeStep(f *Form, k workflow.Case, st editStep, today workflow.Date) {
	f.organisation = forOrganisation(k)
	fields := editable(k, st) // of a completion only what is asked about: the rest can't be mended now
	for _, x := range workflow.Findings(k, today) {
		here := slices.ContainsFunc(fields, func(d doField) bool { return lies(x.Field, d.name) })
		begun := x.Code == "required" && strings.Contains(x.Field, "[") // the rest of the row is there
		if here && (begun || !slices.Contains(unfilled, x.Code) && (x.Severity == workflow.Stop || slices.Contains(miswritten, x.Code))) {
			f.FailText(f.onPage(controlName(x.Field)), sayFindingOf(f.Lang, k, x))
		}
	}
	for _, x := range fields {
		if text := f.Text(x.name); x.kind == "date" && text != "" {
			if _, ok := readDate(text); !ok {
				f.Fail(x.name, "form.date")
			}
		}
	}
	place := func(e FieldError) int {
		return slices.IndexFunc(st.fields, func(x doField) bool { return lies(e.Field, x.name) })
	}
	slices.SortStableFunc(f.Errors, func(a, b FieldError) int { return place(a) - place(b) }) // as they stand on the page
}

// checkFindings are the findings in the order of the form, each with the way to
// where it is mended. What is only not filled in yet is one line a step, so that
// what is wrong is seen beside it.
func checkFindings(l lang.Lang, k workflow.Case, findings []workflow.Finding, change func(editStep) *Link) (list []FindingView) {
	for _, severity := range []string{workflow.Stop, workflow.Warning, workflow.Info} {
		placed := map[int]bool{}
		for _, st := range editSteps {
			var missing []string
			for i, x := range findings {
				if placed[i] || x.Severity != severity || !st.has(x.Field) || x.Field == "attachments.principal_approval" {
					continue
				}
				placed[i] = true
				key := "field." + generic(controlName(x.Field))
				if x.Code == "required" && lang.Has(l, key) {
					missing = append(missing, strings.TrimSuffix(schemeWord(l, forOrganisation(k), key), "?"))
					continue
				}
				v := sayFindings(l, k, []workflow.Finding{x}, asIs)[0]
				v.Rule, v.Link = "", change(st) // the rules' numbers are for the office
				list = append(list, v)
			}
			if len(missing) > 0 {
				list = append(list, FindingView{
					Severity: severity,
					Text:     lang.T(l, "check.missing", lang.Args{"Step": schemeWord(l, forOrganisation(k), "step."+st.key)}),
					Detail:   strings.Join(missing, " · "),
					Link:     change(st),
				})
			}
		}
		for i, x := range findings {
			if !placed[i] && x.Severity == severity {
				v := sayFindings(l, k, []workflow.Finding{x}, asIs)[0]
				v.Rule = ""
				list = append(list, v)
			}
		}
	}
	return list
}

// mayWrite tells whether the form takes this person's words now (contract.md §3: PATCH).
func mayWrite(k workflow.Case, by workflow.Actor) bool {
	return k.App.IsApplicant(by.Person) && slices.Contains([]workflow.State{workflow.Draft, workflow.Approved, workflow.CompletionRequested}, k.App.State)
}

// changeLink leads from an answer or a finding to its step, for those who may change it now.
func changeLink(l lang.Lang, k workflow.Case, by workflow.Actor) func(editStep) *Link {
	may := mayWrite(k, by) && k.App.State != workflow.CompletionRequested // there, only what is asked about
	return func(st editStep) *Link {
		if !may {
			return nil
		}
		return &Link{
			Text:   lang.T(l, "part.change"),
			Hidden: lower(schemeWord(l, forOrganisation(k), "step."+st.key)),
			Href:   fmt.Sprintf("/applications/%d/edit/%s", k.App.ID, st.key),
		}
	}
}
