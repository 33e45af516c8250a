package handlers

import (
	"fund/workflow"
	"fund/workflow/lang"
)

// heard says to who decides on a recovery how the school's statement stands, where
// it is still waited for or was not asked.
func heard(l lang.Lang, k workflow.Case, today workflow.Date) string {
	r := k.App.Recovery
	switch {
	case r == nil || !r.DecidedAt.IsZero():
		return ""
	case r.Statement == nil:
		return lang.T(l, "finding.statement_missing", lang.Args{"Days": k.Round.Rules.StatementDays})
	case r.Statement.Waited(today):
		return lang.T(l, "finding.statement_awaited", lang.Args{"Day": lang.Day(l, r.Statement.DueOn.String())})
	}
	return ""
}

// heardNote is heard as a warning.
func heardNote(l lang.Lang, k workflow.Case, today workflow.Date) *Note {
	if wait := heard(l, k, today); wait != "" {
		return &Note{Kind: "warn", Strong: wait}
	}
	return nil
}

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
		note := lang.Date(l, x.GivenAt)
		if !x.ReceivedOn.IsZero() {
			note = lang.T(l, "statement.entered", lang.Args{"Day": lang.Day(l, x.ReceivedOn.String()), "Entered": lang.Date(l, x.GivenAt), "Who": x.EnteredBy})
		}
		return append(facts, Fact{Term: lang.T(l, "statement.given"), Value: x.Text, Note: note})
	}
	word := "statement.by"
	if !r.DecidedAt.IsZero() {
		word = "statement.missing"
	}
	return append(facts, Fact{Term: lang.T(l, "statement.asked"), Value: lang.T(l, word, lang.Args{"Day": lang.LongDay(l, x.DueOn.String())})})
}
