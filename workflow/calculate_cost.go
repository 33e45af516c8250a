package workflow

import "slices"

// cost is what a budget comes to under the rules. Whole kronor.
type cost struct {
	eligible   int64 // lines with an eligible code that nobody else covers
	external   int64 // confirmed external grants, less the lines they cover
	uncapped   int64 // of the eligible: codes on top of the cap per person (STO)
	ineligible bool  // there are lines with a code that is not eligible
	covered    int64 // lines that another funder pays whole
}

// costs sorts budget lines. A covered line is out whole; a grant counts against
// the gap only with what is left of it after the lines that it covers (RF-10).
func costs(lines []BudgetLine, funding []Funding, r Rules) (out cost) {
	amount := map[int64]int64{}
	for _, l := range lines {
		amount[l.Line] += l.Sum() // a number may stand at two lines: both are covered
	}
	for _, x := range funding {
		if x.Type != "external_grant" || x.Status != "confirmed" {
			continue // own money and in-kind never count; an applied grant is a finding
		}
		left := num(x.Amount)
		for _, n := range slices.Compact(slices.Sorted(slices.Values(x.Covers))) { // a line is paid once, however often it is named
			left -= amount[n]
		}
		out.external += max(0, left)
	}
	for _, l := range countedLines(lines, funding, r) {
		out.ineligible = out.ineligible || !l.known && l.Sum() != 0
		out.eligible += l.Counts
		if l.covered {
			out.covered += l.Sum()
		}
		if slices.Contains(r.UncappedCodes, l.Code) {
			out.uncapped += l.Counts
		}
	}
	return out
}

// CountedLine is a budget line and what of it counts as eligible cost: the whole
// of it or nothing, in kronor.
type CountedLine struct {
	BudgetLine
	Counts         int64
	known, covered bool
}

// CountedLines are a form's budget lines by a round's rules: a line counts when
// its code is eligible (RF-09) and no confirmed external grant covers it (RF-10).
func CountedLines(f Form, r Rules) []CountedLine { return countedLines(f.Lines(), f.Funding, r) }

func countedLines(lines []BudgetLine, funding []Funding, r Rules) []CountedLine {
	covered := map[int64]bool{}
	for _, x := range funding {
		if x.Type == "external_grant" && x.Status == "confirmed" {
			for _, n := range x.Covers {
				covered[n] = true
			}
		}
	}
	out := make([]CountedLine, 0, len(lines))
	for _, l := range lines {
		x := CountedLine{BudgetLine: l, known: slices.Contains(r.EligibleCodes, l.Code), covered: covered[l.Line]}
		if x.known && !x.covered {
			x.Counts = l.Sum()
		}
		out = append(out, x)
	}
	return out
}

// allowedStaff is max(staff_min, pupils / staff_per_pupils rounded up) (RF-06).
func allowedStaff(pupils int64, r Rules) int64 {
	return max(r.StaffMin, (pupils+r.StaffPerPupils-1)/r.StaffPerPupils)
}

// heads are who takes part: those who go, and who comes to a school that hosts.
type heads struct{ pupils, staff, visiting int64 }

func headsOf(p Participants) heads { return heads{num(p.Pupils), num(p.Staff), num(p.VisitingPupils)} }

// perHeadCap is the cap of RF-06 in kronor by school form and type of activity; nil
// where the school form has none. Uncapped lines (STO) come on top.
func (c Case) perHeadCap(n heads, uncapped int64) *int64 {
	r := c.Round.Rules
	perPupil, ok := r.CapPerPupil[c.Level()]
	if !ok {
		return nil
	}
	var sum int64
	switch c.App.Form.Activity.Type {
	case "hosting":
		sum = r.HostingPerVisitingPupil * n.visiting
	case "preparatory_visit":
		sum = r.PreparatoryPerPerson * min(n.pupils+n.staff, r.PreparatoryMaxPersons)
	default:
		sum = perPupil*n.pupils + r.CapPerStaff*min(n.staff, allowedStaff(n.pupils, r))
	}
	sum += uncapped
	return &sum
}
