package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/jobs/grid"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// earlierPages are the years before this service: a list is brought, looked at, and taken in.
func (s *Server) earlierPages() []pageRoute {
	const get, post = http.MethodGet, http.MethodPost
	admin := []workflow.Role{workflow.Admin}
	return []pageRoute{
		{method: get, path: "/admin/earlier", do: s.showEarlierYears, roles: admin},
		{method: post, path: "/admin/earlier", do: s.postEarlierFile, roles: admin, limit: grid.MaxBytes + 1<<20},
		{method: get, path: "/admin/earlier/template.csv", do: s.sendEarlierCSV, roles: admin},
		{method: get, path: "/admin/earlier/template.xlsx", do: s.sendEarlierXLSX, roles: admin},
		{method: get, path: "/admin/earlier/:id", do: s.showEarlierFile, roles: admin},
		{method: post, path: "/admin/earlier/:id", do: s.postEarlier, roles: admin},
	}
}

type earlierPage struct {
	Page
	File    Field
	Columns []Fact
	Files   []Link
	Table   Table
}

func (s *Server) showEarlierYears(c *gin.Context) error {
	l, _ := LangOf(c.Request)
	return s.drawEarlierYears(c, http.StatusOK, NewForm(l))
}

func (s *Server) drawEarlierYears(c *gin.Context, status int, f *Form) error {
	p, err := s.newPage(c, "admin.earlier")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Errors, p.Back, p.Lead = f.Errors, &Link{Text: lang.T(l, "menu.admin"), Href: "/admin"}, lang.T(l, "earlier.lead")
	page := earlierPage{
		Page: p,
		File: Field{Form: f, Name: "file", Label: lang.T(l, "earlier.file"), Hint: lang.T(l, "earlier.file.hint"), Accept: ".csv,.xlsx,text/csv"},
		Files: []Link{
			{Text: lang.T(l, "earlier.template", lang.Args{"Form": "XLSX"}), Href: "/admin/earlier/template.xlsx"},
			{Text: lang.T(l, "earlier.template", lang.Args{"Form": "CSV"}), Href: "/admin/earlier/template.csv"},
		},
	}
	for _, col := range workflow.EarlierColumns {
		x := Fact{Term: earlierColumn(l, col.Code), Value: lang.T(l, "earlier.col."+col.Code)}
		if col.Need {
			x.Value += " " + lang.T(l, "earlier.needed")
		}
		page.Columns = append(page.Columns, x)
	}
	imports, err := s.store.EarlierImports(c.Request.Context(), actorOf(c))
	if err != nil {
		return err
	}
	page.Table = Table{
		Caption: lang.T(l, "earlier.files"),
		Stack:   true,
		Head:    []Column{{Text: lang.T(l, "earlier.name")}, {Text: lang.T(l, "earlier.read")}, {Text: lang.T(l, "queue.state")}},
	}
	for _, x := range imports {
		state := Cell{Tags: []Tag{{Text: lang.T(l, "earlier.waits"), Color: "neutral"}}}
		if !x.TakenAt.IsZero() {
			state = Cell{Text: lang.T(l, "earlier.taken", lang.Args{"Count": x.NewCount}), Note: lang.DateTime(l, x.TakenAt)}
		}
		page.Table.Rows = append(
			page.Table.Rows,
			Row{Cells: []Cell{{Links: []Link{{Text: x.Name, Href: fmt.Sprintf("/admin/earlier/%d", x.ID)}}}, {At: x.ReadAt, Note: x.ReadBy}, state}},
		)
	}
	return s.page(c, status, "admin/earlier", page)
}

// earlierColumn is a column's heading in the reader's language.
func earlierColumn(l lang.Lang, code string) string {
	i := slices.IndexFunc(workflow.EarlierColumns, func(c workflow.EarlierColumn) bool { return c.Code == code })
	if i < 0 || l == lang.EN {
		return code
	}
	return workflow.EarlierColumns[i].Swedish
}

// postEarlierFile reads a list; nothing of it is taken in yet.
func (s *Server) postEarlierFile(c *gin.Context) error {
	l, _ := LangOf(c.Request)
	f, err := FormOf(c.Request, l)
	if err != nil {
		return err
	}
	raw, err := uploaded(c, "file")
	if err != nil {
		return err
	}
	if len(raw) == 0 {
		f.Fail("file", "earlier.choose")
		return s.drawEarlierYears(c, http.StatusUnprocessableEntity, f)
	}
	rows, unknown, err := ReadEarlier(raw)
	var wrong workflow.Violations
	switch {
	case errors.Is(err, grid.ErrUnreadable):
		f.Fail("file", "earlier.unreadable")
	case errors.As(err, &wrong):
		f.Refuse(wrong)
	case err != nil:
		return err
	}
	if !f.OK() {
		return s.drawEarlierYears(c, http.StatusUnprocessableEntity, f)
	}
	name := "–"
	if files := c.Request.MultipartForm.File["file"]; len(files) > 0 {
		name = fileName(files[0].Filename)
	}
	id, err := s.store.ReadEarlier(c.Request.Context(), actorOf(c), name, raw, rows)
	if err != nil {
		return err
	}
	if len(unknown) > 0 {
		return s.see(c, fmt.Sprintf("/admin/earlier/%d", id), "earlier.unknown", lang.Args{"Columns": strings.Join(unknown, ", ")})
	}
	return s.see(c, fmt.Sprintf("/admin/earlier/%d", id), "earlier.looked")
}

// ReadEarlier makes rows of a file with earlier years, and names the columns that it does not know.
func ReadEarlier(raw []byte) ([]workflow.EarlierRow, []string, error) {
	got, err := grid.Read(raw)
	if err != nil {
		return nil, nil, err
	}
	lines := make([]workflow.EarlierLine, len(got))
	for i, r := range got {
		lines[i] = workflow.EarlierLine(r)
	}
	return workflow.EarlierTable(lines)
}

type earlierFilePage struct {
	Page
	Facts    []Fact
	Years    Table
	Reasons  Table
	Rejected Table
	Changed  Table
	Hash     string
	Open     bool
	Ask      *Field // shown where rows have changed
	Button   string
	Note     *Note
}

// showEarlierFile is the reconciliation: what taking the list in would do, or did.
func (s *Server) showEarlierFile(c *gin.Context) error {
	l, _ := LangOf(c.Request)
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	x, err := s.store.Earlier(c.Request.Context(), actorOf(c), id)
	if err != nil {
		return err
	}
	schools, _, err := s.schoolNames(c)
	if err != nil {
		return err
	}
	p, err := s.newPage(c, "admin.earlier")
	if err != nil {
		return err
	}
	p.Title, p.Over, p.Back = x.Name, lang.T(l, "admin.earlier"), &Link{Text: lang.T(l, "admin.earlier"), Href: "/admin/earlier"}
	plan := x.Plan
	page := earlierFilePage{
		Page:     p,
		Hash:     x.SHA256,
		Years:    earlierYears(l, plan),
		Reasons:  earlierReasons(l, plan),
		Rejected: earlierRejected(l, plan),
		Changed:  earlierChanged(l, plan, schools),
	}
	n := func(key string, v int) Fact { return Fact{Term: lang.T(l, key), Value: lang.Number(l, int64(v))} }
	page.Facts = []Fact{
		n("earlier.rows", plan.Rows),
		n("earlier.new", len(plan.New)),
		n("earlier.same", plan.Same),
		n("earlier.changed", len(plan.Changed)),
		n("earlier.rejected", len(plan.Rejected)),
	}
	if !x.TakenAt.IsZero() {
		key := "earlier.done"
		switch {
		case len(plan.Changed) == 0:
			key = "earlier.done.all"
		case x.Changed:
			key = "earlier.done.changed"
		}
		page.Note = &Note{
			Kind: "good",
			Text: lang.T(l, key, lang.Args{"At": lang.DateTime(l, x.TakenAt), "By": orText(x.TakenBy, lang.T(l, "earlier.command"))}),
		}
		return s.page(c, http.StatusOK, "admin/earlier-file", page)
	}
	if len(plan.Changed) > 0 {
		page.Ask = &Field{
			Form:  NewForm(l),
			Name:  "changes",
			Label: lang.T(l, "earlier.ask", lang.Args{"Count": len(plan.Changed)}),
			Hint:  lang.T(l, "earlier.ask.hint"),
		}
	}
	if page.Open = len(plan.New)+len(plan.Changed) > 0; page.Open {
		page.Button = lang.T(l, "earlier.take", lang.Args{"Count": len(plan.New)})
	} else {
		page.Note = &Note{Kind: "info", Text: lang.T(l, "earlier.nothing")}
	}
	return s.page(c, http.StatusOK, "admin/earlier-file", page)
}

// earlierShown is how many rejected or changed rows stand on the page; the counts are of all.
const earlierShown = 500

// postEarlier takes the list in.
func (s *Server) postEarlier(c *gin.Context) error {
	l, _ := LangOf(c.Request)
	f, err := FormOf(c.Request, l)
	if err != nil {
		return err
	}
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	if _, err := s.store.TakeEarlier(c.Request.Context(), actorOf(c), id, f.Bool("changes")); err != nil {
		return err
	}
	return s.see(c, fmt.Sprintf("/admin/earlier/%d", id), "earlier.took")
}

// schoolGrants lists what the schools of a person have got, newest first: the
// first question of every school is what it got last year.
func (s *Server) schoolGrants(c *gin.Context, l lang.Lang, by workflow.Actor) (Table, error) {
	t := Table{
		Caption:     lang.T(l, "earlier.school"),
		HideCaption: true,
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "statistics.year")},
			{Text: lang.T(l, "field.title")},
			{Text: lang.T(l, "fact.applicant")},
			{Text: lang.T(l, "sum.granted"), Sum: true},
			{Text: lang.T(l, "statistics.kept"), Sum: true},
		},
	}
	var all []workflow.Case
	seen := map[int64]bool{}
	for _, r := range by.Roles {
		if r.School == 0 || seen[r.School] {
			continue
		}
		seen[r.School] = true
		got, err := s.store.GrantsOfSchool(c.Request.Context(), r.School)
		if err != nil {
			return t, err
		}
		all = append(all, slices.DeleteFunc(got, func(k workflow.Case) bool { return !k.IsGrant() })...)
	}
	newestFirst(all)
	for _, k := range all[:min(len(all), grantsAPage)] {
		t.Rows = append(t.Rows, Row{
			Cells: []Cell{
				{Text: fmt.Sprint(k.StatYear()), Note: notice.RoundName(l, k.Round)},
				{Links: []Link{{Text: k.App.Form.Title, Href: registryHref(k)}}},
				{Text: applicantName(k)},
				{Text: lang.Money(l, k.App.Decision.Granted)},
				{Text: lang.Money(l, max(0, k.App.PaidNet()))},
			},
		})
	}
	return t, nil
}

// registryHref is where the public reads of a grant.
func registryHref(k workflow.Case) string {
	if k.Earlier != nil {
		return fmt.Sprintf("/registry/earlier/%d", k.Earlier.ID)
	}
	return fmt.Sprintf("/registry/%d", k.App.ID)
}

// decidedWords is the day of the decision, or its year where no more is known.
func decidedWords(l lang.Lang, k workflow.Case) string {
	if k.Earlier != nil && !k.Earlier.DayKnown {
		return fmt.Sprint(k.Earlier.Year)
	}
	return lang.Date(l, k.App.Decision.DecidedAt)
}

// decidedOn is the same as data: a day, or a year.
func decidedOn(k workflow.Case) string {
	if k.Earlier != nil && !k.Earlier.DayKnown {
		return fmt.Sprint(k.Earlier.Year)
	}
	return workflow.DateOf(k.App.Decision.DecidedAt).String()
}
