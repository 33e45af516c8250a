package handlers

import (
	"time"

	"fund/workflow"
	"fund/workflow/lang"
)

// Deadline is until when something is taken in, told with the service's own
// clock. The script lets that clock run on from the instant of the page, by
// the time that has passed and never by the browser's idea of the hour.
type Deadline struct {
	Open  string // in time: when it closes
	Late  string // past it: what happens to what comes now
	Past  bool
	Clock ClockLine
}

// ClockLine is a sentence with the service's time in it.
type ClockLine struct {
	Text   string
	Words  string // the same with # in place of the time
	Now    int64  // Unix milliseconds
	LateAt int64  // the first late instant; 0: there is none
	Ticks  bool   // false: the rehearsal's clock stands still
}

// secondsShown is how long before a deadline the clock shows seconds.
const secondsShown = time.Hour

// clockLine tells the time with the words of a key.
func (p Page) clockLine(key, name string, lateAt time.Time) ClockLine {
	line := ClockLine{Words: lang.T(p.Lang, key, lang.Args{name: "#"}), Now: p.Now.UnixMilli(), Ticks: p.Ticks}
	text := lang.Clock(p.Lang, p.Now)
	if !lateAt.IsZero() {
		line.LateAt = lateAt.UnixMilli()
		if left := lateAt.Sub(p.Now); left > 0 && left <= secondsShown {
			text = lang.Seconds(p.Lang, p.Now)
		}
	}
	line.Text = lang.T(p.Lang, key, lang.Args{name: text})
	return line
}

// TheClock is the sentence of the first page.
func (p Page) TheClock() ClockLine { return p.clockLine("apply.clock", "At", time.Time{}) }

// deadlineOf is the round's deadline for a draft; nil where there is none, or it is filed.
func (p Page) deadlineOf(k workflow.Case) *Deadline {
	end := k.Round.Deadline(k.App.ID)
	if end.IsZero() || k.App.IsFiled() {
		return nil
	}
	at := lang.LongDateTime(p.Lang, end)
	open := lang.T(p.Lang, "deadline.open", lang.Args{"At": at})
	switch {
	case end.After(k.Round.Deadline(0)): // the reason for one school alone is the office's
		open += " " + lang.T(p.Lang, "deadline.own")
	case k.Round.ExtendedForAll():
		open += " " + lang.T(p.Lang, "deadline.extended", lang.Args{"Reason": k.Round.ExtendReason})
	}
	return &Deadline{
		Open:  open,
		Late:  lang.T(p.Lang, "deadline.late", lang.Args{"At": at}),
		Past:  k.Round.Late(k.App.ID, p.Now),
		Clock: p.clockLine("deadline.clock", "Clock", k.Round.LateFrom(k.App.ID)),
	}
}
