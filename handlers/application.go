package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// applicants may write applications.
var applicants = []workflow.Role{workflow.Teacher, workflow.External, workflow.Principal}

// applicationPages lists the pages of this room: from the first click to the filed application.
func (s *Server) applicationPages() []pageRoute {
	const get, post = http.MethodGet, http.MethodPost
	return []pageRoute{
		{method: get, path: "/apply", do: s.showApply, open: true},
		{method: post, path: "/apply", do: s.postApply, roles: applicants},
		{method: get, path: "/applications", do: s.showApplications, roles: applicants},
		{method: get, path: "/applications/:id", do: s.showApplication},
		{method: get, path: "/applications/:id/edit/:step", do: s.showStep},
		{method: post, path: "/applications/:id/edit/:step", do: s.postStep},
		{method: post, path: "/applications/:id/live/:step", do: s.liveTally},
		{method: post, path: "/applications/:id/save/:step", do: s.saveStep},
		{method: get, path: "/applications/:id/check", do: s.showCheck},
		{method: post, path: "/applications/:id/check", do: s.postCheck},
		{method: get, path: "/applications/:id/receipt", do: s.showReceipt},
		{method: get, path: "/applications/:id/complete", do: s.showComplete},
		{method: get, path: "/approve/:id", do: s.showApprove},
		{method: post, path: "/approve/:id", do: s.postApprove},
	}
}

type applyPage struct {
	Page
	Form   *Form
	Rounds []roundChoice
	Empty  Empty
}

// roundChoice is an open round and when it closes.
type roundChoice struct {
	ID, Name, Closes, Left, For string
	Window                      string
	Who                         string // whom the round is for
	Can                         bool   // this person may begin an application
	Scheme                      string
	Round                       workflow.Round
}

func (s *Server) openRounds(c *gin.Context, p Page) ([]roundChoice, error) {
	rounds, err := s.store.Rounds(c.Request.Context(), false)
	if err != nil {
		return nil, err
	}
	schemes, err := s.store.Schemes(c.Request.Context())
	if err != nil {
		return nil, err
	}
	by := actorOf(c)
	var list []roundChoice
	for _, r := range rounds {
		if !r.Open(p.Now) || r.Late(0, p.Now) {
			continue
		}
		x := roundChoice{Round: r, ID: r.ID, Name: notice.RoundName(p.Lang, r), Scheme: r.Scheme, Closes: lang.T(p.Lang, "apply.rolling")}
		if end := r.Deadline(0); !end.IsZero() {
			x.Closes = lang.T(p.Lang, "apply.closes", lang.Args{"At": lang.LongDateTime(p.Lang, end)})
		}
		if !r.TripFrom.IsZero() {
			x.Window = lang.T(p.Lang, "apply.window", lang.Args{"Days": lang.Days(p.Lang, r.TripFrom.String(), r.TripTo.String())})
		}
		for _, sc := range schemes {
			if sc.Code == r.Scheme {
				x.For = sc.Applicant
			}
		}
		if key := "apply.for." + x.For; lang.Has(p.Lang, key) {
			x.Who = lang.T(p.Lang, key)
		}
		x.Can = by.Is(workflow.External) && x.For == "organisation" || x.For != "organisation" && (by.Own().Is(workflow.Teacher) || by.Own().Is(workflow.Principal))
		list = append(list, x)
	}
	return list, nil
}

func (s *Server) showApply(c *gin.Context) error {
	return s.drawApply(c, http.StatusOK, newForm(c))
}

func (s *Server) drawApply(c *gin.Context, status int, f *Form) error {
	p, err := s.newPage(c, "apply.title")
	if err != nil {
		return err
	}
	p.Lead, p.Errors = lang.T(p.Lang, "apply.lead"), f.Errors
	p.Back = &Link{Text: lang.T(p.Lang, "page.home"), Href: "/"}
	page := applyPage{Page: p, Form: f, Empty: Empty{Title: lang.T(p.Lang, "apply.none"), Text: lang.T(p.Lang, "apply.none.text")}}
	if page.Rounds, err = s.openRounds(c, p); err != nil {
		return err
	}
	return s.page(c, status, "application/apply", page)
}

// postApply begins a draft for the person's own school or organisation.
func (s *Server) postApply(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	by := actorOf(c).Own()
	form := workflow.Form{Title: f.Text("title"), Round: f.Text("round")}
	school := int64(0)
	for _, r := range by.Roles {
		if r.School != 0 {
			sc, err := s.store.School(c.Request.Context(), r.School)
			if err != nil {
				return err
			}
			form.Applicant.School, school = sc.Name, sc.ID
			if sc.Municipal() {
				form.Applicant.Payment = workflow.PayInto{Method: "internal", CostCentre: sc.CostCentre}
			}
			break
		}
	}
	if form.Applicant.School == "" {
		form.Applicant.Organisation, form.Applicant.OrgNo = by.Name, by.OrgNo
	}
	if err := s.prefillDraft(c, by, &form, school); err != nil {
		return err
	}
	app, err := s.store.Begin(c.Request.Context(), by, form)
	var wrong workflow.Violations
	if errors.As(err, &wrong) {
		f.Refuse(wrong)
		return s.drawApply(c, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return s.see(c, fmt.Sprintf("/applications/%d", app.ID), "apply.begun")
}

type applicationsPage struct {
	Page
	Table   Table
	Empty   Empty
	Pager   Pager
	Earlier Table // what the schools of the person have got
}

func (s *Server) showApplications(c *gin.Context) error {
	p, err := s.newPage(c, "menu.applications")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	page := applicationsPage{Page: p, Empty: Empty{Title: lang.T(l, "applications.none"), Text: lang.T(l, "applications.none.text"), Link: &Link{Text: lang.T(l, "apply.start"), Href: "/apply"}}}
	page.Table = Table{Caption: lang.T(l, "menu.applications"), HideCaption: true, Stack: true, Head: []Column{{Text: lang.T(l, "field.title")}, {Text: lang.T(l, "fact.round")}, {Text: lang.T(l, "limit.requested"), Sum: true}, {Text: lang.T(l, "queue.state")}}}
	after, err := afterID(c)
	if err != nil {
		return err
	}
	cases, next, err := s.store.FullCases(c.Request.Context(), by, sql.CaseFilter{Limit: 200, After: after})
	if err != nil {
		return err
	}
	for _, k := range slices.Backward(cases) {
		title := k.App.Form.Title
		if title == "" {
			title = lang.T(l, "applications.untitled")
		}
		page.Table.Rows = append(page.Table.Rows, Row{Cells: []Cell{{Links: []Link{{Text: title, Href: fmt.Sprintf("/applications/%d", k.App.ID)}}, Note: k.App.DNR}, {Text: notice.RoundName(p.Lang, k.Round)},
			{Text: lang.Money(l, intOf(k.App.Form.Requested))}, {Tags: []Tag{caseTag(l, k)}}}})
	}
	if page.Earlier, err = s.schoolGrants(c, l, by); err != nil {
		return err
	}
	page.Pager = Pager{Shown: len(page.Table.Rows)}
	if next != 0 {
		page.Pager.Next = fmt.Sprintf("/applications?after=%d", next)
	}
	return s.page(c, http.StatusOK, "application/list", page)
}

type taskListPage struct {
	Page
	Tasks    []Task
	Check    Button
	Note     *Note
	Limits   []Fact
	Withdraw Link
	Writers  Link
	Copy     Link
	ReadOnly bool
}

// showApplication is the task list of a draft, or the page of a filed case.
func (s *Server) showApplication(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	if k.App.IsFiled() || k.App.State == workflow.Withdrawn {
		if k.App.Form.Title == "" { // a draft that was removed before it had a name
			l, _ := LangOf(c.Request)
			k.App.Form.Title = lang.T(l, "applications.untitled")
		}
		return s.grantPage(c, k)
	}
	p, err := s.newPage(c, "application.title")
	if err != nil {
		return err
	}
	l := p.Lang
	today := workflow.DateOf(p.Now)
	if k.App.Form.Title != "" {
		p.Title = k.App.Form.Title
	}
	p.Over, p.Tags = notice.RoundName(l, k.Round), []Tag{caseTag(l, k)}
	p.Back = &Link{Text: lang.T(l, "menu.applications"), Href: "/applications"}
	p.Deadline = p.deadlineOf(k)
	page := taskListPage{Page: p, Limits: limitSums(l, k, today), Check: Button{Text: lang.T(l, "application.check"), Href: fmt.Sprintf("/applications/%d/check", k.App.ID)},
		Withdraw: Link{Text: caseWord(l, k, "action.withdraw"), Href: fmt.Sprintf("/do/%d/withdraw", k.App.ID)}, ReadOnly: !k.App.IsApplicant(actorOf(c).Person),
		Writers: Link{Text: lang.T(l, "writers.title"), Href: fmt.Sprintf("/applications/%d/writers", k.App.ID)}, Copy: Link{Text: lang.T(l, "copy.title"), Href: fmt.Sprintf("/applications/%d/copy", k.App.ID)}}
	writes := mayWrite(k, actorOf(c))
	if !writes {
		page.Check.Text = lang.T(l, "application.read")
	}
	if r := k.App.Returned; r != nil && k.App.State == workflow.Draft {
		page.Note = &Note{Kind: "warn", Strong: lang.T(l, "application.returned"), Text: r.Reason, Items: fieldWords(l, r.Fields)}
	}
	if k.App.State == workflow.AwaitingPrincipal {
		page.Note = &Note{Strong: lang.T(l, "application.waiting")}
	}
	if blankSums(k.App.Form) {
		page.Limits = nil
	}
	findings := workflow.Findings(k, today)
	for _, st := range editSteps {
		task := Task{Text: schemeWord(l, forOrganisation(k), "step."+st.key), Href: fmt.Sprintf("/applications/%d/edit/%s", k.App.ID, st.key)}
		if !writes {
			task.Href = "" // the principal has it, or the reader only reads
		}
		left := 0
		for _, x := range findings {
			if st.has(x.Field) && x.Severity != workflow.Info && x.Field != "attachments.principal_approval" { // that one is the principal's to do
				left++
			}
		}
		if left == 0 {
			task.Done = true
		} else {
			task.Tag = &Tag{Text: lang.T(l, "application.left", lang.Args{"Count": left}), Color: "info"}
		}
		if remark(l, k, st) != nil {
			task.Done, task.Tag = false, &Tag{Text: lang.T(l, "remark.task"), Color: "warning"}
		}
		page.Tasks = append(page.Tasks, task)
	}
	return s.page(c, http.StatusOK, "application/tasks", page)
}

type checkPage struct {
	Page
	Form     *Form
	Sections []checkSection
	Findings []FindingView
	Limits   []Fact
	Ask      bool
	Send     bool
	Post     string
	Wait     string
	Stopped  bool // something keeps it from being sent
}

type checkSection struct {
	Title   string
	Answers []Answer
}

func (s *Server) showCheck(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	return s.drawCheck(c, http.StatusOK, k, formFor(c, k))
}

func (s *Server) drawCheck(c *gin.Context, status int, k workflow.Case, f *Form) error {
	p, err := s.newPage(c, "check.title")
	if err != nil {
		return err
	}
	l, by, today := p.Lang, actorOf(c), workflow.DateOf(p.Now)
	base := fmt.Sprintf("/applications/%d", k.App.ID)
	p.Over, p.Back, p.Errors = k.App.Form.Title, &Link{Text: lang.T(l, "application.all"), Href: base}, f.Errors
	p.Deadline = p.deadlineOf(k)
	open := workflow.Allowed(k, by, p.Now)
	page := checkPage{Page: p, Form: f, Limits: limitSums(l, k, today), Post: base + "/check", Ask: slices.Contains(open, workflow.ActRequestApproval), Send: slices.Contains(open, workflow.ActSubmit)}
	if k.App.State == workflow.AwaitingPrincipal {
		page.Wait = lang.T(l, "application.waiting")
	}
	way := changeLink(l, k, by)
	for _, st := range editSteps {
		change := ""
		if to := way(st); to != nil {
			change = to.Href
		}
		if list := st.answers(l, k, change); len(list) > 0 {
			page.Sections = append(page.Sections, checkSection{schemeWord(l, forOrganisation(k), "step."+st.key), list})
		}
	}
	findings := workflow.VisibleFindings(k, by, today)
	if page.Ask { // the next button asks for it
		findings = slices.DeleteFunc(findings, func(x workflow.Finding) bool { return x.Field == "attachments.principal_approval" })
	}
	page.Findings = checkFindings(l, k, findings, way)
	page.Stopped = slices.ContainsFunc(findings, func(x workflow.Finding) bool { return x.Severity == workflow.Stop })
	return s.page(c, status, "application/check", page)
}

// postCheck asks the principal, or sends the application in.
func (s *Server) postCheck(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	var cmd workflow.Command = &workflow.Submit{}
	to, flash := fmt.Sprintf("/applications/%d/receipt", k.App.ID), ""
	if f.Raw("do") == "request_approval" {
		cmd, to, flash = &workflow.RequestApproval{}, fmt.Sprintf("/applications/%d", k.App.ID), "done.request_approval"
	}
	_, ok, err := s.apply(c, f, k.App.ID, cmd)
	if err != nil {
		return s.checkedTwice(c, err)
	}
	if !ok {
		for i := range f.Errors { // each fault leads to the step where it can be mended
			f.Errors[i].Field = controlName(f.Errors[i].Field)
		}
		return s.drawCheck(c, http.StatusUnprocessableEntity, k, f)
	}
	return s.see(c, to, flash)
}

// checkedTwice answers a post that came after another one: of who clicks twice,
// has two tabs or writes with somebody. What is filed has one receipt; what was
// changed meanwhile is shown again before it is sent.
func (s *Server) checkedTwice(c *gin.Context, err error) error {
	var wrong workflow.WrongState
	if !errors.Is(err, workflow.ErrStale) && !errors.Is(err, workflow.ErrBusy) && !errors.As(err, &wrong) {
		return err
	}
	k, readErr := s.caseOf(c)
	if readErr != nil {
		return readErr
	}
	if k.App.IsFiled() && k.App.State != workflow.Withdrawn {
		return s.see(c, fmt.Sprintf("/applications/%d/receipt", k.App.ID), "")
	}
	if !errors.Is(err, workflow.ErrStale) {
		return err
	}
	f := formFor(c, k)
	f.Fail("", "check.changed")
	return s.drawCheck(c, http.StatusConflict, k, f)
}

type filedPage struct {
	Page
	Panel Panel
	Facts []Fact
	Steps []Step
	Links []Link
}

func (s *Server) showReceipt(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	if !k.App.IsFiled() {
		return workflow.ErrNotFound
	}
	p, err := s.newPage(c, "receipt.title")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Bare = true
	versions, err := s.store.Versions(c.Request.Context(), actorOf(c), k.App.ID)
	if err != nil {
		return err
	}
	page := filedPage{Page: p, Panel: Panel{Title: lang.T(l, "receipt.title"), Text: lang.T(l, "receipt.number"), Big: k.App.DNR}}
	page.Facts = []Fact{{Term: lang.T(l, "field.title"), Value: k.App.Form.Title}, {Term: lang.T(l, "fact.applicant"), Value: applicantName(k)}, {Term: lang.T(l, "fact.received"), At: k.App.ReceivedAt, Note: lang.T(l, "proof.zone")}}
	for _, v := range versions {
		code := workflow.ReceiptCode(k.App.ID, v.N, v.SHA256)
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "case.version", lang.Args{"N": v.N}), Hash: v.SHA256, Links: []Link{{Text: lang.T(l, "receipt.show", lang.Args{"Code": code}), Href: "/receipts/" + code}}})
	}
	for _, a := range k.App.Attachments {
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "attachment."+a.Kind), Value: a.Name, Hash: a.SHA256})
	}
	page.Steps = []Step{{Title: lang.T(l, "receipt.next1"), Text: lang.T(l, "receipt.next1.text")}, {Title: lang.T(l, "receipt.next2"), Text: lang.T(l, "receipt.next2.text")}}
	if k.App.Unapproved {
		page.Steps = append([]Step{{Title: lang.T(l, "receipt.principal"), Text: lang.T(l, "receipt.principal.text")}}, page.Steps...)
	}
	waits := true // it is made as soon as the application is filed, which takes a moment
	for _, d := range k.App.Documents {
		if d.Kind == "receipt" {
			waits = false
			page.Links = append(page.Links, Link{Text: lang.T(l, "receipt.pdf"), Href: fmt.Sprintf("/applications/%d/documents/%d", k.App.ID, d.ID)})
		}
	}
	if waits {
		page.Links = append(page.Links, Link{Text: lang.T(l, "receipt.pdf.waits"), Href: fmt.Sprintf("/applications/%d/receipt", k.App.ID)})
	}
	page.Links = append(page.Links, Link{Text: lang.T(l, "act.back"), Href: fmt.Sprintf("/applications/%d", k.App.ID)})
	return s.page(c, http.StatusOK, "application/receipt", page)
}

type approvePage struct {
	Page
	Form    *Form
	Report  bool
	Answers []Answer
	Money   Table
	Limits  []Fact
	Settle  []Fact
	Actual  []Fact
	Commit  []string // what the school takes on
	Lent    string   // for whom the reader would answer, and how long
	Absent  *Link    // where a principal names a substitute
	News    *Note    // what has changed since a principal last gave a word
	Found   []FindingView
	Fields  Field // what the return is about
	CanBack bool
	Post    string
	Done    *Note
}

func (s *Server) showApprove(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	return s.drawApprove(c, http.StatusOK, k, formFor(c, k))
}

func (s *Server) drawApprove(c *gin.Context, status int, k workflow.Case, f *Form) error {
	p, err := s.newPage(c, "approve.title")
	if err != nil {
		return err
	}
	l, by, today := p.Lang, actorOf(c), workflow.DateOf(p.Now)
	p.Over, p.Errors = strings.TrimSpace(k.App.DNR+" "+k.App.Form.Title), f.Errors
	p.Back = &Link{Text: lang.T(l, "menu.applications"), Href: "/applications"}
	if k.App.State == workflow.ReportSubmitted {
		p.Title, p.Back = lang.T(l, "approve.title_report"), &Link{Text: lang.T(l, "grant.report.read"), Href: pathOf("reports", k.App.ID)}
	}
	open := workflow.Allowed(k, by, p.Now)
	page := approvePage{Page: p, Form: f, Report: k.App.State == workflow.ReportSubmitted, Answers: formAnswers(l, k.App.Form, ""), Money: moneyTable(l, k), Limits: limitSums(l, k, today),
		Post: fmt.Sprintf("/approve/%d", k.App.ID), CanBack: slices.Contains(open, workflow.ActReturn)}
	if page.Report {
		page.Settle = settlementSums(l, k)
		page.Actual = actualFacts(l, k)
	}
	s.sayLent(c, &page, k, by)
	if !slices.Contains(open, workflow.ActApprove) {
		page.Done = &Note{Strong: lang.T(l, "approve.nothing")}
	} else if !page.Report {
		page.Commit, page.Fields = commitments(l, k, today), remarkFields(f, k)
		found := slices.DeleteFunc(workflow.VisibleFindings(k, by, today), func(x workflow.Finding) bool { return x.Rule == "RF-02" || x.Field == "attachments.principal_approval" })
		page.Found = checkFindings(l, k, found, func(editStep) *Link { return nil })
		if page.News, err = s.changedSince(c, l, k); err != nil {
			return err
		}
	}
	return s.page(c, status, "application/approve", page)
}

// actualFacts are the report's costs beside the plan.
func actualFacts(l lang.Lang, k workflow.Case) (list []Fact) {
	r := k.App.Report
	if r == nil {
		return nil
	}
	list = append(list, Fact{Term: lang.T(l, "fact.participants"), Value: lang.T(l, "fact.people", lang.Args{"Pupils": lang.Number(l, r.Pupils), "Staff": lang.Number(l, r.Staff)})},
		Fact{Term: lang.T(l, "fact.trip"), Value: lang.Days(l, r.Start.String(), r.End.String())})
	for _, b := range k.App.Form.Lines() {
		for _, a := range r.Actual {
			if a.Line == b.Line {
				list = append(list, Fact{Term: b.Text, Value: lang.Money(l, a.Amount), Note: lang.T(l, "report.planned", lang.Args{"Sum": lang.Money(l, b.Sum()), "Voucher": a.Voucher})})
			}
		}
	}
	if r.ActualEligibleCost != nil {
		list = append(list, Fact{Term: lang.T(l, "report.actual"), Value: lang.Money(l, *r.ActualEligibleCost)})
	}
	return append(list, Fact{Term: lang.T(l, "field.external_grants_received"), Value: lang.Money(l, r.ExternalReceived)})
}

func (s *Server) postApprove(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	var cmd workflow.Command = &workflow.Approve{Statement: f.Text("statement")}
	flash := "done.approve"
	if f.Raw("do") == "return_to_applicant" {
		cmd, flash = &workflow.ReturnToApplicant{Reason: f.Text("reason"), Fields: slices.DeleteFunc(slices.Clone(f.All("fields")), func(x string) bool { return !slices.Contains(askable, x) })}, "done.return_to_applicant"
	}
	_, ok, err := s.apply(c, f, k.App.ID, cmd)
	if err != nil {
		return err
	}
	if !ok {
		return s.drawApprove(c, http.StatusUnprocessableEntity, k, f)
	}
	return s.see(c, "/tasks", flash)
}

// patchOf makes JSON of a merge patch.
func patchOf(patch map[string]any) ([]byte, error) {
	raw, err := json.Marshal(patch)
	if err != nil {
		return nil, fmt.Errorf("patch: %w", err)
	}
	return raw, nil
}
