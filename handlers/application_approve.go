package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"fund/workflow"
	"fund/workflow/lang"
	"github.com/gin-gonic/gin"
)

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
	Wrong   *Link // where to say that a report's money is not right: only the office sends it back
	Post    string
	Done    *Note
}

func (s *Server) showApprove(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	if workflow.MoneyOnly(k, actorOf(c)) && k.App.State != workflow.ReportSubmitted { // of the application they read nothing
		return s.see(c, pathOf("reports", k.App.ID), "")
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
	page := approvePage{
		Page:    p,
		Form:    f,
		Report:  k.App.State == workflow.ReportSubmitted,
		Answers: formAnswers(l, k.App.Form, ""),
		Money:   moneyTable(l, k),
		Limits:  limitSums(l, k, today),
		Post:    fmt.Sprintf("/approve/%d", k.App.ID),
		CanBack: slices.Contains(open, workflow.ActReturn),
	}
	if page.Report {
		page.Settle = settlementSums(l, k)
		page.Actual = actualFacts(l, k)
		page.Wrong = &Link{Text: p.Contact, Href: "mailto:" + p.Contact}
		if slices.Contains(open, workflow.ActMessage) {
			page.Wrong = &Link{Text: lang.T(l, "grant.happens.message"), Href: grantHref(k, workflow.ActMessage)}
		}
	}
	if files, ok := stepOf("files"); ok && len(k.App.Attachments) > 0 {
		page.Answers = append(page.Answers, files.answers(l, k, "")...)
	}
	s.sayLent(c, &page, k, by)
	if !slices.Contains(open, workflow.ActApprove) {
		page.Done = &Note{Strong: lang.T(l, "approve.nothing")}
	} else if !page.Report {
		page.Lead, page.Deadline = lang.T(l, "approve.lead", lang.Args{"Sum": lang.Money(l, intOf(k.App.Form.Requested))}), p.deadlineOf(k)
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
	list = append(
		list,
		Fact{
			Term:  lang.T(l, "fact.participants"),
			Value: lang.T(l, "fact.people", lang.Args{"Pupils": lang.Number(l, r.Pupils), "Staff": lang.Number(l, r.Staff)}),
		},
		Fact{Term: lang.T(l, "fact.trip"), Value: lang.Days(l, r.Start.String(), r.End.String())},
	)
	for _, b := range k.App.Form.Lines() {
		for _, a := range r.Actual {
			if a.Line == b.Line {
				words := "report.planned"
				if a.Voucher == "" {
					words = "report.planned.no_voucher"
				}
				note := lang.T(l, words, lang.Args{"Sum": lang.Money(l, b.Sum()), "Voucher": a.Voucher})
				list = append(list, Fact{Term: lineText(l, b), Value: lang.Money(l, a.Amount), Note: note})
			}
		}
	}
	if r.ActualEligibleCost != nil {
		list = append(list, Fact{Term: lang.T(l, "report.actual"), Value: lang.Money(l, *r.ActualEligibleCost)})
	}
	return append(list, Fact{Term: lang.T(l, "field.external_grants_received"), Value: lang.Money(l, r.ExternalReceived)})
}

func (s *Server) postApprove(c *gin.Context) error {
	k, f, err := s.caseForm(c)
	if err != nil {
		return err
	}
	var cmd workflow.Command = &workflow.Approve{Statement: f.Text("statement")}
	flash := "done.approve"
	if f.Raw("do") == "return_to_applicant" {
		cmd, flash = &workflow.ReturnToApplicant{
			Reason: f.Text("reason"),
			Fields: slices.DeleteFunc(slices.Clone(f.All("fields")), func(x string) bool { return !slices.Contains(askable, x) }),
		}, "done.return_to_applicant"
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
