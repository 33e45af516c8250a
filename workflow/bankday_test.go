package workflow

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// easterSunday counts as Knuth does (The Art of Computer Programming, vol. 1,
// §1.3.2, exercise 14): golden number, century, two corrections, epact, full moon.
func easterSunday(year int) Date {
	golden := year%19 + 1
	century := year/100 + 1
	leapsSkipped := 3*century/4 - 12
	moonShift := (8*century+5)/25 - 5
	sunday := 5*year/4 - leapsSkipped - 10
	epact := ((11*golden+20+moonShift-leapsSkipped)%30 + 30) % 30
	if epact == 24 || epact == 25 && golden > 11 {
		epact++
	}
	moon := 44 - epact
	if moon < 21 {
		moon += 30
	}
	return NewDate(year, time.March, moon+7-(sunday+moon)%7)
}

// closed says from the dates themselves whether banks are closed (payments.md, "Bank days").
func closed(d Date) bool {
	easter := easterSunday(d.Year())
	switch d.Weekday() {
	case time.Saturday, time.Sunday:
		return true
	case time.Friday:
		if d.Month() == time.June && d.Day() >= 19 && d.Day() <= 25 {
			return true
		}
	}
	switch d.String()[5:] {
	case "01-01", "01-06", "05-01", "06-06", "12-24", "12-25", "12-26", "12-31":
		return true
	}
	return d == easter.AddDays(-2) || d == easter.AddDays(1) || d == easter.AddDays(39)
}

func TestEasterOfTheTestIsRight(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"2020-04-12", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2038-04-25", "2050-04-10"} {
		if got := easterSunday(parseDay(t, s).Year()); got != parseDay(t, s) {
			t.Errorf("Easter is %s, want %s", got, s)
		}
	}
}

func TestBankDaysOfThirtyYears(t *testing.T) {
	t.Parallel()
	days := 0
	for d := NewDate(2020, 1, 1); d.Year() <= 2050; d = d.AddDays(1) {
		days++
		if got, want := BankDay(d), !closed(d); got != want {
			t.Errorf("BankDay(%s) = %v, want %v", d, got, want)
		}
	}
	if days != 11323 {
		t.Errorf("looked at %d days, want 11323", days)
	}
}

func TestNextBankDay(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2026-12-23": "2026-12-23", "2026-12-24": "2026-12-28", // Thursday; 26 is a Saturday
		"2026-12-31": "2027-01-04", "2026-06-19": "2026-06-22", "2026-04-03": "2026-04-07", "2026-05-14": "2026-05-15",
	} {
		if got := NextBankDay(parseDay(t, in)); got != parseDay(t, want) {
			t.Errorf("NextBankDay(%s) = %s, want %s", in, got, want)
		}
	}
	if !NextBankDay(Date{}).IsZero() || BankDay(Date{}) || !AddBankDays(Date{}, 3).IsZero() || BankDaysUntil(Date{}, NewDate(2026, 1, 1)) != 0 {
		t.Error("no day turned into a bank day")
	}
}

func TestAddBankDays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-04-02", 1, "2026-04-07"}, {"2026-04-02", 3, "2026-04-09"}, {"2026-04-04", 1, "2026-04-07"},
		{"2026-04-07", -1, "2026-04-02"}, {"2026-04-04", 0, "2026-04-04"}, {"2026-12-23", 2, "2026-12-29"},
	} {
		if got := AddBankDays(parseDay(t, tt.from), tt.n); got != parseDay(t, tt.want) {
			t.Errorf("AddBankDays(%s, %d) = %s, want %s", tt.from, tt.n, got, tt.want)
		}
	}
}

func TestBankDaysCountAsAdded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := NewDate(2026, 1, 1).AddDays(rapid.IntRange(0, 5000).Draw(t, "day"))
		n := rapid.IntRange(1, 60).Draw(t, "n")
		to := AddBankDays(from, n)
		if !BankDay(to) {
			t.Fatalf("%s is no bank day", to)
		}
		if got := BankDaysUntil(from, to); got != n {
			t.Fatalf("%d bank days from %s to %s, want %d", got, from, to, n)
		}
		if got := BankDaysUntil(from, to.AddDays(-1)); got != n-1 {
			t.Fatalf("%d bank days from %s to the day before %s, want %d", got, from, to, n-1)
		}
	})
}
