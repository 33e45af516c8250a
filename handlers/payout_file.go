package handlers

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// batchFiles lists the files with what each is for, its checksum and who has had it.
func (s *Server) batchFiles(c *gin.Context, l lang.Lang, b workflow.Batch) (Table, error) {
	t := Table{
		Caption:     lang.T(l, "payouts.files"),
		HideCaption: true,
		Stack:       true,
		Head: []Column{
			{Text: lang.T(l, "payouts.file")},
			{Text: lang.T(l, "payouts.purpose")},
			{Text: lang.T(l, "fact.sum")},
			{Text: lang.T(l, "payouts.fetched")},
		},
	}
	ctx := c.Request.Context()
	files, err := s.store.BatchFiles(ctx, actorOf(c), b.ID)
	if err != nil {
		return t, err
	}
	settings, err := s.store.FinanceSettings(ctx)
	if err != nil && !sql.Unfinanced(err) {
		return t, err
	}
	sent := workflow.PaymentFileName(settings.Bank.Version, 1) // the one that the bank wants
	slices.SortStableFunc(files, func(x, y sql.DocumentRow) int { return fileOrder(x.Name, sent) - fileOrder(y.Name, sent) })
	seen, err := s.store.AccessOf(ctx, files)
	if err != nil {
		return t, err
	}
	messages := 0
	for _, x := range files {
		if sameVersion(x.Name, sent) {
			messages++
		}
	}
	for _, x := range files {
		purpose := filePurpose(l, b, x.Name, sent, messages)
		t.Rows = append(t.Rows, Row{
			Cells: []Cell{
				{Links: []Link{{Text: x.Name, Href: fmt.Sprintf("/payouts/%d/files/%s", b.ID, x.Name)}}, Note: lang.Size(l, x.Size)},
				purpose,
				{Hash: x.SHA256},
				{Text: fetchedBy(l, x, seen[x.ID])},
			},
		})
	}
	return t, nil
}

// fetchedBy says who has had a file, when, and why if it was not for the first time.
func fetchedBy(l lang.Lang, x sql.DocumentRow, seen []sql.Access) string {
	fetched := ""
	for i, a := range seen {
		if i > 0 {
			fetched += "; "
		}
		fetched += a.Name + " " + lang.DateTime(l, a.At)
		if why := againReason(a.What, x.Name); why != "" {
			fetched += " (" + why + ")"
		}
	}
	return orText(fetched, "–")
}

// sameVersion tells whether two orders to the bank are written in one version.
func sameVersion(name, other string) bool {
	v, _, ok := workflow.PaymentFilePart(name)
	w, _, _ := workflow.PaymentFilePart(other)
	return ok && v == w
}

// filePurpose says what a file is for, and of a batch with several messages which one
// it holds.
func filePurpose(l lang.Lang, b workflow.Batch, name, sent string, messages int) Cell {
	_, n, bank := workflow.PaymentFilePart(name)
	if !bank {
		return Cell{Text: lang.T(l, "payouts.for."+name)}
	}
	purpose := Cell{Text: lang.T(l, "payouts.for.bank")}
	if messages > 1 {
		purpose.Text = lang.T(l, "payouts.for.message", lang.Args{"N": n, "Count": messages})
		purpose.Note = workflow.MessageName(b.MessageID, n)
	}
	if !sameVersion(name, sent) {
		purpose.Text = lang.T(l, "payouts.for.other")
	}
	return purpose
}

// fileOrder puts what is handed over first, and the version that the bank does not use last.
func fileOrder(name, sent string) int {
	switch {
	case sameVersion(name, sent):
		return 0
	case workflow.BankOrder(name):
		return 9
	case name == "sie.si":
		return 1
	}
	return 5
}

// againReason is why a file was fetched once more, as NoteAccess was told.
func againReason(what, name string) string {
	if len(what) > len(name)+2 && what[:len(name)] == name {
		return what[len(name)+2:]
	}
	return ""
}

type fileAgainPage struct {
	Page
	Form *Form
	Post string
	Why  Note
}

// fileAsked is a file that somebody asks for: its bytes, why it is wanted anew where it
// may have been handed over already, and the page to go back to.
type fileAsked struct {
	row  sql.DocumentRow
	why  string // a word of payouts.again; empty: it may be had without a reason
	back Link
	body func() ([]byte, error)
}

// showFile sends a file, or asks why it is wanted where the same payments may have been
// handed over already.
func (s *Server) showFile(ask func(*gin.Context) (fileAsked, error)) func(*gin.Context) error {
	return func(c *gin.Context) error {
		x, err := ask(c)
		if err != nil {
			return err
		}
		if x.why != "" {
			return s.drawFileAgain(c, http.StatusOK, newForm(c), x)
		}
		return s.sendStored(c, x, "")
	}
}

// postFile sends the file to somebody who has said why.
func (s *Server) postFile(ask func(*gin.Context) (fileAsked, error)) func(*gin.Context) error {
	return func(c *gin.Context) error {
		x, err := ask(c)
		if err != nil {
			return err
		}
		f, err := formOf(c)
		if err != nil {
			return err
		}
		reason := ""
		if x.why != "" {
			if reason = f.Need("reason"); !f.OK() {
				return s.drawFileAgain(c, http.StatusUnprocessableEntity, f, x)
			}
		}
		return s.sendStored(c, x, reason)
	}
}

// batchFileAsked is the file of a batch that the address names.
func (s *Server) batchFileAsked(c *gin.Context) (x fileAsked, err error) {
	id, err := idOf(c, "id")
	if err != nil {
		return x, err
	}
	ctx, by, name := c.Request.Context(), actorOf(c), c.Param("name")
	b, err := s.store.BatchHead(ctx, by, id)
	if err != nil {
		return x, err
	}
	files, err := s.store.BatchFiles(ctx, by, id)
	if err != nil {
		return x, err
	}
	i := slices.IndexFunc(files, func(x sql.DocumentRow) bool { return x.Name == name })
	if i < 0 {
		return x, workflow.ErrNotFound
	}
	if err := s.store.HandlesBatch(ctx, by, id); err != nil {
		return x, err
	}
	var fetched []string
	if workflow.BankOrder(name) {
		if fetched, err = s.fetchedOf(c, files); err != nil {
			return x, err
		}
	}
	l, _ := LangOf(c.Request)
	return fileAsked{row: files[i], why: b.WhyAgain(name, fetched), back: Link{Text: lang.T(l, "payouts.batch"), Href: fmt.Sprintf("/payouts/%d", id)},
		body: func() ([]byte, error) { _, body, err := s.store.BatchFile(ctx, by, id, name); return body, err }}, nil
}

// fetchedOf are the names of the files that somebody has had.
func (s *Server) fetchedOf(c *gin.Context, files []sql.DocumentRow) (names []string, err error) {
	seen, err := s.store.AccessOf(c.Request.Context(), files)
	for _, x := range files {
		if len(seen[x.ID]) > 0 {
			names = append(names, x.Name)
		}
	}
	return names, err
}

func (s *Server) drawFileAgain(c *gin.Context, status int, f *Form, x fileAsked) error {
	p, err := s.newPage(c, "payouts.again")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Title, p.Errors, p.Back = lang.T(l, "payouts.again", lang.Args{"Name": x.row.Name}), f.Errors, &x.back
	return s.page(c, status, "payout/file-again", fileAgainPage{Page: p, Form: f, Post: p.Path,
		Why: Note{Kind: "warn", Strong: lang.T(l, "payouts.again."+x.why), Text: lang.T(l, "payouts.again.twice")}})
}

// sendStored sends the stored bytes and notes who fetched them, and why if it was
// not for the first time.
func (s *Server) sendStored(c *gin.Context, x fileAsked, reason string) error {
	body, err := x.body()
	if err != nil {
		return err
	}
	what := x.row.Name
	if reason != "" {
		what += ": " + reason
	}
	if err := s.store.NoteAccess(c.Request.Context(), actorOf(c).ID, x.row.ID, what); err != nil {
		return err
	}
	c.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", x.row.Name))
	c.Header("ETag", `"`+x.row.SHA256+`"`)
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, x.row.Type, body)
	return nil
}
