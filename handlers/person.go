package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// personPages lists the pages of this room: signing in and out, and what waits for whom.
func (s *Server) personPages() []pageRoute {
	return []pageRoute{
		{method: http.MethodGet, path: "/sign-in", do: s.showSignIn, open: true},
		{method: http.MethodPost, path: "/sign-in", do: s.postSignIn, open: true},
		{method: http.MethodGet, path: "/sign-in/link", do: s.showLink, open: true},
		{method: http.MethodPost, path: "/sign-in/link", do: s.postLink, open: true},
		{method: http.MethodGet, path: "/sign-in/refused", do: s.showRefused},
		{method: http.MethodPost, path: "/sign-in/refused", do: s.postRefused},
		{method: http.MethodPost, path: "/sign-out", do: s.postSignOut, open: true},
		{method: http.MethodGet, path: "/tasks", do: s.showTasks},
	}
}

// signInPage offers one click in a rehearsal, and else a mailed link.
type signInPage struct {
	Page
	Form   *Form
	Next   string
	People []peopleGroup
	Search string
	Sent   bool
	OIDC   bool
	Parked *Note // a form that waits for the sign-in
}

// peopleGroup are the rehearsal's people of one kind.
type peopleGroup struct {
	Title  string
	People []personChoice
}

type personChoice struct{ Email, Name, As string }

// localPath keeps only paths of this service, so that a link can't lead away after the sign-in.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.HasPrefix(next, "/\\") {
		return "/tasks"
	}
	return u.RequestURI()
}

func (s *Server) showSignIn(c *gin.Context) error {
	return s.drawSignIn(c, http.StatusOK, newForm(c), false)
}

func (s *Server) drawSignIn(c *gin.Context, status int, f *Form, sent bool) error {
	p, err := s.newPage(c, "signin.title")
	if err != nil {
		return err
	}
	p.Errors = f.Errors
	next := c.Query("next")
	if next == "" {
		next = f.Raw("next")
	}
	f.Set("next", next)
	page := signInPage{Page: p, Form: f, Next: next, Search: c.Query("q"), Sent: sent, OIDC: s.OIDC.Issuer != ""}
	if word, err := c.Cookie(parkedCookie); err == nil && word != "" {
		page.Parked = &Note{Kind: "warn", Strong: lang.T(p.Lang, "signin.parked"), Text: lang.T(p.Lang, "signin.parked.text")}
	}
	if s.Rehearsal {
		if page.People, err = s.choices(c, p.Lang, page.Search); err != nil {
			return err
		}
	}
	return s.page(c, status, "person/sign-in", page)
}

// choices groups the rehearsal's people: one of each role first, then the schools'.
func (s *Server) choices(c *gin.Context, l lang.Lang, search string) ([]peopleGroup, error) {
	all, err := s.store.Everyone(c.Request.Context())
	if err != nil {
		return nil, err
	}
	schools, err := s.store.Schools(c.Request.Context())
	if err != nil {
		return nil, err
	}
	name := map[int64]string{}
	for _, x := range schools {
		name[x.ID] = x.Name
	}
	groups := []peopleGroup{
		{Title: lang.T(l, "signin.school")},
		{Title: lang.T(l, "signin.office")},
		{Title: lang.T(l, "signin.finance")},
		{Title: lang.T(l, "signin.others")},
	}
	for _, x := range all {
		if len(x.Roles) == 0 {
			continue
		}
		r := x.Roles[0]
		as := lang.T(l, "role."+string(r.Role))
		if r.School != 0 {
			as += ", " + name[r.School]
		}
		hit := search != "" && strings.Contains(strings.ToLower(x.Name+" "+as+" "+x.Email), strings.ToLower(search))
		bySchool := strings.HasPrefix(x.Email, "teacher.") || strings.HasPrefix(x.Email, "principal.")
		if search != "" && !hit || search == "" && bySchool {
			continue
		}
		i := 3
		switch r.Role {
		case workflow.Teacher, workflow.Principal, workflow.Economist, workflow.External:
			i = 0
		case workflow.Officer, workflow.Reviewer, workflow.Head, workflow.Secretary, workflow.Registrar:
			i = 1
		case workflow.Finance1, workflow.Finance2:
			i = 2
		}
		groups[i].People = append(groups[i].People, personChoice{x.Email, x.Name, as})
	}
	return slices.DeleteFunc(groups, func(g peopleGroup) bool { return len(g.People) == 0 }), nil
}

func (s *Server) postSignIn(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	email := f.Need("email")
	if !f.OK() {
		return s.drawSignIn(c, http.StatusUnprocessableEntity, f, false)
	}
	p, err := s.store.PersonByEmail(c.Request.Context(), email)
	if s.Rehearsal {
		if err != nil {
			f.Fail("email", "signin.unknown")
			return s.drawSignIn(c, http.StatusUnprocessableEntity, f, false)
		}
		return s.enter(c, p.ID, f.Raw("next"))
	}
	// Whether somebody has this address is nobody's business: the answer is the same.
	if err == nil {
		link := s.BaseURL + "/sign-in/link?" + url.Values{"next": {localPath(f.Raw("next"))}}.Encode()
		err = s.store.NewLink(c.Request.Context(), p.ID, func(word string) sql.MailRow {
			return sql.MailRow{To: p.Email, Kind: "other", Lang: string(f.Lang), Subject: lang.T(f.Lang, "signin.mail.subject"),
				Body: lang.T(f.Lang, "signin.mail.body", lang.Args{"Link": link + "&word=" + word})}
		})
		if err != nil {
			return err
		}
	}
	return s.drawSignIn(c, http.StatusOK, f, true)
}

// enter signs somebody in and leads on.
func (s *Server) enter(c *gin.Context, person int64, next string) error {
	id, err := s.store.NewSession(c.Request.Context(), person)
	if err != nil {
		return err
	}
	return s.goOn(c, id, next)
}

// setSession tells the browser its session; "" takes it away. The browser keeps it
// longer than it opens anything, as a form that comes too late is parked by it.
func (s *Server) setSession(c *gin.Context, id string) {
	cookie := &http.Cookie{
		Name:     sessionCookie,
		Value:    id,
		Path:     "/",
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
		Secure:   s.secureCookies(),
		MaxAge:   30 * 24 * 3600,
	}
	if id == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(c.Writer, cookie)
}

// linkPage shows the button that a mailed link leads to: opening the link changes nothing.
type linkPage struct {
	Page
	Form *Form
}

func (s *Server) showLink(c *gin.Context) error {
	p, err := s.newPage(c, "signin.link.title")
	if err != nil {
		return err
	}
	f := NewForm(p.Lang)
	f.Set("word", c.Query("word"))
	f.Set("next", c.Query("next"))
	return s.page(c, http.StatusOK, "person/link", linkPage{Page: p, Form: f})
}

func (s *Server) postLink(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	id, err := s.store.UseLink(c.Request.Context(), f.Raw("word"))
	if err != nil {
		f.Fail("email", "signin.link.old")
		return s.drawSignIn(c, http.StatusUnprocessableEntity, f, false)
	}
	return s.goOn(c, id, f.Raw("next"))
}

func (s *Server) postSignOut(c *gin.Context) error {
	if id, err := c.Cookie(sessionCookie); err == nil {
		if err := s.store.EndSession(c.Request.Context(), id); err != nil {
			return err
		}
		s.leave(c, id)
	}
	s.setSession(c, "")
	return s.see(c, "/", "signin.out")
}
