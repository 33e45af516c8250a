package workflow

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var earlierRefs = EarlierRefs{Schools: []School{{ID: 7, Name: "Kågeskolan", UnitCode: "12345678"}}, Schemes: []string{"skolutbyte", "medfinansiering"}, Rounds: map[string]bool{"VT26": true}, Today: date("2026-10-20")}

// earlierCells is a good row with changes; an empty value takes the cell away.
func earlierCells(changes ...string) map[string]string {
	cells := map[string]string{"year": "2023", "round": "VT23", "school": "kågeskolan", "title": "Till Pori", "country": "Finland", "pupils": "24", "requested": "60 000 kr", "granted": "50000,00", "paid": "50 000", "repaid": "4000",
		"outcome": "Delvis beviljad", "decided_on": "45061", "areas": "Språk; Demokrati", "sister_city": "ja"}
	for i := 0; i < len(changes); i += 2 {
		cells[changes[i]] = changes[i+1]
	}
	return cells
}

func TestReadEarlier(t *testing.T) {
	t.Parallel()
	g, faults := ReadEarlier(earlierCells(), earlierRefs)
	if len(faults) > 0 || g.SchoolID != 7 || g.Granted != 50000 || g.Requested != 60000 || g.Outcome != PartiallyGranted || g.DecidedOn != date("2023-05-15") || !g.SisterCity || len(g.Areas) != 2 || g.Scheme != "skolutbyte" {
		t.Fatalf("%+v %v", g, faults)
	}
	for name, tt := range map[string]struct {
		changes []string
		want    string // field:code
	}{
		"no year":              {[]string{"year", ""}, "year:required"},
		"words for a year":     {[]string{"year", "i fjol"}, "year:earlier_year"},
		"a year to come":       {[]string{"year", "2027"}, "year:earlier_year"},
		"a round kept here":    {[]string{"round", "VT26"}, "round:earlier_round_here"},
		"an unknown school":    {[]string{"school", "Ankeborgs skola"}, "school:earlier_school"},
		"an unknown unit code": {[]string{"unit_code", "87654321"}, "school:earlier_school"},
		"a person's number":    {[]string{"school", "", "organisation", "Elsas resor", "org_no", "121212-1212"}, "org_no:orgnr_person"},
		"nobody":               {[]string{"school", ""}, "school:required"},
		"no title":             {[]string{"title", " "}, "title:required"},
		"öre":                  {[]string{"paid", "100,50"}, "paid:earlier_number"},
		"words for a sum":      {[]string{"paid", "ja"}, "paid:earlier_number"},
		"less than nothing":    {[]string{"repaid", "-1"}, "repaid:negative"},
		"more than asked for":  {[]string{"requested", "40000"}, "granted:earlier_over"},
		"paid over granted":    {[]string{"paid", "50001"}, "paid:earlier_over"},
		"repaid over paid":     {[]string{"repaid", "50001"}, "repaid:earlier_over"},
		"an outcome unknown":   {[]string{"outcome", "kanske"}, "outcome:earlier_outcome"},
		"rejected with money":  {[]string{"outcome", "avslag"}, "granted:earlier_granted"},
		"granted nothing":      {[]string{"granted", "0", "paid", "0", "repaid", "0"}, "granted:earlier_granted"},
		"decided tomorrow":     {[]string{"decided_on", "2026-10-21"}, "decided_on:in_future"},
		"no day":               {[]string{"decided_on", "hösten"}, "decided_on:earlier_day"},
		"home before away":     {[]string{"start", "2023-09-10", "end", "2023-09-09"}, "end:dates_order"},
		"a personal number":    {[]string{"summary", "Ring 20010101-1237"}, "summary:personal_number"},
		"neither yes nor no":   {[]string{"sister_city", "kanske"}, "sister_city:earlier_yes"},
		"a scheme unknown":     {[]string{"scheme", "idrott"}, "scheme:choice"},
	} {
		_, faults := ReadEarlier(earlierCells(tt.changes...), earlierRefs)
		if len(faults) != 1 || faults[0].Field+":"+faults[0].Code != tt.want {
			t.Errorf("%s: %v, want %s", name, faults, tt.want)
		}
	}
}

// TestEarlierCaseIsCounted: a grant of earlier years has the numbers of any other, in the year that the list names.
func TestEarlierCaseIsCounted(t *testing.T) {
	t.Parallel()
	g, _ := ReadEarlier(earlierCells("decided_on", ""), earlierRefs)
	c := g.Case(3, &earlierRefs.Schools[0], Scheme{})
	s := Count([]Case{c}, StatFilter{From: 2023, To: 2023})
	if s.Total.Grants != 1 || s.Total.Pupils != 24 || s.Total.Granted != 50000 || s.Total.Kept != 46000 || s.Applied != 60000 || len(s.Steps) != 0 || len(s.Areas) != 2 || c.Earlier.DayKnown {
		t.Errorf("%+v", s)
	}
	if n := Count([]Case{c}, StatFilter{From: 2024}).Filed; n != 0 {
		t.Errorf("%d in another year", n)
	}
}

// TestPlanEarlierCanBeRunAgain: whatever the rows, every one is new, same, changed or rejected;
// what a plan takes in is the same the next time; and a changed row is shown, not new.
func TestPlanEarlierCanBeRunAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var rows []EarlierRow
		for i := range rapid.IntRange(0, 12).Draw(rt, "rows") {
			granted := rapid.Int64Range(0, 3).Draw(rt, "granted") * 1000
			rows = append(rows, EarlierRow{Line: i + 2, Cells: earlierCells("title", fmt.Sprint("Resa ", rapid.IntRange(1, 6).Draw(rt, "title")), "granted", fmt.Sprint(granted), "paid", "0", "repaid", "0",
				"outcome", rapid.SampledFrom([]string{"beviljad", "avslag", "?"}).Draw(rt, "outcome"))})
		}
		have := map[string]EarlierGrant{}
		first := PlanEarlier(rows, have, earlierRefs)
		if n := len(first.New) + first.Same + len(first.Changed) + len(first.Rejected); n != len(rows) || first.Sums.Rows != len(first.New) {
			rt.Fatalf("%d of %d rows are told of", n, len(rows))
		}
		var sum int64
		for _, g := range first.New {
			have[g.Key()] = g
			sum += g.Granted
		}
		if sum != first.Sums.Granted {
			rt.Fatalf("granted %d, told %d", sum, first.Sums.Granted)
		}
		again := PlanEarlier(rows, have, earlierRefs)
		if len(again.New) > 0 || len(again.Changed) > 0 || again.Same != len(first.New) || len(again.Rejected) != len(first.Rejected) {
			rt.Fatalf("the second time: %d new, %d changed, %d same of %d", len(again.New), len(again.Changed), again.Same, len(first.New))
		}
		i := slices.IndexFunc(rows, func(r EarlierRow) bool {
			g, v := ReadEarlier(r.Cells, earlierRefs)
			return len(v) == 0 && have[g.Key()].Title == g.Title
		})
		if i < 0 {
			return
		}
		rows[i].Cells["partner"] = "En annan skola"
		if p := PlanEarlier(rows, have, earlierRefs); len(p.New) > 0 || len(p.Changed) != 1 || !slices.Equal(p.Changed[0].Fields(), []string{"partner"}) {
			rt.Fatalf("a changed row: %+v", p)
		}
	})
}
