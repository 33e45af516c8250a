package workflow

import (
	"slices"
	"strings"
)

// SchoolLevels are the school forms that a unit of the register may have.
var SchoolLevels = []string{"grundskola", "anpassad_grundskola", "gymnasieskola", "anpassad_gymnasieskola", "forskola", "internationell_skola"}

// schoolColumns are the columns of a list of schools: the API's name, and the headings that are known for it.
var schoolColumns = []struct {
	name  string
	heads []string
}{
	{"name", []string{"name", "namn", "skola", "skolenhet", "school"}},
	{"school_unit_code", []string{"school_unit_code", "skolenhetskod", "enhetskod", "unit code"}},
	{"level", []string{"level", "skolform", "school form"}},
	{"operator", []string{"operator", "driftsform", "huvudmannatyp"}},
	{"operator_name", []string{"operator_name", "huvudman", "operator name"}},
	{"operator_org_no", []string{"operator_org_no", "organisationsnummer", "orgnr"}},
	{"town", []string{"town", "ort"}},
	{"cost_centre", []string{"cost_centre", "ansvar", "kostnadsställe"}},
	{"active_from", []string{"active_from", "aktiv från", "gäller från"}},
	{"active_to", []string{"active_to", "aktiv till", "gäller till"}},
}

// SchoolLine is a line of the list: its cells, counted as people count lines.
type SchoolLine struct {
	Line  int
	Cells []string
}

// SchoolChange is what a line would do to the register.
type SchoolChange struct {
	Line   int
	School School
	New    bool
	Diff   []SchoolDiff
}

// SchoolDiff is one value that a line changes.
type SchoolDiff struct{ Column, Was, Is string }

// SchoolPlan is what a list would do. Nothing is taken in while a line has a fault.
type SchoolPlan struct {
	Changes []SchoolChange
	Same    int
	Unknown []string    // headings that are not known
	Faults  []LineFault // line by line
}

// LineFault is what is wrong with a line.
type LineFault struct {
	Line int
	Violation
}

// PlanSchools sets a list of schools, with headings in its first line, beside
// the register. A column that the list does not have keeps its values.
func PlanSchools(lines []SchoolLine, register []School) (p SchoolPlan) {
	if len(lines) == 0 {
		p.Faults = []LineFault{{1, Violation{Field: "file", Code: "required"}}}
		return p
	}
	at := map[int]string{}
	for i, head := range lines[0].Cells {
		name := schoolColumn(head)
		switch {
		case name != "" && !slices.ContainsFunc(lines[0].Cells[:i], func(h string) bool { return schoolColumn(h) == name }):
			at[i] = name
		case strings.TrimSpace(head) != "":
			p.Unknown = append(p.Unknown, strings.TrimSpace(head))
		}
	}
	if !slices.ContainsFunc(lines[0].Cells, func(h string) bool { return schoolColumn(h) == "name" }) {
		p.Faults = append(p.Faults, LineFault{lines[0].Line, Violation{Field: "name", Code: "no_name_column"}})
		return p
	}
	seen := map[string]int{}
	for _, line := range lines[1:] {
		p.line(line, at, register, seen)
	}
	return p
}

func schoolColumn(head string) string {
	head = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(head, "\ufeff")))
	for _, c := range schoolColumns {
		if slices.Contains(c.heads, head) {
			return c.name
		}
	}
	return ""
}

func (p *SchoolPlan) line(line SchoolLine, at map[int]string, register []School, seen map[string]int) {
	cells := map[string]string{}
	for i, name := range at {
		if i < len(line.Cells) {
			cells[name] = strings.TrimSpace(line.Cells[i])
		}
	}
	fault := func(field, code string, kv ...any) {
		p.Faults = append(p.Faults, LineFault{line.Line, Violation{Field: field, Code: code, Args: pairs(kv)}})
	}
	before := len(p.Faults)
	name := cells["name"]
	if name == "" {
		fault("name", "required")
		return
	}
	if first := seen[name]; first > 0 {
		fault("name", "line_twice", "Line", first)
		return
	}
	seen[name] = line.Line
	c := SchoolChange{Line: line.Line, School: School{Name: name}, New: true}
	for _, s := range register {
		if s.Name == name {
			c.School, c.New = s, false
		}
	}
	for _, col := range schoolColumns {
		v, has := cells[col.name]
		if !has || col.name == "name" {
			continue
		}
		was, code := c.School.set(col.name, v)
		if code != "" {
			fault(col.name, code)
		} else if is, _ := c.School.set(col.name, v); was != is {
			c.Diff = append(c.Diff, SchoolDiff{col.name, was, is})
		}
	}
	for _, v := range c.School.amiss(register) {
		p.Faults = append(p.Faults, LineFault{line.Line, v})
	}
	if c.New && strings.TrimSpace(c.School.Operator) == "" && strings.TrimSpace(cells["operator"]) == "" { // how it is paid hangs on it
		fault("operator", "required")
	}
	switch {
	case len(p.Faults) > before:
	case !c.New && len(c.Diff) == 0:
		p.Same++
	default:
		p.Changes = append(p.Changes, c)
	}
}

// Written gives the unit with what was typed about it, by the columns' names,
// and what is wrong with it beside the rest of the register.
func (s School) Written(typed map[string]string, register []School) (School, Violations) {
	var v Violations
	s.Name = strings.TrimSpace(typed["name"])
	if s.Name == "" {
		v = append(v, Violation{Field: "name", Code: "required"})
	}
	for _, other := range register {
		if s.Name == other.Name && s.ID != other.ID {
			v = append(v, Violation{Field: "name", Code: "taken"})
		}
	}
	for _, col := range schoolColumns[1:] {
		is := strings.TrimSpace(typed[col.name])
		if is == s.Value(col.name) { // also what could not be chosen today
			continue
		}
		if _, code := s.set(col.name, is); code != "" {
			v = append(v, Violation{Field: col.name, Code: code})
		}
	}
	return s, append(v, s.amiss(register)...)
}

// Value is what stands in a column of the register.
func (s School) Value(column string) string {
	if column == "name" {
		return s.Name
	}
	was, _ := s.set(column, "") // of this copy
	return was
}

// amiss gives what is wrong with the unit as a whole and beside the others.
func (s School) amiss(register []School) (v Violations) {
	if s.Level == "" {
		v = append(v, Violation{Field: "level", Code: "required"})
	}
	if !s.ActiveTo.IsZero() && s.ActiveTo.Before(s.ActiveFrom) {
		v = append(v, Violation{Field: "active_to", Code: "dates_order"})
	}
	for _, other := range register {
		if s.UnitCode != "" && other.UnitCode == s.UnitCode && other.ID != s.ID {
			v = append(v, Violation{Field: "school_unit_code", Code: "unit_code_taken", Args: pairs([]any{"Name", other.Name})})
		}
	}
	return v
}

// set writes a cell and gives what stood there; code: why it can't be.
func (s *School) set(column, v string) (was, code string) {
	day := func(d *Date) (string, string) {
		was := d.String()
		got, err := ParseDate(v)
		if v != "" && err != nil {
			return was, "date"
		}
		*d = got
		return was, ""
	}
	text := func(t *string) (string, string) {
		was := *t
		*t = v
		return was, ""
	}
	switch column {
	case "school_unit_code":
		if v == "" {
			return text(&s.UnitCode)
		}
		got, fault := CheckSchoolUnitCode(v)
		if fault != nil {
			return s.UnitCode, fault.Code
		}
		v = got
		return text(&s.UnitCode)
	case "level":
		v = strings.NewReplacer(" ", "_", "ö", "o").Replace(strings.ToLower(v))
		if v == "" || !slices.Contains(SchoolLevels, v) {
			return s.Level, "choice"
		}
		return text(&s.Level)
	case "operator":
		v = strings.ToLower(v)
		if !slices.Contains([]string{"kommunal", "fristående", "extern", ""}, v) {
			return s.Operator, "choice"
		}
		return text(&s.Operator)
	case "operator_name":
		return text(&s.OperatorName)
	case "operator_org_no":
		if _, wrong := CheckOrgNo(v); v != "" && wrong != nil {
			return s.OperatorOrg, wrong.Code
		}
		v = PlainOrgNo(v)
		return text(&s.OperatorOrg)
	case "town":
		return text(&s.Town)
	case "cost_centre":
		return text(&s.CostCentre)
	case "active_from":
		return day(&s.ActiveFrom)
	case "active_to":
		return day(&s.ActiveTo)
	}
	return "", "unknown_field"
}
