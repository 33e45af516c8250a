package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// changePage asks for a change after the decision (RF-20): first what, then how.
type changePage struct {
	Page
	Form   *Form
	Kinds  []Link // the choice; with a kind chosen there is none
	Kind   string
	Post   string
	Live   string
	Fields []Field
	Lines  *Table
	Rows   *RowSet
	Cause  []Option
	Before []changeRow
	Tally  *Tally
	Home   string
	Cancel *Link
}

// changeRow is a field before the change and with it.
type changeRow struct {
	Term, Was, Now string
	Same           bool
}

// changeFields are the fields of each kind of change, as paths of the application's form.
var changeFields = map[string][]doField{
	"dates":        {{name: "activity.start", kind: "date"}, {name: "activity.end", kind: "date"}},
	"partner":      {{name: "partner.name", kind: "text"}, {name: "partner.city", kind: "text"}, {name: "partner.country", kind: "text"}},
	"country":      {{name: "partner.country", kind: "text"}, {name: "partner.city", kind: "text"}, {name: "partner.name", kind: "text"}},
	"participants": {{name: "participants.pupils", kind: "number"}, {name: "participants.visiting_pupils", kind: "number"}},
	"staff":        {{name: "participants.staff", kind: "number"}},
	"programme":    {{name: "activity.programme_days", kind: "number"}, {name: "text.preparation", kind: "area"}},
	"budget":       nil,
}

func (s *Server) showChange(c *gin.Context) error {
	k, f, err := s.grantOpen(c, workflow.ActRequestChange)
	if err != nil {
		return err
	}
	f.Set("type", c.Query("type"))
	fillChange(f, k.App.Form)
	return s.drawChange(c, http.StatusOK, k, f)
}

// fillChange shows the application's fields as they are now.
func fillChange(f *Form, form workflow.Form) {
	all := NewForm(f.Lang)
	fillForm(all, form)
	for name, v := range all.values {
		f.values["proposed."+name] = v
	}
	for _, b := range form.Lines() {
		sum := b.Sum()
		f.SetKronor(fmt.Sprintf("line.%d", b.Line), &sum)
	}
}

// liveChange looks again at what is typed; nothing is saved.
func (s *Server) liveChange(c *gin.Context) error {
	k, f, err := s.grantOpen(c, workflow.ActRequestChange)
	if err != nil {
		return err
	}
	return s.drawChange(c, http.StatusOK, k, f)
}

func (s *Server) drawChange(c *gin.Context, status int, k workflow.Case, f *Form) error {
	p, err := s.grantTop(c, k, "action.request_change")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	post := grantHref(k, workflow.ActRequestChange)
	p.Lead, p.Errors = lang.T(l, "grant.change.lead"), f.Errors
	page := changePage{Page: p, Form: f, Post: post, Live: post + "/live", Kind: f.Raw("type"), Home: homeOf(k, by)}
	fields, known := changeFields[page.Kind]
	if mayNow(k, by, workflow.ActReportCancellation, p.Now) == nil {
		page.Cancel = &Link{Text: lang.T(l, "grant.change.cancel"), Href: grantHref(k, workflow.ActReportCancellation)}
	}
	if !known {
		page.Form.Set("type", "")
		page.Kind = ""
		for _, kind := range workflow.ChangeTypes {
			page.Kinds = append(page.Kinds, Link{Text: lang.T(l, "grant.change.kind."+kind), Href: post + "?type=" + kind})
		}
		return s.page(c, status, "grant/change", page)
	}
	page.Title = lang.T(l, "grant.change.kind."+page.Kind)
	page.Cause = Options(l, "grant.cause", "outside", "own")
	for _, x := range fields {
		page.Fields = append(page.Fields, Field{Form: f, Name: "proposed." + x.name, Kind: x.kind, Label: lang.T(l, "field."+x.name)})
	}
	switch page.Kind {
	case "programme":
		set := f.RowSet("proposed.text.programme", "day", 1, nil, RowField{Name: "day", Kind: "text"}, RowField{Name: "text", Kind: "area", Height: 2})
		page.Rows = &set
	case "budget":
		t := budgetLines(l, k.App.Form, f)
		page.Lines = &t
	}
	sittings, err := s.nextSittings(c, workflow.DateOf(p.Now))
	if err != nil {
		return err
	}
	page.weigh(k, by, sittings)
	return s.page(c, status, "grant/change", page)
}

// budgetLines is the budget with a field for what each line shall be.
func budgetLines(l lang.Lang, form workflow.Form, f *Form) Table {
	t := Table{
		Caption:     lang.T(l, "field.budget"),
		HideCaption: true,
		Class:       "report",
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "case.cost")},
			{Text: lang.T(l, "grant.change.was"), Sum: true},
			{Text: lang.T(l, "grant.change.now"), Sum: true},
		},
	}
	for _, b := range form.Lines() {
		text := lineText(l, b)
		t.Rows = append(t.Rows, Row{
			Cells: []Cell{
				{Text: text},
				{Text: lang.Money(l, b.Sum())},
				{
					Input: &Field{
						Form:  f,
						Name:  fmt.Sprintf("line.%d", b.Line),
						Kind:  "money",
						Label: lang.T(l, "grant.change.now") + ", " + text,
						Quiet: true,
					},
				},
			},
		})
	}
	return t
}

// lineText is what a cost is called.
func lineText(l lang.Lang, b workflow.BudgetLine) string {
	if b.Text != "" {
		return b.Text
	}
	return costName(l, b.Code)
}

// readChange makes the merge patch of what differs from the form as it is. What can't be read is noted in f.
func readChange(f *Form, form workflow.Form) (workflow.RawObject, error) {
	now := NewForm(f.Lang)
	fillForm(now, form)
	patch := map[string]any{}
	put := func(path string, v any) {
		part, name, _ := strings.Cut(path, ".")
		inner, _ := patch[part].(map[string]any)
		if inner == nil {
			inner = map[string]any{}
			patch[part] = inner
		}
		inner[name] = v
	}
	for _, x := range changeFields[f.Raw("type")] {
		x.name = "proposed." + x.name
		path := strings.TrimPrefix(x.name, "proposed.")
		if !f.Has(x.name) || f.Text(x.name) == now.Text(path) {
			continue
		}
		if v, ok := readField(f, x); ok && fmt.Sprint(v) != now.Text(path) {
			put(path, v)
		} else if f.Text(x.name) == "" {
			put(path, nil)
		}
	}
	switch f.Raw("type") {
	case "programme":
		days := []workflow.ProgrammeDay{}
		for _, n := range f.Rows("proposed.text.programme") {
			d := workflow.ProgrammeDay{
				Day:  f.Text(fmt.Sprintf("proposed.text.programme.%d.day", n)),
				Text: f.Text(fmt.Sprintf("proposed.text.programme.%d.text", n)),
			}
			if d != (workflow.ProgrammeDay{}) {
				days = append(days, d)
			}
		}
		if !slices.Equal(days, form.Text.Programme) {
			put("text.programme", days)
		}
	case "budget":
		if lines, changed := readLines(f, form); changed {
			patch["budget"] = lines
		}
	}
	if len(patch) == 0 {
		return nil, nil
	}
	return json.Marshal(patch)
}

// readLines is the budget with the new sums. A line whose sum is new has no quantity any more.
func readLines(f *Form, form workflow.Form) (lines []workflow.BudgetLine, changed bool) {
	lines = form.Lines()
	for i := range lines {
		v := f.Kronor(fmt.Sprintf("line.%d", lines[i].Line))
		if v == nil || *v == lines[i].Sum() {
			continue
		}
		lines[i].Qty, lines[i].UnitPrice, lines[i].Amount, changed = nil, nil, v, true
	}
	return lines, changed
}

// weigh shows what would change, what follows, who decides and by when: it lets the
// workflow take the request on a copy of the case.
func (page *changePage) weigh(k workflow.Case, by workflow.Actor, sittings map[string]workflow.Date) {
	l := page.Lang
	page.Tally = &Tally{
		ID:     "tally",
		Title:  lang.T(l, "grant.change.who"),
		Answer: lang.T(l, "grant.change.who.unknown"),
		Why:    lang.T(l, "grant.change.who.unknown.text"),
	}
	scratch := ReadForm(l, page.Form.values)
	patch, err := readChange(scratch, k.App.Form)
	if err != nil || patch == nil {
		return
	}
	after, wrong := workflow.MergePatch(k.App.Form, patch)
	if len(wrong) > 0 {
		return
	}
	page.Before = changeRows(l, k, after)
	out, err := workflow.Decide(k, by, &workflow.RequestChange{Type: page.Kind, Proposed: patch, Cause: "own", Reason: "–"}, k.App.Version, page.Now)
	var faults workflow.Violations
	if errors.As(err, &faults) { // what is proposed can't be: then nobody decides it yet
		page.Tally.Answer, page.Tally.Why = lang.T(l, "grant.change.who.wrong"), SayViolation(l, faults[0])
		return
	}
	if err != nil {
		return
	}
	x := out.App.Changes[len(out.App.Changes)-1]
	page.Tally.Answer, page.Tally.Why = lang.T(l, "body."+x.Level), lang.T(l, "grant.change.level.up")
	if x.Level == workflow.ByItself {
		page.Tally.Why = lang.T(l, "grant.change.level.officer")
	}
	page.Tally.Why += " " + changeByWords(l, k.Round.Rules, x.Level, workflow.DateOf(page.Now), sittings)
	r := k.Round.Rules
	if x.ShiftDays != nil {
		page.Tally.Limits = append(
			page.Tally.Limits,
			Limit{Text: lang.T(l, "grant.change.shift"), Sum: lang.T(l, "grant.days", lang.Args{"Count": max(*x.ShiftDays, -*x.ShiftDays)}), Low: true},
			Limit{Text: lang.T(l, "grant.change.shift.max"), Sum: lang.T(l, "grant.days", lang.Args{"Count": r.ChangeOfficerDays})},
		)
	}
	if page.Kind == "budget" {
		page.Tally.Limits = append(page.Tally.Limits, Limit{Text: lang.T(l, "grant.change.moved.max"), Sum: lang.Percent(l, r.ChangeLineShare)})
	}
	if page.Kind == "participants" {
		page.Tally.Limits = append(page.Tally.Limits, Limit{Text: lang.T(l, "grant.change.drop.max"), Sum: lang.Percent(l, r.ChangePupilDrop)})
	}
	if start, _, ok := after.Activity.Days(); ok && x.ShiftDays != nil && !k.Round.TripTo.IsZero() {
		page.Tally.Limits = append(page.Tally.Limits, Limit{Text: lang.T(l, "grant.change.window"), Sum: lang.Day(l, k.Round.TripTo.String())})
		page.Tally.Gap = &Gap{Strong: lang.T(l, "grant.change.inside"), OK: true}
		if start.Before(k.Round.TripFrom) || start.After(k.Round.TripTo) {
			page.Tally.Gap = &Gap{Strong: lang.T(l, "grant.change.outside"), Text: lang.T(l, "grant.change.outside.text")}
		}
	}
}

// changeRows are the fields that change, then what follows from them.
func changeRows(l lang.Lang, k workflow.Case, after workflow.Form) (rows []changeRow) {
	words := func(a Answer) string { return strings.TrimSpace(a.Value + "\n" + strings.Join(a.Items, "\n")) }
	was := formAnswers(l, k.App.Form, "")
	for _, a := range formAnswers(l, after, "") {
		before := ""
		if i := slices.IndexFunc(was, func(b Answer) bool { return b.Term == a.Term }); i >= 0 {
			before = words(was[i])
		}
		if now := words(a); now != before {
			rows = append(rows, changeRow{Term: a.Term, Was: before, Now: now})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	then := k
	if then.App.Form = after; !then.ReportDueOn().IsZero() {
		row := changeRow{Term: lang.T(l, "grant.change.report"), Was: lang.Day(l, k.ReportDueOn().String()), Now: lang.Day(l, then.ReportDueOn().String())}
		row.Same = row.Was == row.Now
		rows = append(rows, row)
	}
	granted := lang.Money(l, k.App.Decision.Granted)
	return append(rows, changeRow{Term: lang.T(l, "grant.change.grant"), Was: granted, Now: granted, Same: true})
}

func (s *Server) postChange(c *gin.Context) error {
	k, f, err := s.grantOpen(c, workflow.ActRequestChange)
	if err != nil {
		return err
	}
	if _, pressed := f.ChangeRows(); pressed || f.Raw("do") == "look" {
		return s.drawChange(c, http.StatusOK, k, f)
	}
	patch, err := readChange(f, k.App.Form)
	if err != nil {
		return err
	}
	if patch == nil && f.OK() {
		f.Fail("", "grant.change.nothing")
		if f.Need("reason"); f.Raw("cause") == "" { // the rest is said at once too
			f.Fail("cause", "form.choice")
		}
	}
	if !f.OK() {
		return s.drawChange(c, http.StatusUnprocessableEntity, k, f)
	}
	_, ok, err := s.apply(
		c,
		f,
		k.App.ID,
		&workflow.RequestChange{Type: f.Raw("type"), Proposed: patch, Cause: f.Choice("cause", "own", "outside"), Reason: f.Text("reason")},
	)
	if err != nil {
		return err
	}
	if !ok {
		f.Errors = changeFaults(f)
		return s.drawChange(c, http.StatusUnprocessableEntity, k, f)
	}
	return s.see(c, homeOf(k, actorOf(c)), "done.request_change")
}

// changeFaults keeps a fault at its field where the page shows that field, and
// makes the others faults of the whole form.
func changeFaults(f *Form) []FieldError {
	for i, e := range f.Errors {
		shown := e.Field == "cause" || e.Field == "reason" ||
			slices.ContainsFunc(changeFields[f.Raw("type")], func(x doField) bool { return "proposed."+x.name == e.Field })
		if !shown {
			f.Errors[i].Field = ""
		}
	}
	return f.Errors
}
