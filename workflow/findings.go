package workflow

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"fund/workflow/money"
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

// personalNumbers finds personal numbers in every text and file name (RF-25).
func (c Case) personalNumbers() (v Violations) {
	for _, t := range c.App.Form.texts() {
		switch t.path {
		case "applicant.payment.bankgiro", "applicant.payment.plusgiro", "applicant.payment.clearing", "applicant.payment.account", "applicant.payment.iban", "applicant.org_no":
			continue // account and organisation numbers have their own checks
		}
		text := t.text
		if t.path == "applicant.contact_phone" {
			text = "tel " + text // the field says so
		}
		if _, _, found := FindPersonalNumber(text); found {
			v = append(v, Violation{Field: t.path, Rule: "RF-25", Code: "personal_number"})
		}
	}
	for _, a := range c.App.Attachments {
		if _, _, found := FindPersonalNumber(a.Name); found {
			v = append(v, Violation{Field: "attachments." + a.Kind, Rule: "RF-25", Code: "personal_number_file", Args: map[string]any{"Name": a.Kind}})
		}
	}
	return v
}

// formText is one text of a form and where it stands.
type formText struct{ path, text string }

// texts lists every text of the form with its path.
func (f Form) texts() (list []formText) {
	b, err := json.Marshal(f)
	if err != nil {
		panic(err) // plain structs
	}
	var tree any
	if err := json.Unmarshal(b, &tree); err != nil {
		panic(err)
	}
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case string:
			if v != "" {
				list = append(list, formText{at, v})
			}
		case map[string]any:
			keys := make([]string, 0, len(v))
			for k := range v {
				keys = append(keys, k)
			}
			slices.Sort(keys)
			for _, k := range keys {
				walk(strings.TrimPrefix(at+"."+k, "."), v[k])
			}
		case []any:
			for i, x := range v {
				walk(fmt.Sprintf("%s[%d]", at, i), x)
			}
		}
	}
	walk("", tree)
	return list
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
	if !form.Applicant.Payment.Complete() && len(form.Applicant.Payment.faults()) == 0 {
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

func (f *finder) eligibility() {
	c := f.c
	if c.Level() != "" && !slices.Contains(c.Round.Rules.EligibleLevels, c.Level()) {
		f.add("RF-01", Warning, "applicant.school", "level", "Level", c.Level())
	}
	if c.School != nil && !c.School.ActiveTo.IsZero() && f.today.After(c.School.ActiveTo) {
		f.add("RF-01", Warning, "applicant.school", "school_closed")
	}
	if !c.mainFunder() {
		f.add("RF-27", Warning, "funding", "main_funder", "Share", c.Round.Rules.MainFunderMinShare.Percent())
	}
	if n := c.Round.Rules.MinStrategyAreas; n > len(c.App.Form.Text.StrategyLink) {
		f.add("RF-27", Warning, "text.strategy_link", "strategy_areas", "Count", n)
	}
	if c.Late() {
		f.add("RF-05", Warning, "received_at", "late", "Deadline", c.Round.Deadline(c.App.ID))
	}
	if !c.App.IsFiled() && c.Round.Late(c.App.ID, f.today.Start()) {
		f.add("RF-05", Warning, "round", "round_closed", "Deadline", c.Round.Deadline(c.App.ID))
	}
	if c.Facts.Blocked {
		field := "applicant.school"
		if c.School == nil {
			field = "applicant.organisation"
		}
		f.add("RF-12", Warning, field, "blocked")
	}
	if c.Round.Rules.GrantsPerSchool > 0 && c.Facts.SchoolGrants >= c.Round.Rules.GrantsPerSchool && !c.App.Decision.Favourable() {
		f.add("RF-08", Warning, "applicant.school", "grants_per_school", "Count", c.Round.Rules.GrantsPerSchool)
	}
}

func (f *finder) travel() {
	form, r := f.c.App.Form, f.c.Round.Rules
	a := form.Activity
	if a.Type != "" && !slices.Contains(r.ActivityTypes, a.Type) {
		f.add("RF-03", Warning, "activity.type", "activity_type")
	}
	if a.Type == "project" {
		return
	}
	if d := a.ProgrammeDays; d == nil {
		f.add("RF-03", Warning, "activity.programme_days", "required")
	} else if *d < 0 {
		f.add("RF-03", Warning, "activity.programme_days", "negative")
	} else if *d < r.MinProgrammeDays || *d > r.MaxProgrammeDays {
		f.add("RF-03", Warning, "activity.programme_days", "programme_days", "Min", r.MinProgrammeDays, "Max", r.MaxProgrammeDays, "Days", *d)
	}
	if a.JointShare == nil {
		f.add("RF-03", Warning, "activity.joint_share", "required")
	} else if a.JointShare.Less(r.MinJointShare) {
		f.add("RF-03", Warning, "activity.joint_share", "joint_share", "Min", r.MinJointShare.Percent(), "Share", a.JointShare.Percent())
	} else if (money.Share{Num: 1, Den: 1}).Less(*a.JointShare) {
		f.add("RF-03", Warning, "activity.joint_share", "joint_share_over")
	}
	if date, err := ParseDate(form.Partner.LetterOfIntent.Date); err != nil || date.IsZero() {
		f.add("RF-03", Warning, "partner.letter_of_intent.date", "letter_date")
	}
	if inSweden(form.Partner.Country) {
		f.add("RF-03", Warning, "partner.country", "partner_abroad")
	}
	if start, end, ok := a.Days(); ok {
		from, to := f.c.Round.TripFrom, f.c.Round.TripTo
		if !from.IsZero() && start.Before(from) || !to.IsZero() && start.After(to) {
			f.add("RF-04", Warning, "activity.start", "outside_window", "From", from.String(), "To", to.String())
		}
		if f.c.App.Decision == nil && !start.After(f.today) {
			f.add("RF-04", Warning, "activity.start", "already_started")
		}
		if days := int64(start.DaysUntil(end)) + 1; a.ProgrammeDays != nil && *a.ProgrammeDays+num(a.TravelDays) > days {
			f.add("RF-03", Warning, "activity.programme_days", "more_days_than_trip", "Days", days)
		}
	}
	if num(a.TravelDays) < 0 {
		f.add("", Warning, "activity.travel_days", "negative")
	}
	if num(form.Participants.SupportNeeds) < 0 {
		f.add("", Warning, "participants.pupils_with_support_needs", "negative")
	}
	staff, allowed := num(form.Participants.Staff), f.n.AllowedStaff
	if staff > allowed && a.Type == "outgoing_group" {
		f.add("RF-06", Info, "participants.staff", "staff_over", "Allowed", allowed)
	}
}

func inSweden(country string) bool {
	switch strings.ToLower(strings.TrimSpace(country)) {
	case "sverige", "sweden", "se":
		return true
	}
	return false
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

// Limits of the form's texts in characters (domain 9.1).
var textLimits = map[string]int{
	"title": 100, "applicant.applicant_role": 80, "text.summary": 600, "partner.name": 120, "partner.city": 80, "partner.contact": 120,
	"text.background": 1000, "activity.reciprocal": 400, "activity.accommodation": 200, "text.purpose": 1500, "text.curriculum_link": 800,
	"text.preparation": 1000, "text.after": 800, "text.dissemination": 600, "text.inclusion": 800, "text.risk": 2000, "text.climate": 500,
	"text.goals.goal": 250, "text.goals.indicator": 200, "text.programme.text": 300, "budget.text": 120, // in each row
}

// rowNumbers are those in the path of a row's field: the [2] of text.goals[2].goal.
var rowNumbers = regexp.MustCompile(`\[\d+\]`)

// TextLimit gives the largest number of characters of a field, in each row of
// a list: text.goals.goal or text.goals[2].goal; 0: none.
func TextLimit(field string) int { return textLimits[rowNumbers.ReplaceAllString(field, "")] }

func (f *finder) texts() {
	for _, t := range f.c.App.Form.texts() {
		if limit := TextLimit(t.path); limit > 0 && len([]rune(t.text)) > limit {
			f.add("", Warning, t.path, "too_long", "Max", limit, "Length", len([]rune(t.text)))
		}
		if strings.HasPrefix(t.path, "text.") && LooksLikeNameList(t.text) {
			f.add("RF-25", Warning, t.path, "name_list")
		}
	}
	for _, a := range f.c.App.Attachments {
		if FileNameHoldsNames(a.Name) {
			f.add("RF-25", Warning, "attachments."+a.Kind, "name_list_file", "Name", a.Name)
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
	if rep.MandatoryFee {
		f.add("RF-11", Warning, "report.mandatory_fee", "mandatory_fee")
	}
	if goals := len(f.c.App.Form.Text.Goals); len(rep.Goals) < goals {
		f.add("", Info, "report.goals", "goals_unanswered", "Count", goals-len(rep.Goals))
	}
	for _, d := range lineDifferences(f.c) {
		f.add("", Info, fmt.Sprintf("report.actual[%d]", d.line), "line_difference", "Line", d.line, "Planned", d.planned, "Actual", d.actual)
	}
	if a.State == ReportSubmitted && rep.Approval == nil && f.c.Scheme.NeedsPrincipal {
		f.add("RF-22", Warning, "report", "report_unapproved")
	}
	f.spotCheck()
}
