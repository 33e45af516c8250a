package workflow

import "slices"

// Substitutable are the roles in which somebody may act for another for a while.
var Substitutable = []Role{Officer, Head, Secretary}

// Absence is somebody's time away and who acts instead. Both days count.
type Absence struct {
	Person      Person
	Substitute  Person
	Role        Role
	First, Last Date
	Note        string
}

// CheckAbsence says what is wrong with an absence, or who may not note it: the
// person, a head of office or an administrator does. The substitute works at the
// office and not in finance, as who decides must not pay.
func CheckAbsence(a Absence, by Actor, today Date) error {
	own := by.own()
	if own.ID != a.Person.ID && !own.Is(Head) && !own.Is(Admin) {
		return Forbidden{Code: "role"}
	}
	var v Violations
	fault := func(field, code string) { v = append(v, Violation{Field: field, Code: code}) }
	if !slices.Contains(Substitutable, a.Role) || !a.Person.Is(a.Role) {
		fault("role", "choice")
	}
	switch p := a.Substitute; {
	case p.ID == 0 || !p.Office() || p.Is(Finance1) || p.Is(Finance2) || p.Is(Auditor):
		fault("substitute", "no_substitute")
	case p.ID == a.Person.ID:
		fault("substitute", "twice_same")
	}
	switch {
	case a.First.IsZero():
		fault("first", "required")
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
