package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// officeReaders may open the office's queue and case pages.
var officeReaders = []workflow.Role{
	workflow.Officer,
	workflow.Head,
	workflow.Secretary,
	workflow.Registrar,
	workflow.Auditor,
	workflow.Finance1,
	workflow.Finance2,
	workflow.Reviewer,
}

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
		{
			method: http.MethodGet,
			path:   "/cases/:id/blind/:aid",
			do:     s.showBlindFile,
			roles:  []workflow.Role{workflow.Officer, workflow.Head, workflow.Reviewer},
		},
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
	Protected *Note // somebody in it has protected identity
	Steps     []PathStep
	Next      *Note
	Actions   []Link
	First     *Button
	Facts     []Fact
	Limits    []Fact
	Decider   string
	Findings  []FindingView
	Similar   []Fact
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
	Barred    *Note // why an unassigned case can't become this officer's
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
		p.Tags = append(p.Tags, caseFlag(l, k, flag))
	}
	p.Back = &Link{Text: lang.T(l, "menu.cases"), Href: "/cases"} // where the reader's own filter still is
	if applicant {
		p.Back = &Link{Text: lang.T(l, "menu.applications"), Href: "/applications"}
	}
	v := caseView{
		Page:     p,
		Steps:    caseSteps(l, k, today),
		Facts:    caseFacts(l, k),
		Limits:   limitSums(l, k, today),
		Money:    moneyTable(l, k),
		Payments: paymentTable(l, k, today),
		Settle:   settlementSums(l, k),
		Mails:    fmt.Sprintf("/cases/%d/mails", k.App.ID),
	}
	if !applicant {
		if v.Protected, err = s.protectedNote(c, l, k); err != nil {
			return err
		}
		v.Findings, v.Asked = s.findingViews(c, l, k, today), askedOf(l, k, today)
		v.Decider = lang.T(l, "body."+k.DecisionBody())
		if why := sentUp(l, k); why != "" {
			v.Decider += ". " + why
		}
		clock := clockCell(l, k, today)
		called := func(email string) string { return s.calledBy(c, email) }
		v.Clock, v.Officer, v.Version = &clock, officerCell(l, k, by, nil, called).Text, k.App.Version
		if k.App.OfficerID == 0 && by.Is(workflow.Officer) && slices.Contains(workflow.Allowed(k, by, p.Now), workflow.ActAssignOfficer) {
			if v.Take, v.Barred, err = s.mayTake(c, l, k, by); err != nil {
				return err
			}
		}
		v.Reviews, v.Comments = reviewTables(l, k, by, called), commentsByCriterion(l, reviewComments(k, by, called))
	}
	if v.Similar, err = s.similarFacts(c, l, k); err != nil {
		return err
	}
	v.Facts = append(v.Facts, s.approvalFacts(c, l, k)...)
	v.Texts = formAnswers(l, k.App.Form, "")
	caseActions(&v, k, by)
	v.Next = caseNext(l, k, by, p.Now, applicant)
	if !applicant {
		if late := s.lateWords(c, l, k, today); late != "" && v.Next != nil {
			v.Next.Text = late
		}
		v.Actions = append(v.Actions, reportLinks(l, k)...)
	}
	if v.Changes, err = s.changeFacts(c, l, k, by, today); err != nil {
		return err
	}
	decisionFacts(l, &v, k)
	if kept, err := s.keptLinks(c, l, k); err != nil {
		return err
	} else if !applicant {
		v.Documents = kept
	}
	for _, d := range workflow.VisibleDocuments(k, by) {
		v.Documents = append(v.Documents, Link{Text: documentTitle(l, k, d), Href: fmt.Sprintf("/applications/%d/documents/%d", k.App.ID, d.ID)})
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
			list = append(
				list,
				Link{Text: lang.T(l, "attachment."+a.Kind) + ": " + lang.T(l, "blind.file"), Href: fmt.Sprintf("/cases/%d/blind/%d", k.App.ID, a.ID)},
			)
			continue
		}
		list = append(list, Link{Text: lang.T(l, "attachment."+a.Kind) + ": " + a.Name, Href: fmt.Sprintf("/applications/%d/attachments/%d", k.App.ID, a.ID)})
	}
	return list
}

// letterOnItsWay tells of a decision whose letter goes now: it could be taken back
// for the second until the mail has left, which is nothing to offer. One whose
// mail still stands after a minute is offered again.
func letterOnItsWay(k workflow.Case, now time.Time) bool {
	return k.App.FreshDecision() && !k.App.Letter.Waits() && now.Sub(k.App.Decision.DecidedAt) < time.Minute
}

// caseActions lists what can be done now, the most waited for first.
func caseActions(v *caseView, k workflow.Case, by workflow.Actor) {
	open := workflow.Allowed(k, by, v.Now)
	first := slices.IndexFunc(waiting, func(a workflow.Action) bool {
		return slices.Contains(open, a) && asked(k, by, a, workflow.DateOf(v.Now))
	})
	for _, a := range open {
		if a == workflow.ActTakeBack && letterOnItsWay(k, v.Now) {
			continue
		}
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
}
