package workflow

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// parseDay reads a date that the test itself wrote.
func parseDay(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestParseDateWantsARealDay(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "2026-02-29", "2026-13-01", "2026-1-1", "26-01-01", "2026-01-01T00:00", " 2026-01-01", "20260101", "0000-01-01", "2026-01-00"} {
		if got, err := ParseDate(s); err == nil {
			t.Errorf("ParseDate(%q) = %v, want an error", s, got)
		}
	}
	if got := parseDay(t, "2024-02-29").String(); got != "2024-02-29" {
		t.Errorf("leap day is written %s", got)
	}
}

func TestDayHas23Or25HoursAtClockChanges(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		day  string
		want time.Duration
	}{{"2026-03-29", 23 * time.Hour}, {"2026-10-25", 25 * time.Hour}, {"2026-10-26", 24 * time.Hour}} {
		d := parseDay(t, tt.day)
		if got := d.End().Sub(d.Start()); got != tt.want {
			t.Errorf("%s lasts %v, want %v", tt.day, got, tt.want)
		}
		if got := d.Start().Format(time.RFC3339); got[:19] != tt.day+"T00:00:00" {
			t.Errorf("%s starts at %s", tt.day, got)
		}
	}
}

func TestAtClockChange(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		day          string
		hour, minute int
		want         string
	}{
		{"2026-03-29", 1, 59, "2026-03-29T01:59:00+01:00"},
		{"2026-03-29", 2, 30, "2026-03-29T03:30:00+02:00"}, // skipped
		{"2026-03-29", 3, 0, "2026-03-29T03:00:00+02:00"},
		{"2026-10-25", 1, 59, "2026-10-25T01:59:00+02:00"},
		{"2026-10-25", 2, 30, "2026-10-25T02:30:00+02:00"}, // twice: the first
		{"2026-10-25", 3, 0, "2026-10-25T03:00:00+01:00"},
		{"2026-07-01", 12, 0, "2026-07-01T12:00:00+02:00"},
		{"2026-10-25", 24, 0, "2026-10-26T00:00:00+01:00"},
	} {
		if got := parseDay(t, tt.day).At(tt.hour, tt.minute).Format(time.RFC3339); got != tt.want {
			t.Errorf("%s at %d:%02d = %s, want %s", tt.day, tt.hour, tt.minute, got, tt.want)
		}
	}
}

func TestDateOfIsTheDayInStockholm(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"2026-06-30T22:00:00Z": "2026-07-01", "2026-06-30T21:59:59Z": "2026-06-30", "2026-12-31T23:00:00Z": "2027-01-01", "2026-12-31T22:59:59Z": "2026-12-31"} {
		at, err := time.Parse(time.RFC3339, in)
		if err != nil {
			t.Fatal(err)
		}
		if got := DateOf(at).String(); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
	if !DateOf(time.Time{}).IsZero() {
		t.Error("the zero time became a day")
	}
}

func TestDatesCount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := NewDate(2026, 1, 1).AddDays(rapid.IntRange(-40000, 40000).Draw(t, "day"))
		n := rapid.IntRange(-40000, 40000).Draw(t, "n")
		e := d.AddDays(n)
		if got := d.DaysUntil(e); got != n {
			t.Fatalf("%s until %s = %d, want %d", d, e, got, n)
		}
		if back := e.AddDays(-n); back != d || !back.Equal(d) {
			t.Fatalf("%s and back is %s", d, back)
		}
		if d.Before(e) != (n > 0) || d.After(e) != (n < 0) || d.Compare(e) != -e.Compare(d) {
			t.Fatalf("order of %s and %s, %d days apart", d, e, n)
		}
		if DateOf(d.Start()) != d || DateOf(d.End().Add(-1)) != d || DateOf(d.End()) != d.AddDays(1) {
			t.Fatalf("%s does not hold its own instants", d)
		}
		raw, err := json.Marshal(map[Date]Date{d: e})
		if err != nil {
			t.Fatal(err)
		}
		var got map[Date]Date
		if err := json.Unmarshal(raw, &got); err != nil || got[d] != e {
			t.Fatalf("%s came back as %v (%v)", raw, got, err)
		}
	})
}

func TestDateJSON(t *testing.T) {
	t.Parallel()
	var d Date
	for _, in := range []string{`null`, `""`} {
		d = NewDate(2026, 1, 1)
		if err := json.Unmarshal([]byte(in), &d); err != nil || !d.IsZero() {
			t.Errorf("%s is read as %v (%v), want no day", in, d, err)
		}
	}
	for _, in := range []string{`"2026-02-30"`, `20260101`, `"x"`, `{}`, `"\u0032026-01-01"`} {
		if err := json.Unmarshal([]byte(in), &d); err == nil {
			t.Errorf("%s is read as %v, want an error", in, d)
		}
	}
	if raw, err := json.Marshal(Date{}); err != nil || string(raw) != "null" {
		t.Errorf("no day is written %s (%v), want null", raw, err)
	}
	if (Date{}).String() != "" || !(Date{}).Start().IsZero() || !(Date{}).AddDays(3).IsZero() {
		t.Error("no day turned into one")
	}
}

func TestParseInstant(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2026-09-18T14:12:05+02:00": "2026-09-18T14:12:05+02:00",
		"2026-09-18T12:12:05Z":      "2026-09-18T14:12:05+02:00",
		"2026-09-18T14:12":          "2026-09-18T14:12:00+02:00",
		"2026-12-18T14:12:05":       "2026-12-18T14:12:05+01:00",
		"2026-03-29T02:30:15":       "2026-03-29T03:30:15+02:00",
		"2026-10-25T02:30":          "2026-10-25T02:30:00+02:00",
		"2027-03-31":                "2027-03-31T00:00:00+02:00",
	} {
		got, err := ParseInstant(in)
		if err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("ParseInstant(%q) = %s (%v), want %s", in, got.Format(time.RFC3339), err, want)
		}
	}
	for _, in := range []string{"", "now", "2026-09-18T25:00", "2026-09-18 14:12", "2026-09-18T4:12", "2026-09-18T14:12:05+2", "2026-02-30T10:00", "2026-09-18T14"} {
		if got, err := ParseInstant(in); err == nil {
			t.Errorf("ParseInstant(%q) = %v, want an error", in, got)
		}
	}
}

func FuzzParseInstant(f *testing.F) {
	f.Add("2026-09-18T14:12:05+02:00")
	f.Add("2026-10-25T02:30")
	f.Add("2026-02-29")
	f.Fuzz(func(t *testing.T, s string) {
		at, err := ParseInstant(s)
		if err == nil && len(s) == len("2006-01-02") && DateOf(at).String() != s && !at.IsZero() {
			t.Fatalf("%q became %v", s, at)
		}
	})
}
