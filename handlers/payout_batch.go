package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

type batchPage struct {
	Page
	Form   *Form
	ID     int64
	Facts  []Fact
	Notes  []Note // what the attests must know
	Lines  Table
	More   *Link
	Signs  []Sign
	Files  Table
	Checks []Field
	Hand   []Field // payments that can be noted as paid
	Again  []Field // payments that can be issued anew
	Open   map[string]bool
	Sent   string // what it is called to have handed the files over
	Why    *Note
	fresh  bool // nothing has been sent yet
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
	after, err := afterLine(c)
	if err != nil {
		return err
	}
	b, err := s.store.BatchPart(ctx, by, id, after, linesShown)
	if err != nil {
		return err
	}
	gists, err := s.store.BatchGists(ctx, id)
	if err != nil {
		return err
	}
	gist := gists[id]
	all, err := gist.Of()
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
	page := batchPage{Page: p, Form: f, ID: id, Open: map[string]bool{}}
	emails := []string{b.Composer, b.SentBy}
	for _, a := range []*workflow.Attest{b.Attest1, b.Attest2} {
		if a != nil {
			emails = append(emails, a.By, a.For)
		}
	}
	name, err := s.store.Names(ctx, emails...)
	if err != nil {
		return err
	}
	page.facts(l, b, all, gist.Bank(), name)
	if err := s.batchLines(c, &page, b, all.Payments-after, by); err != nil {
		return err
	}
	page.signs(l, b, name)
	page.steps(l, f, b, gist, by)
	if err := s.batchChoices(c, &page, f); err != nil {
		return err
	}
	if gist.Handles(by) != nil {
		page.Notes = append([]Note{{Kind: "warn", Strong: lang.T(l, "payouts.conflict"), Text: lang.T(l, "payouts.conflict.text")}}, page.Notes...)
		return s.page(c, status, "payout/batch", page)
	}
	if page.Files, err = s.batchFiles(c, l, b); err != nil {
		return err
	}
	return s.page(c, status, "payout/batch", page)
}

// afterLine is the place in the batch behind which the page begins.
func afterLine(c *gin.Context) (after int, err error) {
	if n := c.Query("after"); n != "" {
		if _, err := fmt.Sscan(n, &after); err != nil || after < 0 {
			return 0, workflow.ErrNotFound
		}
	}
	return after, nil
}

func (page *batchPage) facts(l lang.Lang, b workflow.Batch, all workflow.ChannelSum, bank bool, name func(string) string) {
	page.Facts = []Fact{{Term: lang.T(l, "field.pay_date"), Value: lang.Day(l, b.PayDate.String())}}
	if bank {
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "payouts.execution"), Value: lang.Day(l, b.Execution.String())})
	}
	page.Facts = append(
		page.Facts,
		Fact{Term: lang.T(l, "payouts.lines"), Value: lang.Number(l, int64(all.Payments))},
		Fact{Term: lang.T(l, "case.sum"), Value: lang.Ore(l, all.Sum), Strong: true},
		Fact{Term: lang.T(l, "payouts.composer"), Value: name(b.Composer), Note: lang.DateTime(l, b.CreatedAt)},
	)
	if !b.SentOn.IsZero() {
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "payouts.handed"), Value: lang.Day(l, b.SentOn.String()), Note: name(b.SentBy)})
	}
	if x := b.Cancelled; x != nil {
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "payouts.cancelled"), Value: name(x.By), Note: lang.DateTime(l, x.At)})
	}
	if b.Reason != "" {
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "field.reason"), Value: b.Reason})
	}
}

// batchActionWord calls a step by its name; files go to the bank or to the finance system.
func batchActionWord(l lang.Lang, bank bool, a workflow.Action) string {
	if a == workflow.BatchMarkSent && !bank {
		return lang.T(l, "payouts.mark_sent.internal")
	}
	return lang.T(l, "action."+string(a))
}

// payStatus is how a payment stands, in words; what is handed over goes to the bank or
// to the finance system.
func payStatus(l lang.Lang, x workflow.BatchLine) string {
	if x.Status == workflow.PaySent && !x.Bank() {
		return lang.T(l, "payment_status.sent.internal")
	}
	return lang.T(l, "payment_status."+x.Status)
}

// batchLines lists the payments that the page holds, and what has come to stand in the
// way of them since the batch was composed. left are they and all behind them.
func (s *Server) batchLines(c *gin.Context, page *batchPage, b workflow.Batch, left int, by workflow.Actor) error {
	l, shown := page.Lang, b.Lines
	if more := left - len(shown); len(shown) > 0 && more > 0 {
		after, _ := afterLine(c) // it has been read
		page.More = &Link{Text: lang.T(l, "payouts.more", lang.Args{"Count": more}), Href: fmt.Sprintf("/payouts/%d?after=%d", b.ID, after+len(shown))}
	}
	unmet, err := s.unmetInBatch(c, l, page, shown, by)
	if err != nil {
		return err
	}
	page.Lines = Table{
		Caption:     lang.T(l, "payouts.lines"),
		HideCaption: true,
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "payouts.payee")},
			{Text: lang.T(l, "payouts.account")},
			{Text: lang.T(l, "field.amount"), Sum: true},
			{Text: lang.T(l, "payouts.reference")},
			{Text: lang.T(l, "queue.state")},
		},
	}
	why, err := s.failedInBatch(c, l, shown, by)
	if err != nil {
		return err
	}
	for _, x := range shown {
		if x.Withheld {
			page.Lines.Rows = append(
				page.Lines.Rows,
				Row{Cells: []Cell{{Text: lang.T(l, "payouts.withheld")}, {Text: "–"}, {Text: "–"}, {Text: "–"}, {Text: "–"}}},
			)
			continue
		}
		state := Cell{Text: payStatus(l, x), Note: unmet[x.PaymentID]}
		if b.State == workflow.BatchCancelled { // where the payment is by now is told on its case
			state.Text = lang.T(l, "batch_state.cancelled")
		}
		if failed := why[x.PaymentID]; failed != "" {
			state.Note = failed
		}
		if x.Status == workflow.PayPaid && !x.PaidOn.IsZero() {
			state.Note = strings.TrimSpace(lang.Day(l, x.PaidOn.String()) + " " + x.Voucher)
		}
		page.Lines.Rows = append(page.Lines.Rows, Row{
			Cells: []Cell{
				{Links: []Link{{Text: x.Payee, Hidden: x.DNR, Href: fmt.Sprintf("/cases/%d", x.Application)}}, Note: x.DNR + " " + x.Title},
				{Text: accountWords(l, x.Account)},
				{Text: lang.Ore(l, x.Amount)},
				{Text: x.Reference},
				state,
			},
		})
	}
	if b.State != workflow.BatchDraft && b.State != workflow.BatchAttested1 && b.State != workflow.BatchAttested2 {
		return nil
	}
	return s.twinNotes(c, page, b.ID)
}

// failedInBatch says in words what went wrong with the lines that finance must look at.
func (s *Server) failedInBatch(c *gin.Context, l lang.Lang, shown []workflow.BatchLine, by workflow.Actor) (map[int64]string, error) {
	if !slices.ContainsFunc(shown, func(x workflow.BatchLine) bool {
		return x.Disputed || slices.Contains([]string{workflow.PayRejected, workflow.PayReturned, workflow.PayUnclear}, x.Status)
	}) {
		return nil, nil
	}
	failed, err := s.store.FailedPayments(c.Request.Context(), by)
	out := make(map[int64]string, len(failed))
	for _, x := range failed {
		out[x.ID] = failedWhy(l, x)
	}
	return out, err
}

// twinsShown is how many groups of twins a page names, and how many of each.
const twinsShown = 10

// twinNotes warns of payments of one amount to one account.
func (s *Server) twinNotes(c *gin.Context, page *batchPage, id int64) error {
	twins, err := s.store.BatchTwins(c.Request.Context(), actorOf(c), id, twinsShown, twinsShown)
	for _, x := range twins {
		names := x.Names
		if more := x.Count - len(names); more > 0 {
			names = append(names, lang.T(page.Lang, "payouts.twins.more", lang.Args{"Count": more}))
		}
		page.Notes = append(page.Notes, Note{
			Kind:   "warn",
			Strong: lang.T(page.Lang, "payouts.twins"),
			Text:   lang.T(page.Lang, "payouts.twins.text", lang.Args{"References": lang.List(page.Lang, names)}),
		})
	}
	return err
}

func (s *Server) unmetInBatch(c *gin.Context, l lang.Lang, page *batchPage, shown []workflow.BatchLine, by workflow.Actor) (map[int64]string, error) {
	ids := []int64{}
	for _, x := range shown {
		if x.Status == workflow.PayInBatch {
			ids = append(ids, x.Application)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	cases, err := s.store.CasesNamed(c.Request.Context(), by, ids)
	if err != nil {
		return nil, err
	}
	words := map[int64]string{}
	note := Note{Kind: "warn", Strong: lang.T(l, "payouts.in_the_way")}
	for _, k := range cases {
		for _, p := range k.App.Payments {
			var why []string
			for _, u := range workflow.UnmetInBatch(k, p, workflow.DateOf(page.Page.Now)) {
				why = append(why, SayUnmet(l, u))
			}
			if len(why) > 0 {
				words[p.ID] = strings.Join(why, " ")
				note.Items = append(note.Items, k.App.Form.Title+": "+words[p.ID])
			}
		}
	}
	if len(note.Items) > 0 {
		page.Notes = append(page.Notes, note)
	}
	return words, nil
}

func (page *batchPage) signs(l lang.Lang, b workflow.Batch, name func(string) string) {
	for i, a := range []*workflow.Attest{b.Attest1, b.Attest2} {
		sign := Sign{
			ID:    fmt.Sprintf("sign-%d", i+1),
			Title: lang.T(l, fmt.Sprintf("payouts.attest%d", i+1)),
			Open:  a == nil,
			Text:  lang.T(l, "payouts.attest.open"),
		}
		if a != nil {
			sign.Name, sign.At, sign.Text = name(a.By), a.At, ""
			if a.For != "" {
				sign.Name += ", " + lang.T(l, "absence.acted", lang.Args{"Name": name(a.For)})
			}
			for _, check := range workflow.BatchChecks {
				if a.Checks[check] {
					sign.Checks = append(sign.Checks, lang.T(l, "payouts.check."+check))
				}
			}
		}
		page.Signs = append(page.Signs, sign)
	}
}

// steps are what this person can do with the batch now.
func (page *batchPage) steps(l lang.Lang, f *Form, b workflow.Batch, gist workflow.BatchGist, by workflow.Actor) {
	today := workflow.DateOf(page.Page.Now)
	page.fresh = !f.Has("version")
	f.Set("version", b.Version)
	for _, name := range []string{"on", "paid_on"} {
		if !f.Has(name) {
			f.Set(name, today)
		}
	}
	for _, t := range workflow.BatchTransitions {
		page.Open[string(t.Action)] = false
	}
	for _, a := range workflow.BatchAllowed(b, gist, by) {
		page.Open[string(a)] = true
	}
	for _, name := range workflow.BatchChecks {
		page.Checks = append(page.Checks, Field{Form: f, Name: "checks." + name, Kind: "check", Label: lang.T(l, "payouts.check."+name)})
	}
	page.Sent = batchActionWord(l, gist.Bank(), workflow.BatchMarkSent)
	var no workflow.Forbidden
	if errors.As(workflow.NotTheirAttest(b, gist, by), &no) && gist.Handles(by) == nil && sql.FinanceOnly(by) == nil {
		attest := "attest1"
		if b.Attest1 != nil {
			attest = "attest2"
		}
		page.Why = &Note{Strong: lang.T(l, "payouts.not_you."+attest), Text: SayForbidden(l, no)}
	}
}

// batchChoices are the payments that this person can note as paid, or issue anew. So
// many that nobody ticks them one by one are one box.
func (s *Server) batchChoices(c *gin.Context, page *batchPage, f *Form) error {
	ctx, l := c.Request.Context(), page.Lang
	if page.Open["mark_paid"] {
		hand, err := s.store.LinesStanding(ctx, actorOf(c), page.ID, linesShown+1, workflow.CanBePaid()...)
		if err != nil {
			return err
		}
		page.Hand = boxes(l, f, "pay", hand, func(x sql.StandingLine) string {
			if page.fresh && x.Channel == "internal" { // the bank tells of its own
				f.Set(fmt.Sprintf("pay.%d", x.PaymentID), "1")
			}
			return fmt.Sprintf("%s, %s, %s", x.Reference, x.Payee, lang.Ore(l, x.Amount))
		})
	}
	if len(page.Hand) > 0 {
		f.Set("first", page.Hand[0].Name)
	}
	if !page.Open["reissue"] {
		return nil
	}
	again, err := s.store.LinesStanding(ctx, actorOf(c), page.ID, linesShown+1, workflow.CanBeReplaced()...)
	page.Again = boxes(l, f, "again", again, func(x sql.StandingLine) string {
		return lang.T(l, "payouts.reissue_one", lang.Args{"Reference": x.Reference})
	})
	return err
}

// boxes gives each line a box, or all of them one where they are too many.
func boxes(l lang.Lang, f *Form, prefix string, lines []sql.StandingLine, label func(sql.StandingLine) string) (fields []Field) {
	if len(lines) > linesShown {
		return []Field{{Form: f, Name: prefix + ".all", Kind: "check", Label: lang.T(l, "payouts."+prefix+"_all", lang.Args{"Count": lines[0].All})}}
	}
	for _, x := range lines {
		fields = append(fields, Field{Form: f, Name: fmt.Sprintf("%s.%d", prefix, x.PaymentID), Kind: "check", Label: label(x)})
	}
	return fields
}

// firstPayable is the name of the first box to tick, so that the list of faults leads there.
func (s *Server) firstPayable(c *gin.Context) string {
	cases, err := s.store.Payable(c.Request.Context(), actorOf(c))
	if err != nil || len(cases) == 0 {
		return ""
	}
	return fmt.Sprintf("app.%d", cases[0].App.ID)
}
