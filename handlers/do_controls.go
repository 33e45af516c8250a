package handlers

import (
	"fmt"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// doControl is one control, or a set of rows, as the template draws it.
type doControl struct {
	Field *Field
	Rows  *RowSet
	Title string // of rows
	Under bool   // rows below a heading of the page, so theirs is one level deeper
	For   string // the ways to be paid that the field belongs to; "" for all else
}

// doControls makes the controls of an action's form, without those that ask nothing of this case.
func (s *Server) doControls(c *gin.Context, f *Form, k workflow.Case, action workflow.Action) ([]doControl, error) {
	var list []doControl
	for _, x := range doFields[action] {
		if x.unless != nil && x.unless(k, actorOf(c)) {
			continue
		}
		switch x.kind {
		case "ratings":
			list = append(list, ratingControls(f, k.Round.Rules, action)...)
		case "rows":
			list = append(list, s.rowsControl(f, k, x))
		default:
			field, err := s.doField(c, f, k, action, x)
			if err != nil {
				return nil, err
			}
			list = append(list, doControl{Field: field})
		}
	}
	return list, nil
}

// doField makes the control of a single value.
func (s *Server) doField(c *gin.Context, f *Form, k workflow.Case, action workflow.Action, x doField) (*Field, error) {
	l := f.Lang
	key := "field." + x.name
	field := &Field{Form: f, Name: x.name, Label: lang.T(l, key), Hint: hintOf(l, key), Kind: x.kind, Optional: x.optional}
	if own := "act." + string(action) + "." + x.name; lang.Has(l, own) { // where the common word would mislead
		field.Label = lang.T(l, own)
		if hint := hintOf(l, own); hint != "" {
			field.Hint = hint
		}
	}
	switch {
	case x.kind == "lines":
		field.Kind, field.Height = "area", 3
	case x.tall:
		field.Height, field.Wide = 24, true
	}
	if x.prefix != "" {
		field.Options = Options(l, x.prefix, x.values...)
	}
	if x.options != nil {
		var err error
		if field.Options, err = x.options(s, c, k); err != nil {
			return nil, err
		}
	}
	if x.nobody != "" {
		field.Empty = lang.T(l, x.nobody)
	}
	return field, nil
}

// hintOf is the sentence below a control, or "" where there is none.
func hintOf(l lang.Lang, key string) string {
	if !lang.Has(l, key+".hint") {
		return ""
	}
	return lang.T(l, key+".hint")
}

// ratingControls asks for each criterion's points, and for a reviewer's reasons.
func ratingControls(f *Form, r workflow.Rules, action workflow.Action) (list []doControl) {
	l := f.Lang
	for _, name := range r.Criteria() {
		points := Field{Form: f, Name: "ratings." + name, Kind: "radios", Label: name + " " + lang.T(l, "criterion."+name)}
		for v := range r.RatingMax + 1 {
			points.Options = append(points.Options, Option{Value: fmt.Sprint(v), Text: fmt.Sprint(v), Hint: lang.T(l, fmt.Sprintf("guide.%s.%d", name, v))})
		}
		list = append(list, doControl{Field: &points})
		if action == workflow.ActSetConsensus {
			continue // one comment for all
		}
		list = append(list, doControl{Field: &Field{
			Form:  f,
			Name:  "comments." + name,
			Kind:  "area",
			Label: lang.T(l, "field.comments", lang.Args{"Name": name}),
			Min:   r.CommentMinChars,
		}})
	}
	return list
}

// rowsControl asks for a list: as many rows as the case has, or as many as are added.
func (s *Server) rowsControl(f *Form, k workflow.Case, x doField) doControl {
	cells := slices.Clone(x.cells)
	for i := range cells {
		cells[i] = s.cell(f.Lang, k, x.name, cells[i])
	}
	least := 1
	if x.all {
		least = 0
	}
	set := f.RowSet(x.name, x.layout, least, nil, cells...)
	if x.all {
		set.Add = ""
	}
	return doControl{Rows: &set, Title: lang.T(f.Lang, "field."+x.name)}
}

// cell fills in the choices of a row's column.
func (s *Server) cell(l lang.Lang, k workflow.Case, rows string, x RowField) RowField {
	switch {
	case x.Kind == "rule":
		x.Kind = "select"
		for _, r := range ruledRules {
			x.Options = append(x.Options, Option{Value: r, Text: r + " " + lang.T(l, "rule."+r)})
		}
	case x.Name == "met":
		x.Options = []Option{
			{Value: "keep", Text: lang.T(l, "act.keep")},
			{Value: "yes", Text: lang.T(l, "act.met")},
			{Value: "no", Text: lang.T(l, "act.unmet")},
		}
	case x.Name == "field" && k.App.State == workflow.ReportSubmitted:
		for _, name := range reportParts {
			x.Options = append(x.Options, Option{Value: name, Text: lang.T(l, "field."+name)})
		}
	case x.Name == "field":
		for _, name := range askable {
			x.Options = append(x.Options, Option{Value: name, Text: lang.T(l, "ask."+name)})
		}
	case x.Kind == "line" || x.Name == "line" && rows != "budget":
		x.Kind = "select"
		for _, b := range k.App.Form.Lines() {
			x.Options = append(x.Options, Option{Value: fmt.Sprint(b.Line), Text: fmt.Sprintf("%d. %s", b.Line, b.Text)})
		}
	}
	return x
}

// reviewers are the people who may assess the case; those in conflict are left out.
func (s *Server) reviewers(c *gin.Context, k workflow.Case) (list []Option, err error) {
	people, err := s.unbarred(c, k, workflow.Reviewer)
	for _, p := range people {
		list = append(list, Option{Value: p.Email, Text: p.Name, Hint: p.Email})
	}
	return list, err
}

// unbarred are who holds the role and is not in conflict of interest in the case.
func (s *Server) unbarred(c *gin.Context, k workflow.Case, role workflow.Role) ([]workflow.Person, error) {
	people, err := s.peopleWith(c, role)
	if err == nil {
		k, err = s.withConflicts(c, k, people)
	}
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(people, func(p workflow.Person) bool { return workflow.Barred(k, p) }), nil
}

// conditionsOf are the decision's conditions, for the one that is judged.
func (s *Server) conditionsOf(_ *gin.Context, k workflow.Case) (list []Option, _ error) {
	if k.App.Decision != nil {
		for _, d := range k.App.Decision.Conditions {
			list = append(list, Option{Value: fmt.Sprint(d.N), Text: d.Text})
		}
	}
	return list, nil
}
