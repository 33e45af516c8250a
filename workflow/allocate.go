package workflow

import (
	"cmp"
	"math/big"
	"slices"
	"time"
)

// Methods of sharing out a round's budget.
const (
	MethodRanking      = "ranking"
	MethodProportional = "proportional"
	MethodLevelFloor   = "level_floor" // by ranking, after each school level has had its floor
)

// Methods lists them.
var Methods = []string{MethodRanking, MethodProportional, MethodLevelFloor}

// Sharing is how a budget is shared out. Whole kronor.
type Sharing struct {
	Budget     int64
	Method     string
	LevelFloor int64 // what each school level gets before the rest is shared, if it has asked for as much
}

// Candidate is an assessed application in a round's order.
type Candidate struct {
	Application int64
	Title       string
	School      string
	Level       string
	Total       int
	Computed    int64 // what it could get: 0 where it fails the threshold
	TwinTown    bool
	LastGrant   Date // the school's latest grant before this one; zero: none
	ReceivedAt  time.Time
}

// Allotment is a candidate's place and share. Whole kronor.
type Allotment struct {
	Application int64  `json:"application"`
	Computed    int64  `json:"computed"`
	Amount      int64  `json:"amount"`
	Reserve     bool   `json:"reserve"`
	Total       int    `json:"total"`
	Tie         string `json:"tie,omitempty"` // what put it before the next one: twin_town, no_grant, level, earlier
}

// Allocation is a scenario: a budget shared out by a method.
type Allocation struct {
	Budget    int64       `json:"budget"`
	Method    string      `json:"method"`
	Floor     int64       `json:"level_floor,omitempty"`
	Total     int64       `json:"total"`
	Remaining int64       `json:"remaining"`
	Results   []Allotment `json:"results"`
}

// Allocate shares out the budget (RF-16). By ranking each gets what was
// computed while it lasts; the first one that it does not suffice for gets the
// rest if that is at least reserve_min_share of its sum, and everyone after is
// reserve. With a floor the best cases of each level stand first in that queue
// until the level has reached it. Proportionally everyone gets the same share,
// rounded down. The results are in order of rank, whatever the method.
func Allocate(all []Candidate, how Sharing, r Rules, today Date) Allocation {
	order := rank(all, r, today)
	out := Allocation{Budget: how.Budget, Method: how.Method, Remaining: how.Budget, Results: []Allotment{}}
	queue := order
	if how.Method == MethodLevelFloor {
		out.Floor, queue = how.LevelFloor, floorsFirst(order, how.LevelFloor)
	}
	given := giveOut(queue, &out, r)
	for i, k := range order {
		a := given[k.Application]
		if i+1 < len(order) && order[i+1].Total == k.Total {
			a.Tie = tieReason(k, order[i+1], r, today)
		}
		out.Results = append(out.Results, a)
	}
	return out
}

// giveOut gives the allocation's budget to a queue, and takes it from what remains.
func giveOut(queue []Candidate, out *Allocation, r Rules) map[int64]Allotment {
	var wanted int64
	for _, k := range queue {
		wanted += k.Computed
	}
	given, full := map[int64]Allotment{}, false
	for _, k := range queue {
		a := Allotment{Application: k.Application, Computed: k.Computed, Total: k.Total}
		switch {
		case out.Method == MethodProportional && wanted > out.Budget:
			n := new(big.Int).Mul(big.NewInt(k.Computed), big.NewInt(max(0, out.Budget)))
			a.Amount = n.Div(n, big.NewInt(wanted)).Int64()
		case out.Method == MethodProportional || !full && k.Computed <= out.Remaining:
			a.Amount = k.Computed
		case !full && out.Remaining > 0 && out.Remaining*max(1, r.ReserveMinShare.Den) >= k.Computed*r.ReserveMinShare.Num:
			a.Amount, full = out.Remaining, true
		default:
			full = true
			a.Reserve = k.Computed > 0
		}
		out.Total += a.Amount
		out.Remaining -= a.Amount
		given[k.Application] = a
	}
	return given
}

// floorsFirst moves the best cases of each level to the front, until what they
// could get has reached the floor.
func floorsFirst(order []Candidate, floor int64) []Candidate {
	var first, rest []Candidate
	got := map[string]int64{}
	for _, k := range order {
		if k.Computed > 0 && got[k.Level] < floor {
			got[k.Level] += k.Computed
			first = append(first, k)
		} else {
			rest = append(rest, k)
		}
	}
	return slices.Concat(first, rest)
}

// rank orders by score; ties by twin town, no grant in the last months, the
// level with fewer places so far, and the earlier arrival (RF-16).
func rank(all []Candidate, r Rules, today Date) []Candidate {
	left := slices.Clone(all)
	places := map[string]int{}
	out := make([]Candidate, 0, len(left))
	for len(left) > 0 {
		best := 0
		for i := 1; i < len(left); i++ {
			if before(left[i], left[best], places, r, today) < 0 {
				best = i
			}
		}
		out = append(out, left[best])
		places[left[best].Level]++
		left = slices.Delete(left, best, best+1)
	}
	return out
}

func before(a, b Candidate, places map[string]int, r Rules, today Date) int {
	return cmp.Or(
		cmp.Compare(b.Total, a.Total),
		yesFirst(a.TwinTown, b.TwinTown),
		yesFirst(a.noGrant(r, today), b.noGrant(r, today)),
		cmp.Compare(places[a.Level], places[b.Level]),
		a.ReceivedAt.Compare(b.ReceivedAt),
		cmp.Compare(a.Application, b.Application))
}

func yesFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// noGrant tells whether the school has had no grant in the last tie_months_without_grant months.
func (k Candidate) noGrant(r Rules, today Date) bool {
	if k.LastGrant.IsZero() {
		return true
	}
	since := DateOf(today.Start().AddDate(0, -r.TieMonthsWithoutGrant, 0))
	return k.LastGrant.Before(since)
}

// tieReason names what put the first of two with equal scores before the second.
func tieReason(a, b Candidate, r Rules, today Date) string {
	switch {
	case a.TwinTown != b.TwinTown:
		return "twin_town"
	case a.noGrant(r, today) != b.noGrant(r, today):
		return "no_grant"
	case a.Level != b.Level:
		return "level"
	}
	return "earlier"
}

// Unranked tells whether a case stands outside its round's order: it is proposed for
// a refusal or a dismissal without having been assessed, so it has no score to be
// ranked by and no share of the money.
func Unranked(c Case) bool {
	p := c.App.Proposal
	return p != nil && c.App.State == Proposed && !slices.Contains([]string{Granted, PartiallyGranted}, p.Outcome) && Assess(c).Total == nil
}

// CandidateOf makes a candidate of a ranked case, or of one that is proposed
// for a grant without an assessment: of co-financing (RF-27).
func CandidateOf(c Case, lastGrant, today Date) Candidate {
	k := Candidate{Application: c.App.ID, Title: c.App.Form.Title, Level: c.Level(), TwinTown: c.App.Form.Partner.SisterCity,
		LastGrant: lastGrant, ReceivedAt: c.App.ReceivedAt}
	if c.School != nil {
		k.School = c.School.Name
	} else {
		k.School = c.App.Form.Applicant.Organisation
	}
	n := Compute(c, today)
	if s := Assess(c); s.Total != nil {
		k.Total = *s.Total
		if *s.Passed {
			k.Computed = n.MaxGrant
		}
	} else if p := c.App.Proposal; p != nil && slices.Contains([]string{Granted, PartiallyGranted}, p.Outcome) {
		k.Computed = n.MaxGrant
	}
	return k
}
