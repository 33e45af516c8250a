package handlers

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// cancelRoundPage asks before a round is cancelled, which can't be undone: what lies in it, and what happens with that.
type cancelRoundPage struct {
	Page
	Form  *Form
	Post  string
	Facts []Fact
	Stays *Note
}

func (s *Server) showCancelRound(c *gin.Context) error {
	r, err := s.roundOf(c)
	if err != nil {
		return err
	}
	if r.State == workflow.RoundCancelled {
		c.Redirect(http.StatusSeeOther, "/rounds/"+r.ID)
		return nil
	}
	f := newForm(c)
	f.Set("version", r.Version)
	return s.drawCancelRound(c, http.StatusOK, r, f)
}

func (s *Server) drawCancelRound(c *gin.Context, status int, r workflow.Round, f *Form) error {
	p, err := s.newPage(c, "round.act.cancel")
	if err != nil {
		return err
	}
	l, name := p.Lang, notice.RoundName(p.Lang, r)
	p.Over, p.Errors, p.Lead = r.ID, f.Errors, lang.T(l, "round.act.cancel.lead")
	p.Back = &Link{Text: name, Href: "/rounds/" + r.ID}
	n, err := s.store.RoundCount(c.Request.Context(), r.ID)
	if err != nil {
		return err
	}
	m, err := s.store.RoundMoney(c.Request.Context(), r.ID)
	if err != nil {
		return err
	}
	count := func(key string, n int) Fact {
		return Fact{Term: lang.T(l, "round.cancel."+key), Value: fmt.Sprint(n)}
	}
	page := cancelRoundPage{Page: p, Form: f, Post: "/rounds/" + r.ID + "/cancel",
		Facts: []Fact{count("drafts", n.Drafts), count("filed", n.Filed), count("grants", n.Grants)}}
	if n.Grants > 0 {
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "round.granted"), Value: lang.Money(l, m.Granted)})
	}
	if n.Filed > 0 {
		page.Stays = &Note{Kind: "warn", Strong: lang.T(l, "round.cancel.stays"), Text: lang.T(l, "round.cancel.stays.text")}
	}
	return s.page(c, status, "review/cancel", page)
}
