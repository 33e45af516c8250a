package handlers

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// rehearsalPages lists the pages of this room: the clock and the mailbox of a rehearsal.
func (s *Server) rehearsalPages() []pageRoute {
	return []pageRoute{
		{method: http.MethodGet, path: "/rehearsal", do: s.showRehearsal, open: true},
		{method: http.MethodPost, path: "/rehearsal", do: s.postClock},
		{method: http.MethodGet, path: "/rehearsal/mail", do: s.showMailbox, open: true},
	}
}

type rehearsalPage struct {
	Page
	Form   *Form
	Frozen bool
	Can    bool
}

func (s *Server) showRehearsal(c *gin.Context) error {
	return s.drawRehearsal(c, http.StatusOK, newForm(c))
}

func (s *Server) drawRehearsal(c *gin.Context, status int, f *Form) error {
	p, err := s.newPage(c, "rehearsal.title")
	if err != nil {
		return err
	}
	p.Errors, p.Lead = f.Errors, lang.T(p.Lang, "rehearsal.lead")
	clock, err := s.store.Clock(c.Request.Context())
	if err != nil {
		return err
	}
	if !f.Has("now") {
		f.Set("now", p.Now.Format("2006-01-02 15:04"))
	}
	return s.page(c, status, "rehearsal/clock", rehearsalPage{Page: p, Form: f, Frozen: clock.Frozen, Can: actorOf(c).ID != 0})
}

// postClock moves the clock forward: by days, or to an instant.
func (s *Server) postClock(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	var to time.Time
	if days, err := strconv.Atoi(f.Raw("days")); err == nil {
		to = workflow.DateOf(now).AddDays(days).At(now.Hour(), now.Minute())
	} else if at, ok := f.Moment("now"); ok {
		to = at
	}
	if !f.OK() {
		return s.drawRehearsal(c, http.StatusUnprocessableEntity, f)
	}
	frozen := f.Bool("frozen")
	done, err := s.store.Advance(c.Request.Context(), &to, &frozen)
	if errors.Is(err, sql.ErrPast) {
		f.Fail("now", "rehearsal.past")
		return s.drawRehearsal(c, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/rehearsal", "rehearsal.moved", lang.Args{"Ran": done.Ran, "Failed": len(done.Failed)})
}

func (s *Server) showMailbox(c *gin.Context) error {
	p, err := s.newPage(c, "rehearsal.mail")
	if err != nil {
		return err
	}
	p.Back = &Link{Text: lang.T(p.Lang, "rehearsal.title"), Href: "/rehearsal"}
	f := ReadForm(p.Lang, c.Request.URL.Query())
	app, _ := strconv.ParseInt(f.Raw("application"), 10, 64)
	after, _ := strconv.ParseInt(f.Raw("after"), 10, 64)
	mails, _, err := s.store.RehearsalMail(c.Request.Context(), f.Raw("to"), app, 200, after)
	if err != nil {
		return err
	}
	for i, j := 0, len(mails)-1; i < j; i, j = i+1, j-1 {
		mails[i], mails[j] = mails[j], mails[i]
	}
	return s.page(c, http.StatusOK, "case/mails", mailsPage{Page: p, Mails: mails, Empty: Empty{Title: lang.T(p.Lang, "mails.none")}})
}
