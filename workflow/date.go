package workflow

import (
	"cmp"
	"errors"
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // the same days on a machine without zone files
)

// Date is a day in Sweden, without time and zone. It can be compared with ==
// and used as a map key. The zero value is no day at all.
type Date struct {
	year  int
	month time.Month
	day   int
}

// errNoDay is what ParseDate and ParseInstant wrap.
var errNoDay = errors.New("wanted a day as 2006-01-02")

// stockholm is read once, as reading a zone costs a file.
var stockholm = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic(fmt.Sprintf("zone Europe/Stockholm: %v", err)) // it is embedded, so the build is broken
	}
	return zone
})

// Stockholm is the zone in which days begin and deadlines end.
func Stockholm() *time.Location { return stockholm() }

// NewDate makes a day; what lies outside a month moves on as in time.Date.
func NewDate(year int, month time.Month, day int) Date {
	return dateIn(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// ParseDate reads 2006-01-02 and nothing else. An empty text is an error.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return Date{}, fmt.Errorf("day %.40q: %w", s, errNoDay)
	}
	return dateIn(t), nil
}

// DateOf is the day in Stockholm at the instant t, and no day for the zero time.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	return dateIn(t.In(Stockholm()))
}

func dateIn(t time.Time) Date {
	y, m, d := t.Date()
	return Date{year: y, month: m, day: d}
}

// utc is the day's midnight in UTC, where every day has 24 hours.
func (d Date) utc() time.Time { return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC) }

// String is 2006-01-02, and empty for no day.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// IsZero says that this is no day.
func (d Date) IsZero() bool { return d == Date{} }

// AddDays is the day n days later, or earlier if n is negative. No day stays no day.
func (d Date) AddDays(n int) Date {
	if d.IsZero() {
		return d
	}
	return dateIn(d.utc().AddDate(0, 0, n))
}

// Compare is -1, 0 or 1. No day comes before all days.
func (d Date) Compare(other Date) int {
	return cmp.Or(cmp.Compare(d.year, other.year), cmp.Compare(d.month, other.month), cmp.Compare(d.day, other.day))
}

// Equal says that both are the same day.
func (d Date) Equal(other Date) bool { return d == other }

// Before says that d comes before other.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }

// After says that d comes after other.
func (d Date) After(other Date) bool { return d.Compare(other) > 0 }

// DaysUntil counts the days from d to other: 1 from today to tomorrow, negative when other has passed.
func (d Date) DaysUntil(other Date) int {
	return int((other.utc().Unix() - d.utc().Unix()) / (24 * 60 * 60))
}

// Year is the calendar year.
func (d Date) Year() int { return d.year }

// Month is the month of the year.
func (d Date) Month() time.Month { return d.month }

// Day is the day of the month.
func (d Date) Day() int { return d.day }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// Start is 00:00 of the day in Stockholm; no day has no start (the zero time).
func (d Date) Start() time.Time { return d.At(0, 0) }

// End is the first instant that no longer belongs to the day, whether it had 23, 24 or 25 hours.
func (d Date) End() time.Time { return d.AddDays(1).Start() }

// At is the instant when clocks in Stockholm show hour and minute on the day.
// An hour that comes twice means its first time; one that is skipped moves on
// by the hour that is missing, so 02:30 becomes 03:30 (as RFC 5545 §3.3.5).
func (d Date) At(hour, minute int) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return onWall(time.Date(d.year, d.month, d.day, hour, minute, 0, 0, time.UTC))
}

// onWall takes what the clock shows, written as if it were UTC. time.Date does
// not promise which side of a clock change it takes, and this does.
func onWall(wall time.Time) time.Time {
	zone := Stockholm()
	_, before := wall.AddDate(0, 0, -1).In(zone).Zone()
	_, after := wall.AddDate(0, 0, 1).In(zone).Zone()
	first := wall.Add(-time.Duration(before) * time.Second).In(zone)
	if sameWall(first, wall) || before == after {
		return first
	}
	if second := wall.Add(-time.Duration(after) * time.Second).In(zone); sameWall(second, wall) {
		return second
	}
	return first
}

func sameWall(a, b time.Time) bool {
	return dateIn(a) == dateIn(b) && a.Hour() == b.Hour() && a.Minute() == b.Minute()
}

// MarshalText is String.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote; empty is no day.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	got, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = got
	return nil
}

// MarshalJSON is "2006-01-02", and null for no day.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return []byte(`"` + d.String() + `"`), nil
}

// UnmarshalJSON reads "2006-01-02"; null and "" are no day, anything else an error.
func (d *Date) UnmarshalJSON(raw []byte) error {
	text := string(raw)
	if text == "null" || text == `""` {
		*d = Date{}
		return nil
	}
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return fmt.Errorf("day %.40s: %w", text, errNoDay)
	}
	return d.UnmarshalText(raw[1 : len(raw)-1])
}

// ParseInstant reads RFC 3339 with its offset, a local time in Stockholm
// (2006-01-02T15:04 or with seconds, as a browser's field sends it), or a day,
// which means its 00:00. The answer is in Stockholm's zone; anything else is an error
// that says what was wanted.
func ParseInstant(s string) (time.Time, error) {
	var t time.Time
	if err := t.UnmarshalText([]byte(s)); err == nil { // stricter than time.Parse
		return t.In(Stockholm()), nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if len(s) != len(layout) {
			continue
		}
		if wall, err := time.Parse(layout, s); err == nil {
			return onWall(wall), nil
		}
	}
	day, err := ParseDate(s)
	if err != nil {
		return time.Time{}, fmt.Errorf("instant %.40q: wanted 2006-01-02T15:04:05+01:00, or without offset, or a day: %w", s, errNoDay)
	}
	return day.Start(), nil
}
