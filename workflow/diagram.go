package workflow

import (
	"fmt"
	"slices"
	"strings"
)

// crowded is from how many states an action must lead to be told in a note
// instead of drawn: withdrawing and a court's judgment would cover everything else.
const crowded = 6

// Diagram draws the table as a Mermaid state diagram: an arrow for each step
// from one state to another, with the actions that take it; what the program
// does by itself has a star. Steps that keep the state are told in docs/workflow.md.
func Diagram() string {
	type arrow struct{ from, to State }
	words := map[arrow][]string{}
	var notes strings.Builder
	for _, row := range Transitions {
		word := string(row.Action)
		if slices.Equal(row.By, []Who{ByMachine}) {
			word += "*"
		}
		for _, to := range row.To {
			from := slices.DeleteFunc(slices.Clone(row.From), func(s State) bool { return s == to || !leads(row.Action, s) })
			if len(from) > crowded {
				fmt.Fprintf(&notes, "    note right of %s: %s from %s\n", to, word, names(from))
				continue
			}
			for _, s := range from {
				if k := (arrow{s, to}); !slices.Contains(words[k], word) {
					words[k] = append(words[k], word)
				}
			}
		}
	}
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    [*] --> draft\n")
	for _, from := range States {
		for _, to := range States {
			if list := words[arrow{from, to}]; len(list) > 0 {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, strings.Join(list, ", "))
			}
		}
	}
	return b.String() + "    closed --> [*]\n" + notes.String()
}

func names(list []State) string {
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = string(s)
	}
	return strings.Join(parts, ", ")
}

// leads tells whether an action that may keep the state or leave it leaves it
// from here: a few commands leave only some of the states in their row.
func leads(a Action, from State) bool {
	switch a {
	case ActSave: // a change of money voids the approval
		return from == Approved
	case ActDecideRecovery: // only where no report came, or no answer to one
		return unreported(from)
	case ActMovePayment: // the first payment; later ones keep the state
		return from == ConditionsAccepted || from == Payable
	}
	return true
}
