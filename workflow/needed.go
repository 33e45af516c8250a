package workflow

import (
	"encoding/json"
	"fmt"
)

// needed are the answers of yes or no that a body must give itself: left out, one
// would be read as no, and nobody has said that. The others are asked for where
// they are judged.
var needed = map[Action][]string{
	ActRuleEligibility: {"eligible"},
	ActDeclareInterest: {"conflict"},
}

// unanswered lists the answers that are missing from an action's body.
func unanswered(a Action, body []byte) (v Violations) {
	fields := needed[a]
	if len(fields) == 0 {
		return nil
	}
	var tree map[string]json.RawMessage
	if len(body) > 0 {
		if err := json.Unmarshal(body, &tree); err != nil {
			return Violations{{Code: "json"}}
		}
	}
	given := func(at map[string]json.RawMessage, field, path string) {
		if x, ok := at[field]; !ok || string(x) == "null" {
			v = append(v, Violation{Field: path, Code: "required"})
		}
	}
	for _, field := range fields {
		given(tree, field, field)
	}
	if a != ActRuleEligibility {
		return v
	}
	var rulings []map[string]json.RawMessage
	if err := json.Unmarshal(tree["rulings"], &rulings); err != nil {
		return v // absent, or judged already
	}
	for i, r := range rulings {
		given(r, "met", fmt.Sprintf("rulings[%d].met", i))
	}
	return v
}
