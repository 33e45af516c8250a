package handlers

import (
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// ruleNumber is RF-01…RF-27; other names of rules are for programs.
func ruleNumber(rule string) string {
	if strings.HasPrefix(rule, "RF-") {
		return rule
	}
	return ""
}

// findingViews shows the machine's findings that the reader may know of, each with the officer's newest ruling on its rule beside it.
func (s *Server) findingViews(c *gin.Context, l lang.Lang, k workflow.Case, today workflow.Date) []FindingView {
	return sayFindings(l, k, workflow.VisibleFindings(k, actorOf(c), today), func(email string) string { return s.calledBy(c, email) })
}

// asIs names nobody: where no ruling stands beside a finding.
func asIs(email string) string { return email }

// sayFindings puts findings into words; called is the name behind an address.
func sayFindings(l lang.Lang, k workflow.Case, all []workflow.Finding, called func(email string) string) (list []FindingView) {
	ruling := map[string]workflow.Ruling{}
	for _, r := range k.App.Rulings {
		ruling[r.Rule] = r
	}
	for _, x := range all {
		v := FindingView{Severity: x.Severity, Text: sayFindingOf(l, k, x), Rule: ruleNumber(x.Rule)}
		if key := "field." + generic(controlName(x.Field)); x.Code == "required" && lang.Has(l, key) {
			v.Text = FieldError{Where: schemeWord(l, forOrganisation(k), key), Message: lang.T(l, "case.missing")}.Says() // the office fills in nothing
		}
		if r, ok := ruling[x.Rule]; ok {
			v.Ruling = lang.T(l, map[bool]string{true: "act.met", false: "act.unmet"}[r.Met])
			v.By = strings.TrimSpace(called(r.By) + ", " + lang.ShortDate(l, r.At) + " " + r.Reason)
		}
		list = append(list, v)
	}
	return list
}
