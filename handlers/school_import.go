package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/jobs/grid"
	"fund/workflow"
	"fund/workflow/lang"
)

// schoolImportPages take a list of schools into the register: read, looked at, and only then taken in.
func (s *Server) schoolImportPages() []pageRoute {
	admin := []workflow.Role{workflow.Admin}
	return []pageRoute{
		{method: http.MethodGet, path: "/admin/schools/import", do: s.showSchoolImport, roles: admin},
		{method: http.MethodPost, path: "/admin/schools/import", do: s.postSchoolFile, roles: admin, limit: grid.MaxBytes + 1<<20},
		{method: http.MethodPost, path: "/admin/schools/take", do: s.postSchools, roles: admin, limit: grid.MaxBytes + 1<<20},
	}
}

type schoolImportPage struct {
	Page
	File    Field
	Looked  bool
	Facts   []Fact
	Changes Table
	Faults  Table
	Unknown *Note
	Nothing *Note
	Lines   string // what was read, for taking it in
	Button  string
}

func (s *Server) showSchoolImport(c *gin.Context) error {
	return s.drawSchoolImport(c, http.StatusOK, newForm(c), nil)
}

// postSchoolFile reads a list and shows what it would do. Nothing is changed.
func (s *Server) postSchoolFile(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	raw, err := uploaded(c, "file")
	if err != nil {
		return err
	}
	var lines []workflow.SchoolLine
	if len(raw) == 0 {
		f.Fail("file", "earlier.choose")
	} else if rows, err := grid.Read(raw); errors.Is(err, grid.ErrUnreadable) {
		f.Fail("file", "earlier.unreadable")
	} else if err != nil {
		return err
	} else {
		for _, r := range rows {
			lines = append(lines, workflow.SchoolLine(r))
		}
	}
	if !f.OK() {
		return s.drawSchoolImport(c, http.StatusUnprocessableEntity, f, nil)
	}
	return s.drawSchoolImport(c, http.StatusOK, f, lines)
}

// schoolRegister is every unit as the register has it now.
func (s *Server) schoolRegister(c *gin.Context) ([]workflow.School, error) {
	rows, err := s.store.Schools(c.Request.Context())
	if err != nil {
		return nil, err
	}
	register := make([]workflow.School, len(rows))
	for i, r := range rows {
		register[i] = r.School
	}
	return register, nil
}

// planSchools sets the lines beside the register as it is now.
func (s *Server) planSchools(c *gin.Context, lines []workflow.SchoolLine) (workflow.SchoolPlan, error) {
	register, err := s.schoolRegister(c)
	if err != nil {
		return workflow.SchoolPlan{}, err
	}
	return workflow.PlanSchools(lines, register), nil
}

func (s *Server) drawSchoolImport(c *gin.Context, status int, f *Form, lines []workflow.SchoolLine) error {
	p, err := s.newPage(c, "schools.import")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Lead, p.Errors, p.Back = lang.T(l, "schools.import.lead"), f.Errors, &Link{Text: lang.T(l, "admin.schools"), Href: "/admin/schools"}
	page := schoolImportPage{
		Page: p,
		File: Field{Form: f, Name: "file", Label: lang.T(l, "schools.file"), Hint: lang.T(l, "schools.file.hint"), Accept: ".csv,.xlsx,text/csv"},
	}
	if lines != nil {
		if err := s.lookAtSchools(c, l, &page, lines); err != nil {
			return err
		}
	}
	return s.page(c, status, "admin/school-import", page)
}

func (s *Server) lookAtSchools(c *gin.Context, l lang.Lang, page *schoolImportPage, lines []workflow.SchoolLine) error {
	plan, err := s.planSchools(c, lines)
	if err != nil {
		return err
	}
	page.Looked = true
	added := 0
	page.Changes = Table{
		Caption:     lang.T(l, "schools.changes"),
		HideCaption: true,
		Stack:       true,
		Head:        []Column{{Text: lang.T(l, "schools.line")}, {Text: lang.T(l, "field.name")}, {Text: lang.T(l, "schools.what")}},
	}
	for _, x := range plan.Changes {
		var what []string
		if x.New {
			added++
			what = append(what, lang.T(l, "schools.new"))
		}
		for _, d := range x.Diff {
			what = append(
				what,
				lang.T(l, "schools.diff", lang.Args{"Column": lang.T(l, "schools.col."+d.Column), "Was": orText(d.Was, "–"), "Is": orText(d.Is, "–")}),
			)
		}
		page.Changes.Rows = append(page.Changes.Rows, Row{Cells: []Cell{{Text: fmt.Sprint(x.Line)}, {Text: x.School.Name}, {Text: strings.Join(what, "\n")}}})
	}
	page.Faults = Table{
		Caption:     lang.T(l, "schools.faults"),
		HideCaption: true,
		Stack:       true,
		Head:        []Column{{Text: lang.T(l, "schools.line")}, {Text: lang.T(l, "schools.column")}, {Text: lang.T(l, "schools.wrong")}},
	}
	for _, x := range plan.Faults {
		page.Faults.Rows = append(
			page.Faults.Rows,
			Row{Cells: []Cell{{Text: fmt.Sprint(x.Line)}, {Text: lang.T(l, "schools.col."+x.Field)}, {Text: SayViolation(l, x.Violation)}}},
		)
	}
	n := func(key string, v int) Fact { return Fact{Term: lang.T(l, key), Value: lang.Number(l, int64(v))} }
	page.Facts = []Fact{
		n("schools.count.new", added),
		n("schools.count.changed", len(plan.Changes)-added),
		n("schools.count.same", plan.Same),
		n("schools.count.faults", len(plan.Faults)),
	}
	if len(plan.Unknown) > 0 {
		page.Unknown = &Note{Kind: "warn", Strong: lang.T(l, "schools.unknown", lang.Args{"Columns": strings.Join(plan.Unknown, ", ")})}
	}
	switch {
	case len(plan.Faults) > 0:
		page.Nothing = &Note{Kind: "warn", Strong: lang.T(l, "schools.mend")}
	case len(plan.Changes)+plan.Same == 0:
		page.Nothing = &Note{Kind: "warn", Strong: lang.T(l, "schools.empty")}
	case len(plan.Changes) == 0:
		page.Nothing = &Note{Kind: "info", Text: lang.T(l, "schools.nothing")}
	default:
		raw, err := json.Marshal(lines)
		if err != nil {
			return fmt.Errorf("schools: %w", err)
		}
		page.Lines, page.Button = string(raw), lang.T(l, "schools.take", lang.Args{"Count": len(plan.Changes)})
	}
	return nil
}

// postSchools takes in what was looked at. It is set beside the register once more; a list taken in twice changes nothing the second time.
func (s *Server) postSchools(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	var lines []workflow.SchoolLine
	if json.Unmarshal([]byte(f.Raw("lines")), &lines) != nil {
		f.Fail("file", "earlier.choose")
		return s.drawSchoolImport(c, http.StatusUnprocessableEntity, f, nil)
	}
	plan, err := s.planSchools(c, lines)
	if err != nil {
		return err
	}
	if len(plan.Faults) > 0 {
		return s.drawSchoolImport(c, http.StatusUnprocessableEntity, f, lines)
	}
	var schools []workflow.School
	for _, x := range plan.Changes {
		schools = append(schools, x.School)
	}
	if len(schools) > 0 {
		if err := s.store.SaveSchools(c.Request.Context(), actorOf(c), schools); err != nil {
			return err
		}
	}
	return s.see(c, "/admin/schools", "schools.taken", lang.Args{"Count": len(schools)})
}
