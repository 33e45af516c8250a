package handlers

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

type fundingPage struct {
	Page
	Funders []funderView
	Add     *Link
}

type funderView struct {
	Name, Who, What string
	Link, Edit      *Link
	Hidden          string
}

// showFunding lists who else pays for exchanges, as the office keeps the list.
func (s *Server) showFunding(c *gin.Context) error {
	p, err := s.newPage(c, "text.funding.title")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	p.Lead = lang.T(l, "text.funding.lead")
	edits := by.Is(workflow.Officer) || by.Is(workflow.Head) || by.Is(workflow.Admin)
	page := fundingPage{Page: p}
	list, err := s.store.Funders(c.Request.Context())
	if err != nil {
		return err
	}
	for _, x := range list {
		if !x.Active && !edits {
			continue
		}
		v := funderView{Name: x.Name, Who: x.WhoSV, What: x.WhatSV}
		if l == lang.EN {
			v.Who, v.What = x.WhoEN, x.WhatEN
		}
		if x.URL != "" {
			v.Link = &Link{Text: strings.TrimPrefix(x.URL, "https://"), Href: x.URL}
		}
		if edits {
			v.Edit = &Link{Text: lang.T(l, "part.change"), Hidden: x.Name, Href: fmt.Sprintf("/funding/%d", x.ID)}
		}
		if !x.Active {
			v.Hidden = lang.T(l, "funding.hidden")
		}
		page.Funders = append(page.Funders, v)
	}
	if edits {
		page.Add = &Link{Text: lang.T(l, "funding.add"), Href: "/funding/0"}
	}
	return s.page(c, http.StatusOK, "advice/funding", page)
}

type funderPage struct {
	Page
	Form *Form
	Post string
}

func (s *Server) showFunder(c *gin.Context) error {
	f := newForm(c)
	if c.Param("id") == "0" {
		f.Set("active", "1")
		return s.drawFunder(c, http.StatusOK, f)
	}
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	list, err := s.store.Funders(c.Request.Context())
	if err != nil {
		return err
	}
	for _, x := range list {
		if x.ID == id {
			for name, v := range map[string]string{"name": x.Name, "who_sv": x.WhoSV, "who_en": x.WhoEN, "what_sv": x.WhatSV, "what_en": x.WhatEN, "url": x.URL, "sort": fmt.Sprint(x.Sort)} {
				f.Set(name, v)
			}
			if x.Active {
				f.Set("active", "1")
			}
			return s.drawFunder(c, http.StatusOK, f)
		}
	}
	return workflow.ErrNotFound
}

func (s *Server) drawFunder(c *gin.Context, status int, f *Form) error {
	title := "funding.edit"
	if c.Param("id") == "0" {
		title = "funding.add"
	}
	p, err := s.newPage(c, title)
	if err != nil {
		return err
	}
	p.Errors, p.Back = f.Errors, &Link{Text: lang.T(p.Lang, "text.funding.title"), Href: "/funding"}
	return s.page(c, status, "advice/funder", funderPage{Page: p, Form: f, Post: "/funding/" + c.Param("id")})
}

func (s *Server) postFunder(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	x := sql.Funder{
		Name:   f.Text("name"),
		WhoSV:  f.Text("who_sv"),
		WhoEN:  f.Text("who_en"),
		WhatSV: f.Text("what_sv"),
		WhatEN: f.Text("what_en"),
		URL:    f.Text("url"),
		Sort:   intOf(f.Int("sort")),
		Active: f.Bool("active"),
	}
	if c.Param("id") != "0" {
		if x.ID, err = idOf(c, "id"); err != nil {
			return err
		}
	}
	if f.OK() {
		err = s.store.SaveFunder(c.Request.Context(), actorOf(c), x)
	}
	if _, err := refusedForm(f, err); err != nil {
		return err
	}
	if !f.OK() {
		return s.drawFunder(c, http.StatusUnprocessableEntity, f)
	}
	return s.see(c, "/funding", "funding.saved")
}

type cofinancingPage struct {
	Page
	Parts    []Step
	Steps    []Step
	Rounds   []roundChoice
	Can      bool
	Empty    Empty
	Prepared string
}

// showCofinancing tells organisations how to apply, with the open rounds that are for them.
func (s *Server) showCofinancing(c *gin.Context) error {
	p, err := s.newPage(c, "text.cofinancing.title")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	p.Lead = lang.T(l, "text.cofinancing.lead")
	page := cofinancingPage{Page: p, Can: by.Is(workflow.External), Empty: Empty{Title: lang.T(l, "apply.none"), Text: lang.T(l, "apply.none.text")}}
	for _, n := range []string{"1", "2"} {
		page.Parts = append(page.Parts, Step{Title: lang.T(l, "text.cofinancing."+n+".h"), Text: lang.T(l, "text.cofinancing."+n)})
	}
	for _, n := range []string{"1", "2", "3", "4"} {
		page.Steps = append(page.Steps, Step{Title: lang.T(l, "cofinancing.step."+n+".h"), Text: lang.T(l, "cofinancing.step."+n)})
	}
	rounds, err := s.openRounds(c, p)
	if err != nil {
		return err
	}
	for _, r := range rounds {
		if r.For == "organisation" {
			page.Rounds = append(page.Rounds, r)
		}
	}
	for _, r := range []workflow.Role{workflow.Officer, workflow.Head, workflow.Secretary, workflow.Auditor} {
		if by.Is(r) {
			page.Prepared = "/cofinancing/prepared"
		}
	}
	return s.page(c, http.StatusOK, "advice/cofinancing", page)
}

// showPrepared lists for the board what is prepared or decided, measured against Skellefteå 2030 and the main funder (RF-27).
func (s *Server) showPrepared(c *gin.Context) error {
	p, err := s.newPage(c, "cofinancing.prepared")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Lead, p.Back = lang.T(l, "cofinancing.prepared.lead"), &Link{Text: lang.T(l, "text.cofinancing.title"), Href: "/cofinancing"}
	page := listPage{Page: p, Empty: Empty{Title: lang.T(l, "cofinancing.prepared.none"), Text: lang.T(l, "cofinancing.prepared.none.text")}}
	page.Table = Table{
		Caption:     p.Title,
		HideCaption: true,
		Stack:       true,
		Class:       "queue",
		Head: []Column{
			{Text: lang.T(l, "queue.case")},
			{Text: lang.T(l, "statistics.areas")},
			{Text: lang.T(l, "cofinancing.indicators")},
			{Text: lang.T(l, "cofinancing.main")},
			{Text: lang.T(l, "limit.requested"), Sum: true},
			{Text: lang.T(l, "decisions.proposal"), Sum: true},
			{Text: lang.T(l, "queue.state")},
		},
	}
	schemes, err := s.store.Schemes(c.Request.Context())
	if err != nil {
		return err
	}
	for _, sc := range schemes {
		if sc.Applicant != "organisation" {
			continue
		}
		for k, err := range s.store.AllCases(c.Request.Context(), actorOf(c), sql.CaseFilter{Scheme: sc.Code}) {
			if err != nil {
				return err
			}
			if k.App.Proposal != nil || k.App.State == workflow.UnderCheck {
				page.Table.Rows = append(page.Table.Rows, preparedRow(l, k))
			}
		}
	}
	return s.page(c, http.StatusOK, "review/list", page)
}

func preparedRow(l lang.Lang, k workflow.Case) Row {
	var indicators []string
	for _, g := range k.App.Form.Text.Goals {
		if g.Indicator != "" {
			indicators = append(indicators, g.Indicator)
		}
	}
	areas := strings.Join(shortAreaNames(l, k.Areas()), "; ")
	if areas == "" {
		areas = lang.T(l, "cofinancing.no_area")
	}
	proposal := Cell{Text: "–"}
	if x := k.App.Proposal; x != nil {
		proposal = Cell{Text: lang.Money(l, x.Amount), Note: lang.T(l, "outcome."+x.Outcome)}
	}
	if d := k.App.Decision; d != nil {
		proposal = Cell{Text: lang.Money(l, d.Granted), Note: lang.T(l, "outcome."+d.Outcome)}
	}
	return Row{
		Cells: []Cell{
			{Links: []Link{{Text: k.App.Form.Title, Href: fmt.Sprintf("/cases/%d", k.App.ID)}}, Note: strings.TrimSpace(k.App.DNR + " " + applicantName(k))},
			{Text: areas},
			{Text: strings.Join(indicators, "; ")},
			mainFunder(l, k),
			{Text: lang.Money(l, k.App.LastRequested())},
			proposal,
			{Tags: []Tag{StateTag(l, k.App.State, false)}},
		},
	}
}

// mainFunder is the largest external grant, and how much of the whole cost it bears.
func mainFunder(l lang.Lang, k workflow.Case) Cell {
	var most workflow.Funding
	for _, x := range k.App.Form.Funding {
		if x.Type == "external_grant" && (x.Status == "confirmed" || x.Status == "applied") && intOf(x.Amount) > intOf(most.Amount) {
			most = x
		}
	}
	if most.Source == "" || k.App.Form.TotalCost() == 0 {
		return Cell{Text: lang.T(l, "cofinancing.no_main")}
	}
	return Cell{
		Text: most.Source,
		Note: lang.T(
			l,
			"cofinancing.share",
			lang.Args{"Percent": intOf(most.Amount) * 100 / k.App.Form.TotalCost(), "Status": lower(lang.T(l, "funding_status."+most.Status))},
		),
	}
}
