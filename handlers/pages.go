package handlers

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// pageRoute is one page or one form's address. Rooms list their own.
type pageRoute struct {
	method, path string
	do           handler
	open         bool            // also for who is not signed in
	roles        []workflow.Role // who may come here at all; empty: everyone signed in
	own          bool            // not in a role that is held for somebody who is away
	limit        int64           // bytes of a form; 0: formLimit
}

// pageRoutes lists every page, room by room.
func (s *Server) pageRoutes() []pageRoute {
	var all []pageRoute
	for _, room := range [][]pageRoute{s.publicPages(), s.personPages(), s.applicationPages(), s.grantPages(), s.casePages(), s.reviewPages(),
		s.decisionPages(), s.payoutPages(), s.bankPages(), s.reconcilePages(), s.financeAdminPages(), s.adminPages(), s.archivePages(), s.advicePages(), s.openPages(), s.doPages()} {
		all = append(all, room...)
	}
	for _, room := range [][]pageRoute{s.paperPages(), s.beforePages(), s.receiptPages(), s.handsPages(), s.accessPages(), s.economistPages(), s.oidcPages()} {
		all = append(all, room...) // around the application: before it, who writes it, its proof, on paper
	}
	for _, room := range [][]pageRoute{s.meetingPages(), s.absencePages(), s.substitutePages(), s.tiePages(), s.earlierPages(), s.disclosurePages()} {
		all = append(all, room...) // the office's own rooms
	}
	for _, room := range [][]pageRoute{s.letterPages(), s.paperRoom(), s.mailReturnPages(), s.delegationPages(), s.textPages(), s.rulePages(), s.disturbancePages(), s.schoolImportPages()} {
		all = append(all, room...) // letters and papers, and what the administrator keeps
	}
	if s.Rehearsal {
		all = append(all, s.rehearsalPages()...)
	}
	return all
}

// Cookies of the pages.
const (
	sessionCookie = "fund_session"
	flashCookie   = "fund_flash"
)

// visitor finds who is signed in; nobody is an answer as well.
func (s *Server) visitor(c *gin.Context) {
	id, err := c.Cookie(sessionCookie)
	if err != nil || id == "" {
		c.Next()
		return
	}
	by, err := s.store.ActorBySession(c.Request.Context(), id)
	switch {
	case err == nil:
		c.Set(actorKey, by)
	case !errors.Is(err, workflow.ErrUnauthorised):
		s.failPage(c, err)
		return
	}
	c.Next()
}

// admitted lets in who may come to the page; others are led to the sign-in.
func (s *Server) admitted(r pageRoute) gin.HandlerFunc {
	return func(c *gin.Context) {
		by := actorOf(c)
		if r.open {
			c.Next()
			return
		}
		if by.ID == 0 {
			s.signedOut(c)
			return
		}
		if r.own {
			by = by.Own()
		}
		for _, role := range r.roles {
			if by.Is(role) {
				c.Next()
				return
			}
		}
		if len(r.roles) == 0 {
			c.Next()
			return
		}
		s.failPage(c, workflow.Forbidden{Code: "role"})
	}
}

// onPage turns a handler's error into a page.
func (s *Server) onPage(h handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := h(c); err != nil {
			s.failPage(c, err)
		}
	}
}

// newPage fills in what the layout needs. title is a word key; args fill its places.
func (s *Server) newPage(c *gin.Context, title string, args ...lang.Args) (Page, error) {
	clock, err := s.store.Clock(c.Request.Context())
	if err != nil {
		return Page{}, err
	}
	l, chosen := LangOf(c.Request)
	if chosen {
		http.SetCookie(c.Writer, LangCookie(l, s.secureCookies()))
	}
	by := actorOf(c)
	p := Page{
		Lang:      l,
		Title:     lang.T(l, title, args...),
		Path:      c.Request.URL.Path,
		Query:     c.Request.URL.Query(),
		Rehearsal: s.Rehearsal,
		Now:       clock.Now,
		Ticks:     !clock.Frozen,
		Contact:   s.Contact,
		Office:    by.Office(),
		Flash:     s.takeFlash(c, l),
	}
	if n := mendNote(c, l); n != nil && by.ID != 0 {
		p.Flash = n
	}
	if by.ID != 0 {
		p.Person = &Visitor{Name: by.Name, As: roleWords(l, by)}
	}
	p.Nav = s.menu(l, by, p.Path)
	p.Disturbed = s.disturbed(c, l, p.Now)
	return p, nil
}

// roleWords says what somebody is: the first role.
func roleWords(l lang.Lang, by workflow.Actor) string {
	if len(by.Roles) == 0 {
		return ""
	}
	if len(by.Own().Roles) == 0 {
		return lang.T(l, "role.substitute")
	}
	return lang.T(l, "role."+string(by.Roles[0].Role))
}

func (s *Server) secureCookies() bool { return strings.HasPrefix(s.BaseURL, "https://") }

// page renders a page.
func (s *Server) page(c *gin.Context, status int, name string, data rendered) error {
	c.Header("Cache-Control", "no-store")
	return s.Render.Render(c.Writer, status, name, data)
}

// see answers a POST: 303 to the next page, where flash (a word key) says what was done.
// A script is told the address instead, as it could not see where a 303 leads without fetching it.
func (s *Server) see(c *gin.Context, to, flash string, args ...lang.Args) error {
	if flash != "" {
		v := flashNote{Key: flash}
		if len(args) > 0 {
			v.Args = args[0]
		}
		raw, err := json.Marshal(v)
		if err != nil {
			return err
		}
		http.SetCookie(c.Writer, &http.Cookie{Name: flashCookie, Value: base64.RawURLEncoding.EncodeToString(raw), Path: "/", MaxAge: 60,
			HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.secureCookies()})
	}
	if asksForJSON(c.Request) {
		c.Header("Cache-Control", "no-store")
		c.JSON(http.StatusOK, map[string]string{"to": to})
		return nil
	}
	c.Redirect(http.StatusSeeOther, to)
	return nil
}

// flashNote is what just happened, in words of the next page's language.
type flashNote struct {
	Key  string    `json:"k"`
	Args lang.Args `json:"a,omitempty"`
}

func (s *Server) takeFlash(c *gin.Context, l lang.Lang) *Note {
	raw, err := c.Cookie(flashCookie)
	if err != nil || raw == "" {
		return nil
	}
	http.SetCookie(c.Writer, &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.secureCookies()})
	b, err := base64.RawURLEncoding.DecodeString(raw)
	var v flashNote
	if err != nil || json.Unmarshal(b, &v) != nil || !lang.Has(l, v.Key) {
		return nil
	}
	text := lang.T(l, v.Key, v.Args)
	if strings.HasPrefix(v.Key, "done.") { // the history's words, told to who did it
		text = lang.T(l, "act.did", lang.Args{"What": text})
	}
	return &Note{Kind: "good", Text: text}
}

// idOf reads an id of the path; what is no number is not found.
func idOf(c *gin.Context, name string) (int64, error) {
	id, err := strconv.ParseInt(c.Param(name), 10, 64)
	if err != nil || id <= 0 {
		return 0, workflow.ErrNotFound
	}
	return id, nil
}

// caseOf reads the case of the path as the signed-in person may see it.
func (s *Server) caseOf(c *gin.Context) (workflow.Case, error) {
	id, err := idOf(c, "id")
	if err != nil {
		return workflow.Case{}, err
	}
	by := actorOf(c)
	k, err := s.store.Case(c.Request.Context(), by, id)
	if !errors.Is(err, workflow.ErrNotFound) || !by.Office() {
		return k, err
	}
	why, lost := s.store.Lost(c.Request.Context(), by, id)
	switch {
	case lost != nil:
		return k, lost
	case why != "":
		return k, lostCase{why}
	}
	return k, err
}

// lostCase is a case that was the reader's once. It is not found, and the page says why.
type lostCase struct{ why string }

func (e lostCase) Error() string { return "the case is no longer the reader's: " + e.why }
func (e lostCase) Unwrap() error { return workflow.ErrNotFound }

// caseForm reads the case of the path with its form: from a POST what was sent,
// else an empty one with the case's version.
func (s *Server) caseForm(c *gin.Context) (workflow.Case, *Form, error) {
	k, err := s.caseOf(c)
	if err != nil {
		return k, nil, err
	}
	if c.Request.Method != http.MethodPost {
		return k, formFor(c, k), nil
	}
	f, err := formOf(c)
	return k, f, err
}

// versionOf reads the version that a form was drawn with; a form without one changes nothing.
func versionOf(f *Form) int64 {
	n, err := strconv.ParseInt(f.Raw("version"), 10, 64)
	if err != nil {
		return workflow.NoVersion
	}
	return n
}

// apply takes one action for the signed-in person. What the workflow refuses of
// the body is noted in the form (then the answer is nil, false): show it again.
func (s *Server) apply(c *gin.Context, f *Form, app int64, cmd workflow.Command) (workflow.Application, bool, error) {
	if err := s.stampArrival(c.Request.Context(), cmd); err != nil {
		return workflow.Application{}, false, err
	}
	out, err := s.store.Apply(c.Request.Context(), sql.Ref{ID: app, Version: versionOf(f)}, actorOf(c), cmd)
	if again, err := refusedForm(f, err); err != nil || again {
		return out, false, err
	}
	s.afterStep(c, app, cmd.Action())
	return out, true, nil
}

// errorPage is shown when something could not be done.
type errorPage struct {
	Page
	Text string
	Next []Link
}

// failPage answers an error with a page that says what happened and where to go on.
func (s *Server) failPage(c *gin.Context, err error) {
	c.Abort()
	p := problemOf(c.Request, err)
	if p.Status >= http.StatusInternalServerError {
		id, _ := c.Request.Context().Value(idKey{}).(string)
		s.log.ErrorContext(c.Request.Context(), "page failed", "request", id, "method", c.Request.Method, "path", c.FullPath(), "error", err)
	}
	if asksForJSON(c.Request) {
		writeProblem(c.Writer, p)
		return
	}
	if p.Status == http.StatusUnauthorized {
		c.Redirect(http.StatusSeeOther, "/sign-in")
		return
	}
	if p.Status == http.StatusServiceUnavailable {
		c.Header("Retry-After", "30")
	}
	page, pageErr := s.newPage(c, "error.title")
	if pageErr != nil || s.Render == nil { // the page needs the database as well
		http.Error(c.Writer, p.Title+"\n\n"+p.Detail, p.Status)
		return
	}
	page.Title = p.Title
	status := p.Status
	if status == http.StatusPreconditionFailed || status == http.StatusPreconditionRequired {
		status = http.StatusConflict
	}
	next := []Link{{Text: lang.T(page.Lang, "error.start"), Href: "/"}}
	if page.Person != nil {
		next = append([]Link{{Text: lang.T(page.Lang, "tasks.title"), Href: "/tasks"}}, next...)
	}
	if back := c.Request.Header.Get("Referer"); back != "" && c.Request.Method != http.MethodGet {
		if u, parse := url.Parse(back); parse == nil {
			next = append([]Link{{Text: lang.T(page.Lang, "error.back"), Href: localPath(u.RequestURI())}}, next...)
		}
	}
	if renderErr := s.page(c, status, "public/error", errorPage{Page: page, Text: p.Detail, Next: next}); renderErr != nil {
		s.log.ErrorContext(c.Request.Context(), "error page", "error", renderErr)
	}
}
