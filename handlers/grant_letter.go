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

type decisionLetterPage struct {
	Page
	Form    *Form
	Letter  Letter
	PDF     *Link
	Other   *Link // the same in another language
	Told    *Note // what has to be done with it, or was
	Accept  string
	Decline *Link
}

// showLetter is the decision as a page: the same words as the PDF.
func (s *Server) showLetter(c *gin.Context) error {
	k, f, err := s.caseForm(c)
	if err != nil {
		return err
	}
	return s.drawLetter(c, http.StatusOK, k, f)
}

func (s *Server) drawLetter(c *gin.Context, status int, k workflow.Case, f *Form) error {
	if k.App.Decision == nil {
		return workflow.ErrNotFound
	}
	p, err := s.newPage(c, "case.decision")
	if err != nil {
		return err
	}
	by, l := actorOf(c), p.Lang
	p.Bare, p.Tab, p.Errors = true, lang.T(l, "grant.letter.tab", lang.Args{"DNR": k.App.DNR}), f.Errors
	p.Back = &Link{Text: lang.T(l, "act.back"), Href: homeOf(k, by)}
	page := decisionLetterPage{Page: p, Form: f, Told: letterNote(l, k)}
	open := workflow.Allowed(k, by, p.Now)
	if slices.Contains(open, workflow.ActAcceptConditions) {
		page.Accept = fmt.Sprintf("/applications/%d/accept", k.App.ID)
	}
	if slices.Contains(open, workflow.ActDecline) {
		page.Decline = &Link{Text: lang.T(l, "action.decline"), Href: grantHref(k, workflow.ActDecline)}
	}
	if d := notice.LetterOf(k.App, k.App.Decisions()); d != nil { // not that of a decision before it
		page.PDF = &Link{Text: lang.T(l, "letter.pdf"), Href: fmt.Sprintf("/applications/%d/documents/%d", k.App.ID, d.ID)}
	}
	page.Other = translationLink(l, k)
	ctx := c.Request.Context()
	k = s.asFiled(c, k)
	o, err := s.ownWords(ctx, notice.Office{Lang: l, Email: p.Contact, Web: s.BaseURL, Name: func(email string) string {
		person, err := s.store.PersonByEmail(ctx, email)
		if err != nil {
			return email
		}
		return person.Name
	}}, decisionLetterMade(k, k.App.Decisions()))
	if err != nil {
		return err
	}
	page.Letter = letterOf(notice.Decision(k, o))
	return s.page(c, status, "grant/letter", page)
}

// letterNote says above the letter whether the school has answered, or by when it must.
func letterNote(l lang.Lang, k workflow.Case) *Note {
	d := k.App.Decision
	switch {
	case !d.Favourable():
		return nil
	case !d.AcceptedAt.IsZero():
		return &Note{Kind: "good", Text: lang.T(l, "grant.letter.accepted", lang.Args{"Day": lang.Date(l, d.AcceptedAt)})}
	case k.App.State == workflow.Decided:
		return &Note{Text: lang.T(l, "grant.letter.accept_by", lang.Args{"Day": lang.LongDay(l, notice.AcceptBy(k).String())})}
	}
	return nil
}

// postAccept accepts the conditions (RF-19).
func (s *Server) postAccept(c *gin.Context) error {
	k, f, err := s.caseForm(c)
	if err != nil {
		return err
	}
	_, ok, err := s.apply(c, f, k.App.ID, &workflow.AcceptConditions{})
	if err != nil {
		return err
	}
	if !ok {
		return s.drawLetter(c, http.StatusUnprocessableEntity, k, f)
	}
	return s.see(c, homeOf(k, actorOf(c)), "done.accept_conditions")
}

// declinePage asks once more before a grant is given up.
type declinePage struct {
	Page
	Form *Form
	Post string
	Home string
	Sum  string
}

func (s *Server) showDecline(c *gin.Context) error {
	k, f, err := s.grantOpen(c, workflow.ActDecline)
	if err != nil {
		return err
	}
	return s.drawDecline(c, http.StatusOK, k, f)
}

func (s *Server) drawDecline(c *gin.Context, status int, k workflow.Case, f *Form) error {
	p, err := s.grantTop(c, k, "grant.decline.title")
	if err != nil {
		return err
	}
	p.Errors = f.Errors
	return s.page(
		c,
		status,
		"grant/decline",
		declinePage{Page: p, Form: f, Post: grantHref(k, workflow.ActDecline), Home: homeOf(k, actorOf(c)), Sum: lang.Money(p.Lang, k.App.Decision.Granted)},
	)
}

func (s *Server) postDecline(c *gin.Context) error {
	k, f, err := s.caseForm(c)
	if err != nil {
		return err
	}
	_, ok, err := s.apply(c, f, k.App.ID, &workflow.Decline{Reason: f.Text("reason")})
	if err != nil {
		return err
	}
	if !ok {
		return s.drawDecline(c, http.StatusUnprocessableEntity, k, f)
	}
	return s.see(c, homeOf(k, actorOf(c)), "done.decline")
}

// letterOf lays a notice out as a letter on a page.
func letterOf(n notice.Notice) Letter {
	facts := func(list []notice.Fact) (out []Fact) {
		for _, x := range list {
			out = append(out, Fact{Term: x.Label, Value: x.Value})
		}
		return out
	}
	l := Letter{
		Lang:   string(n.Lang),
		Owner:  lang.T(n.Lang, "app.municipality"),
		Unit:   lang.T(n.Lang, "app.office"),
		Kind:   n.Over,
		Facts:  facts(n.Facts),
		To:     n.To,
		Title:  n.Title,
		Speech: n.Speech,
		Signed: n.Signature,
		Foot:   facts(n.Foot),
	}
	if n.Sum != nil {
		l.Granted = &Granted{Before: n.Sum.Before, Sum: n.Sum.Amount, After: n.Sum.After}
	}
	for _, x := range n.Sections {
		part := LetterSection{Speech: x.Speech, Title: x.Heading, Paragraphs: x.Paragraphs, Items: x.Points, Numbered: x.Numbered}
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
