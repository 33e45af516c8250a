package handlers

import (
	"fmt"
	"slices"
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
)

// RowField is a column of a RowSet: the part of the name behind the row's number, and what
// the control shall be.
type RowField struct {
	Name     string // qty
	Kind     string // text, area, money, number, date, select, checks
	Options  []Option
	Empty    string
	Max      int
	Height   int
	Wide     bool
	Optional bool
}

// RowSet makes the rows of a name from what the form holds; with none it shows
// least empty ones. The words are field.<name>.<part>, form.add.<name> for the
// button, and form.row or row.<name> ("Rad {{.N}}") for a row. sum gives what a
// row comes to, in words, and may be nil.
func (f *Form) RowSet(name, layout string, least int, sum func(row int) string, fields ...RowField) RowSet {
	set := RowSet{ID: rowsID(name), Name: name, Layout: layout, Label: rowsID(name) + "-h", Add: lang.T(f.Lang, "form.add."+name)}
	if focus := f.Raw(rowFocus); focus == set.ID || strings.HasPrefix(focus, set.ID+"-") {
		set.Focus = focus
	}
	numbers := f.Rows(name)
	for n := 1; len(numbers) < least; n++ {
		numbers = append(numbers, n)
	}
	called := "row." + name
	if !lang.Has(f.Lang, called) {
		called = "form.row"
	}
	for i, n := range numbers {
		row := FormRow{
			N: n, Name: lang.T(f.Lang, called, lang.Args{"N": n}), ID: rowID(name, n), Mark: rowMark(name, n),
			Faults: f.FaultUnder(fmt.Sprintf("%s.%d", name, n)), First: i == 0, Last: i == len(numbers)-1,
			SumFor: lang.T(f.Lang, "form.sum"),
		}
		if fault := f.Fault(fmt.Sprintf("%s.%d", name, n)); fault != "" {
			row.Faults = append(row.Faults, FieldError{Field: fmt.Sprintf("%s.%d", name, n), Message: fault})
		}
		if sum != nil {
			row.Sum = sum(n)
		}
		for _, x := range fields {
			key := "field." + name + "." + x.Name
			field := Field{
				Form: f, Name: fmt.Sprintf("%s.%d.%s", name, n, x.Name), Kind: x.Kind, Label: lang.T(f.Lang, key),
				Options: x.Options, Empty: x.Empty, Max: x.Max, Height: x.Height, Wide: x.Wide, Optional: x.Optional,
				Row: ", " + lower(row.Name), Bare: true,
			}
			if lang.Has(f.Lang, key+".hint") {
				field.Hint = lang.T(f.Lang, key+".hint")
			}
			row.Fields = append(row.Fields, field)
		}
		row.nameFaults()
		set.Rows = append(set.Rows, row)
	}
	for _, x := range fields {
		set.Head = append(set.Head, lang.T(f.Lang, "field."+name+"."+x.Name))
	}
	if sum != nil {
		set.Head = append(set.Head, lang.T(f.Lang, "form.sum"))
	}
	return set
}

// nameFaults puts the faults of a row in the order of its fields and, where there are
// several, says before each which field it is about: they stand together below the row,
// and two fields may have the same one.
func (r *FormRow) nameFaults() {
	place := func(e FieldError) int {
		return slices.IndexFunc(r.Fields, func(x Field) bool { return x.Name == e.Field })
	}
	slices.SortStableFunc(r.Faults, func(a, b FieldError) int { return place(a) - place(b) })
	for i, e := range r.Faults {
		r.Faults[i].Where = ""
		if at := place(e); len(r.Faults) > 1 && at >= 0 {
			r.Faults[i].Where = r.Fields[at].Label
		}
	}
}

// PotRect is a drawn part of the pot: percent of the whole width.
type PotRect struct {
	Kind  string
	X     string
	Width string
}

// Rects are the parts as they are drawn. A small gap is between them; a part
// of nothing is not drawn. More than the total fills the pot and no more.
func (p Pot) Rects() (rects []PotRect) {
	whole := p.Total
	var sum int64
	for _, part := range p.Parts {
		sum += max(part.Amount, 0)
	}
	if whole = max(whole, sum); whole == 0 {
		return nil
	}
	const gap = 250 // thousandths of a percent
	var x int64
	for _, part := range p.Parts {
		width := max(part.Amount, 0) * 100_000 / whole
		if width > gap {
			rects = append(rects, PotRect{Kind: part.Kind, X: percent(x), Width: percent(width - gap)})
		}
		x += width
	}
	return rects
}

// percent prints thousandths of a percent.
func percent(thousandths int64) string {
	return fmt.Sprintf("%d.%03d%%", thousandths/1000, thousandths%1000)
}

// stateColors are the colours of the states' tags; the word carries the meaning.
var stateColors = map[workflow.State]Tag{
	workflow.Draft:               {Color: "neutral", Outline: true},
	workflow.AwaitingPrincipal:   {Color: "warning"},
	workflow.Approved:            {Color: "neutral"},
	workflow.Submitted:           {Color: "neutral", Outline: true},
	workflow.UnderCheck:          {Color: "info"},
	workflow.CompletionRequested: {Color: "warning"},
	workflow.UnderAssessment:     {Color: "info"},
	workflow.Ranked:              {Color: "info"},
	workflow.Proposed:            {Color: "info"},
	workflow.Decided:             {Color: "success"},
	workflow.ConditionsAccepted:  {Color: "success"},
	workflow.Payable:             {Color: "info"},
	workflow.Paid1:               {Color: "success"},
	workflow.Travelling:          {Color: "success"},
	workflow.ReportDue:           {Color: "warning"},
	workflow.ReportSubmitted:     {Color: "info"},
	workflow.ReportReturned:      {Color: "warning"},
	workflow.ReportAccepted:      {Color: "success"},
	workflow.Settled:             {Color: "success"},
	workflow.Closed:              {Color: "neutral"},
	workflow.Withdrawn:           {Color: "neutral"},
	workflow.Lapsed:              {Color: "neutral"},
}

// StateTag says where a case is, in the words of the office or, for an
// applicant, in the applicant's.
func StateTag(l lang.Lang, s workflow.State, applicant bool) Tag {
	tag, known := stateColors[s]
	if !known {
		tag = Tag{Color: "neutral"}
	}
	key := "state."
	if applicant {
		key = "state.applicant."
		if s == workflow.Approved {
			tag.Color = "success" // for the school it is good news, for the office it is nothing yet
		}
	}
	tag.Text = lang.T(l, key+string(s))
	return tag
}

// OutcomeTag says how a case was decided: granted, partially_granted, rejected, dismissed.
func OutcomeTag(l lang.Lang, outcome string, applicant bool) Tag {
	tag := Tag{Color: "neutral"}
	if outcome == "granted" || outcome == "partially_granted" {
		tag.Color = "success"
	}
	key := "outcome."
	if applicant {
		key = "outcome.applicant."
	}
	tag.Text = lang.T(l, key+outcome)
	return tag
}

// mildFlags warn; the others are dangers.
var mildFlags = map[string]bool{"appealed": true, "change_open": true, "condition_open": true, "unapproved": true}

// FlagTag is a flag of a case: late, coi, blocked …
func FlagTag(l lang.Lang, flag string) Tag {
	color := "danger"
	if mildFlags[flag] {
		color = "warning"
	}
	return Tag{Color: color, Text: lang.T(l, "flag."+flag)}
}

// caseFlag is a flag of this case. A claim that nobody has decided is called what it is: proposed.
func caseFlag(l lang.Lang, k workflow.Case, flag string) Tag {
	if r := k.App.Recovery; flag == "recovery_open" && r != nil && r.DecidedAt.IsZero() {
		return Tag{Color: "warning", Text: lang.T(l, "flag.recovery_proposed")}
	}
	return FlagTag(l, flag)
}

// drawnRow is a row with what it must know of its table.
type drawnRow struct {
	Head  []Column
	Row   Row
	stack bool
}

// Drawn is the row as the partial needs it.
func (t Table) Drawn(r Row) drawnRow { return drawnRow{Head: t.Head, Row: r, stack: t.Stack} }

// SumAt tells whether the cell's column is aligned to the end.
func (d drawnRow) SumAt(i int) bool { return i < len(d.Head) && d.Head[i].Sum }

// LabelAt is the heading that a cell repeats when the row becomes a block.
func (d drawnRow) LabelAt(i int) string {
	if !d.stack || i >= len(d.Head) || d.Head[i].Hidden || d.Row.Cells[i].empty() {
		return ""
	}
	return d.Head[i].Text
}

func (c Cell) empty() bool {
	return c.Text == "" && c.At.IsZero() && c.Note == "" && c.Hash == "" && c.Input == nil && c.Button == nil && c.Drop == nil && len(c.Links)+len(c.Tags) == 0
}

// Rating is the choice of a grade as a field.
func (c Criterion) Rating(label string) Field {
	return Field{Form: c.Form, Name: c.Name, Label: label, Quiet: true}
}
