package handlers

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// tasksPage is the first page after signing in: what waits, by when.
type tasksPage struct {
	Page
	Todos []Todo
	Empty Empty
	Links []Link
	Lent  []string // whose work the reader does today, at a school
}

// waiting are the actions that make a case a task of somebody, most urgent first.
var waiting = []workflow.Action{
	workflow.ActGiveStatement,
	workflow.ActComplete,
	workflow.ActAcceptConditions,
	workflow.ActSubmitReport,
	workflow.ActApprove,
	workflow.ActAskStatement,
	workflow.ActDecideRecovery,
	workflow.ActDecide,
	workflow.ActDecideChange,
	workflow.ActCheckAdvisory,
	workflow.ActEnterTranslation,
	workflow.ActRuleEligibility,
	workflow.ActAssignReviewers,
	workflow.ActSubmitReview,
	workflow.ActSetConsensus,
	workflow.ActRank,
	workflow.ActPropose,
	workflow.ActAcceptReport,
	workflow.ActSettle,
	workflow.ActVerifyAccount,
	workflow.ActRecordRepayment,
	workflow.ActSubmit,
	workflow.ActRecordNotice,
	workflow.ActClose,
	workflow.ActDiscontinue,
}

func (s *Server) showTasks(c *gin.Context) error {
	p, err := s.newPage(c, "tasks.title")
	if err != nil {
		return err
	}
	by, l := actorOf(c), p.Lang
	page := tasksPage{Page: p, Empty: Empty{Title: lang.T(l, "tasks.none"), Text: lang.T(l, "tasks.none.text")}}
	today := workflow.DateOf(p.Now)
	idle, err := s.idleOfficer(c, by, today)
	if err != nil {
		return err
	}
	for k, err := range s.store.AllCases(c.Request.Context(), by, sql.CaseFilter{Money: onlyFinance(by)}) {
		if err != nil {
			return err
		}
		if todo, ok := talkTask(l, k, by, idle); ok {
			page.Todos = append(page.Todos, todo)
		}
		if todo, ok := interestTask(l, k, by, today); ok {
			page.Todos = append(page.Todos, todo)
		}
		if todo, ok := overdueTask(l, k, by, today); ok {
			page.Todos = append(page.Todos, todo)
		}
		if todo, ok := s.lateTask(c, l, k, by, p.Now); ok {
			page.Todos = append(page.Todos, todo)
		}
		if todo, ok := taskOf(l, k, by, p, today); ok {
			page.Todos = append(page.Todos, todo)
		}
	}
	if todo, ok, err := s.refusedTask(c, l); err != nil {
		return err
	} else if ok {
		page.Todos = append(page.Todos, todo)
	}
	if page.Lent, err = s.lentWords(c, l, by); err != nil {
		return err
	}
	finance, err := s.financeTodos(c, l, by)
	if err != nil {
		return err
	}
	page.Todos = append(page.Todos, finance...)
	if err := s.accessTasks(c, &page, by); err != nil {
		return err
	}
	if todo, ok, err := s.letterTask(c, l, by); err != nil {
		return err
	} else if ok {
		page.Todos = append(page.Todos, todo)
	}
	office, err := s.officeTodos(c, l, by, today)
	if err != nil {
		return err
	}
	page.Todos, page.Links = append(page.Todos, office...), append(page.Links, taskLinks(l, by)...)
	if by.Is(workflow.Teacher) || by.Is(workflow.External) {
		page.Empty.Link = &Link{Text: lang.T(l, "apply.start"), Href: "/apply"}
	}
	order := map[string]int{"late": 0, "soon": 1, "": 2}
	slices.SortStableFunc(page.Todos, func(a, b Todo) int { return cmp.Or(order[a.Urgency]-order[b.Urgency], sooner(a.Due, b.Due)) })
	return s.page(c, http.StatusOK, "person/tasks", page)
}

// officeTodos are the tasks that stand at no case's step: mails that came back, ideas, jobs that are stuck.
func (s *Server) officeTodos(c *gin.Context, l lang.Lang, by workflow.Actor, today workflow.Date) (list []Todo, err error) {
	if by.Is(workflow.Officer) {
		bounced, err := s.store.BouncedMails(c.Request.Context(), by)
		if err != nil {
			return nil, err
		}
		for _, b := range bounced {
			list = append(list, Todo{
				Count:   b.N,
				Text:    lang.T(l, "message.bounced.task", lang.Args{"Title": b.Title}),
				Href:    fmt.Sprintf("/cases/%d/mails", b.Application),
				Urgency: "soon",
				When:    lang.T(l, "tasks.now"),
			})
		}
	}
	if mayAnswer(by) {
		ideas, err := s.store.Ideas(c.Request.Context(), by, true)
		if err != nil {
			return nil, err
		}
		if todo, ok := ideaTask(l, ideas, today); ok {
			list = append(list, todo)
		}
	}
	if by.Is(workflow.Admin) {
		stuck, err := s.store.StuckJobs(c.Request.Context())
		if err != nil {
			return nil, err
		}
		if len(stuck) > 0 {
			list = append(list, Todo{Count: len(stuck), Text: lang.T(l, "tasks.stuck"), Href: "/admin/jobs", Urgency: "late", When: lang.T(l, "tasks.now")})
		}
	}
	return list, nil
}

// taskLinks lead to the rooms that somebody keeps beside the tasks.
func taskLinks(l lang.Lang, by workflow.Actor) (list []Link) {
	if by.Is(workflow.Officer) || by.Is(workflow.Head) || by.Is(workflow.Secretary) || by.Is(workflow.Admin) {
		list = append(list, Link{Text: lang.T(l, "absence.title"), Href: "/absences"})
	}
	if sql.MayReturnMail(by) == nil {
		list = append(list, Link{Text: lang.T(l, "mail_return.title"), Href: "/mail-returns"})
	}
	if by.Is(workflow.Officer) || by.Is(workflow.Head) || by.Is(workflow.Secretary) { // the administrator has it in a room of its own
		list = append(list, Link{Text: lang.T(l, "delegation.title"), Href: "/admin/delegation"})
	}
	if slices.ContainsFunc(tied, by.Is) {
		list = append(list, Link{Text: lang.T(l, "tie.title"), Href: "/ties"})
	}
	return list
}

// onlyFinance tells whether a case can ask nothing of this person but what its money waits for.
func onlyFinance(by workflow.Actor) bool {
	return len(by.Roles) > 0 &&
		!slices.ContainsFunc(by.Roles, func(r workflow.RoleAt) bool { return r.Role != workflow.Finance1 && r.Role != workflow.Finance2 })
}

// sooner orders days; what has no day comes last.
func sooner(a, b workflow.Date) int {
	switch {
	case a == b:
		return 0
	case a.IsZero():
		return 1
	case b.IsZero():
		return -1
	}
	return a.Compare(b)
}

// interestTask is a case that its reviewer has not said about whether there is a
// conflict of interest: only then it can be assessed.
func interestTask(l lang.Lang, k workflow.Case, by workflow.Actor, today workflow.Date) (Todo, bool) {
	own := k.App.ReviewOf(by.ID)
	if own == nil || own.Done() || k.App.State != workflow.UnderAssessment || k.App.Declared(by.ID) {
		return Todo{}, false
	}
	due := reviewDue(k, by)
	todo := Todo{
		Count:  1,
		Text:   lang.T(l, "tasks.review", lang.Args{"Title": k.App.Form.Title}),
		Detail: applicantName(k),
		Href:   fmt.Sprintf("/reviews/%d", k.App.ID),
		Due:    due,
	}
	dueOn(l, &todo, today)
	return todo, true
}

// overdueTask is a report of the principal's school that should have come (RF-22): they are written to until
// it does, as it blocks the school, though whoever applied sends it.
func overdueTask(l lang.Lang, k workflow.Case, by workflow.Actor, today workflow.Date) (Todo, bool) {
	waits := slices.Contains([]workflow.State{workflow.Travelling, workflow.ReportDue, workflow.ReportReturned}, k.App.State)
	due := k.ReportDay()
	if !waits || k.App.Cancelled != nil || due.IsZero() || !due.Before(today) || !by.At(workflow.Principal, k.App.SchoolID) || k.App.IsApplicant(by.Person) {
		return Todo{}, false
	}
	todo := Todo{
		Count:  1,
		Text:   lang.T(l, "tasks.late_report", lang.Args{"Title": k.App.Form.Title}),
		Detail: lang.T(l, "tasks.late_report.who", lang.Args{"Name": cmp.Or(k.App.ApplicantName, applicantName(k))}),
		Href:   fmt.Sprintf("/reports/%d", k.App.ID),
		Due:    due,
	}
	dueOn(l, &todo, today)
	return todo, true
}

// dueOn says by when a task waits, and how urgent that is.
func dueOn(l lang.Lang, todo *Todo, today workflow.Date) {
	if todo.Due.IsZero() {
		return
	}
	todo.When = lang.T(l, "tasks.by", lang.Args{"Day": lang.ShortDay(l, todo.Due.String())})
	switch left := today.DaysUntil(todo.Due); {
	case left < 0:
		todo.Urgency = "late"
	case left <= 3:
		todo.Urgency = "soon"
	}
}

// taskOf is what a case asks of this person now, if anything.
func taskOf(l lang.Lang, k workflow.Case, by workflow.Actor, p Page, today workflow.Date) (Todo, bool) {
	open := workflow.Allowed(k, by, p.Now)
	i := slices.IndexFunc(waiting, func(a workflow.Action) bool { return slices.Contains(open, a) && asked(k, by, a, today) })
	if i < 0 {
		return Todo{}, false
	}
	action := waiting[i]
	todo := Todo{Count: 1, Text: lang.T(l, "action."+string(action)) + ": " + k.App.Form.Title, Detail: applicantName(k), Href: taskHref(k, by, action)}
	if action == workflow.ActSubmit && k.App.State == workflow.Draft {
		title := k.App.Form.Title
		if title == "" {
			title = lang.T(l, "applications.untitled")
		}
		word := "tasks.draft"
		if k.App.Returned != nil {
			word = "tasks.returned"
		}
		todo.Text = lang.T(l, word, lang.Args{"Title": title})
	}
	if action == workflow.ActDecideRecovery {
		if wait := heard(l, k, today); wait != "" {
			todo.Detail += ". " + wait
		}
	}
	todo.Due = dueOf(k, by, action, today)
	dueOn(l, &todo, today)
	return todo, true
}

// asked tells whether an open action is really waited for, and not just possible.
func asked(k workflow.Case, by workflow.Actor, a workflow.Action, today workflow.Date) bool {
	switch a {
	case workflow.ActVerifyAccount:
		return k.App.Decision.Favourable() && slices.ContainsFunc(k.App.Payments, workflow.Payment.Live)
	case workflow.ActRecordNotice:
		return k.App.Decision != nil && k.App.Decision.NoticePostedOn.IsZero()
	case workflow.ActRuleEligibility:
		return !k.Scheme.DirectProposal && !ineligible(k) // possible there too, but the proposal is what comes next
	case workflow.ActPropose:
		return k.Scheme.DirectProposal || k.App.State == workflow.Ranked || ineligible(k)
	case workflow.ActAssignReviewers:
		return by.Is(workflow.Officer) && lacksReviewers(k)
	case workflow.ActSetConsensus:
		return needsConsensus(k) // writing it anew is possible, and not waited for
	case workflow.ActSubmitReview:
		own := k.App.ReviewOf(by.ID)
		return own != nil && !own.Done()
	case workflow.ActEnterTranslation:
		who := k.App.Translator()
		return who == by.Email || who == "" && by.Is(workflow.Officer)
	case workflow.ActAskStatement:
		return k.App.Recovery.Statement == nil // asking anew is possible, and not waited for
	case workflow.ActCheckAdvisory:
		return workflow.AdviceWanted(k, today)
	case workflow.ActSettle:
		return k.App.State == workflow.ReportAccepted || k.App.Cancelled != nil
	}
	return true
}

// ineligible tells whether the application was ruled not eligible: it is proposed without an assessment.
func ineligible(k workflow.Case) bool {
	return k.App.State == workflow.UnderCheck && k.App.Eligible != nil && !*k.App.Eligible
}

// needsConsensus tells whether the case can't be ranked before a consensus is written.
func needsConsensus(k workflow.Case) bool {
	a := workflow.Assess(k)
	return k.App.Consensus == nil || a.Wide && !a.Settled
}

// lacksReviewers tells whether fewer are appointed than the round asks for.
func lacksReviewers(k workflow.Case) bool {
	return k.App.State == workflow.UnderAssessment && len(k.App.Reviews) < k.Round.Rules.Reviewers
}

// dueOf is the day by which an action is waited for; zero: no day.
func dueOf(k workflow.Case, by workflow.Actor, a workflow.Action, today workflow.Date) workflow.Date {
	switch a {
	case workflow.ActGiveStatement:
		return k.App.Recovery.Statement.DueOn
	case workflow.ActComplete:
		return k.App.Completion.DueOn
	case workflow.ActEnterTranslation:
		return k.App.Translation.DueOn
	case workflow.ActCheckAdvisory:
		start, _, _ := k.App.Form.Activity.Days()
		return start.AddDays(-1)
	case workflow.ActDecideChange:
		x := k.App.ChangeOpen()
		day, _ := changeBy(k.Round.Rules, x.Level, workflow.DateOf(x.AskedAt), nil)
		return day
	case workflow.ActAcceptConditions:
		return k.AcceptBy()
	case workflow.ActSubmitReport:
		if k.App.Report != nil && !k.App.Report.ReturnDueOn.IsZero() {
			return k.App.Report.ReturnDueOn
		}
		return workflow.Compute(k, today).ReportDue
	case workflow.ActRuleEligibility, workflow.ActAssignReviewers, workflow.ActSetConsensus, workflow.ActRank:
		return workflow.Promise(k, k.Facts.StateSince)
	case workflow.ActSubmitReview:
		return reviewDue(k, by)
	case workflow.ActApprove:
		if end := k.Round.Deadline(k.App.ID); k.App.State == workflow.AwaitingPrincipal && !end.IsZero() {
			return workflow.DateOf(end)
		}
	case workflow.ActSubmit:
		if end := k.Round.Deadline(k.App.ID); !end.IsZero() {
			return workflow.DateOf(end)
		}
	case workflow.ActRecordRepayment:
		if r := k.App.Recovery; r.Open() {
			return r.DueNext()
		}
	case workflow.ActDecide, workflow.ActPropose:
		if k.App.State == workflow.UnderCheck { // co-financing waits for no meeting
			return workflow.Promise(k, k.Facts.StateSince)
		}
		return k.Round.Meeting
	}
	return workflow.Date{}
}

// taskHref leads to the page where an action is taken.
func taskHref(k workflow.Case, by workflow.Actor, a workflow.Action) string {
	switch a {
	case workflow.ActApprove:
		return fmt.Sprintf("/approve/%d", k.App.ID)
	case workflow.ActSubmitReview:
		return fmt.Sprintf("/reviews/%d", k.App.ID)
	case workflow.ActSubmit:
		return fmt.Sprintf("/applications/%d", k.App.ID)
	case workflow.ActDecide:
		return fmt.Sprintf("/decisions/%d", k.App.ID)
	case workflow.ActSubmitReport, workflow.ActAcceptReport:
		return fmt.Sprintf("/reports/%d", k.App.ID)
	case workflow.ActSetConsensus:
		return fmt.Sprintf("/reviews/%d", k.App.ID)
	}
	return grantHref(k, a)
}

// toTasks leads back from a room that is reached from one's tasks only.
func toTasks(l lang.Lang) *Link { return &Link{Text: lang.T(l, "menu.tasks"), Href: "/tasks"} }
