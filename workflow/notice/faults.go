package notice

import "strings"

// Faults lists what keeps a notice from being sent: a place that no word came
// into, and a part that is empty. The texts are where it is, for people.
func (n Notice) Faults() (faults []string) {
	look := func(where string, texts ...string) {
		for _, t := range texts {
			if strings.TrimSpace(t) == "" || strings.ContainsAny(t, "⟦⟧") {
				faults = append(faults, strings.TrimSpace(where+" "+t))
			}
		}
	}
	look(n.Over, n.Title)
	look(n.Over, n.To...)
	for _, f := range n.Facts {
		look(f.Label, f.Value)
	}
	if n.Sum != nil {
		look(n.Title, n.Sum.Before, n.Sum.Amount, n.Sum.After)
	}
	for _, s := range n.Sections {
		look(s.Heading, s.Paragraphs...)
		look(s.Heading, s.Points...)
		look(s.Heading, s.After...)
		if s.Table != nil {
			for _, r := range s.Table.Rows {
				look(s.Heading, r...)
			}
		}
	}
	look(n.Title, n.Signature...)
	return faults
}
