package workflow

import (
	"cmp"
	"slices"
	"strings"
)

// PrivacyFloor is the least number of pupils that is published of a grant. A
// smaller one could point somebody out, so it is said to be small and no more [P].
const PrivacyFloor = 5

// fewestSteps is how many cases a step needs before its days are published.
const fewestSteps = 3

// IsGrant tells whether the case is a grant as the public counts them: money was
// granted and the offer did not lapse. It may have been paid back since.
func (c Case) IsGrant() bool { return c.App.Decision.Favourable() && c.App.State != Lapsed }

// Pupils is how many travelled by the report, or are to travel by the plan: nobody, once the trip is cancelled.
func (c Case) Pupils() int64 {
	switch {
	case c.App.Report != nil:
		return c.App.Report.Pupils
	case c.App.Cancelled != nil:
		return 0
	}
	return num(c.App.Form.Participants.Pupils)
}

// OpenPupils is how many pupils the public is told of; few says that there are
// some, and too few to be told. Whatever is published is made of these numbers
// alone, so that no total, share or difference can give away one that is kept back.
func (c Case) OpenPupils() (n int64, few bool) {
	if n = c.Pupils(); n > 0 && n < PrivacyFloor {
		return 0, true
	}
	return n, false
}

// Areas are the strategy areas that the application names, each once and
// without what stands behind them in brackets or after a colon.
func (c Case) Areas() (areas []string) {
	for _, text := range c.App.Form.Text.StrategyLink {
		name, _, _ := strings.Cut(text, "(")
		name, _, _ = strings.Cut(name, ":")
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if !slices.ContainsFunc(areas, func(a string) bool { return strings.EqualFold(a, name) }) {
			areas = append(areas, name)
		}
	}
	return areas
}

// Operator says who runs the school, in a code: kommunal or fristaende; extern is an organisation.
func (c Case) Operator() string {
	switch {
	case c.School == nil:
		return "extern"
	case c.School.Municipal():
		return "kommunal"
	}
	return "fristaende"
}

// StatFilter narrows statistics; what is empty or 0 does not. Years are those of the decision.
type StatFilter struct {
	Scheme, Round, Operator string
	From, To                int
}

// Takes tells whether a case is counted: by the year of its decision, or while
// it has none by that of its arrival.
func (f StatFilter) Takes(c Case) bool {
	year := c.StatYear()
	return c.App.IsFiled() && (f.Scheme == "" || c.App.Scheme == f.Scheme) && (f.Round == "" || c.App.Round == f.Round) &&
		(f.Operator == "" || c.Operator() == f.Operator) && (f.From == 0 || year >= f.From) && (f.To == 0 || year <= f.To)
}

// StatYear is the year that the case counts in.
func (c Case) StatYear() int {
	if c.Earlier != nil {
		return c.Earlier.Year
	}
	if c.App.Decision != nil {
		return DateOf(c.App.Decision.DecidedAt).Year()
	}
	return DateOf(c.App.ReceivedAt).Year()
}

// StatGroup is what a group of grants comes to. Whole kronor.
type StatGroup struct {
	Key     string
	Grants  int64
	Pupils  int64 // of the grants whose pupils are told (OpenPupils)
	Few     int64 // grants with too few pupils to be told: they are in no number of pupils
	Granted int64 // as decided
	Kept    int64 // paid out and not come back
}

func (g *StatGroup) add(c Case) {
	n, few := c.OpenPupils()
	g.Grants++
	g.Pupils += n
	if few {
		g.Few++
	}
	g.Granted += c.App.Decision.Granted
	g.Kept += max(0, c.App.PaidNet())
}

// GoalGroup is how the goals of an area were reached, by the schools' accepted reports.
type GoalGroup struct {
	Area             string
	Full, Partly, No int64
}

// Sum is all answered goals.
func (g GoalGroup) Sum() int64 { return g.Full + g.Partly + g.No }

// StepDays are the working days of a step: a quarter of the cases took at most
// Low, half Mid, three quarters High. Promise is 0 where none was given.
type StepDays struct {
	Code                    string
	N, Low, Mid, High, Most int
	Promise                 int
}

// YearLevels is what a year's decisions granted, by school form and by who runs the school. Whole kronor.
type YearLevels struct {
	Year      int
	Levels    map[string]int64
	Operators map[string]int64
}

// Sum is the whole year.
func (y YearLevels) Sum() (sum int64) {
	for _, v := range y.Levels {
		sum += v
	}
	return sum
}

// Statistics is what the fund has done, counted once for page, files and yearly report.
type Statistics struct {
	Filed, Rejected, Dismissed, Withdrawn int64
	Applied                               int64 // kronor last applied for in all that was filed
	Total                                 StatGroup
	Years, Rounds, Levels, Countries      []StatGroup
	Areas, Operators                      []StatGroup
	ByYear                                []YearLevels
	Goals                                 []GoalGroup
	Steps                                 []StepDays
}

// Independent is the independent schools' share of the kronor granted to schools,
// in whole percent; organisations are left out. ok is false where schools got nothing.
func (y YearLevels) Independent() (percent int64, ok bool) {
	all := y.Operators["fristaende"] + y.Operators["kommunal"]
	if all == 0 {
		return 0, false
	}
	return (y.Operators["fristaende"]*200 + all) / (2 * all), true
}

// Count makes the statistics of some cases. Same cases, same numbers; nothing in
// them names a person.
func Count(cases []Case, f StatFilter) Statistics {
	var s Statistics
	sets := map[string]map[string]*StatGroup{}
	put := func(set, key string, c Case) {
		if sets[set] == nil {
			sets[set] = map[string]*StatGroup{}
		}
		if sets[set][key] == nil {
			sets[set][key] = &StatGroup{Key: key}
		}
		sets[set][key].add(c)
	}
	years, goals, steps := map[int]*YearLevels{}, map[string]*GoalGroup{}, stepCounter{}
	for _, c := range cases {
		if !f.Takes(c) {
			continue
		}
		s.Filed++
		s.Applied += c.App.LastRequested()
		s.outcome(c)
		if c.Earlier == nil { // of earlier years only the decision is known
			steps.add(c)
		}
		if !c.IsGrant() {
			continue
		}
		s.Total.add(c)
		year := c.StatYear()
		put("years", yearKey(year), c)
		put("rounds", c.App.Round, c)
		put("levels", c.Level(), c)
		put("operators", c.Operator(), c)
		if country := strings.TrimSpace(c.App.Form.Partner.Country); country != "" {
			put("countries", country, c)
		}
		for _, area := range c.Areas() {
			put("areas", area, c)
			if goals[area] == nil {
				goals[area] = &GoalGroup{Area: area}
			}
			goals[area].add(c.App.Report)
		}
		if years[year] == nil {
			years[year] = &YearLevels{Year: year, Levels: map[string]int64{}, Operators: map[string]int64{}}
		}
		years[year].Levels[c.Level()] += c.App.Decision.Granted
		years[year].Operators[c.Operator()] += c.App.Decision.Granted
	}
	s.Years, s.Rounds, s.Levels, s.Countries = byKey(sets["years"]), byKey(sets["rounds"]), byMoney(sets["levels"]), byMoney(sets["countries"])
	s.Areas, s.Operators = byMoney(sets["areas"]), byMoney(sets["operators"])
	for _, y := range years {
		s.ByYear = append(s.ByYear, *y)
	}
	for first, last := firstLast(years); first < last; first++ { // a year without grants is a year too
		if years[first] == nil {
			s.ByYear = append(s.ByYear, YearLevels{Year: first})
		}
	}
	slices.SortFunc(s.ByYear, func(a, b YearLevels) int { return cmp.Compare(a.Year, b.Year) })
	for _, g := range goals {
		if g.Sum() > 0 {
			s.Goals = append(s.Goals, *g)
		}
	}
	slices.SortFunc(s.Goals, func(a, b GoalGroup) int { return cmp.Or(cmp.Compare(b.Sum(), a.Sum()), cmp.Compare(a.Area, b.Area)) })
	s.Steps = steps.days()
	return s
}

func (s *Statistics) outcome(c Case) {
	switch {
	case c.App.State == Withdrawn:
		s.Withdrawn++
	case c.App.Decision == nil:
	case c.App.Decision.Outcome == Rejected:
		s.Rejected++
	case c.App.Decision.Outcome == Dismissed:
		s.Dismissed++
	}
}

// add counts the goals of an accepted report.
func (g *GoalGroup) add(r *Report) {
	if r == nil || r.AcceptedAt.IsZero() {
		return
	}
	for _, x := range r.Goals {
		switch x.Reached {
		case ReachedFull:
			g.Full++
		case ReachedPartly:
			g.Partly++
		case ReachedNot:
			g.No++
		}
	}
}

func firstLast(years map[int]*YearLevels) (first, last int) {
	for y := range years {
		if first == 0 || y < first {
			first = y
		}
		last = max(last, y)
	}
	return first, last
}

func yearKey(year int) string { return NewDate(year, 1, 1).String()[:4] }

func sortedGroups(set map[string]*StatGroup, order func(a, b StatGroup) int) (list []StatGroup) {
	for _, g := range set {
		list = append(list, *g)
	}
	slices.SortFunc(list, order)
	return list
}

func byKey(set map[string]*StatGroup) []StatGroup {
	return sortedGroups(set, func(a, b StatGroup) int { return cmp.Compare(a.Key, b.Key) })
}

func byMoney(set map[string]*StatGroup) []StatGroup {
	return sortedGroups(set, func(a, b StatGroup) int {
		return cmp.Or(cmp.Compare(b.Granted, a.Granted), cmp.Compare(a.Key, b.Key))
	})
}

// stepCodes are the steps whose days are counted, in order.
var stepCodes = []string{"check", "assessment", "decision", "payment", "report"}

type stepCounter struct {
	spans    map[string][]int
	promises map[string]int
}

// add notes how many working days each step of the case took.
func (s *stepCounter) add(c Case) {
	if s.spans == nil {
		s.spans, s.promises = map[string][]int{}, map[string]int{}
	}
	a := c.App
	note := func(code string, from, to Date, promise int) {
		if from.IsZero() || to.IsZero() || to.Before(from) {
			return
		}
		s.spans[code] = append(s.spans[code], BankDaysUntil(from, to))
		s.promises[code] = promise
	}
	received := DateOf(a.ReceivedAt)
	note("check", received, firstLook(a), c.Round.Rules.CheckDays)
	note("assessment", reviewDay(a.Reviews, true), reviewDay(a.Reviews, false), c.Round.Rules.AssessmentDays)
	if a.Decision != nil {
		decided := DateOf(a.Decision.DecidedAt)
		note("decision", received, decided, 0)
		for _, p := range a.Payments {
			if p.Status == PayPaid {
				note("payment", decided, p.PaidOn, 0)
				break
			}
		}
	}
	if r := a.Report; r != nil && !r.AcceptedAt.IsZero() {
		note("report", DateOf(r.SubmittedAt), DateOf(r.AcceptedAt), 0)
	}
}

// firstLook is the day of the officer's first move: a ruling, or a request for more.
func firstLook(a Application) (day Date) {
	see := func(d Date) {
		if day.IsZero() || d.Before(day) {
			day = d
		}
	}
	for _, r := range a.Rulings {
		if !r.At.IsZero() {
			see(DateOf(r.At))
		}
	}
	if a.Completion != nil {
		see(DateOf(a.Completion.AskedAt))
	}
	return day
}

// reviewDay is when the first review was assigned, or the last handed in once all are.
func reviewDay(reviews []Review, first bool) (day Date) {
	for _, r := range reviews {
		d := DateOf(r.SubmittedAt)
		if !r.Done() {
			return Date{}
		}
		if first {
			d = DateOf(r.AssignedAt)
		}
		if day.IsZero() || first && d.Before(day) || !first && d.After(day) {
			day = d
		}
	}
	return day
}

func (s *stepCounter) days() (list []StepDays) {
	for _, code := range stepCodes {
		d := slices.Sorted(slices.Values(s.spans[code]))
		n := len(d)
		if n < fewestSteps {
			continue
		}
		list = append(list, StepDays{Code: code, N: n, Low: d[(n-1)/4], Mid: d[(n-1)/2], High: d[3*(n-1)/4], Most: d[n-1], Promise: s.promises[code]})
	}
	return list
}
