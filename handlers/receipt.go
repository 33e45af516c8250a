package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"fund/jobs/imageclean"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// receiptPages confirm a receipt to anyone who holds it. The address holds part
// of the filed version's SHA-256, so that nobody finds one by counting.
func (s *Server) receiptPages() []pageRoute {
	return []pageRoute{
		{method: http.MethodGet, path: "/receipts/:code", do: s.showReceiptProof, open: true},
		{method: http.MethodPost, path: "/receipts/:code", do: s.postReceiptProof, open: true},
	}
}

// receiptOf finds the filed version that a code names.
func (s *Server) receiptOf(c *gin.Context) (k workflow.Case, v sql.VersionRow, err error) {
	app, n, matches, ok := workflow.ParseReceiptCode(c.Param("code"))
	if !ok {
		return k, v, workflow.ErrNotFound
	}
	ctx, program := c.Request.Context(), workflow.Machine()
	if k, err = s.store.Case(ctx, program, app); err != nil {
		return k, v, err
	}
	if v, err = s.store.Version(ctx, program, app, n); err != nil {
		return k, v, err
	}
	if !matches(v.SHA256) {
		err = workflow.ErrNotFound
	}
	return k, v, err
}

func (s *Server) showReceiptProof(c *gin.Context) error { return s.drawReceiptProof(c, nil, nil) }

func (s *Server) drawReceiptProof(c *gin.Context, note *Note, fault error) error {
	k, v, err := s.receiptOf(c)
	if errors.Is(err, workflow.ErrNotFound) {
		return s.unknownReceipt(c)
	}
	if err != nil {
		return err
	}
	p, err := s.newPage(c, "proof.title")
	if err != nil {
		return err
	}
	l := p.Lang
	p.Over, p.Lead = k.App.DNR, lang.T(l, "proof.lead")
	f := NewForm(l)
	if wrong, ok := fault.(workflow.Violations); ok {
		f.Refuse(wrong)
	}
	p.Errors = f.Errors
	page := proofPage{
		Page: p,
		Note: note,
		Post: "/receipts/" + c.Param("code"),
		File: Field{Form: f, Name: "file", Label: lang.T(l, "proof.file"), Hint: lang.T(l, "proof.file.hint")},
	}
	page.Facts = []Fact{
		{Term: lang.T(l, "receipt.number"), Value: k.App.DNR},
		{Term: lang.T(l, "fact.received"), At: v.ReceivedAt, Note: lang.T(l, "proof.zone")},
		{Term: lang.T(l, "case.version", lang.Args{"N": v.N}), Hash: v.SHA256},
	}
	for _, a := range k.App.FiledWith(v.N) { // kinds and codes: a name may tell more than the holder knows
		page.Facts = append(page.Facts, Fact{Term: lang.T(l, "attachment."+a.Kind), Hash: a.SHA256})
	}
	status := http.StatusOK
	if !f.OK() {
		status = http.StatusUnprocessableEntity
	}
	return s.page(c, status, "application/proof", page)
}

// unknownReceipt tells who holds a receipt that there is none with this code: that is an answer, too.
func (s *Server) unknownReceipt(c *gin.Context) error {
	p, err := s.newPage(c, "proof.unknown")
	if err != nil {
		return err
	}
	p.Lead = lang.T(p.Lang, "proof.unknown.lead")
	note := &Note{Kind: "warn", Text: lang.T(p.Lang, "proof.unknown.text", lang.Args{"Contact": p.Contact})}
	return s.short(c, http.StatusNotFound, shortPage{Page: p, Note: note})
}

type proofPage struct {
	Page
	Note  *Note
	Facts []Fact
	Post  string
	File  Field
}

// postReceiptProof compares a file with the receipt; nothing of it is kept.
func (s *Server) postReceiptProof(c *gin.Context) error {
	k, v, err := s.receiptOf(c)
	if errors.Is(err, workflow.ErrNotFound) {
		return s.unknownReceipt(c)
	}
	if err != nil {
		return err
	}
	l, _ := LangOf(c.Request)
	file, _, err := c.Request.FormFile("file")
	if err != nil {
		return s.drawReceiptProof(c, nil, workflow.Violations{{Field: "file", Code: "required"}})
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, sql.MaxFile+1))
	if err != nil {
		return err
	}
	if kind, err := contentType(file); err == nil { // pictures are kept without what the camera wrote
		if clean, err := imageclean.Clean(kind, raw); err == nil {
			raw = clean
		}
	}
	sum := sha256.Sum256(raw)
	code := hex.EncodeToString(sum[:])
	for _, d := range k.App.Documents {
		if d.SHA256 == code {
			return s.drawReceiptProof(
				c,
				&Note{Kind: "good", Strong: lang.T(l, "proof.same"), Text: lang.T(l, "proof.document", lang.Args{"At": lang.Stamp(l, d.At)})},
				nil,
			)
		}
	}
	for _, a := range k.App.FiledWith(v.N) {
		if a.SHA256 == code {
			return s.drawReceiptProof(
				c,
				&Note{Kind: "good", Strong: lang.T(l, "proof.same"), Text: lang.T(l, "proof.attached", lang.Args{"Kind": lang.T(l, "attachment."+a.Kind)})},
				nil,
			)
		}
	}
	return s.drawReceiptProof(c, &Note{Kind: "bad", Strong: lang.T(l, "proof.other"), Text: lang.T(l, "proof.other.text", lang.Args{"Sum": code})}, nil)
}
