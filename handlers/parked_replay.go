package handlers

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
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
		if answers = append(answers, a); a.status != http.StatusSeeOther {
			refused = append(refused, a)
		}
	}
	if len(refused) > 1 { // one page can't show them all
		if others, err = s.parkAgain(c, session, refused, others); err != nil {
			return err
		}
	}
	s.keepWords(c, others)
	switch {
	case len(refused) > 1:
		return s.drawRefused(c, by, refused, others)
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
	req, err := http.NewRequestWithContext(c.Request.Context(), http.MethodPost, a.post.Path, bytes.NewReader(a.post.Body))
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

// parkAgain keeps the refused posts, whose words come after the others'.
func (s *Server) parkAgain(c *gin.Context, session string, refused []replayed, words []string) ([]string, error) {
	for _, a := range refused {
		word, err := s.store.Park(c.Request.Context(), session, a.post)
		if err != nil {
			return nil, err
		}
		words = append(words, word)
	}
	return words, nil
}

// refusedPage leads to the posts that could not be taken, each of which opens in a tab of its own, as it was written.
type refusedPage struct {
	Page
	Posts []refusedPost
}

type refusedPost struct{ Word, Title string }

var pageTitle = regexp.MustCompile(`<title>([^<]*)`)

func (s *Server) drawRefused(c *gin.Context, by workflow.Actor, refused []replayed, words []string) error {
	c.Set(actorKey, by)
	p, err := s.newPage(c, "signin.refused")
	if err != nil {
		return err
	}
	p.Lead = lang.T(p.Lang, "signin.refused.lead")
	page := refusedPage{Page: p}
	words = words[len(words)-len(refused):]
	seen := map[string]int{}
	for i, a := range refused {
		x := refusedPost{Word: words[i], Title: a.post.Path}
		if m := pageTitle.FindSubmatch(a.body.Bytes()); m != nil {
			x.Title, _, _ = strings.Cut(html.UnescapeString(string(m[1])), " – ")
		}
		if seen[x.Title]++; seen[x.Title] > 1 { // two tabs of the same form
			x.Title += fmt.Sprintf(", %d", seen[x.Title])
		}
		page.Posts = append(page.Posts, x)
	}
	return s.page(c, http.StatusUnprocessableEntity, "person/refused", page)
}

// postRefused sends one of the refused posts again, so that its page can be mended.
func (s *Server) postRefused(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	session, err := c.Cookie(sessionCookie)
	if err != nil {
		return workflow.ErrUnauthorised
	}
	word := f.Raw("word")
	p, err := s.store.TakeParked(c.Request.Context(), actorOf(c).ID, word)
	if err != nil {
		return err
	}
	s.keepWords(c, slices.DeleteFunc(parkedWords(c), func(x string) bool { return x == word }))
	a := replayed{post: p, header: http.Header{}, status: http.StatusOK}
	if err := s.replay(c, &a, session); err != nil {
		return err
	}
	return a.send(c)
}
