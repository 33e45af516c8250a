package workflow

import (
	"fmt"
	"slices"
	"strings"
)

// DelegationItem is one version of an item of the delegation order (KL 6:37–40,
// 7:5–8): what may be decided on it, up to which sum, from and until when. An
// item that was used is never edited: a new version follows it.
type DelegationItem struct {
	ID       int64    `json:"id"`
	Number   string   `json:"number"`            // as decisions name it
	TextSV   string   `json:"text_sv"`           // what it is about
	TextEN   string   `json:"text_en"`           //
	Schemes  []string `json:"schemes,omitempty"` // none: all
	Outcomes []string `json:"outcomes,omitempty"`
	Limit    *int64   `json:"limit"`              // whole kronor, of the higher of asked for and granted; nil: only the rules' own (RF-17)
	Holder   string   `json:"holder"`             // whose it is, in words
	SubTo    string   `json:"sub_to,omitempty"`   // whom the holder has passed it on to; empty: nobody
	From     Date     `json:"valid_from"`         //
	Until    Date     `json:"valid_to,omitempty"` // its last day; zero: until further notice
}

// DelegationOutcomes are the kinds of decision that an item can be about.
var DelegationOutcomes = []string{Granted, PartiallyGranted, Rejected, Dismissed}

// ValidOn tells whether decisions of that day can name the item.
func (d DelegationItem) ValidOn(day Date) bool {
	return !day.Before(d.From) && (d.Until.IsZero() || !day.After(d.Until))
}

// Misfit says why a decision can't name the item; nil: it can. sum is the
// higher of what was asked for and what is granted.
func (d DelegationItem) Misfit(scheme, outcome string, sum int64, day Date) *Violation {
	args := map[string]any{"Number": d.Number}
	code := ""
	switch {
	case !d.ValidOn(day):
		code, args["Day"] = "item_not_valid", day.String()
	case len(d.Schemes) > 0 && !slices.Contains(d.Schemes, scheme):
		code = "item_other_scheme"
	case len(d.Outcomes) > 0 && outcome != "" && !slices.Contains(d.Outcomes, outcome):
		code = "item_other_outcome"
	case d.Limit != nil && sum > *d.Limit:
		code, args["Max"] = "item_over_limit", *d.Limit
	default:
		return nil
	}
	return &Violation{Field: "delegation_item", Rule: "RF-17", Code: code, Args: args}
}

// Check lists what is wrong with an item before it is kept.
func (d DelegationItem) Check() (v Violations) {
	need := func(field, text string) {
		if strings.TrimSpace(text) == "" {
			v = append(v, Violation{Field: field, Code: "required"})
		}
	}
	need("number", d.Number)
	need("text_sv", d.TextSV)
	need("text_en", d.TextEN)
	need("holder", d.Holder)
	if d.From.IsZero() {
		v = append(v, Violation{Field: "valid_from", Code: "required"})
	}
	if !d.Until.IsZero() && d.Until.Before(d.From) {
		v = append(v, Violation{Field: "valid_to", Code: "dates_order"})
	}
	if d.Limit != nil && *d.Limit < 0 {
		v = append(v, Violation{Field: "limit", Code: "negative"})
	}
	for i, o := range d.Outcomes {
		if !slices.Contains(DelegationOutcomes, o) {
			v = append(v, Violation{Field: fmt.Sprintf("outcomes[%d]", i), Code: "choice"})
		}
	}
	return v
}

// checkItem: an item that the order knows must fit the decision; one that it
// does not know is taken as it is written.
func (t *turn) checkItem(k *DecideGrant) {
	number := strings.TrimSpace(k.DelegationItem)
	if number == "" {
		t.ruleFault("RF-17", "delegation_item", "required")
		return
	}
	var wrong *Violation
	for _, d := range t.Facts.Delegation {
		if d.Number != number {
			continue
		}
		x := d.Misfit(t.App.Scheme, k.Outcome, max(t.App.LastRequested(), k.Amount), t.today())
		if x == nil {
			return
		}
		if wrong == nil || d.ValidOn(t.today()) { // of several versions, today's says why not
			wrong = x
		}
	}
	if wrong != nil {
		t.faults = append(t.faults, *wrong)
	}
}
