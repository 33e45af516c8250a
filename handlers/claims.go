package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// claimsPage is every claim, those that wait for money or those that have ended, page by page.
type claimsPage struct {
	Page
	Views  []View
	Search Field
	Ended  bool
	Clear  *Link
	Claims Table
	Made   Table // their files
	Pager  Pager
	None   Empty
}

// claimsAPage is how many cases with claims a page shows.
const claimsAPage = 10

// claimsHref is where finance finds the case's claim.
func claimsHref(a workflow.Application) string {
	if a.Recovery.Open() {
		return "/payouts#claims"
	}
	return "/payouts/claims?show=ended"
}

func (s *Server) showClaims(c *gin.Context) error {
	p, err := s.newPage(c, "payouts.claims")
	if err != nil {
		return err
	}
	l, f := p.Lang, newForm(c)
	p.Back = &Link{Text: lang.T(l, "menu.payouts"), Href: "/payouts"}
	f.Set("q", strings.TrimSpace(c.Query("q")))
	page := claimsPage{
		Page:   p,
		Ended:  c.Query("show") == "ended",
		Search: Field{Form: f, Name: "q", Kind: "text", Label: lang.T(l, "claims.q"), Type: "search"},
		None:   Empty{Title: lang.T(l, "claims.none"), Text: lang.T(l, "claims.none.text")},
	}
	for _, x := range [][2]string{{"claims.open", ""}, {"claims.ended", "ended"}} {
		page.Views = append(page.Views, View{Text: lang.T(l, x[0]), Href: claimsPath(x[1], f.Raw("q"), 0), NoCount: true, Current: page.Ended == (x[1] != "")})
	}
	show := ""
	if page.Ended {
		show = "ended"
	}
	if f.Raw("q") != "" {
		page.Clear = &Link{Text: lang.T(l, "queue.clear"), Href: claimsPath(show, "", 0)}
	}
	after, _ := strconv.ParseInt(c.Query("after"), 10, 64)
	cases, next, err := s.claims(c, f.Raw("q"), page.Ended, after)
	if err != nil {
		return err
	}
	head := []Column{
		{Text: lang.T(l, "queue.case")},
		{Text: lang.T(l, "claim.amount"), Sum: true},
		{Text: lang.T(l, "sum.repaid"), Sum: true},
		{Text: lang.T(l, "sum.written_off"), Sum: true},
		{Text: lang.T(l, "queue.state")},
		{Text: lang.T(l, "claim.files")},
	}
	page.Claims = Table{Caption: p.Title, HideCaption: true, Stack: true, Head: head}
	for _, k := range cases {
		page.Claims.Rows = append(page.Claims.Rows, claimRows(l, k, page.Ended, workflow.DateOf(p.Now))...)
	}
	page.Pager = Pager{Shown: len(cases)}
	if after > 0 {
		page.Pager.Previous = claimsPath(show, f.Raw("q"), 0)
	}
	if next > 0 {
		page.Pager.Next = claimsPath(show, f.Raw("q"), next)
	}
	if page.Made, err = s.claimFileTable(c, l, cases); err != nil {
		return err
	}
	return s.page(c, http.StatusOK, "payout/claims", page)
}

// claimsPath is the address of a page of claims.
func claimsPath(show, q string, after int64) string {
	v := url.Values{}
	for name, x := range map[string]string{"show": show, "q": q} {
		if x != "" {
			v.Set(name, x)
		}
	}
	if after > 0 {
		v.Set("after", fmt.Sprint(after))
	}
	if len(v) == 0 {
		return "/payouts/claims"
	}
	return "/payouts/claims?" + v.Encode()
}

// claims are a page of the cases that have such a claim, in order of id, and the id to go
// on after. Who has the claim's number or OCR in hand finds it by that.
func (s *Server) claims(c *gin.Context, q string, ended bool, after int64) (cases []workflow.Case, next int64, err error) {
	filter := sql.CaseFilter{Claims: true, Q: q, After: after}
	numbered := isClaimNumber(q)
	if numbered {
		filter.Q = ""
	}
	for k, err := range s.store.AllCases(c.Request.Context(), actorOf(c), filter) {
		if err != nil {
			return nil, 0, err
		}
		if numbered && !(k.App.Claimed() && (strings.EqualFold(k.App.ClaimNumber(), q) || k.App.ClaimOCR() == q)) || !hasClaim(k.App, ended) {
			continue
		}
		if len(cases) == claimsAPage {
			return cases, cases[claimsAPage-1].App.ID, nil
		}
		cases = append(cases, k)
	}
	return cases, 0, nil
}

// isClaimNumber tells whether somebody looks for a claim by what its invoice carries.
func isClaimNumber(q string) bool {
	_, err := strconv.ParseUint(q, 10, 64)
	return err == nil && len(q) > 7 || strings.HasPrefix(strings.ToUpper(q), "IF") && strings.Contains(strings.ToUpper(q), "-K")
}

// hasClaim tells whether money is to come back (proposed, claimed, paid twice), or of the
// ended whether it once was.
func hasClaim(a workflow.Application, ended bool) bool {
	if r := a.Recovery; r != nil && (r.Open() && !ended || !r.Open() && ended && a.Claimed()) {
		return true
	}
	for _, o := range a.Overpayments {
		if o.Open() != ended {
			return true
		}
	}
	return false
}

// claimRows are a case's claims that are open, or those that have ended.
func claimRows(l lang.Lang, k workflow.Case, ended bool, today workflow.Date) (rows []Row) {
	name := Cell{Links: []Link{{Text: k.App.Form.Title, Href: fmt.Sprintf("/cases/%d", k.App.ID)}}, Note: k.App.DNR + " " + applicantName(k)}
	if r := k.App.Recovery; r != nil && r.Open() != ended && (k.App.Claimed() || !ended) {
		sum := Cell{Text: lang.Money(l, r.Amount)}
		if k.App.Claimed() {
			sum.Note = k.App.ClaimNumber()
		} else {
			sum = Cell{Text: lang.Money(l, r.Proposed), Note: lang.T(l, "claim.proposed")}
		}
		gone := Cell{Text: lang.Money(l, r.WrittenOff())}
		for _, w := range r.WriteOffs {
			gone.Note = strings.TrimSpace(gone.Note + " " + w.Reason)
		}
		rows = append(rows, Row{Cells: []Cell{name, sum, {Text: lang.Money(l, r.Repaid())}, gone, claimState(l, k, today), claimFiles(l, k)}})
	}
	for _, o := range k.App.Overpayments {
		if o.Open() == ended {
			continue
		}
		back, gone, state := int64(0), Cell{Text: lang.Money(l, 0)}, Cell{Text: lang.T(l, "claims.waits")}
		switch o.End {
		case workflow.OverpaidRepaid, workflow.OverpaidReturned:
			back = o.Amount
		case workflow.OverpaidWrittenOff:
			gone = Cell{Text: lang.Money(l, o.Amount), Note: o.EndReason}
		}
		if !o.Open() {
			state = Cell{Text: lang.T(l, "overpaid.end."+o.End), Note: lang.Day(l, o.EndOn.String())}
		}
		rows = append(rows, Row{
			Cells: []Cell{
				name,
				{Text: lang.Money(l, o.Amount), Note: lang.T(l, "overpaid.sum") + " " + lang.Day(l, o.On.String())},
				{Text: lang.Money(l, back)},
				gone,
				state,
				{Text: "–"},
			},
		})
	}
	return rows
}

// claimState says until when a claim waits, what of it is late, or when it ended.
func claimState(l lang.Lang, k workflow.Case, today workflow.Date) Cell {
	r := k.App.Recovery
	switch {
	case !k.App.Claimed():
		return Cell{Text: lang.T(l, "claims.undecided")}
	case r.Open():
		if owed := r.Owed(today.AddDays(-1)); owed > 0 {
			args := lang.Args{"Owed": lang.Money(l, owed), "Sum": lang.Money(l, r.Left()), "Day": lang.Day(l, r.DueOn.String())}
			return Cell{Text: lang.T(l, "claims.late", args), Note: lang.T(l, "claims.due", args)}
		}
		return Cell{
			Text: lang.T(l, "claims.waits"),
			Note: lang.T(l, "claims.due", lang.Args{"Sum": lang.Money(l, r.Left()), "Day": lang.Day(l, r.DueOn.String())}),
		}
	}
	var last time.Time
	for _, x := range r.Repayments {
		last = later(last, x.At)
	}
	for _, x := range r.WriteOffs {
		last = later(last, x.At)
	}
	state := Cell{Text: lang.T(l, "claims.ended_one")}
	if r.Returned > 0 {
		state.Note = lang.T(l, "claims.returned", lang.Args{"Sum": lang.Money(l, r.Returned)})
	}
	if !last.IsZero() {
		state.Note = strings.TrimSpace(lang.Day(l, workflow.DateOf(last).String()) + " " + state.Note)
	}
	return state
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
