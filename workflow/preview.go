package workflow

import "time"

// PreviewDecision is the case as it would stand after a decision with these
// words, for showing its letter before anybody decides. It asks what the body
// must hold and neither person nor guard, and nothing of it is stored.
func PreviewDecision(c Case, by Actor, k DecideGrant, at time.Time) (Case, Violations) {
	c.App = c.App.Clone()
	t := newTurn(c, by, at)
	t.body = true
	t.checkWords(&k.Propose)
	if len(t.faults) > 0 {
		return c, t.faults
	}
	if t.App.Proposal == nil {
		t.App.Proposal = &Proposal{Outcome: k.Outcome, Amount: k.Amount, By: by.Email, At: at}
	}
	if t.DecisionBody() == Delegate {
		k.Meeting = nil
	} else if k.Meeting == nil {
		k.Meeting = &Meeting{Date: c.Round.Meeting} // not held yet
	}
	k.apply(t)
	t.App.State = Decided
	if !by.Is(Head) && !by.Is(Secretary) {
		t.App.Decision.DecidedBy = "" // not known yet
	}
	return t.Case, nil
}
