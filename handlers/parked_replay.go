package handlers

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// goOn is what follows a sign-in: the posts that waited for it, or the page.
func (s *Server) goOn(c *gin.Context, session, next string) error {
	s.setSession(c, session)
	s.leave(c, "")
	words := parkedWords(c)
	if len(words) == 0 {
		return s.see(c, localPath(next), "")
	}
	by, err := s.store.ActorBySession(c.Request.Context(), session)
	if err != nil {
		return err
	}
	var answers, refused []replayed
	var others []string // somebody else's, or too old
	for _, word := range words {
		p, err := s.store.TakeParked(c.Request.Context(), by.ID, word)
		if errors.Is(err, workflow.ErrNotFound) {
			others = append(others, word)
			continue
		}
		if err != nil {
			return err
		}
		a := replayed{post: p, header: http.Header{}, status: http.StatusOK}
		if err := s.replay(c, &a, session); err != nil {
			return err
		}
		if answers = append(answers, a); a.status == http.StatusSeeOther {
			continue // taken, and so kept no more
		}
		refused = append(refused, a)
		if err := s.store.NameRefused(c.Request.Context(), by.ID, p.ID, a.title()); err != nil {
			return err
		}
	}
	s.keepWords(c, others)
	switch {
	case len(refused) > 1: // one page can't show them all
		c.Set(actorKey, by)
		return s.drawRefused(c, http.StatusUnprocessableEntity)
	case len(refused) == 1:
		return refused[0].send(c)
	case len(answers) > 1:
		return s.see(c, localPath(answers[len(answers)-1].header.Get("Location")), "signin.parked.all", lang.Args{"Count": len(answers)})
	case len(answers) == 1:
		return answers[0].send(c)
	}
	return s.see(c, localPath(next), "")
}

// replay sends a parked post as its sender would have.
func (s *Server) replay(c *gin.Context, a *replayed, session string) error {
	if !strings.HasPrefix(a.post.Path, "/") {
		return fmt.Errorf("parked post to %q", a.post.Path)
	}
	at, err := url.Parse(a.post.Path)
	if err != nil {
		return fmt.Errorf("parked post: %w", err)
	}
	query := at.Query()
	query.Set(mendQuery, strconv.FormatInt(a.post.ID, 10))
	at.RawQuery = query.Encode()
	req, err := http.NewRequestWithContext(c.Request.Context(), http.MethodPost, at.String(), bytes.NewReader(a.post.Body))
	if err != nil {
		return fmt.Errorf("parked post: %w", err)
	}
	req.Header.Set("Content-Type", a.post.ContentType)
	req.Header.Set("Accept-Language", c.Request.Header.Get("Accept-Language"))
	req.Header.Set("Referer", a.post.Path)
	for _, cookie := range c.Request.Cookies() {
		if cookie.Name != sessionCookie && cookie.Name != parkedCookie && cookie.Name != leftCookie {
			req.AddCookie(cookie)
		}
	}
	req.AddCookie(&http.Cookie{Name: sessionCookie, Value: session})
	s.pages.ServeHTTP(a, req)
	return nil
}

// replayed is what a parked post was answered, kept until it is known which of them the browser is shown.
type replayed struct {
	post   sql.ParkedPost
	header http.Header
	status int
	body   bytes.Buffer
}

// Header, Write and WriteHeader make it a http.ResponseWriter.
func (a *replayed) Header() http.Header         { return a.header }
func (a *replayed) Write(b []byte) (int, error) { return a.body.Write(b) }
func (a *replayed) WriteHeader(status int)      { a.status = status }

// send gives the browser the answer as it came.
func (a *replayed) send(c *gin.Context) error {
	for name, values := range a.header {
		for _, v := range values {
			if name == "Set-Cookie" {
				c.Writer.Header().Add(name, v)
				continue
			}
			c.Writer.Header().Set(name, v)
		}
	}
	c.Writer.WriteHeader(a.status)
	_, err := c.Writer.Write(a.body.Bytes())
	return err
}

var (
	pageTitle = regexp.MustCompile(`<title>([^<]*)`)
	pageCase  = regexp.MustCompile(`<p class="over case-head">\s*<span class="num">([^<]*)`)
)

// title is what the page that answered is called, and the case that it is about: that the page has
// faults goes without saying, and the same step of two cases must be told apart.
func (a *replayed) title() string {
	m := pageTitle.FindSubmatch(a.body.Bytes())
	if m == nil {
		return a.post.Path
	}
	title, _, _ := strings.Cut(html.UnescapeString(string(m[1])), " – ")
	for _, l := range lang.All() {
		title = strings.TrimPrefix(title, lang.T(l, "page.error_prefix")+" ")
	}
	if m = pageCase.FindSubmatch(a.body.Bytes()); m != nil {
		title += ", " + html.UnescapeString(string(m[1]))
	}
	return title
}
