package handlers

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// decisionPages lists the pages of this room: what waits for a decision, and reports.
func (s *Server) decisionPages() []pageRoute {
	deciders := []workflow.Role{workflow.Head, workflow.Secretary, workflow.Officer, workflow.Auditor}
	return []pageRoute{
		{method: http.MethodGet, path: "/decisions", do: s.showDecisions, roles: deciders},
		{method: http.MethodGet, path: "/decisions/:id", do: s.showDecision, roles: deciders},
		{method: http.MethodPost, path: "/decisions/:id", do: s.postDecision, roles: []workflow.Role{workflow.Head, workflow.Secretary}},
	}
}

func (s *Server) showDecisions(c *gin.Context) error {
	p, err := s.newPage(c, "menu.decisions")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	page := listPage{Page: p, Empty: Empty{Title: lang.T(l, "decisions.none"), Text: lang.T(l, "decisions.none.text")}}
	page.Table = Table{
		Caption:     p.Title,
		HideCaption: true,
		Stack:       true,
		Class:       "queue",
		Head: []Column{
			{Text: lang.T(l, "queue.case")},
			{Text: lang.T(l, "decisions.proposal")},
			{Text: lang.T(l, "field.amount"), Sum: true},
			{Text: lang.T(l, "fact.decider")},
			{Text: lang.T(l, "queue.next")},
		},
	}
	for k, err := range s.store.AllCases(c.Request.Context(), by, sql.CaseFilter{State: workflow.StateNames(workflow.From(decisionSteps...))}) {
		if err != nil {
			return err
		}
		open := workflow.Allowed(k, by, p.Now)
		i := slices.IndexFunc(decisionSteps, func(a workflow.Action) bool {
			return slices.Contains(open, a) && (a != workflow.ActRecordNotice || k.App.Decision != nil && k.App.Decision.NoticePostedOn.IsZero())
		})
		if i < 0 && k.App.State != workflow.Proposed {
			continue
		}
		step, text := workflow.ActDecide, lang.T(l, "reviews.look")
		if i >= 0 {
			step = decisionSteps[i]
			text = lang.T(l, "action."+string(step))
		}
		what, sum := decisionAsked(l, k, step)
		page.Table.Rows = append(page.Table.Rows, Row{
			Cells: []Cell{
				{Text: k.App.Form.Title, Note: k.App.DNR + " " + applicantName(k)},
				{Text: what},
				{Text: sum},
				{Text: lang.T(l, "body."+k.BodyOf(step))},
				{Links: []Link{{Text: text, Hidden: k.App.Form.Title, Href: taskHref(k, by, step)}}},
			},
		})
	}
	return s.page(c, http.StatusOK, "review/list", page)
}

// decisionSteps are what the list of decisions leads to: of each case the first that is open to the reader.
var decisionSteps = []workflow.Action{workflow.ActDecide, workflow.ActDecideChange, workflow.ActDecideRecovery, workflow.ActRecordNotice}

// decisionAsked is what is proposed to be decided, and the sum it is about.
func decisionAsked(l lang.Lang, k workflow.Case, step workflow.Action) (what, sum string) {
	switch {
	case step == workflow.ActDecide && k.App.Proposal != nil:
		return lang.T(l, "outcome."+k.App.Proposal.Outcome), lang.Money(l, k.App.Proposal.Amount)
	case step == workflow.ActDecideRecovery && k.App.Recovery != nil && k.App.Recovery.Proposed > 0:
		return lang.T(l, "action."+string(step)), lang.Money(l, k.App.Recovery.Proposed)
	}
	return lang.T(l, "action."+string(step)), "–"
}
