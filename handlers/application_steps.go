package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
	"github.com/gin-gonic/gin"
)

// editStep is one page of the form: its fields are paths of the application.
type editStep struct {
	key    string
	fields []doField
	own    []string // further paths whose findings belong here
}

var costCodes = []string{"RES", "LOK", "BOE", "MAT", "PRG", "SPR", "VIS", "VAC", "FOR", "STO", "VRD", "PLA", "PER", "LON", "GAV", "UTR", "OVR"}

// editSteps is the whole form, in order.
var editSteps = []editStep{
	{
		key: "school",
		fields: []doField{
			{name: "title", kind: "text"},
			{name: "applicant.school", kind: "text"},
			{name: "applicant.organisation", kind: "text"},
			{name: "applicant.org_no", kind: "text"},
			{name: "applicant.applicant_role", kind: "text"},
			{name: "applicant.contact_email", kind: "text"},
			{name: "applicant.contact_phone", kind: "text"},
			{name: "applicant.principal_name", kind: "text"},
			{name: "applicant.language", kind: "select", prefix: "language", values: []string{"sv", "en", "fi", "se"}},
			{name: "applicant.payment.method", kind: "radios", prefix: "method", values: []string{"internal", "bankgiro", "plusgiro", "account", "iban"}},
			{name: "applicant.payment.cost_centre", kind: "text"},
			{name: "applicant.payment.project", kind: "text", optional: true},
			{name: "applicant.payment.bankgiro", kind: "text"},
			{name: "applicant.payment.plusgiro", kind: "text"},
			{name: "applicant.payment.clearing", kind: "text"},
			{name: "applicant.payment.account", kind: "text"},
			{name: "applicant.payment.iban", kind: "text"},
			{name: "applicant.payment.holder", kind: "text", optional: true},
		},
		own: []string{"applicant", "round"},
	},
	{
		key: "partner",
		fields: []doField{
			{name: "partner.name", kind: "text"},
			{name: "partner.city", kind: "text"},
			{name: "partner.country", kind: "text"},
			{name: "partner.sister_city", kind: "check"},
			{name: "partner.contact", kind: "text"},
			{name: "partner.letter_of_intent.date", kind: "date"},
			{name: "text.background", kind: "area", optional: true},
		},
		own: []string{"partner"},
	},
	{
		key: "activity",
		fields: []doField{
			{name: "activity.type", kind: "radios", prefix: "activity", values: []string{"outgoing_group", "hosting", "preparatory_visit", "project"}},
			{name: "activity.start", kind: "date"},
			{name: "activity.end", kind: "date"},
			{name: "activity.travel_days", kind: "number"},
			{name: "activity.programme_days", kind: "number"},
			{name: "activity.joint_share", kind: "percent"},
			{name: "activity.accommodation", kind: "area"},
			{name: "activity.reciprocal", kind: "area"},
		},
		own: []string{"activity"},
	},
	{
		key: "participants",
		fields: []doField{
			{name: "participants.pupils", kind: "number"},
			{name: "participants.grades", kind: "text"},
			{name: "participants.staff", kind: "number"},
			{name: "participants.visiting_pupils", kind: "number", optional: true},
			{name: "participants.pupils_with_support_needs", kind: "number", optional: true},
		},
		own: []string{"participants"},
	},
	{key: "purpose", fields: []doField{{name: "text.summary", kind: "area"}, {name: "text.purpose", kind: "area"},
		{
			name:   "text.goals",
			kind:   "rows",
			layout: "two",
			cells:  []RowField{{Name: "goal", Kind: "area", Height: 2, Wide: true}, {Name: "indicator", Kind: "area", Height: 2, Wide: true}},
		},
		{name: "text.curriculum_link", kind: "area"}, {name: "text.strategy_link", kind: "areas"}}},
	{
		key: "programme",
		fields: []doField{
			{name: "text.preparation", kind: "area"},
			{
				name:   "text.programme",
				kind:   "rows",
				layout: "day",
				cells:  []RowField{{Name: "day", Kind: "text", Wide: true}, {Name: "text", Kind: "area", Height: 2, Wide: true}},
			},
			{name: "text.after", kind: "area"},
		},
	},
	{
		key: "care",
		fields: []doField{
			{name: "text.inclusion", kind: "area"},
			{name: "text.risk", kind: "area"},
			{name: "text.climate", kind: "area"},
			{name: "text.dissemination", kind: "area"},
		},
	},
	{key: "budget", fields: []doField{
		{
			name:   "budget",
			kind:   "rows",
			layout: "budget",
			cells: []RowField{
				{Name: "code", Kind: "select", Wide: true},
				{Name: "text", Kind: "text", Wide: true},
				{Name: "qty", Kind: "number"},
				{Name: "unit_price", Kind: "money"},
			},
		},
		{
			name:   "funding",
			kind:   "rows",
			layout: "stack",
			cells: []RowField{
				{Name: "source", Kind: "text"},
				{Name: "type", Kind: "select"},
				{Name: "status", Kind: "select"},
				{Name: "amount", Kind: "money"},
				{Name: "covers", Kind: "text", Optional: true},
			},
		},
		{name: "voluntary", kind: "money", optional: true}, {name: "requested", kind: "money"}}, own: []string{"budget", "funding", "requested", "voluntary"}},
	{key: "files", own: []string{"attachments"}},
	{
		key: "declarations",
		fields: []doField{
			{name: "declarations.no_mandatory_fee", kind: "check"},
			{name: "declarations.other_applications", kind: "area"},
			{name: "declarations.sent_by_staff", kind: "check"},
			{name: "declarations.no_pupil_data", kind: "check"},
			{name: "declarations.public_record", kind: "check"},
		},
		own: []string{"declarations"},
	},
}

func stepOf(key string) (editStep, bool) {
	i := slices.IndexFunc(editSteps, func(x editStep) bool { return x.key == key })
	if i < 0 {
		return editStep{}, false
	}
	return editSteps[i], true
}

// has tells whether a finding's or a point's field is on this page.
func (st editStep) has(field string) bool {
	field, _, _ = strings.Cut(field, "[")
	lies := func(a, b string) bool { return a == b || strings.HasPrefix(a, b+".") }
	for _, x := range st.fields {
		if lies(field, x.name) || lies(x.name, field) {
			return true
		}
	}
	return slices.ContainsFunc(st.own, func(o string) bool { return lies(field, o) })
}

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

// editable are the fields of a step that may be changed now: all of a draft, the named ones of a completion.
func editable(k workflow.Case, st editStep) []doField {
	if k.App.State != workflow.CompletionRequested {
		return st.fields
	}
	lies := func(a, b string) bool { return a == b || strings.HasPrefix(a, b+".") }
	return slices.DeleteFunc(slices.Clone(st.fields), func(x doField) bool {
		return !slices.ContainsFunc(k.App.Completion.Points, func(p workflow.Point) bool {
			return lies(x.name, p.Field) || p.Field == "applicant" && lies(x.name, "applicant")
		})
	})
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

func (s *Server) drawStep(c *gin.Context, status int, k workflow.Case, st editStep, f *Form) error {
	p, err := s.newPage(c, "step."+st.key)
	if err != nil {
		return err
	}
	l := p.Lang
	base := fmt.Sprintf("/applications/%d", k.App.ID)
	p.Title, p.Over, p.Errors = schemeWord(l, forOrganisation(k), "step."+st.key), k.App.Form.Title, f.Errors
	p.Back = &Link{Text: lang.T(l, "application.all"), Href: base}
	i := slices.IndexFunc(editSteps, func(x editStep) bool { return x.key == st.key })
	save, all := lang.T(l, "step.save"), lang.T(l, "step.save_back")
	if k.App.State == workflow.CompletionRequested {
		p.Back = &Link{Text: lang.T(l, "complete.title"), Href: base + "/complete"}
		save, all = lang.T(l, "complete.save"), ""
	} else {
		p.Aside = lang.T(l, "step.of", lang.Args{"N": i + 1, "Of": len(editSteps)})
		if i+1 == len(editSteps) {
			save = lang.T(l, "step.to_check")
		}
	}
	p.Deadline = p.deadlineOf(k)
	p.Lead = leadOf(l, k, st)
	page := stepPage{
		Page:    p,
		Form:    f,
		Step:    st.key,
		Post:    base + "/edit/" + st.key,
		Cancel:  p.Back.Href,
		Save:    save,
		All:     all,
		Remark:  remark(l, k, st),
		IsFiles: st.key == "files",
		Lines:   shownLines(l, k, st),
	}
	if page.Remark == nil {
		page.Remark = askedHere(l, k, st)
	}
	for _, x := range editable(k, st) {
		if x.name == "applicant.organisation" || x.name == "applicant.org_no" {
			if k.Scheme.Applicant != "organisation" {
				continue
			}
		} else if x.name == "applicant.school" || x.name == "applicant.principal_name" {
			if k.Scheme.Applicant == "organisation" {
				continue
			}
		}
		control := s.stepControl(f, k, x)
		if x.name == "applicant.school" {
			if err := s.chooseSchool(c, k, control.Field); err != nil {
				return err
			}
		}
		page.Controls = append(page.Controls, control)
	}
	if st.key == "budget" {
		page.Live = base + "/live/budget"
		t := tally(l, k, f, workflow.DateOf(p.Now))
		page.Tally = &t
	}
	if !page.IsFiles {
		if page.Draft = s.draftBox(c, k, st, l); page.Draft.Save != "" {
			page.Cancel = "" // all is saved while it is written: a way out that keeps nothing would be a false promise
		}
		if !f.Has("base") {
			f.Set("base", baseOf(k, st))
		}
	}
	if page.IsFiles {
		for _, a := range k.App.Attachments {
			x := StoredFile{
				Name:   lang.T(l, "attachment."+a.Kind) + ": " + a.Name,
				Href:   fmt.Sprintf("%s/attachments/%d", base, a.ID),
				Size:   a.Size,
				Remove: fmt.Sprintf("remove:file:%d", a.ID),
			}
			if a.Scan != "clean" {
				x.Note = lang.T(l, "scan."+a.Scan)
			}
			page.Files = append(page.Files, x)
		}
		page.Warn = fileWarnings(l, k, workflow.DateOf(p.Now))
		page.Upload, page.Needed = uploadBox(f, page.Post), neededPapers(l, k, workflow.DateOf(p.Now))
	}
	return s.page(c, status, "application/step", page)
}

// stepControl is the control, or the rows, of a field of the form.
func (s *Server) stepControl(f *Form, k workflow.Case, x doField) doControl {
	l := f.Lang
	label := schemeWord(l, forOrganisation(k), "field."+x.name)
	if x.kind == "rows" {
		cells := slices.Clone(x.cells)
		for i := range cells {
			if cells[i].Kind == "select" {
				cells[i].Empty = lang.T(l, "form.choose")
			}
			switch {
			case x.name == "budget" && cells[i].Name == "code":
				cells[i].Options = costOptions(l, k.App.Form)
			case x.name == "funding" && cells[i].Name == "type":
				cells[i].Options = Options(l, "funding", "own", "external_grant", "in_kind", "voluntary", "mandatory_pupil_fee")
			case x.name == "funding" && cells[i].Name == "status":
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
		return doControl{Rows: &set, Title: label}
	}
	field := Field{Form: f, Name: x.name, Label: label, Kind: x.kind, Max: workflow.TextLimit(x.name), Hint: helpOf(l, k, x.name), Optional: x.optional}
	field.Optional = field.Optional || forOrganisation(k) && slices.Contains(forSchools, x.name)
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
