package handlers

import (
	"fund/workflow"
	"fund/workflow/lang"
)

// statementFacts tell whether the school was heard about a recovery, and its own
// words; none once a recovery was decided without asking.
func statementFacts(l lang.Lang, k workflow.Case) (facts []Fact) {
	r := k.App.Recovery
	if r == nil || r.Proposed == 0 {
		return nil
	}
	x := r.Statement
	if x == nil {
		if r.DecidedAt.IsZero() {
			facts = append(facts, Fact{Term: lang.T(l, "statement.asked"), Value: lang.T(l, "statement.none")})
		}
		return facts
	}
	if x.Reason != "" {
		facts = append(facts, Fact{Term: lang.T(l, "statement.question"), Value: x.Reason})
	}
	if x.Given() {
		return append(facts, Fact{Term: lang.T(l, "statement.given"), Value: x.Text, Note: lang.Date(l, x.GivenAt)})
	}
	return append(facts, Fact{Term: lang.T(l, "statement.asked"), Value: lang.T(l, "statement.by", lang.Args{"Day": lang.LongDay(l, x.DueOn.String())})})
}
