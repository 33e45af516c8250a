package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// eligibilityPage is the checklist: the machine's finding on each rule beside the officer's ruling.
type eligibilityPage struct {
	Page
	Form     *Form
	Post     string
	Rules    Table
	Eligible Field
	Sums     []Fact
	Facts    []Fact
	Similar  []Fact
	Ask      Link
	Files    []Link
	Whole    Link
}

// checkedRules are the rules of the checklist, and those besides on which the machine has a finding.
func checkedRules(k workflow.Case, today workflow.Date) []string {
	list := slices.DeleteFunc(slices.Clone(ruledRules), func(rule string) bool { return !workflow.RuleAsked(k, rule) })
	for _, x := range workflow.Findings(k, today) {
		if strings.HasPrefix(x.Rule, "RF-") && !slices.Contains(list, x.Rule) {
			list = append(list, x.Rule)
		}
	}
	slices.Sort(list)
	return list
}

func (s *Server) showEligibility(c *gin.Context) error {
	k, f, today, err := s.deskOpen(c, workflow.ActRuleEligibility)
	if err != nil {
		return err
	}
	rulings := map[string]workflow.Ruling{}
	for _, r := range k.App.Rulings {
		rulings[r.Rule] = r
	}
	for i, rule := range checkedRules(k, today) {
		name := fmt.Sprintf("rulings.%d.", i+1)
		f.Set(name+"rule", rule)
		f.Set(name+"met", "keep")
		if r, ok := rulings[rule]; ok {
			f.Set(name+"met", map[bool]string{true: "yes", false: "no"}[r.Met])
			f.Set(name+"reason", r.Reason)
		}
	}
	return s.drawEligibility(c, http.StatusOK, k, f)
}

func (s *Server) postEligibility(c *gin.Context) error {
	k, f, err := s.caseForm(c)
	if err != nil {
		return err
	}
	body := readDo(f, workflow.ActRuleEligibility, k.Round.Rules)
	if body["eligible"] == nil {
		f.Fail("eligible", "form.required")
	}
	unmet := false
	for _, n := range f.Rows("rulings") {
		name := fmt.Sprintf("rulings.%d.", n)
		met := f.Raw(name + "met")
		unmet = unmet || met == "no"
		if met != "keep" && f.Text(name+"reason") == "" {
			f.Fail(name+"reason", "desk.ruling_reason", lang.Args{"Rule": f.Raw(name + "rule")})
		}
	}
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	switch {
	case body["eligible"] == true && unmet:
		f.Fail("eligible", "desk.eligible_unmet")
	case body["eligible"] == false && !unmet && !foundUnmet(f, k, workflow.DateOf(now)):
		f.Fail("eligible", "desk.ineligible_why")
	}
	status, err := s.takeBody(c, &k, f, workflow.ActRuleEligibility, body)
	if err != nil {
		return err
	}
	if status != 0 {
		return s.drawEligibility(c, status, k, f)
	}
	return s.see(c, fmt.Sprintf("/cases/%d", k.App.ID), "done.rule_eligibility")
}

// foundUnmet tells whether the machine objects to a rule of the form, not to a sum, that the officer has not ruled to be met.
func foundUnmet(f *Form, k workflow.Case, today workflow.Date) bool {
	met := map[string]bool{}
	for _, n := range f.Rows("rulings") {
		name := fmt.Sprintf("rulings.%d.", n)
		met[f.Raw(name+"rule")] = f.Raw(name+"met") == "yes"
	}
	return slices.ContainsFunc(workflow.Findings(k, today), func(x workflow.Finding) bool {
		return x.Severity != workflow.Info && slices.Contains(ruledRules, x.Rule) && !met[x.Rule]
	})
}

func (s *Server) drawEligibility(c *gin.Context, status int, k workflow.Case, f *Form) error {
	p, err := s.deskTop(c, k, f, workflow.ActRuleEligibility)
	if err != nil {
		return err
	}
	l, today := p.Lang, workflow.DateOf(p.Now)
	page := eligibilityPage{
		Page:     p,
		Form:     f,
		Post:     fmt.Sprintf("/cases/%d/eligibility", k.App.ID),
		Facts:    caseFacts(l, k),
		Sums:     limitSums(l, k, today),
		Eligible: Field{Form: f, Name: "eligible", Kind: "yesno", Label: lang.T(l, "field.eligible")},
		Ask:      Link{Text: lang.T(l, "action.request_completion"), Href: deskHref(k, workflow.ActRequestCompletion)},
	}
	page.Files, page.Whole = caseFiles(l, k), Link{Text: lang.T(l, "case.texts"), Href: fmt.Sprintf("/cases/%d", k.App.ID)}
	if page.Similar, err = s.similarFacts(c, l, k); err != nil {
		return err
	}
	page.Rules = Table{
		Caption:     lang.T(l, "desk.rules"),
		HideCaption: true,
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "field.rulings.rule")},
			{Text: lang.T(l, "desk.machine")},
			{Text: lang.T(l, "field.rulings.met")},
			{Text: lang.T(l, "field.rulings.reason")},
		},
	}
	findings := workflow.Findings(k, today)
	for i, rule := range checkedRules(k, today) {
		page.Rules.Rows = append(page.Rules.Rows, ruleRow(l, f, i+1, rule, findings))
	}
	return s.page(c, status, "case/eligibility", page)
}

// ruleRow is one rule: what it is about, what the machine found, and what the officer says.
func ruleRow(l lang.Lang, f *Form, n int, rule string, findings []workflow.Finding) Row {
	found := Cell{Text: lang.T(l, "desk.nothing")}
	var texts []string
	for _, x := range findings {
		if x.Rule != rule {
			continue
		}
		texts = append(texts, SayFinding(l, x))
		if x.Severity != workflow.Info {
			found.Class = "late"
		}
	}
	if len(texts) > 0 {
		found.Text = strings.Join(texts, " ")
	}
	name := fmt.Sprintf("rulings.%d.", n)
	met := Field{Form: f, Name: name + "met", Kind: "select", Label: lang.T(l, "field.rulings.met") + " " + rule, Quiet: true,
		Options: []Option{
			{Value: "keep", Text: lang.T(l, "desk.keep")},
			{Value: "yes", Text: lang.T(l, "act.met")},
			{Value: "no", Text: lang.T(l, "act.unmet")},
		}}
	reason := Field{Form: f, Name: name + "reason", Kind: "area", Height: 2, Label: lang.T(l, "field.rulings.reason") + " " + rule, Quiet: true}
	return Row{Cells: []Cell{{Text: rule, Note: lang.T(l, "rule."+rule)}, found, {Input: &met}, {Input: &reason}}}
}

// RuleNames are the rules of the rows, as hidden fields.
func (p eligibilityPage) RuleNames() (list []Field) {
	for i, r := range p.Rules.Rows {
		p.Form.Set(fmt.Sprintf("rulings.%d.rule", i+1), r.Cells[0].Text)
		list = append(list, Field{Form: p.Form, Name: fmt.Sprintf("rulings.%d.rule", i+1)})
	}
	return list
}
