package notice

import (
	"fund/workflow"
	"fund/workflow/lang"
)

// RoundName is what a round is called in a language.
func RoundName(l lang.Lang, r workflow.Round) string {
	if l == lang.EN {
		return r.English()
	}
	return r.Name
}
