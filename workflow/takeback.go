package workflow

import "slices"

// undoable are the office's own steps that a wrong click can be taken back
// from, as long as nobody outside was told and nothing has happened since.
// What asks something of the school, or answers it, is told at once.
var undoable = []Action{ActRuleEligibility, ActAssignReviewers, ActSetConsensus, ActRank, ActPropose, ActRemitBack, ActDecide}

// undoDepth is how many steps on end can be taken back, the newest first.
const undoDepth = 4

// Undo is how the case stood before the newest step, so that it can be taken back.
type Undo struct {
	Step   int64  `json:"step"` // the step's version of the case
	Live   int64  `json:"live"` // the version at which it is the newest thing done
	Action Action `json:"action"`
	By     string `json:"by"`
	Before Before `json:"before"`
}

// Before is the part of a case that the office's steps change.
type Before struct {
	State     State       `json:"state"`
	Officer   string      `json:"officer,omitempty"`
	OfficerID int64       `json:"officer_id,omitempty"`
	Eligible  *bool       `json:"eligible,omitempty"`
	Rulings   []Ruling    `json:"rulings,omitempty"`
	Reviews   []Review    `json:"reviews,omitempty"`
	Consensus *Consensus  `json:"consensus,omitempty"`
	Proposal  *Proposal   `json:"proposal,omitempty"`
	Recovery  *Recovery   `json:"recovery,omitempty"`
	Letter    *LetterHold `json:"letter,omitempty"`
	Payments  int         `json:"payments,omitempty"` // how many there were
	Undo      *Undo       `json:"undo,omitempty"`     // the step before, where nothing lay between
}

// Undoable gives the newest step where it is one that can be taken back, whatever was told; else nil.
func (a Application) Undoable() *Undo {
	if a.Undo == nil || a.Undo.Live != a.Version {
		return nil
	}
	return a.Undo
}

// FreshDecision tells whether the newest thing done is the decision itself:
// its letter is not made, and it may still be taken back.
func (a Application) FreshDecision() bool {
	u := a.Undoable()
	return u != nil && u.Action == ActDecide
}

// undoOf keeps how the case stood before a step; nil for steps that are not taken back.
func undoOf(was Application, by Actor, action Action) *Undo {
	if !slices.Contains(undoable, action) || by.Machine {
		return nil
	}
	was = was.Clone()
	b := Before{State: was.State, Officer: was.Officer, OfficerID: was.OfficerID, Eligible: was.Eligible, Rulings: was.Rulings, Reviews: was.Reviews,
		Consensus: was.Consensus, Proposal: was.Proposal, Recovery: was.Recovery, Letter: was.Letter, Payments: len(was.Payments), Undo: was.Undoable()}
	for at, n := &b, 1; at.Undo != nil; at, n = &at.Undo.Before, n+1 {
		if n == undoDepth {
			at.Undo = nil
			break
		}
	}
	return &Undo{Step: was.Version + 1, Live: was.Version + 1, Action: action, By: by.Email, Before: b}
}

// TakeBack undoes the newest step of the office: a wrong click, told to nobody
// outside. It is a step of its own with its reason; the one that is taken back
// stays in the history, and what was to follow from it does not.
type TakeBack struct {
	Reason string `json:"reason"`
}

// Action implements Command.
func (TakeBack) Action() Action { return ActTakeBack }

// may: who can take the step can take it back, at its own level.
func (TakeBack) may(t *turn) error {
	u := t.App.Undoable()
	if u == nil {
		return nil // the guard tells
	}
	if !slices.ContainsFunc(rowsFor(u.Action), func(r Transition) bool { return t.holdsAny(t.by, r.By) }) {
		return Forbidden{Code: "role"}
	}
	if u.Action == ActDecide || u.Action == ActRemitBack {
		c := t.Case
		c.App.Proposal = u.Before.Proposal
		return t.decides(c.DecisionBody())
	}
	return nil
}

// guard: only the newest step, and only what nobody outside has been told or has read.
func (TakeBack) guard(t *turn) error {
	switch u := t.App.Undoable(); {
	case u == nil:
		return Refused{Code: "nothing_to_take_back"}
	case t.Facts.Told:
		return Refused{Code: "told_outside"}
	case t.Facts.Shown:
		return Refused{Code: "shown_outside"}
	}
	return nil
}

func (k *TakeBack) check(t *turn) { t.needText("reason", k.Reason) }

func (k *TakeBack) next(t *turn) State { return t.App.Undo.Before.State }

func (k *TakeBack) apply(t *turn) {
	a, u := &t.App, t.App.Undo
	b := u.Before
	t.note("undone", string(u.Action), "step", u.Step, "by", u.By, "reason", k.Reason)
	t.tellInside(u)
	for _, p := range a.Payments[b.Payments:] { // the decision's own, planned and nothing more
		t.move("released", AccReserved, AccAvailable, p.Sum())
	}
	a.Payments = a.Payments[:b.Payments]
	a.Officer, a.OfficerID, a.Eligible, a.Rulings, a.Reviews = b.Officer, b.OfficerID, b.Eligible, b.Rulings, b.Reviews
	a.Consensus, a.Proposal, a.Recovery, a.Undo = b.Consensus, b.Proposal, b.Recovery, b.Undo
	if u.Action == ActDecide {
		a.Decision, a.Letter, a.Translation = nil, b.Letter, nil
	}
	if a.Undo != nil {
		a.Undo.Live = a.Version + 1
	}
}

// tellInside writes to those of the office whom the step had written to.
func (t *turn) tellInside(u *Undo) {
	switch u.Action {
	case ActAssignReviewers:
		t.relieve(u.Before.Reviews)
		for _, b := range u.Before.Reviews {
			if t.App.ReviewOf(b.Person) == nil { // who was told that the case is no longer theirs
				t.mail("assigned", "person:"+b.Reviewer)
			}
		}
	case ActPropose:
		t.mail("other", "decider")
	case ActRemitBack, ActDecide:
		t.mail("other", "officer")
	}
}
