package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

func (s *Server) showSchools(c *gin.Context) error {
	p, err := s.newPage(c, "admin.schools")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Back = &Link{Text: lang.T(l, "menu.admin"), Href: "/admin"}
	schools, err := s.store.Schools(c.Request.Context())
	if err != nil {
		return err
	}
	page := listPage{
		Page:  p,
		Links: []Link{{Text: lang.T(l, "schools.add"), Href: "/admin/schools/0"}, {Text: lang.T(l, "schools.import"), Href: "/admin/schools/import"}},
	}
	page.Table = Table{
		Caption:     p.Title,
		HideCaption: true,
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "field.name")},
			{Text: lang.T(l, "fact.level")},
			{Text: lang.T(l, "admin.operator")},
			{Text: lang.T(l, "admin.unit_code")},
			{Text: lang.T(l, "queue.state")},
		},
	}
	for _, x := range schools {
		row := []Cell{
			{Links: []Link{{Text: x.Name, Href: fmt.Sprintf("/admin/schools/%d", x.ID)}}},
			{Text: lang.T(l, "level."+x.Level)},
			{Text: lang.T(l, "operator."+workflow.Case{School: &x.School}.Operator())},
			{Text: orText(x.UnitCode, "–")},
			{Text: "–"},
		}
		if x.Blocked {
			row[4] = Cell{Tags: []Tag{FlagTag(l, "blocked")}}
		}
		page.Table.Rows = append(page.Table.Rows, Row{Cells: row})
	}
	return s.page(c, http.StatusOK, "admin/schools", page)
}

// schoolFields are the fields of a unit's page, by the names they have in the API.
var schoolFields = []string{
	"name", "school_unit_code", "level", "operator", "operator_name", "operator_org_no", "town", "cost_centre", "active_from",
	"active_to",
}

type schoolPage struct {
	Page
	Form      *Form
	Post      string
	Levels    []Option
	Operators []Option
}

// schoolOf is the unit that the page is about; a new one has no id yet.
func (s *Server) schoolOf(c *gin.Context) (workflow.School, error) {
	if c.Param("id") == "0" {
		return workflow.School{Operator: "kommunal"}, nil
	}
	id, err := idOf(c, "id")
	if err != nil {
		return workflow.School{}, err
	}
	row, err := s.store.School(c.Request.Context(), id)
	return row.School, err
}

func (s *Server) showSchool(c *gin.Context) error {
	x, err := s.schoolOf(c)
	if err != nil {
		return err
	}
	f := newForm(c)
	for _, name := range schoolFields {
		f.Set(name, x.Value(name))
	}
	return s.drawSchool(c, http.StatusOK, f, x)
}

func (s *Server) drawSchool(c *gin.Context, status int, f *Form, x workflow.School) error {
	p, err := s.newPage(c, "schools.add")
	if err != nil {
		return err
	}
	if x.ID != 0 {
		p.Title = x.Name
	}
	p.Errors, p.Back = f.Errors, &Link{Text: lang.T(p.Lang, "admin.schools"), Href: "/admin/schools"}
	levels := slices.Clone(workflow.SchoolLevels)
	if x.Level != "" && !slices.Contains(levels, x.Level) {
		levels = append(levels, x.Level)
	}
	return s.page(c, status, "admin/school", schoolPage{Page: p, Form: f, Post: "/admin/schools/" + c.Param("id"), Levels: Options(p.Lang, "level", levels...),
		Operators: []Option{
			{Value: "kommunal", Text: lang.T(p.Lang, "operator.kommunal")},
			{Value: "fristående", Text: lang.T(p.Lang, "operator.fristaende")},
			{Value: "extern", Text: lang.T(p.Lang, "operator.extern")},
		}})
}

// postSchool adds a unit or changes one; none is removed, since closed units still own old cases.
func (s *Server) postSchool(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	was, err := s.schoolOf(c)
	if err != nil {
		return err
	}
	register, err := s.schoolRegister(c)
	if err != nil {
		return err
	}
	typed := map[string]string{}
	for _, name := range schoolFields {
		typed[name] = f.Raw(name)
	}
	x, wrong := was.Written(typed, register)
	if len(wrong) == 0 {
		_, err = s.store.SaveSchool(c.Request.Context(), actorOf(c), x)
	} else {
		err = wrong
	}
	if errors.As(err, &wrong) {
		f.Refuse(wrong)
		return s.drawSchool(c, http.StatusUnprocessableEntity, f, was)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/admin/schools", "schools.saved", lang.Args{"Name": x.Name})
}
