package handlers

import (
	"fmt"
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
	}
}

func (s *Server) showDecisions(c *gin.Context) error {
	p, err := s.newPage(c, "menu.decisions")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	page := listPage{Page: p, Empty: Empty{Title: lang.T(l, "decisions.none"), Text: lang.T(l, "decisions.none.text")}}
	page.Table = Table{Caption: p.Title, HideCaption: true, Stack: true, Class: "queue", Head: []Column{{Text: lang.T(l, "queue.case")}, {Text: lang.T(l, "decisions.proposal")}, {Text: lang.T(l, "field.amount"), Sum: true}, {Text: lang.T(l, "fact.decider")}, {Text: lang.T(l, "queue.next")}}}
	cases, _, err := s.store.FullCases(c.Request.Context(), by, sql.CaseFilter{State: "proposed,decided,report_due,settled,conditions_accepted,payable,paid_1", Limit: 500})
	if err != nil {
		return err
	}
	for _, k := range cases {
		open := workflow.Allowed(k, by, p.Now)
		i := slices.IndexFunc([]workflow.Action{workflow.ActDecide, workflow.ActDecideChange, workflow.ActDecideRecovery, workflow.ActRecordNotice}, func(a workflow.Action) bool {
			return slices.Contains(open, a) && (a != workflow.ActRecordNotice || k.App.Decision != nil && k.App.Decision.NoticePostedOn.IsZero())
		})
		if i < 0 && k.App.State != workflow.Proposed {
			continue
		}
		action := workflow.ActDecide
		if i >= 0 {
			action = []workflow.Action{workflow.ActDecide, workflow.ActDecideChange, workflow.ActDecideRecovery, workflow.ActRecordNotice}[i]
		}
		row := []Cell{{Text: k.App.Form.Title, Note: k.App.DNR + " " + applicantName(k)}, {Text: lang.T(l, "action."+string(action))}, {Text: "–"}, {Text: lang.T(l, "body."+k.DecisionBody())}, {}}
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

type decisionPage struct {
	Page
	Speak    string
	Proposal []Fact
	Reasons  []string
	Facts    []Fact
	Limits   []Fact
	Pot      Pot
	Findings []FindingView
	Links    []Link
	First    *Button
	Why      *Note
}

// showDecision is a proposal as it is read aloud, with the facts beside it.
func (s *Server) showDecision(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	if k.App.Proposal == nil {
		return s.drawCase(c, k, false)
	}
	p, err := s.newPage(c, "decisions.proposal")
	if err != nil {
		return err
	}
	l, by, today, x := p.Lang, actorOf(c), workflow.DateOf(p.Now), k.App.Proposal
	p.Title, p.Over, p.Tags, p.Back = k.App.Form.Title, k.App.DNR, []Tag{StateTag(l, k.App.State, false)}, &Link{Text: lang.T(l, "menu.decisions"), Href: "/decisions"}
	page := decisionPage{Page: p, Speak: x.Text, Facts: caseFacts(l, k), Limits: limitSums(l, k, today), Findings: findingViews(l, k, today)}
	page.Proposal = []Fact{{Term: lang.T(l, "field.outcome"), Value: lang.T(l, "outcome."+x.Outcome)}, {Term: lang.T(l, "field.amount"), Value: lang.Money(l, x.Amount), Strong: true}, {Term: lang.T(l, "fact.decider"), Value: lang.T(l, "body."+k.DecisionBody())}, {Term: lang.T(l, "decisions.by"), Value: x.By}}
	for _, r := range x.Reasons {
		page.Reasons = append(page.Reasons, lang.T(l, "reason."+r))
	}
	for _, cond := range x.Conditions {
		page.Proposal = append(page.Proposal, Fact{Term: lang.T(l, "field.conditions.text"), Value: cond.Text, Note: cond.DueOn.String()})
	}
	m, err := s.store.RoundMoney(c.Request.Context(), k.App.Round)
	if err != nil {
		return err
	}
	page.Pot = roundPot(l, k.App.Round, m)
	open := workflow.Allowed(k, by, p.Now)
	if slices.Contains(open, workflow.ActDecide) {
		page.First = &Button{Text: lang.T(l, "action.decide"), Href: fmt.Sprintf("/do/%d/decide", k.App.ID)}
	} else {
		page.Why = &Note{Strong: lang.T(l, "decisions.not_you", lang.Args{"Body": lang.T(l, "body."+k.DecisionBody())})}
		if k.Facts.Blocked {
			page.Why = &Note{Kind: "warn", Strong: SayRefused(l, workflow.Refused{Code: "blocked"})}
		}
	}
	if slices.Contains(open, workflow.ActRemitBack) {
		page.Links = append(page.Links, Link{Text: lang.T(l, "action.remit_back"), Href: fmt.Sprintf("/do/%d/remit_back", k.App.ID)})
	}
	page.Links = append(page.Links, Link{Text: lang.T(l, "decisions.case"), Href: fmt.Sprintf("/cases/%d", k.App.ID)})
	return s.page(c, http.StatusOK, "decision/proposal", page)
}
