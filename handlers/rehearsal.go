package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
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
	Coming []HistoryItem // what the program will do by itself; the office's
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
	if !f.Has("now.day") && f.OK() {
		f.Set("now.day", workflow.DateOf(p.Now).String())
		f.Set("now.time", p.Now.Format("15.04"))
	}
	page := rehearsalPage{Page: p, Form: f, Frozen: clock.Frozen, Can: actorOf(c).ID != 0}
	if actorOf(c).Office() {
		if page.Coming, err = s.upcoming(c, p.Lang); err != nil {
			return err
		}
	}
	return s.page(c, status, "rehearsal/clock", page)
}

// upcomingShown is how many lines of the calendar ahead stand on the page.
const upcomingShown = 60

// upcoming is the calendar ahead: what the program does by itself, round by
// round, so that a rehearsal can be moved from one step to the next.
func (s *Server) upcoming(c *gin.Context, l lang.Lang) (list []HistoryItem, err error) {
	rows, err := s.store.Upcoming(c.Request.Context(), upcomingShown)
	if err != nil {
		return nil, err
	}
	for _, x := range rows {
		key := "coming." + x.Kind // as in a case's own calendar
		if !lang.Has(l, key) {
			key = "upcoming." + x.Kind
		}
		if !lang.Has(l, key) {
			continue // the program's own housekeeping
		}
		text := lang.T(l, key)
		if x.N > 1 {
			text += " (" + lang.Number(l, int64(x.N)) + ")"
		}
		list = append(list, HistoryItem{At: x.At, Text: text, Note: x.Round, Auto: true})
	}
	return list, nil
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
		f.Fail("now.day", "rehearsal.past")
		return s.drawRehearsal(c, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/rehearsal", "rehearsal.moved", lang.Args{"Ran": done.Ran, "Failed": len(done.Failed)})
}

// mailboxPage is one page of the rehearsal's mailbox, the newest first.
type mailboxPage struct {
	Page
	Form  *Form
	Mails []sql.MailRow
	Empty Empty
	Pager Pager
}

// mailsShown is how many mails a page of the mailbox lists.
const mailsShown = 50

func (s *Server) showMailbox(c *gin.Context) error {
	p, err := s.newPage(c, "rehearsal.mail")
	if err != nil {
		return err
	}
	p.Back, p.Lead = &Link{Text: lang.T(p.Lang, "rehearsal.title"), Href: "/rehearsal"}, lang.T(p.Lang, "rehearsal.mail.lead")
	page := mailboxPage{Page: p, Form: ReadForm(p.Lang, c.Request.URL.Query()), Empty: Empty{Title: lang.T(p.Lang, "mails.none")}}
	to := strings.TrimSpace(page.Form.Raw("to"))
	app, _ := strconv.ParseInt(page.Form.Raw("application"), 10, 64)
	before, _ := strconv.ParseInt(page.Form.Raw("before"), 10, 64)
	var next int64
	if page.Mails, next, err = s.store.NewestMail(c.Request.Context(), to, app, mailsShown, before); err != nil {
		return err
	}
	page.Pager = Pager{Shown: len(page.Mails)}
	if next != 0 {
		page.Pager.Next = "/rehearsal/mail?" + url.Values{
			"to":          {to},
			"application": {page.Form.Raw("application")},
			"before":      {strconv.FormatInt(next, 10)},
		}.Encode()
	}
	return s.page(c, http.StatusOK, "rehearsal/mail", page)
}
