package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// reviewPages lists the pages of this room: assessments, rounds, ranking.
func (s *Server) reviewPages() []pageRoute {
	const get, post = http.MethodGet, http.MethodPost
	office := []workflow.Role{workflow.Officer, workflow.Head, workflow.Admin, workflow.Secretary, workflow.Auditor}
	deciders := []workflow.Role{workflow.Officer, workflow.Head}
	makers := []workflow.Role{workflow.Admin, workflow.Head}
	return []pageRoute{
		{method: get, path: "/reviews", do: s.showReviews, roles: []workflow.Role{workflow.Reviewer, workflow.Officer, workflow.Head}},
		{method: get, path: "/reviews/:id", do: s.showReview, roles: []workflow.Role{workflow.Reviewer, workflow.Officer}},
		{method: get, path: "/rounds", do: s.showRounds, roles: office},
		{method: get, path: "/rounds/:id", do: s.showRound, roles: office},
		{method: post, path: "/rounds/:id/:action", do: s.postRound, roles: makers},
		{method: get, path: "/rounds/:id/ranking", do: s.showRanking, roles: office},
		{method: post, path: "/rounds/:id/ranking", do: s.postRanking, roles: deciders},
	}
}

// listPage is a page that is one table.
type listPage struct {
	Page
	Table Table
	Empty Empty
	Links []Link
}

func (s *Server) showReviews(c *gin.Context) error {
	p, err := s.newPage(c, "menu.reviews")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	page := listPage{Page: p, Empty: Empty{Title: lang.T(l, "reviews.none"), Text: lang.T(l, "reviews.none.text")}}
	page.Table = Table{Caption: p.Title, HideCaption: true, Stack: true, Class: "queue", Head: []Column{{Text: lang.T(l, "queue.case")}, {Text: lang.T(l, "fact.applicant")}, {Text: lang.T(l, "reviews.done")}, {Text: lang.T(l, "queue.next")}}}
	cases, _, err := s.store.FullCases(c.Request.Context(), by, sql.CaseFilter{State: "under_assessment", Limit: 500})
	if err != nil {
		return err
	}
	for _, k := range cases {
		_, n := k.App.ReviewsDone()
		next := lang.T(l, "reviews.look")
		if own := k.App.ReviewOf(by.ID); own != nil && !own.Done() {
			next = lang.T(l, "reviews.score")
		}
		page.Table.Rows = append(page.Table.Rows, Row{Cells: []Cell{{Text: k.App.Form.Title, Note: k.App.DNR}, {Text: applicantName(k)},
			{Text: lang.T(l, "reviews.of", lang.Args{"Done": n, "All": len(k.App.Reviews)})}, {Links: []Link{{Text: next, Hidden: k.App.Form.Title, Href: fmt.Sprintf("/reviews/%d", k.App.ID)}}}}})
	}
	return s.page(c, http.StatusOK, "review/list", page)
}

// showReview leads a reviewer to what comes next: the declaration, the scores, or the case.
func (s *Server) showReview(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	by := actorOf(c)
	own := k.App.ReviewOf(by.ID)
	switch {
	case own == nil || own.Done():
		return s.drawCase(c, k, false)
	case !k.App.Declared(by.ID):
		return s.see(c, fmt.Sprintf("/do/%d/declare_interest", k.App.ID), "")
	}
	return s.see(c, fmt.Sprintf("/do/%d/submit_review", k.App.ID), "")
}

func (s *Server) showRounds(c *gin.Context) error {
	p, err := s.newPage(c, "menu.rounds")
	if err != nil {
		return err
	}
	l := p.Lang
	page := listPage{Page: p, Empty: Empty{Title: lang.T(l, "rounds.none")}}
	page.Table = Table{Caption: p.Title, HideCaption: true, Stack: true, Head: []Column{{Text: lang.T(l, "fact.round")}, {Text: lang.T(l, "rounds.closes")}, {Text: lang.T(l, "rounds.budget"), Sum: true}, {Text: lang.T(l, "rounds.left"), Sum: true}, {Text: lang.T(l, "queue.next")}}}
	rounds, err := s.store.Rounds(c.Request.Context(), true)
	if err != nil {
		return err
	}
	for _, r := range rounds {
		m, err := s.store.RoundMoney(c.Request.Context(), r.ID)
		if err != nil {
			return err
		}
		closes := lang.T(l, "apply.rolling")
		if end := r.Deadline(0); !end.IsZero() {
			closes = lang.DateTime(l, end)
		}
		page.Table.Rows = append(page.Table.Rows, Row{Cells: []Cell{{Links: []Link{{Text: r.Name, Href: "/rounds/" + r.ID}}, Note: r.ID}, {Text: closes}, {Text: lang.Money(l, m.Budget)}, {Text: lang.Money(l, m.Available)},
			{Links: []Link{{Text: lang.T(l, "rounds.ranking"), Hidden: r.Name, Href: "/rounds/" + r.ID + "/ranking"}}}}})
	}
	return s.page(c, http.StatusOK, "review/list", page)
}

type roundPage struct {
	Page
	Form    *Form
	ID      string
	Facts   []Fact
	Rules   []Fact
	Pot     Pot
	History []HistoryItem
	Actions []string
	Ranking Link
}

func (s *Server) roundOf(c *gin.Context) (workflow.Round, error) {
	return s.store.Round(c.Request.Context(), c.Param("id"))
}

func (s *Server) showRound(c *gin.Context) error {
	r, err := s.roundOf(c)
	if err != nil {
		return err
	}
	l, _ := LangOf(c.Request)
	f := NewForm(l)
	f.Set("version", r.Version)
	return s.drawRound(c, http.StatusOK, r, f)
}

func (s *Server) drawRound(c *gin.Context, status int, r workflow.Round, f *Form) error {
	p, err := s.newPage(c, "menu.rounds")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	p.Title, p.Over, p.Errors, p.Back = r.Name, r.ID, f.Errors, &Link{Text: lang.T(l, "menu.rounds"), Href: "/rounds"}
	page := roundPage{Page: p, Form: f, ID: r.ID, Ranking: Link{Text: lang.T(l, "rounds.ranking"), Href: "/rounds/" + r.ID + "/ranking"}}
	page.Facts = []Fact{{Term: lang.T(l, "queue.state"), Value: lang.T(l, "round_state."+r.State)}, {Term: lang.T(l, "rounds.opens"), At: r.OpensAt}}
	if end := r.Deadline(0); !end.IsZero() {
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "rounds.closes"), At: end, Note: r.ExtendReason})
	}
	if !r.TripFrom.IsZero() {
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "fact.trip"), Value: lang.Days(l, r.TripFrom.String(), r.TripTo.String())})
	}
	if !r.FrozenAt.IsZero() {
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "rounds.frozen"), At: r.FrozenAt})
	}
	if page.Rules, err = ruleFacts(r.Rules); err != nil {
		return err
	}
	m, err := s.store.RoundMoney(c.Request.Context(), r.ID)
	if err != nil {
		return err
	}
	page.Pot = roundPot(l, r.ID, m)
	events, err := s.store.RoundEvents(c.Request.Context(), r.ID)
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(events) {
		page.History = append(page.History, HistoryItem{At: e.At, Text: lang.T(l, "round_action."+e.Action), Note: e.ByName})
	}
	if by.Is(workflow.Admin) || by.Is(workflow.Head) {
		switch r.State {
		case workflow.RoundDraft:
			page.Actions = []string{"publish", "cancel"}
		case workflow.RoundPublished:
			page.Actions = []string{"extend", "close", "cancel"}
		}
	}
	return s.page(c, status, "review/round", page)
}

// roundPot draws where a round's money is.
func roundPot(l lang.Lang, id string, m sql.RoundMoney) Pot {
	return Pot{ID: "pot-" + id, Title: lang.T(l, "rounds.budget"), Total: m.Budget, Parts: []PotPart{{Kind: "granted", Text: lang.T(l, "pot.paid"), Amount: m.Paid}, {Kind: "proposed", Text: lang.T(l, "pot.reserved"), Amount: m.Reserved},
		{Kind: "left", Text: lang.T(l, "rounds.left"), Amount: m.Available}}}
}

// ruleFacts lists a rule set, each number under its name.
func ruleFacts(r workflow.Rules) ([]Fact, error) {
	raw, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	var values map[string]json.RawMessage
	if err := json.Unmarshal(raw, &values); err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	facts := []Fact{}
	for _, name := range workflow.RuleNames() {
		facts = append(facts, Fact{Term: name, Value: string(values[name])})
	}
	return facts, nil
}

func (s *Server) postRound(c *gin.Context) error {
	r, err := s.roundOf(c)
	if err != nil {
		return err
	}
	l, _ := LangOf(c.Request)
	f, err := FormOf(c.Request, l)
	if err != nil {
		return err
	}
	body := map[string]string{"reason": f.Text("reason")}
	if c.Param("action") == "extend" {
		if at, ok := f.Moment("closes"); ok {
			body["closes"] = at.Format("2006-01-02T15:04:05Z07:00")
		}
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	_, err = s.store.RoundAction(c.Request.Context(), actorOf(c), r.ID, versionOf(f), c.Param("action"), raw)
	var wrong workflow.Violations
	if errors.As(err, &wrong) {
		f.Refuse(wrong)
		return s.drawRound(c, http.StatusUnprocessableEntity, r, f)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/rounds/"+r.ID, "rounds.changed")
}

type rankingPage struct {
	Page
	Form      *Form
	Post      string
	Pot       Pot
	Ranked    Table
	Scenarios []scenario
	Empty     Empty
}

// scenario is a saved allocation as it is shown.
type scenario struct {
	ID     int64
	Title  string
	Table  Table
	Chosen bool
}

func (s *Server) showRanking(c *gin.Context) error {
	r, err := s.roundOf(c)
	if err != nil {
		return err
	}
	l, _ := LangOf(c.Request)
	return s.drawRanking(c, http.StatusOK, r, NewForm(l))
}

func (s *Server) drawRanking(c *gin.Context, status int, r workflow.Round, f *Form) error {
	p, err := s.newPage(c, "ranking.title")
	if err != nil {
		return err
	}
	l, by, ctx := p.Lang, actorOf(c), c.Request.Context()
	p.Over, p.Errors, p.Back = r.Name, f.Errors, &Link{Text: r.Name, Href: "/rounds/" + r.ID}
	page := rankingPage{Page: p, Form: f, Post: "/rounds/" + r.ID + "/ranking", Empty: Empty{Title: lang.T(l, "ranking.none"), Text: lang.T(l, "ranking.none.text")}}
	m, err := s.store.RoundMoney(ctx, r.ID)
	if err != nil {
		return err
	}
	page.Pot = roundPot(l, r.ID, m)
	cases, _, err := s.store.FullCases(ctx, by, sql.CaseFilter{Round: r.ID, State: "ranked,proposed", Limit: 500})
	if err != nil {
		return err
	}
	name := map[int64]workflow.Case{}
	for _, k := range cases {
		name[k.App.ID] = k
	}
	today := workflow.DateOf(p.Now)
	slices.SortStableFunc(cases, func(a, b workflow.Case) int {
		return workflow.CandidateOf(b, workflow.Date{}, today).Total - workflow.CandidateOf(a, workflow.Date{}, today).Total
	})
	page.Ranked = Table{Caption: p.Title, HideCaption: true, Stack: true, Head: []Column{{Text: lang.T(l, "queue.case")}, {Text: lang.T(l, "case.total"), Sum: true}, {Text: lang.T(l, "limit.max_grant"), Sum: true}, {Text: lang.T(l, "queue.state")}}}
	for _, k := range cases {
		x := workflow.CandidateOf(k, workflow.Date{}, today)
		page.Ranked.Rows = append(page.Ranked.Rows, Row{Cells: []Cell{{Links: []Link{{Text: k.App.Form.Title, Href: fmt.Sprintf("/cases/%d", k.App.ID)}}, Note: applicantName(k)}, {Text: fmt.Sprint(x.Total)}, {Text: lang.Money(l, x.Computed)}, {Tags: []Tag{StateTag(l, k.App.State, false)}}}})
	}
	saved, err := s.store.Allocations(ctx, r.ID)
	if err != nil {
		return err
	}
	for _, a := range slices.Backward(saved) {
		x := scenario{ID: a.ID, Chosen: a.Chosen, Title: lang.T(l, "ranking.scenario", lang.Args{"N": a.ID, "Method": lang.T(l, "ranking.method."+a.Method), "Budget": lang.Money(l, a.Budget)})}
		x.Table = Table{Caption: x.Title, HideCaption: true, Stack: true, Head: []Column{{Text: lang.T(l, "queue.case")}, {Text: lang.T(l, "case.total"), Sum: true}, {Text: lang.T(l, "limit.max_grant"), Sum: true}, {Text: lang.T(l, "field.amount"), Sum: true}, {Text: lang.T(l, "ranking.note")}}}
		for _, res := range a.Results {
			note := ""
			if res.Reserve {
				note = lang.T(l, "ranking.reserve")
			} else if res.Tie != "" {
				note = lang.T(l, "ranking.tie."+res.Tie)
			}
			title := fmt.Sprint(res.Application)
			if k, ok := name[res.Application]; ok {
				title = k.App.Form.Title
			}
			x.Table.Rows = append(x.Table.Rows, Row{Cells: []Cell{{Text: title}, {Text: fmt.Sprint(res.Total)}, {Text: lang.Money(l, res.Computed)}, {Text: lang.Money(l, res.Amount)}, {Text: note}}})
		}
		x.Table.Foot = []Row{{Cells: []Cell{{Text: lang.T(l, "case.sum")}, {}, {}, {Text: lang.Money(l, a.Total)}, {Text: lang.T(l, "ranking.left", lang.Args{"Sum": lang.Money(l, a.Remaining)})}}}}
		page.Scenarios = append(page.Scenarios, x)
	}
	return s.page(c, status, "review/ranking", page)
}

func (s *Server) postRanking(c *gin.Context) error {
	r, err := s.roundOf(c)
	if err != nil {
		return err
	}
	l, _ := LangOf(c.Request)
	f, err := FormOf(c.Request, l)
	if err != nil {
		return err
	}
	to := "/rounds/" + r.ID + "/ranking"
	if id := f.Int("choose"); id != nil {
		if err := s.store.ChooseAllocation(c.Request.Context(), actorOf(c), r.ID, *id); err != nil {
			return err
		}
		return s.see(c, to, "ranking.chosen")
	}
	budget := f.Kronor("budget")
	if !f.OK() {
		return s.drawRanking(c, http.StatusUnprocessableEntity, r, f)
	}
	_, err = s.store.Allocate(c.Request.Context(), actorOf(c), r.ID, f.Text("name"), budget, f.Text("method"))
	var wrong workflow.Violations
	if errors.As(err, &wrong) {
		f.Refuse(wrong)
		return s.drawRanking(c, http.StatusUnprocessableEntity, r, f)
	}
	if err != nil {
		return err
	}
	return s.see(c, to, "ranking.saved")
}
