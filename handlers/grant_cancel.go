package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// cancelPage tells that a trip does not happen, and shows what the school may keep (RF-21).
type cancelPage struct {
	Page
	Form  *Form
	Post  string
	Live  string
	Cause []Option
	Rows  *Reckoning
	Tally *Tally
	Home  string
	Move  *Link
	Paper *Link
}

func (s *Server) showCancel(c *gin.Context) error {
	k, f, err := s.grantOpen(c, workflow.ActReportCancellation)
	if err != nil {
		return err
	}
	prefill(f, k, workflow.ActReportCancellation, workflow.Date{}, actorOf(c))
	return s.drawCancel(c, http.StatusOK, k, f)
}

// liveCancel counts again while somebody types; nothing is saved.
func (s *Server) liveCancel(c *gin.Context) error {
	k, f, err := s.grantOpen(c, workflow.ActReportCancellation)
	if err != nil {
		return err
	}
	return s.drawCancel(c, http.StatusOK, k, f)
}

// readCancel reads the report of a cancellation. What is empty is 0.
func readCancel(f *Form) *workflow.ReportCancellation {
	return &workflow.ReportCancellation{
		Cause:           f.Choice("cause", "own", "outside"),
		UnavoidableCost: intOf(f.Kronor("unavoidable_cost")),
		Refunds:         intOf(f.Kronor("refunds")),
		Reason:          f.Text("reason"),
	}
}

func (s *Server) drawCancel(c *gin.Context, status int, k workflow.Case, f *Form) error {
	p, err := s.grantTop(c, k, "grant.cancel.title")
	if err != nil {
		return err
	}
	l := p.Lang
	post := grantHref(k, workflow.ActReportCancellation)
	p.Lead, p.Errors = lang.T(l, "grant.cancel.lead"), f.Errors
	page := cancelPage{Page: p, Form: f, Post: post, Live: post + "/live", Cause: Options(l, "grant.cause", "outside", "own"), Home: homeOf(k, actorOf(c))}
	if mayNow(k, actorOf(c), workflow.ActRequestChange, p.Now) == nil {
		page.Move = &Link{Text: lang.T(l, "grant.cancel.move"), Href: grantHref(k, workflow.ActRequestChange) + "?type=dates"}
	}
	if takesPapers(k, actorOf(c), p.Now) {
		page.Paper = &Link{Text: lang.T(l, "grant.papers"), Href: papersHref(k)}
	}
	// The sums are those of what is typed, as if it had been sent. A scratch form
	// keeps what can't be read from becoming a fault before anything is sent.
	cmd := readCancel(ReadForm(l, f.values))
	if cmd.Cause != "" && k.App.Decision != nil {
		k.App.Cancelled = &workflow.Cancellation{Cause: cmd.Cause, UnavoidableCost: cmd.UnavoidableCost, Refunds: cmd.Refunds}
		rows := reckon(l, k)
		page.Rows = &rows
	}
	page.Tally = cancelTally(l, k)
	return s.page(c, status, "grant/cancel", page)
}

// cancelTally is the answer beside the form.
func cancelTally(l lang.Lang, k workflow.Case) *Tally {
	t := &Tally{ID: "tally", Title: lang.T(l, "grant.cancel.tally")}
	if k.App.Cancelled == nil || k.App.Decision == nil {
		t.Answer, t.Why = lang.T(l, "grant.cancel.unknown"), lang.T(l, "grant.cancel.unknown.text")
		return t
	}
	x := workflow.Cancel(k)
	s := settlementOf(k)
	t.Answer = lang.T(l, "grant.cancel.keep", lang.Args{"Sum": lang.Money(l, x.Entitlement)})
	t.Sums = []Fact{
		{Term: lang.T(l, "grant.reckon.paid"), Value: lang.Money(l, k.App.PaidNet())},
		{Term: lang.T(l, "grant.reckon.repay"), Value: lang.Money(l, s.Repay), Total: true},
	}
	if s.FinalPayment > 0 {
		t.Sums[1] = Fact{Term: lang.T(l, "grant.reckon.more"), Value: lang.Money(l, s.FinalPayment), Total: true}
	}
	t.Gap = &Gap{Strong: lang.T(l, "grant.cancel.wait"), Text: lang.T(l, "grant.cancel.wait.text")}
	return t
}

func (s *Server) postCancel(c *gin.Context) error {
	k, f, err := s.grantOpen(c, workflow.ActReportCancellation)
	if err != nil {
		return err
	}
	if f.Raw("do") == "count" {
		return s.drawCancel(c, http.StatusOK, k, f)
	}
	cmd := readCancel(f)
	if !f.OK() {
		return s.drawCancel(c, http.StatusUnprocessableEntity, k, f)
	}
	_, ok, err := s.apply(c, f, k.App.ID, cmd)
	if err != nil {
		return err
	}
	if !ok {
		return s.drawCancel(c, http.StatusUnprocessableEntity, k, f)
	}
	return s.see(c, homeOf(k, actorOf(c)), "done.report_cancellation")
}
