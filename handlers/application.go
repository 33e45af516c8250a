package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

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
	Coming []roundChoice
	Closed []roundChoice // so lately that what comes now can still be looked at
	None   *Empty        // no round for schools is open
}

// roundChoice is a round as who applies reads it: open with when it closes, coming, or lately closed.
type roundChoice struct {
	ID, Name, Closes, Left, For string
	Opens                       string // of one that is coming
	Window                      string
	Who                         string // whom the round is for
	Dated                       bool   // there is a day to put into a calendar
	Can                         bool   // this person may begin an application
	Scheme                      string
	Round                       workflow.Round
}

func (s *Server) openRounds(c *gin.Context, p Page) ([]roundChoice, error) {
	return s.roundsThat(c, p, func(r workflow.Round) bool { return r.Open(p.Now) && !r.Late(0, p.Now) })
}

// comingRounds are published and will open; the next one is the first.
func (s *Server) comingRounds(c *gin.Context, p Page) ([]roundChoice, error) {
	list, err := s.roundsThat(c, p, func(r workflow.Round) bool { return r.State == workflow.RoundPublished && p.Now.Before(r.OpensAt) })
	slices.SortStableFunc(list, func(a, b roundChoice) int { return a.Round.OpensAt.Compare(b.Round.OpensAt) })
	return list, err
}

// lateDays is how long a round without a meeting is shown to who comes too late [P].
const lateDays = 30

// closedRounds have closed, and nobody has decided on them yet: what comes now is late, and still taken in.
func (s *Server) closedRounds(c *gin.Context, p Page) ([]roundChoice, error) {
	return s.roundsThat(c, p, func(r workflow.Round) bool {
		until := r.Meeting
		if until.IsZero() {
			until = workflow.DateOf(r.Deadline(0)).AddDays(lateDays)
		}
		return r.Open(p.Now) && r.Late(0, p.Now) && workflow.DateOf(p.Now).Before(until)
	})
}

// noneOpen says that no round for schools is open, and when the next one is; nil where one is open.
func noneOpen(l lang.Lang, open, coming []roundChoice) *Empty {
	forSchools := func(x roundChoice) bool { return x.Scheme == exchangeScheme }
	if slices.ContainsFunc(open, forSchools) {
		return nil
	}
	none := &Empty{Title: lang.T(l, "apply.none"), Text: lang.T(l, "apply.none.text")}
	if i := slices.IndexFunc(coming, forSchools); i >= 0 {
		none.Text = lang.T(l, "apply.none.next", lang.Args{"At": lang.LongDateTime(l, coming[i].Round.OpensAt)})
	}
	return none
}

func (s *Server) roundsThat(c *gin.Context, p Page, is func(workflow.Round) bool) ([]roundChoice, error) {
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
		if !is(r) {
			continue
		}
		x := roundChoice{
			Round:  r,
			Dated:  !r.Deadline(0).IsZero() || !r.Meeting.IsZero() || !r.TripFrom.IsZero(),
			ID:     r.ID,
			Name:   notice.RoundName(p.Lang, r),
			Scheme: r.Scheme,
			Closes: lang.T(p.Lang, "apply.rolling"),
		}
		if end := r.Deadline(0); !end.IsZero() {
			key := "apply.closes"
			if r.Late(0, p.Now) {
				key = "apply.closed"
			}
			x.Closes = lang.T(p.Lang, key, lang.Args{"At": lang.LongDateTime(p.Lang, end)})
		}
		if r.ExtendedForAll() {
			x.Closes += " " + lang.T(p.Lang, "deadline.extended", lang.Args{"Reason": r.ExtendReason})
		}
		if p.Now.Before(r.OpensAt) {
			x.Opens = lang.T(p.Lang, "apply.opens", lang.Args{"At": lang.LongDateTime(p.Lang, r.OpensAt)})
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
		x.Can = by.Is(workflow.External) && x.For == "organisation" ||
			x.For != "organisation" && (by.Own().Is(workflow.Teacher) || by.Own().Is(workflow.Principal))
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
	page := applyPage{Page: p, Form: f}
	if page.Rounds, err = s.openRounds(c, p); err != nil {
		return err
	}
	if page.Coming, err = s.comingRounds(c, p); err != nil {
		return err
	}
	if page.Closed, err = s.closedRounds(c, p); err != nil {
		return err
	}
	if page.None = noneOpen(p.Lang, page.Rounds, page.Coming); page.None == nil {
		page.Closed = nil // who can be in time needs no late way
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
	if again, err := refusedForm(f, err); err != nil {
		return err
	} else if again {
		return s.drawApply(c, http.StatusUnprocessableEntity, f)
	}
	begun := "apply.begun"
	if r, err := s.store.Round(c.Request.Context(), app.Round); err != nil {
		return err
	} else if now, err := s.store.Now(c.Request.Context()); err != nil {
		return err
	} else if r.Late(app.ID, now) {
		begun = "apply.begun.late"
	}
	return s.see(c, fmt.Sprintf("/applications/%d", app.ID), begun)
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
	page := applicationsPage{
		Page: p,
		Empty: Empty{
			Title: lang.T(l, "applications.none"),
			Text:  lang.T(l, "applications.none.text"),
			Link:  &Link{Text: lang.T(l, "apply.start"), Href: "/apply"},
		},
	}
	page.Table = Table{
		Caption:     lang.T(l, "menu.applications"),
		HideCaption: true,
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "field.title")},
			{Text: lang.T(l, "fact.round")},
			{Text: lang.T(l, "limit.requested"), Sum: true},
			{Text: lang.T(l, "queue.state")},
		},
	}
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
		page.Table.Rows = append(page.Table.Rows, Row{
			Cells: []Cell{
				{Links: []Link{{Text: title, Href: fmt.Sprintf("/applications/%d", k.App.ID)}}, Note: k.App.DNR},
				{Text: notice.RoundName(p.Lang, k.Round)},
				{Text: lang.Money(l, intOf(k.App.Form.Requested))},
				{Tags: []Tag{caseTag(l, k)}},
			},
		})
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

// taskListPage is a draft: what is left to do, step by step.
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
	l, today, at := p.Lang, workflow.DateOf(p.Now), fmt.Sprintf("/applications/%d", k.App.ID)
	if k.App.Form.Title != "" {
		p.Title = k.App.Form.Title
	}
	p.Over, p.Tags = notice.RoundName(l, k.Round), []Tag{caseTag(l, k)}
	p.Back = &Link{Text: lang.T(l, "menu.applications"), Href: "/applications"}
	p.Deadline = p.deadlineOf(k)
	writes := mayWrite(k, actorOf(c))
	page := taskListPage{
		Page:     p,
		Tasks:    draftTasks(l, k, today),
		Check:    Button{Text: lang.T(l, "application.check"), Href: at + "/check"},
		Note:     draftNote(l, k),
		Withdraw: Link{Text: caseWord(l, k, "action.withdraw"), Href: fmt.Sprintf("/do/%d/withdraw", k.App.ID)},
		Writers:  Link{Text: lang.T(l, "writers.title"), Href: at + "/writers"},
		Copy:     Link{Text: lang.T(l, "copy.title"), Href: at + "/copy"},
		ReadOnly: !k.App.IsApplicant(actorOf(c).Person),
	}
	if !blankSums(k.App.Form) {
		page.Limits = limitSums(l, k, today)
	}
	switch {
	case !writes: // the principal has it, or the reader only reads
		page.Check.Text = lang.T(l, "application.read")
		for i := range page.Tasks {
			page.Tasks[i].Href = ""
		}
	case k.App.State == workflow.Approved:
		page.Note = &Note{Strong: lang.T(l, "application.approved"), Text: lang.T(l, "application.approved.then")}
	}
	return s.page(c, http.StatusOK, "application/tasks", page)
}

// draftNote says where a draft is: sent back by the principal, or with the principal.
func draftNote(l lang.Lang, k workflow.Case) *Note {
	switch r := k.App.Returned; {
	case k.App.State == workflow.Draft && r != nil:
		return &Note{Kind: "warn", Strong: lang.T(l, "application.returned"), Text: r.Reason, Items: fieldWords(l, r.Fields)}
	case k.App.State == workflow.AwaitingPrincipal:
		return &Note{Strong: lang.T(l, "application.waiting"), Text: lang.T(l, "application.waiting.then")}
	}
	return nil
}

// draftTasks are the steps of the form, each with how much is left to do in it.
func draftTasks(l lang.Lang, k workflow.Case, today workflow.Date) (tasks []Task) {
	findings := workflow.Findings(k, today)
	for _, st := range editSteps {
		task := Task{Text: schemeWord(l, forOrganisation(k), "step."+st.key), Href: fmt.Sprintf("/applications/%d/edit/%s", k.App.ID, st.key)}
		left := 0
		for _, x := range findings {
			if st.has(x.Field) && x.Severity != workflow.Info && x.Field != "attachments.principal_approval" { // that one is the principal's to do
				left++
			}
		}
		switch {
		case remark(l, k, st) != nil:
			task.Tag = &Tag{Text: lang.T(l, "remark.task"), Color: "warning"}
		case left > 0:
			task.Tag = &Tag{Text: lang.T(l, "application.left", lang.Args{"Count": left}), Color: "info"}
		default:
			task.Done = true
		}
		tasks = append(tasks, task)
	}
	return tasks
}

// patchOf makes JSON of a merge patch.
func patchOf(patch map[string]any) ([]byte, error) {
	raw, err := json.Marshal(patch)
	if err != nil {
		return nil, fmt.Errorf("patch: %w", err)
	}
	return raw, nil
}
