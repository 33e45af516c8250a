package workflow

import "time"

// Case is everything that Decide may look at: the application, its round with
// the rules in force, the school and the facts around it. It is read in one go.
type Case struct {
	App    Application
	Round  Round
	Scheme Scheme
	School *School
	Facts  Facts
	// Earlier is set for a grant from before this service; nil for every case of its own.
	Earlier *Earlier
}

// Facts are what other rows say about this case at this moment.
type Facts struct {
	Blocked      bool              `json:"blocked"`       // RF-12: the school, or the organisation, has an overdue report
	HeadConflict bool              `json:"head_conflict"` // every head of office is in conflict here
	Writers      []string          `json:"-"`             // names of the co-writers
	Available    int64             `json:"available"`     // whole kronor left in the round's budget
	SchoolGrants int               `json:"school_grants"` // other granted applications of the school in the round (RF-08)
	PaidBefore   bool              `json:"paid_before"`   // another case of the school or organisation has been paid; told only while a report may be filed
	SpotSeed     string            `json:"-"`             // the secret of the round's spot checks, in hexadecimal; while a report may be filed
	People       map[string]Person `json:"people"`        // those that the command names, by address
	Conflicts    map[string]string `json:"conflicts"`     // of those, who may not handle the case, and why (computed), by their own address
	NextDNR      string            `json:"next_dnr"`      // the number that a filing gets
	Colleagues   int               `json:"colleagues"`    // other principals than the applicant at the school
	StateSince   time.Time         `json:"state_since"`   // when the case came into its present state
	Delegation   []DelegationItem  `json:"delegation"`    // the delegation order, every version of each item; when a decision is made
	Told         bool              `json:"told"`          // what the step that could be taken back led to has reached somebody outside
	MeetingHold  string            `json:"meeting_hold"`  // why the letters of the meeting that decides wait; when a decision is made
	ItemsTaken   []int             `json:"-"`             // paragraphs that other matters have at the meeting that a command names
	Shown        bool              `json:"shown"`         // the applicant, or a principal of the school, has read the decision that could be taken back
}

// School is a school unit of the register.
type School struct {
	ID           int64  `json:"id"`
	Name         string `json:"name"`
	Slug         string `json:"slug"`
	UnitCode     string `json:"school_unit_code"`
	Level        string `json:"level"`
	Operator     string `json:"operator"` // kommunal | fristående | extern
	OperatorName string `json:"operator_name"`
	OperatorOrg  string `json:"operator_org_no"`
	Town         string `json:"town"`
	CostCentre   string `json:"cost_centre"`
	ActiveFrom   Date   `json:"active_from"`
	ActiveTo     Date   `json:"active_to"`
}

// Municipal tells whether the school is the municipality's own.
func (s *School) Municipal() bool { return s != nil && s.Operator == "kommunal" }

// Level gives the school form, or extern_aktor for an organisation.
func (c Case) Level() string {
	if c.School == nil {
		if c.App.OrgNo != "" || c.App.Form.Applicant.Organisation != "" {
			return "extern_aktor"
		}
		return ""
	}
	return c.School.Level
}
