package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"fund/workflow"
	"fund/workflow/lang"
	"github.com/gin-gonic/gin"
)

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
	page := checkPage{
		Page:   p,
		Form:   f,
		Limits: limitSums(l, k, today),
		Post:   base + "/check",
		Ask:    slices.Contains(open, workflow.ActRequestApproval),
		Send:   slices.Contains(open, workflow.ActSubmit),
	}
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
	k, f, err := s.caseForm(c)
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
	page.Facts = []Fact{
		{Term: lang.T(l, "field.title"), Value: k.App.Form.Title},
		{Term: lang.T(l, "fact.applicant"), Value: applicantName(k)},
		{Term: lang.T(l, "fact.received"), At: k.App.ReceivedAt, Note: lang.T(l, "proof.zone")},
	}
	for _, v := range versions {
		code := workflow.ReceiptCode(k.App.ID, v.N, v.SHA256)
		page.Facts = append(page.Facts, Fact{
			Term:  lang.T(l, "case.version", lang.Args{"N": v.N}),
			Hash:  v.SHA256,
			Links: []Link{{Text: lang.T(l, "receipt.show", lang.Args{"Code": code}), Href: "/receipts/" + code}},
		})
	}
	for _, a := range k.App.Attachments {
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "attachment."+a.Kind), Value: a.Name, Hash: a.SHA256})
	}
	rules, then := k.Round.Rules, lang.T(l, "receipt.next2", lang.Args{"N": k.Round.Rules.Reviewers})
	if k.Scheme.DirectProposal { // nobody has to assess it
		then = lang.T(l, "receipt.next2.direct")
	}
	page.Steps = []Step{
		{Title: lang.T(l, "receipt.next1"), Text: lang.T(l, "receipt.next1.text", lang.Args{"Days": rules.CheckDays})},
		{Title: then, Text: lang.T(l, "receipt.next2.text")},
	}
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
