// Package paper sets the words of a notice as a letter, for jobs and pages alike.
package paper

import (
	"strings"

	"fund/jobs/letter"
	"fund/workflow/notice"
)

// Of sets a notice as a letter.
func Of(n notice.Notice) letter.Letter {
	out := letter.Letter{Lang: n.Lang, Speech: n.Speech, Title: n.Title, Over: n.Over, Date: n.Date, DNR: n.DNR, Recipient: n.To, Signature: n.Signature}
	for _, f := range n.Facts {
		out.Facts = append(out.Facts, letter.Fact(f))
	}
	if n.Sum != nil {
		sum := letter.Sum(*n.Sum)
		out.Sum = &sum
	}
	for _, s := range n.Sections {
		part := letter.Section{Speech: s.Speech, Heading: s.Heading, Paragraphs: s.Paragraphs, Points: s.Points, Numbered: s.Numbered, After: s.After}
		if s.Bars != nil {
			part.Bars = barsOf(*s.Bars)
		}
		if s.Table != nil {
			table := letter.Table(*s.Table)
			part.Table = &table
		}
		out.Sections = append(out.Sections, part)
	}
	foot := make([]string, 0, len(n.Foot))
	for _, f := range n.Foot {
		foot = append(foot, f.Label+"\n"+f.Value)
	}
	out.Footer = strings.Join(foot, "\n\n")
	return out
}

func barsOf(b notice.Bars) *letter.Bars {
	out := &letter.Bars{Most: b.Most, Key: b.Key}
	for _, r := range b.Rows {
		out.Rows = append(out.Rows, letter.Bar(r))
	}
	return out
}
