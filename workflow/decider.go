package workflow

// Decision bodies (RF-17).
const (
	Delegate  = "DELEGATE"
	Committee = "COMMITTEE"
	Board     = "BOARD"
	ByItself  = "OFFICER" // the officer, for small changes (RF-20)
)

// DecisionBody is who decides (RF-17): by the higher of the last requested and
// the proposed sum; the scheme may name one whatever the sum. With the head in
// conflict the case goes up.
func (c Case) DecisionBody() string {
	if c.App.Decision != nil {
		return c.App.Decision.Body
	}
	sum := c.App.LastRequested()
	if c.App.Proposal != nil {
		sum = max(sum, c.App.Proposal.Amount)
	}
	return c.bodyFor(sum)
}

// BodyOf is who takes a step that is a decision: an open change's level (RF-20), a claim's by
// the proposed sum (RF-17), of all others who decides the grant.
func (c Case) BodyOf(a Action) string {
	switch change := c.App.ChangeOpen(); {
	case a == ActDecideChange && change != nil && change.Level == ByItself:
		return ByItself
	case a == ActDecideChange && change != nil && c.App.Decision != nil:
		return c.changeBody()
	case a == ActDecideRecovery && c.App.Recovery != nil:
		return c.bodyFor(c.App.Recovery.Proposed)
	}
	return c.DecisionBody()
}

// SentUp tells whether the committee decides only because the head of office is in conflict.
func (c Case) SentUp() bool {
	if !c.Facts.HeadConflict {
		return false
	}
	c.Facts.HeadConflict = false
	return c.DecisionBody() == Delegate
}

// BodyFor is who would decide if this sum were proposed.
func (c Case) BodyFor(sum int64) string { return c.bodyFor(max(sum, c.App.LastRequested())) }

func (c Case) bodyFor(sum int64) string {
	body := c.Scheme.Body
	if body == "" {
		body = Committee
		if sum <= c.Round.Rules.DelegationLimit {
			body = Delegate
		}
	}
	if body == Delegate && c.Facts.HeadConflict {
		return Committee
	}
	return body
}
