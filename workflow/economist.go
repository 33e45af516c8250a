package workflow

import "slices"

// MoneyOnly tells whether the person knows of the case as its school's economist
// alone, and so reads no more of it than MoneyPart.
func MoneyOnly(c Case, by Actor) bool {
	rows := viewsOf(c, by)
	return !by.Machine && len(rows) > 0 && !slices.ContainsFunc(rows, func(v View) bool { return !v.Reported })
}

// MoneyPart is what a school's economist needs to answer for the money of its
// final report (domain 9.4): the budget and the funding, how many travelled and
// when, what it cost, the receipts, and what is settled and claimed from that.
// What the school wrote about its pupils and its partner, how the application was
// assessed and why it was granted are not among it.
func MoneyPart(c Case) Case {
	c.App = c.App.Clone()
	a, f := &c.App, c.App.Form
	a.Form = Form{Title: f.Title, Scheme: f.Scheme, Round: f.Round, Budget: f.Budget, Funding: f.Funding, Requested: f.Requested, Voluntary: f.Voluntary,
		Applicant: ApplicantForm{
			School:         f.Applicant.School,
			SchoolUnitCode: f.Applicant.SchoolUnitCode,
			Language:       f.Applicant.Language,
			Payment:        f.Applicant.Payment,
		},
		Activity: Activity{
			Type:          f.Activity.Type,
			Start:         f.Activity.Start,
			End:           f.Activity.End,
			TravelDays:    f.Activity.TravelDays,
			ProgrammeDays: f.Activity.ProgrammeDays,
		},
		Participants: Participants{Pupils: f.Participants.Pupils, Staff: f.Participants.Staff, VisitingPupils: f.Participants.VisitingPupils}}
	a.Approval, a.Unapproved, a.Returned, a.Completion = nil, false, nil, nil
	a.Officer, a.OfficerID, a.Eligible, a.Rulings = "", 0, nil, nil
	a.Interests, a.Reviews, a.Voided, a.Consensus, a.Proposal = nil, nil, nil, nil, nil
	a.Annulled, a.Appeal, a.Corrections, a.Talk, a.Advisory, a.Changes, a.Reports, a.Translation = nil, nil, nil, nil, nil, nil, nil, nil
	if d := a.Decision; d != nil {
		a.Decision = &Decision{
			Outcome:        d.Outcome,
			Granted:        d.Granted,
			Body:           d.Body,
			DecidedAt:      d.DecidedAt,
			NoticePostedOn: d.NoticePostedOn,
			LastAppealDay:  d.LastAppealDay,
			AcceptedAt:     d.AcceptedAt,
		}
	}
	if r := a.Report; r != nil {
		r.Goals, r.JointShare, r.SpotCheck = nil, nil, nil
		for name := range r.Texts {
			if !slices.Contains(moneyTexts, name) {
				delete(r.Texts, name)
			}
		}
	}
	if r := a.Recovery; r != nil {
		r.Statement = nil
	}
	a.Recoveries = nil
	a.Documents = slices.DeleteFunc(a.Documents, func(d Document) bool { return d.Kind != "recovery" })
	a.Attachments = slices.DeleteFunc(a.Attachments, func(x Attachment) bool { return x.Kind != "report_evidence" })
	return c
}

// DifferencesText is the written part of a report that explains costs far from the plan.
const DifferencesText = "differences"

// moneyTexts are the written parts of a report that explain its money.
var moneyTexts = []string{DifferencesText}
