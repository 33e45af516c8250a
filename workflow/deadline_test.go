package workflow

import (
	"testing"
	"time"
)

// TestDeadlineToTheSecond: the whole last second is in time and the first one after it is late,
// also where the clocks change, and however the instant is written.
func TestDeadlineToTheSecond(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, closes, last, first string }{
		{"an ordinary day", "2026-03-31T23:59:59", "2026-03-31T23:59:59.999999+02:00", "2026-04-01T00:00:00+02:00"},
		{"on the hour", "2026-03-31T12:00:00", "2026-03-31T12:00:00.9+02:00", "2026-03-31T12:00:01+02:00"},
		{"written in UTC", "2026-03-31T21:59:59Z", "2026-03-31T23:59:59.5+02:00", "2026-03-31T22:00:00Z"},
		{"written with another zone", "2026-03-31T23:59:59+03:00", "2026-03-31T22:59:59+02:00", "2026-03-31T23:00:00+02:00"},
		{"the evening before summer time", "2026-03-28T23:59:59", "2026-03-28T23:59:59.9+01:00", "2026-03-29T00:00:00+01:00"},
		{"the evening after summer time began", "2026-03-29T23:59:59", "2026-03-29T23:59:59.9+02:00", "2026-03-30T00:00:00+02:00"},
		{"the last second of winter time", "2026-03-29T01:59:59", "2026-03-29T01:59:59.9+01:00", "2026-03-29T03:00:00+02:00"},
		{"the evening before winter time", "2026-10-24T23:59:59", "2026-10-24T23:59:59.9+02:00", "2026-10-25T00:00:00+02:00"},
		{"the evening after winter time began", "2026-10-25T23:59:59", "2026-10-25T23:59:59.9+01:00", "2026-10-26T00:00:00+01:00"},
		{"the first of two half past two", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00.9+02:00", "2026-10-25T02:30:01+02:00"},
		{"the second of two half past two", "2026-10-25T02:30:00+01:00", "2026-10-25T02:30:00.9+01:00", "2026-10-25T02:30:01+01:00"},
		{"the first one is in time for the second", "2026-10-25T02:30:00+01:00", "2026-10-25T02:59:59+02:00", "2026-10-25T02:30:01+01:00"},
	} {
		closes, err := ParseInstant(tt.closes)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		r := Round{State: RoundPublished, ClosesAt: closes}
		at := func(s string) time.Time {
			x, err := time.Parse(time.RFC3339Nano, s)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		for _, zone := range []*time.Location{time.UTC, Stockholm(), time.FixedZone("wrong", -11*3600)} {
			if r.Late(0, at(tt.last).In(zone)) {
				t.Errorf("%s: %s is late, the round closes %s", tt.name, tt.last, closes)
			}
			if !r.Late(0, at(tt.first).In(zone)) {
				t.Errorf("%s: %s is in time, the round closes %s", tt.name, tt.first, closes)
			}
		}
	}
}

// TestArrivalCountsNotProcessing: a request that came in time and waited for others is in time (FL 22 §).
func TestArrivalCountsNotProcessing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		arrived time.Duration // after the deadline
		at      time.Duration
		late    bool
	}{
		{"came and done in time", -2 * time.Second, -time.Second, false},
		{"came in the last second, done after it", 900 * time.Millisecond, 3 * time.Second, false},
		{"came in the first second after it", time.Second, 3 * time.Second, true},
		{"says that it came an hour ago", -time.Hour, time.Second, true},
		{"says that it comes later", 10 * time.Second, time.Second, true},
	} {
		w := newWorld(t).to(Draft)
		w.c.Round.ClosesAt = time.Date(2026, 9, 30, 23, 59, 59, 0, Stockholm())
		end := w.c.Round.ClosesAt
		out, err := Decide(w.c, teacher1, &Submit{Arrived: end.Add(tt.arrived)}, AnyVersion, end.Add(tt.at))
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		w.c.App = out.App
		if got := w.c.Late(); got != tt.late {
			t.Errorf("%s: late %v, received %s", tt.name, got, out.App.ReceivedAt)
		}
		if out.Event.At != end.Add(tt.at) {
			t.Errorf("%s: the event is not of when it was done", tt.name)
		}
	}
}
