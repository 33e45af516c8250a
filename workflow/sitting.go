package workflow

import (
	"fmt"
	"slices"
	"strings"
)

// Sitting is a meeting of the committee or the board: what is on its agenda,
// who was there, and who was in conflict of interest in which case (KL 5:47,
// 5:65–69). Presence and conflicts are noted once and follow each decision.
type Sitting struct {
	ID        int64             `json:"-"`
	Version   int64             `json:"-"`
	Body      string            `json:"-"` // COMMITTEE | BOARD
	Day       Date              `json:"-"`
	FirstItem int               `json:"first_item"` // § of the first case
	Chair     string            `json:"chair"`
	Adjuster  string            `json:"adjuster"` // who approves the minutes beside the chair
	Present   []string          `json:"present"`
	Conflicts []SittingConflict `json:"conflicts"`
	Agenda    []int64           `json:"agenda"` // applications in order
	// Taken are paragraphs that answers to changes had before a case came late to the agenda: it has another.
	Taken      []int `json:"taken,omitempty"`
	ApprovedOn Date  `json:"approved_on"`
	NoticeOn   Date  `json:"notice_on"` // when the notice of its minutes was last recorded
	// HoldLetters is why the letters of what is decided here wait; "" where they go at once.
	HoldLetters string `json:"hold_letters,omitempty"`
}

// SittingConflict is a member who left the room for a case.
type SittingConflict struct {
	Name        string `json:"name"`
	Application int64  `json:"application"`
}

// ItemNo is the paragraph of a case on the agenda; "" if it is not on it.
func (s Sitting) ItemNo(app int64) string {
	i := slices.Index(s.Agenda, app)
	if i < 0 {
		return ""
	}
	return fmt.Sprintf("§ %d", s.after(i, s.Taken))
}

// after is the paragraph that follows so many cases of the agenda, leaving out those that are taken.
func (s Sitting) after(cases int, taken []int) int {
	n := max(s.FirstItem, 1)
	for {
		for slices.Contains(taken, n) {
			n++
		}
		if cases == 0 {
			return n
		}
		cases--
		n++
	}
}

// NextItem is the first paragraph after the agenda that no answer to a change has.
func (s Sitting) NextItem(answered []int) int {
	return s.after(len(s.Agenda), slices.Concat(s.Taken, s.beyond(answered)))
}

// Add puts a case last on the agenda: after the answers to changes that were given already.
func (s *Sitting) Add(app int64, answered []int) {
	for _, n := range s.beyond(answered) {
		if !slices.Contains(s.Taken, n) {
			s.Taken = append(s.Taken, n)
		}
	}
	s.Agenda = append(s.Agenda, app)
}

// beyond are the paragraphs that no case on the agenda has.
func (s Sitting) beyond(items []int) (free []int) {
	end := s.after(len(s.Agenda), s.Taken)
	for _, n := range items {
		if n >= end {
			free = append(free, n)
		}
	}
	return free
}

// Answered are the paragraphs of the changes that the meeting answered in these cases.
func (s Sitting) Answered(cases []Case) (items []int) {
	for _, c := range cases {
		for _, x := range s.Changes(c) {
			if n := x.Meeting.Paragraph(); n > 0 {
				items = append(items, n)
			}
		}
	}
	return items
}

// Others are the paragraphs that something else than this case has: the other cases on the
// agenda, and the changes that the meeting answered.
func (s Sitting) Others(app int64, answered []int) (items []int) {
	for i, id := range s.Agenda {
		if id != app {
			items = append(items, s.after(i, s.Taken))
		}
	}
	return append(items, answered...)
}

// Held tells whether the meeting took place as far as is known: somebody was noted as present,
// or its minutes were confirmed. One called off leaves no such trace.
func (s Sitting) Held() bool {
	return len(s.Present) > 0 || !s.ApprovedOn.IsZero() || !s.NoticeOn.IsZero()
}

// Unheld tells whether the day has passed without a trace of a meeting.
func (s Sitting) Unheld(today Date) bool {
	return s.Day.Before(today) && !s.Held()
}

// Before finds the meeting of the same body, among all newest first, up to whose day everything was
// reported when this one comes; nil: there was none. One to come is awaited. Those passed over have had
// their day without a trace of a meeting: what was due to them is reported here.
func (s Sitting) Before(all []Sitting, today Date) (last *Sitting, passed []Sitting) {
	for i, x := range all {
		switch {
		case x.Body != s.Body || !x.Day.Before(s.Day):
		case x.Unheld(today):
			passed = append(passed, x)
		default:
			return &all[i], passed
		}
	}
	return nil, passed
}

// Meeting is what a decision on the case takes from the sitting: those in
// conflict are not among the present.
func (s Sitting) Meeting(app int64) Meeting {
	m := Meeting{Date: s.Day, ItemNo: s.ItemNo(app), Present: []string{}, Conflicted: []string{}}
	for _, c := range s.Conflicts {
		if c.Application == app {
			m.Conflicted = append(m.Conflicted, c.Name)
		}
	}
	for _, name := range s.Present {
		if !slices.Contains(m.Conflicted, name) {
			m.Present = append(m.Present, name)
		}
	}
	return m
}

// Decided gives what the meeting decided in the case, also where a court has
// annulled it since; nil where it decided nothing, or the chair did so alone.
func (s Sitting) Decided(c Case) *Decision {
	here := func(d *Decision) bool {
		return d != nil && d.Meeting != nil && !d.Meeting.Alone() && d.Meeting.Date == s.Day && d.Body == s.Body
	}
	if here(c.App.Decision) {
		return c.App.Decision
	}
	for i := range c.App.Annulled {
		if here(&c.App.Annulled[i]) {
			return &c.App.Annulled[i]
		}
	}
	return nil
}

// Changes are the case's changes that the meeting answered.
func (s Sitting) Changes(c Case) (list []Change) {
	for _, x := range c.App.Changes {
		if x.Meeting != nil && x.Meeting.Date == s.Day && x.DecidedBy == s.Body {
			list = append(list, x)
		}
	}
	return list
}

// Check lists what is wrong with a sitting. A case is once on the agenda, and
// whoever is in conflict is one of the present, in a case that is on it.
func (s Sitting) Check() (v Violations) {
	fault := func(field, code string) { v = append(v, Violation{Field: field, Code: code}) }
	if s.Body != Committee && s.Body != Board {
		fault("body", "choice")
	}
	if s.Day.IsZero() {
		fault("date", "required")
	}
	if s.FirstItem < 1 {
		fault("first_item", "number_from_one")
	}
	if !s.ApprovedOn.IsZero() && s.ApprovedOn.Before(s.Day) {
		fault("approved_on", "before_meeting")
	}
	for i, c := range s.Conflicts {
		at := fmt.Sprintf("conflicts[%d].", i)
		if strings.TrimSpace(c.Name) == "" || !slices.Contains(s.Present, c.Name) {
			fault(at+"name", "not_present")
		}
		if !slices.Contains(s.Agenda, c.Application) {
			fault(at+"application", "choice")
		}
	}
	for i, id := range s.Agenda {
		if slices.Contains(s.Agenda[:i], id) {
			fault("agenda", "twice")
		}
	}
	return v
}

// NoticeLate tells whether the notice of the approved minutes should have been
// posted: the second day after the approval at the latest (KL 8:12).
func (s Sitting) NoticeLate(today Date) bool {
	return !s.ApprovedOn.IsZero() && s.ApprovedOn.AddDays(2).Before(today)
}
