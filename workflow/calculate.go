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

// advised tells whether the newest check found an advice against travelling.
func (a Application) advised() bool {
	n := len(a.Advisory)
	return n > 0 && a.Advisory[n-1].Level != "none"
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
