package workflow

import "slices"

// Substitutable are the office's roles in which somebody may act for another for a
// while. A principal's substitute is named for one school, on a page of their own.
var Substitutable = []Role{Officer, Head, Secretary}

// Absence is somebody's time away and who acts instead. Both days count
// (Europe/Stockholm). School is set where a principal is away, and only there.
type Absence struct {
	Person      Person
	Substitute  Person
	Role        Role
	School      int64
	First, Last Date
	Note        string
}

// longestAbsence is how many days a principal's substitute has at most: a year,
// also a leap year. Who leads a school for longer is its principal.
const longestAbsence = 366

// MayNoteAbsence tells whether somebody says that the person is away: themselves,
// in an own role, a head of office or an administrator.
func MayNoteAbsence(by Actor, person int64) bool {
	own := by.Own()
	return own.ID == person || own.Is(Head) || own.Is(Admin)
}

// CheckAbsence says what is wrong with an absence, or who may not note it. The
// office's substitute works at the office and not in finance, as who decides must
// not pay; a principal's works for a school and not for the fund, as who assesses
// must not apply.
func CheckAbsence(a Absence, by Actor, today Date) error {
	if !MayNoteAbsence(by, a.Person.ID) {
		return Forbidden{Code: "role"}
	}
	var v Violations
	fault := func(field, code string) { v = append(v, Violation{Field: field, Code: code}) }
	if a.Role == Principal {
		a.checkPrincipal(fault, today)
	} else {
		a.checkOffice(fault)
	}
	if a.First.IsZero() {
		fault("first", "required")
	}
	switch {
	case a.Last.IsZero():
		fault("last", "required")
	case a.Last.Before(a.First):
		fault("last", "dates_order")
	case a.Last.Before(today):
		fault("last", "in_past")
	}
	if len(v) > 0 {
		return v
	}
	return nil
}

func (a Absence) checkOffice(fault func(field, code string)) {
	switch {
	case !slices.Contains(Substitutable, a.Role):
		fault("role", "choice")
	case !a.Person.Is(a.Role):
		fault("role", "role_not_held")
	}
	switch p := a.Substitute; {
	case p.ID == 0 || !p.Office() || p.Is(Finance1) || p.Is(Finance2) || p.Is(Auditor):
		fault("substitute", "no_substitute")
	case p.ID == a.Person.ID:
		fault("substitute", "twice_same")
	}
}

func (a Absence) checkPrincipal(fault func(field, code string), today Date) {
	if !a.Person.At(Principal, a.School) {
		fault("school", "choice")
	}
	switch p := a.Substitute; {
	case p.ID == 0:
		fault("name", "unknown_substitute")
	case p.ID == a.Person.ID:
		fault("substitute", "twice_same")
	case p.Office():
		fault("substitute", "substitute_of_fund")
	case p.Is(External):
		fault("substitute", "substitute_outside")
	case p.At(Principal, a.School):
		fault("substitute", "principal_already")
	}
	switch {
	case a.First.IsZero() || a.Last.IsZero() || a.Last.Before(a.First):
	case a.First.Before(today) && !a.Last.Before(today):
		fault("first", "in_past") // nobody substituted on days that are over
	case a.First.AddDays(longestAbsence - 1).Before(a.Last):
		fault("last", "over_a_year")
	}
}
