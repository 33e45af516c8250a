package handlers

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// reportFormPage is the school's final report as a form (domain 9.4).
type reportFormPage struct {
	Page
	Form  *Form
	Post  string
	Live  string
	Notes []Note
	Costs Table
	Goals []goalFields
	// Deviations and Differences stand beside what they explain.
	Deviations, Differences Field
	Texts                   []Field
	Tally                   *Tally
	Home                    string
	Closes                  string
	Draft                   *draftBox
	Files                   []StoredFile
	Upload                  UploadBox
}

// showReport is the form for the school while a report can be filed, and the filed report for everyone else.
func (s *Server) showReport(c *gin.Context) error {
	k, f, err := s.caseForm(c)
	if err != nil {
		return err
	}
	now, err := s.store.Now(c.Request.Context())
	if err != nil {
		return err
	}
	by := actorOf(c)
	if slices.Contains(workflow.Allowed(k, by, now), workflow.ActSubmitReport) {
		if err := s.fillReportDraft(c, k, f); err != nil {
			return err
		}
		return s.drawReportForm(c, http.StatusOK, k, f)
	}
	if k.App.Report == nil {
		return s.see(c, homeOf(k, by), "")
	}
	return s.drawReport(c, k)
}

// fillReport starts from the plan, or from the report that was returned.
func fillReport(f *Form, k workflow.Case) {
	prefillReport(f, prior{k: k})
	if k.App.Report == nil {
		return
	}
	for _, a := range k.App.Report.Actual {
		f.SetKronor(costField(a.Line), &a.Amount)
		f.Set(voucherField(a.Line), a.Voucher)
	}
	f.Set("publish", &k.App.Report.Publish)
	f.SetKronor("voluntary_contributions", k.App.Report.Voluntary)
	f.Set("mandatory_fee", k.App.Report.MandatoryFee)
	if s := k.App.Report.JointShare; s != nil {
		f.Set("joint_share", s.Percent())
	}
	fillGoals(f, k.App.Report)
}

func costField(line int64) string { return fmt.Sprintf("actual.%d.amount", line) }

func voucherField(line int64) string { return fmt.Sprintf("actual.%d.voucher", line) }

// readReport reads the report. Every cost wants an answer: 0 is one, an empty field is not.
func readReport(f *Form, form workflow.Form) *workflow.SubmitReport {
	cmd := &workflow.SubmitReport{
		Pupils:           f.Int("pupils"),
		Staff:            f.Int("staff"),
		Start:            f.Date("start"),
		End:              f.Date("end"),
		ExternalReceived: intOf(f.Kronor("external_grants_received")),
		JointShare:       f.Percent("joint_share"),
		Voluntary:        f.Kronor("voluntary_contributions"),
		MandatoryFee:     f.YesNo("mandatory_fee"),
		Texts:            map[string]string{},
	}
	for _, b := range form.Lines() {
		v := f.Kronor(costField(b.Line))
		if v == nil {
			f.Fail(costField(b.Line), "grant.report.no_cost")
			continue
		}
		cmd.Actual = append(cmd.Actual, workflow.ActualLine{Line: b.Line, Amount: *v, Voucher: f.Text(voucherField(b.Line))})
	}
	for _, name := range reportTexts {
		if t := f.Text("texts." + name); t != "" {
			cmd.Texts[name] = t
		}
	}
	cmd.Goals = readGoals(f, form.Text.Goals)
	if p := f.YesNo("publish"); p != nil {
		cmd.Publish = *p
	}
	return cmd
}

// liveReport counts again while somebody types; nothing is saved.
func (s *Server) liveReport(c *gin.Context) error {
	k, f, err := s.grantOpen(c, workflow.ActSubmitReport)
	if err != nil {
		return err
	}
	return s.drawReportForm(c, http.StatusOK, k, f)
}

func (s *Server) postReport(c *gin.Context) error {
	k, f, err := s.grantOpen(c, workflow.ActSubmitReport)
	if err != nil {
		return err
	}
	if done, err := s.keepReport(c, k, f); !done {
		return err
	}
	if sentFile(c) { // chosen, and not sent by its own button
		err := s.keepReportFile(c, k)
		if wrong, ok := err.(workflow.Violations); ok {
			f.Refuse(wrong)
			return s.drawReportForm(c, http.StatusUnprocessableEntity, k, f)
		}
		if err != nil {
			return err
		}
		if k, err = s.caseOf(c); err != nil {
			return err
		}
		f.Set("version", k.App.Version) // risen by our own file
	}
	switch {
	case f.Raw("go") == "stay": // the answer of a page that asked
		return s.see(c, fmt.Sprintf("/reports/%d", k.App.ID), "step.saved")
	case f.Raw("do") == "count":
		return s.drawReportForm(c, http.StatusOK, k, f)
	}
	cmd := readReport(f, k.App.Form)
	if f.YesNo("publish") == nil {
		f.Fail("publish", "form.required")
	}
	wantReasons(f, k, cmd)
	if !f.OK() {
		return s.drawReportForm(c, http.StatusUnprocessableEntity, k, f)
	}
	if versionOf(f) != workflow.NoVersion {
		f.Set("version", k.App.Version) // a colleague's file raised it; what the report says was compared above
	}
	_, ok, err := s.apply(c, f, k.App.ID, cmd)
	if err != nil {
		return err
	}
	if !ok {
		for i, e := range f.Errors { // the workflow counts the costs that were written, the page names them by budget line
			for n, a := range cmd.Actual {
				if e.Field == fmt.Sprintf("actual.%d.amount", n+1) {
					f.Errors[i].Field = costField(a.Line)
					break
				}
			}
			if e.Field == "actual" {
				f.Errors[i].Field = ""
			}
		}
		return s.drawReportForm(c, http.StatusUnprocessableEntity, k, f)
	}
	if err := s.store.DropReportDraft(c.Request.Context(), k.App.ID); err != nil {
		return err
	}
	return s.see(c, homeOf(k, actorOf(c)), "done.submit_report")
}

func (s *Server) drawReportForm(c *gin.Context, status int, k workflow.Case, f *Form) error {
	p, err := s.grantTop(c, k, "reports.title")
	if err != nil {
		return err
	}
	l, today := p.Lang, workflow.DateOf(p.Now)
	p.Lead, p.Errors = lang.T(l, "grant.report.lead"), f.Errors
	post := fmt.Sprintf("/reports/%d", k.App.ID)
	page := reportFormPage{
		Page:  p,
		Form:  f,
		Post:  post,
		Live:  post + "/live",
		Home:  homeOf(k, actorOf(c)),
		Notes: reportNotes(l, k, today),
		Costs: costTable(l, k, f),
		Goals: goalRows(l, k, f),
		Tally: reportTally(l, k, f),
	}
	page.Draft = &draftBox{
		Save:   post + "/save",
		Key:    fmt.Sprintf("fund:%d:%d:report", actorOf(c).ID, k.App.ID),
		Shared: len(k.App.Writers) > 0,
		Got:    c.Request.Method == http.MethodPost,
		SignIn: "/sign-in?next=" + post,
	}
	page.Files, page.Upload = reportFiles(l, k), uploadBox(f, post)
	page.Upload.Kinds, page.Upload.File.Optional = nil, true
	page.Upload.Consent = &Field{Form: f, Name: "consent", Label: lang.T(l, "field.consent"), Hint: lang.T(l, "field.consent.hint")}
	page.Deviations, page.Differences, page.Texts = reportWords(l, k, f)
	if k.Scheme.NeedsPrincipal {
		page.Closes = lang.T(l, "grant.report.principal")
	}
	return s.page(c, status, "grant/report-form", page)
}

// returnedPoint says which part of the report a point is about, where it says so.
func returnedPoint(l lang.Lang, x workflow.Point) string {
	if slices.Contains(reportParts, x.Field) {
		return lang.T(l, "field."+x.Field) + ": " + x.Text
	}
	return x.Text
}

// reportNotes tell above the form that the report is late, or what has to be mended in it.
func reportNotes(l lang.Lang, k workflow.Case, today workflow.Date) (notes []Note) {
	if r := k.App.Report; r != nil && len(r.ReturnedPoints) > 0 {
		n := Note{Kind: "warn", Strong: lang.T(l, "grant.report.returned", lang.Args{"Day": lang.LongDay(l, r.ReturnDueOn.String())})}
		for _, x := range r.ReturnedPoints {
			n.Items = append(n.Items, returnedPoint(l, x))
		}
		return []Note{n}
	}
	if due := workflow.Compute(k, today).ReportDue; due.Before(today) {
		notes = append(
			notes,
			Note{Kind: "warn", Strong: lang.T(l, "grant.report.late"), Text: lang.T(l, "grant.report.late.text", lang.Args{"Day": lang.Day(l, due.String())})},
		)
	}
	return notes
}

// costTable is the budget with a field for what each cost came to, and its voucher.
func costTable(l lang.Lang, k workflow.Case, f *Form) Table {
	t := Table{
		Caption:     lang.T(l, "grant.report.costs"),
		HideCaption: true,
		Class:       "report",
		Stack:       true,
		Head: []Column{{Text: lang.T(l, "case.cost")}, {Text: lang.T(l, "case.planned"), Sum: true},
			{Text: lang.T(l, "grant.report.actual"), Sum: true}, {Text: lang.T(l, "field.actual.voucher")}},
	}
	var plan int64
	for _, b := range k.App.Form.Lines() {
		plan += b.Sum()
		row := ", " + lower(lang.T(l, "form.row", lang.Args{"N": b.Line}))
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: lineText(l, b)}, {Text: lang.Number(l, b.Sum())},
			{Input: &Field{Form: f, Name: costField(b.Line), Kind: "money", Label: lang.T(l, "field.actual.amount"), Row: row, Quiet: true}},
			{Input: &Field{Form: f, Name: voucherField(b.Line), Kind: "text", Label: lang.T(l, "field.actual.voucher"), Row: row, Quiet: true, Width: "w8"}}}})
	}
	t.Foot = []Row{{Cells: []Cell{{Text: lang.T(l, "case.sum")}, {Text: lang.Number(l, plan)}, {Text: ""}, {Text: ""}}}}
	return t
}

// reportTally is the settlement of what is typed, found by the functions that
// will settle it. Costs that are still empty count as nothing.
func reportTally(l lang.Lang, k workflow.Case, f *Form) *Tally {
	cmd := readReport(ReadForm(l, f.values), k.App.Form)
	t := &Tally{ID: "tally", Title: lang.T(l, "case.settlement")}
	if len(cmd.Actual) == 0 || k.App.Decision == nil {
		t.Answer, t.Why = lang.T(l, "grant.report.unknown"), lang.T(l, "grant.report.unknown.text")
		return t
	}
	k.App.Report = asReported(cmd)
	s := workflow.SettleReport(k)
	marked := false
	for _, st := range workflow.SettlementSteps(k) {
		low := !marked && st.Amount <= s.Entitlement
		marked = marked || low
		t.Limits = append(t.Limits, Limit{Text: lang.T(l, "grant.reckon."+st.Code), Sum: lang.Money(l, st.Amount), Low: low})
	}
	paid := k.App.PaidNet()
	t.Sums = []Fact{
		{Term: lang.T(l, "grant.reckon.entitlement"), Value: lang.Money(l, s.Entitlement)},
		{Term: lang.T(l, "grant.reckon.paid"), Value: lang.Money(l, paid)},
	}
	t.Why = lang.T(l, "grant.report.when")
	switch {
	case s.FinalPayment > 0:
		t.Answer = lang.T(l, "grant.settlement.more", lang.Args{"Sum": lang.Money(l, s.FinalPayment)})
		t.Gap = &Gap{Strong: lang.T(l, "grant.report.nothing_back"), OK: true}
	case s.Repay > 0:
		t.Answer = lang.T(l, "grant.settlement.repay", lang.Args{"Sum": lang.Money(l, s.Repay)})
		t.Gap = &Gap{Strong: lang.T(l, "grant.report.back"), Text: lang.T(l, "grant.report.back.text")}
	default:
		t.Answer = lang.T(l, "grant.settlement.even")
		t.Gap = &Gap{Strong: lang.T(l, "grant.report.nothing_back"), OK: true}
	}
	return t
}
