package handlers

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
)

// Cookies of a form that was sent without a sign-in.
const (
	parkedCookie = "fund_parked" // the words that fetch the posts again, oldest first
	leftCookie   = "fund_left"   // the session that was signed out of here: it opens nothing, but says whose form another tab had open
)

// parkedMost is how many posts a browser's words are kept of: one a tab that was left open.
const parkedMost = sql.ParkedKeep

// leftLife is as long as an idle sign-in lives.
const leftLife = 8 * time.Hour

// leave notes the session that ended here; "" forgets it.
func (s *Server) leave(c *gin.Context, session string) {
	cookie := &http.Cookie{
		Name:     leftCookie,
		Value:    session,
		Path:     "/",
		MaxAge:   int(leftLife.Seconds()),
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
		Secure:   s.secureCookies(),
	}
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
	word, err := s.store.Park(
		c.Request.Context(),
		session,
		sql.ParkedPost{Path: c.Request.URL.RequestURI(), ContentType: c.Request.Header.Get("Content-Type"), Body: body},
	)
	if err != nil {
		if !errors.Is(err, workflow.ErrUnauthorised) {
			s.log.ErrorContext(c.Request.Context(), "park", "path", c.Request.URL.Path, "error", err)
		}
		return
	}
	s.keepWords(c, append(parkedWords(c), word))
}

// parkedWords are what this browser waits to send, oldest first.
func parkedWords(c *gin.Context) []string {
	text, err := c.Cookie(parkedCookie)
	if err != nil {
		return nil // no cookie
	}
	return slices.DeleteFunc(strings.Split(text, "."), func(word string) bool { return word == "" })
}

// keepWords tells the browser which posts wait; none takes the cookie away.
func (s *Server) keepWords(c *gin.Context, words []string) {
	words = words[max(0, len(words)-parkedMost):]
	cookie := &http.Cookie{
		Name:     parkedCookie,
		Value:    strings.Join(words, "."),
		Path:     "/",
		MaxAge:   24 * 3600,
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
		Secure:   s.secureCookies(),
	}
	if len(words) == 0 {
		cookie.MaxAge = -1
	}
	http.SetCookie(c.Writer, cookie)
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
