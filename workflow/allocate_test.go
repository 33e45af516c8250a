package workflow

import (
	"fmt"
	"strings"
	"testing"

	"fund/workflow/money"
	"pgregory.net/rapid"
)

// S1…S5 are the five stubs of the reference set: two ties, of which one is
// broken by arrival and one by the twin town.
func fiveCandidates(t fatal) []Candidate {
	day := func(s string) timeOf { return instant(t, s) }
	return []Candidate{
		{Application: 4, Total: 70, Computed: 60000, Level: "gymnasieskola", ReceivedAt: day("2026-03-16T10:00")},
		{Application: 3, Total: 78, Computed: 70000, Level: "grundskola", TwinTown: true, ReceivedAt: day("2026-03-22T10:00")},
		{Application: 1, Total: 82, Computed: 88350, Level: "grundskola", TwinTown: true, ReceivedAt: day("2026-03-24T09:41:30")},
		{Application: 5, Total: 70, Computed: 50000, Level: "grundskola", TwinTown: true, ReceivedAt: day("2026-03-28T10:00")},
		{Application: 2, Total: 78, Computed: 64000, Level: "grundskola", TwinTown: true, ReceivedAt: day("2026-03-20T10:00")},
	}
}

// shown writes an allocation as "application:amount", with r for reserve.
func shown(a Allocation) string {
	var parts []string
	for _, r := range a.Results {
		s := fmt.Sprintf("%d:%d", r.Application, r.Amount)
		if r.Reserve {
			s += "r"
		}
		parts = append(parts, s)
	}
	return fmt.Sprintf("%s left %d", strings.Join(parts, " "), a.Remaining)
}

func TestAllocate(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		budget int64
		method string
		change func(*Rules)
		want   string
	}{
		{400000, MethodRanking, nil, "1:88350 2:64000 3:70000 5:50000 4:60000 left 67650"},
		{332350, MethodRanking, nil, "1:88350 2:64000 3:70000 5:50000 4:60000 left 0"},
		{250000, MethodRanking, nil, "1:88350 2:64000 3:70000 5:27650 4:0r left 0"},
		{247350, MethodRanking, nil, "1:88350 2:64000 3:70000 5:25000 4:0r left 0"},  // exactly half
		{247349, MethodRanking, nil, "1:88350 2:64000 3:70000 5:0r 4:0r left 24999"}, // a krona less than half
		{222350, MethodRanking, nil, "1:88350 2:64000 3:70000 5:0r 4:0r left 0"},     // nothing left
		{200000, MethodRanking, nil, "1:88350 2:64000 3:47650 5:0r 4:0r left 0"},     // the next ones are reserve though nothing is asked
		{100000, MethodRanking, nil, "1:88350 2:0r 3:0r 5:0r 4:0r left 11650"},       // 11 650 of 64 000 is too little
		{0, MethodRanking, nil, "1:0r 2:0r 3:0r 5:0r 4:0r left 0"},
		{247349, MethodRanking, func(r *Rules) { r.ReserveMinShare = money.Share{Num: 0, Den: 1} }, "1:88350 2:64000 3:70000 5:24999 4:0r left 0"},
		{222350, MethodRanking, func(r *Rules) { r.ReserveMinShare = money.Share{Num: 0, Den: 1} }, "1:88350 2:64000 3:70000 5:0r 4:0r left 0"},
		{400000, MethodProportional, nil, "1:88350 2:64000 3:70000 5:50000 4:60000 left 67650"},
		{166175, MethodProportional, nil, "1:44175 2:32000 3:35000 5:25000 4:30000 left 0"}, // half
		{100000, MethodProportional, nil, "1:26583 2:19256 3:21062 5:15044 4:18053 left 2"}, // each rounded down
	} {
		r := seedRules(t, "skolutbyte")
		if k.change != nil {
			k.change(&r)
		}
		a := Allocate(fiveCandidates(t), Sharing{Budget: k.budget, Method: k.method}, r, date("2026-04-20"))
		if shown(a) != k.want || a.Total != k.budget-a.Remaining {
			t.Errorf("%s of %d: %s, want %s", k.method, k.budget, shown(a), k.want)
		}
	}
}

// TestTies goes down the ladder: points, twin town, no grant in 24 months, level balance, arrival.
func TestTies(t *testing.T) {
	t.Parallel()
	r := seedRules(t, "skolutbyte")
	early, late := instant(t, "2026-03-01"), instant(t, "2026-03-02")
	base := Candidate{Total: 70, Computed: 1, Level: "grundskola", ReceivedAt: late}
	first := func(change func(*Candidate)) Candidate { c := base; c.Application = 2; change(&c); return c }
	second := func(change func(*Candidate)) Candidate { c := base; c.Application = 1; change(&c); return c }
	same := func(*Candidate) {}
	for name, k := range map[string]struct{ first, second func(*Candidate) }{
		"points":                 {func(c *Candidate) { c.Total = 71 }, func(c *Candidate) { c.TwinTown = true }},
		"twin town":              {func(c *Candidate) { c.TwinTown = true; c.LastGrant = date("2026-01-01") }, func(c *Candidate) { c.ReceivedAt = early }},
		"no grant":               {same, func(c *Candidate) { c.LastGrant, c.ReceivedAt = date("2024-04-20"), early }},
		"a grant long ago":       {func(c *Candidate) { c.LastGrant, c.ReceivedAt = date("2024-04-19"), early }, same},
		"earlier":                {func(c *Candidate) { c.ReceivedAt = early }, same},
		"the lower number, last": {func(c *Candidate) { c.Application = 0 }, same},
	} {
		a := Allocate([]Candidate{second(k.second), first(k.first)}, Sharing{Budget: 10, Method: MethodRanking}, r, date("2026-04-20"))
		if got, want := a.Results[0].Application, first(k.first).Application; got != want {
			t.Errorf("%s: %d is first", name, got)
		}
	}
	// Two compulsory schools are placed; of two with equal points the upper-secondary one comes next, though later.
	higher := base
	higher.Total, higher.Application = 90, 3
	other := second(func(c *Candidate) { c.Level = "gymnasieskola" })
	a := Allocate([]Candidate{first(func(c *Candidate) { c.ReceivedAt = early }), other, higher}, Sharing{Budget: 10, Method: MethodRanking}, r, date("2026-04-20"))
	if a.Results[1].Application != other.Application || a.Results[1].Tie != "level" {
		t.Errorf("level balance: %+v", a.Results)
	}
}

// TestFloorForEachLevel: the lower level's best case goes before the others of the higher one, and the list stays in order of rank.
func TestFloorForEachLevel(t *testing.T) {
	t.Parallel()
	all := []Candidate{{Application: 1, Total: 80, Computed: 50000, Level: "a"}, {Application: 2, Total: 75, Computed: 50000, Level: "a"}, {Application: 3, Total: 65, Computed: 30000, Level: "b"}}
	for _, tt := range []struct {
		floor int64
		want  [3]int64
	}{{1, [3]int64{50000, 0, 30000}}, {50000, [3]int64{50000, 0, 30000}}, {50001, [3]int64{50000, 50000, 0}}} {
		a := Allocate(all, Sharing{Budget: 100000, Method: MethodLevelFloor, LevelFloor: tt.floor}, seedRules(t, "skolutbyte"), date("2026-04-20"))
		for i, x := range a.Results {
			if x.Application != int64(i+1) || x.Amount != tt.want[i] {
				t.Errorf("floor %d: %+v", tt.floor, a.Results)
				break
			}
		}
	}
}

// TestAllocationProperties: never more than the budget or than computed, nothing lost, and a higher rank never reserve before a lower one is paid.
func TestAllocationProperties(t *testing.T) {
	t.Parallel()
	rules := seedRules(t, "skolutbyte")
	rapid.Check(t, func(t *rapid.T) {
		var all []Candidate
		for i := range rapid.IntRange(0, 12).Draw(t, "count") {
			all = append(all, Candidate{Application: int64(i + 1), Total: rapid.IntRange(60, 65).Draw(t, "total"), Computed: rapid.Int64Range(0, 120000).Draw(t, "computed"),
				TwinTown: rapid.Bool().Draw(t, "twin"), Level: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "level")})
		}
		budget := rapid.Int64Range(0, 600000).Draw(t, "budget")
		how := Sharing{Budget: budget, Method: rapid.SampledFrom(Methods).Draw(t, "method"), LevelFloor: rapid.Int64Range(0, 300000).Draw(t, "floor")}
		a := Allocate(all, how, rules, date("2026-04-20"))
		var sum int64
		reserve := false
		for i, x := range a.Results {
			sum += x.Amount
			if x.Amount < 0 || x.Amount > x.Computed || x.Reserve && x.Amount > 0 {
				t.Fatalf("%+v", x)
			}
			if i > 0 && a.Results[i-1].Total < x.Total {
				t.Fatalf("%d points after %d", x.Total, a.Results[i-1].Total)
			}
			if reserve && x.Amount > 0 && how.Method != MethodLevelFloor {
				t.Fatalf("%+v is paid after a reserve", x)
			}
			reserve = reserve || x.Reserve
		}
		if sum != a.Total || a.Remaining != budget-sum || a.Remaining < 0 || len(a.Results) != len(all) {
			t.Fatalf("%d of %d, total %d, remaining %d", sum, budget, a.Total, a.Remaining)
		}
		if how.Method != MethodLevelFloor {
			return
		}
		// Each level's best cases up to the floor come first: if the budget holds them, they are paid in full.
		level, first, need := map[int64]string{}, map[int64]bool{}, int64(0)
		for _, k := range all {
			level[k.Application] = k.Level
		}
		got := map[string]int64{}
		for _, x := range a.Results {
			if l := level[x.Application]; x.Computed > 0 && got[l] < how.LevelFloor {
				got[l] += x.Computed
				need += x.Computed
				first[x.Application] = true
			}
		}
		for _, x := range a.Results {
			if first[x.Application] && need <= budget && x.Amount != x.Computed {
				t.Fatalf("%+v is within its level's floor, %d of %d needed", x, need, budget)
			}
		}
	})
}

func TestCandidate(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Ranked)
	k := CandidateOf(w.c, Date{}, w.today())
	if k.Total != 89 || k.Computed != 81000 || !k.TwinTown || k.Level != "gymnasieskola" || k.School != "Skolan" {
		t.Errorf("%+v", k)
	}
	w.c.App.Consensus.Ratings = map[string]int{"K1": 2, "K2": 5, "K3": 5, "K4": 5, "K5": 5}
	if k := CandidateOf(w.c, Date{}, w.today()); k.Total != 85 || k.Computed != 0 {
		t.Errorf("below the threshold: %+v", k)
	}
	w.c.App.State, w.c.App.Proposal = Proposed, &Proposal{Outcome: Rejected}
	if Unranked(w.c) {
		t.Error("refused for its score, and not ranked")
	}
	w.c.App.Reviews, w.c.App.Consensus = nil, nil // as co-financing, which is not scored
	for outcome, want := range map[string]int64{Granted: 81000, PartiallyGranted: 81000, Rejected: 0} {
		w.c.App.Proposal = &Proposal{Outcome: outcome}
		if k := CandidateOf(w.c, Date{}, w.today()); k.Computed != want {
			t.Errorf("proposed as %s: %+v", outcome, k)
		}
		w.c.App.State = Proposed
		if got := Unranked(w.c); got != (outcome == Rejected) {
			t.Errorf("proposed as %s without a score: unranked %v", outcome, got)
		}
	}
}
