package workflow

import "slices"

// Computed are the numbers of an application (contract.md, "What is computed").
// Whole kronor; a nil cap means that there is none. Page, API, letter, file and
// statistics take them from here.
type Computed struct {
	TotalCost      int64      `json:"total_cost"`
	EligibleCost   int64      `json:"eligible_cost"`
	PerHeadCap     *int64     `json:"per_head_cap"`
	ShareCap       int64      `json:"share_cap"`
	ExternalGrants int64      `json:"external_grants"`
	Gap            int64      `json:"gap"` // eligible_cost − external_grants
	MaxPerApp      *int64     `json:"max_per_application"`
	MaxGrant       int64      `json:"max_grant"`
	Ruling         string     `json:"limit"` // which of the limits MaxGrant comes to
	AllowedStaff   int64      `json:"allowed_staff"`
	Unfunded       int64      `json:"unfunded"` // total cost − all funding − requested
	DecisionBody   string     `json:"decision_body"`
	ReportDue      Date       `json:"report_due"`
	Suggested      *Suggested `json:"suggested,omitempty"`
}

// Suggested is a draft for the officer and never more (KL 6:38).
type Suggested struct {
	Outcome string   `json:"outcome"`
	Granted int64    `json:"granted"`
	Reasons []string `json:"reasons"`
}

// Limits that max_grant may come to.
const (
	LimitRequested   = "requested"
	LimitPerHead     = "per_head_cap"
	LimitShare       = "share_cap"
	LimitGap         = "gap"
	LimitApplication = "max_per_application"
	LimitIneligible  = "ineligible"
)

// Decision bodies (RF-17).
const (
	Delegate  = "DELEGATE"
	Committee = "COMMITTEE"
	Board     = "BOARD"
	ByItself  = "OFFICER" // the officer, for small changes (RF-20)
)

// Compute gives all numbers of a case today.
func Compute(c Case, today Date) Computed {
	f, r := c.App.Form, c.Round.Rules
	cost := costs(f.Lines(), f.Funding, r)
	out := Computed{
		TotalCost:      f.TotalCost(),
		EligibleCost:   cost.eligible,
		ExternalGrants: cost.external,
		Gap:            cost.eligible - cost.external,
		ShareCap:       r.ShareCap.Of(cost.eligible), // RF-07
		PerHeadCap:     c.perHeadCap(headsOf(f.Participants), cost.uncapped),
		MaxPerApp:      r.MaxPerApplication, // RF-08
		AllowedStaff:   allowedStaff(num(f.Participants.Pupils), r),
		DecisionBody:   c.DecisionBody(),
	}
	out.MaxGrant, out.Ruling = c.maxGrant(out)
	out.Unfunded = out.TotalCost - num(f.Requested) - num(f.Voluntary)
	for _, x := range f.Funding {
		if x.Status != "refused" {
			out.Unfunded -= num(x.Amount)
		}
	}
	out.ReportDue = c.ReportDueOn()
	if c.App.IsFiled() {
		out.Suggested = c.suggest(out, today)
	}
	return out
}

// cost is what a budget comes to under the rules. Whole kronor.
type cost struct {
	eligible   int64 // lines with an eligible code that nobody else covers
	external   int64 // confirmed external grants, less the lines they cover
	uncapped   int64 // of the eligible: codes on top of the cap per person (STO)
	ineligible bool  // there are lines with a code that is not eligible
	covered    int64 // lines that another funder pays whole
}

// costs sorts budget lines. A covered line is out whole; a grant counts against
// the gap only with what is left of it after the lines that it covers (RF-10).
func costs(lines []BudgetLine, funding []Funding, r Rules) (out cost) {
	amount := map[int64]int64{}
	for _, l := range lines {
		amount[l.Line] += l.Sum() // a number may stand at two lines: both are covered
	}
	for _, x := range funding {
		if x.Type != "external_grant" || x.Status != "confirmed" {
			continue // own money and in-kind never count; an applied grant is a finding
		}
		left := num(x.Amount)
		for _, n := range slices.Compact(slices.Sorted(slices.Values(x.Covers))) { // a line is paid once, however often it is named
			left -= amount[n]
		}
		out.external += max(0, left)
	}
	for _, l := range countedLines(lines, funding, r) {
		out.ineligible = out.ineligible || !l.known && l.Sum() != 0
		out.eligible += l.Counts
		if l.covered {
			out.covered += l.Sum()
		}
		if slices.Contains(r.UncappedCodes, l.Code) {
			out.uncapped += l.Counts
		}
	}
	return out
}

// CountedLine is a budget line and what of it counts as eligible cost: the whole
// of it or nothing, in kronor.
type CountedLine struct {
	BudgetLine
	Counts         int64
	known, covered bool
}

// CountedLines are a form's budget lines by a round's rules: a line counts when
// its code is eligible (RF-09) and no confirmed external grant covers it (RF-10).
func CountedLines(f Form, r Rules) []CountedLine { return countedLines(f.Lines(), f.Funding, r) }

func countedLines(lines []BudgetLine, funding []Funding, r Rules) []CountedLine {
	covered := map[int64]bool{}
	for _, x := range funding {
		if x.Type == "external_grant" && x.Status == "confirmed" {
			for _, n := range x.Covers {
				covered[n] = true
			}
		}
	}
	out := make([]CountedLine, 0, len(lines))
	for _, l := range lines {
		x := CountedLine{BudgetLine: l, known: slices.Contains(r.EligibleCodes, l.Code), covered: covered[l.Line]}
		if x.known && !x.covered {
			x.Counts = l.Sum()
		}
		out = append(out, x)
	}
	return out
}

// allowedStaff is max(staff_min, pupils / staff_per_pupils rounded up) (RF-06).
func allowedStaff(pupils int64, r Rules) int64 {
	return max(r.StaffMin, (pupils+r.StaffPerPupils-1)/r.StaffPerPupils)
}

// heads are who takes part: those who go, and who comes to a school that hosts.
type heads struct{ pupils, staff, visiting int64 }

func headsOf(p Participants) heads { return heads{num(p.Pupils), num(p.Staff), num(p.VisitingPupils)} }

// perHeadCap is the cap of RF-06 in kronor by school form and type of activity; nil
// where the school form has none. Uncapped lines (STO) come on top.
func (c Case) perHeadCap(n heads, uncapped int64) *int64 {
	r := c.Round.Rules
	perPupil, ok := r.CapPerPupil[c.Level()]
	if !ok {
		return nil
	}
	var sum int64
	switch c.App.Form.Activity.Type {
	case "hosting":
		sum = r.HostingPerVisitingPupil * n.visiting
	case "preparatory_visit":
		sum = r.PreparatoryPerPerson * min(n.pupils+n.staff, r.PreparatoryMaxPersons)
	default:
		sum = perPupil*n.pupils + r.CapPerStaff*min(n.staff, allowedStaff(n.pupils, r))
	}
	sum += uncapped
	return &sum
}

// maxGrant is max(0, min(requested, caps, gap)), and which of them rules. It is
// 0 where the school form (RF-01) or the main funder (RF-27) is not met by the
// machine's finding or, once given, by the officer's ruling.
func (c Case) maxGrant(n Computed) (int64, string) {
	if !c.met("RF-01") || !c.met("RF-27") {
		return 0, LimitIneligible
	}
	least, limit := num(c.App.Form.Requested), LimitRequested
	lower := func(v int64, name string) {
		if v < least {
			least, limit = v, name
		}
	}
	if n.PerHeadCap != nil {
		lower(*n.PerHeadCap, LimitPerHead)
	}
	lower(n.ShareCap, LimitShare)
	lower(n.Gap, LimitGap)
	if n.MaxPerApp != nil {
		lower(*n.MaxPerApp, LimitApplication)
	}
	return max(0, least), limit
}

// met tells whether a rule is met: by the officer's ruling if there is one,
// else by the machine's finding. Only RF-01 and RF-27 have such a finding here.
func (c Case) met(rule string) bool {
	for i := len(c.App.Rulings) - 1; i >= 0; i-- {
		if c.App.Rulings[i].Rule == rule {
			return c.App.Rulings[i].Met
		}
	}
	switch rule {
	case "RF-01":
		return slices.Contains(c.Round.Rules.EligibleLevels, c.Level())
	case "RF-27":
		return c.mainFunder()
	}
	return true
}

// mainFunder tells whether one external grant, applied or confirmed, is at least
// main_funder_min_share of the whole budget (RF-27). Own work never counts.
func (c Case) mainFunder() bool {
	share := c.Round.Rules.MainFunderMinShare
	if share == nil {
		return true
	}
	total := c.App.Form.TotalCost()
	for _, x := range c.App.Form.Funding {
		if x.Type != "external_grant" || x.Status != "applied" && x.Status != "confirmed" {
			continue
		}
		if num(x.Amount)*share.Den >= total*share.Num {
			return true
		}
	}
	return false
}

// missing lists the mandatory papers that are not there (RF-13): fields as in findings.
func (c Case) missing() (fields []string) {
	f := c.App.Form
	for _, paper := range c.Scheme.Mandatory {
		ok := true
		switch paper {
		case "principal_approval":
			ok = !c.Scheme.NeedsPrincipal || c.App.Approval != nil
		case "programme":
			ok = c.App.Has("programme") || len(f.Text.Programme) > 0
		case "budget":
			ok = len(f.Budget) > 0
		default:
			ok = c.App.Has(paper)
		}
		if !ok {
			if paper == "budget" {
				fields = append(fields, "budget")
			} else {
				fields = append(fields, "attachments."+paper)
			}
		}
	}
	return fields
}

// completionOver tells whether the applicant has had the chance to complete: answered, or the day has passed.
func (c Case) completionOver(today Date) bool {
	k := c.App.Completion
	return k != nil && (k.Answered || k.Expired || today.After(k.DueOn))
}

// suggest drafts an outcome for the officer (contract.md, "suggested").
func (c Case) suggest(n Computed, today Date) *Suggested {
	no := func(outcome string, reasons ...string) *Suggested {
		return &Suggested{Outcome: outcome, Reasons: reasons}
	}
	switch {
	case !c.met("RF-01"):
		return no(Rejected, "R-ELIG")
	case !c.met("RF-27"):
		return no(Rejected, "R-FUNDER")
	case c.Late() && !c.ruled("RF-05"):
		return no(Dismissed, "R-LATE")
	case len(c.missing()) > 0 && c.completionOver(today) && !c.tookAsItIs():
		reasons := []string{"R-INCOMPL"}
		if c.mandatoryFee() {
			reasons = append(reasons, "R-FEE")
		}
		return no(Rejected, reasons...)
	}
	if s := Assess(c); s.Passed != nil && !*s.Passed {
		return no(Rejected, "R-QUAL")
	}
	out := &Suggested{Outcome: Granted, Granted: n.MaxGrant, Reasons: []string{}}
	if n.MaxGrant >= c.App.HighestRequested() {
		return out
	}
	out.Outcome = PartiallyGranted
	k := costs(c.App.Form.Lines(), c.App.Form.Funding, c.Round.Rules)
	if k.ineligible {
		out.Reasons = append(out.Reasons, "R-COST")
	}
	if k.covered > 0 || max(0, n.Gap) == n.MaxGrant {
		out.Reasons = append(out.Reasons, "R-DOUBLE")
	}
	last := c.App.LastRequested()
	if n.PerHeadCap != nil && *n.PerHeadCap < last || n.ShareCap < last || n.MaxPerApp != nil && *n.MaxPerApp < last {
		out.Reasons = append(out.Reasons, "R-CAP")
	}
	return out
}

// ruled tells whether the officer has ruled that the rule is met.
func (c Case) ruled(rule string) bool {
	for i := len(c.App.Rulings) - 1; i >= 0; i-- {
		if c.App.Rulings[i].Rule == rule {
			return c.App.Rulings[i].Met
		}
	}
	return false
}

// tookAsItIs tells whether the officer has ruled, since the papers were asked for,
// that what is there will do (RF-13): a rule that is named no longer has the machine's word.
func (c Case) tookAsItIs() bool {
	for i := len(c.App.Rulings) - 1; i >= 0; i-- {
		if r := c.App.Rulings[i]; r.Rule == "RF-13" {
			return r.Met && c.App.Completion != nil && !r.At.Before(c.App.Completion.AskedAt)
		}
	}
	return false
}

// Late tells whether the application came after the deadline and nothing extended it (RF-05).
func (c Case) Late() bool { return c.App.IsFiled() && c.Round.Late(c.App.ID, c.App.ReceivedAt) }

// mandatoryFee tells whether pupils must pay (RF-11; skollagen 10:11, 15:18).
func (c Case) mandatoryFee() bool {
	if c.Scheme.NeedsPrincipal && !c.App.Form.Declarations.NoMandatoryFee {
		return true
	}
	return slices.ContainsFunc(c.App.Form.Funding, func(x Funding) bool {
		return x.Type == "mandatory_pupil_fee" && x.Status != "refused" && num(x.Amount) != 0
	})
}

// DecisionBody is who decides (RF-17): by the higher of the last requested and
// the proposed sum; the scheme may name one whatever the sum. With the head in
// conflict the case goes up.
func (c Case) DecisionBody() string {
	if c.App.Decision != nil {
		return c.App.Decision.Body
	}
	sum := c.App.LastRequested()
	if c.App.Proposal != nil {
		sum = max(sum, c.App.Proposal.Amount)
	}
	return c.bodyFor(sum)
}

// BodyOf is who takes a step that is a decision: an open change's level (RF-20), a claim's by
// the proposed sum (RF-17), of all others who decides the grant.
func (c Case) BodyOf(a Action) string {
	switch change := c.App.ChangeOpen(); {
	case a == ActDecideChange && change != nil && change.Level == ByItself:
		return ByItself
	case a == ActDecideChange && change != nil && c.App.Decision != nil:
		return c.changeBody()
	case a == ActDecideRecovery && c.App.Recovery != nil:
		return c.bodyFor(c.App.Recovery.Proposed)
	}
	return c.DecisionBody()
}

// SentUp tells whether the committee decides only because the head of office is in conflict.
func (c Case) SentUp() bool {
	if !c.Facts.HeadConflict {
		return false
	}
	c.Facts.HeadConflict = false
	return c.DecisionBody() == Delegate
}

// BodyFor is who would decide if this sum were proposed.
func (c Case) BodyFor(sum int64) string { return c.bodyFor(max(sum, c.App.LastRequested())) }

func (c Case) bodyFor(sum int64) string {
	body := c.Scheme.Body
	if body == "" {
		body = Committee
		if sum <= c.Round.Rules.DelegationLimit {
			body = Delegate
		}
	}
	if body == Delegate && c.Facts.HeadConflict {
		return Committee
	}
	return body
}

// advised tells whether the newest check found an advice against travelling.
func (a Application) advised() bool {
	n := len(a.Advisory)
	return n > 0 && a.Advisory[n-1].Level != "none"
}

// conditionOpen tells whether a condition of a favourable decision is not ruled met.
func (a Application) conditionOpen() bool {
	return a.Decision.Favourable() && slices.ContainsFunc(a.Decision.Conditions, func(k Condition) bool { return k.Met == nil })
}

// conditionUnmet tells whether a condition is open or ruled not met: either stops payment.
func (a Application) conditionUnmet() bool {
	return a.Decision.Favourable() && slices.ContainsFunc(a.Decision.Conditions, func(k Condition) bool { return k.Met == nil || !*k.Met })
}

// LegalForceOn is the day on which the decision gains legal force: the last
// appeal day; zero before the notice and while appealed in time; set again by a judgment.
func (a Application) LegalForceOn() Date {
	if a.Decision == nil || a.Decision.LastAppealDay.IsZero() {
		return Date{}
	}
	if k := a.Appeal; k != nil && k.InTime && (k.Judgment == nil || k.Judgment.Outcome != "annulled") { // an annulment was about an earlier decision
		if a.Appeal.Judgment == nil {
			return Date{}
		}
		return a.Appeal.Judgment.On
	}
	return a.Decision.LastAppealDay
}

// RuleAsked tells whether a rule is asked about at all in the case's scheme and
// round: no principal's approval where none is needed, no main funder where the
// round names no share.
func RuleAsked(c Case, rule string) bool {
	switch rule {
	case "RF-02":
		return c.Scheme.NeedsPrincipal
	case "RF-27":
		return c.Round.Rules.MainFunderMinShare != nil || c.Round.Rules.MinStrategyAreas > 0
	}
	return true
}
