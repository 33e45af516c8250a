package workflow

import (
	"fmt"
	"slices"
	"strings"
)

// Severities of findings. None of them decides anything.
const (
	Stop    = "stop"    // the form cannot be filed like this
	Warning = "warning" // somebody should look
	Info    = "info"
)

// Finding is something the program sees and a person judges. Code is a word in
// package lang (finding.<code>); Rule is an RF id, or else the code itself.
type Finding struct {
	Rule     string
	Severity string
	Field    string
	Code     string
	Args     map[string]any
}

// RuleName is what the API gives as rule.
func (f Finding) RuleName() string {
	if f.Rule != "" {
		return f.Rule
	}
	return f.Code
}

// finder collects findings about one case.
type finder struct {
	c     Case
	today Date
	n     Computed
	list  []Finding
}

func (f *finder) add(rule, severity, field, code string, args ...any) {
	f.list = append(f.list, Finding{rule, severity, field, code, pairs(args)})
}

// Findings lists everything that a person should know about the case today. A rule that is met has none.
func Findings(c Case, today Date) []Finding {
	f := &finder{c: c, today: today, n: Compute(c, today), list: []Finding{}}
	for _, v := range c.stops() {
		f.list = append(f.list, Finding{v.Rule, Stop, v.Field, v.Code, v.Args})
	}
	f.required()
	f.chosen()
	f.eligibility()
	f.travel()
	f.money()
	f.papers()
	f.texts()
	f.progress()
	return f.list
}

// stops lists what keeps the form from being an application at all (contract.md §3).
func (c Case) stops() Violations {
	var v Violations
	f := c.App.Form
	stop := func(on bool, rule, field, code string) {
		if on {
			v = append(v, Violation{Field: field, Rule: rule, Code: code})
		}
	}
	stop(strings.TrimSpace(f.Title) == "", "", "title", "required")
	stop(c.Round.ID == "", "", "round", "required")
	if c.Scheme.Applicant == "organisation" {
		stop(strings.TrimSpace(f.Applicant.Organisation) == "" && c.School == nil, "", "applicant.organisation", "required")
	} else {
		stop(c.School == nil && strings.TrimSpace(f.Applicant.Organisation) == "", "", "applicant.school", "school_unknown")
	}
	stop(strings.TrimSpace(f.Partner.Name) == "", "RF-03", "partner.name", "required")
	start, err1 := ParseDate(f.Activity.Start)
	end, err2 := ParseDate(f.Activity.End)
	stop(f.Activity.Start == "", "", "activity.start", "required")
	stop(f.Activity.Start != "" && err1 != nil, "", "activity.start", "date")
	stop(f.Activity.End == "", "", "activity.end", "required")
	stop(f.Activity.End != "" && err2 != nil, "", "activity.end", "date")
	if err1 == nil && err2 == nil && f.Activity.Start != "" && f.Activity.End != "" {
		stop(end.Before(start), "", "activity.end", "dates_order")
	}
	p := f.Participants
	stop(num(p.Pupils) <= 0 && num(p.Staff) <= 0 && num(p.VisitingPupils) <= 0, "", "participants.pupils", "no_participants")
	stop(num(p.Pupils) < 0, "", "participants.pupils", "negative")
	stop(num(p.Staff) < 0, "", "participants.staff", "negative")
	stop(num(p.VisitingPupils) < 0, "", "participants.visiting_pupils", "negative")
	stop(len(f.Budget) == 0, "RF-13", "budget", "no_budget")
	stop(f.Requested == nil, "", "requested", "required")
	stop(num(f.Requested) < 0, "", "requested", "negative")
	v = append(v, f.Applicant.Payment.faults()...)
	v = append(v, c.personalNumbers()...)
	return v
}

// faults judges the account's check digits; a missing account is not at fault.
func (p PayInto) faults() (v Violations) {
	add := func(field string, fault *AccountFault) {
		if fault != nil {
			args := map[string]any{}
			for k, x := range fault.Args {
				args[k] = x
			}
			v = append(v, Violation{Field: "applicant.payment." + field, Code: fault.Code, Args: args})
		}
	}
	is := func(method string) bool { return p.Method == method || p.Method == "" }
	if p.Bankgiro != "" && is("bankgiro") {
		_, fault := CheckBankgiro(p.Bankgiro)
		add("bankgiro", fault)
	}
	if p.Plusgiro != "" && is("plusgiro") {
		_, fault := CheckPlusgiro(p.Plusgiro)
		add("plusgiro", fault)
	}
	if p.IBAN != "" && is("iban") {
		_, fault := CheckIBAN(p.IBAN)
		add("iban", fault)
	}
	if p.Clearing != "" && p.Account != "" && is("account") {
		_, fault := CheckAccount(p.Clearing, p.Account)
		add("account", fault)
	}
	return v
}

// Complete tells whether the account has everything that a payment needs.
func (p PayInto) Complete() bool {
	switch p.Method {
	case "internal":
		return strings.TrimSpace(p.CostCentre) != ""
	case "bankgiro":
		return p.Bankgiro != "" && len(p.faults()) == 0
	case "plusgiro":
		return p.Plusgiro != "" && len(p.faults()) == 0
	case "iban":
		return p.IBAN != "" && len(p.faults()) == 0
	case "account":
		return p.Clearing != "" && p.Account != "" && len(p.faults()) == 0
	}
	return false
}

// maxAreas is how many areas of the strategy a school may choose (domain 9.1).
const maxAreas = 2

// required are the fields of domain 9.1 marked R that do not stop a filing.
func (f *finder) required() {
	form := f.c.App.Form
	need := func(missing bool, field string) {
		if missing {
			f.add("", Warning, field, "required")
		}
	}
	blank := func(s string) bool { return strings.TrimSpace(s) == "" }
	need(blank(form.Applicant.ApplicantRole), "applicant.applicant_role")
	need(blank(form.Applicant.ContactEmail), "applicant.contact_email")
	need(blank(form.Applicant.ContactPhone), "applicant.contact_phone")
	need(blank(form.Text.Summary), "text.summary")
	need(blank(form.Text.Purpose), "text.purpose")
	need(len(form.Text.Goals) == 0, "text.goals")
	need(blank(form.Activity.Type), "activity.type")
	need(blank(form.Partner.City), "partner.city")
	need(blank(form.Partner.Country), "partner.country")
	need(blank(form.Partner.Contact), "partner.contact")
	need(!form.Declarations.PublicRecord, "declarations.public_record")
	need(!form.Declarations.NoPupilData, "declarations.no_pupil_data")
	need(blank(form.Declarations.OtherApplications), "declarations.other_applications")
	if f.c.Scheme.NeedsPrincipal {
		need(blank(form.Applicant.PrincipalName), "applicant.principal_name")
		need(blank(form.Participants.Grades), "participants.grades")
		need(form.Participants.Pupils == nil, "participants.pupils")
		need(form.Participants.Staff == nil, "participants.staff")
		need(blank(form.Activity.Reciprocal), "activity.reciprocal")
		need(blank(form.Activity.Accommodation), "activity.accommodation")
		need(blank(form.Text.CurriculumLink), "text.curriculum_link")
		need(blank(form.Text.Preparation), "text.preparation")
		need(blank(form.Text.After), "text.after")
		need(blank(form.Text.Inclusion), "text.inclusion")
		need(blank(form.Text.Risk), "text.risk")
		need(blank(form.Text.Climate), "text.climate")
		need(blank(form.Text.Dissemination), "text.dissemination")
		need(len(form.Text.StrategyLink) == 0, "text.strategy_link")
		if n := len(form.Text.StrategyLink); n > maxAreas {
			f.add("", Warning, "text.strategy_link", "too_many_areas", "Max", maxAreas, "Count", n)
		}
	}
	if to := form.Applicant.ContactEmail; !blank(to) && !looksLikeEmail(to) {
		f.add("", Warning, "applicant.contact_email", "email")
	}
	if why := f.c.wayFault(form.Applicant.Payment.Method); why != "" {
		f.add("", Warning, "applicant.payment.method", why)
	} else if !form.Applicant.Payment.Complete() && len(form.Applicant.Payment.faults()) == 0 {
		f.add("", Info, "applicant.payment", "account_missing")
	}
	if no := form.Applicant.OrgNo; no != "" {
		if _, fault := CheckOrgNo(no); fault != nil {
			f.add("", Warning, "applicant.org_no", fault.Code)
		}
	}
}

// looksLikeEmail tells whether a letter could be sent there: something, one @,
// and a domain with a dot inside.
func looksLikeEmail(s string) bool {
	user, domain, ok := strings.Cut(strings.TrimSpace(s), "@")
	dot := strings.LastIndexByte(domain, '.')
	return ok && user != "" && dot > 0 && dot < len(domain)-1 && !strings.ContainsAny(s, " \t\n,;<>") && !strings.Contains(domain, "@")
}

func (f *finder) money() {
	form, r, n := f.c.App.Form, f.c.Round.Rules, f.n
	requested := num(form.Requested)
	k := costs(form.Lines(), form.Funding, r)
	for i, l := range form.Lines() {
		field := fmt.Sprintf("budget[%d]", i)
		if l.Code != "" && !slices.Contains(r.EligibleCodes, l.Code) {
			f.add("RF-09", Warning, field+".code", "code_not_eligible", "Code", l.Code, "Amount", l.Sum())
		}
		if l.Sum() < 0 {
			f.add("", Warning, field+".amount", "negative")
		}
		if l.Qty != nil && l.UnitPrice != nil && l.Amount != nil && *l.Amount != *l.Qty**l.UnitPrice {
			f.add("", Warning, field+".amount", "line_product", "Product", *l.Qty**l.UnitPrice)
		}
		if l.Code == "MAT" && r.MealMaxPerPersonDay > 0 && num(l.UnitPrice) > r.MealMaxPerPersonDay {
			f.add("RF-09", Info, field+".unit_price", "meal_max", "Max", r.MealMaxPerPersonDay)
		}
		if l.Code == "SPR" && r.LanguagePrepMax > 0 && l.Sum() > r.LanguagePrepMax {
			f.add("RF-09", Info, field+".amount", "language_prep_max", "Max", r.LanguagePrepMax)
		}
	}
	if form.Requested != nil {
		over := func(limit *int64, rule, code string) {
			if limit != nil && requested > *limit {
				f.add(rule, Warning, "requested", code, "Requested", requested, "Max", *limit)
			}
		}
		over(n.PerHeadCap, "RF-06", "over_per_head_cap")
		over(&n.ShareCap, "RF-07", "over_share_cap")
		over(n.MaxPerApp, "RF-08", "over_max_per_application")
		if requested > n.Gap {
			f.add("RF-10", Warning, "requested", "over_gap", "Requested", requested, "Max", max(0, n.Gap))
		}
	}
	if k.covered > 0 {
		f.add("RF-10", Warning, "funding", "covered_lines", "Amount", k.covered)
	}
	for i, x := range form.Funding {
		field := fmt.Sprintf("funding[%d]", i)
		if num(x.Amount) < 0 {
			f.add("", Warning, field+".amount", "negative")
		}
		if x.Type == "external_grant" && x.Status == "applied" {
			f.add("RF-10", Info, field+".status", "grant_applied", "Source", x.Source, "Amount", num(x.Amount))
		}
		for _, line := range x.Covers {
			if !slices.ContainsFunc(form.Lines(), func(l BudgetLine) bool { return l.Line == line }) {
				f.add("RF-10", Warning, field+".covers", "covers_unknown", "Line", line)
			}
		}
	}
	if num(form.Voluntary) < 0 {
		f.add("", Warning, "voluntary", "negative")
	}
	if f.c.mandatoryFee() {
		f.add("RF-11", Warning, "declarations.no_mandatory_fee", "mandatory_fee")
	}
	if len(form.Budget) > 0 && form.Requested != nil && (n.Unfunded > 1 || n.Unfunded < -1) {
		f.add("", Warning, "funding", "not_balanced", "Amount", n.Unfunded)
	}
}

func (f *finder) papers() {
	for _, field := range f.c.missing() {
		if field == "budget" {
			continue // a missing budget is a stop already
		}
		f.add("RF-13", Warning, field, "paper_missing", "Paper", strings.TrimPrefix(field, "attachments."))
	}
	if f.c.App.Unapproved {
		f.add("RF-02", Warning, "approval", "unapproved")
	}
	for _, a := range f.c.App.Attachments {
		if a.Scan == "infected" {
			f.add("", Warning, "attachments."+a.Kind, "infected", "Name", a.Name)
		}
	}
}

// progress are findings about what has happened since the filing.
func (f *finder) progress() {
	a, r := f.c.App, f.c.Round.Rules
	if s := Assess(f.c); s.Wide {
		f.add("RF-15", Warning, "assessment", "wide_difference", "Difference", s.Difference, "Max", r.ScoreDifferenceMax)
	}
	if s := Assess(f.c); s.Passed != nil && !*s.Passed {
		f.add("RF-15", Warning, "assessment", "below_threshold", "Total", *s.Total)
	}
	if d := a.Decision; d != nil {
		if len(d.Reasons) == 0 && (d.Outcome == Rejected || d.Outcome == Dismissed) {
			f.add("", Warning, "decision.reasons", "decision_without_reasons")
		}
		if d.NoticePostedOn.IsZero() && DateOf(d.DecidedAt).DaysUntil(f.today) > 14 {
			f.add("", Info, "decision.notice_posted_on", "notice_missing")
		}
		for i, k := range d.Conditions {
			if d.Favourable() && k.Met == nil && !k.DueOn.IsZero() && f.today.After(k.DueOn) {
				f.add("", Warning, fmt.Sprintf("decision.conditions[%d]", i), "condition_overdue", "Day", k.DueOn.String())
			}
		}
		if a.State == Decided && d.Favourable() && !a.Untold() && f.today.After(f.c.AcceptBy()) {
			f.add("RF-19", Warning, "decision", "acceptance_overdue", "Days", r.AcceptanceDays)
		}
	}
	if k := a.Completion; k != nil && a.State == CompletionRequested && f.today.After(k.DueOn) {
		f.add("RF-14", Warning, "completion", "completion_overdue", "Day", k.DueOn.String())
	}
	f.statement()
	f.report()
}

// report are findings about the school's report (domain 9.4).
func (f *finder) report() {
	a, r := f.c.App, f.c.Round.Rules
	rep := a.Report
	if rep == nil {
		if a.State == ReportDue && f.today.After(f.n.ReportDue) {
			f.add("RF-22", Warning, "report", "report_overdue", "Day", f.n.ReportDue.String())
		}
		return
	}
	planned := num(a.Form.Participants.Pupils)
	if planned > 0 && !r.ChangePupilDrop.AtMost(planned-rep.Pupils, planned) {
		f.add("RF-20", Warning, "report.pupils", "fewer_pupils", "Planned", planned, "Actual", rep.Pupils)
	}
	if strings.TrimSpace(rep.Texts["summary"]) == "" {
		f.add("", Warning, "report.texts.summary", "required")
	}
	if strings.TrimSpace(rep.Texts["fund_named"]) == "" {
		f.add("RF-24", Info, "report.texts.fund_named", "fund_named")
	}
	if rep.MandatoryFee != nil && *rep.MandatoryFee {
		f.add("RF-11", Warning, "report.mandatory_fee", "mandatory_fee")
	}
	if goals := len(f.c.App.Form.Text.Goals); len(rep.Goals) < goals {
		f.add("", Info, "report.goals", "goals_unanswered", "Count", goals-len(rep.Goals))
	}
	for _, d := range unexplained(f.c) {
		f.add("", Info, fmt.Sprintf("report.actual[%d]", d.line), "line_difference", "Line", d.line, "Planned", d.planned, "Actual", d.actual)
	}
	if a.State == ReportSubmitted && rep.Approval == nil && f.c.Scheme.NeedsPrincipal {
		f.add("RF-22", Warning, "report", "report_unapproved")
	}
	f.spotCheck()
}
