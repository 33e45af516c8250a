package workflow

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// EarlierSums are the sums that the office compares with its own list. Whole kronor.
type EarlierSums struct {
	Rows      int   `json:"rows"`
	Grants    int   `json:"grants"`
	Requested int64 `json:"requested"`
	Granted   int64 `json:"granted"`
	Paid      int64 `json:"paid"`
	Repaid    int64 `json:"repaid"`
}

// Add counts a grant in.
func (s *EarlierSums) Add(g EarlierGrant) {
	s.Rows++
	if g.Granted > 0 {
		s.Grants++
	}
	s.Requested, s.Granted, s.Paid, s.Repaid = s.Requested+g.Requested, s.Granted+g.Granted, s.Paid+g.Paid, s.Repaid+g.Repaid
}

// EarlierYear is a year of a list with its sums.
type EarlierYear struct {
	Year int `json:"year"`
	EarlierSums
}

// EarlierReject is a row that was not taken in: its line in the file, and why.
type EarlierReject struct {
	Line    int         `json:"line"`
	Title   string      `json:"title"`
	Granted int64       `json:"granted"` // as far as it can be read, so that the whole list adds up
	Faults  []Violation `json:"faults"`
}

// EarlierChange is a row whose grant is here already, with other words or sums.
type EarlierChange struct {
	Line   int          `json:"line"`
	Before EarlierGrant `json:"before"`
	After  EarlierGrant `json:"after"`
}

// Fields are the columns in which the two differ.
func (c EarlierChange) Fields() (names []string) {
	was, is := c.Before.Cells(), c.After.Cells()
	for _, col := range EarlierColumns {
		if was[col.Code] != is[col.Code] {
			names = append(names, col.Code)
		}
	}
	return names
}

// Cells are the grant's cells by column, as a file would have them; its school is known by number.
func (g EarlierGrant) Cells() map[string]string {
	n := func(v int64) string { return strconv.FormatInt(v, 10) }
	return map[string]string{
		"year":         strconv.Itoa(g.Year),
		"round":        g.Round,
		"dnr":          g.DNR,
		"scheme":       g.Scheme,
		"school":       n(g.SchoolID),
		"organisation": g.Organisation,
		"org_no":       g.OrgNo,
		"title":        g.Title,
		"partner":      g.Partner,
		"city":         g.City,
		"country":      g.Country,
		"sister_city":  strconv.FormatBool(g.SisterCity),
		"pupils":       n(g.Pupils),
		"staff":        n(g.Staff),
		"start":        g.Start.String(),
		"end":          g.End.String(),
		"areas":        strings.Join(g.Areas, "; "),
		"requested":    n(g.Requested),
		"granted":      n(g.Granted),
		"paid":         n(g.Paid),
		"repaid":       n(g.Repaid),
		"outcome":      g.Outcome,
		"decided_on":   g.DecidedOn.String(),
		"summary":      g.Summary,
	}
}

// EarlierRow is a row of a file: its line, counted from 1 with the heading, and its cells by column.
type EarlierRow struct {
	Line  int               `json:"line"`
	Cells map[string]string `json:"cells"`
}

// EarlierPlan is what taking in a file would do: the reconciliation that the office looks at first.
type EarlierPlan struct {
	Rows     int             `json:"rows"`
	New      []EarlierGrant  `json:"new"`
	Same     int             `json:"same"`
	Changed  []EarlierChange `json:"changed"`
	Rejected []EarlierReject `json:"rejected"`
	Sums     EarlierSums     `json:"sums"`  // of every row that can be read, new or not
	Years    []EarlierYear   `json:"years"` // the same, year by year
}

// PlanEarlier holds the rows of a file against what was taken in before, by key.
// The same rows against the same grants give the same plan, and a plan that was
// carried out leaves nothing new: so an import can be run again.
func PlanEarlier(rows []EarlierRow, have map[string]EarlierGrant, refs EarlierRefs) EarlierPlan {
	p := EarlierPlan{Rows: len(rows)}
	lines, years := map[string]int{}, map[int]*EarlierYear{}
	for _, row := range rows {
		g, faults := ReadEarlier(row.Cells, refs)
		key := g.Key()
		if first, twice := lines[key]; twice && len(faults) == 0 {
			faults = Violations{{Field: "title", Code: "earlier_twice", Args: map[string]any{"Line": int64(first)}}}
		}
		if len(faults) > 0 {
			p.Rejected = append(p.Rejected, EarlierReject{Line: row.Line, Title: g.Title, Granted: g.Granted, Faults: faults})
			continue
		}
		lines[key] = row.Line
		p.Sums.Add(g)
		if years[g.Year] == nil {
			years[g.Year] = &EarlierYear{Year: g.Year}
		}
		years[g.Year].Add(g)
		before, known := have[key]
		c := EarlierChange{Line: row.Line, Before: before, After: g}
		switch {
		case !known:
			p.New = append(p.New, g)
		case len(c.Fields()) == 0:
			p.Same++
		default:
			p.Changed = append(p.Changed, c)
		}
	}
	for _, y := range years {
		p.Years = append(p.Years, *y)
	}
	slices.SortFunc(p.Years, func(a, b EarlierYear) int { return cmp.Compare(a.Year, b.Year) })
	return p
}
