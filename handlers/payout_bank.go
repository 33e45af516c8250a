package handlers

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/jobs/bank"
	"fund/jobs/bankfile"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
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

// linesShown is how many lines of a file stand on a page.
const linesShown = 200
