package handlers

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// doPage is the form of one action.
type doPage struct {
	Page
	Form        *Form
	Action      string
	Post        string
	Button      string
	Danger      bool
	Controls    []doControl
	Facts       []Fact
	Sums        []Fact
	Findings    []FindingView
	Quotes      []Quote
	Note        *Note // what to know before anything is pressed
	Changes     []changeRow
	Asked       []Fact // who asks for them, and why
	Rows        *Reckoning
	Cancel      string
	Letter      *Letter // one that would go out with the step, or whose words are written in another language
	LetterTitle string
	Preview     bool // a letter goes out, and can be seen first
}

// drawDo renders the form of an action.
func (s *Server) drawDo(c *gin.Context, status int, k workflow.Case, action workflow.Action, f *Form) error {
	page, err := s.doPageOf(c, status, k, action, f)
	if err != nil {
		return err
	}
	return s.page(c, status, "do/form", page)
}

// doPageOf is the form of an action with all that stands beside it.
func (s *Server) doPageOf(c *gin.Context, status int, k workflow.Case, action workflow.Action, f *Form) (doPage, error) {
	page, err := s.newDoPage(c, k, action, f)
	if err != nil {
		return page, err
	}
	if page.Controls, err = s.doControls(c, f, k, action); err != nil {
		return page, err
	}
	if err := s.besides(c, &page, k, action); err != nil {
		return page, err
	}
	if err := workflow.NotOpen(k, actorOf(c), action, page.Now); err != nil && status < http.StatusBadRequest {
		page.Post, page.Note = "", &Note{Strong: problemOf(c.Request, err).Detail} // an old link, or one opened by hand
	}
	if no := notTheirChange(k, actorOf(c), action, page.Now); no != nil && status < http.StatusBadRequest {
		page.Post, page.Note = "", &Note{Strong: SayForbidden(f.Lang, *no)}
	}
	return page, nil
}

// newDoPage has an action's words, and the way back.
func (s *Server) newDoPage(c *gin.Context, k workflow.Case, action workflow.Action, f *Form) (doPage, error) {
	p, err := s.newPage(c, "action."+string(action))
	if err != nil {
		return doPage{}, err
	}
	l := p.Lang
	p.Title = caseWord(l, k, "action."+string(action))
	p.Over = strings.TrimSpace(k.App.DNR + " " + k.App.Form.Title)
	if key := caseKey(l, k, "act."+string(action)+".lead"); lang.Has(l, key) {
		p.Lead = lang.T(l, key)
	}
	p.Back = &Link{Text: lang.T(l, "act.back"), Href: homeOf(k, actorOf(c))}
	if m, ok := s.meetingFrom(c, f); ok {
		p.Back = &Link{Text: lang.T(l, "decisions.proposal"), Href: fmt.Sprintf("/decisions/%d?meeting=%d", k.App.ID, m.ID)}
	}
	p.Errors = f.Errors
	return doPage{
		Page:    p,
		Form:    f,
		Action:  string(action),
		Post:    fmt.Sprintf("/do/%d/%s", k.App.ID, action),
		Button:  p.Title,
		Cancel:  p.Back.Href,
		Preview: stepLetters[action] != nil,
	}, nil
}
