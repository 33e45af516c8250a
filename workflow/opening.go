package workflow

import (
	"slices"
	"time"
)

// OpeningFacts is what stands around a round that is about to open.
type OpeningFacts struct {
	Scheme     Scheme
	Newest     int64            // the scheme's newest rule set
	People     []Person         // everyone who may sign in
	Schools    []School         // the register
	Items      []DelegationItem // the delegation order
	Words      []string         // words that are missing, in either language
	Letters    []string         // what keeps a letter from being sent, outcome by outcome
	HasFinance bool             // the payer and the bank are written
}

// OpeningPoint is one point of the checklist before a round opens: met, or what is wrong. Code is a
// word in package lang (opening.<code>).
type OpeningPoint struct {
	Code     string
	Severity string // "ok" | warning | stop
	Names    []string
	Args     map[string]any
}

// Stops tells whether something has to be mended before the round is published.
func Stops(points []OpeningPoint) bool {
	return slices.ContainsFunc(points, func(p OpeningPoint) bool { return p.Severity == Stop })
}

// OpeningPoints goes through a round before it is published. Stops would be met
// by those who apply or decide; warnings are for somebody to think about.
func OpeningPoints(r Round, f OpeningFacts, at time.Time) (list []OpeningPoint) {
	point := func(code string, met bool, severity string, names []string, kv ...any) {
		if met {
			severity = "ok"
		}
		list = append(list, OpeningPoint{code, severity, names, pairs(kv)})
	}
	school := f.Scheme.Applicant != "organisation"
	rolling := r.ClosesAt.IsZero()
	point("dates", r.daysInOrder(), Stop, nil)
	point("not_past", rolling || r.ClosesAt.After(at), Stop, nil)
	point("trips", !school || !r.TripFrom.IsZero() && !r.TripTo.IsZero(), Warning, nil)
	point("meeting", rolling || !r.Meeting.IsZero(), Warning, nil)
	point("before_trips", r.Meeting.IsZero() || r.TripFrom.IsZero() || r.Meeting.Before(r.TripFrom), Warning, nil)
	point("budget", r.Budget > 0, Stop, nil)
	point("rules_newest", r.RuleSet >= f.Newest, Warning, nil, "Mine", r.RuleSet, "Newest", f.Newest)
	if !f.Scheme.DirectProposal {
		most := 0
		for _, w := range r.Rules.CriteriaWeights {
			most += w * r.Rules.RatingMax
		}
		point("weights", most == 100, Warning, nil, "Sum", most)
		point("threshold", r.Rules.ThresholdTotal <= most, Stop, nil, "Sum", most, "Least", r.Rules.ThresholdTotal)
		n := holders(f.People, Reviewer)
		point("reviewers", n >= r.Rules.Reviewers, Stop, nil, "Count", n, "Need", r.Rules.Reviewers)
		point("reviewers_spare", n > r.Rules.Reviewers, Warning, nil, "Count", n)
	}
	point("words", len(f.Words) == 0, Stop, f.Words)
	point("letters", len(f.Letters) == 0, Stop, f.Letters)
	point("officer", holders(f.People, Officer) > 0, Stop, nil)
	delegated := f.Scheme.Body == "" && r.Rules.DelegationLimit > 0
	point("head", !delegated || holders(f.People, Head) > 0, Stop, nil)
	point("secretary", holders(f.People, Secretary) > 0, Stop, nil)
	if delegated {
		list = append(list, itemPoints(r, f, DateOf(at))...)
	}
	if school {
		open := slices.DeleteFunc(slices.Clone(f.Schools), func(s School) bool {
			return !slices.Contains(r.Rules.EligibleLevels, s.Level) || !s.openOn(DateOf(r.OpensAt))
		})
		point("schools", len(open) > 0, Stop, nil, "Count", len(open))
		var without []string
		for _, s := range open {
			if !slices.ContainsFunc(f.People, func(p Person) bool { return p.At(Principal, s.ID) }) {
				without = append(without, s.Name)
			}
		}
		point("principals", len(without) == 0, Warning, without)
	}
	point("finance", f.HasFinance, Warning, nil)
	return list
}

// daysInOrder: opens, closes, meeting, minutes, notice, last appeal day; trips from and to.
func (r Round) daysInOrder() bool {
	if r.OpensAt.IsZero() || !r.ClosesAt.IsZero() && !r.ClosesAt.After(r.OpensAt) || !r.TripFrom.IsZero() && r.TripTo.Before(r.TripFrom) {
		return false
	}
	last := DateOf(r.OpensAt)
	if !r.ClosesAt.IsZero() {
		last = DateOf(r.ClosesAt)
	}
	for _, d := range []Date{r.Meeting, r.MinutesOn, r.NoticeOn, r.LastAppealDay} {
		if d.IsZero() {
			continue
		}
		if d.Before(last) {
			return false
		}
		last = d
	}
	return true
}

// itemPoints: some item of the delegation order fits each kind of decision on the day of the meeting, or today where there is none.
func itemPoints(r Round, f OpeningFacts, today Date) []OpeningPoint {
	if len(f.Items) == 0 {
		return []OpeningPoint{{Code: "items_none", Severity: Warning}}
	}
	day := r.Meeting
	if day.IsZero() || day.Before(today) {
		day = today
	}
	var missing []string
	for _, o := range DelegationOutcomes {
		if !slices.ContainsFunc(f.Items, func(d DelegationItem) bool { return d.Misfit(r.Scheme, o, 0, day) == nil }) {
			missing = append(missing, "outcome."+o)
		}
	}
	if len(missing) == 0 {
		return []OpeningPoint{{Code: "items", Severity: "ok", Args: pairs([]any{"Day", day.String()})}}
	}
	return []OpeningPoint{{Code: "items", Severity: Stop, Names: missing, Args: pairs([]any{"Day", day.String()})}}
}

func holders(people []Person, r Role) (n int) {
	for _, p := range people {
		if p.Is(r) {
			n++
		}
	}
	return n
}

// openOn tells whether the unit is active that day.
func (s School) openOn(day Date) bool {
	return (s.ActiveFrom.IsZero() || !day.Before(s.ActiveFrom)) && (s.ActiveTo.IsZero() || !day.After(s.ActiveTo))
}
