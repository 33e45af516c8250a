package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// substitutePages let a principal say who acts for them for a while. A head of
// office or an administrator may do it for them, and the office reads the list.
func (s *Server) substitutePages() []pageRoute {
	const get, post = http.MethodGet, http.MethodPost
	writers := []workflow.Role{workflow.Principal, workflow.Head, workflow.Admin}
	readers := append([]workflow.Role{workflow.Officer, workflow.Secretary, workflow.Registrar, workflow.Auditor}, writers...)
	return []pageRoute{
		{method: get, path: "/substitutes", do: s.showSubstitutes, roles: readers, own: true},
		{method: post, path: "/substitutes", do: s.postSubstitute, roles: writers, own: true},
		{method: post, path: "/substitutes/:id/end", do: s.endSubstitute, roles: writers, own: true},
	}
}

type substitutePage struct {
	Page
	Form   *Form
	Rows   []absenceRow
	Empty  *Empty
	Fields []Field // none: the reader names nobody
}

func (s *Server) showSubstitutes(c *gin.Context) error {
	f := newForm(c)
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	f.Set("first", workflow.DateOf(now))
	var all []string
	for _, id := range ledBy(actorOf(c).Own().Person) {
		all = append(all, fmt.Sprint(id))
	}
	f.Set("schools", all)
	return s.drawSubstitutes(c, http.StatusOK, f)
}

// namesForOthers tells whether somebody names substitutes for every principal.
func namesForOthers(by workflow.Actor) bool {
	own := by.Own()
	return own.Is(workflow.Head) || own.Is(workflow.Admin)
}

// ledBy are the schools where somebody is principal.
func ledBy(p workflow.Person) (ids []int64) {
	for _, r := range p.Roles {
		if r.Role == workflow.Principal && r.School != 0 {
			ids = append(ids, r.School)
		}
	}
	return ids
}

func (s *Server) drawSubstitutes(c *gin.Context, status int, f *Form) error {
	p, err := s.newPage(c, "substitute.title")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c).Own()
	p.Errors, p.Lead, p.Back = f.Errors, lang.T(l, "substitute.lead"), &Link{Text: lang.T(l, "tasks.title"), Href: "/tasks"}
	whose := by.ID
	if by.Office() { // the office reads everyone's
		whose, p.Lead, p.Back = 0, lang.T(l, "substitute.lead.office"), &Link{Text: lang.T(l, "absence.title"), Href: "/absences"}
	}
	page := substitutePage{Page: p, Form: f}
	rows, err := s.store.Substitutions(c.Request.Context(), whose)
	if err != nil {
		return err
	}
	for _, r := range rows {
		page.Rows = append(page.Rows, substitution(l, r, by, workflow.DateOf(p.Now), whose == 0))
	}
	if len(rows) == 0 {
		page.Empty = &Empty{Title: lang.T(l, "substitute.none"), Text: lang.T(l, "substitute.none.text")}
	}
	if page.Fields, err = s.substituteFields(c, f, by); err != nil {
		return err
	}
	return s.page(c, status, "person/substitutes", page)
}

// substitution shows one period; named: whose it is, too.
func substitution(l lang.Lang, r sql.AbsenceRow, by workflow.Actor, today workflow.Date, named bool) absenceRow {
	first, last := workflow.DateOf(r.First), workflow.DateOf(r.Last)
	row := absenceRow{Title: r.SubName, Facts: []Fact{
		{Term: lang.T(l, "substitute.email"), Value: r.SubEmail},
		{Term: lang.T(l, "access.school"), Value: schoolOf(r)},
		{Term: lang.T(l, "absence.days"), Value: lang.Days(l, first.String(), last.String()), Note: lang.T(l, absenceState(r, today))}}}
	if named {
		row.Facts = append([]Fact{{Term: lang.T(l, "role.principal"), Value: r.Name, Note: r.Email}}, row.Facts...)
	}
	row.Facts = append(
		row.Facts,
		Fact{Term: lang.T(l, "absence.made_by"), Value: lang.T(l, "substitute.by", lang.Args{"Who": r.MadeBy, "Day": lang.Date(l, r.At)})},
	)
	if r.EndedAt != nil {
		row.Facts = append(row.Facts, Fact{
			Term:  lang.T(l, "substitute.ended_by"),
			Value: lang.T(l, "substitute.by", lang.Args{"Who": wordOf(r.EndedBy), "Day": lang.DateTime(l, *r.EndedAt)}),
		})
	} else if !last.Before(today) && workflow.MayNoteAbsence(by, r.Person) {
		row.End = r.ID
	}
	return row
}

func wordOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func schoolOf(r sql.AbsenceRow) string { return wordOf(r.SchoolName) }

// substituteFields are the form's: for whom, who, and when.
func (s *Server) substituteFields(c *gin.Context, f *Form, by workflow.Actor) ([]Field, error) {
	led := ledBy(by.Person)
	if len(led) == 0 && !namesForOthers(by) {
		return nil, nil
	}
	_, schools, err := s.schoolNames(c)
	if err != nil {
		return nil, err
	}
	field := func(name, kind string) Field {
		x := Field{Form: f, Name: name, Kind: kind, Label: lang.T(f.Lang, "substitute."+name)}
		if key := "substitute." + name + ".hint"; lang.Has(f.Lang, key) {
			x.Hint = lang.T(f.Lang, key)
		}
		return x
	}
	var list []Field
	switch {
	case namesForOthers(by):
		x := field("person", "select")
		x.Empty = lang.T(f.Lang, "substitute.person.choose")
		if x.Options, err = s.principalsAt(c, schools); err != nil {
			return nil, err
		}
		list = append(list, x)
	case len(led) > 1:
		x := field("schools", "checks")
		for _, o := range schools {
			if slices.ContainsFunc(led, func(id int64) bool { return o.Value == fmt.Sprint(id) }) {
				x.Options = append(x.Options, o)
			}
		}
		list = append(list, x)
	}
	email, name := field("substitute", "text"), field("name", "text")
	email.Label, email.Hint, email.Type = lang.T(f.Lang, "substitute.email"), lang.T(f.Lang, "substitute.email.hint"), "email"
	name.Optional = f.Fault("name") == ""
	return append(list, email, name, field("first", "date"), field("last", "date")), nil
}

// principalsAt are all principals, once for each of their schools, in the schools' order.
func (s *Server) principalsAt(c *gin.Context, schools []Option) (list []Option, err error) {
	people, err := s.store.Everyone(c.Request.Context())
	if err != nil {
		return nil, err
	}
	at := map[string][]workflow.Person{}
	for _, x := range people {
		for _, id := range ledBy(x) {
			at[fmt.Sprint(id)] = append(at[fmt.Sprint(id)], x)
		}
	}
	for _, o := range schools {
		for _, x := range at[o.Value] {
			list = append(list, Option{Value: fmt.Sprintf("%d.%s", x.ID, o.Value), Text: o.Text + ": " + x.Name})
		}
	}
	return list, nil
}

func (s *Server) postSubstitute(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	person, schools, err := s.awayFrom(c, f)
	if err != nil {
		return err
	}
	a := workflow.Absence{
		Person:     person,
		Substitute: workflow.Person{Email: f.Need("substitute"), Name: f.Text("name")},
		First:      f.Date("first"),
		Last:       f.Date("last"),
	}
	if f.Fault("substitute") == "" && !looksLikeMail(a.Substitute.Email) {
		f.Fail("substitute", "violation.email")
	}
	f.Need("first")
	f.Need("last")
	if len([]rune(a.Substitute.Name)) > 120 {
		f.Fail("name", "access.long")
	}
	if !f.OK() {
		return s.drawSubstitutes(c, http.StatusUnprocessableEntity, f)
	}
	names, _, err := s.schoolNames(c)
	if err != nil {
		return err
	}
	err = s.store.NameSubstitute(c.Request.Context(), actorOf(c), a, schools, func(a workflow.Absence) []sql.MailRow {
		return s.substituteMails(c, f.Lang, a, schools, names)
	})
	again, err := refusedForm(f, err)
	if err != nil {
		return err
	}
	if again {
		return s.drawSubstitutes(c, http.StatusUnprocessableEntity, f)
	}
	return s.see(c, "/substitutes", "substitute.saved")
}

// awayFrom is who is away, and from which schools: the chosen principal for who
// names for others, else the reader with the one school or the ticked ones.
func (s *Server) awayFrom(c *gin.Context, f *Form) (person workflow.Person, schools []int64, err error) {
	by := actorOf(c).Own()
	if namesForOthers(by) {
		id, school, _ := strings.Cut(f.Raw("person"), ".")
		n, err1 := strconv.ParseInt(id, 10, 64)
		at, err2 := strconv.ParseInt(school, 10, 64)
		if err1 != nil || err2 != nil {
			f.Fail("person", "form.choice")
			return person, nil, nil
		}
		person, err = s.store.Person(c.Request.Context(), n)
		if err == nil && !person.At(workflow.Principal, at) {
			err = workflow.ErrNotFound
		}
		return person, []int64{at}, err
	}
	led := ledBy(by.Person)
	if len(led) == 1 {
		return by.Person, led, nil
	}
	for _, id := range led {
		if f.Chosen("schools", fmt.Sprint(id)) {
			schools = append(schools, id)
		}
	}
	if len(schools) == 0 {
		f.Fail("schools", "form.choice")
	}
	return by.Person, schools, nil
}

// substituteMails tell the substitute, and the principal where somebody else noted it.
func (s *Server) substituteMails(c *gin.Context, l lang.Lang, a workflow.Absence, schools []int64, names map[int64]string) []sql.MailRow {
	by := actorOf(c)
	at := make([]string, len(schools))
	for i, id := range schools {
		at[i] = names[id]
	}
	args := lang.Args{
		"Name":      a.Substitute.Name,
		"Principal": a.Person.Name,
		"School":    lang.List(l, at),
		"Days":      lang.Days(l, a.First.String(), a.Last.String()),
		"By":        by.Name,
		"Link":      s.BaseURL + "/sign-in?next=/tasks",
	}
	mails := []sql.MailRow{
		{
			To:      a.Substitute.Email,
			Kind:    "other",
			Lang:    string(l),
			Subject: lang.T(l, "substitute.mail.subject", args),
			Body:    lang.T(l, "substitute.mail.body", args),
		},
	}
	if by.ID != a.Person.ID {
		args["Link"] = s.BaseURL + "/sign-in?next=/substitutes"
		mails = append(mails, sql.MailRow{
			To:      a.Person.Email,
			Kind:    "other",
			Lang:    string(l),
			Subject: lang.T(l, "substitute.mail.principal.subject", args),
			Body:    lang.T(l, "substitute.mail.principal.body", args),
		})
	}
	return mails
}

func (s *Server) endSubstitute(c *gin.Context) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	l, _ := LangOf(c.Request)
	err = s.store.EndAbsence(c.Request.Context(), actorOf(c), id, func(r sql.AbsenceRow) sql.MailRow {
		args := lang.Args{
			"Name":      r.SubName,
			"Principal": r.Name,
			"School":    schoolOf(r),
			"Days":      lang.Days(l, workflow.DateOf(r.First).String(), workflow.DateOf(r.Last).String()),
		}
		return sql.MailRow{
			To:      r.SubEmail,
			Kind:    "other",
			Lang:    string(l),
			Subject: lang.T(l, "substitute.mail.ended.subject", args),
			Body:    lang.T(l, "substitute.mail.ended.body", args),
		}
	})
	if err != nil {
		return err
	}
	return s.see(c, "/substitutes", "substitute.did_end")
}
