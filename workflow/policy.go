package workflow

import "slices"

// View is a row of the policy table: who may know of which cases. Together
// with Transitions it is the whole of what people may see and do. Package sql
// compiles the same rows into its queries, and a test holds the two together.
type View struct {
	Who      Who
	States   []State
	Conflict bool // also while in conflict of interest
	Granted  bool // only cases where money was granted
	Reported bool // only cases with a final report, and of these the money alone (MoneyPart)
}

var everyState = slices.Clone(States)

// moneyOut are the states in which money may be with the school: after a decision, and again under check when it was annulled.
var moneyOut = slices.Concat(decidedOn, []State{UnderCheck, CompletionRequested, UnderAssessment, Ranked, Proposed, Withdrawn, Lapsed, Closed})

// Views is the table of who sees what. Drafts are the applicant's until they are
// filed (TF 2 kap.: not received). Someone in conflict of interest sees nothing
// of the case any more (KL 6:28, 7:4, RF-18), the auditor as little as others.
var Views = []View{
	{Who: ByApplicant, States: everyState, Conflict: true},
	{Who: ByPrincipal, States: without(everyState, Draft), Conflict: true},
	{Who: ByEconomist, States: []State{ReportSubmitted, ReportReturned, ReportAccepted, Settled, Closed}, Conflict: true, Reported: true},
	{Who: ByOfficer, States: afterFiling},
	{Who: ByHead, States: afterFiling},
	{Who: BySecretary, States: afterFiling},
	{Who: ByRegistrar, States: afterFiling},
	{Who: Who(Auditor), States: afterFiling},
	{Who: ByReviewer, States: slices.Concat(filedOpen, decidedOn)},
	{Who: ByFinance1, States: moneyOut, Granted: true},
	{Who: ByFinance2, States: moneyOut, Granted: true},
}

func without(list []State, s State) []State {
	return slices.DeleteFunc(slices.Clone(list), func(x State) bool { return x == s })
}

// Sees tells whether the actor may know of the case at all.
func Sees(c Case, by Actor) bool {
	if by.Machine {
		return true
	}
	return len(viewsOf(c, by)) > 0
}

// viewsOf are the rows of the table that let the actor know of the case.
func viewsOf(c Case, by Actor) (rows []View) {
	for _, v := range Views {
		if !slices.Contains(v.States, c.App.State) || !c.holds(by, v.Who) {
			continue
		}
		if v.officeView() && !c.App.IsFiled() {
			continue
		}
		if !v.Conflict && c.App.InConflict(by.ID) {
			continue
		}
		if v.Granted && !c.App.Decision.Favourable() && len(c.App.Payments) == 0 {
			continue
		}
		if v.Reported && c.App.Report == nil {
			continue
		}
		rows = append(rows, v)
	}
	return rows
}

// officeView tells whether the row is about the office's people, who never see what is not filed.
func (v View) officeView() bool {
	return v.Who != ByApplicant && v.Who != ByPrincipal && v.Who != ByEconomist
}

// Outside tells whether somebody reads as the school, or does not work for the fund: what they have read, they know.
func Outside(c Case, by Actor) bool {
	return !by.Machine && (!by.Office() || c.App.IsApplicant(by.Person) || by.At(Principal, c.App.SchoolID) || by.At(Economist, c.App.SchoolID))
}

// SeesAssessment tells whether the actor may read scores, suggestion and
// proposal: the office always, a reviewer, the applicant after the decision.
func SeesAssessment(c Case, by Actor) bool {
	if by.Machine || c.App.Decision != nil {
		return true
	}
	for _, r := range []Role{Officer, Head, Secretary, Registrar, Auditor} {
		if by.Is(r) {
			return true
		}
	}
	return c.App.ReviewOf(by.ID) != nil
}

// VisibleDocuments are the letters and receipts that the actor may read now:
// the officer's report is the office's own until the decision.
func VisibleDocuments(c Case, by Actor) []Document {
	if SeesAssessment(c, by) {
		return c.App.Documents
	}
	return slices.DeleteFunc(slices.Clone(c.App.Documents), func(d Document) bool { return d.Kind == "officer_report" })
}

// VisibleReviews gives the assessments that the actor may read now: reviewers
// see each other's only when all are done.
func VisibleReviews(c Case, by Actor) []Review {
	if !SeesAssessment(c, by) {
		return nil
	}
	own := c.App.ReviewOf(by.ID)
	if own == nil || by.Is(Officer) || by.Is(Head) || by.Is(Auditor) {
		return c.App.Reviews
	}
	if all, n := c.App.ReviewsDone(); all && n >= c.Round.Rules.Reviewers {
		return c.App.Reviews
	}
	return []Review{*own}
}

// VisibleFindings leaves out what tells of the scores to those who may not read
// them all yet, and the draw for a spot check, which is the office's.
func VisibleFindings(c Case, by Actor, today Date) []Finding {
	all := Findings(c, today)
	if c.IsMasked() { // what a blind reader doesn't get isn't missing
		all = slices.DeleteFunc(all, func(f Finding) bool { return emptied(f.Field) })
	}
	if MoneyOnly(c, by) { // of the part that they read
		all = slices.DeleteFunc(all, func(f Finding) bool { return f.Field != "report" && f.Code != "line_difference" })
	}
	if Outside(c, by) { // the draw for a spot check, and whether the school is heard, are the office's
		all = slices.DeleteFunc(all, func(f Finding) bool { return f.Code == SpotCheckCode || f.Field == "recovery.statement" })
	}
	if SeesAssessment(c, by) && len(VisibleReviews(c, by)) == len(c.App.Reviews) {
		return all
	}
	return slices.DeleteFunc(all, func(f Finding) bool { return f.Field == "assessment" })
}
