package handlers

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
)

// Cookies of a form that was sent without a sign-in.
const (
	parkedCookie = "fund_parked" // the word that fetches the post again
	leftCookie   = "fund_left"   // the session that was signed out of here: it opens nothing, but says whose form another tab had open
)

// leftLife is as long as an idle sign-in lives.
const leftLife = 8 * time.Hour

// leave notes the session that ended here; "" forgets it.
func (s *Server) leave(c *gin.Context, session string) {
	cookie := &http.Cookie{Name: leftCookie, Value: session, Path: "/", MaxAge: int(leftLife.Seconds()), HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.secureCookies()}
	if session == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(c.Writer, cookie)
}

// park keeps a form whose sender's sign-in has expired, or was ended in another
// tab, and tells the browser the word for it. What cannot be kept is no fault:
// the sign-in comes first.
func (s *Server) park(c *gin.Context) {
	session, err := c.Cookie(sessionCookie)
	if err != nil || session == "" {
		if session, err = c.Cookie(leftCookie); err != nil || session == "" {
			return
		}
	}
	body, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return // larger than any form may be
	}
	word, err := s.store.Park(c.Request.Context(), session, sql.ParkedPost{Path: c.Request.URL.RequestURI(), ContentType: c.Request.Header.Get("Content-Type"), Body: body})
	if err != nil {
		if !errors.Is(err, workflow.ErrUnauthorised) {
			s.log.ErrorContext(c.Request.Context(), "park", "path", c.Request.URL.Path, "error", err)
		}
		return
	}
	http.SetCookie(c.Writer, &http.Cookie{Name: parkedCookie, Value: word, Path: "/", MaxAge: 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.secureCookies()})
}

// signedOut leads to the sign-in, from where the page or the parked post goes on.
func (s *Server) signedOut(c *gin.Context) {
	c.Abort()
	next := c.Request.URL.RequestURI()
	if c.Request.Method == http.MethodPost {
		next = "/tasks"
		if u, err := url.Parse(c.Request.Header.Get("Referer")); err == nil && u.Path != "" {
			next = u.RequestURI()
		}
	}
	if asksForJSON(c.Request) {
		writeProblem(c.Writer, problemOf(c.Request, workflow.ErrUnauthorised))
		return
	}
	if c.Request.Method == http.MethodPost {
		s.park(c)
	}
	c.Redirect(http.StatusSeeOther, "/sign-in?"+url.Values{"next": {next}}.Encode())
}

// goOn is what follows a sign-in: the post that waited for it, or the page.
func (s *Server) goOn(c *gin.Context, session, next string) error {
	s.setSession(c, session)
	s.leave(c, "")
	word, err := c.Cookie(parkedCookie)
	if err != nil || word == "" {
		return s.see(c, localPath(next), "")
	}
	by, err := s.store.ActorBySession(c.Request.Context(), session)
	if err != nil {
		return err
	}
	p, err := s.store.TakeParked(c.Request.Context(), by.ID, word)
	if errors.Is(err, workflow.ErrNotFound) { // somebody else's, or too old
		return s.see(c, localPath(next), "")
	}
	if err != nil {
		return err
	}
	http.SetCookie(c.Writer, &http.Cookie{Name: parkedCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.secureCookies()})
	req, err := http.NewRequestWithContext(c.Request.Context(), http.MethodPost, p.Path, bytes.NewReader(p.Body))
	if err != nil || !strings.HasPrefix(p.Path, "/") {
		return s.see(c, localPath(next), "")
	}
	req.Header.Set("Content-Type", p.ContentType)
	req.Header.Set("Accept-Language", c.Request.Header.Get("Accept-Language"))
	req.Header.Set("Referer", p.Path)
	for _, cookie := range c.Request.Cookies() {
		if cookie.Name != sessionCookie && cookie.Name != parkedCookie && cookie.Name != leftCookie {
			req.AddCookie(cookie)
		}
	}
	req.AddCookie(&http.Cookie{Name: sessionCookie, Value: session})
	s.pages.ServeHTTP(c.Writer, req)
	return nil
}
