package handlers

import (
	"fund/workflow"
	"fund/workflow/lang"
)

// cancelledFacts tell why a trip did not happen, in the school's own words: the
// cause decides what may be kept (RF-21), and whoever decides reads it first.
func cancelledFacts(l lang.Lang, k workflow.Case) []Fact {
	x := k.App.Cancelled
	if x == nil {
		return nil
	}
	return []Fact{
		{Term: lang.T(l, "registry.state.cancelled"), Value: lang.T(l, "grant.cause."+x.Cause), Note: lang.Date(l, x.At)},
		{Term: lang.T(l, "grant.cancel.what"), Value: x.Reason},
	}
}
