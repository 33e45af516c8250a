package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// handsPages are about who writes an application: co-writers, hand-over, and a copy of an earlier one.
func (s *Server) handsPages() []pageRoute {
	const get, post = http.MethodGet, http.MethodPost
	owners := []workflow.Role{workflow.Principal, workflow.Officer}
	return []pageRoute{
		{method: get, path: "/applications/:id/writers", do: s.showWriters},
		{method: post, path: "/applications/:id/writers", do: s.postWriters},
		{method: get, path: "/applications/:id/copy", do: s.showCopy, roles: applicants},
		{method: post, path: "/applications/:id/copy", do: s.postCopy, roles: applicants},
		{method: get, path: "/hand-over", do: s.showHandOvers, roles: owners},
		{method: get, path: "/hand-over/:id", do: s.showHandOver, roles: owners},
		{method: post, path: "/hand-over/:id", do: s.postHandOver, roles: owners},
	}
}

func (s *Server) writersCase(c *gin.Context) (workflow.Case, error) {
	k, err := s.caseOf(c)
	if err == nil && !k.App.IsApplicant(actorOf(c).Person) {
		err = workflow.Forbidden{Code: "role"}
	}
	return k, err
}

func (s *Server) showWriters(c *gin.Context) error {
	k, err := s.writersCase(c)
	if err != nil {
		return err
	}
	return s.drawWriters(c, http.StatusOK, k, formFor(c, k))
}

func (s *Server) drawWriters(c *gin.Context, status int, k workflow.Case, f *Form) error {
	p, err := s.newPage(c, "writers.title")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	path := pathOf("applications", k.App.ID)
	p.Over, p.Lead, p.Back = k.App.Form.Title, lang.T(l, "writers.lead"), &Link{Text: lang.T(l, "act.back"), Href: path}
	page := shortPage{Page: p, Form: f, Post: path + "/writers", Hidden: []hiddenValue{{"version", f.Raw("version")}}, Heading: lang.T(l, "writers.add"),
		Fields:  []Field{{Form: f, Name: "email", Kind: "text", Type: "email", Label: lang.T(l, "writers.email"), Hint: lang.T(l, "writers.email.hint")}},
		Buttons: []Button{{Text: lang.T(l, "writers.add")}}}
	page.Facts = []Fact{{Term: lang.T(l, "writers.main"), Value: k.App.ApplicantName, Note: k.App.ApplicantEmail}}
	writers, err := s.store.PeopleNamed(c.Request.Context(), k.App.Writers) // who is no longer known goes when somebody hands over
	if err != nil {
		return err
	}
	for _, w := range writers {
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "writers.co"), Value: w.Name, Note: w.Email})
		if by.ID == k.App.ApplicantID || by.ID == w.ID {
			page.Buttons = append(
				page.Buttons,
				Button{Text: lang.T(l, "writers.remove", lang.Args{"Name": w.Name}), Name: "remove", Value: pathOf(w.ID)[1:], Variant: "secondary"},
			)
		}
	}
	if k.App.SchoolID == 0 {
		page.Post = ""
		page.Note = &Note{Text: lang.T(l, "writers.no_school")}
	}
	return s.short(c, status, page)
}

func (s *Server) postWriters(c *gin.Context) error {
	k, err := s.writersCase(c)
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	var cmd workflow.Command
	flash, to := "done.remove_writer", pathOf("applications", k.App.ID)+"/writers"
	if n := f.Int("remove"); f.Raw("remove") != "" && n != nil {
		cmd = &workflow.RemoveWriter{Person: *n}
		if *n == actorOf(c).ID {
			to = "/applications"
		}
	} else {
		email := f.Need("email")
		cmd, flash = &workflow.InviteWriter{Email: email}, "done.invite_writer"
	}
	if !f.OK() {
		return s.drawWriters(c, http.StatusUnprocessableEntity, k, f)
	}
	_, ok, err := s.apply(c, f, k.App.ID, cmd)
	if err != nil {
		return err
	}
	if !ok {
		return s.drawWriters(c, http.StatusUnprocessableEntity, k, f)
	}
	return s.see(c, to, flash)
}

func (s *Server) showCopy(c *gin.Context) error {
	k, err := s.writersCase(c)
	if err != nil {
		return err
	}
	f := newForm(c)
	f.Set("title", k.App.Form.Title)
	return s.drawCopy(c, k, f)
}

func (s *Server) drawCopy(c *gin.Context, k workflow.Case, f *Form) error {
	p, err := s.newPage(c, "copy.title")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Over, p.Lead, p.Back = k.App.Form.Title, lang.T(l, "copy.lead"), &Link{Text: lang.T(l, "act.back"), Href: pathOf("applications", k.App.ID)}
	page := shortPage{Page: p, Form: f, Post: pathOf("applications", k.App.ID) + "/copy", Buttons: []Button{{Text: lang.T(l, "copy.make")}}}
	rounds, err := s.openRounds(c, p)
	if err != nil {
		return err
	}
	round := Field{Form: f, Name: "round", Kind: "radios", Label: lang.T(l, "fact.round")}
	for _, r := range rounds {
		if r.Scheme == k.App.Scheme {
			round.Options = append(round.Options, Option{Value: r.ID, Text: r.Name, Hint: r.Closes})
		}
	}
	if len(round.Options) == 0 {
		page.Post, page.Empty = "", &Empty{Title: lang.T(l, "apply.none"), Text: lang.T(l, "apply.none.text")}
	}
	if len(round.Options) == 1 && !f.Has("round") {
		f.Set("round", round.Options[0].Value)
	}
	page.Fields = []Field{{Form: f, Name: "title", Kind: "text", Label: lang.T(l, "field.title"), Max: workflow.TextLimit("title")}, round}
	return s.short(c, http.StatusOK, page)
}

func (s *Server) postCopy(c *gin.Context) error {
	k, err := s.writersCase(c)
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	round := f.Need("round")
	if !f.OK() {
		return s.drawCopy(c, k, f)
	}
	form := workflow.CopyForm(k.App.Form, round)
	form.Title = f.Text("title")
	app, err := s.store.Begin(c.Request.Context(), actorOf(c), form)
	if wrong, ok := err.(workflow.Violations); ok {
		f.Refuse(wrong)
		return s.drawCopy(c, k, f)
	}
	if err != nil {
		return err
	}
	return s.see(c, pathOf("applications", app.ID), "copy.made")
}

// showHandOvers lists a school's open applications; the office finds them by the address of who leaves.
func (s *Server) showHandOvers(c *gin.Context) error {
	p, err := s.newPage(c, "hands.title")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	p.Lead, p.Back = lang.T(l, "hands.lead"), toTasks(l)
	rows, err := s.store.ToHandOver(c.Request.Context(), by, c.Query("email"))
	if err != nil {
		return err
	}
	page := handsPage{Page: p, Form: ReadForm(l, c.Request.URL.Query()), Search: by.Is(workflow.Officer)}
	page.Table = Table{
		Caption:     p.Title,
		HideCaption: true,
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "hands.application")},
			{Text: lang.T(l, "fact.applicant")},
			{Text: lang.T(l, "hands.who")},
			{Text: lang.T(l, "queue.state")},
		},
	}
	for _, r := range rows {
		title := r.Title
		if title == "" {
			title = lang.T(l, "hands.draft", lang.Args{"N": r.ID})
		}
		who := Cell{Text: r.Name, Note: r.Email}
		if !r.Here {
			who.Tags = []Tag{{Text: lang.T(l, "hands.left"), Color: "warning"}}
		}
		page.Table.Rows = append(page.Table.Rows, Row{
			Cells: []Cell{
				{Links: []Link{{Text: title, Href: pathOf("hand-over", r.ID)}}, Note: r.DNR},
				{Text: r.SchoolName},
				who,
				{Tags: []Tag{StateTag(l, workflow.State(r.State), true)}},
			},
		})
	}
	if len(rows) == 0 && (!page.Search || c.Query("email") != "") {
		page.Empty = &Empty{Title: lang.T(l, "hands.none")}
	}
	return s.page(c, http.StatusOK, "application/hands", page)
}

type handsPage struct {
	Page
	Form   *Form
	Search bool
	Table  Table
	Empty  *Empty
}

// handOverCase reads an application for who may give it to somebody else, also one that they may not read.
func (s *Server) handOverCase(c *gin.Context) (workflow.Case, error) {
	id, err := idOf(c, "id")
	if err != nil {
		return workflow.Case{}, err
	}
	k, err := s.store.Case(c.Request.Context(), workflow.Machine(), id)
	if err == nil && !workflow.MayHandOver(k, actorOf(c)) {
		err = workflow.ErrNotFound
	}
	return k, err
}

func (s *Server) showHandOver(c *gin.Context) error {
	k, err := s.handOverCase(c)
	if err != nil {
		return err
	}
	return s.drawHandOver(c, http.StatusOK, k, formFor(c, k))
}

func (s *Server) drawHandOver(c *gin.Context, status int, k workflow.Case, f *Form) error {
	p, err := s.newPage(c, "hands.one")
	if err != nil {
		return err
	}
	l := p.Lang
	if workflow.Sees(k, actorOf(c)) {
		p.Over = k.App.DNR + " " + k.App.Form.Title
	}
	p.Lead, p.Back = lang.T(l, "hands.one.lead"), &Link{Text: lang.T(l, "hands.title"), Href: "/hand-over"}
	return s.short(c, status, shortPage{Page: p, Form: f, Post: pathOf("hand-over", k.App.ID), Hidden: []hiddenValue{{"version", f.Raw("version")}},
		Facts: []Fact{
			{Term: lang.T(l, "fact.applicant"), Value: k.School.Name},
			{Term: lang.T(l, "hands.who"), Value: k.App.ApplicantName, Note: k.App.ApplicantEmail},
		},
		Fields: []Field{{Form: f, Name: "email", Kind: "text", Type: "email", Label: lang.T(l, "hands.to"), Hint: lang.T(l, "writers.email.hint")},
			{Form: f, Name: "reason", Kind: "text", Label: lang.T(l, "field.reason"), Hint: lang.T(l, "hands.reason.hint")}},
		Buttons: []Button{{Text: lang.T(l, "hands.do")}}})
}

func (s *Server) postHandOver(c *gin.Context) error {
	k, err := s.handOverCase(c)
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	_, ok, err := s.apply(c, f, k.App.ID, &workflow.HandOver{Email: f.Text("email"), Reason: f.Text("reason")})
	if err != nil {
		return err
	}
	if !ok {
		return s.drawHandOver(c, http.StatusUnprocessableEntity, k, f)
	}
	return s.see(c, "/hand-over", "done.hand_over")
}

// prefill is what is known of a school and its teacher before anything is written:
// the principal's name, and contact and account as in their last application.
func (s *Server) prefillDraft(c *gin.Context, by workflow.Actor, form *workflow.Form, school int64) error {
	form.Applicant.ContactEmail = by.Email
	l, _ := LangOf(c.Request)
	form.Applicant.Language = string(l)
	if school != 0 {
		names, err := s.store.Principals(c.Request.Context(), school)
		if err != nil {
			return err
		}
		if len(names) == 1 {
			form.Applicant.PrincipalName = names[0]
		}
	}
	for k, err := range s.store.AllCases(c.Request.Context(), by, sql.CaseFilter{}) { // the last one counts
		if err != nil {
			return err
		}
		if k.App.ApplicantID != by.ID || k.App.SchoolID != school {
			continue
		}
		was := k.App.Form.Applicant
		form.Applicant.ApplicantRole, form.Applicant.ContactPhone = was.ApplicantRole, was.ContactPhone
		if was.Payment.Method != "" {
			form.Applicant.Payment = was.Payment
		}
	}
	return nil
}
