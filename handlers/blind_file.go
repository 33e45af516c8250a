package handlers

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/jobs/filetext"
	"fund/workflow"
	"fund/workflow/lang"
)

// blindFilePage is the text of a file without names, for reviewers in a blind
// round and for the officer who looks before they do.
type blindFilePage struct {
	Page
	Note  *Note
	Lines []string
}

// showBlindFile shows a file's words, never the file, its name or what it says about itself.
func (s *Server) showBlindFile(c *gin.Context) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	id, err := idOf(c, "aid")
	if err != nil {
		return err
	}
	by := actorOf(c)
	if !k.Round.Rules.BlindReview || !k.IsMasked() && !by.Is(workflow.Officer) && !by.Is(workflow.Head) {
		return workflow.ErrNotFound
	}
	p, err := s.newPage(c, "blind.file")
	if err != nil {
		return err
	}
	f, err := s.blindFile(c, k.App.ID, id)
	if err != nil {
		return err
	}
	back := fmt.Sprintf("/cases/%d", k.App.ID)
	if !k.IsMasked() {
		back += "/blind"
	}
	p.Title, p.Over, p.Back = lang.T(p.Lang, "attachment."+f.kind), k.App.DNR, &Link{Text: lang.T(p.Lang, "act.back"), Href: back}
	page := blindFilePage{Page: p, Note: &Note{Text: lang.T(p.Lang, "blind.file.text")}}
	if f.closed {
		page.Note = &Note{Kind: "warn", Text: lang.T(p.Lang, "blind.file.closed")}
	}
	for line := range strings.Lines(f.text) {
		if line = strings.TrimSpace(line); line != "" {
			page.Lines = append(page.Lines, line)
		}
	}
	return s.page(c, http.StatusOK, "case/blind_file", page)
}

// maskedFile is a file's words without names.
type maskedFile struct {
	id       int64
	kind     string
	text     string
	closed   bool // it has no words: a picture or a scan
	left     []string
	doubtful []string
}

// blindFile reads a file of a case, whose reader was let through before.
func (s *Server) blindFile(c *gin.Context, app, id int64) (maskedFile, error) {
	ctx := c.Request.Context()
	whole, err := s.store.Case(ctx, workflow.Machine(), app)
	if err != nil {
		return maskedFile{}, err
	}
	a, r, err := s.store.Attachment(ctx, workflow.Machine(), app, id)
	if err != nil {
		return maskedFile{}, err
	}
	defer r.Close() // read only
	if err := openable(a, actorOf(c)); err != nil {
		return maskedFile{}, err
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return maskedFile{}, fmt.Errorf("attachment %d: %w", id, err)
	}
	out := maskedFile{id: id, kind: a.Kind}
	text, err := filetext.Of(a.Type, raw)
	if errors.Is(err, filetext.ErrNoText) {
		out.closed = true
		return out, nil
	}
	out.text = workflow.MaskFile(whole, text)
	if len(workflow.SplitLeaks(whole, out.text)) > 0 { // the file breaks words into letters: what can't be found can't be masked
		out.text, out.closed = "", true
		return out, nil
	}
	out.left, out.doubtful = workflow.Leaks(whole, out.text), workflow.Doubtful(whole, out.text)
	return out, err
}

// blindFacts are the files as reviewers get them, each with what may still tell whose it is.
func (s *Server) blindFacts(c *gin.Context, l lang.Lang, k workflow.Case) (facts []Fact, left []string, err error) {
	for _, a := range k.App.Attachments {
		f, err := s.blindFile(c, k.App.ID, a.ID)
		var refused workflow.Refused
		if errors.As(err, &refused) {
			facts = append(facts, Fact{Term: lang.T(l, "attachment."+a.Kind), Value: SayRefused(l, refused)})
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		fact := Fact{Term: lang.T(l, "attachment."+a.Kind), Value: lang.T(l, "blind.file.closed")}
		if !f.closed {
			fact.Value, fact.Links = lang.T(
				l,
				"blind.file.read",
			), []Link{
				{Text: lang.T(l, "blind.file"), Hidden: lang.T(l, "attachment."+a.Kind), Href: fmt.Sprintf("/cases/%d/blind/%d", k.App.ID, a.ID)},
			}
			if len(f.doubtful) > 0 {
				fact.Note = lang.T(l, "blind.file.doubt", lang.Args{"Words": lang.List(l, f.doubtful)})
			}
		}
		left = append(left, f.left...)
		facts = append(facts, fact)
	}
	return facts, left, nil
}
