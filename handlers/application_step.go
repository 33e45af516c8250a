package handlers

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

type stepPage struct {
	Page
	Form     *Form
	Step     string
	Post     string
	Live     string
	Controls []doControl
	Tally    *Tally
	Draft    *draftBox
	Files    []StoredFile
	Warn     *Note
	Remark   *Note // of the principal, or what the office asks about
	IsFiles  bool
	Upload   UploadBox
	Needed   []Task // papers that the scheme asks for
	Save     string // the words of the button that goes on
	All      string // those of the button that goes to all parts; "" where there are none to go to
	Lines    []Fact // the budget's lines where they can't be changed
	Cancel   string
}

func (s *Server) stepCase(c *gin.Context) (workflow.Case, editStep, error) {
	k, err := s.caseOf(c)
	if err != nil {
		return k, editStep{}, err
	}
	st, ok := stepOf(c.Param("step"))
	if !ok {
		return k, st, workflow.ErrNotFound
	}
	if !k.App.IsApplicant(actorOf(c).Person) {
		return k, st, workflow.Forbidden{Code: "role"}
	}
	return k, st, nil
}

func (s *Server) showStep(c *gin.Context) error {
	k, st, err := s.stepCase(c)
	if err != nil {
		return err
	}
	if !mayWrite(k, actorOf(c)) { // with the principal, or filed: nothing to write in
		return s.see(c, fmt.Sprintf("/applications/%d", k.App.ID), "")
	}
	f := newForm(c)
	fillForm(f, k.App.Form)
	f.Set("version", k.App.Version)
	f.Set("base", baseOf(k, st))
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	judgeStep(f, k, st, workflow.DateOf(now))
	return s.drawStep(c, http.StatusOK, k, st, f)
}

// drawStep shows one step: its fields, or the files, and beside a budget what it comes to.
func (s *Server) drawStep(c *gin.Context, status int, k workflow.Case, st editStep, f *Form) error {
	page, err := s.newStepPage(c, k, st, f)
	if err != nil {
		return err
	}
	l, today := page.Lang, workflow.DateOf(page.Now)
	if page.Controls, err = s.stepControls(c, k, st, f); err != nil {
		return err
	}
	if st.key == "budget" {
		page.Live = fmt.Sprintf("/applications/%d/live/budget", k.App.ID)
		t := tally(l, k, f, today)
		page.Tally = &t
	}
	if page.IsFiles {
		page.Files, page.Warn = stepFiles(l, k), fileWarnings(l, k, today)
		page.Upload, page.Needed = uploadBox(f, page.Post), neededPapers(l, k, today)
		return s.page(c, status, "application/step", page)
	}
	if page.Draft = s.draftBox(c, k, st, l); page.Draft.Save != "" {
		page.Cancel = "" // all is saved while it is written: a way out that keeps nothing would be a false promise
	}
	if !f.Has("base") {
		f.Set("base", baseOf(k, st))
	}
	return s.page(c, status, "application/step", page)
}

// newStepPage begins the page of a step: what it is called, where one comes from
// and where its buttons go. In a draft that is the next step, in a completion the list of what was asked for.
func (s *Server) newStepPage(c *gin.Context, k workflow.Case, st editStep, f *Form) (stepPage, error) {
	p, err := s.newPage(c, "step."+st.key)
	if err != nil {
		return stepPage{}, err
	}
	l, base := p.Lang, fmt.Sprintf("/applications/%d", k.App.ID)
	p.Title, p.Over, p.Errors = schemeWord(l, forOrganisation(k), "step."+st.key), k.App.Form.Title, f.Errors
	p.Deadline, p.Lead = p.deadlineOf(k), leadOf(l, k, st)
	page := stepPage{
		Form:    f,
		Step:    st.key,
		Post:    base + "/edit/" + st.key,
		Remark:  remark(l, k, st),
		IsFiles: st.key == "files",
		Lines:   shownLines(l, k, st),
	}
	if page.Remark == nil {
		page.Remark = askedHere(l, k, st)
	}
	if k.App.State == workflow.CompletionRequested {
		p.Back = &Link{Text: lang.T(l, "complete.title"), Href: base + "/complete"}
		page.Save = lang.T(l, "complete.save")
	} else {
		n := 1 + slices.IndexFunc(editSteps, func(x editStep) bool { return x.key == st.key })
		p.Aside = lang.T(l, "step.of", lang.Args{"N": n, "Of": len(editSteps)})
		p.Back = &Link{Text: lang.T(l, "application.all"), Href: base}
		page.Save, page.All = lang.T(l, "step.save"), lang.T(l, "step.save_back")
		if n == len(editSteps) {
			page.Save = lang.T(l, "step.to_check")
		}
	}
	page.Page, page.Cancel = p, p.Back.Href
	return page, nil
}

// stepControls are the fields of a step that this applicant is asked for.
func (s *Server) stepControls(c *gin.Context, k workflow.Case, st editStep, f *Form) (list []doControl, err error) {
	for _, x := range editable(k, st) {
		if by := askedOnlyOf[x.name]; by != "" && forOrganisation(k) != (by == "organisation") {
			continue
		}
		control := s.stepControl(f, k, x)
		if x.name == "applicant.school" {
			if err := s.chooseSchool(c, k, control.Field); err != nil {
				return nil, err
			}
		}
		list = append(list, control)
	}
	return list, nil
}

// askedOnlyOf names the kind of applicant that a field is for; the others are for all.
var askedOnlyOf = map[string]string{
	"applicant.organisation":   "organisation",
	"applicant.org_no":         "organisation",
	"applicant.school":         "school",
	"applicant.principal_name": "school",
}

// stepFiles are the files that were sent in so far, each with the button that removes it.
func stepFiles(l lang.Lang, k workflow.Case) (list []StoredFile) {
	for _, a := range k.App.Attachments {
		x := StoredFile{
			Name:   lang.T(l, "attachment."+a.Kind) + ": " + a.Name,
			Href:   fmt.Sprintf("/applications/%d/attachments/%d", k.App.ID, a.ID),
			Size:   a.Size,
			Remove: fmt.Sprintf("remove:file:%d", a.ID),
		}
		if a.Scan != "clean" {
			x.Note = lang.T(l, "scan."+a.Scan)
		}
		list = append(list, x)
	}
	return list
}

// stepControl is the control, or the rows, of a field of the form.
func (s *Server) stepControl(f *Form, k workflow.Case, x doField) doControl {
	if x.kind == "rows" {
		return stepRows(f, k, x)
	}
	l := f.Lang
	field := Field{
		Form:     f,
		Name:     x.name,
		Label:    schemeWord(l, forOrganisation(k), "field."+x.name),
		Kind:     x.kind,
		Max:      workflow.TextLimit(x.name),
		Hint:     helpOf(l, k, x.name),
		Optional: x.optional || forOrganisation(k) && slices.Contains(forSchools, x.name),
	}
	if x.prefix != "" {
		values := x.values
		if x.name == "activity.type" && k.Scheme.Applicant == "school" && k.App.Form.Activity.Type != "project" { // a project is for those who co-finance
			values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "project" })
		}
		if x.name == payPath+"method" {
			values = waysOffered(k, f.Raw(x.name))
		}
		field.Options = Options(l, x.prefix, values...)
	}
	switch x.kind {
	case "percent":
		field.Kind, field.Unit = "number", "%"
	case "areas":
		field.Kind = "checks"
		for _, a := range slices.Concat(areas, slices.DeleteFunc(slices.Clone(k.App.Form.Text.StrategyLink), func(a string) bool { return slices.Contains(areas, a) })) {
			field.Options = append(field.Options, Option{Value: a, Text: areaName(l, a)})
		}
	}
	return doControl{Field: &field, For: payMethodsOf(x.name)}
}

// stepRows are the rows of a field that holds several: goals, days, costs, funding. A row of costs shows what it comes to.
func stepRows(f *Form, k workflow.Case, x doField) doControl {
	l := f.Lang
	cells := slices.Clone(x.cells)
	for i := range cells {
		if cells[i].Kind == "select" {
			cells[i].Empty = lang.T(l, "form.choose")
		}
		switch x.name + "." + cells[i].Name {
		case "budget.code":
			cells[i].Options = costOptions(l, k.App.Form)
		case "funding.type":
			cells[i].Options = Options(l, "funding", "own", "external_grant", "in_kind", "voluntary", "mandatory_pupil_fee")
		case "funding.status":
			cells[i].Options = Options(l, "funding_status", "planned", "applied", "confirmed", "refused")
		}
	}
	var sum func(int) string
	if x.name == "budget" {
		typed := ReadForm(l, f.values) // faults of its own
		sum = func(row int) string {
			q, u := typed.Int(fmt.Sprintf("budget.%d.qty", row)), typed.Kronor(fmt.Sprintf("budget.%d.unit_price", row))
			if q == nil || u == nil {
				return "–"
			}
			return lang.Money(l, *q**u)
		}
	}
	set := f.RowSet(x.name, x.layout, 1, sum, cells...)
	set.Order = true
	return doControl{Rows: &set, Title: schemeWord(l, forOrganisation(k), "field."+x.name)}
}
