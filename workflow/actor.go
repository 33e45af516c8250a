package workflow

import "slices"

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
	return slices.ContainsFunc(p.Roles, func(x RoleAt) bool { return slices.Contains(officeRoles, x.Role) })
}

var officeRoles = []Role{Officer, Reviewer, Head, Secretary, Finance1, Finance2, Registrar, Auditor, Admin}

// Actor is who asks: a person, or the program itself.
type Actor struct {
	Person
	Machine bool     `json:"machine,omitempty"`
	Acting  []Acting `json:"acting,omitempty"` // whose work this person does as well, today
}

// Acting is a role held for somebody who is away.
type Acting struct {
	Role Role   `json:"role"`
	For  string `json:"for"` // address
}

// ActFor gives a person the roles of those who are away beside their own.
func ActFor(p Person, acting []Acting) Actor {
	a := Actor{Person: p}
	a.Roles = slices.Clone(p.Roles)
	for _, x := range acting {
		if p.Is(x.Role) {
			continue // it is theirs anyway
		}
		a.Acting = append(a.Acting, x)
		if !a.Is(x.Role) {
			a.Roles = append(a.Roles, RoleAt{Role: x.Role})
		}
	}
	return a
}

// own is the actor without the roles held for others.
func (a Actor) own() Actor {
	own := a
	own.Acting = nil
	own.Roles = slices.DeleteFunc(slices.Clone(a.Roles), func(r RoleAt) bool {
		return slices.ContainsFunc(a.Acting, func(x Acting) bool { return r == RoleAt{Role: x.Role} })
	})
	return own
}

// actingFor tells for whom an action was taken: the rows that let this actor
// in, without the roles that are held for others. nil: the role is their own.
func (c Case) actingFor(by Actor, rows []Transition, cmd Command, t *turn) *Acting {
	if len(by.Acting) == 0 {
		return nil
	}
	own := newTurn(c, by.own(), t.at)
	if slices.ContainsFunc(rows, func(r Transition) bool { return c.holdsAny(by.own(), r.By) }) {
		k, ok := cmd.(personal)
		if !ok || k.may(own) == nil {
			return nil
		}
	}
	for i := range by.Acting {
		as := own.by
		as.Roles = append(slices.Clone(as.Roles), RoleAt{Role: by.Acting[i].Role})
		if slices.ContainsFunc(rows, func(r Transition) bool { return c.holdsAny(as, r.By) }) {
			return &by.Acting[i]
		}
	}
	return nil
}

// Machine is the program acting on its own; no grant, refusal, change, lapse or
// recovery may be its (KL 6:38).
func Machine() Actor { return Actor{Machine: true} }

// Act makes a person the one who asks.
func Act(p Person) Actor { return Actor{Person: p} }
