package handlers

import (
	"fund/workflow"
	"fund/workflow/lang"
)

// unsent tells that nobody at the municipality has had the application: what the
// workflow calls withdrawing it is, to its writer, removing a draft.
func unsent(k workflow.Case) bool { return !k.App.IsFiled() }

// caseKey is the key of a word about the case: of a draft that was never sent
// its own, where it has one.
func caseKey(l lang.Lang, k workflow.Case, key string) string {
	if own := key + ".unsent"; unsent(k) && lang.Has(l, own) {
		return own
	}
	return key
}

// caseWord is what caseKey stands for.
func caseWord(l lang.Lang, k workflow.Case, key string) string { return lang.T(l, caseKey(l, k, key)) }

// caseTag is StateTag for who applies, in the words of a removed draft where it is one.
func caseTag(l lang.Lang, k workflow.Case) Tag {
	tag := StateTag(l, k.App.State, true)
	tag.Text = caseWord(l, k, "state.applicant."+string(k.App.State))
	return tag
}
