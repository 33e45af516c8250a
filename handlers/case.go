package handlers

import (
	"fmt"
	"net/http"

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

// caseView is the page of a filed case for the office; the school's is grantView.
type caseView struct {
	Page
	Protected *Note // somebody in it has protected identity
	Steps     []PathStep
	caseNow
	Facts    []Fact
	Limits   []Fact
	Decider  string
	Findings []FindingView
	Similar  []Fact
	Money    Table
	Texts    []Answer
	Reviews  []Table
	Comments []Quote
	caseRuling
	Payments Table
	Settle   []Fact
	Changes  []Fact
	Asked    *askedView
	paperLinks
	History []HistoryItem
	Coming  []HistoryItem
	Mails   string
}

func (s *Server) showCase(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	return s.drawCase(c, k)
}

// drawCase renders a filed case: what it waits for, what was decided, what it is about, its papers and its history.
func (s *Server) drawCase(c *gin.Context, k workflow.Case) error {
	p, err := s.newPage(c, "case.title")
	if err != nil {
		return err
	}
	l, by, today := p.Lang, actorOf(c), workflow.DateOf(p.Now)
	p.Title, p.Tab, p.Over = k.App.Form.Title, k.App.DNR, k.App.DNR
	p.Back = &Link{Text: lang.T(l, "menu.cases"), Href: "/cases"} // where the reader's own filter still is
	p.Tags = []Tag{StateTag(l, k.App.State, false)}
	for _, flag := range workflow.Flags(k) {
		p.Tags = append(p.Tags, caseFlag(l, k, flag))
	}
	called := func(email string) string { return s.calledBy(c, email) }
	v := caseView{
		Page:       p,
		Steps:      caseSteps(l, k, today),
		Facts:      append(caseFacts(l, k), s.approvalFacts(c, l, k)...),
		Limits:     limitSums(l, k, today),
		Decider:    lang.T(l, "body."+k.DecisionBody()),
		Findings:   s.findingViews(c, l, k, today),
		Money:      moneyTable(l, k),
		Texts:      formAnswers(l, k.App.Form, ""),
		Reviews:    reviewTables(l, k, by, called),
		Comments:   commentsByCriterion(l, reviewComments(k, by, called)),
		caseRuling: rulingOf(l, k),
		Payments:   paymentTable(l, k, today),
		Settle:     settlementSums(l, k),
		Asked:      askedOf(l, k, today),
		Mails:      fmt.Sprintf("/cases/%d/mails", k.App.ID),
	}
	if why := sentUp(l, k); why != "" {
		v.Decider += ". " + why
	}
	if v.Protected, err = s.protectedNote(c, l, k); err != nil {
		return err
	}
	if v.Similar, err = s.similarFacts(c, l, k); err != nil {
		return err
	}
	if v.Changes, err = s.changeFacts(c, l, k, by, today); err != nil {
		return err
	}
	if v.paperLinks, err = s.paperLinks(c, l, k); err != nil {
		return err
	}
	events, err := s.store.Events(c.Request.Context(), by, k.App.ID)
	if err != nil {
		return err
	}
	if v.caseNow, err = s.nowOf(c, l, k, events, p.Now); err != nil {
		return err
	}
	v.History = s.caseHistory(c, l, k, events)
	if v.Coming, err = s.comingOf(c, l, k, p.Now); err != nil {
		return err
	}
	return s.page(c, http.StatusOK, "case/case", v)
}

// paperLinks are the papers of a case: documents made in it, files sent in, and the application as it was each time.
type paperLinks struct {
	Documents []Link
	Files     []Link
	Versions  []Link
}

func (s *Server) paperLinks(c *gin.Context, l lang.Lang, k workflow.Case) (x paperLinks, err error) {
	by := actorOf(c)
	if x.Documents, err = s.keptLinks(c, l, k); err != nil {
		return x, err
	}
	for _, d := range workflow.VisibleDocuments(k, by) {
		x.Documents = append(x.Documents, Link{Text: documentTitle(l, k, d), Href: fmt.Sprintf("/applications/%d/documents/%d", k.App.ID, d.ID)})
	}
	x.Files = caseFiles(l, k)
	for _, f := range k.App.Filed {
		x.Versions = append(x.Versions, Link{Text: lang.T(l, "case.version", lang.Args{"N": f.N}), Href: fmt.Sprintf("/cases/%d/versions/%d", k.App.ID, f.N)})
	}
	if k.Round.Rules.BlindReview && (by.Is(workflow.Officer) || by.Is(workflow.Head)) {
		x.Versions = append(x.Versions, Link{Text: lang.T(l, "blind.title"), Href: fmt.Sprintf("/cases/%d/blind", k.App.ID)})
	}
	return x, nil
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
