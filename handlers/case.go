package handlers

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// officeReaders may open the office's queue and case pages.
var officeReaders = []workflow.Role{workflow.Officer, workflow.Head, workflow.Secretary, workflow.Registrar, workflow.Auditor, workflow.Finance1, workflow.Finance2, workflow.Reviewer}

// casePages lists the pages of this room: the office's queue and the page of a case.
func (s *Server) casePages() []pageRoute {
	officers := []workflow.Role{workflow.Officer}
	return []pageRoute{
		{method: http.MethodGet, path: "/cases", do: s.showQueue, roles: officeReaders},
		{method: http.MethodPost, path: "/cases/views", do: s.postView, roles: officeReaders},
		{method: http.MethodPost, path: "/cases/:id/take", do: s.postTake, roles: officers},
		{method: http.MethodGet, path: "/cases/:id", do: s.showCase, roles: officeReaders},
		{method: http.MethodGet, path: "/cases/:id/propose", do: s.showPropose, roles: officers},
		{method: http.MethodPost, path: "/cases/:id/propose", do: s.postPropose, roles: officers},
		{method: http.MethodGet, path: "/cases/:id/eligibility", do: s.showEligibility, roles: officers},
		{method: http.MethodPost, path: "/cases/:id/eligibility", do: s.postEligibility, roles: officers},
		{method: http.MethodGet, path: "/cases/:id/completion", do: s.showAsk, roles: officers},
		{method: http.MethodPost, path: "/cases/:id/completion", do: s.postAsk, roles: officers},
		{method: http.MethodGet, path: "/cases/:id/reviewers", do: s.showAssign, roles: []workflow.Role{workflow.Officer, workflow.Head}},
		{method: http.MethodPost, path: "/cases/:id/reviewers", do: s.postAssign, roles: []workflow.Role{workflow.Officer, workflow.Head}},
		{method: http.MethodGet, path: "/cases/:id/blind/:aid", do: s.showBlindFile, roles: []workflow.Role{workflow.Officer, workflow.Head, workflow.Reviewer}},
		{method: http.MethodGet, path: "/cases/:id/blind", do: s.showBlind, roles: []workflow.Role{workflow.Officer, workflow.Head}},
		{method: http.MethodGet, path: "/cases/:id/proposal.pdf", do: s.sendProposal, roles: officeReaders},
		{method: http.MethodGet, path: "/cases/:id/mails", do: s.showMails},
		{method: http.MethodPost, path: "/cases/:id/mails", do: s.postBounce, roles: officers},
		{method: http.MethodGet, path: "/cases/:id/messages", do: s.showMessages},
		{method: http.MethodPost, path: "/cases/:id/messages", do: s.postMessage},
		{method: http.MethodGet, path: "/cases/:id/versions/:n", do: s.showVersion},
		{method: http.MethodGet, path: "/applications/:id/documents/:did", do: s.sendDocument},
		{method: http.MethodGet, path: "/applications/:id/attachments/:aid", do: s.sendAttachment},
	}
}

// caseView is the page of a filed case, for the office and for the applicant.
type caseView struct {
	Page
	Steps     []PathStep
	Next      *Note
	Actions   []Link
	First     *Button
	Facts     []Fact
	Limits    []Fact
	Decider   string
	Findings  []FindingView
	Money     Table
	Texts     []Answer
	Reviews   []Table
	Comments  []Quote
	Decision  []Fact
	Reasons   []string
	Text      string
	Condition []Fact
	Payments  Table
	Settle    []Fact
	Changes   []Fact
	Documents []Link
	Files     []Link
	Versions  []Link
	History   []HistoryItem
	Coming    []HistoryItem
	Mails     string
	Clock     *Cell
	Asked     *askedView
	Officer   string
	Take      bool
	Version   int64
}

func (s *Server) showCase(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	return s.drawCase(c, k, false)
}

// drawCase renders a filed case.
func (s *Server) drawCase(c *gin.Context, k workflow.Case, applicant bool) error {
	p, err := s.newPage(c, "case.title")
	if err != nil {
		return err
	}
	l, by, today := p.Lang, actorOf(c), workflow.DateOf(p.Now)
	p.Title, p.Tab, p.Over = k.App.Form.Title, k.App.DNR, k.App.DNR
	p.Tags = []Tag{StateTag(l, k.App.State, applicant)}
	for _, flag := range workflow.Flags(k) {
		p.Tags = append(p.Tags, FlagTag(l, flag))
	}
	p.Back = &Link{Text: lang.T(l, "menu.cases"), Href: "/cases"} // where the reader's own filter still is
	if applicant {
		p.Back = &Link{Text: lang.T(l, "menu.applications"), Href: "/applications"}
	}
	v := caseView{Page: p, Steps: caseSteps(l, k, today), Facts: caseFacts(l, k), Limits: limitSums(l, k, today), Money: moneyTable(l, k), Payments: paymentTable(l, k, today),
		Settle: settlementSums(l, k), Mails: fmt.Sprintf("/cases/%d/mails", k.App.ID)}
	if !applicant {
		v.Findings, v.Asked = findingViews(l, k, today), askedOf(l, k, today)
		v.Decider = lang.T(l, "body."+k.DecisionBody())
		clock := clockCell(l, k, today)
		v.Clock, v.Officer, v.Version = &clock, officerCell(l, k, by).Text, k.App.Version
		if k.App.OfficerID > 0 && k.App.OfficerID != by.ID {
			v.Officer = s.calledBy(c, k.App.Officer)
		}
		v.Take = k.App.OfficerID == 0 && by.Is(workflow.Officer) && slices.Contains(workflow.Allowed(k, by, p.Now), workflow.ActAssignOfficer)
		called := func(email string) string { return s.calledBy(c, email) }
		v.Reviews, v.Comments = reviewTables(l, k, by, called), commentsByCriterion(l, reviewComments(k, by, called))
		for i, x := range v.Findings {
			if email, rest, ok := strings.Cut(x.By, ","); ok {
				v.Findings[i].By = called(email) + "," + rest
			}
		}
	}
	v.Texts = formAnswers(l, k.App.Form, "")
	s.caseActions(&v, k, by, applicant)
	decisionFacts(l, &v, k)
	if kept, err := s.keptLinks(c, l, k); err != nil {
		return err
	} else if !applicant {
		v.Documents = kept
	}
	for _, d := range workflow.VisibleDocuments(k, by) {
		v.Documents = append(v.Documents, Link{Text: d.Title, Href: fmt.Sprintf("/applications/%d/documents/%d", k.App.ID, d.ID)})
	}
	v.Files = caseFiles(l, k)
	for _, f := range k.App.Filed {
		v.Versions = append(v.Versions, Link{Text: lang.T(l, "case.version", lang.Args{"N": f.N}), Href: fmt.Sprintf("/cases/%d/versions/%d", k.App.ID, f.N)})
	}
	if k.Round.Rules.BlindReview && (by.Is(workflow.Officer) || by.Is(workflow.Head)) {
		v.Versions = append(v.Versions, Link{Text: lang.T(l, "blind.title"), Href: fmt.Sprintf("/cases/%d/blind", k.App.ID)})
	}
	if err := s.history(c, &v, k, by, applicant); err != nil {
		return err
	}
	return s.page(c, http.StatusOK, "case/case", v)
}

// caseFiles are the case's files as this person may open them.
func caseFiles(l lang.Lang, k workflow.Case) (list []Link) {
	for _, a := range k.App.Attachments {
		if k.IsMasked() { // the words without names, not the file
			list = append(list, Link{Text: lang.T(l, "attachment."+a.Kind) + ": " + lang.T(l, "blind.file"), Href: fmt.Sprintf("/cases/%d/blind/%d", k.App.ID, a.ID)})
			continue
		}
		list = append(list, Link{Text: lang.T(l, "attachment."+a.Kind) + ": " + a.Name, Href: fmt.Sprintf("/applications/%d/attachments/%d", k.App.ID, a.ID)})
	}
	return list
}

// caseActions lists what can be done now, the most waited for first.
func (s *Server) caseActions(v *caseView, k workflow.Case, by workflow.Actor, applicant bool) {
	open := workflow.Allowed(k, by, v.Now)
	first := slices.IndexFunc(waiting, func(a workflow.Action) bool {
		return slices.Contains(open, a) && asked(k, by, a, workflow.DateOf(v.Now))
	})
	for _, a := range open {
		if a == workflow.ActSaveReview || a == workflow.ActSubmitReview {
			a = workflow.ActSubmitReview
		}
		href := fmt.Sprintf("/do/%d/%s", k.App.ID, a)
		if page := deskHref(k, a); page != "" {
			href = page
		}
		switch a {
		case workflow.ActSubmitReview:
			href = fmt.Sprintf("/reviews/%d", k.App.ID)
		case workflow.ActSubmitReport, workflow.ActAcceptReport:
			href = fmt.Sprintf("/reports/%d", k.App.ID)
		case workflow.ActApprove:
			href = fmt.Sprintf("/approve/%d", k.App.ID)
		case workflow.ActComplete:
			href = fmt.Sprintf("/applications/%d/complete", k.App.ID)
		}
		text := lang.T(v.Lang, "action."+string(a))
		if first >= 0 && waiting[first] == a {
			v.First = &Button{Text: text, Href: href}
			continue
		}
		link := Link{Text: text, Href: href}
		if !slices.Contains(v.Actions, link) {
			v.Actions = append(v.Actions, link)
		}
	}
	key := "next." + string(k.App.State)
	if all, _ := k.App.ReviewsDone(); all && k.App.State == workflow.UnderAssessment && !applicant {
		key += ".done"
	}
	if lang.Has(v.Lang, key) {
		v.Next = &Note{Strong: lang.T(v.Lang, key)}
	}
}

// stages are the parts of the case's path and the states that lie in each.
var stages = []struct {
	key    string
	states []workflow.State
}{
	{"filed", []workflow.State{workflow.Submitted}},
	{"check", []workflow.State{workflow.UnderCheck, workflow.CompletionRequested}},
	{"assessment", []workflow.State{workflow.UnderAssessment, workflow.Ranked, workflow.Proposed}},
	{"decision", []workflow.State{workflow.Decided}},
	{"payment", []workflow.State{workflow.ConditionsAccepted, workflow.Payable, workflow.Paid1}},
	{"trip", []workflow.State{workflow.Travelling}},
	{"report", []workflow.State{workflow.ReportDue, workflow.ReportSubmitted, workflow.ReportReturned, workflow.ReportAccepted}},
	{"end", []workflow.State{workflow.Settled, workflow.Closed, workflow.Withdrawn, workflow.Lapsed}},
}

// caseSteps draws where a case is.
func caseSteps(l lang.Lang, k workflow.Case, today workflow.Date) (steps []PathStep) {
	now := slices.IndexFunc(stages, func(x struct {
		key    string
		states []workflow.State
	}) bool {
		return slices.Contains(x.states, k.App.State)
	})
	near := func(d workflow.Date) string { return nearDay(l, d, today) }
	when := map[string]string{"filed": near(workflow.DateOf(k.App.ReceivedAt))}
	if d := k.App.Decision; d != nil {
		when["decision"] = near(workflow.DateOf(d.DecidedAt))
		switch p := k.App.Payments; {
		case len(p) > 0 && !p[0].PaidOn.IsZero():
			when["payment"] = near(p[0].PaidOn)
		case len(p) > 0 && !p[0].Earliest.IsZero():
			when["payment"] = lang.T(l, "stage.earliest", lang.Args{"Day": near(p[0].Earliest)})
		}
	} else if !k.Round.Meeting.IsZero() {
		when["decision"] = near(k.Round.Meeting)
	}
	if start, end, ok := k.App.Form.Activity.Days(); ok {
		when["trip"] = lang.Days(l, start.String(), end.String())
		when["report"] = lang.T(l, "tasks.by", lang.Args{"Day": near(workflow.Compute(k, today).ReportDue)})
	}
	for i, x := range stages {
		st := PathStep{Text: lang.T(l, "stage."+x.key), When: when[x.key]}
		switch {
		case i < now:
			st.State = "past"
		case i == now:
			st.State = "now"
		}
		steps = append(steps, st)
	}
	return steps
}

// nearDay leaves out the year that it is today: 13 juli, but 13 juli 2027.
func nearDay(l lang.Lang, d, today workflow.Date) string {
	if d.IsZero() || d.Year() == today.Year() {
		return lang.ShortDay(l, d.String())
	}
	return lang.Date(l, d.At(12, 0))
}

// moneyTable is the budget: what is asked for, and what counts.
func moneyTable(l lang.Lang, k workflow.Case) Table {
	t := Table{Caption: lang.T(l, "case.money"), HideCaption: true, Head: []Column{{Text: lang.T(l, "case.cost")}, {Text: lang.T(l, "case.planned"), Sum: true}, {Text: lang.T(l, "case.counts"), Sum: true}}}
	covered := map[int64]bool{}
	for _, x := range k.App.Form.Funding {
		if x.Type == "external_grant" && x.Status == "confirmed" {
			for _, n := range x.Covers {
				covered[n] = true
			}
		}
	}
	var sum, counts int64
	for _, b := range k.App.Form.Lines() {
		part, class := b.Sum(), ""
		if covered[b.Line] || !slices.Contains(k.Round.Rules.EligibleCodes, b.Code) {
			part, class = 0, "diff"
		}
		sum, counts = sum+b.Sum(), counts+part
		text := b.Text
		if text == "" {
			text = lang.T(l, "budget."+b.Code)
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: text}, {Text: lang.Number(l, b.Sum())}, {Text: lang.Number(l, part), Class: class}}})
	}
	t.Foot = []Row{{Cells: []Cell{{Text: lang.T(l, "case.sum")}, {Text: lang.Number(l, sum)}, {Text: lang.Number(l, counts)}}}}
	return t
}

// paymentTable is the payment plan, with each reason why something can't be paid yet.
func paymentTable(l lang.Lang, k workflow.Case, today workflow.Date) Table {
	t := Table{Caption: lang.T(l, "case.payments"), HideCaption: true, Stack: true, Head: []Column{{Text: lang.T(l, "case.part")}, {Text: lang.T(l, "field.amount"), Sum: true}, {Text: lang.T(l, "queue.state")}, {Text: lang.T(l, "case.unmet")}}}
	for _, p := range k.App.Payments {
		var why []string
		for _, u := range workflow.UnmetFor(k, p, today) {
			why = append(why, SayUnmet(l, u))
		}
		note := ""
		if !p.PaidOn.IsZero() {
			note = lang.Day(l, p.PaidOn.String())
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: lang.T(l, "case.instalment", lang.Args{"N": p.N})}, {Text: lang.Money(l, p.Sum())},
			{Text: lang.T(l, "payment_status."+workflow.PaymentStatus(k, p, today)), Note: note}, {Text: strings.Join(why, " ")}}})
	}
	return t
}

// reviewTables are the scores that this person may read.
func reviewTables(l lang.Lang, k workflow.Case, by workflow.Actor, called func(email string) string) []Table {
	if !workflow.SeesAssessment(k, by) {
		return nil
	}
	t := Table{Caption: lang.T(l, "case.scores"), HideCaption: true, Stack: true, Head: []Column{{Text: lang.T(l, "case.criterion")}}}
	reviews := workflow.VisibleReviews(k, by)
	for _, r := range reviews {
		t.Head = append(t.Head, Column{Text: called(r.Reviewer), Sum: true})
	}
	if k.App.Consensus != nil {
		t.Head = append(t.Head, Column{Text: lang.T(l, "case.consensus"), Sum: true})
	}
	if len(t.Head) == 1 {
		return nil
	}
	total := Row{Cells: []Cell{{Text: lang.T(l, "case.total")}}}
	for _, name := range k.Round.Rules.Criteria() {
		row := Row{Cells: []Cell{{Text: name + " " + lang.T(l, "criterion."+name)}}}
		for _, r := range reviews {
			row.Cells = append(row.Cells, Cell{Text: rating(r.Ratings, name)})
		}
		if k.App.Consensus != nil {
			row.Cells = append(row.Cells, Cell{Text: rating(k.App.Consensus.Ratings, name)})
		}
		t.Rows = append(t.Rows, row)
	}
	for _, r := range reviews {
		total.Cells = append(total.Cells, reviewTotal(l, k, r))
	}
	if k.App.Consensus != nil {
		total.Cells = append(total.Cells, Cell{Text: lang.Number(l, int64(workflow.Score(k.App.Consensus.Ratings, k.Round.Rules)))})
	}
	t.Foot = []Row{total}
	return []Table{t}
}

// reviewTotal is a reviewer's score; of one not handed in, by when it was promised.
func reviewTotal(l lang.Lang, k workflow.Case, r workflow.Review) Cell {
	if !r.Done() {
		due := workflow.AddBankDays(workflow.DateOf(r.AssignedAt), k.Round.Rules.AssessmentDays)
		return Cell{Text: lang.T(l, "case.review.open"), Note: lang.T(l, "tasks.by", lang.Args{"Day": lang.ShortDay(l, due.String())})}
	}
	return Cell{Text: lang.Number(l, int64(workflow.Score(r.Ratings, k.Round.Rules)))}
}

// reviewComments are the reasons for the scores that this person may read.
func reviewComments(k workflow.Case, by workflow.Actor, called func(email string) string) (list []Quote) {
	if !workflow.SeesAssessment(k, by) {
		return nil
	}
	for _, name := range k.Round.Rules.Criteria() {
		for _, r := range workflow.VisibleReviews(k, by) {
			if r.Comments[name] != "" {
				list = append(list, Quote{Term: name, Text: r.Comments[name], By: called(r.Reviewer)})
			}
		}
	}
	return list
}

// commentsByCriterion names each criterion in full, once, above all that was written about it.
func commentsByCriterion(l lang.Lang, list []Quote) []Quote {
	last := ""
	for i, x := range list {
		list[i].Term = ""
		if x.Term != last {
			list[i].Term = x.Term + " " + lang.T(l, "criterion."+x.Term)
		}
		last = x.Term
	}
	return list
}

func rating(r map[string]int, name string) string {
	if v, ok := r[name]; ok {
		return fmt.Sprint(v)
	}
	return "–"
}

// appealFacts are the appeal's days and what the court said.
func appealFacts(l lang.Lang, k workflow.Case) (list []Fact) {
	a := k.App.Appeal
	if a == nil {
		return nil
	}
	key := "case.appeal.late"
	if a.InTime {
		key = "case.appeal.in_time"
	}
	note := lang.T(l, key)
	if a.InTime && a.Judgment == nil {
		note += " " + lang.T(l, "case.appeal.stop")
	}
	list = append(list, Fact{Term: lang.T(l, "case.appeal"), Value: lang.Day(l, a.ReceivedOn.String()), Note: strings.TrimSpace(note + " " + a.Text)})
	if a.ForwardedOn.IsZero() {
		list = append(list, Fact{Term: lang.T(l, "field.forwarded_on"), Value: lang.T(l, "case.appeal.kept")})
	} else {
		list = append(list, Fact{Term: lang.T(l, "field.forwarded_on"), Value: lang.Day(l, a.ForwardedOn.String())})
	}
	if j := a.Judgment; j != nil {
		list = append(list, Fact{Term: lang.T(l, "case.judgment"), Value: lang.T(l, "judgment."+j.Outcome), Note: lang.Day(l, j.On.String())})
	}
	return list
}

// decisionFacts fills in what was decided, changed and claimed.
func decisionFacts(l lang.Lang, v *caseView, k workflow.Case) {
	for _, x := range k.App.Changes {
		text := lang.T(l, "case.change.open")
		if x.Outcome != "" {
			text = lang.T(l, "change_outcome."+x.Outcome)
		}
		v.Changes = append(v.Changes, Fact{Term: lang.T(l, "change."+x.Type), Value: text, Note: x.Reason})
	}
	d := k.App.Decision
	if d == nil {
		return
	}
	v.Decision = []Fact{{Term: lang.T(l, "field.outcome"), Value: lang.T(l, "outcome."+d.Outcome)}, {Term: lang.T(l, "sum.granted"), Value: lang.Money(l, d.Granted)},
		{Term: lang.T(l, "fact.decider"), Value: lang.T(l, "body."+d.Body)}, {Term: lang.T(l, "case.decided"), At: d.DecidedAt}}
	if m := d.Meeting; m.Alone() {
		v.Decision = append(v.Decision, Fact{Term: lang.T(l, "case.chair"), Value: m.Urgent.Chair, Note: m.Urgent.Reason})
	} else if m != nil {
		v.Decision = append(v.Decision, Fact{Term: lang.T(l, "field.meeting.date"), Value: strings.Trim(lang.Day(l, m.Date.String())+", "+m.ItemNo, ", ")})
	}
	if !d.NoticePostedOn.IsZero() {
		v.Decision = append(v.Decision, Fact{Term: lang.T(l, "field.posted_on"), Value: lang.Day(l, d.NoticePostedOn.String())})
	}
	if !d.LastAppealDay.IsZero() {
		v.Decision = append(v.Decision, Fact{Term: lang.T(l, "case.appeal_day"), Value: lang.Day(l, d.LastAppealDay.String())})
	}
	if k.App.Untold() {
		v.Decision = append(v.Decision, Fact{Term: lang.T(l, "letter.fact"), Value: lang.T(l, "letter.state.waits"), Note: k.App.Letter.Reason, Links: []Link{{Text: lang.T(l, "menu.letters"), Hidden: k.App.DNR, Href: fmt.Sprintf("/letters/%d", k.App.ID)}}})
	}
	if day := k.App.LegalForceOn(); !day.IsZero() {
		v.Decision = append(v.Decision, Fact{Term: lang.T(l, "case.legal_force"), Value: lang.Day(l, day.String())})
	}
	v.Decision = append(v.Decision, appealFacts(l, k)...)
	for _, r := range d.Reasons {
		v.Reasons = append(v.Reasons, lang.T(l, "reason."+r))
	}
	v.Text = d.Text
	for _, x := range d.Conditions {
		state := lang.T(l, "case.condition.open")
		if x.Met != nil {
			state = lang.T(l, map[bool]string{true: "act.met", false: "act.unmet"}[*x.Met])
		}
		note := ""
		if !x.DueOn.IsZero() {
			note = lang.T(l, "tasks.by", lang.Args{"Day": lang.Day(l, x.DueOn.String())})
		}
		v.Condition = append(v.Condition, Fact{Term: x.Text, Value: state, Note: note})
	}
	if r := k.App.Recovery; r != nil {
		v.Decision = append(v.Decision, Fact{Term: lang.T(l, "sum.proposed"), Value: lang.Money(l, r.Proposed)}, Fact{Term: lang.T(l, "sum.claimed"), Value: lang.Money(l, r.Amount)},
			Fact{Term: lang.T(l, "sum.repaid"), Value: lang.Money(l, r.Repaid())})
	}
	v.Decision = append(v.Decision, statementFacts(l, k)...)
	v.Decision = append(v.Decision, overpaidFacts(l, k)...)
}

// hiddenFromApplicant are steps that the school need not read in its history.
var hiddenFromApplicant = []workflow.Action{workflow.ActAssignOfficer, workflow.ActSaveReview, workflow.ActSubmitReview, workflow.ActAssignReviewers, workflow.ActSetConsensus, workflow.ActMovePayment, workflow.ActRank, workflow.ActPropose,
	workflow.ActDeclareInterest, workflow.ActAddDocument, workflow.ActNote, workflow.ActSave, workflow.ActMakePayable, workflow.ActRemitBack, workflow.ActTakeBack}

func (s *Server) history(c *gin.Context, v *caseView, k workflow.Case, by workflow.Actor, applicant bool) error {
	events, err := s.store.Events(c.Request.Context(), by, k.App.ID)
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(events) {
		if applicant && slices.Contains(hiddenFromApplicant, e.Action) || e.Action == workflow.ActSave && !applicant {
			continue
		}
		if e.Action == workflow.ActSaveReview || e.Action == workflow.ActNote {
			continue
		}
		name := e.ByName
		if applicant && name != "" && e.By != by.Email {
			name = "" // the school need not know who at the office
		}
		who := name
		switch {
		case e.By == "":
			who = lang.T(v.Lang, "case.program")
		case name == "":
			who = lang.T(v.Lang, "case.office")
		}
		note := ""
		if as := actingFor(e.Data); as != "" && !applicant {
			note = lang.T(v.Lang, "absence.acted", lang.Args{"Name": s.calledBy(c, as)})
		}
		v.History = append(v.History, HistoryItem{At: e.At, Note: note, Text: who + " " + lang.T(v.Lang, "done."+string(e.Action)) + ".", Auto: e.By == ""})
	}
	jobs, err := s.store.OpenJobs(c.Request.Context(), k.App.ID)
	if err != nil {
		return err
	}
	for _, j := range jobs {
		if key := "coming." + j.Kind; lang.Has(v.Lang, key) && j.RunAt.After(v.Now) {
			v.Coming = append(v.Coming, HistoryItem{At: j.RunAt, Form: "date", Text: lang.T(v.Lang, key), Auto: true})
		}
	}
	return nil
}

type mailsPage struct {
	Page
	Mails   []sql.MailRow
	Empty   Empty
	Officer bool // may say that a mail came back, and what was done about it
}

func (s *Server) showMails(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	p, err := s.newPage(c, "mails.title")
	if err != nil {
		return err
	}
	by := actorOf(c)
	p.Over, p.Back = k.App.DNR, &Link{Text: lang.T(p.Lang, "act.back"), Href: homeOf(k, by)}
	mails, err := s.store.Mails(c.Request.Context(), by, k.App.ID)
	if err != nil {
		return err
	}
	if !by.Office() {
		mails = slices.DeleteFunc(mails, func(m sql.MailRow) bool { return m.To != by.Email })
	}
	slices.Reverse(mails)
	return s.page(c, http.StatusOK, "case/mails", mailsPage{Page: p, Mails: mails, Officer: by.Is(workflow.Officer), Empty: Empty{Title: lang.T(p.Lang, "mails.none")}})
}

type versionPage struct {
	Page
	Answers []Answer
	Facts   []Fact
}

func (s *Server) showVersion(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(c.Param("n"))
	if err != nil {
		return workflow.ErrNotFound
	}
	by := actorOf(c)
	row, err := s.store.Version(c.Request.Context(), by, k.App.ID, n)
	if err != nil {
		return err
	}
	form, wrong := workflow.DecodeForm(row.Form)
	if len(wrong) > 0 {
		return wrong
	}
	p, err := s.newPage(c, "case.version", lang.Args{"N": n})
	if err != nil {
		return err
	}
	p.Over, p.Back = k.App.DNR+" "+k.App.Form.Title, &Link{Text: lang.T(p.Lang, "act.back"), Href: homeOf(k, by)}
	answers := formAnswers(p.Lang, form, "")
	if n > 1 {
		if before, err := s.store.Version(c.Request.Context(), by, k.App.ID, n-1); err == nil {
			if old, wrong := workflow.DecodeForm(before.Form); len(wrong) == 0 {
				markChanges(answers, formAnswers(p.Lang, old, ""))
			}
		}
	}
	return s.page(c, http.StatusOK, "case/version", versionPage{Page: p, Answers: answers, Facts: []Fact{{Term: lang.T(p.Lang, "fact.received"), At: row.ReceivedAt}, {Term: lang.T(p.Lang, "fact.sum"), Hash: row.SHA256}}})
}

// markChanges shows beside each answer how it stood in the version before, where it differs.
func markChanges(now, before []Answer) {
	for i := range now {
		for _, b := range before {
			if b.Term == now[i].Term && (b.Value != now[i].Value || !slices.Equal(b.Items, now[i].Items)) {
				was := strings.TrimSpace(b.Value + " " + strings.Join(b.Items, "; "))
				now[i].Was = &was
			}
		}
	}
}

func (s *Server) sendDocument(c *gin.Context) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	did, err := idOf(c, "did")
	if err != nil {
		return err
	}
	d, body, err := s.store.Document(c.Request.Context(), actorOf(c), id, did)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Disposition", disposition(d.Name, true))
	c.Data(http.StatusOK, d.Type, body)
	return nil
}

func (s *Server) sendAttachment(c *gin.Context) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	aid, err := idOf(c, "aid")
	if err != nil {
		return err
	}
	a, body, err := s.store.Attachment(c.Request.Context(), actorOf(c), id, aid)
	if err != nil {
		return err
	}
	defer body.Close()
	if err := openable(a, actorOf(c)); err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Disposition", disposition(a.Name, false))
	c.Header("Content-Type", a.Type)
	c.Status(http.StatusOK)
	_, err = io.Copy(c.Writer, body)
	return err
}
