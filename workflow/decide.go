package workflow

import (
	"errors"
	"slices"
	"time"
)

// Versions that a caller may give instead of the one it saw.
const (
	AnyVersion int64 = 0  // as it is now: jobs, and people's own assessments
	NoVersion  int64 = -1 // none was given: refused (428)
)

// ownAssessment are the actions that touch only the caller's own part and need no version.
var ownAssessment = []Action{ActSaveReview, ActSubmitReview, ActDeclareInterest}

// Decide says what a command by this actor leads to at this moment, or why it
// is not done. It asks in the contract's order: may the caller know of the
// case (ErrNotFound), is the action ever this role's (Forbidden), is the
// version the present one (ErrNoVersion, ErrStale), does the state allow it
// (WrongState), is it this person's and level's (Forbidden), do the guards
// hold (Refused), and is the body right (Violations). The case is not changed.
func Decide(c Case, by Actor, cmd Command, seen int64, at time.Time) (Outcome, error) {
	action := cmd.Action()
	by = by.On(DateOf(at))
	if !Sees(c, by) && !(action == ActDeclareInterest && by.Office() && c.App.IsFiled() && !c.App.InConflict(by.ID)) &&
		!(action == ActHandOver && MayHandOver(c, by)) {
		return Outcome{}, ErrNotFound
	}
	rows := rowsFor(action)
	if len(rows) == 0 {
		return Outcome{}, ErrNotFound
	}
	mine := slices.DeleteFunc(rows, func(t Transition) bool { return !c.holdsAny(by, t.By) })
	if len(mine) == 0 {
		return Outcome{}, Forbidden{Code: "role"}
	}
	if !slices.Contains(ownAssessment, action) {
		if seen == NoVersion {
			return Outcome{}, ErrNoVersion
		}
		if seen != AnyVersion && seen != c.App.Version {
			return Outcome{}, ErrStale
		}
	}
	row, ok := rowIn(mine, c.App.State)
	if !ok {
		return Outcome{}, WrongState{State: BlindFor(c, by).App.State, Action: action, Open: Allowed(BlindFor(c, by), by, at)}
	}
	c.App = c.App.Clone() // what is applied below must not reach the caller's copy
	t := newTurn(c, by, at)
	t.body, t.acting = true, c.actingFor(by, mine, cmd, at)
	if err := t.open(cmd); err != nil {
		var wrong WrongState
		if errors.As(err, &wrong) {
			wrong.Open = Allowed(c, by, at) // a command that knows of the state alone does not know these
			return Outcome{}, wrong
		}
		return Outcome{}, err
	}
	if k, ok := cmd.(checked); ok {
		k.check(t)
	}
	if len(t.faults) > 0 {
		return Outcome{}, t.faults
	}
	if x := t.acting; x != nil {
		if action == ActDecide && c.App.Proposal != nil && c.App.Proposal.By == by.Email {
			return Outcome{}, Forbidden{Code: "four_eyes"} // nobody decides for another on a proposal of their own
		}
		t.note("acting_for", x.For, "acting_role", string(x.Role))
	}
	from := t.App.State
	t.from = from
	if k, ok := cmd.(branching); ok {
		t.App.State = k.next(t)
	} else if len(row.To) == 1 {
		t.App.State = row.To[0]
	}
	undo := undoOf(c.App, by, action)
	if k, ok := cmd.(applied); ok {
		k.apply(t)
	}
	if action != ActTakeBack { // which leads back to the step before
		t.App.Undo = undo
	}
	t.App.Version++
	event := Event{At: at, Actor: by.ID, By: by.Email, Action: action, From: from, To: t.App.State, Data: t.data}
	return Outcome{App: t.App, Event: event, Jobs: t.jobs, Entries: t.ledger, Filed: t.filed}, nil
}

// Allowed lists the actions of people that this caller could take now: by
// role, state, level and guards. What the body must hold is not asked.
func Allowed(c Case, by Actor, at time.Time) []Action {
	list := []Action{}
	by = by.On(DateOf(at))
	if !Sees(c, by) {
		return list
	}
	for _, action := range Public() {
		for _, row := range rowsFor(action) {
			if !c.holdsAny(by, row.By) || !slices.Contains(row.From, c.App.State) {
				continue
			}
			if newTurn(c, by, at).open(NewCommand(action)) == nil {
				list = append(list, action)
			}
			break
		}
	}
	return list
}

// NotOpen is why a step isn't open to this caller now, whatever its body holds: by role,
// state, person, level or guard. Nil where it is open.
func NotOpen(c Case, by Actor, action Action, at time.Time) error {
	by = by.On(DateOf(at))
	mine := slices.DeleteFunc(rowsFor(action), func(t Transition) bool { return !c.holdsAny(by, t.By) })
	if len(mine) == 0 {
		return Forbidden{Code: "role"}
	}
	seen := BlindFor(c, by)
	if _, ok := rowIn(mine, c.App.State); !ok {
		return WrongState{State: seen.App.State, Action: action, Open: Allowed(seen, by, at)}
	}
	err := newTurn(c, by, at).open(NewCommand(action))
	var wrong WrongState
	if errors.As(err, &wrong) {
		wrong.Open = Allowed(seen, by, at)
		return wrong
	}
	return err
}

// open asks for person and level, and then for the guards.
func (t *turn) open(cmd Command) error {
	if k, ok := cmd.(personal); ok {
		if err := k.may(t); err != nil {
			return err
		}
	}
	if k, ok := cmd.(guarded); ok {
		return k.guard(t)
	}
	return nil
}

func newTurn(c Case, by Actor, at time.Time) *turn {
	return &turn{Case: c, by: by, at: at}
}

func rowsFor(a Action) (rows []Transition) {
	for _, t := range Transitions {
		if t.Action == a {
			rows = append(rows, t)
		}
	}
	return rows
}

func rowIn(rows []Transition, s State) (Transition, bool) {
	for _, t := range rows {
		if slices.Contains(t.From, s) {
			return t, true
		}
	}
	return Transition{}, false
}

func (c Case) holdsAny(by Actor, who []Who) bool {
	return slices.ContainsFunc(who, func(w Who) bool { return c.holds(by, w) })
}

// holds tells whether the actor has the role, or the relation to this case.
func (c Case) holds(by Actor, w Who) bool {
	if by.Machine {
		return w == ByMachine
	}
	switch w {
	case ByMachine:
		return false
	case ByApplicant:
		return c.App.IsApplicant(by.Person)
	case ByPrincipal:
		return by.At(Principal, c.App.SchoolID)
	case ByEconomist:
		return by.At(Economist, c.App.SchoolID)
	case ByReviewer:
		return c.App.ReviewOf(by.ID) != nil
	case ByOffice:
		return by.Office()
	}
	return by.Is(Role(w))
}

// IsApplicant tells whether the person applies: who drafted it, the co-writers,
// and on a paper application every teacher of the school or the organisation's people.
func (a Application) IsApplicant(p Person) bool {
	if p.ID != 0 && (a.ApplicantID == p.ID && a.Channel != "paper" || slices.Contains(a.Writers, p.ID)) {
		return true
	}
	if a.Channel != "paper" {
		return false
	}
	return p.At(Teacher, a.SchoolID) || p.Is(External) && SameOrg(p.OrgNo, a.OrgNo)
}
