package handlers

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/lang"
)

// settlementPage tells step by step what a school may keep, and what follows.
type settlementPage struct {
	Page
	Note    *Note
	How     string
	Rows    Reckoning
	Minimum string
	Claim   []Fact
	Repaid  Table
	Settle  *Button
	Links   []Link
}

// settles tells whether there is anything to reckon yet.
func settles(k workflow.Case) bool {
	a := k.App
	return a.Decision.Favourable() && (a.Settlement != nil || a.Cancelled != nil || a.Report != nil || a.Recovery != nil)
}

func (s *Server) showSettlement(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	if !settles(k) {
		return workflow.ErrNotFound
	}
	p, err := s.grantTop(c, k, "case.settlement")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	p.Title, p.Lead = settlementTitle(l, k), lang.T(l, settlementLead(k))
	page := settlementPage{
		Page:    p,
		Rows:    reckon(l, k),
		Minimum: lang.T(l, "grant.settlement.minimum", lang.Args{"Sum": lang.Money(l, k.Round.Rules.RepayMinimum)}),
	}
	if k.App.Settlement == nil && k.App.Recovery == nil {
		page.Note = &Note{Text: lang.T(l, "grant.settlement.not_yet")}
	}
	if !byReport(k) {
		page.Minimum = "" // that difference is kept after a report alone (RF-23)
	} else {
		page.How = lang.T(l, "grant.reckon.text")
	}
	page.Claim = cancelledFacts(l, k)
	page.claim(k)
	if slices.Contains(workflow.Allowed(k, by, p.Now), workflow.ActSettle) {
		page.Settle = &Button{Text: lang.T(l, "action.settle"), Href: fmt.Sprintf("/do/%d/%s", k.App.ID, workflow.ActSettle)}
	}
	if k.App.Report != nil {
		page.Links = append(page.Links, Link{Text: lang.T(l, "grant.report.read"), Href: fmt.Sprintf("/reports/%d", k.App.ID)})
	}
	for _, d := range k.App.Documents {
		if d.Kind == "recovery" {
			page.Links = append(
				page.Links,
				Link{Text: lang.T(l, "document.recovery") + " (PDF)", Href: fmt.Sprintf("/applications/%d/documents/%d", k.App.ID, d.ID)},
			)
		}
	}
	return s.page(c, http.StatusOK, "grant/settlement", page)
}

// claim shows what is claimed back and how far it has come.
func (page *settlementPage) claim(k workflow.Case) {
	r, l := k.App.Recovery, page.Lang
	if r == nil {
		return
	}
	add := func(term, value, note string) {
		page.Claim = append(page.Claim, Fact{Term: lang.T(l, term), Value: value, Note: note})
	}
	if r.DecidedAt.IsZero() {
		add("sum.proposed", lang.Money(l, r.Proposed), lang.T(l, "grant.claim.proposed"))
		page.Claim = append(page.Claim, statementFacts(l, k)...)
		return
	}
	add(
		"sum.claimed",
		lang.Money(l, r.Amount),
		lang.T(l, "grant.claim.decided", lang.Args{"Body": lang.T(l, "body."+r.Body), "Day": lang.Date(l, r.DecidedAt)}),
	)
	page.Claim = append(page.Claim, statementFacts(l, k)...)
	due := "grant.claim.due"
	if workflow.Channel(k) == "internal" {
		due = "grant.claim.booked" // by finance; the school has nothing to pay
	}
	for _, p := range r.Parts() {
		if !r.Open() {
			break // nobody waits for the days of what has ended
		}
		sum := ""
		if len(r.Plan) > 0 {
			sum = lang.Money(l, p.Amount)
		}
		add(due, lang.LongDay(l, p.DueOn.String()), sum)
	}
	if r.Reason != "" {
		add("field.reason", r.Reason, "")
	}
	if off := r.WrittenOff(); off > 0 {
		add("sum.written_off", lang.Money(l, off), "")
	}
	if r.Returned > 0 {
		add("sum.returned", lang.Money(l, r.Returned), "")
	}
	add("grant.claim.left", lang.Money(l, r.Left()), "")
	if len(r.Repayments) == 0 {
		return
	}
	page.Repaid = Table{
		Caption: lang.T(l, "grant.claim.repaid"),
		Head:    []Column{{Text: lang.T(l, "field.on")}, {Text: lang.T(l, "field.reference")}, {Text: lang.T(l, "field.amount"), Sum: true}},
	}
	for _, x := range r.Repayments {
		page.Repaid.Rows = append(
			page.Repaid.Rows,
			Row{Cells: []Cell{{Text: lang.Day(l, x.On.String())}, {Text: x.Reference}, {Text: lang.Money(l, x.Amount)}}},
		)
	}
}

// settlementTitle is the answer itself.
func settlementTitle(l lang.Lang, k workflow.Case) string {
	s := settlementOf(k)
	switch r := k.App.Recovery; {
	case r != nil && !r.DecidedAt.IsZero() && !r.Open() && r.WrittenOff() == 0 && workflow.Channel(k) == "internal":
		return lang.T(l, "grant.settlement.booked", lang.Args{"Sum": lang.Money(l, r.Repaid())})
	case r != nil && !r.DecidedAt.IsZero() && !r.Open() && r.WrittenOff() == 0:
		return lang.T(l, "grant.settlement.repaid", lang.Args{"Sum": lang.Money(l, r.Repaid())})
	case r != nil && !r.DecidedAt.IsZero() && !r.Open():
		return lang.T(l, "grant.settlement.ended")
	case r != nil && !r.DecidedAt.IsZero():
		return lang.T(l, "grant.settlement.claimed", lang.Args{"Sum": lang.Money(l, r.Amount)})
	case r != nil:
		return lang.T(l, "grant.settlement.proposed", lang.Args{"Sum": lang.Money(l, r.Proposed)})
	case s.Repay > 0:
		return lang.T(l, "grant.settlement.repay", lang.Args{"Sum": lang.Money(l, s.Repay)})
	case s.FinalPayment > 0:
		return lang.T(l, "grant.settlement.more", lang.Args{"Sum": lang.Money(l, s.FinalPayment)})
	}
	return lang.T(l, "grant.settlement.even")
}

// settlementLead names what the reckoning follows from.
func settlementLead(k workflow.Case) string {
	switch a := k.App; {
	case a.Cancelled != nil:
		return "grant.settlement.lead.cancelled"
	case a.Report == nil:
		return "grant.settlement.lead.no_report"
	case !byReport(k):
		return "grant.settlement.lead.unanswered"
	}
	return "grant.settlement.lead.report"
}

// byReport tells whether a report is what the settlement follows from: one that came, of a trip that was
// made, and that was not left unanswered when it was sent back.
func byReport(k workflow.Case) bool {
	return k.App.Report != nil && k.App.Cancelled == nil && !k.App.Recovery.ForNoReport()
}

// settlementOf is the settlement that was made, or as it would be made now.
// Without a report, or an answer to one, and without a cancellation everything comes back (RF-22).
func settlementOf(k workflow.Case) workflow.Settlement {
	switch a := k.App; {
	case a.Settlement != nil:
		return *a.Settlement
	case a.Cancelled == nil && !byReport(k):
		return workflow.Settlement{Repay: a.PaidNet()}
	}
	return workflow.SettlementNow(k)
}

// reckon is the arithmetic of RF-23, or RF-21 for a cancelled trip, a step a row.
func reckon(l lang.Lang, k workflow.Case) Reckoning {
	r := Reckoning{Caption: lang.T(l, "grant.reckon.caption")}
	s := settlementOf(k)
	switch a := k.App; {
	case a.Cancelled != nil:
		r.Rows = cancelRows(l, k)
	case byReport(k):
		r.Rows = reportRows(l, k, s.Entitlement)
	}
	paid := paidBefore(k, s)
	r.Rows = append(r.Rows, ReckonRow{Text: lang.T(l, "grant.reckon.entitlement"), Sum: lang.Money(l, s.Entitlement), Result: true},
		ReckonRow{Text: lang.T(l, "grant.reckon.paid"), Why: paidWhy(l, k), Sum: lang.Money(l, paid)})
	foot := ReckonRow{Text: lang.T(l, "grant.reckon.even"), Sum: lang.Money(l, 0), Result: true}
	switch {
	case s.FinalPayment > 0:
		foot.Text, foot.Sum = lang.T(l, "grant.reckon.more"), lang.Money(l, s.FinalPayment)
		foot.Why = lang.T(l, "grant.reckon.minus", lang.Args{"A": lang.Money(l, s.Entitlement), "B": lang.Money(l, paid)})
	case s.Repay > 0:
		foot.Text, foot.Sum = lang.T(l, "grant.reckon.repay"), lang.Money(l, s.Repay)
		foot.Why = lang.T(l, "grant.reckon.minus", lang.Args{"A": lang.Money(l, paid), "B": lang.Money(l, s.Entitlement)})
	case paid > s.Entitlement:
		foot.Why = lang.T(l, "grant.reckon.kept", lang.Args{"Sum": lang.Money(l, paid-s.Entitlement)})
	}
	r.Foot = []ReckonRow{foot}
	return r
}

// paidBefore is what the school had when it was settled: later payments and
// repayments belong to what the settlement led to.
func paidBefore(k workflow.Case, s workflow.Settlement) int64 {
	switch {
	case k.App.Settlement == nil:
		return k.App.PaidNet()
	case s.FinalPayment > 0:
		return s.Entitlement - s.FinalPayment
	case s.Repay > 0:
		return s.Entitlement + s.Repay
	}
	return k.App.PaidNet()
}

func paidWhy(l lang.Lang, k workflow.Case) string {
	var days []string
	for _, p := range k.App.Payments {
		if !p.PaidOn.IsZero() && (!p.Last || k.App.Settlement == nil) {
			days = append(days, lang.Day(l, p.PaidOn.String()))
		}
	}
	return lang.List(l, days)
}

// reportRows are the four limits of RF-23; the lowest rules and is marked.
func reportRows(l lang.Lang, k workflow.Case, entitlement int64) (rows []ReckonRow) {
	marked := false
	for _, st := range workflow.SettlementSteps(k) {
		row := ReckonRow{Text: lang.T(l, "grant.reckon."+st.Code), Why: stepWhy(l, k, st), Sum: lang.Money(l, st.Amount)}
		if !marked && st.Amount <= entitlement {
			row.Low, marked = true, true
		}
		rows = append(rows, row)
	}
	return rows
}

// stepWhy is how a limit was found.
func stepWhy(l lang.Lang, k workflow.Case, st workflow.Step) string {
	r, rep := k.Round.Rules, k.App.Report
	actual := workflow.ActualEligible(k)
	switch st.Code {
	case "granted":
		return lang.T(l, "grant.why.granted", lang.Args{"Day": lang.Date(l, k.App.Decision.DecidedAt)})
	case "share_cap":
		return lang.T(l, "grant.why.share", lang.Args{"Share": lang.PercentWords(l, r.ShareCap), "Sum": lang.Money(l, actual)})
	case "gap":
		return lang.T(l, "grant.reckon.minus", lang.Args{"A": lang.Money(l, actual), "B": lang.Money(l, rep.ExternalReceived)})
	}
	switch k.App.Form.Activity.Type {
	case "hosting", "preparatory_visit":
		return lang.T(l, "grant.why.people", lang.Args{"Pupils": lang.Number(l, rep.Pupils), "Staff": lang.Number(l, rep.Staff)})
	}
	k.App.Form.Participants.Pupils = &rep.Pupils // a copy: the adults that count follow from the pupils who travelled
	staff := min(rep.Staff, workflow.Compute(k, rep.End).AllowedStaff)
	args := lang.Args{
		"Pupils":   lang.Number(l, rep.Pupils),
		"PerPupil": lang.Money(l, r.CapPerPupil[k.Level()]),
		"Staff":    lang.Number(l, staff),
		"PerStaff": lang.Money(l, r.CapPerStaff),
	}
	if extra := st.Amount - rep.Pupils*r.CapPerPupil[k.Level()] - staff*r.CapPerStaff; extra > 0 {
		args["Extra"] = lang.Money(l, extra)
		return lang.T(l, "grant.why.per_head_extra", args)
	}
	return lang.T(l, "grant.why.per_head", args)
}

// cancelRows are the steps of RF-21.
func cancelRows(l lang.Lang, k workflow.Case) []ReckonRow {
	x, sum := k.App.Cancelled, workflow.Cancel(k)
	rows := []ReckonRow{
		{Text: lang.T(l, "grant.reckon.cost"), Sum: lang.Money(l, x.UnavoidableCost)},
		{Text: lang.T(l, "grant.reckon.refunds"), Sum: "−\u00a0" + lang.Money(l, x.Refunds)},
		{Text: lang.T(l, "grant.reckon.net"), Sum: lang.Money(l, sum.UnavoidableNet), Result: true},
	}
	if x.Cause != "outside" {
		return append(rows, ReckonRow{Text: lang.T(l, "grant.reckon.own"), Why: lang.T(l, "grant.why.own"), Sum: lang.Money(l, 0), Low: true})
	}
	share := k.Round.Rules.CancellationShare
	part := share.Of(sum.UnavoidableNet)
	return append(
		rows,
		ReckonRow{
			Text: lang.T(l, "grant.reckon.share"),
			Why:  lang.T(l, "grant.why.share_down", lang.Args{"Share": lang.PercentWords(l, share), "Sum": lang.Money(l, sum.UnavoidableNet)}),
			Sum:  lang.Money(l, part),
			Low:  part <= k.App.Decision.Granted,
		},
		ReckonRow{Text: lang.T(l, "grant.reckon.granted"), Sum: lang.Money(l, k.App.Decision.Granted), Low: part > k.App.Decision.Granted},
	)
}
