package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// grantView is a school's page of its filed case.
type grantView struct {
	Page
	Steps      []PathStep
	Next       Note
	First      *Button
	Second     *Link // what ends the matter otherwise
	Coming     Log
	Parts      []payPart
	Into       string
	Conditions []Answer
	Changes    []Fact
	Views      []View
	Log        Log
	Money      []Fact
	Decision   []Fact
	Letter     *Link
	Settlement *Link
	Report     *Link
	Happens    []Link
	Facts      []Fact
	Files      []Link
}

// firstThings are the actions that a school is waited for, the most urgent
// first; happens are those that are there in case something comes up.
var (
	firstThings = []workflow.Action{
		workflow.ActGiveStatement,
		workflow.ActApprove,
		workflow.ActComplete,
		workflow.ActAcceptConditions,
		workflow.ActSubmitReport,
	}
	happens = []workflow.Action{
		workflow.ActMessage,
		workflow.ActRequestChange,
		workflow.ActReportCancellation,
		workflow.ActChangeAccount,
		workflow.ActDecline,
		workflow.ActWithdraw,
	}
)

// askToAnswer tells of a message that waits for the school: first where nothing else is theirs to do, else after that.
func askToAnswer(l lang.Lang, k workflow.Case, v *grantView) {
	word := lang.T(l, "grant.next.message")
	if v.First != nil {
		v.Next.Text = strings.TrimSpace(v.Next.Text + " " + word)
		v.Second = &Link{Text: lang.T(l, "grant.first.message"), Href: grantHref(k, workflow.ActMessage)}
		return
	}
	v.Next.Strong = word
	v.First = &Button{Text: lang.T(l, "grant.first.message"), Href: grantHref(k, workflow.ActMessage)}
}

// grantPage is the page of a filed case for the school: where it is, what comes, and everything that was sent.
func (s *Server) grantPage(c *gin.Context, k workflow.Case) error {
	by := actorOf(c)
	if home := homeOf(k, by); home != c.Request.URL.Path {
		return s.see(c, home, "") // the office has a page of its own
	}
	p, err := s.grantTop(c, k, "case.title")
	if err != nil {
		return err
	}
	l, today := p.Lang, workflow.DateOf(p.Now)
	p.Title, p.Tab, p.Lead = k.App.Form.Title, k.App.DNR, grantLead(l, k)
	p.Back = &Link{Text: lang.T(l, "menu.applications"), Href: "/applications"}
	open := workflow.Allowed(k, by, p.Now)
	v := grantView{Page: p, Next: nextStep(l, k, open, today), Parts: payParts(l, k, today), Facts: append(caseFacts(l, k), s.approvalFacts(c, l, k)...)}
	if k.App.IsFiled() {
		v.Steps = caseSteps(l, k, today)
	}
	if i := slices.IndexFunc(firstThings, func(a workflow.Action) bool { return slices.Contains(open, a) }); i >= 0 {
		v.First = &Button{Text: lang.T(l, "grant.first."+string(firstThings[i])), Href: grantHref(k, firstThings[i])}
	}
	if waitsFor(k, by, nobodyIdle) {
		askToAnswer(l, k, &v)
	}
	if slices.Contains(open, workflow.ActGiveStatement) && wantsReport(k, open) {
		v.Second = &Link{Text: lang.T(l, "grant.first.submit_report"), Href: grantHref(k, workflow.ActSubmitReport)}
	}
	for _, a := range happens {
		if slices.Contains(open, a) {
			v.Happens = append(v.Happens, Link{Text: lang.T(l, happensKey(k, a)), Href: grantHref(k, a)})
		}
	}
	if takesPapers(k, by, p.Now) {
		v.Happens = append(v.Happens, Link{Text: lang.T(l, "grant.papers"), Href: papersHref(k)})
	}
	if k.App.IsApplicant(by.Person) && k.App.Channel != "paper" {
		v.Happens = append(
			v.Happens,
			Link{Text: lang.T(l, "writers.title"), Href: pathOf("applications", k.App.ID) + "/writers"},
			Link{Text: lang.T(l, "copy.title"), Href: pathOf("applications", k.App.ID) + "/copy"},
		)
	}
	jobs, err := s.store.OpenJobs(c.Request.Context(), k.App.ID)
	if err != nil {
		return err
	}
	v.Coming = coming(l, k, jobs, p.Now)
	if v.Changes, err = s.changeFacts(c, l, k, by, today); err != nil {
		return err
	}
	grantDecision(l, &v, k)
	for _, a := range k.App.Attachments {
		v.Files = append(
			v.Files,
			Link{Text: lang.T(l, "attachment."+a.Kind) + ": " + a.Name, Href: fmt.Sprintf("/applications/%d/attachments/%d", k.App.ID, a.ID)},
		)
	}
	for _, f := range slices.Backward(k.App.Filed) {
		v.Files = append(v.Files, Link{Text: lang.T(l, "grant.filed", lang.Args{"N": f.N}), Href: fmt.Sprintf("/cases/%d/versions/%d", k.App.ID, f.N)})
	}
	all, err := s.grantLog(c, l, k)
	if err != nil {
		return err
	}
	v.showLog(all, c.Query("show"))
	return s.page(c, http.StatusOK, "grant/case", v)
}

// happensKey names what may come up: a trip that was cancelled is not cancelled again, but told more about.
func happensKey(k workflow.Case, a workflow.Action) string {
	if a == workflow.ActReportCancellation && k.App.Cancelled != nil {
		return "grant.happens.more_cancellation"
	}
	return "grant.happens." + string(a)
}

// showLog puts the chosen part of the log on the page, and the choices with something in them.
func (v *grantView) showLog(all []logEntry, show string) {
	lists := []string{"all", logLetters, logMails, logMine}
	if !slices.Contains(lists, show) {
		show = "all"
	}
	log, counts := shownLog(all, show)
	v.Log = log
	for _, name := range lists {
		if counts[name] > 0 {
			v.Views = append(
				v.Views,
				View{Text: lang.T(v.Lang, "grant.show."+name), Href: v.Path + "?show=" + name, Count: counts[name], Current: name == show},
			)
		}
	}
}

// grantLead is the answer in one sentence.
func grantLead(l lang.Lang, k workflow.Case) string {
	switch d := k.App.Decision; {
	case d == nil:
		return lang.T(l, "grant.lead.asked", lang.Args{"Sum": lang.Money(l, k.App.LastRequested())})
	case k.App.Settlement != nil:
		return lang.T(l, "grant.lead.settled", lang.Args{"Sum": lang.Money(l, k.App.Settlement.Entitlement), "Granted": lang.Money(l, d.Granted)})
	case d.Favourable() && k.App.State == workflow.Lapsed:
		return lang.T(l, "grant.lead.lapsed", lang.Args{"Sum": lang.Money(l, d.Granted)})
	case d.Favourable() && k.App.Cancelled != nil:
		return lang.T(l, "grant.lead.cancelled", lang.Args{"Sum": lang.Money(l, d.Granted)})
	case d.Favourable():
		return lang.T(l, "grant.lead.granted", lang.Args{"Sum": lang.Money(l, d.Granted)})
	default:
		return lang.T(l, "grant.lead."+d.Outcome)
	}
}

// grantDecision fills in what was decided, what is paid, and what follows.
func grantDecision(l lang.Lang, v *grantView, k workflow.Case) {
	a := k.App
	if a.Report != nil {
		v.Report = &Link{Text: lang.T(l, "grant.report.read"), Href: fmt.Sprintf("/reports/%d", a.ID)}
	}
	if settles(k) {
		v.Settlement = &Link{Text: lang.T(l, "grant.settlement.read"), Href: fmt.Sprintf("/applications/%d/settlement", a.ID)}
	}
	d := a.Decision
	if d == nil {
		return
	}
	v.Letter = &Link{Text: lang.T(l, "grant.letter.read"), Href: fmt.Sprintf("/applications/%d/decision", a.ID)}
	v.Decision = []Fact{
		{Term: lang.T(l, "field.outcome"), Value: lang.T(l, "outcome.applicant."+d.Outcome)},
		{Term: lang.T(l, "fact.decider"), Value: lang.T(l, "body."+d.Body), Note: lang.Date(l, d.DecidedAt)},
	}
	if !d.LastAppealDay.IsZero() {
		v.Decision = append(v.Decision, Fact{Term: lang.T(l, "case.appeal_day"), Value: lang.Day(l, d.LastAppealDay.String())})
	}
	if !d.Favourable() {
		return
	}
	v.Conditions, v.Into = conditionList(l, d), paidInto(l, a.Form.Applicant.Payment, workflow.Channel(k))
	for _, p := range v.Parts {
		v.Money = append(v.Money, Fact{Term: p.Title, Note: p.When, Value: p.Sum})
	}
	v.Money = append(v.Money, Fact{Term: lang.T(l, "sum.granted"), Value: lang.Money(l, d.Granted), Strong: true, Total: true})
}
