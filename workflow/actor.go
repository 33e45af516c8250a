package workflow

import "slices"

// Role is what a person is in the service.
type Role string

// The roles (contract.md §2). A person may hold several.
const (
	Teacher   Role = "teacher"
	Principal Role = "principal"
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
var Roles = []Role{Teacher, Principal, Officer, Reviewer, Head, Secretary, Finance1, Finance2, Registrar, Auditor, Admin, External}

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
	Machine bool `json:"machine,omitempty"`
}

// Machine is the program acting on its own; no grant, refusal, change, lapse or
// recovery may be its (KL 6:38).
func Machine() Actor { return Actor{Machine: true} }

// Act makes a person the one who asks.
func Act(p Person) Actor { return Actor{Person: p} }
