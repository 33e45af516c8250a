package workflow

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestRetentionCountsFromItsDay(t *testing.T) {
	t.Parallel()
	months := func(n int) *int { return &n }
	for _, tt := range []struct {
		rule  RetentionRule
		start string
		want  string
	}{
		{RetentionRule{Months: months(60), From: "decision", Action: RetainDelete}, "2026-05-12", "2031-05-13"},
		{RetentionRule{Months: months(84), From: "year_end", Action: RetainDelete}, "2026-05-12", "2034-01-01"},
		{RetentionRule{Months: months(3), From: "round_closed", Action: RetainDelete}, "2025-11-30", "2026-03-01"},
		{RetentionRule{From: "never", Action: RetainKeep}, "2026-05-12", ""},
	} {
		start, err := ParseDate(tt.start)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := tt.rule.DueOn(start)
		if ok != (tt.want != "") || got.String() != tt.want {
			t.Errorf("%+v from %s: due %s, want %s", tt.rule, tt.start, got, tt.want)
		}
	}
}

func TestEmptiedCountsTheSameAndSaysNothing(t *testing.T) {
	t.Parallel()
	c := granted(7, "grundskola", "kommunal", "Finland", 2026, 24, 0, "Bo och leva")
	c.App.Decision = &Decision{Outcome: Rejected, Text: "Hemligt skäl", DecidedBy: "head@example.org", DecidedAt: c.App.Decision.DecidedAt}
	c.App.ApplicantName, c.App.ApplicantEmail = "Hemlig Person", "hemlig@example.org"
	c.App.Form.Title, c.App.Form.Text.Summary = "Hemlig titel", "Hemliga ord"
	c.App.Rulings = []Ruling{{Rule: "RF-01", Reason: "Hemligt", By: "officer@example.org", At: c.App.ReceivedAt}}
	before := Count([]Case{c}, StatFilter{})
	c.App = c.App.Emptied()
	if after := Count([]Case{c}, StatFilter{}); !reflect.DeepEqual(before, after) {
		t.Errorf("before %+v, after %+v", before, after)
	}
	raw, err := json.Marshal(c.App)
	if err != nil {
		t.Fatal(err)
	}
	if s := strings.ToLower(string(raw)); strings.Contains(s, "hemlig") || strings.Contains(s, "@") {
		t.Errorf("what is left says %s", raw)
	}
}
