package handlers

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// grantPages lists the pages of this room: the decision in words, and the report.
func (s *Server) grantPages() []pageRoute {
	return []pageRoute{
		{method: http.MethodGet, path: "/applications/:id/decision", do: s.showLetter},
		{method: http.MethodGet, path: "/reports/:id", do: s.showReport},
	}
}

type reportPage struct {
	Page
	Actual   []Fact
	Texts    []Quote
	Settle   []Fact
	Findings []FindingView
	Actions  []Link
	First    *Button
}

// showReport leads the school to its form, and shows the officer what was filed.
func (s *Server) showReport(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	by := actorOf(c)
	p, err := s.newPage(c, "reports.title")
	if err != nil {
		return err
	}
	open := workflow.Allowed(k, by, p.Now)
	if slices.Contains(open, workflow.ActSubmitReport) {
		return s.see(c, fmt.Sprintf("/do/%d/submit_report", k.App.ID), "")
	}
	if k.App.Report == nil {
		return s.see(c, homeOf(k, by), "")
	}
	l := p.Lang
	p.Over, p.Tags, p.Back = k.App.DNR+" "+k.App.Form.Title, []Tag{StateTag(l, k.App.State, !by.Office())}, &Link{Text: lang.T(l, "act.back"), Href: homeOf(k, by)}
	page := reportPage{Page: p, Actual: actualFacts(l, k), Settle: settlementSums(l, k)}
	for _, name := range []string{"summary", "goals", "learned", "dissemination", "fund_named"} {
		if t := k.App.Report.Texts[name]; t != "" {
			page.Texts = append(page.Texts, Quote{Term: lang.T(l, "field.texts."+name), Text: t})
		}
	}
	if by.Office() {
		page.Findings = findingViews(l, k, workflow.DateOf(p.Now))
	}
	for _, a := range []workflow.Action{workflow.ActAcceptReport, workflow.ActSettle, workflow.ActReturnReport, workflow.ActApprove} {
		if !slices.Contains(open, a) {
			continue
		}
		href := fmt.Sprintf("/do/%d/%s", k.App.ID, a)
		if a == workflow.ActApprove {
			href = fmt.Sprintf("/approve/%d", k.App.ID)
		}
		if page.First == nil {
			page.First = &Button{Text: lang.T(l, "action."+string(a)), Href: href}
			continue
		}
		page.Actions = append(page.Actions, Link{Text: lang.T(l, "action."+string(a)), Href: href})
	}
	return s.page(c, http.StatusOK, "grant/report", page)
}

type decisionLetterPage struct {
	Page
	Letter Letter
	PDF    *Link
}

// showLetter is the decision as a page: the same words as the PDF.
func (s *Server) showLetter(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	if k.App.Decision == nil {
		return workflow.ErrNotFound
	}
	p, err := s.newPage(c, "case.decision")
	if err != nil {
		return err
	}
	p.Bare, p.Over, p.Back = true, "", &Link{Text: lang.T(p.Lang, "act.back"), Href: homeOf(k, actorOf(c))}
	ctx := c.Request.Context()
	// The letter is about what was filed; changes granted afterwards are not in it.
	if row, err := s.store.Version(ctx, actorOf(c), k.App.ID, len(k.App.Filed)); err == nil {
		if form, wrong := workflow.DecodeForm(row.Form); len(wrong) == 0 {
			k.App.Form = form
		}
	}
	n := notice.Decision(k, notice.Office{Lang: p.Lang, Email: p.Contact, Web: s.BaseURL, Name: func(email string) string {
		person, err := s.store.PersonByEmail(ctx, email)
		if err != nil {
			return email
		}
		return person.Name
	}})
	page := decisionLetterPage{Page: p, Letter: letterOf(n)}
	for _, d := range k.App.Documents {
		if d.Kind == notice.KindDecision {
			page.PDF = &Link{Text: lang.T(p.Lang, "letter.pdf"), Href: fmt.Sprintf("/applications/%d/documents/%d", k.App.ID, d.ID)}
		}
	}
	return s.page(c, http.StatusOK, "grant/letter", page)
}

// letterOf lays a notice out as a letter on a page.
func letterOf(n notice.Notice) Letter {
	facts := func(list []notice.Fact) (out []Fact) {
		for _, x := range list {
			out = append(out, Fact{Term: x.Label, Value: x.Value})
		}
		return out
	}
	l := Letter{Owner: lang.T(n.Lang, "app.municipality"), Unit: lang.T(n.Lang, "app.office"), Kind: n.Over, Facts: facts(n.Facts), To: n.To, Title: n.Title, Signed: n.Signature, Foot: facts(n.Foot)}
	if n.Sum != nil {
		l.Granted = &Granted{Before: n.Sum.Before, Sum: n.Sum.Amount, After: n.Sum.After}
	}
	for _, x := range n.Sections {
		part := LetterSection{Title: x.Heading, Paragraphs: x.Paragraphs, Items: x.Points, Numbered: x.Numbered}
		if x.Table != nil {
			t := Table{Caption: x.Heading, HideCaption: true}
			for i, h := range x.Table.Head {
				t.Head = append(t.Head, Column{Text: h, Sum: i > 0})
			}
			for _, r := range x.Table.Rows {
				t.Rows = append(t.Rows, textRow(r))
			}
			if len(x.Table.Total) > 0 {
				t.Foot = []Row{textRow(x.Table.Total)}
			}
			part.Table = &t
		}
		l.Sections = append(l.Sections, part)
		if len(x.After) > 0 {
			l.Sections = append(l.Sections, LetterSection{Paragraphs: x.After})
		}
	}
	return l
}

func textRow(texts []string) (row Row) {
	for _, t := range texts {
		row.Cells = append(row.Cells, Cell{Text: t})
	}
	return row
}
