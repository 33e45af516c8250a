package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// financeReaders see payments; only finance takes steps.
var financeReaders = []workflow.Role{workflow.Finance1, workflow.Finance2, workflow.Auditor}

// payoutPages lists the pages of this room: what can be paid, and the batches.
func (s *Server) payoutPages() []pageRoute {
	return []pageRoute{
		{method: http.MethodGet, path: "/payouts", do: s.showPayouts, roles: financeReaders},
		{method: http.MethodPost, path: "/payouts", do: s.postPayouts, roles: financeReaders},
		{method: http.MethodGet, path: "/payouts/:id", do: s.showBatchPage, roles: financeReaders},
		{method: http.MethodPost, path: "/payouts/:id/:action", do: s.postBatchPage, roles: financeReaders},
		{method: http.MethodGet, path: "/payouts/:id/files/:name", do: s.sendBatchFile, roles: financeReaders},
	}
}

type payoutsPage struct {
	Page
	Form     *Form
	Payable  Table
	Waiting  Table
	Accounts Table
	Claims   Table
	Batches  Table
	Doors    []Task // to the pages beside this one
	Pots     []Pot
	Can      bool
	None     Empty
}

func (s *Server) showPayouts(c *gin.Context) error {
	return s.drawPayouts(c, http.StatusOK, newForm(c))
}

func (s *Server) drawPayouts(c *gin.Context, status int, f *Form) error {
	p, err := s.newPage(c, "menu.payouts")
	if err != nil {
		return err
	}
	l, by, ctx, today := p.Lang, actorOf(c), c.Request.Context(), workflow.DateOf(p.Now)
	p.Errors = f.Errors
	page := payoutsPage{Page: p, Form: f, Can: by.Is(workflow.Finance1) || by.Is(workflow.Finance2), None: Empty{Title: lang.T(l, "payouts.none"), Text: lang.T(l, "payouts.none.text")}}
	if !f.Has("pay_date") {
		f.Set("pay_date", today)
	}
	payable, err := s.store.Payable(ctx, by)
	if err != nil {
		return err
	}
	head := []Column{{Text: lang.T(l, "queue.case")}, {Text: lang.T(l, "field.amount"), Sum: true}, {Text: lang.T(l, "payouts.channel")}, {Text: lang.T(l, "payouts.take")}}
	page.Payable = Table{Caption: lang.T(l, "payouts.payable"), HideCaption: true, Stack: true, Head: head}
	now := map[int64]bool{}
	for _, k := range payable {
		now[k.App.ID] = true
		var sum int64
		channel := ""
		for _, x := range k.PayableNow(today) {
			sum, channel = sum+x.Sum(), x.Channel
		}
		box := &Field{Form: f, Name: fmt.Sprintf("app.%d", k.App.ID), Kind: "check", Label: lang.T(l, "payouts.take_case", lang.Args{"Title": k.App.Form.Title})}
		page.Payable.Rows = append(page.Payable.Rows, Row{Cells: []Cell{{Links: []Link{{Text: k.App.Form.Title, Href: fmt.Sprintf("/cases/%d", k.App.ID)}}, Note: k.App.DNR + " " + applicantName(k)}, {Text: lang.Money(l, sum)}, {Text: lang.T(l, "method."+channel)}, {Input: box}}})
	}
	cases, _, err := s.store.FullCases(ctx, by, sql.CaseFilter{Limit: 500})
	if err != nil {
		return err
	}
	page.Waiting = Table{Caption: lang.T(l, "payouts.waiting"), HideCaption: true, Stack: true, Head: []Column{{Text: lang.T(l, "queue.case")}, {Text: lang.T(l, "field.amount"), Sum: true}, {Text: lang.T(l, "case.unmet")}}}
	page.Accounts = Table{Caption: lang.T(l, "payouts.accounts"), HideCaption: true, Stack: true, Head: []Column{{Text: lang.T(l, "queue.case")}, {Text: lang.T(l, "payouts.account")}, {Text: lang.T(l, "payouts.checked")}, {Text: lang.T(l, "queue.next")}}}
	page.Claims = Table{Caption: lang.T(l, "payouts.claims"), HideCaption: true, Stack: true, Head: []Column{{Text: lang.T(l, "queue.case")}, {Text: lang.T(l, "sum.claimed"), Sum: true}, {Text: lang.T(l, "sum.repaid"), Sum: true}, {Text: lang.T(l, "queue.next")}}}
	for _, k := range cases {
		open := workflow.Allowed(k, by, p.Now)
		name := Cell{Links: []Link{{Text: k.App.Form.Title, Href: fmt.Sprintf("/cases/%d", k.App.ID)}}, Note: k.App.DNR}
		for _, x := range k.App.Payments {
			var why []string
			for _, u := range workflow.UnmetFor(k, x, today) {
				why = append(why, SayUnmet(l, u))
			}
			if x.Status == workflow.PayPlanned && !now[k.App.ID] {
				page.Waiting.Rows = append(page.Waiting.Rows, Row{Cells: []Cell{name, {Text: lang.Money(l, x.Sum())}, {Text: strings.Join(why, " ")}}})
			}
		}
		if slices.ContainsFunc(k.App.Payments, workflow.Payment.Live) && !k.App.Account.Verified() {
			next := Cell{Text: "–"}
			if slices.Contains(open, workflow.ActVerifyAccount) {
				next = Cell{Links: []Link{{Text: lang.T(l, "action.verify_account"), Hidden: k.App.Form.Title, Href: fmt.Sprintf("/do/%d/verify_account", k.App.ID)}}}
			}
			page.Accounts.Rows = append(page.Accounts.Rows, Row{Cells: []Cell{name, {Text: accountWords(l, k.App.Form.Applicant.Payment)}, {Text: lang.T(l, "payouts.of_two", lang.Args{"N": len(k.App.Account.Verifications)})}, next}})
		}
		if r := k.App.Recovery; r.Open() || k.App.Overpaid(0) != nil {
			next := Cell{Text: "–"}
			if slices.Contains(open, workflow.ActRecordRepayment) {
				next = Cell{Links: []Link{{Text: lang.T(l, "action.record_repayment"), Hidden: k.App.Form.Title, Href: fmt.Sprintf("/do/%d/record_repayment", k.App.ID)}, {Text: lang.T(l, "action.write_off"), Hidden: k.App.Form.Title, Href: fmt.Sprintf("/do/%d/write_off", k.App.ID)}}}
			}
			if r.Open() {
				page.Claims.Rows = append(page.Claims.Rows, Row{Cells: []Cell{name, {Text: lang.Money(l, max(r.Amount, r.Proposed))}, {Text: lang.Money(l, r.Repaid())}, next}})
			}
			page.Claims.Rows = append(page.Claims.Rows, overpaidRows(l, k, name, next)...)
		}
	}
	if page.Doors, err = s.payoutDoors(c, l); err != nil {
		return err
	}
	batches, err := s.store.Batches(ctx, by)
	if err != nil {
		return err
	}
	page.Batches = Table{Caption: lang.T(l, "payouts.batches"), HideCaption: true, Stack: true, Head: []Column{{Text: lang.T(l, "payouts.batch")}, {Text: lang.T(l, "field.pay_date")}, {Text: lang.T(l, "field.amount"), Sum: true}, {Text: lang.T(l, "queue.state")}}}
	for _, b := range slices.Backward(batches) {
		total, err := b.Total()
		if err != nil {
			return err
		}
		page.Batches.Rows = append(page.Batches.Rows, Row{Cells: []Cell{{Links: []Link{{Text: b.MessageID, Href: fmt.Sprintf("/payouts/%d", b.ID)}}}, {Text: lang.Day(l, b.PayDate.String())}, {Text: lang.Ore(l, total)}, {Text: lang.T(l, "batch_state."+string(b.State))}}})
	}
	rounds, err := s.store.Rounds(ctx, false)
	if err != nil {
		return err
	}
	for _, r := range rounds {
		m, err := s.store.RoundMoney(ctx, r.ID)
		if err != nil {
			return err
		}
		pot := roundPot(l, r.ID, m)
		pot.Title = notice.RoundName(page.Lang, r)
		page.Pots = append(page.Pots, pot)
	}
	return s.page(c, status, "payout/list", page)
}

// accountWords shows an account as people write it.
func accountWords(l lang.Lang, a workflow.PayInto) string {
	text := ""
	switch a.Method {
	case "internal":
		text = a.CostCentre + " " + a.Project
	case "bankgiro":
		text = workflow.FormatBankgiro(a.Bankgiro)
	case "plusgiro":
		text = workflow.FormatPlusgiro(a.Plusgiro)
	case "iban":
		text = workflow.FormatIBAN(a.IBAN)
	case "account":
		text = workflow.FormatAccount(a.Clearing, a.Account)
	default:
		return "–"
	}
	return strings.TrimSpace(lang.T(l, "method."+a.Method) + " " + text)
}

func (s *Server) postPayouts(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	var apps []int64
	for name := range f.values {
		if id, ok := strings.CutPrefix(name, "app."); ok && f.Bool(name) {
			if n, err := strconv.ParseInt(id, 10, 64); err == nil {
				apps = append(apps, n)
			}
		}
	}
	day := f.Date("pay_date")
	if len(apps) == 0 {
		f.Fail("", "payouts.choose")
	}
	if !f.OK() {
		return s.drawPayouts(c, http.StatusUnprocessableEntity, f)
	}
	b, err := s.store.ComposeBatch(c.Request.Context(), actorOf(c), apps, day)
	var wrong workflow.Violations
	if errors.As(err, &wrong) {
		f.Refuse(wrong)
		return s.drawPayouts(c, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return s.see(c, fmt.Sprintf("/payouts/%d", b.ID), "payouts.composed")
}

type batchPage struct {
	Page
	Form   *Form
	ID     int64
	Facts  []Fact
	Lines  Table
	Signs  []Sign
	Files  Table
	Checks []Field
	Again  []Field // payments that can be issued anew
	Open   map[string]bool
	Why    *Note
}

func (s *Server) showBatchPage(c *gin.Context) error {
	return s.drawBatch(c, http.StatusOK, newForm(c))
}

func (s *Server) drawBatch(c *gin.Context, status int, f *Form) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	ctx, by := c.Request.Context(), actorOf(c)
	b, err := s.store.Batch(ctx, by, id)
	if err != nil {
		return err
	}
	p, err := s.newPage(c, "payouts.batch")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Title, p.Errors, p.Back = b.MessageID, f.Errors, &Link{Text: lang.T(l, "menu.payouts"), Href: "/payouts"}
	p.Tags = []Tag{{Text: lang.T(l, "batch_state."+string(b.State)), Color: "info"}}
	f.Set("version", b.Version)
	if !f.Has("on") {
		f.Set("on", workflow.DateOf(p.Now))
	}
	total, err := b.Total()
	if err != nil {
		return err
	}
	page := batchPage{Page: p, Form: f, ID: id, Open: map[string]bool{}}
	page.Facts = []Fact{{Term: lang.T(l, "field.pay_date"), Value: lang.Day(l, b.PayDate.String())}, {Term: lang.T(l, "payouts.execution"), Value: lang.Day(l, b.Execution.String())}, {Term: lang.T(l, "case.sum"), Value: lang.Ore(l, total), Strong: true}, {Term: lang.T(l, "payouts.composer"), Value: b.Composer}}
	page.Lines = Table{Caption: lang.T(l, "payouts.lines"), HideCaption: true, Stack: true, Head: []Column{{Text: lang.T(l, "payouts.payee")}, {Text: lang.T(l, "payouts.account")}, {Text: lang.T(l, "field.amount"), Sum: true}, {Text: lang.T(l, "payouts.reference")}, {Text: lang.T(l, "queue.state")}}}
	for _, x := range b.Lines {
		page.Lines.Rows = append(page.Lines.Rows, Row{Cells: []Cell{{Text: x.Payee, Note: x.DNR + " " + x.Title}, {Text: accountWords(l, x.Account)}, {Text: lang.Ore(l, x.Amount)}, {Text: x.Reference}, {Text: lang.T(l, "payment_status."+x.Status)}}})
	}
	for i, a := range []*workflow.Attest{b.Attest1, b.Attest2} {
		sign := Sign{ID: fmt.Sprintf("sign-%d", i+1), Title: lang.T(l, fmt.Sprintf("payouts.attest%d", i+1)), Open: a == nil, Text: lang.T(l, "payouts.attest.open")}
		if a != nil {
			sign.Name, sign.At, sign.Text = a.By, a.At, ""
		}
		page.Signs = append(page.Signs, sign)
	}
	for _, name := range workflow.BatchChecks {
		page.Checks = append(page.Checks, Field{Form: f, Name: "checks." + name, Kind: "check", Label: lang.T(l, "payouts.check."+name)})
	}
	for _, t := range workflow.BatchTransitions {
		page.Open[string(t.Action)] = false
	}
	for _, a := range workflow.BatchAllowed(b, by) {
		page.Open[string(a)] = true
	}
	for _, x := range b.Lines {
		if page.Open["reissue"] && (x.Status == workflow.PayRejected || x.Status == workflow.PayReturned) && !x.Disputed {
			page.Again = append(page.Again, Field{Form: f, Name: fmt.Sprintf("again.%d", x.PaymentID), Kind: "check", Label: lang.T(l, "payouts.reissue_one", lang.Args{"Reference": x.Reference})})
		}
	}
	if b.State == workflow.BatchAttested1 && !page.Open["attest2"] && (by.Is(workflow.Finance1) || by.Is(workflow.Finance2)) {
		page.Why = &Note{Strong: lang.T(l, "payouts.not_you")}
	}
	files, err := s.store.BatchFiles(ctx, by, id)
	if err != nil {
		return err
	}
	page.Files = Table{Caption: lang.T(l, "payouts.files"), HideCaption: true, Stack: true, Head: []Column{{Text: lang.T(l, "payouts.file")}, {Text: lang.T(l, "fact.sum")}, {Text: lang.T(l, "payouts.fetched")}}}
	for _, x := range files {
		seen, err := s.store.AccessOf(ctx, x.ID)
		if err != nil {
			return err
		}
		var who []string
		for _, a := range seen {
			who = append(who, a.Name+" "+lang.DateTime(l, a.At))
		}
		page.Files.Rows = append(page.Files.Rows, Row{Cells: []Cell{{Links: []Link{{Text: x.Name, Href: fmt.Sprintf("/payouts/%d/files/%s", id, x.Name)}}, Note: lang.Size(l, x.Size)}, {Hash: x.SHA256}, {Text: strings.Join(who, "; ")}}})
	}
	return s.page(c, status, "payout/batch", page)
}

func (s *Server) postBatchPage(c *gin.Context) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	action := c.Param("action")
	body := map[string]any{}
	switch action {
	case "attest1":
		checks := map[string]bool{}
		for _, name := range workflow.BatchChecks {
			checks[name] = f.Bool("checks." + name)
		}
		body["checks"] = checks
	case "mark_sent":
		body["on"] = f.Date("on").String()
	case "mark_paid":
		body["on"], body["voucher"] = f.Date("on").String(), f.Text("voucher")
	case "cancel":
		body["reason"] = f.Text("reason")
	case "reissue":
		body["reason"], body["payments"] = f.Text("reason"), marked(f, "again.")
	}
	if !f.OK() {
		return s.drawBatch(c, http.StatusUnprocessableEntity, f)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	_, err = s.store.BatchAction(c.Request.Context(), actorOf(c), id, versionOf(f), action, raw)
	var wrong workflow.Violations
	if errors.As(err, &wrong) {
		f.Refuse(wrong)
		return s.drawBatch(c, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return s.see(c, fmt.Sprintf("/payouts/%d", id), "done."+action)
}

// marked lists the numbers of the ticked boxes whose name begins so.
func marked(f *Form, prefix string) []int64 {
	list := []int64{}
	for name := range f.values {
		if id, ok := strings.CutPrefix(name, prefix); ok && f.Bool(name) {
			if n, err := strconv.ParseInt(id, 10, 64); err == nil {
				list = append(list, n)
			}
		}
	}
	slices.Sort(list)
	return list
}

// sendBatchFile sends the stored bytes and notes who fetched them.
func (s *Server) sendBatchFile(c *gin.Context) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	by := actorOf(c)
	d, body, err := s.store.BatchFile(c.Request.Context(), by, id, c.Param("name"))
	if err != nil {
		return err
	}
	if err := s.store.NoteAccess(c.Request.Context(), by.ID, d.ID, d.Name); err != nil {
		return err
	}
	c.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", d.Name))
	c.Header("ETag", `"`+d.SHA256+`"`)
	c.Data(http.StatusOK, d.Type, body)
	return nil
}
