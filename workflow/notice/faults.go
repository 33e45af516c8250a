package notice

import (
	"regexp"
	"strings"
)

// Fault is a place of a letter that keeps it from being sent: nothing stands
// there, or a place in its words that nothing came into.
type Fault struct {
	Where string // heading or label, for people
	Text  string // what stands there
	Field string // the decision's own field that the words come from: text, child; "" where they are the letter's
	Key   string // the office's own words that it stands in (IsText); "" where it stands in none
}

// String is where the fault is and what stands there, with places written as they are in words.
func (f Fault) String() string {
	if text := strings.TrimSpace(f.Text); text != "" {
		return f.Where + ": " + hole.ReplaceAllString(text, "{{.$1}}")
	}
	return f.Where
}

// hole is a place that nothing came into.
var hole = regexp.MustCompile(`⟦([^⟧]*)⟧`)

// ownAt gives the key of the office's own words with a hole that stand in the
// text: the program's words are tested, theirs may be older than it.
func (n Notice) ownAt(text string) string {
	for words, key := range n.holes {
		if strings.Contains(text, words) {
			return key
		}
	}
	return ""
}

// Faults lists what keeps a notice from being sent: a place that no word came
// into, and a part that is empty.
func (n Notice) Faults() (faults []Fault) {
	look := func(field, where string, texts ...string) {
		for _, t := range texts {
			if strings.TrimSpace(t) != "" && !strings.ContainsAny(t, "⟦⟧") {
				continue
			}
			f := Fault{Where: where, Text: t, Key: n.ownAt(t)}
			if f.Key == "" {
				f.Field = field
			}
			faults = append(faults, f)
		}
	}
	look("", n.Over, n.Title)
	look("", n.Over, n.To...)
	for _, f := range n.Facts {
		look("", f.Label, f.Value)
	}
	if n.Sum != nil {
		look("", n.Title, n.Sum.Before, n.Sum.Amount, n.Sum.After)
	}
	for _, s := range n.Sections {
		look(s.Field, s.Heading, s.Paragraphs...)
		look("", s.Heading, s.Points...)
		look("", s.Heading, s.After...)
		if s.Table != nil {
			for _, r := range s.Table.Rows {
				look("", s.Heading, r...)
			}
		}
	}
	look("", n.Title, n.Signature...)
	return faults
}
