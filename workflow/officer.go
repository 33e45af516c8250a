package workflow

import (
	"strings"
	"time"
)

// AssignOfficer says who prepares a case. An empty address leaves it unassigned.
type AssignOfficer struct {
	Officer string `json:"officer"`
}

// Action implements Command.
func (AssignOfficer) Action() Action { return ActAssignOfficer }

// Names implements naming.
func (k AssignOfficer) Names() []string {
	if strings.TrimSpace(k.Officer) == "" {
		return nil
	}
	return []string{k.Officer}
}

func (k *AssignOfficer) check(t *turn) {
	if strings.TrimSpace(k.Officer) == "" {
		return
	}
	switch p, ok := t.Facts.People[k.Officer]; {
	case !ok || !p.Is(Officer):
		t.fault("officer", "no_officer", "Email", k.Officer)
	case Barred(t.Case, p):
		t.ruleFault("RF-18", "officer", "in_conflict", "Email", k.Officer)
	}
}

func (k *AssignOfficer) apply(t *turn) {
	p := t.Facts.People[k.Officer] // nobody, where the address is empty
	t.App.Officer, t.App.OfficerID = p.Email, p.ID
	t.note("officer", p.Email)
	if p.ID != 0 && p.ID != t.by.ID {
		t.mail("other", "person:"+p.Email)
	}
}

// takeOn makes the first officer who prepares an unassigned case its officer,
// but for one who couldn't be given it (RF-18).
func (t *turn) takeOn() {
	if t.App.OfficerID == 0 && t.by.Is(Officer) && !Barred(t.Case, t.by.Person) {
		t.App.Officer, t.App.OfficerID = t.by.Email, t.by.ID
		t.note("officer", t.by.Email)
	}
}

// Promise is the day by which the step that a case is in was promised, counted
// from since: working days for the check and the reviewers (the round's own
// numbers), the answer's day for a completion, the meeting for what waits for a
// decision. The zero day: nothing is promised.
func Promise(c Case, since time.Time) Date {
	from, r := DateOf(since), c.Round.Rules
	switch c.App.State {
	case Submitted, UnderCheck:
		return AddBankDays(from, r.CheckDays)
	case CompletionRequested:
		return c.App.Completion.DueOn
	case UnderAssessment:
		return AddBankDays(from, r.AssessmentDays)
	case Ranked, Proposed:
		return c.Round.Meeting
	}
	return Date{}
}

// Clock is how long a case has been in its step against what was promised.
type Clock struct {
	Days int  // working days in the step
	Due  Date // zero: nothing promised
	Left int  // days from today to Due, below 0 when it has passed
}

// CaseClock reads the clock of a case today.
func CaseClock(c Case, today Date) Clock {
	due := Promise(c, c.Facts.StateSince)
	k := Clock{Days: BankDaysUntil(DateOf(c.Facts.StateSince), today), Due: due}
	if !due.IsZero() {
		k.Left = today.DaysUntil(due)
	}
	return k
}
