package handlers

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// absencePages lists who is away and who acts instead.
func (s *Server) absencePages() []pageRoute {
	readers := []workflow.Role{workflow.Officer, workflow.Head, workflow.Secretary, workflow.Registrar, workflow.Auditor, workflow.Admin}
	return []pageRoute{
		{method: http.MethodGet, path: "/absences", do: s.showAbsences, roles: readers},
		{method: http.MethodPost, path: "/absences", do: s.postAbsence, roles: readers},
		{method: http.MethodPost, path: "/absences/:id/end", do: s.endAbsence, roles: readers},
	}
}

type absencePage struct {
	Page
	Form        *Form
	Rows        []absenceRow
	People      []Option
	Substitutes []Option
	Empty       Empty
	Write       bool
	Links       []Link
}

// absenceRow is one time away; End is the id where this reader may end it.
type absenceRow struct {
	Facts []Fact
	Title string
	End   int64
}

func (p absencePage) Roles() []Option {
	list := make([]string, len(workflow.Substitutable))
	for i, r := range workflow.Substitutable {
		list[i] = string(r)
	}
	return Options(p.Lang, "role", list...)
}

func (s *Server) showAbsences(c *gin.Context) error {
	f := newForm(c)
	by := actorOf(c)
	f.Set("person", by.Email)
	return s.drawAbsences(c, http.StatusOK, f)
}

func (s *Server) drawAbsences(c *gin.Context, status int, f *Form) error {
	p, err := s.newPage(c, "absence.title")
	if err != nil {
		return err
	}
	l, by, today := p.Lang, actorOf(c), workflow.DateOf(p.Now)
	p.Errors, p.Lead, p.Back = f.Errors, lang.T(l, "absence.lead"), toTasks(l)
	page := absencePage{Page: p, Form: f, Empty: Empty{Title: lang.T(l, "absence.none")}}
	rows, err := s.store.Absences(c.Request.Context())
	if err != nil {
		return err
	}
	for _, r := range rows {
		first, last := workflow.DateOf(r.First), workflow.DateOf(r.Last)
		row := absenceRow{
			Title: r.Name,
			Facts: []Fact{
				{Term: lang.T(l, "absence.role"), Value: lang.T(l, "role."+string(r.Role))},
				{Term: lang.T(l, "absence.substitute"), Value: r.SubName},
				{Term: lang.T(l, "absence.days"), Value: lang.Days(l, first.String(), last.String()), Note: lang.T(l, absenceState(r, today))},
				{Term: lang.T(l, "absence.made_by"), Value: r.MadeBy},
			},
		}
		if r.Note != "" {
			row.Facts = append(row.Facts, Fact{Term: lang.T(l, "absence.note"), Value: r.Note})
		}
		if r.EndedAt == nil && !last.Before(today) && (r.Email == by.Email || by.Is(workflow.Head) || by.Is(workflow.Admin)) {
			row.End = r.ID
		}
		page.Rows = append(page.Rows, row)
	}
	all := by.Is(workflow.Head) || by.Is(workflow.Admin)
	people, err := s.store.Everyone(c.Request.Context())
	if err != nil {
		return err
	}
	for _, x := range people {
		o := Option{Value: x.Email, Text: x.Name}
		if (all || x.ID == by.ID) && slices.ContainsFunc(workflow.Substitutable, x.Is) {
			page.People = append(page.People, o)
		}
		if x.Office() && !x.Is(workflow.Finance1) && !x.Is(workflow.Finance2) && !x.Is(workflow.Auditor) {
			page.Substitutes = append(page.Substitutes, o)
		}
	}
	page.Write = len(page.People) > 0
	page.Links = []Link{{Text: lang.T(l, "absence.at_schools"), Href: "/substitutes"}}
	return s.page(c, status, "person/absences", page)
}

// absenceState is the word for whether a time away is over, goes on or comes.
func absenceState(r sql.AbsenceRow, today workflow.Date) string {
	switch {
	case r.EndedAt != nil:
		return "absence.ended"
	case workflow.DateOf(r.First).After(today):
		return "absence.coming"
	case !workflow.DateOf(r.Last).Before(today):
		return "absence.now"
	}
	return "absence.over"
}

func (s *Server) postAbsence(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	a := workflow.Absence{Role: workflow.Role(f.Raw("role")), First: f.Date("first"), Last: f.Date("last"), Note: f.Text("note")}
	for name, into := range map[string]*workflow.Person{"person": &a.Person, "substitute": &a.Substitute} {
		p, err := s.store.PersonByEmail(ctx, f.Raw(name))
		if err != nil && !errors.Is(err, workflow.ErrNotFound) {
			return err
		}
		*into = p
	}
	if f.OK() {
		err := s.store.AddAbsence(ctx, actorOf(c), a)
		again, err := refusedForm(f, err)
		if err != nil {
			return err
		}
		if !again {
			return s.see(c, "/absences", "absence.saved")
		}
	}
	return s.drawAbsences(c, http.StatusUnprocessableEntity, f)
}

func (s *Server) endAbsence(c *gin.Context) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	if err := s.store.EndAbsence(c.Request.Context(), actorOf(c), id, nil); err != nil {
		return err
	}
	return s.see(c, "/absences", "absence.did_end")
}

// actingFor is whose substitute took a step, and in which role; "" where nobody's.
func actingFor(data []byte) (email string, role workflow.Role) {
	var x struct {
		For  string        `json:"acting_for"`
		Role workflow.Role `json:"acting_role"`
	}
	if json.Unmarshal(data, &x) != nil {
		return "", ""
	}
	return x.For, x.Role
}
