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
	for k, err := range s.store.AllCases(c.Request.Context(), by, sql.CaseFilter{State: "proposed,decided,report_due,settled,conditions_accepted,payable,paid_1"}) {
		if err != nil {
			return err
		}
		open := workflow.Allowed(k, by, p.Now)
		i := slices.IndexFunc(
			[]workflow.Action{workflow.ActDecide, workflow.ActDecideChange, workflow.ActDecideRecovery, workflow.ActRecordNotice},
			func(a workflow.Action) bool {
				return slices.Contains(open, a) && (a != workflow.ActRecordNotice || k.App.Decision != nil && k.App.Decision.NoticePostedOn.IsZero())
			},
		)
		if i < 0 && k.App.State != workflow.Proposed {
			continue
		}
		action := workflow.ActDecide
		if i >= 0 {
			action = []workflow.Action{workflow.ActDecide, workflow.ActDecideChange, workflow.ActDecideRecovery, workflow.ActRecordNotice}[i]
		}
		row := []Cell{
			{Text: k.App.Form.Title, Note: k.App.DNR + " " + applicantName(k)},
			{Text: lang.T(l, "action."+string(action))},
			{Text: "–"},
			{Text: lang.T(l, "body."+k.DecisionBody())},
			{},
		}
		if k.App.Proposal != nil && action == workflow.ActDecide {
			row[1].Text, row[2].Text = lang.T(l, "outcome."+k.App.Proposal.Outcome), lang.Money(l, k.App.Proposal.Amount)
		}
		href := taskHref(k, by, action)
		text := lang.T(l, "action."+string(action))
		if i < 0 {
			text = lang.T(l, "reviews.look")
		}
		row[4].Links = []Link{{Text: text, Hidden: k.App.Form.Title, Href: href}}
		page.Table.Rows = append(page.Table.Rows, Row{Cells: row})
	}
	return s.page(c, http.StatusOK, "review/list", page)
}
