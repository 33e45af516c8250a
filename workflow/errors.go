package workflow

import (
	"errors"
	"fmt"
	"strings"
)

// Why something was not done, in the order in which it is found out
// (contract.md §3): not known to the caller, never this role's, version
// missing or stale, not in this state, not this person's or level's, and last
// a guard or a field.
var (
	ErrNotFound     = errors.New("not found")
	ErrNoVersion    = errors.New("no version given")
	ErrStale        = errors.New("changed since it was read")
	ErrBusy         = errors.New("busy, try again")
	ErrUnauthorised = errors.New("not signed in")
)

// Forbidden says that the action is not this caller's. Code is a word in package lang (forbidden.<code>).
type Forbidden struct {
	Code string
	Args map[string]any
}

func (f Forbidden) Error() string { return "forbidden: " + f.Code }

// WrongState says that the state does not allow the action, and which actions are open to the caller.
type WrongState struct {
	State  State
	Action Action
	Open   []Action
	Of     string // whose state it is: "batch", "round"; "": a case's
}

func (w WrongState) Error() string {
	return fmt.Sprintf("%s is not possible in state %s", w.Action, w.State)
}

// Refused is a guard that failed: a block, an open payment, days not over.
// Code is a word in package lang (refused.<code>).
type Refused struct {
	Code string
	Args map[string]any
}

func (r Refused) Error() string { return "refused: " + r.Code }

// Violation is one thing wrong with what was sent. Code is a word in package
// lang (violation.<code>); Rule is an RF id where one stands behind it.
type Violation struct {
	Field string
	Rule  string
	Code  string
	Args  map[string]any
}

// RuleName is what the API gives as rule: the RF id, or else the code.
func (v Violation) RuleName() string {
	if v.Rule != "" {
		return v.Rule
	}
	return v.Code
}

// Violations are all things wrong with what was sent.
type Violations []Violation

func (v Violations) Error() string {
	parts := make([]string, len(v))
	for i, x := range v {
		parts[i] = x.Field + ": " + x.Code
	}
	return "refused form: " + strings.Join(parts, ", ")
}
