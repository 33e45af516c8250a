package workflow

import (
	"slices"
	"strconv"
	"strings"
)

// EarlierRefs is what the rows are held against.
type EarlierRefs struct {
	Schools []School
	Schemes []string
	Rounds  map[string]bool // codes of the rounds that are kept here: their grants are here already
	Today   Date
}

// earlierOutcomes are the words of lists for the four outcomes.
var earlierOutcomes = map[string]string{
	"granted": Granted, "beviljad": Granted, "beviljat": Granted, "bifall": Granted,
	"partially_granted": PartiallyGranted, "partially granted": PartiallyGranted, "delvis beviljad": PartiallyGranted, "delvis beviljat": PartiallyGranted, "delvis": PartiallyGranted,
	"rejected": Rejected, "avslag": Rejected, "avslagen": Rejected, "avslaget": Rejected,
	"dismissed": Dismissed, "avvisad": Dismissed, "avvisat": Dismissed,
}

// ReadEarlier reads one row, its cells by column. All that is wrong with it is
// said; a row with a fault is not taken in.
func ReadEarlier(cells map[string]string, refs EarlierRefs) (EarlierGrant, Violations) {
	r := earlierRow{cells: cells, refs: refs}
	g := EarlierGrant{
		Year:       int(r.whole("year")),
		Round:      r.text("round"),
		DNR:        r.text("dnr"),
		Title:      r.need("title"),
		Partner:    r.text("partner"),
		City:       r.text("city"),
		Country:    r.text("country"),
		SisterCity: r.yes("sister_city"),
		Pupils:     r.whole("pupils"),
		Staff:      r.whole("staff"),
		Start:      r.day("start"),
		End:        r.day("end"),
		Areas:      r.list("areas"),
		Requested:  r.whole("requested"),
		Granted:    r.whole("granted"),
		Paid:       r.whole("paid"),
		Repaid:     r.whole("repaid"),
		DecidedOn:  r.day("decided_on"),
		Summary:    r.text("summary"),
	}
	if r.cells["year"] == "" {
		r.fault("year", "required")
	} else if r.faultOf("year") || (g.Year < 1990 || g.Year > refs.Today.Year()) {
		r.faults = slices.DeleteFunc(r.faults, func(v Violation) bool { return v.Field == "year" }) // a year is no sum
		r.fault("year", "earlier_year")
	}
	if g.Round == "" {
		g.Round = strconv.Itoa(g.Year)
	}
	if refs.Rounds[g.Round] {
		r.fault("round", "earlier_round_here")
	}
	r.applicant(&g)
	r.outcome(&g)
	r.money(&g)
	if g.DecidedOn.After(refs.Today) {
		r.fault("decided_on", "in_future")
	}
	if !g.Start.IsZero() && g.End.Before(g.Start) {
		r.fault("end", "dates_order")
	}
	for _, name := range []string{"title", "partner", "organisation", "org_no", "areas", "summary"} { // RF-25: no list brings a pupil in
		if _, _, found := FindPersonalNumber(r.cells[name]); found {
			r.fault(name, "personal_number")
		}
	}
	return g, r.faults
}

// earlierRow reads the cells of a row and gathers what is wrong with them.
type earlierRow struct {
	cells  map[string]string
	refs   EarlierRefs
	faults Violations
}

func (r *earlierRow) fault(field, code string) {
	if !r.faultOf(field) {
		r.faults = append(r.faults, Violation{Field: field, Code: code})
	}
}

func (r *earlierRow) faultOf(field string) bool {
	return slices.ContainsFunc(r.faults, func(v Violation) bool { return v.Field == field })
}

func (r *earlierRow) text(name string) string { return strings.TrimSpace(r.cells[name]) }

func (r *earlierRow) need(name string) string {
	if r.text(name) == "" {
		r.fault(name, "required")
	}
	return r.text(name)
}

// whole reads kronor or a count: 83 430, 83430,00, 83 430 kr. What has öre is a fault, as the fund decides in whole kronor.
func (r *earlierRow) whole(name string) int64 {
	text := strings.ToLower(r.text(name))
	for _, unit := range []string{"kr", "sek", ":-"} {
		text = strings.TrimSuffix(text, unit)
	}
	text = strings.Map(func(c rune) rune {
		if c == ' ' || c == '\u00a0' || c == '\u202f' {
			return -1
		}
		return c
	}, text)
	for _, tail := range []string{",00", ".00", ",0", ".0"} {
		text = strings.TrimSuffix(text, tail)
	}
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil || n > 1_000_000_000:
		r.fault(name, "earlier_number")
		return 0
	case n < 0:
		r.fault(name, "negative")
		return 0
	}
	return n
}

func (r *earlierRow) day(name string) Date {
	text := r.text(name)
	if text == "" {
		return Date{}
	}
	if n, err := strconv.Atoi(text); err == nil && n > 20000 && n < 80000 { // a spreadsheet's day number
		return NewDate(1899, 12, 30).AddDays(n)
	}
	d, err := ParseDate(text)
	if err != nil {
		r.fault(name, "earlier_day")
	}
	return d
}

func (r *earlierRow) yes(name string) bool {
	switch strings.ToLower(r.text(name)) {
	case "":
		return false
	case "ja", "yes", "x", "1", "true", "sant":
		return true
	case "nej", "no", "0", "false", "falskt":
		return false
	}
	r.fault(name, "earlier_yes")
	return false
}

func (r *earlierRow) list(name string) (list []string) {
	for _, part := range strings.FieldsFunc(r.text(name), func(c rune) bool { return c == ';' || c == '|' || c == ',' }) {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// applicant finds the school in the register, or takes the organisation as written.
func (r *earlierRow) applicant(g *EarlierGrant) {
	g.Scheme = "skolutbyte"
	unit, name := r.text("unit_code"), r.text("school")
	switch {
	case unit != "" || name != "":
		i := slices.IndexFunc(r.refs.Schools, func(s School) bool {
			return unit != "" && s.UnitCode == unit || unit == "" && strings.EqualFold(s.Name, name)
		})
		if i < 0 {
			r.fault("school", "earlier_school")
		} else {
			g.SchoolID = r.refs.Schools[i].ID
		}
	case r.text("organisation") != "":
		g.Organisation, g.Scheme = r.text("organisation"), "medfinansiering"
		if no := r.text("org_no"); no != "" {
			digits, wrong := CheckOrgNo(no)
			if wrong != nil {
				r.fault("org_no", wrong.Code)
				break
			}
			g.OrgNo = digits[:6] + "-" + digits[6:]
		}
	default:
		r.fault("school", "required")
	}
	if s := r.text("scheme"); s != "" {
		if g.Scheme = strings.ToLower(s); !slices.Contains(r.refs.Schemes, g.Scheme) {
			r.fault("scheme", "choice")
		}
	}
}

func (r *earlierRow) outcome(g *EarlierGrant) {
	g.Outcome = earlierOutcomes[strings.ToLower(r.text("outcome"))]
	if g.Outcome == "" {
		r.fault("outcome", "earlier_outcome")
		return
	}
	favourable := g.Outcome == Granted || g.Outcome == PartiallyGranted
	if favourable != (g.Granted > 0) {
		r.fault("granted", "earlier_granted")
	}
}

// money holds the sums against each other: repaid ≤ paid ≤ granted ≤ requested.
func (r *earlierRow) money(g *EarlierGrant) {
	if r.text("requested") == "" {
		g.Requested = g.Granted
	}
	if slices.ContainsFunc(r.faults, func(v Violation) bool { return v.Code == "earlier_number" || v.Code == "negative" }) {
		return // a sum that can't be read is told of once
	}
	switch {
	case g.Granted > g.Requested:
		r.fault("granted", "earlier_over")
	case g.Paid > g.Granted:
		r.fault("paid", "earlier_over")
	case g.Repaid > g.Paid:
		r.fault("repaid", "earlier_over")
	}
}
