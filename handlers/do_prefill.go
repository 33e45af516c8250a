package handlers

import (
	"fmt"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// prefill puts into an action's form what is known already: dates, counts, the
// calculator's draft, what the person saved before. Nothing of it decides.
func prefill(f *Form, k workflow.Case, action workflow.Action, today workflow.Date, by workflow.Actor) {
	switch action {
	case workflow.ActRuleEligibility:
		for i, r := range ruledRules {
			f.Set(fmt.Sprintf("rulings.%d.rule", i+1), r)
			f.Set(fmt.Sprintf("rulings.%d.met", i+1), "keep")
			f.Set(fmt.Sprintf("rulings.%d.row", i+1), "1")
		}
	case workflow.ActRequestCompletion:
		f.Set("due_on", today.AddDays(k.Round.Rules.CompletionDays))
	case workflow.ActReturnReport:
		f.Set("due_on", today.AddDays(k.Round.Rules.ReportReturnDays))
		prefillReceipts(f, k)
	case workflow.ActSaveReview, workflow.ActSubmitReview:
		if own := k.App.ReviewOf(by.ID); own != nil {
			prefillRatings(f, own.Ratings)
			for name, text := range own.Comments {
				f.Set("comments."+name, text)
			}
			f.SetKronor("suggested", own.Suggested)
		}
	case workflow.ActSetConsensus:
		if c := k.App.Consensus; c != nil {
			prefillRatings(f, c.Ratings)
			f.Set("comment", c.Comment)
		}
	case workflow.ActPropose, workflow.ActDecide:
		prefillProposal(f, k, today)
		if action == workflow.ActDecide && k.DecisionBody() != workflow.Delegate {
			f.Set("meeting.date", today)
		}
	case workflow.ActRecordNotice:
		f.Set("posted_on", today)
	case workflow.ActRecordAppeal:
		f.Set("received_on", today)
		if a := k.App.Appeal; a != nil && a.Judgment == nil && k.App.Decision != nil &&
			!a.ReceivedOn.Before(k.App.Decision.Day()) { // what is known, to add the rest to
			f.Set("received_on", a.ReceivedOn)
			f.Set("text", a.Text)
			if f.Set("forwarded_on", today); !a.ForwardedOn.IsZero() {
				f.Set("forwarded_on", a.ForwardedOn)
			}
		}
	case workflow.ActRecordJudgment, workflow.ActCheckAdvisory, workflow.ActRecordRepayment:
		f.Set("on", today)
		if o := overpaymentFirst(k); action == workflow.ActRecordRepayment && o != nil {
			f.SetKronor("amount", &o.Amount)
		} else if r := k.App.Recovery; action == workflow.ActRecordRepayment && r != nil {
			left := r.Left()
			f.SetKronor("amount", &left)
		}
	case workflow.ActAssignOfficer:
		f.Set("officer", k.App.Officer)
	case workflow.ActAssignReviewers:
		for _, r := range k.App.Reviews {
			f.Set("reviewers", append(f.All("reviewers"), r.Reviewer))
		}
	case workflow.ActSubmitReport:
		prefillReport(f, k)
	case workflow.ActReportCancellation:
		if x := k.App.Cancelled; x != nil {
			f.Set("cause", x.Cause)
			f.SetKronor("unavoidable_cost", &x.UnavoidableCost)
			f.SetKronor("refunds", &x.Refunds)
			f.Set("reason", x.Reason)
		}
	case workflow.ActAskStatement:
		f.Set("due_on", today.AddDays(k.Round.Rules.StatementDays))
	case workflow.ActOrderTranslation:
		prefillTranslation(f, k, by)
	case workflow.ActRecordStatement:
		f.Set("received_on", today)
	case workflow.ActDecideRecovery:
		if r := k.App.Recovery; r != nil {
			f.SetKronor("amount", &r.Proposed)
			f.Set("due_on", today.AddDays(k.Round.Rules.RepayDays))
		}
	}
}

func prefillRatings(f *Form, ratings map[string]int) {
	for name, v := range ratings {
		f.Set("ratings."+name, fmt.Sprint(v))
	}
}

// prefillProposal starts from the proposal, or else from what the calculator drafts.
func prefillProposal(f *Form, k workflow.Case, today workflow.Date) {
	if p := k.App.Proposal; p != nil {
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
	if s := workflow.Compute(k, today).Suggested; s != nil {
		f.Set("outcome", s.Outcome)
		f.SetKronor("amount", &s.Granted)
		f.Set("reasons", s.Reasons)
	}
}

// prefillReceipts asks for the receipts of a report that is to be looked into,
// the first time that it is read. The officer changes the point or takes it away.
func prefillReceipts(f *Form, k workflow.Case) {
	r := k.App.Report
	if r == nil || r.SpotCheck == nil || len(r.SpotCheck.Reasons) == 0 || !r.SubmittedAt.Equal(r.FirstSubmittedAt) {
		return
	}
	f.Set(rowMark("points", 1), "1")
	f.Set("points.1.field", "actual")
	f.Set("points.1.text", lang.T(lang.SV, "spot.receipts")) // the school reads it, whatever the officer reads
}

func prefillReport(f *Form, k workflow.Case) {
	form := k.App.Form
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
	if r := k.App.Report; r != nil {
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

// caseFacts are the few facts that stand beside every action.
func caseFacts(l lang.Lang, k workflow.Case) []Fact {
	form := k.App.Form
	facts := []Fact{{Term: lang.T(l, "fact.applicant"), Value: applicantName(k)}}
	add := func(key, value string) {
		if strings.TrimSpace(value) != "" {
			facts = append(facts, Fact{Term: lang.T(l, key), Value: value})
		}
	}
	if level := k.Level(); level != "" {
		add("fact.level", lang.T(l, "level."+level))
	}
	partner := []string{}
	for _, part := range []string{form.Partner.Name, form.Partner.City, lang.Country(l, form.Partner.Country)} {
		if part != "" {
			partner = append(partner, part)
		}
	}
	add("fact.partner", strings.Join(partner, ", "))
	if start, end, ok := form.Activity.Days(); ok {
		add("fact.trip", lang.Days(l, start.String(), end.String()))
	}
	if form.Participants.Pupils != nil || form.Participants.Staff != nil {
		add(
			"fact.participants",
			lang.T(
				l,
				"fact.people",
				lang.Args{"Pupils": lang.Number(l, intOf(form.Participants.Pupils)), "Staff": lang.Number(l, intOf(form.Participants.Staff))},
			),
		)
	}
	add("fact.round", notice.RoundName(l, k.Round))
	if !k.App.ReceivedAt.IsZero() {
		late := lang.T(l, "fact.in_time")
		if k.Late() {
			late = lang.T(l, "fact.late")
		}
		facts = append(facts, Fact{Term: lang.T(l, "fact.received"), At: k.App.ReceivedAt, Note: late})
	}
	return facts
}

func intOf(p *int64) int64 {
	if p == nil {
		return 0
	}
	return *p
}

// applicantName is the school or the organisation.
func applicantName(k workflow.Case) string {
	switch {
	case k.School != nil:
		return k.School.Name
	case k.App.Form.Applicant.Organisation != "":
		return k.App.Form.Applicant.Organisation
	}
	return k.App.Form.Applicant.School
}

// limitSums shows the calculator's limits, the one that rules in bold.
func limitSums(l lang.Lang, k workflow.Case, today workflow.Date) []Fact {
	n := limitsOf(k, today)
	list := []Fact{}
	add := func(key string, v *int64, limit string) {
		if v != nil {
			list = append(list, Fact{Term: lang.T(l, "limit."+key), Value: lang.Money(l, *v), Strong: n.Ruling == limit})
		}
	}
	add("requested", k.App.Form.Requested, workflow.LimitRequested)
	add("per_head_cap", n.PerHeadCap, workflow.LimitPerHead)
	add("share_cap", &n.ShareCap, workflow.LimitShare)
	gap := max(0, n.Gap) // as a limit, more than the whole cost from others is nothing
	add("gap", &gap, workflow.LimitGap)
	add("max_per_application", n.MaxPerApp, workflow.LimitApplication)
	return append(list, Fact{Term: lang.T(l, "limit.max_grant"), Value: lang.Money(l, n.MaxGrant), Strong: true, Total: true})
}

// limitsOf computes a case for somebody to read. While nothing is asked for yet,
// it tells what could be: of the whole cost, what the limits leave.
func limitsOf(k workflow.Case, today workflow.Date) workflow.Computed {
	if k.App.Form.Requested == nil {
		whole := k.App.Form.TotalCost()
		k.App.Form.Requested = &whole
		n := workflow.Compute(k, today)
		n.Unfunded += whole
		return n
	}
	return workflow.Compute(k, today)
}

// about shows above the form what is decided on: the change that is asked for, or the arithmetic in words.
func (page *doPage) about(k workflow.Case, action workflow.Action, sittings map[string]workflow.Date) {
	l := page.Lang
	switch x := k.App.ChangeOpen(); {
	case action == workflow.ActDecideChange && x != nil:
		if after, wrong := workflow.MergePatch(k.App.Form, x.Proposed); len(wrong) == 0 {
			page.Changes = changeRows(l, k, after)
		}
		page.Asked = []Fact{
			{Term: lang.T(l, "grant.change.cause"), Value: lang.T(l, "grant.cause."+x.Cause)},
			{Term: lang.T(l, "grant.change.why"), Value: x.Reason},
			{
				Term:  lang.T(l, "grant.change.who"),
				Value: lang.T(l, "body."+x.Level),
				Note:  changeByWords(l, k.Round.Rules, x.Level, workflow.DateOf(x.AskedAt), sittings),
			},
		}
	case action == workflow.ActSettle || action == workflow.ActDecideRecovery:
		rows := reckon(l, k)
		page.Rows = &rows
	}
}

// doSums are the sums that an action is about.
func (s *Server) doSums(l lang.Lang, k workflow.Case, by workflow.Actor, action workflow.Action, today workflow.Date) []Fact {
	switch action {
	case workflow.ActPropose, workflow.ActDecide, workflow.ActRuleEligibility, workflow.ActApprove:
		sums := limitSums(l, k, today)
		if by.Office() {
			sums = append(sums, Fact{Term: lang.T(l, "fact.decider"), Value: lang.T(l, "body."+k.DecisionBody())})
		}
		return sums
	case workflow.ActAcceptReport:
		return settlementSums(l, k)
	case workflow.ActReportCancellation:
		if k.App.Cancelled != nil && k.App.Decision != nil {
			x := workflow.Cancel(k)
			return []Fact{
				{Term: lang.T(l, "sum.granted"), Value: lang.Money(l, k.App.Decision.Granted)},
				{Term: lang.T(l, "sum.unavoidable"), Value: lang.Money(l, x.UnavoidableNet)},
				{Term: lang.T(l, "sum.entitlement"), Value: lang.Money(l, x.Entitlement), Strong: true},
				{Term: lang.T(l, "sum.repay"), Value: lang.Money(l, x.Repay), Total: true},
			}
		}
	case workflow.ActAskStatement, workflow.ActGiveStatement:
		if r := k.App.Recovery; r != nil {
			return []Fact{{Term: lang.T(l, "sum.proposed"), Value: lang.Money(l, r.Proposed), Total: true}}
		}
	case workflow.ActDecideRecovery, workflow.ActRecordRepayment, workflow.ActWriteOff:
		if o := overpaymentFirst(k); o != nil && action != workflow.ActDecideRecovery {
			return []Fact{{Term: lang.T(l, "overpaid.sum"), Value: lang.Money(l, o.Amount), Note: lang.Day(l, o.On.String()), Total: true}}
		}
		if r := k.App.Recovery; r != nil {
			if r.DecidedAt.IsZero() {
				return []Fact{{Term: lang.T(l, "sum.proposed"), Value: lang.Money(l, r.Proposed), Total: true}}
			}
			return []Fact{
				{Term: lang.T(l, "sum.claimed"), Value: lang.Money(l, r.Amount)},
				{Term: lang.T(l, "sum.repaid"), Value: lang.Money(l, r.Repaid())},
				{Term: lang.T(l, "sum.written_off"), Value: lang.Money(l, r.WrittenOff())},
				{Term: lang.T(l, "grant.claim.left"), Value: lang.Money(l, r.Left()), Total: true},
			}
		}
	}
	return nil
}

// settlementSums shows the arithmetic of RF-23, or RF-21 for a cancelled trip, step by step.
func settlementSums(l lang.Lang, k workflow.Case) []Fact {
	if k.App.Decision == nil || k.App.Report == nil && k.App.Cancelled == nil {
		return nil
	}
	sums := []Fact{}
	now := workflow.SettlementNow(k)
	if k.App.Settlement != nil {
		now = *k.App.Settlement
	}
	for _, st := range workflow.SettlementSteps(k) {
		sums = append(sums, Fact{Term: lang.T(l, "step."+st.Code), Value: lang.Money(l, st.Amount), Strong: st.Amount == now.Entitlement})
	}
	return append(sums, Fact{Term: lang.T(l, "sum.entitlement"), Value: lang.Money(l, now.Entitlement), Strong: true, Total: true},
		Fact{Term: lang.T(l, "sum.paid"), Value: lang.Money(l, k.App.PaidOut())},
		Fact{Term: lang.T(l, "sum.final"), Value: lang.Money(l, now.FinalPayment)}, Fact{Term: lang.T(l, "sum.repay"), Value: lang.Money(l, now.Repay)})
}

// ruleNumber is RF-01…RF-27; other names of rules are for programs.
func ruleNumber(rule string) string {
	if strings.HasPrefix(rule, "RF-") {
		return rule
	}
	return ""
}

// findingViews shows the machine's findings that the reader may know of, each with the officer's newest ruling on its rule beside it.
func (s *Server) findingViews(c *gin.Context, l lang.Lang, k workflow.Case, today workflow.Date) []FindingView {
	return sayFindings(l, k, workflow.VisibleFindings(k, actorOf(c), today), func(email string) string { return s.calledBy(c, email) })
}

// asIs names nobody: where no ruling stands beside a finding.
func asIs(email string) string { return email }

// sayFindings puts findings into words; called is the name behind an address.
func sayFindings(l lang.Lang, k workflow.Case, all []workflow.Finding, called func(email string) string) (list []FindingView) {
	ruling := map[string]workflow.Ruling{}
	for _, r := range k.App.Rulings {
		ruling[r.Rule] = r
	}
	for _, x := range all {
		v := FindingView{Severity: x.Severity, Text: sayFindingOf(l, k, x), Rule: ruleNumber(x.Rule)}
		if key := "field." + generic(controlName(x.Field)); x.Code == "required" && lang.Has(l, key) {
			v.Text = FieldError{Where: schemeWord(l, forOrganisation(k), key), Message: lang.T(l, "case.missing")}.Says() // the office fills in nothing
		}
		if r, ok := ruling[x.Rule]; ok {
			v.Ruling = lang.T(l, map[bool]string{true: "act.met", false: "act.unmet"}[r.Met])
			v.By = strings.TrimSpace(called(r.By) + ", " + lang.ShortDate(l, r.At) + " " + r.Reason)
		}
		list = append(list, v)
	}
	return list
}

// reviewQuotes are the application's words beside the scores, and what the others wrote where it may be read.
func (s *Server) reviewQuotes(c *gin.Context, l lang.Lang, k workflow.Case, by workflow.Actor) (list []Quote) {
	t := k.App.Form.Text
	for _, q := range []struct{ key, text string }{{"text.summary", t.Summary}, {"text.background", t.Background}, {"text.purpose", t.Purpose}, {"text.curriculum_link", t.CurriculumLink},
		{"text.preparation", t.Preparation}, {"text.inclusion", t.Inclusion}, {"text.risk", t.Risk}, {"text.climate", t.Climate}, {"text.dissemination", t.Dissemination}, {"activity.reciprocal", k.App.Form.Activity.Reciprocal}} {
		if q.text != "" {
			list = append(list, Quote{Term: lang.T(l, "ask."+q.key), Text: q.text})
		}
	}
	for _, r := range workflow.VisibleReviews(k, by) {
		if r.Person == by.ID || !r.Done() {
			continue
		}
		for _, name := range k.Round.Rules.Criteria() {
			list = append(list, Quote{Term: name + ": " + fmt.Sprint(r.Ratings[name]), Text: r.Comments[name], By: s.calledBy(c, r.Reviewer)})
		}
	}
	return list
}
