package lang

import (
	"fmt"
	"strconv"
	"sync"
	"time"
	_ "time/tzdata" // the same clock on a machine without zone files
)

// months and weekdays are indexed as package time counts them.
var months = map[Lang][13]string{
	SV: {"", "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"},
	EN: {"", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

var weekdays = map[Lang][7]string{
	SV: {"söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"},
	EN: {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
}

// zone is Sweden's: every instant is told by the clock there.
var zone = sync.OnceValue(func() *time.Location {
	z, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic(fmt.Sprintf("zone Europe/Stockholm: %v", err)) // it is embedded, so the build is broken
	}
	return z
})

func speaks(l Lang) Lang {
	if l == EN {
		return EN
	}
	return SV
}

// ISODay is the day in Sweden at an instant, as files write it: 2026-09-18.
func ISODay(t time.Time) string { return t.In(zone()).Format(time.DateOnly) }

// Date is the day in Sweden at an instant: 18 september 2026. The zero time is
// empty, here and below.
func Date(l Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return date(l, t.In(zone()))
}

func date(l Lang, t time.Time) string {
	return dayMonth(l, t) + " " + strconv.Itoa(t.Year())
}

func dayMonth(l Lang, t time.Time) string {
	return strconv.Itoa(t.Day()) + nbsp + months[speaks(l)][t.Month()]
}

func long(l Lang, t time.Time) string {
	return weekdays[speaks(l)][t.Weekday()] + " " + date(l, t)
}

// ShortDate leaves out the year, where it goes without saying: 18 september.
func ShortDate(l Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return dayMonth(l, t.In(zone()))
}

// LongDate has the weekday, as deadlines have: onsdag 18 september 2026.
func LongDate(l Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return long(l, t.In(zone()))
}

// Clock is the time of day: kl. 14.12, in English 14:12.
func Clock(l Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if l == EN {
		return t.In(zone()).Format("15:04")
	}
	return "kl." + nbsp + t.In(zone()).Format("15.04")
}

// Seconds is Clock with seconds: kl. 14.12.05, in English 14:12:05.
func Seconds(l Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if l == EN {
		return t.In(zone()).Format("15:04:05")
	}
	return "kl." + nbsp + t.In(zone()).Format("15.04.05")
}

// at joins a day and a clock: English says "at", Swedish has its "kl." already.
func at(l Lang, day, clock string) string {
	if l == EN {
		return day + " at" + nbsp + clock
	}
	return day + " " + clock
}

// DateTime is day and clock: 18 september 2026 kl. 14.12.
func DateTime(l Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return at(l, Date(l, t), Clock(l, t))
}

// LongDateTime has the weekday: onsdag 30 september 2026 kl. 23.59.
func LongDateTime(l Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return at(l, LongDate(l, t), Clock(l, t))
}

// Stamp is for receipts and logs, where seconds are proof:
// 2026-09-18 kl. 14.12.05, in English 2026-09-18 14:12:05.
func Stamp(l Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if l == EN {
		return t.In(zone()).Format("2006-01-02" + nbsp + "15:04:05")
	}
	return t.In(zone()).Format("2006-01-02" + " kl." + nbsp + "15.04.05")
}

// Day prints a day written 2026-09-18 as Date does. What is no day comes back
// as it was.
func Day(l Lang, day string) string { return ofDay(l, day, date) }

// ShortDay prints a day as ShortDate does: 18 september.
func ShortDay(l Lang, day string) string { return ofDay(l, day, dayMonth) }

// LongDay prints a day as LongDate does: onsdag 18 september 2026.
func LongDay(l Lang, day string) string { return ofDay(l, day, long) }

// Month prints a month written 2026-09: september 2026. What is no month comes back
// as it was.
func Month(l Lang, month string) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return months[speaks(l)][t.Month()] + " " + strconv.Itoa(t.Year())
}

// ShortMonth is the first three letters of a month, for a drawing: sep. A January
// has its year instead: 2027.
func ShortMonth(l Lang, month string) string {
	t, err := time.Parse("2006-01", month)
	switch {
	case err != nil:
		return month
	case t.Month() == time.January:
		return strconv.Itoa(t.Year())
	}
	return months[speaks(l)][t.Month()][:3]
}

func ofDay(l Lang, day string, as func(Lang, time.Time) string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return as(l, t)
}

// Days prints the days from first to last, both written 2026-09-18, with what
// they share said once: 12–18 april 2027, 28 maj–3 juni 2027.
func Days(l Lang, first, last string) string {
	a, err := time.Parse(time.DateOnly, first)
	if err != nil {
		return Day(l, last)
	}
	b, err := time.Parse(time.DateOnly, last)
	switch {
	case err != nil || a.Equal(b):
		return date(l, a)
	case a.Year() != b.Year():
		return date(l, a) + "–" + date(l, b)
	case a.Month() != b.Month():
		return dayMonth(l, a) + "–" + date(l, b)
	}
	return strconv.Itoa(a.Day()) + "–" + date(l, b)
}
