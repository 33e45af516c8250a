package handlers

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"fund/jobs/bank"
	"fund/jobs/bankfile"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
	"github.com/gin-gonic/gin"
)

// bankPages are the bank's answers: bringing a file, what it led to, and the lines that a person must place.
func (s *Server) bankPages() []pageRoute {
	const get, post = http.MethodGet, http.MethodPost
	return []pageRoute{
		{method: get, path: "/payouts/bank", do: s.showBank, roles: financeReaders},
		{method: post, path: "/payouts/bank", do: s.postBank, roles: financeReaders, limit: bankLimit},
		{method: get, path: "/payouts/bank/:id", do: s.showBankFile, roles: financeReaders},
		{method: get, path: "/payouts/bank/:id/lines/:n", do: s.showBankLine, roles: financeReaders},
		{method: post, path: "/payouts/bank/:id/lines/:n", do: s.postBankLine, roles: financeReaders},
	}
}

// inWords picks the caller's language of a pair.
func inWords(l lang.Lang, sv, en string) string {
	if l == lang.SV {
		return sv
	}
	return en
}

type bankPage struct {
	Page
	File   Field
	Can    bool
	Failed Table
	Files  Table
	None   Empty
}

func (s *Server) showBank(c *gin.Context) error {
	return s.drawBank(c, http.StatusOK, newForm(c))
}

func (s *Server) drawBank(c *gin.Context, status int, f *Form) error {
	p, err := s.newPage(c, "bank.title")
	if err != nil {
		return err
	}
	l, by, ctx := p.Lang, actorOf(c), c.Request.Context()
	p.Errors, p.Back, p.Lead = f.Errors, &Link{Text: lang.T(l, "menu.payouts"), Href: "/payouts"}, lang.T(l, "bank.lead")
	page := bankPage{Page: p, Can: sql.FinanceOnly(by) == nil, None: Empty{Title: lang.T(l, "bank.none"), Text: lang.T(l, "bank.none.text")},
		File: Field{Form: f, Name: "file", Label: lang.T(l, "bank.file"), Hint: lang.T(l, "bank.file.hint"), Accept: ".xml,application/xml,text/xml"}}
	failed, err := s.store.FailedPayments(c.Request.Context(), actorOf(c))
	if err != nil {
		return err
	}
	page.Failed = failedTable(l, failed)
	files, err := s.store.BankFiles(ctx, by, 0, 1000)
	if err != nil {
		return err
	}
	page.Files = Table{
		Caption:     lang.T(l, "bank.files"),
		HideCaption: true,
		Stack:       true,
		Head: []Column{{Text: lang.T(l, "bank.message")}, {Text: lang.T(l, "bank.came")},
			{Text: lang.T(l, "bank.lines"), Sum: true}, {Text: lang.T(l, "queue.state")}},
	}
	emails := make([]string, len(files))
	for i, x := range files {
		emails[i] = x.Uploader
	}
	name, err := s.store.Names(ctx, emails...)
	if err != nil {
		return err
	}
	for _, x := range slices.Backward(files) {
		x.Uploader = name(x.Uploader)
		page.Files.Rows = append(page.Files.Rows, bankFileRow(l, x))
	}
	return s.page(c, status, "payout/bank", page)
}

func bankFileRow(l lang.Lang, x sql.BankFile) Row {
	name := x.MessageID
	if name == "" {
		name = x.SHA256[:12]
	}
	row := []Cell{
		{Links: []Link{{Text: name, Href: fmt.Sprintf("/payouts/bank/%d", x.ID)}}, Note: orText(x.Version, x.Kind)},
		{At: x.At, Note: x.Uploader},
		{Text: lang.Number(l, int64(x.Lines))},
		{},
	}
	switch {
	case x.Refusal != "":
		row[3] = Cell{Tags: []Tag{{Text: lang.T(l, "bank.refused"), Color: "danger"}}}
	case x.Waits > 0:
		row[3] = Cell{Tags: []Tag{{Text: lang.T(l, "bank.waits", lang.Args{"Count": x.Waits}), Color: "warning"}}}
	default:
		row[3] = Cell{Text: lang.T(l, "bank.done")}
	}
	return Row{Cells: row}
}

func orText(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// failedTable lists the payments that came to nothing or are in doubt, with the bank's words.
func failedTable(l lang.Lang, failed []sql.FailedPayment) Table {
	t := Table{
		Caption:     lang.T(l, "bank.failed"),
		HideCaption: true,
		Stack:       true,
		Head: []Column{{Text: lang.T(l, "payouts.reference")}, {Text: lang.T(l, "field.amount"), Sum: true},
			{Text: lang.T(l, "queue.state")}, {Text: lang.T(l, "bank.why")}, {Text: lang.T(l, "queue.next")}},
	}
	for _, x := range failed {
		tag := Tag{Text: lang.T(l, "payment_status."+x.Status), Color: "danger"}
		if x.Disputed || x.Status == workflow.PayUnclear {
			tag.Color = "warning"
		}
		t.Rows = append(t.Rows, Row{
			Cells: []Cell{
				{Text: x.Reference, Note: x.DNR + " " + x.Title},
				{Text: lang.Money(l, x.Amount)},
				{Tags: []Tag{tag}},
				{Text: failedWhy(l, x)},
				{Links: failedNext(l, x)},
			},
		})
	}
	return t
}

// failedWhy is the bank's reason in words, and what is in doubt.
func failedWhy(l lang.Lang, x sql.FailedPayment) string {
	var words []string
	if x.Problem != "" {
		words = append(words, inWords2(l, bank.Problem(x.Problem).Words))
	}
	if line, err := bankfile.Line(sql.BankLine{Line: x.Line}); len(x.Line) > 0 && err == nil {
		sv, en := line.Words()
		words = append(words, inWords(l, sv, en))
	} else if x.Reason != "" {
		words = append(words, x.Reason)
	}
	return strings.Join(words, " ")
}

func inWords2(l lang.Lang, pair func() (string, string)) string {
	sv, en := pair()
	return inWords(l, sv, en)
}

// failedNext leads to where it is decided: the line while something is in doubt, else the batch that can issue it anew.
func failedNext(l lang.Lang, x sql.FailedPayment) (links []Link) {
	if x.File != 0 {
		links = append(links, Link{Text: lang.T(l, "bank.line.open"), Hidden: x.Reference, Href: fmt.Sprintf("/payouts/bank/%d/lines/%d", x.File, x.LineN)})
	}
	links = append(links, Link{Text: lang.T(l, "queue.case"), Hidden: x.DNR, Href: fmt.Sprintf("/cases/%d", x.Application)}) // there it says whom to ask
	if x.Batch != 0 {
		links = append(links, Link{Text: lang.T(l, "payouts.batch"), Hidden: x.Reference, Href: fmt.Sprintf("/payouts/%d", x.Batch)})
	}
	return links
}

// postBank takes in a file from the form.
func (s *Server) postBank(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	raw, err := uploaded(c, "file")
	if err != nil {
		return err
	}
	if len(raw) == 0 {
		f.Fail("file", "bank.choose")
		return s.drawBank(c, http.StatusUnprocessableEntity, f)
	}
	out, err := bankfile.Import(c.Request.Context(), s.store, actorOf(c), raw)
	if _, sv, en, refused := bank.Refusal(err); refused {
		f.Errors = append(f.Errors, FieldError{Field: "file", Where: lang.T(f.Lang, "bank.file"), Message: inWords(f.Lang, sv, en)})
		return s.drawBank(c, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	flash := "bank.taken"
	if out.Repeated {
		flash = "bank.repeated"
	}
	return s.see(c, fmt.Sprintf("/payouts/bank/%d", *out.ID), flash)
}

// uploaded reads one file of a form; none is no bytes.
func uploaded(c *gin.Context, name string) ([]byte, error) {
	file, _, err := c.Request.FormFile(name)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, nil
	}
	if err != nil {
		return nil, bodyError(err)
	}
	defer file.Close() // read only
	return io.ReadAll(file)
}

type bankFilePage struct {
	Page
	Facts    []Fact
	Findings []string
	Lines    Table
	More     string
}

// linesShown is how many lines of a file stand on a page.
const linesShown = 200

func (s *Server) showBankFile(c *gin.Context) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	x, err := s.store.BankFile(ctx, actorOf(c), id)
	if err != nil {
		return err
	}
	p, err := s.newPage(c, "bank.title")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Title, p.Back = orText(x.MessageID, lang.T(l, "bank.no_message")), &Link{Text: lang.T(l, "bank.title"), Href: "/payouts/bank"}
	page := bankFilePage{Page: p}
	name, err := s.store.Names(ctx, x.Uploader)
	if err != nil {
		return err
	}
	page.Facts = []Fact{
		{Term: lang.T(l, "bank.kind"), Value: orText(x.Version, x.Kind)},
		{Term: lang.T(l, "bank.came"), At: x.At, Note: name(x.Uploader)},
		{Term: lang.T(l, "payouts.file"), Hash: x.SHA256},
	}
	if x.Original != "" {
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "bank.original"), Value: x.Original})
	}
	if x.GroupStatus != "" {
		sv, en := bank.StatusWords(x.GroupStatus)
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "bank.group"), Value: x.GroupStatus, Note: inWords(l, sv, en)})
	}
	if x.Refusal != "" {
		page.Facts = append(
			page.Facts,
			Fact{Term: lang.T(l, "bank.refused"), Value: inWords2(l, func() (string, string) { return bank.RefusalWords(x.Refusal) })},
		)
	}
	after := 0
	if n := c.Query("after"); n != "" {
		if _, err := fmt.Sscan(n, &after); err != nil {
			return workflow.ErrNotFound
		}
	}
	lines, err := s.store.BankLines(ctx, actorOf(c), id, after, linesShown+1)
	if err != nil {
		return err
	}
	if len(lines) > linesShown {
		lines = lines[:linesShown]
		page.More = fmt.Sprintf("/payouts/bank/%d?after=%d", id, lines[linesShown-1].N)
	}
	a, err := bankfile.AnswerOf(x, lines)
	if err != nil {
		return err
	}
	for _, found := range a.Findings {
		page.Findings = append(page.Findings, inWords(l, found.TextSV, found.TextEN))
	}
	page.Lines, err = s.bankLines(c, l, x.ID, a.Lines)
	if err != nil {
		return err
	}
	return s.page(c, http.StatusOK, "payout/bank-file", page)
}

var outcomeColors = map[bank.Outcome]string{
	bank.Applied:   "success",
	bank.Confirmed: "success",
	bank.Conflict:  "danger",
	bank.Proposed:  "warning",
	bank.Unknown:   "warning",
}

func (s *Server) bankLines(c *gin.Context, l lang.Lang, file int64, lines []bank.AnswerLine) (Table, error) {
	t := Table{
		Caption:     lang.T(l, "bank.lines"),
		HideCaption: true,
		Stack:       true,
		Head: []Column{{Text: lang.T(l, "bank.line")}, {Text: lang.T(l, "field.amount"), Sum: true},
			{Text: lang.T(l, "bank.says")}, {Text: lang.T(l, "bank.led_to")}, {Text: lang.T(l, "bank.payment")}},
	}
	var ids []int64
	for _, x := range lines {
		ids = append(ids, x.Payments[:min(len(x.Payments), 5)]...)
	}
	payments, err := s.store.BankPaymentsByID(c.Request.Context(), actorOf(c), ids)
	if err != nil {
		return t, err
	}
	for _, x := range lines {
		row := []Cell{{Text: fmt.Sprintf("%d.", x.N), Note: lineName(x)}, {Text: lineAmount(l, x)}, {Text: inWords(l, x.TextSV, x.TextEN), Note: lineCodes(x)},
			{Tags: []Tag{{Text: lang.T(l, "bank.outcome."+string(x.Outcome)), Color: outcomeColors[x.Outcome]}}}, {Links: paymentLinks(l, x, payments)}}
		if x.Problem != nil {
			row[3].Note = inWords2(l, bank.Problem(*x.Problem).Words)
		}
		if x.Waits {
			row[4].Links = append(
				row[4].Links,
				Link{Text: lang.T(l, "bank.place"), Hidden: fmt.Sprint(x.N), Href: fmt.Sprintf("/payouts/bank/%d/lines/%d", file, x.N)},
			)
		}
		if len(row[4].Links) == 0 {
			row[4].Text = "–"
		}
		t.Rows = append(t.Rows, Row{Cells: row})
	}
	return t, nil
}

// lineName is what the line calls its payment by.
func lineName(x bank.AnswerLine) string {
	for _, id := range []*string{x.EndToEndID, x.InstructionID, x.UETR, x.PmtInfID, x.MsgID} {
		if id != nil {
			return *id
		}
	}
	return ""
}

// lineCodes are the bank's codes and day, as they stand in the file.
func lineCodes(x bank.AnswerLine) string {
	var parts []string
	for _, v := range []*string{x.Status, x.Reason, x.BookingDay} {
		if v != nil {
			parts = append(parts, *v)
		}
	}
	return strings.Join(parts, " · ")
}

func lineAmount(l lang.Lang, x bank.AnswerLine) string {
	switch {
	case x.AmountOre == nil:
		return "–"
	case x.Currency != nil && *x.Currency != "SEK":
		return lang.Currency(l, money.SEK(*x.AmountOre), *x.Currency)
	}
	return lang.Ore(l, money.SEK(*x.AmountOre))
}

// payoutDoors lead from the payouts to the pages beside them, with what waits there.
func (s *Server) payoutDoors(c *gin.Context, l lang.Lang) ([]Task, error) {
	answers := Task{Text: lang.T(l, "payouts.bank"), Href: "/payouts/bank", Hint: lang.T(l, "payouts.bank.text")}
	failed, err := s.store.FailedPayments(c.Request.Context(), actorOf(c))
	if err != nil {
		return nil, err
	}
	waits, err := s.store.WaitingLines(c.Request.Context())
	if err != nil {
		return nil, err
	}
	if n := len(failed) + waits; n > 0 {
		answers.Tag = &Tag{Text: lang.T(l, "bank.waits", lang.Args{"Count": n}), Color: "warning"}
	}
	last, green, err := s.store.SelfChecks(c.Request.Context())
	if err != nil {
		return nil, err
	}
	books := Task{Text: lang.T(l, "reconcile.title"), Href: "/payouts/reconciliation", Hint: lang.T(l, "reconcile.text")}
	if last != nil {
		books.Tag = &Tag{Text: lang.T(l, "selfcheck.tag", lang.Args{"Day": lang.ShortDay(l, last.Day.String())}), Color: "success"}
		if !last.Green {
			books.Tag = &Tag{Text: lang.T(l, "selfcheck.red"), Color: "danger"}
		}
	}
	if last != nil && !last.Green && green != nil {
		books.Hint = lang.T(l, "selfcheck.last_green", lang.Args{"At": lang.DateTime(l, green.At)})
	}
	return []Task{answers, books}, nil
}

// bankTodos are what the bank's answers left for a person.
func (s *Server) bankTodos(c *gin.Context, l lang.Lang, failed []sql.FailedPayment) (todos []Todo, err error) {
	for _, x := range failed {
		todos = append(todos, Todo{
			Count:   1,
			Text:    lang.T(l, "payment_status."+x.Status) + ": " + x.Reference,
			Href:    "/payouts/bank",
			Detail:  failedWhy(l, x),
			When:    lang.T(l, "tasks.now"),
			Urgency: "soon",
		})
	}
	waits, err := s.store.WaitingLines(c.Request.Context())
	if err != nil {
		return nil, err
	}
	if waits > 0 {
		todos = append(todos, Todo{Count: waits, Text: lang.T(l, "tasks.lines"), Href: "/payouts/bank", When: lang.T(l, "tasks.now")})
	}
	return todos, nil
}
