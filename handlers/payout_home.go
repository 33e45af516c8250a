package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

// payoutsPage is finance's page: what to do today, what is on its way, what failed and
// what is left, and below that everything that money waits for.
type payoutsPage struct {
	Page
	Form     *Form
	Glance   []Glance
	Todos    []Todo
	Payable  Table
	Accounts Table
	Away     Table
	Failed   Table
	Doors    []Task // to the pages beside this one
	Pot      *Plot
	Pots     []Pot
	Claims   Table
	Late     int   // claims of which something should have come
	Made     Table // the files of the claims
	Waiting  Table
	Done     Table
	More     *Link // to all that are done
	Can      bool
	None     Empty
}

// Glance is one answer of several that stand beside each other: a word, a number and
// where more is said.
type Glance struct {
	Term, Value, Note string
	Href              string
	Kind              string // late or soon: what must be seen first
}

// doneShown is how many ended batches are listed before somebody asks for all.
const doneShown = 10

func (s *Server) showPayouts(c *gin.Context) error {
	return s.drawPayouts(c, http.StatusOK, newForm(c))
}

func (s *Server) drawPayouts(c *gin.Context, status int, f *Form) error {
	p, err := s.newPage(c, "menu.payouts")
	if err != nil {
		return err
	}
	l, by := p.Lang, actorOf(c)
	p.Errors = f.Errors
	page := payoutsPage{Page: p, Form: f, Can: sql.FinanceOnly(by) == nil, None: Empty{Title: lang.T(l, "payouts.none"), Text: lang.T(l, "payouts.none.text")}}
	if !f.Has("pay_date") {
		f.Set("pay_date", workflow.DateOf(p.Now))
	}
	var away money.SEK
	var state financeState
	for _, fill := range []func() error{
		func() (err error) { state, err = s.financeState(c, by); return err },
		func() error { page.payableTable(l, state.payable); return nil },
		func() error { return s.caseTables(c, &page, by) },
		func() (err error) { page.Todos, err = s.todosOf(c, l, by, state); return err },
		func() error { page.verifyTodo(l); page.lateTodo(l); return nil },
		func() (err error) { away, err = s.batchTables(c, &page, by, state.open); return err },
		func() error { page.Failed = failedTable(l, state.failed); return nil },
		func() (err error) { page.Doors, err = s.payoutDoors(c, l); return err },
		func() error { return s.potPlots(c, &page, by) },
	} {
		if err := fill(); err != nil {
			return err
		}
	}
	page.glance(l, away)
	return s.page(c, status, "payout/list", page)
}

// glance sums up the page in four answers.
func (page *payoutsPage) glance(l lang.Lang, away money.SEK) {
	todo := Glance{Term: lang.T(l, "payouts.today"), Href: "#today"}
	n := 0 // what waits, and not the lines that say it
	for _, x := range page.Todos {
		n += x.Count
	}
	todo.Value, todo.Note = lang.Number(l, int64(n)), lang.T(l, "payouts.today.note", lang.Args{"Count": n})
	if n == 0 {
		todo.Href, todo.Note = "", lang.T(l, "payouts.today.none")
	}
	failed := Glance{Term: lang.T(l, "payouts.failed"), Value: lang.Number(l, int64(len(page.Failed.Rows))), Note: lang.T(l, "payouts.failed.none")}
	if n := len(page.Failed.Rows); n > 0 {
		failed.Kind, failed.Href, failed.Note = "late", "#failed", lang.T(l, "payouts.failed.note", lang.Args{"Count": n})
	}
	left := Glance{Term: lang.T(l, "payouts.left"), Value: lang.Money(l, 0), Href: "#pots"}
	var sum int64
	for _, p := range page.Pots {
		for _, part := range p.Parts {
			if part.Kind == "left" {
				sum += part.Amount
			}
		}
	}
	left.Value, left.Note = lang.Money(l, sum), lang.T(l, "payouts.left.note", lang.Args{"Count": len(page.Pots)})
	onway := Glance{Term: lang.T(l, "payouts.away"), Value: lang.Ore(l, away), Note: lang.T(l, "payouts.away.note", lang.Args{"Count": len(page.Away.Rows)})}
	if len(page.Away.Rows) > 0 {
		onway.Href = "#away"
	}
	page.Glance = []Glance{todo, onway, failed, left}
}

// payableTable is what can be paid now, each with a box to tick.
func (page *payoutsPage) payableTable(l lang.Lang, payable []workflow.Case) {
	today := workflow.DateOf(page.Page.Now)
	page.Payable = Table{
		Caption:     lang.T(l, "payouts.payable"),
		HideCaption: true,
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "queue.case")},
			{Text: lang.T(l, "field.amount"), Sum: true},
			{Text: lang.T(l, "payouts.channel")},
			{Text: lang.T(l, "payouts.take")},
		},
	}
	for _, k := range payable {
		var sum int64
		channel := ""
		for _, x := range k.PayableNow(today) {
			sum, channel = sum+x.Sum(), x.Channel
		}
		take := Cell{Text: "–"}
		if page.Can {
			take = Cell{
				Input: &Field{
					Form:  page.Form,
					Name:  fmt.Sprintf("app.%d", k.App.ID),
					Kind:  "check",
					Label: lang.T(l, "payouts.take_case", lang.Args{"Title": k.App.Form.Title}),
				},
			}
		}
		page.Payable.Rows = append(page.Payable.Rows, Row{
			Cells: []Cell{
				{Links: []Link{{Text: k.App.Form.Title, Href: fmt.Sprintf("/cases/%d", k.App.ID)}}, Note: k.App.DNR + " " + applicantName(k)},
				{Text: lang.Money(l, sum)},
				{Text: lang.T(l, "method."+channel)},
				take,
			},
		})
	}
}

// caseTables are what waits with the cases: planned payments and why they wait, accounts
// to verify, money that is to come back.
func (s *Server) caseTables(c *gin.Context, page *payoutsPage, by workflow.Actor) (err error) {
	l, claims := page.Lang, []workflow.Case{}
	page.Waiting = Table{
		Caption:     lang.T(l, "payouts.waiting"),
		HideCaption: true,
		Stack:       true,
		Head:        []Column{{Text: lang.T(l, "queue.case")}, {Text: lang.T(l, "field.amount"), Sum: true}, {Text: lang.T(l, "case.unmet")}},
	}
	page.Accounts = Table{
		Caption:     lang.T(l, "payouts.accounts"),
		HideCaption: true,
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "queue.case")},
			{Text: lang.T(l, "payouts.account")},
			{Text: lang.T(l, "payouts.checked")},
			{Text: lang.T(l, "queue.next")},
		},
	}
	page.Claims = Table{
		Caption:     lang.T(l, "payouts.claims"),
		HideCaption: true,
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "queue.case")},
			{Text: lang.T(l, "claim.amount"), Sum: true},
			{Text: lang.T(l, "sum.repaid"), Sum: true},
			{Text: lang.T(l, "claim.files")},
			{Text: lang.T(l, "queue.next")},
		},
	}
	for k, err := range s.store.AllCases(c.Request.Context(), by, sql.CaseFilter{Money: true}) {
		if err != nil {
			return err
		}
		page.caseRows(l, k, by)
		if k.App.Claimed() && k.App.Recovery.Open() {
			claims = append(claims, k)
		}
	}
	page.Made, err = s.claimFileTable(c, l, claims)
	return err
}

func (page *payoutsPage) caseRows(l lang.Lang, k workflow.Case, by workflow.Actor) {
	today, open := workflow.DateOf(page.Page.Now), workflow.Allowed(k, by, page.Page.Now)
	name := Cell{Links: []Link{{Text: k.App.Form.Title, Href: fmt.Sprintf("/cases/%d", k.App.ID)}}, Note: k.App.DNR + " " + applicantName(k)}
	do := func(a workflow.Action) Link {
		return Link{Text: lang.T(l, "action."+string(a)), Hidden: k.App.Form.Title, Href: fmt.Sprintf("/do/%d/%s", k.App.ID, a)}
	}
	for _, x := range k.App.Payments {
		var why []string
		for _, u := range workflow.UnmetFor(k, x, today) {
			why = append(why, SayUnmet(l, u))
		}
		if x.Status == workflow.PayPlanned && len(why) > 0 {
			page.Waiting.Rows = append(page.Waiting.Rows, Row{Cells: []Cell{name, {Text: lang.Money(l, x.Sum())}, {Text: strings.Join(why, " ")}}})
		}
	}
	if slices.ContainsFunc(k.App.Payments, workflow.Payment.Live) && !k.App.Account.Verified() {
		next := Cell{Text: "–"}
		if slices.Contains(open, workflow.ActVerifyAccount) {
			next = Cell{Links: []Link{do(workflow.ActVerifyAccount)}}
		}
		page.Accounts.Rows = append(page.Accounts.Rows, Row{
			Cells: []Cell{
				name,
				{Text: accountWords(l, k.App.Form.Applicant.Payment)},
				{Text: lang.T(l, "payouts.of_two", lang.Args{"N": len(k.App.Account.Verifications)})},
				next,
			},
		})
	}
	if r := k.App.Recovery; r.Open() || k.App.Overpaid(0) != nil {
		next := Cell{Text: "–"}
		if slices.Contains(open, workflow.ActRecordRepayment) {
			next = Cell{Links: []Link{do(workflow.ActRecordRepayment), do(workflow.ActWriteOff)}}
		}
		if r.Open() {
			state := claimState(l, k, today)
			sum, step := Cell{Text: lang.Money(l, r.Proposed), Note: lang.T(l, "claim.proposed")}, state
			if k.App.Claimed() {
				sum, step = Cell{Text: lang.Money(l, r.Amount), Note: state.Note}, next
				step.Note = state.Text
				if r.Owed(today.AddDays(-1)) > 0 {
					page.Late++
				}
			}
			page.Claims.Rows = append(page.Claims.Rows, Row{Cells: []Cell{name, sum, {Text: lang.Money(l, r.Repaid())}, claimFiles(l, k), step}})
		}
		page.Claims.Rows = append(page.Claims.Rows, overpaidRows(l, k, name, next)...)
	}
}

// verifyTodo adds the accounts that this person may verify.
func (page *payoutsPage) verifyTodo(l lang.Lang) {
	n := 0
	for _, r := range page.Accounts.Rows {
		if len(r.Cells[3].Links) > 0 {
			n++
		}
	}
	if n > 0 {
		page.Todos = append([]Todo{{Count: n, Text: lang.T(l, "payouts.accounts"), Href: "#accounts", When: lang.T(l, "tasks.now")}}, page.Todos...)
	}
}

// lateTodo adds the claims that somebody has to remind of or give up.
func (page *payoutsPage) lateTodo(l lang.Lang) {
	if page.Late > 0 && page.Can {
		page.Todos = append(page.Todos, Todo{Count: page.Late, Text: lang.T(l, "payouts.claims.late"), Href: "#claims", When: lang.T(l, "tasks.now"), Urgency: "soon"})
	}
}

// batchTables are the batches that are under way and those that have ended; the sum is
// what was handed over and has no answer yet.
func (s *Server) batchTables(c *gin.Context, page *payoutsPage, by workflow.Actor, open []sql.BatchSum) (away money.SEK, err error) {
	l, ctx := page.Lang, c.Request.Context()
	head := func(caption string, last string) Table {
		return Table{
			Caption:     lang.T(l, caption),
			HideCaption: true,
			Stack:       true,
			Head: []Column{
				{Text: lang.T(l, "payouts.batch")},
				{Text: lang.T(l, "field.pay_date")},
				{Text: lang.T(l, "payouts.lines"), Sum: true},
				{Text: lang.T(l, "field.amount"), Sum: true},
				{Text: lang.T(l, "queue.state")},
				{Text: lang.T(l, last)},
			},
		}
	}
	row := func(b sql.BatchSum, last Cell) Row {
		return Row{
			Cells: []Cell{
				{Links: []Link{{Text: b.MessageID, Href: fmt.Sprintf("/payouts/%d", b.ID)}}},
				{Text: lang.Day(l, b.PayDate.String())},
				{Text: lang.Number(l, b.Payments)},
				{Text: lang.Ore(l, b.Sum)},
				{Text: lang.T(l, "batch_state."+string(b.State))},
				last,
			},
		}
	}
	limit := doneShown
	if c.Query("all") != "" {
		limit = 1000
	}
	done, err := s.store.BatchSums(ctx, by, false, limit+1)
	if err != nil {
		return 0, err
	}
	emails := []string{}
	for _, b := range slices.Concat(open, done) {
		emails = append(emails, b.Composer)
	}
	name, err := s.store.Names(ctx, emails...)
	if err != nil {
		return 0, err
	}
	page.Away, page.Done = head("payouts.away", "queue.next"), head("payouts.done", "payouts.composer")
	for _, b := range open {
		page.Away.Rows = append(page.Away.Rows, row(b, Cell{Text: lang.T(l, "payouts.next."+string(b.State))}))
		if away, err = money.Sum(away, b.AwaySum); err != nil {
			return 0, err
		}
	}
	if len(done) > limit {
		done, page.More = done[:limit], &Link{Text: lang.T(l, "payouts.all"), Href: "/payouts?all=1#done"}
	}
	for _, b := range done {
		page.Done.Rows = append(page.Done.Rows, row(b, Cell{Text: name(b.Composer)}))
	}
	return away, nil
}

// openShown is how many batches that have no end yet are listed.
const openShown = 1000
