package handlers

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// mendQuery names, in the address of a form, the refused post that it mends.
const mendQuery = "refused"

// refusedPage leads to the posts that could not be taken: each can be opened as it was written, read, and let go.
type refusedPage struct {
	Page
	Posts []refusedPost
	Empty Empty
}

type refusedPost struct {
	ID      int64
	Title   string
	At      time.Time
	Written []Answer
}

// showRefused lists the reader's refused posts.
func (s *Server) showRefused(c *gin.Context) error { return s.drawRefused(c, http.StatusOK) }

func (s *Server) drawRefused(c *gin.Context, status int) error {
	p, err := s.newPage(c, "signin.refused")
	if err != nil {
		return err
	}
	posts, err := s.store.RefusedPosts(c.Request.Context(), actorOf(c).ID)
	if err != nil {
		return err
	}
	p.Back = toTasks(p.Lang)
	page := refusedPage{Page: p, Empty: Empty{Title: lang.T(p.Lang, "signin.refused.none")}}
	if len(posts) > 0 {
		page.Lead = lang.T(p.Lang, "signin.refused.lead")
	} else {
		page.Title = lang.T(p.Lang, "signin.refused.title")
	}
	seen := map[string]int{}
	for _, x := range posts {
		title := x.Title
		if seen[title]++; seen[title] > 1 { // two tabs of the same form
			title += fmt.Sprintf(", %d", seen[title])
		}
		page.Posts = append(page.Posts, refusedPost{ID: x.ID, Title: title, At: x.RefusedAt, Written: written(p.Lang, x)})
	}
	return s.page(c, status, "person/refused", page)
}

// refusedTask leads to what somebody sent while they were signed out and that could not be taken.
func (s *Server) refusedTask(c *gin.Context, l lang.Lang) (Todo, bool, error) {
	n, err := s.store.CountRefused(c.Request.Context(), actorOf(c).ID)
	return Todo{
		Count:   n,
		Text:    lang.T(l, "signin.refused"),
		Detail:  lang.T(l, "signin.refused.task"),
		Href:    "/sign-in/refused",
		Urgency: "soon",
		When:    lang.T(l, "tasks.now"),
	}, n > 0, err
}

// unwritten are fields that nobody wrote: what a form carries for itself.
var unwritten = []string{"version", "go", "base", "before", "tab", "turn", "asked", "id", "next", rowButton, rowFocus}

// choiceWords are where the words of a field's choices stand, where not under the field's own name.
var choiceWords = map[string]string{"type": "grant.change.kind"}

// chosen is the choice's word, or else what was written.
func chosen(l lang.Lang, name, value string) string {
	for _, at := range []string{name, choiceWords[name]} {
		if word := at + "." + value; lang.Has(l, word) {
			return lang.T(l, word)
		}
	}
	return value
}

// written is what somebody wrote in a post, in its order, so that it can be read where no form takes it any more.
func written(l lang.Lang, p sql.ParkedPost) (list []Answer) {
	add := func(name, value string) {
		if value = strings.TrimSpace(value); value == "" || slices.Contains(unwritten, name) {
			return
		}
		list = append(list, Answer{Term: fieldWord(l, name), Value: chosen(l, name, value)})
	}
	kind, params, err := mime.ParseMediaType(p.ContentType)
	if err != nil {
		return nil
	}
	if kind != "multipart/form-data" {
		for pair := range strings.SplitSeq(string(p.Body), "&") {
			name, value, _ := strings.Cut(pair, "=")
			n, nameErr := url.QueryUnescape(name)
			v, valueErr := url.QueryUnescape(value)
			if nameErr == nil && valueErr == nil {
				add(n, strings.ToValidUTF8(v, "\uFFFD"))
			}
		}
		return list
	}
	parts := multipart.NewReader(bytes.NewReader(p.Body), params["boundary"])
	for {
		part, err := parts.NextPart()
		if err != nil {
			return list // the end, or no more that can be read
		}
		if part.FileName() != "" {
			add(part.FormName(), part.FileName())
			continue
		}
		if text, err := io.ReadAll(part); err == nil {
			add(part.FormName(), strings.ToValidUTF8(string(text), "\uFFFD"))
		}
	}
}

// postRefused opens one of the refused posts as it was written, so that it can be mended, or lets it go.
func (s *Server) postRefused(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	session, err := c.Cookie(sessionCookie)
	if err != nil {
		return workflow.ErrUnauthorised
	}
	by := actorOf(c)
	posts, err := s.store.RefusedPosts(c.Request.Context(), by.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(posts, func(p sql.ParkedPost) bool { return strconv.FormatInt(p.ID, 10) == f.Raw("id") })
	if i < 0 {
		return workflow.ErrNotFound
	}
	if f.Raw("go") == "drop" {
		if err := s.store.DropRefused(c.Request.Context(), by.ID, posts[i].ID); err != nil {
			return err
		}
		next := "/sign-in/refused"
		if len(posts) == 1 {
			next = "/tasks"
		}
		return s.see(c, next, "signin.refused.dropped")
	}
	a := replayed{post: posts[i], header: http.Header{}, status: http.StatusOK}
	if err := s.replay(c, &a, session); err != nil {
		return err
	}
	return a.send(c)
}

// mending follows a refused post through the form that mends it: what is taken is kept no more, and
// what is refused again leads its form back here.
func (s *Server) mending(c *gin.Context) {
	id, err := strconv.ParseInt(c.Query(mendQuery), 10, 64)
	if err != nil || c.Request.Method != http.MethodPost || actorOf(c).ID == 0 {
		c.Next()
		return
	}
	answer := &heldBack{ResponseWriter: c.Writer, status: http.StatusOK}
	c.Writer = answer
	c.Next()
	c.Writer = answer.ResponseWriter
	body := answer.body.Bytes()
	switch {
	case answer.taken(c):
		if err := s.store.DropRefused(c.Request.Context(), actorOf(c).ID, id); err != nil {
			s.log.ErrorContext(c.Request.Context(), "refused post", "id", id, "error", err)
		}
	case strings.HasPrefix(answer.Header().Get("Content-Type"), "text/html"):
		answer.Header().Del("Content-Length")
		body = leadBack(body, c.Request.URL.Path, id)
	}
	c.Writer.WriteHeader(answer.status)
	if _, err := c.Writer.Write(body); err != nil {
		s.log.DebugContext(c.Request.Context(), "write", "error", err)
	}
}

// heldBack keeps an answer until it is known whether the post was taken.
type heldBack struct {
	gin.ResponseWriter
	status int
	body   bytes.Buffer
}

func (h *heldBack) Write(b []byte) (int, error)       { return h.body.Write(b) }
func (h *heldBack) WriteString(s string) (int, error) { return h.body.WriteString(s) }
func (h *heldBack) WriteHeader(status int)            { h.status = status }
func (h *heldBack) WriteHeaderNow()                   {}
func (h *heldBack) Status() int                       { return h.status }
func (h *heldBack) Size() int                         { return h.body.Len() }
func (h *heldBack) Written() bool                     { return h.body.Len() > 0 }

// taken tells whether the post did what it was sent for: it leads on, and not to the sign-in.
func (h *heldBack) taken(c *gin.Context) bool {
	if asksForJSON(c.Request) {
		return h.status == http.StatusOK
	}
	return h.status == http.StatusSeeOther && !strings.HasPrefix(h.Header().Get("Location"), "/sign-in")
}

var formAction = regexp.MustCompile(`(<form method="post"[^>]* action=")([^"]*)(")`)

// leadBack lets the page's forms that post to the path say which refused post they mend.
func leadBack(page []byte, path string, id int64) []byte {
	return formAction.ReplaceAllFunc(page, func(tag []byte) []byte {
		m := formAction.FindSubmatch(tag)
		at, err := url.Parse(html.UnescapeString(string(m[2])))
		if err != nil || at.Path != path {
			return tag
		}
		query := at.Query()
		query.Set(mendQuery, strconv.FormatInt(id, 10))
		at.RawQuery = query.Encode()
		return slices.Concat(m[1], []byte(html.EscapeString(at.String())), m[3])
	})
}

// mendNote tells on the page of a refused post that it is kept; nil on every other.
func mendNote(c *gin.Context, l lang.Lang) *Note {
	if c.Request.Method != http.MethodPost || c.Query(mendQuery) == "" {
		return nil
	}
	return &Note{
		Text:  lang.T(l, "signin.refused.kept"),
		Links: []Link{{Text: lang.T(l, "signin.refused.all"), Href: "/sign-in/refused"}},
	}
}
