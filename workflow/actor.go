package workflow

import (
	"slices"
	"time"
)

// Role is what a person is in the service.
type Role string

// The roles (contract.md §2). A person may hold several.
const (
	Teacher   Role = "teacher"
	Principal Role = "principal"
	Economist Role = "economist" // a school's, who may approve the money of its reports (domain 9.4)
	Officer   Role = "officer"
	Reviewer  Role = "reviewer"
	Head      Role = "head"
	Secretary Role = "secretary"
	Finance1  Role = "finance1"
	Finance2  Role = "finance2"
	Registrar Role = "registrar"
	Auditor   Role = "auditor"
	Admin     Role = "admin"
	External  Role = "external"
)

// Roles lists all of them.
var Roles = []Role{Teacher, Principal, Economist, Officer, Reviewer, Head, Secretary, Finance1, Finance2, Registrar, Auditor, Admin, External}

// AtSchool tells whether the role is always held at a school.
func (r Role) AtSchool() bool { return r == Teacher || r == Principal || r == Economist }

// RoleAt is a role, at a school where it belongs to one.
type RoleAt struct {
	Role   Role  `json:"role"`
	School int64 `json:"school,omitempty"`
}

// Person is somebody with an account. OrgNo is set for people of outside organisations.
type Person struct {
	ID    int64    `json:"id"`
	Email string   `json:"email"`
	Name  string   `json:"name"`
	OrgNo string   `json:"org_no,omitempty"`
	Roles []RoleAt `json:"roles"`

	// Protected identity (OSL 21:3, 22:1): called by what they do, and reached at a role address.
	Protected bool `json:"protected_identity,omitempty"`

	// AttestMax is the largest batch that the person may attest, in kronor; nil: no limit.
	AttestMax *int64 `json:"-"`
}

// Is tells whether the person holds the role anywhere.
func (p Person) Is(r Role) bool {
	return slices.ContainsFunc(p.Roles, func(x RoleAt) bool { return x.Role == r })
}

// At tells whether the person holds the role at the school.
func (p Person) At(r Role, school int64) bool {
	return school != 0 && slices.Contains(p.Roles, RoleAt{r, school})
}

// Belongs tells whether the person has any role at the school.
func (p Person) Belongs(school int64) bool {
	return school != 0 && slices.ContainsFunc(p.Roles, func(x RoleAt) bool { return x.School == school })
}

// Office tells whether the person works for the fund rather than for a school.
func (p Person) Office() bool {
	return slices.ContainsFunc(p.Roles, func(x RoleAt) bool { return slices.Contains(OfficeRoles, x.Role) })
}

// OfficeRoles are the roles of those who work for the fund.
var OfficeRoles = []Role{Officer, Reviewer, Head, Secretary, Finance1, Finance2, Registrar, Auditor, Admin}

// Actor is who asks: a person, or the program itself.
type Actor struct {
	Person
	Machine bool     `json:"machine,omitempty"`
	Acting  []Acting `json:"acting,omitempty"` // whose work this person does as well, today
}

// Acting is a role held for somebody who is away; a principal's is held at one
// school. Both days count (Europe/Stockholm).
type Acting struct {
	Role        Role   `json:"role"`
	School      int64  `json:"school,omitempty"`
	For         string `json:"for"` // address
	First, Last Date   `json:"-"`
	Lender      Person `json:"-"` // who is away
}

func (x Acting) at() RoleAt { return RoleAt{Role: x.Role, School: x.School} }

// holds tells whether the role is lent on the day.
func (x Acting) holds(day Date) bool { return !day.Before(x.First) && !day.After(x.Last) }

// ActFor gives a person the roles of those who are away on the day beside their own.
func ActFor(p Person, acting []Acting, day Date) Actor {
	a := Actor{Person: p}
	a.Roles = slices.Clone(p.Roles)
	for _, x := range acting {
		if !x.holds(day) || x.School == 0 && p.Is(x.Role) || slices.Contains(p.Roles, x.at()) {
			continue // over, to come, or theirs anyway
		}
		a.Acting = append(a.Acting, x)
		if !slices.Contains(a.Roles, x.at()) {
			a.Roles = append(a.Roles, x.at())
		}
	}
	return a
}

// On is the actor with the roles that are lent on the day: a request that began
// before midnight and had its turn after it has those of the new day.
func (a Actor) On(day Date) Actor {
	if !slices.ContainsFunc(a.Acting, func(x Acting) bool { return !x.holds(day) }) {
		return a
	}
	on := ActFor(a.Own().Person, a.Acting, day)
	on.Machine = a.Machine
	return on
}

// Own is the actor without the roles held for others. Nobody hands on what is
// lent to them: who names an economist or a substitute does it in an own role.
func (a Actor) Own() Actor {
	if len(a.Acting) == 0 {
		return a
	}
	own := a
	own.Acting = nil
	own.Roles = slices.DeleteFunc(slices.Clone(a.Roles), func(r RoleAt) bool {
		return slices.ContainsFunc(a.Acting, func(x Acting) bool { return r == x.at() })
	})
	return own
}

// lent is the address of whose role the actor uses where none of these is their own; "" where one is.
func (a Actor) lent(roles ...Role) string {
	if slices.ContainsFunc(roles, a.Own().Is) {
		return ""
	}
	for _, x := range a.Acting {
		if slices.Contains(roles, x.Role) {
			return x.For
		}
	}
	return ""
}

// actingFor tells for whom an action is taken: the rows of this state that let the
// actor in, without the roles that are held for others. nil: the role is their own.
func (c Case) actingFor(by Actor, rows []Transition, cmd Command, at time.Time) *Acting {
	if len(by.Acting) == 0 {
		return nil
	}
	rows = slices.DeleteFunc(slices.Clone(rows), func(r Transition) bool { return !slices.Contains(r.From, c.App.State) })
	own := newTurn(c, by.Own(), at)
	if slices.ContainsFunc(rows, func(r Transition) bool { return c.holdsAny(own.by, r.By) }) {
		k, ok := cmd.(personal)
		if !ok || k.may(own) == nil {
			return nil
		}
	}
	for i, x := range by.Acting {
		if c.neverLent(x, cmd.Action()) {
			continue
		}
		as := own.by
		as.Roles = append(slices.Clone(as.Roles), x.at())
		if slices.ContainsFunc(rows, func(r Transition) bool { return c.holdsAny(as, r.By) }) {
			return &by.Acting[i]
		}
	}
	return nil
}

// ApprovesFor tells for whom the actor would answer now; nil where it is their own
// role, or nothing waits.
func ApprovesFor(c Case, by Actor, at time.Time) *Acting {
	by = by.On(DateOf(at))
	if !slices.Contains(Allowed(c, by, at), ActApprove) {
		return nil
	}
	return c.actingFor(by, rowsFor(ActApprove), &Approve{}, at)
}

// neverLent tells whether somebody has nothing to lend: who applies, or filed the
// report, may not approve it, and so may not have it approved on their behalf (RF-02).
func (c Case) neverLent(x Acting, action Action) bool {
	if x.Role != Principal || action != ActApprove && action != ActReturn {
		return false
	}
	return c.App.IsApplicant(x.Lender) || c.App.State == ReportSubmitted && c.App.Report != nil && c.App.Report.By != "" && c.App.Report.By == x.For
}

// Machine is the program acting on its own; no grant, refusal, change, lapse or
// recovery may be its (KL 6:38).
func Machine() Actor { return Actor{Machine: true} }

// Act makes a person the one who asks.
func Act(p Person) Actor { return Actor{Person: p} }
