package handlers

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// accessPages let a teacher whom nobody registered ask for access: a mailed
// link shows that the address is theirs, and a principal or the office says
// that they belong to the school.
func (s *Server) accessPages() []pageRoute {
	const get, post = http.MethodGet, http.MethodPost
	confirm := []workflow.Role{workflow.Principal, workflow.Officer, workflow.Admin}
	return []pageRoute{
		{method: get, path: "/access", do: s.showAccess, open: true},
		{method: post, path: "/access", do: s.postAccess, open: true},
		{method: get, path: "/access/confirm", do: s.showAccessLink, open: true},
		{method: post, path: "/access/confirm", do: s.postAccessLink, open: true},
		{method: get, path: "/access/requests", do: s.showAccessRequests, roles: confirm},
		{method: get, path: "/access/requests/:id", do: s.showAccessRequest, roles: confirm},
		{method: post, path: "/access/requests/:id", do: s.postAccessRequest, roles: confirm},
	}
}

func (s *Server) showAccess(c *gin.Context) error {
	return s.drawAccess(c, newForm(c), false)
}

func (s *Server) drawAccess(c *gin.Context, f *Form, sent bool) error {
	p, err := s.newPage(c, "access.title")
	if err != nil {
		return err
	}
	p.Lead, p.Back = lang.T(p.Lang, "access.lead"), &Link{Text: lang.T(p.Lang, "signin.title"), Href: "/sign-in"}
	if sent {
		page := shortPage{Page: p, Note: &Note{Kind: "good", Strong: lang.T(p.Lang, "access.sent"), Text: lang.T(p.Lang, "access.sent.text")}}
		page.Lead = ""
		if s.Rehearsal { // no mail leaves a rehearsal
			page.Links = []Link{
				{Text: lang.T(p.Lang, "rehearsal.mail"), Href: "/rehearsal/mail?" + url.Values{"to": {strings.ToLower(f.Text("email"))}}.Encode()},
			}
		}
		return s.short(c, http.StatusOK, page)
	}
	schools, err := s.store.Schools(c.Request.Context())
	if err != nil {
		return err
	}
	options := []Option{}
	for _, x := range schools {
		options = append(options, Option{Value: x.Name, Text: x.Name})
	}
	field := func(name, kind string) Field {
		x := Field{Form: f, Name: name, Kind: kind, Label: lang.T(p.Lang, "access."+name)}
		if key := "access." + name + ".hint"; lang.Has(p.Lang, key) {
			x.Hint = lang.T(p.Lang, key)
		}
		return x
	}
	school, email := field("school", "select"), field("email", "text")
	school.Options, school.Empty, email.Type, email.Complete = options, lang.T(p.Lang, "access.choose"), "email", "email"
	return s.short(c, http.StatusOK, shortPage{Page: p, Form: f, Post: "/access", Fields: []Field{field("name", "text"), email, school, field("work", "text")},
		Buttons: []Button{{Text: lang.T(p.Lang, "access.send")}}})
}

func (s *Server) postAccess(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	r := sql.AccessRequest{Name: f.Need("name"), Email: strings.ToLower(f.Need("email")), Lang: string(f.Lang)}
	school := f.Need("school")
	r.Work = f.Need("work")
	if f.Fault("email") == "" && !looksLikeMail(r.Email) {
		f.Fail("email", "violation.email")
	}
	for _, name := range []string{"name", "work"} {
		if len([]rune(f.Text(name))) > 120 {
			f.Fail(name, "access.long")
		}
	}
	schools, err := s.store.Schools(c.Request.Context())
	if err != nil {
		return err
	}
	for _, x := range schools {
		if x.Name == school {
			r.School, r.SchoolName = x.ID, x.Name
		}
	}
	if r.School == 0 && f.Fault("school") == "" {
		f.Fail("school", "form.choice")
	}
	if !f.OK() {
		return s.drawAccess(c, f, false)
	}
	err = s.store.AskAccess(c.Request.Context(), r, func(word string) sql.MailRow {
		return sql.MailRow{To: r.Email, Kind: "other", Lang: r.Lang, Subject: lang.T(f.Lang, "access.mail.link.subject"),
			Body: lang.T(
				f.Lang,
				"access.mail.link.body",
				lang.Args{"Name": r.Name, "School": r.SchoolName, "Link": s.BaseURL + "/access/confirm?word=" + word},
			)}
	})
	if err != nil {
		return err
	}
	return s.drawAccess(c, f, true)
}

// looksLikeMail takes what a mail server could take; the mailed link is the proof.
func looksLikeMail(s string) bool {
	name, host, ok := strings.Cut(s, "@")
	return ok && name != "" && strings.Contains(strings.Trim(host, "."), ".") && !strings.ContainsAny(s, " <>,;\"\r\n") && len(s) <= 200 &&
		!strings.Contains(host, "@")
}

// showAccessLink shows what the mailed link confirms; opening it changes nothing.
func (s *Server) showAccessLink(c *gin.Context) error {
	p, err := s.newPage(c, "access.confirm.title")
	if err != nil {
		return err
	}
	r, err := s.store.AccessByWord(c.Request.Context(), c.Query("word"))
	if err != nil {
		p.Title = lang.T(p.Lang, "access.old")
		p.Lead = lang.T(p.Lang, "access.old.text")
		return s.short(
			c,
			http.StatusOK,
			shortPage{
				Page:  p,
				Links: []Link{{Text: lang.T(p.Lang, "access.title"), Href: "/access"}, {Text: lang.T(p.Lang, "signin.title"), Href: "/sign-in"}},
			},
		)
	}
	if r.State != "asked" {
		p.Title = lang.T(p.Lang, "access.confirmed.title")
		return s.short(
			c,
			http.StatusOK,
			shortPage{
				Page: p,
				Note: &Note{
					Kind:   "good",
					Strong: lang.T(p.Lang, "access.confirmed"),
					Text:   lang.T(p.Lang, "access.confirmed.text", lang.Args{"School": r.SchoolName}),
				},
			},
		)
	}
	return s.short(
		c,
		http.StatusOK,
		shortPage{
			Page:    p,
			Facts:   accessFacts(p.Lang, r, "access.name", "access.email", "access.work"),
			Post:    "/access/confirm",
			Hidden:  []hiddenValue{{"word", c.Query("word")}},
			Buttons: []Button{{Text: lang.T(p.Lang, "access.confirm")}},
		},
	)
}

// accessFacts are what a request says, under words for who reads it: the person or somebody else.
func accessFacts(l lang.Lang, r sql.AccessRequest, name, email, work string) []Fact {
	return []Fact{
		{Term: lang.T(l, name), Value: r.Name},
		{Term: lang.T(l, email), Value: r.Email},
		{Term: lang.T(l, "access.school"), Value: r.SchoolName},
		{Term: lang.T(l, work), Value: r.Work},
	}
}

func (s *Server) postAccessLink(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	err = s.store.ConfirmAccess(c.Request.Context(), f.Raw("word"), func(r sql.AccessRequest, to sql.Recipient) sql.MailRow {
		l := lang.Lang(to.Lang)
		return sql.MailRow{To: to.Email, Kind: "other", Lang: to.Lang, Subject: lang.T(l, "access.mail.ask.subject", lang.Args{"School": r.SchoolName}),
			Body: lang.T(
				l,
				"access.mail.ask.body",
				lang.Args{"Name": r.Name, "Email": r.Email, "School": r.SchoolName, "Work": r.Work, "Link": s.BaseURL + pathOf("access", "requests", r.ID)},
			)}
	})
	if err != nil {
		return err
	}
	return s.see(c, "/access/confirm?"+url.Values{"word": {f.Raw("word")}}.Encode(), "")
}

func (s *Server) showAccessRequests(c *gin.Context) error {
	p, err := s.newPage(c, "access.requests")
	if err != nil {
		return err
	}
	list, err := s.store.AccessRequests(c.Request.Context(), actorOf(c))
	if err != nil {
		return err
	}
	p.Back = toTasks(p.Lang)
	page := shortPage{Page: p}
	if len(list) == 0 {
		page.Empty = &Empty{Title: lang.T(p.Lang, "access.none")}
		return s.short(c, http.StatusOK, page)
	}
	page.Table = &Table{
		Caption:     p.Title,
		HideCaption: true,
		Stack:       true,
		Head:        []Column{{Text: lang.T(p.Lang, "access.who")}, {Text: lang.T(p.Lang, "access.who.email")}, {Text: lang.T(p.Lang, "access.school")}},
	}
	for _, r := range list {
		page.Table.Rows = append(
			page.Table.Rows,
			Row{Cells: []Cell{{Links: []Link{{Text: r.Name, Href: pathOf("access", "requests", r.ID)}}, Note: r.Work}, {Text: r.Email}, {Text: r.SchoolName}}},
		)
	}
	return s.short(c, http.StatusOK, page)
}

// accessRequest finds an open question that this person may answer.
func (s *Server) accessRequest(c *gin.Context) (sql.AccessRequest, error) {
	id, err := idOf(c, "id")
	if err != nil {
		return sql.AccessRequest{}, err
	}
	list, err := s.store.AccessRequests(c.Request.Context(), actorOf(c))
	if err != nil {
		return sql.AccessRequest{}, err
	}
	for _, r := range list {
		if r.ID == id {
			return r, nil
		}
	}
	return sql.AccessRequest{}, workflow.ErrNotFound
}

func (s *Server) showAccessRequest(c *gin.Context) error {
	r, err := s.accessRequest(c)
	if err != nil {
		return err
	}
	p, err := s.newPage(c, "access.request.title", lang.Args{"Name": r.Name, "School": r.SchoolName})
	if err != nil {
		return err
	}
	p.Lead, p.Back = lang.T(p.Lang, "access.request.lead"), &Link{Text: lang.T(p.Lang, "access.requests"), Href: "/access/requests"}
	return s.short(
		c,
		http.StatusOK,
		shortPage{Page: p, Facts: accessFacts(p.Lang, r, "access.who", "access.who.email", "access.who.work"), Post: pathOf("access", "requests", r.ID),
			Buttons: []Button{
				{Text: lang.T(p.Lang, "access.grant"), Name: "do", Value: "grant"},
				{Text: lang.T(p.Lang, "access.refuse"), Name: "do", Value: "refuse", Variant: "secondary"},
			}},
	)
}

func (s *Server) postAccessRequest(c *gin.Context) error {
	r, err := s.accessRequest(c)
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	word := map[string]string{"grant": "granted", "refuse": "refused"}[f.Raw("do")]
	if word == "" { // nobody is refused by a post that doesn't say so
		return s.showAccessRequest(c)
	}
	err = s.store.DecideAccess(c.Request.Context(), actorOf(c), r.ID, word == "granted", func(r sql.AccessRequest) sql.MailRow {
		l := lang.Lang(r.Lang)
		return sql.MailRow{To: r.Email, Kind: "other", Lang: r.Lang, Subject: lang.T(l, "access.mail."+word+".subject"),
			Body: lang.T(l, "access.mail."+word+".body", lang.Args{"School": r.SchoolName, "Link": s.BaseURL + "/sign-in?next=/apply"})}
	})
	if err != nil {
		return err
	}
	return s.see(c, "/access/requests", "access.did."+word)
}

// accessTasks are people who wait for a word about where they work, and the way to a hand-over.
func (s *Server) accessTasks(c *gin.Context, page *tasksPage, by workflow.Actor) error {
	if !by.Is(workflow.Principal) && !by.Is(workflow.Officer) && !by.Is(workflow.Admin) {
		return nil
	}
	list, err := s.store.AccessRequests(c.Request.Context(), by)
	if err != nil {
		return err
	}
	if len(list) > 0 {
		page.Todos = append(
			page.Todos,
			Todo{Count: len(list), Text: lang.T(page.Lang, "access.requests"), Href: "/access/requests", When: lang.T(page.Lang, "tasks.now")},
		)
	}
	if by.Is(workflow.Principal) || by.Is(workflow.Officer) {
		page.Links = append(page.Links, Link{Text: lang.T(page.Lang, "hands.title"), Href: "/hand-over"})
	}
	if by.Own().Is(workflow.Principal) {
		page.Links = append(
			page.Links,
			Link{Text: lang.T(page.Lang, "economist.title"), Href: "/economists"},
			Link{Text: lang.T(page.Lang, "substitute.title"), Href: "/substitutes"},
		)
	}
	if by.Is(workflow.Officer) {
		page.Links = append(page.Links, Link{Text: lang.T(page.Lang, "paper.title"), Href: "/paper"})
	}
	return nil
}
