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
	t := Table{Caption: lang.T(l, "payouts.files"), HideCaption: true, Stack: true, Head: []Column{{Text: lang.T(l, "payouts.file")}, {Text: lang.T(l, "payouts.purpose")}, {Text: lang.T(l, "fact.sum")}, {Text: lang.T(l, "payouts.fetched")}}}
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
		fetched := ""
		for i, a := range seen[x.ID] {
			if i > 0 {
				fetched += "; "
			}
			fetched += a.Name + " " + lang.DateTime(l, a.At)
			if why := againReason(a.What, x.Name); why != "" {
				fetched += " (" + why + ")"
			}
		}
		purpose := filePurpose(l, b, x.Name, sent, messages)
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Links: []Link{{Text: x.Name, Href: fmt.Sprintf("/payouts/%d/files/%s", b.ID, x.Name)}}, Note: lang.Size(l, x.Size)}, purpose, {Hash: x.SHA256}, {Text: orText(fetched, "–")}}})
	}
	return t, nil
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

// showBatchFile sends a file of a batch, or asks why it is wanted where the same
// payments may have been handed over already.
func (s *Server) showBatchFile(c *gin.Context) error {
	why, err := s.whyAgain(c)
	if err != nil {
		return err
	}
	if why != "" {
		return s.drawFileAgain(c, http.StatusOK, newForm(c), why)
	}
	return s.sendBatchFile(c, "")
}

// postBatchFile sends the file to somebody who has said why.
func (s *Server) postBatchFile(c *gin.Context) error {
	why, err := s.whyAgain(c)
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	reason := ""
	if why != "" {
		if reason = f.Need("reason"); !f.OK() {
			return s.drawFileAgain(c, http.StatusUnprocessableEntity, f, why)
		}
	}
	return s.sendBatchFile(c, reason)
}

func (s *Server) whyAgain(c *gin.Context) (string, error) {
	id, err := idOf(c, "id")
	if err != nil {
		return "", err
	}
	ctx, by := c.Request.Context(), actorOf(c)
	b, err := s.store.BatchHead(ctx, by, id)
	if err != nil {
		return "", err
	}
	files, err := s.store.BatchFiles(ctx, by, id)
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(files, func(x sql.DocumentRow) bool { return x.Name == c.Param("name") }) {
		return "", workflow.ErrNotFound
	}
	var fetched []string
	if workflow.BankOrder(c.Param("name")) {
		seen, err := s.store.AccessOf(ctx, files)
		if err != nil {
			return "", err
		}
		for _, x := range files {
			if len(seen[x.ID]) > 0 {
				fetched = append(fetched, x.Name)
			}
		}
	}
	return b.WhyAgain(c.Param("name"), fetched), nil
}

func (s *Server) drawFileAgain(c *gin.Context, status int, f *Form, why string) error {
	p, err := s.newPage(c, "payouts.again")
	if err != nil {
		return err
	}
	l, id, name := p.Lang, c.Param("id"), c.Param("name")
	p.Title, p.Errors, p.Back = lang.T(l, "payouts.again", lang.Args{"Name": name}), f.Errors, &Link{Text: lang.T(l, "payouts.batch"), Href: "/payouts/" + id}
	return s.page(c, status, "payout/file-again", fileAgainPage{Page: p, Form: f, Post: fmt.Sprintf("/payouts/%s/files/%s", id, name),
		Why: Note{Kind: "warn", Strong: lang.T(l, "payouts.again."+why), Text: lang.T(l, "payouts.again.twice")}})
}

// sendBatchFile sends the stored bytes and notes who fetched them, and why if it was
// not for the first time.
func (s *Server) sendBatchFile(c *gin.Context, reason string) error {
	id, err := idOf(c, "id")
	if err != nil {
		return err
	}
	by := actorOf(c)
	d, body, err := s.store.BatchFile(c.Request.Context(), by, id, c.Param("name"))
	if err != nil {
		return err
	}
	what := d.Name
	if reason != "" {
		what += ": " + reason
	}
	if err := s.store.NoteAccess(c.Request.Context(), by.ID, d.ID, what); err != nil {
		return err
	}
	c.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", d.Name))
	c.Header("ETag", `"`+d.SHA256+`"`)
	c.Data(http.StatusOK, d.Type, body)
	return nil
}
