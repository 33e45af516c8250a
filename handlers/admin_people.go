package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// peopleOnPage is how many people stand on a page of the register.
const peopleOnPage = 50

type peoplePage struct {
	Page
	Form  *Form
	New   Link
	Table Table
	Empty Empty
	Clear *Link
	Pager Pager
}

// showPeople lists who is registered, by name, and finds them by name, address or school.
func (s *Server) showPeople(c *gin.Context) error {
	p, err := s.newPage(c, "admin.people")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Back = &Link{Text: lang.T(l, "menu.admin"), Href: "/admin"}
	f := newForm(c)
	f.Set("q", strings.TrimSpace(c.Query("q")))
	last, err := afterID(c)
	if err != nil {
		return err
	}
	people, more, err := s.store.FindPeople(c.Request.Context(), f.Text("q"), last, peopleOnPage)
	if err != nil {
		return err
	}
	names, _, err := s.schoolNames(c)
	if err != nil {
		return err
	}
	page := peoplePage{
		Page:  p,
		Form:  f,
		New:   Link{Text: lang.T(l, "admin.person.new"), Href: "/admin/people/0"},
		Empty: Empty{Title: lang.T(l, "admin.people.none"), Text: lang.T(l, "admin.people.none.text")},
	}
	page.Table = Table{
		Caption:     p.Title,
		HideCaption: true,
		Stack:       true,
		Head:        []Column{{Text: lang.T(l, "field.name")}, {Text: lang.T(l, "field.email")}, {Text: lang.T(l, "admin.roles")}},
	}
	for _, x := range people {
		page.Table.Rows = append(
			page.Table.Rows,
			Row{Cells: []Cell{{Links: []Link{{Text: x.Name, Href: fmt.Sprintf("/admin/people/%d", x.ID)}}}, {Text: x.Email}, {Text: rolesText(l, x, names)}}},
		)
	}
	page.Pager = Pager{Shown: len(people)}
	if more {
		page.Pager.Next = "/admin/people?" + url.Values{"q": {f.Text("q")}, "after": {fmt.Sprint(people[len(people)-1].ID)}}.Encode()
	}
	if f.Text("q") != "" || last != 0 {
		page.Clear = &Link{Text: lang.T(l, "queue.clear"), Href: "/admin/people"}
	}
	return s.page(c, http.StatusOK, "admin/people", page)
}

// rolesText says what somebody is, and at which school.
func rolesText(l lang.Lang, x workflow.Person, schools map[int64]string) string {
	var roles []string
	for _, r := range x.Roles {
		text := lang.T(l, "role."+string(r.Role))
		if r.School != 0 {
			text += ", " + schools[r.School]
		}
		roles = append(roles, text)
	}
	return strings.Join(roles, "; ")
}
