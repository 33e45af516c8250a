package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

// reportPage is a filed report beside the plan.
type reportPage struct {
	Page
	First    *Button
	Actions  []Link
	Approval Note
	Facts    Table
	Costs    Table
	Goals    []Answer
	Texts    []Quote
	Returned []string
	Rows     Reckoning
	Findings []FindingView
	Files    []StoredFile
}

func (s *Server) drawReport(c *gin.Context, k workflow.Case) error {
	p, err := s.grantTop(c, k, "reports.title")
	if err != nil {
		return err
	}
	l, by, r := p.Lang, actorOf(c), k.App.Report
	p.Over = strings.TrimSpace(k.App.DNR + " " + k.App.Form.Title)
	if by.Office() {
		p.Tags = []Tag{StateTag(l, k.App.State, false)}
	}
	if workflow.MoneyOnly(k, by) {
		p.Back = &Link{Text: lang.T(l, "economist.reports"), Href: "/reports"}
	}
	page := reportPage{
		Page:     p,
		Approval: reportApproval(l, k, func(email string) string { return s.calledBy(c, email) }),
		Facts:    planTable(l, k),
		Costs:    actualTable(l, k),
		Goals:    goalAnswers(l, k),
		Rows:     reckon(l, k),
	}
	for _, name := range reportTexts {
		if t := r.Texts[name]; t != "" {
			page.Texts = append(page.Texts, Quote{Term: lang.T(l, "field.texts."+name), Text: t})
		}
	}
	for _, x := range r.ReturnedPoints {
		page.Returned = append(page.Returned, returnedPoint(l, x))
	}
	if !workflow.Outside(k, by) {
		page.Findings = reportFindings(l, k, workflow.DateOf(p.Now))
	}
	page.Files = reportFiles(l, k)
	page.actions(k, workflow.Allowed(k, by, p.Now))
	return s.page(c, http.StatusOK, "grant/report", page)
}

// actions are what can be done with the report now, the expected one first.
func (page *reportPage) actions(k workflow.Case, open []workflow.Action) {
	for _, a := range []workflow.Action{workflow.ActAcceptReport, workflow.ActSettle, workflow.ActApprove, workflow.ActReturnReport} {
		if !slices.Contains(open, a) {
			continue
		}
		text, href := lang.T(page.Lang, "action."+string(a)), grantHref(k, a)
		if page.First == nil {
			page.First = &Button{Text: text, Href: href}
			continue
		}
		page.Actions = append(page.Actions, Link{Text: text, Href: href})
	}
	page.Actions = append(page.Actions, Link{Text: lang.T(page.Lang, "grant.settlement.read"), Href: fmt.Sprintf("/applications/%d/settlement", k.App.ID)})
}

// reportApproval says whether the principal or the economist answers for the money, and whether the report is accepted.
func reportApproval(l lang.Lang, k workflow.Case, called func(email string) string) Note {
	r := k.App.Report
	switch {
	case !r.AcceptedAt.IsZero():
		return Note{Kind: "good", Strong: lang.T(l, "grant.report.accepted", lang.Args{"Day": lang.Date(l, r.AcceptedAt)}), Text: r.Remark}
	case r.Approval != nil:
		words, args := "grant.report.approved", lang.Args{"Who": called(r.Approval.By), "Day": lang.Date(l, r.Approval.At)}
		switch {
		case r.Approval.For != "":
			words, args["Principal"] = words+"_lent", called(r.Approval.For)
		case r.Approval.Role == workflow.Economist:
			words += "_economist"
		}
		return Note{Kind: "good", Strong: lang.T(l, words, args), Text: r.Approval.Statement}
	case k.Scheme.NeedsPrincipal:
		return Note{Kind: "warn", Strong: lang.T(l, "grant.report.unapproved")}
	}
	return Note{Text: lang.T(l, "grant.report.filed", lang.Args{"Day": lang.Date(l, r.SubmittedAt)})}
}

// reportFindings are those of the machine's findings that are about the report.
func reportFindings(l lang.Lang, k workflow.Case, today workflow.Date) (list []FindingView) {
	for _, x := range workflow.Findings(k, today) {
		if x.Field == "report" || strings.HasPrefix(x.Field, "report.") {
			list = append(list, FindingView{Severity: x.Severity, Text: SayFinding(l, x), Rule: x.Rule})
		}
	}
	return list
}

// planTable sets days and numbers beside those of the plan.
func planTable(l lang.Lang, k workflow.Case) Table {
	r, form := k.App.Report, k.App.Form
	t := Table{
		Caption:     lang.T(l, "grant.report.plan"),
		HideCaption: true,
		Stack:       true,
		Head:        []Column{{Text: lang.T(l, "grant.change.field")}, {Text: lang.T(l, "grant.report.planned")}, {Text: lang.T(l, "grant.report.done")}},
	}
	row := func(key, plan, done string) {
		x := Row{Cells: []Cell{{Text: lang.T(l, key)}, {Text: plan}, {Text: done, Strong: plan != done}}}
		t.Rows = append(t.Rows, x)
	}
	plan := ""
	if start, end, ok := form.Activity.Days(); ok {
		plan = lang.Days(l, start.String(), end.String())
	}
	row("fact.trip", plan, lang.Days(l, r.Start.String(), r.End.String()))
	row("field.pupils", lang.Number(l, intOf(form.Participants.Pupils)), lang.Number(l, r.Pupils))
	row("field.staff", lang.Number(l, intOf(form.Participants.Staff)), lang.Number(l, r.Staff))
	var other int64
	for _, x := range form.Funding {
		if x.Type == "external_grant" && x.Status == "confirmed" {
			other += intOf(x.Amount)
		}
	}
	row("field.external_grants_received", lang.Money(l, other), lang.Money(l, r.ExternalReceived))
	share := func(s *money.Share) string {
		if s == nil {
			return "–"
		}
		return lang.Percent(l, *s)
	}
	row("field.joint_share", share(form.Activity.JointShare), share(r.JointShare))
	given := func(n *int64) string {
		if n == nil { // nobody has said that it was nothing
			return "–"
		}
		return lang.Money(l, *n)
	}
	row("field.voluntary_contributions", given(form.Voluntary), given(r.Voluntary))
	yes := map[bool]string{true: lang.T(l, "form.yes"), false: lang.T(l, "form.no")}
	promised, fee := "–", "–" // not answered
	if form.Declarations.NoMandatoryFee {
		promised = yes[false]
	}
	if r.MandatoryFee != nil {
		fee = yes[*r.MandatoryFee]
	}
	row("field.mandatory_fee", promised, fee)
	row("field.publish", "–", yes[r.Publish])
	return t
}

// actualTable sets each cost beside its line of the budget, with the difference and what was not accepted.
func actualTable(l lang.Lang, k workflow.Case) Table {
	r := k.App.Report
	t := Table{
		Caption:     lang.T(l, "grant.report.costs"),
		HideCaption: true,
		Class:       "report",
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "case.cost")},
			{Text: lang.T(l, "case.planned"), Sum: true},
			{Text: lang.T(l, "grant.report.actual"), Sum: true},
			{Text: lang.T(l, "grant.report.difference"), Sum: true},
			{Text: lang.T(l, "field.actual.voucher")},
		},
	}
	var plan, sum int64
	for _, b := range k.App.Form.Lines() {
		var actual int64
		var vouchers, off []string
		for _, a := range r.Actual {
			if a.Line == b.Line {
				actual += a.Amount
				if a.Voucher != "" {
					vouchers = append(vouchers, a.Voucher)
				}
			}
		}
		for _, d := range r.Disallowed {
			if d.Line == b.Line {
				off = append(off, lang.T(l, "grant.report.disallowed", lang.Args{"Sum": lang.Money(l, d.Amount), "Reason": d.Reason}))
			}
		}
		plan, sum = plan+b.Sum(), sum+actual
		cell := Cell{Text: lang.Number(l, actual)}
		if r.ActualEligibleCost != nil {
			cell.Text = "–"
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: lineText(l, b), Note: strings.Join(off, " ")}, {Text: lang.Number(l, b.Sum())}, cell,
			{Text: difference(b.Sum(), actual, r.ActualEligibleCost == nil), Class: "diff"}, {Text: strings.Join(vouchers, ", ")}}})
	}
	if r.ActualEligibleCost != nil {
		sum = *r.ActualEligibleCost
	}
	t.Foot = []Row{
		{
			Cells: []Cell{
				{Text: lang.T(l, "case.sum")},
				{Text: lang.Number(l, plan)},
				{Text: lang.Number(l, sum)},
				{Text: difference(plan, sum, true)},
				{Text: ""},
			},
		},
	}
	return t
}

// difference is how far the actual cost is from the plan, in whole percent of it.
func difference(plan, actual int64, known bool) string {
	if !known || plan == 0 {
		return "–"
	}
	d := (actual - plan) * 100
	half := plan / 2
	if d < 0 {
		half = -half
	}
	switch percent := (d + half) / plan; {
	case percent < 0:
		return fmt.Sprintf("−\u00a0%d\u00a0%%", -percent)
	case percent > 0:
		return fmt.Sprintf("+\u00a0%d\u00a0%%", percent)
	}
	return "0\u00a0%"
}
