package workflow

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// granted is a case with the little that statistics look at.
func granted(id int64, level, operator, country string, year int, pupils, sum int64, areas ...string) Case {
	day := NewDate(year, 5, 12)
	c := Case{School: &School{Name: fmt.Sprint("Skola ", id), Level: level, Operator: operator}, Round: Round{ID: fmt.Sprint("VT", year), Rules: Rules{CheckDays: 10, AssessmentDays: 15}}}
	c.App = Application{ID: id, State: Closed, Scheme: "skolutbyte", Round: c.Round.ID, ReceivedAt: day.AddDays(-40).At(10, 0), Filed: []Filed{{N: 1, Requested: sum + 1000}},
		Form:     Form{Partner: Partner{Country: country}, Participants: Participants{Pupils: &pupils}, Text: Texts{StrategyLink: areas, Goals: []Goal{{Goal: "A"}, {Goal: "B"}}}},
		Decision: &Decision{Outcome: Granted, Granted: sum, DecidedAt: day.At(10, 0)}}
	return c
}

func TestCountAddsUpGrants(t *testing.T) {
	t.Parallel()
	lapsed := granted(4, "grundskola", "kommunal", "Norge", 2026, 10, 9000)
	lapsed.App.State = Lapsed
	refused := granted(5, "grundskola", "kommunal", "Norge", 2026, 10, 0)
	refused.App.Decision = &Decision{Outcome: Rejected, DecidedAt: refused.App.Decision.DecidedAt}
	reported := granted(2, "gymnasieskola", "fristående", "Finland", 2026, 24, 30000, "Bo och leva (trygghet)", "Utbildning och kompetens")
	reported.App.Report = &Report{Pupils: 20, AcceptedAt: reported.App.ReceivedAt, Goals: []GoalResult{{Goal: 1, Reached: ReachedFull}, {Goal: 2, Reached: ReachedNot}}}
	reported.App.Payments = []Payment{{Amount: 30000, Status: PayPaid, PaidOn: NewDate(2026, 6, 1)}}
	reported.App.Recovery = &Recovery{Amount: 5000, Repayments: []Repayment{{Amount: 5000}}}
	draft := granted(6, "grundskola", "kommunal", "Norge", 2026, 10, 100)
	draft.App.ReceivedAt, draft.App.Decision = draft.App.CreatedAt, nil
	cases := []Case{granted(1, "grundskola", "kommunal", "Finland", 2025, 30, 70000, "Utbildning och kompetens"), reported, lapsed, refused, draft}
	s := Count(cases, StatFilter{})
	if s.Filed != 4 || s.Rejected != 1 || s.Total != (StatGroup{Grants: 2, Pupils: 50, Granted: 100000, Kept: 25000}) {
		t.Errorf("filed %d, rejected %d, total %+v", s.Filed, s.Rejected, s.Total)
	}
	if len(s.Countries) != 1 || s.Countries[0].Granted != 100000 || s.Levels[0].Key != "grundskola" {
		t.Errorf("countries %+v, levels %+v", s.Countries, s.Levels)
	}
	if len(s.Areas) != 2 || s.Areas[0].Key != "Utbildning och kompetens" || s.Areas[0].Grants != 2 || s.Areas[1].Key != "Bo och leva" {
		t.Errorf("areas %+v", s.Areas)
	}
	if len(s.Goals) != 2 || s.Goals[0] != (GoalGroup{"Bo och leva", 1, 0, 1}) {
		t.Errorf("goals %+v", s.Goals)
	}
	if share, ok := s.ByYear[1].Independent(); s.ByYear[1].Year != 2026 || !ok || share != 100 {
		t.Errorf("independent share %d of %+v", share, s.ByYear[1])
	}
	for filter, want := range map[StatFilter]int64{{From: 2026}: 1, {To: 2025}: 1, {Operator: "fristaende"}: 1, {Round: "VT2025"}: 1, {Scheme: "medfinansiering"}: 0, {From: 2025, To: 2026}: 2} {
		if got := Count(cases, filter).Total.Grants; got != want {
			t.Errorf("%+v counts %d grants, want %d", filter, got, want)
		}
	}
}

// TestYearsWithoutGrantsAreYears: the plot of years has no hole, and compares with the year before.
func TestYearsWithoutGrantsAreYears(t *testing.T) {
	t.Parallel()
	s := Count([]Case{granted(1, "grundskola", "kommunal", "Norge", 2023, 10, 9000), granted(2, "grundskola", "kommunal", "Norge", 2026, 10, 9000)}, StatFilter{})
	for i, want := range []int64{9000, 0, 0, 9000} {
		if len(s.ByYear) != 4 || s.ByYear[i].Year != 2023+i || s.ByYear[i].Sum() != want {
			t.Fatalf("years %+v", s.ByYear)
		}
	}
	if len(s.Years) != 2 {
		t.Errorf("groups of years %+v", s.Years)
	}
}

func TestStepsAreWorkingDaysAndNeedThreeCases(t *testing.T) {
	t.Parallel()
	var cases []Case
	for i, days := range []int{7, 14, 21} { // whole weeks from a Thursday: 5, 10 and 15 working days, holidays apart
		c := granted(int64(i), "grundskola", "kommunal", "Norge", 2026, 10, 9000)
		received := NewDate(2026, 2, 5)
		c.App.ReceivedAt = received.At(9, 0)
		c.App.Rulings = []Ruling{{At: received.AddDays(days).At(9, 0)}}
		c.App.Completion = &Completion{AskedAt: received.AddDays(60).At(9, 0)}
		cases = append(cases, c)
		if i == 1 {
			if s := Count(cases, StatFilter{}); len(s.Steps) != 0 {
				t.Errorf("two cases tell of %+v", s.Steps)
			}
		}
	}
	s := Count(cases, StatFilter{})
	if len(s.Steps) == 0 || s.Steps[0] != (StepDays{Code: "check", N: 3, Low: 5, Mid: 10, High: 10, Most: 15, Promise: 10}) {
		t.Errorf("steps %+v", s.Steps)
	}
}

// TestSmallGroupsAreInNothingThatIsTold: whatever the numbers are that are kept
// back, all that is counted comes out the same. So nobody can work one out, by no
// total, filter or difference, and by no number of them together.
func TestSmallGroupsAreInNothingThatIsTold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var cases, others []Case
		shown, few := int64(0), int64(0)
		for i, n := range rapid.SliceOfN(rapid.Int64Range(0, 12), 1, 8).Draw(t, "pupils") {
			level := rapid.SampledFrom([]string{"grundskola", "gymnasieskola"}).Draw(t, "level")
			operator := rapid.SampledFrom([]string{"kommunal", "fristående"}).Draw(t, "operator")
			country := rapid.SampledFrom([]string{"Finland", "Norge", "Spanien"}).Draw(t, "country")
			year := rapid.IntRange(2025, 2027).Draw(t, "year")
			c := granted(int64(i), level, operator, country, year, n, 1000, rapid.SampledFrom([]string{"Bo och leva", "Arbetsliv"}).Draw(t, "area"))
			cases = append(cases, c)
			if n == 0 || n >= PrivacyFloor {
				shown += n
			} else {
				n = rapid.Int64Range(1, PrivacyFloor-1).Draw(t, "another")
				c = granted(int64(i), level, operator, country, year, n, 1000, c.Areas()...)
				few++
			}
			others = append(others, c)
		}
		f := StatFilter{Operator: rapid.SampledFrom([]string{"", "fristaende"}).Draw(t, "filter"), From: rapid.SampledFrom([]int{0, 2026}).Draw(t, "from")}
		if diff := cmp.Diff(Count(cases, f), Count(others, f)); diff != "" {
			t.Fatalf("numbers that are kept back show: %s", diff)
		}
		if s := Count(cases, StatFilter{}); s.Total.Pupils != shown || s.Total.Few != few {
			t.Fatalf("total %+v, want %d pupils and %d grants with few", s.Total, shown, few)
		}
	})
}

// TestUntoldDecisionsAreNotPublic: while the letter waits, or the decision may
// still be taken back, the case has only arrived; its outcome is told to nobody.
func TestUntoldDecisionsAreNotPublic(t *testing.T) {
	t.Parallel()
	held := granted(1, "grundskola", "kommunal", "Norge", 2026, 10, 9000)
	held.App.Letter = &LetterHold{Reason: "Alla besked samma dag."}
	fresh := granted(2, "grundskola", "kommunal", "Norge", 2026, 10, 9000)
	fresh.App.Version, fresh.App.Undo = 9, &Undo{Step: 9, Live: 9, Action: ActDecide}
	refused := granted(3, "grundskola", "kommunal", "Norge", 2026, 10, 0)
	refused.App.Decision.Outcome, refused.App.Letter = Rejected, &LetterHold{Reason: "Alla besked samma dag."}
	for _, c := range []Case{held, fresh, refused} {
		s := Count([]Case{c.InPublic()}, StatFilter{})
		if s.Filed != 1 || s.Rejected != 0 || s.Total.Grants != 0 || len(s.ByYear) != 0 || c.InPublic().IsGrant() {
			t.Errorf("case %d counts as %+v", c.App.ID, s)
		}
	}
	held.App.Letter.ReleasedAt = held.App.Decision.DecidedAt
	fresh.App.Version = 10 // the letter is made
	for _, c := range []Case{held, fresh} {
		if s := Count([]Case{c.InPublic()}, StatFilter{}); s.Total.Grants != 1 {
			t.Errorf("case %d is told and counts as %+v", c.App.ID, s)
		}
	}
}

// TestNobodyTravelsOnACancelledTrip: its grant counts, its pupils don't.
func TestNobodyTravelsOnACancelledTrip(t *testing.T) {
	t.Parallel()
	c := Case{}
	c.App.Form.Participants.Pupils = new(int64(14))
	if n, few := c.OpenPupils(); n != 14 || few {
		t.Errorf("planned: %d %v", n, few)
	}
	c.App.Cancelled = &Cancellation{Cause: "own"}
	if n, few := c.OpenPupils(); n != 0 || few {
		t.Errorf("cancelled: %d %v, want nobody", n, few)
	}
}
