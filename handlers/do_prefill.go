package handlers

import (
	"fmt"

	"fund/workflow"
	"fund/workflow/lang"
)

// prior is what a form that was not sent yet can be filled in from.
type prior struct {
	k     workflow.Case
	today workflow.Date
	by    workflow.Actor
}

// prefills put into an action's form what is known already: dates, counts, the
// calculator's draft, what the person saved before. Nothing of it decides.
var prefills = map[workflow.Action]func(*Form, prior){
	workflow.ActRuleEligibility:    prefillRulings,
	workflow.ActRequestCompletion:  prefillDue(func(r workflow.Rules) int { return r.CompletionDays }),
	workflow.ActAssignOfficer:      func(f *Form, x prior) { f.Set("officer", x.k.App.Officer) },
	workflow.ActAssignReviewers:    prefillReviewers,
	workflow.ActSaveReview:         prefillReview,
	workflow.ActSubmitReview:       prefillReview,
	workflow.ActSetConsensus:       prefillConsensus,
	workflow.ActPropose:            prefillProposal,
	workflow.ActDecide:             prefillDecision,
	workflow.ActOrderTranslation:   prefillTranslation,
	workflow.ActRecordNotice:       prefillToday("posted_on"),
	workflow.ActRecordAppeal:       prefillAppeal,
	workflow.ActRecordJudgment:     prefillToday("on"),
	workflow.ActCheckAdvisory:      prefillToday("on"),
	workflow.ActReportCancellation: prefillCancellation,
	workflow.ActSubmitReport:       prefillReport,
	workflow.ActReturnReport:       prefillReturn,
	workflow.ActAskStatement:       prefillDue(func(r workflow.Rules) int { return r.StatementDays }),
	workflow.ActRecordStatement:    prefillToday("received_on"),
	workflow.ActDecideRecovery:     prefillRecovery,
	workflow.ActRecordRepayment:    prefillRepayment,
}

func prefill(f *Form, k workflow.Case, action workflow.Action, today workflow.Date, by workflow.Actor) {
	if fill, ok := prefills[action]; ok {
		fill(f, prior{k: k, today: today, by: by})
	}
}

func prefillToday(name string) func(*Form, prior) {
	return func(f *Form, x prior) { f.Set(name, x.today) }
}

// prefillDue gives the days of the round's rules.
func prefillDue(days func(workflow.Rules) int) func(*Form, prior) {
	return func(f *Form, x prior) { f.Set("due_on", x.today.AddDays(days(x.k.Round.Rules))) }
}

// prefillRulings lists every rule with its finding as it stands.
func prefillRulings(f *Form, _ prior) {
	for i, r := range ruledRules {
		f.Set(fmt.Sprintf("rulings.%d.rule", i+1), r)
		f.Set(fmt.Sprintf("rulings.%d.met", i+1), "keep")
		f.Set(fmt.Sprintf("rulings.%d.row", i+1), "1")
	}
}

func prefillReviewers(f *Form, x prior) {
	for _, r := range x.k.App.Reviews {
		f.Set("reviewers", append(f.All("reviewers"), r.Reviewer))
	}
}

func prefillReview(f *Form, x prior) {
	own := x.k.App.ReviewOf(x.by.ID)
	if own == nil {
		return
	}
	prefillRatings(f, own.Ratings)
	for name, text := range own.Comments {
		f.Set("comments."+name, text)
	}
	f.SetKronor("suggested", own.Suggested)
}

func prefillConsensus(f *Form, x prior) {
	if c := x.k.App.Consensus; c != nil {
		prefillRatings(f, c.Ratings)
		f.Set("comment", c.Comment)
	}
}

func prefillRatings(f *Form, ratings map[string]int) {
	for name, v := range ratings {
		f.Set("ratings."+name, fmt.Sprint(v))
	}
}

// prefillProposal starts from the proposal, or else from what the calculator drafts.
func prefillProposal(f *Form, x prior) {
	if p := x.k.App.Proposal; p != nil {
		f.Set("outcome", p.Outcome)
		f.SetKronor("amount", &p.Amount)
		f.Set("reasons", p.Reasons)
		f.Set("text", p.Text)
		f.Set(stateAid.name, p.StateAid)
		f.Set("child", p.Child)
		for i, c := range p.Conditions {
			f.Set(fmt.Sprintf("conditions.%d.row", i+1), "1")
			f.Set(fmt.Sprintf("conditions.%d.text", i+1), c.Text)
			f.Set(fmt.Sprintf("conditions.%d.due_on", i+1), c.DueOn)
		}
		return
	}
	if s := workflow.Compute(x.k, x.today).Suggested; s != nil {
		f.Set("outcome", s.Outcome)
		f.SetKronor("amount", &s.Granted)
		f.Set("reasons", s.Reasons)
	}
}

func prefillDecision(f *Form, x prior) {
	prefillProposal(f, x)
	if x.k.DecisionBody() != workflow.Delegate {
		f.Set("meeting.date", x.today)
	}
}

// prefillAppeal starts from what is known of an appeal, to add the rest to.
func prefillAppeal(f *Form, x prior) {
	f.Set("received_on", x.today)
	a, d := x.k.App.Appeal, x.k.App.Decision
	if a == nil || a.Judgment != nil || d == nil || a.ReceivedOn.Before(d.Day()) {
		return
	}
	f.Set("received_on", a.ReceivedOn)
	f.Set("text", a.Text)
	f.Set("forwarded_on", x.today)
	if !a.ForwardedOn.IsZero() {
		f.Set("forwarded_on", a.ForwardedOn)
	}
}

func prefillCancellation(f *Form, x prior) {
	if c := x.k.App.Cancelled; c != nil {
		f.Set("cause", c.Cause)
		f.SetKronor("unavoidable_cost", &c.UnavoidableCost)
		f.SetKronor("refunds", &c.Refunds)
		f.Set("reason", c.Reason)
	}
}

func prefillRecovery(f *Form, x prior) {
	if r := x.k.App.Recovery; r != nil {
		f.SetKronor("amount", &r.Proposed)
		prefillDue(func(r workflow.Rules) int { return r.RepayDays })(f, x)
	}
}

// prefillRepayment expects the whole of what is out: first what was paid too much.
func prefillRepayment(f *Form, x prior) {
	f.Set("on", x.today)
	if o := overpaymentFirst(x.k); o != nil {
		f.SetKronor("amount", &o.Amount)
	} else if r := x.k.App.Recovery; r != nil {
		left := r.Left()
		f.SetKronor("amount", &left)
	}
}

// prefillReturn asks for the receipts of a report that is to be looked into,
// the first time that it is read. The officer changes the point or takes it away.
func prefillReturn(f *Form, x prior) {
	prefillDue(func(r workflow.Rules) int { return r.ReportReturnDays })(f, x)
	r := x.k.App.Report
	if r == nil || r.SpotCheck == nil || len(r.SpotCheck.Reasons) == 0 || !r.SubmittedAt.Equal(r.FirstSubmittedAt) {
		return
	}
	f.Set(rowMark("points", 1), "1")
	f.Set("points.1.field", "actual")
	f.Set("points.1.text", lang.T(lang.SV, "spot.receipts")) // the school reads it, whatever the officer reads
}

func prefillReport(f *Form, x prior) {
	form := x.k.App.Form
	f.Set("start", form.Activity.Start)
	f.Set("end", form.Activity.End)
	if form.Participants.Pupils != nil {
		f.Set("pupils", fmt.Sprint(*form.Participants.Pupils))
	}
	if form.Participants.Staff != nil {
		f.Set("staff", fmt.Sprint(*form.Participants.Staff))
	}
	for i, b := range form.Lines() {
		f.Set(fmt.Sprintf("actual.%d.row", i+1), "1")
		f.Set(fmt.Sprintf("actual.%d.line", i+1), fmt.Sprint(b.Line))
	}
	if r := x.k.App.Report; r != nil {
		f.Set("start", r.Start)
		f.Set("end", r.End)
		f.Set("pupils", fmt.Sprint(r.Pupils))
		f.Set("staff", fmt.Sprint(r.Staff))
		for i, a := range r.Actual {
			f.Set(fmt.Sprintf("actual.%d.line", i+1), fmt.Sprint(a.Line))
			f.SetKronor(fmt.Sprintf("actual.%d.amount", i+1), &a.Amount)
			f.Set(fmt.Sprintf("actual.%d.voucher", i+1), a.Voucher)
		}
		f.SetKronor("external_grants_received", &r.ExternalReceived)
		for name, text := range r.Texts {
			f.Set("texts."+name, text)
		}
	}
}
