package handlers

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/gabriel-vasile/mimetype"
	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
)

// takenTypes are the kinds of files that are taken, judged by content. The text
// after the colon is how people know them.
var takenTypes = []string{
	"application/pdf", "image/jpeg", "image/png",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/vnd.oasis.opendocument.text",
}

// attach stores one file: multipart with kind, file and perhaps replaces.
func (s *Server) attach(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	ref := sql.Ref{ID: id, Version: optionalMatch(c.Request)}
	up, err := readUpload(c)
	if up.file != nil {
		defer up.file.Close()
	}
	if err != nil {
		return s.earlier(c, id, ref.Version, &workflow.Attach{File: workflow.Attachment{Kind: "other"}}, err)
	}
	if _, err := s.keepUpload(c.Request.Context(), ref, actorOf(c), up); err != nil {
		return s.withOpen(c, id, err)
	}
	return s.show(c, http.StatusCreated, id)
}

// upload is one file as it came in.
type upload struct {
	kind, name, contentType string
	replaces                int64
	consent                 bool // declared of a photo in a report
	file                    multipart.File
}

func readUpload(c *gin.Context) (up upload, err error) {
	head := &opening{Reader: c.Request.Body, Closer: c.Request.Body}
	c.Request.Body = head
	if err := c.Request.ParseMultipartForm(formLimit); err != nil {
		if errors.Is(err, http.ErrNotMultipart) || errors.Is(err, http.ErrMissingBoundary) {
			return up, workflow.Violations{{Field: "file", Code: "required"}}
		}
		if e := bodyError(err); errors.Is(e, errBodySize) {
			head.fields(c.Request)
			return up, workflow.Violations{{Field: "file", Code: "file_too_large"}}
		}
		return up, workflow.Violations{{Field: "file", Code: "file_broken"}}
	}
	return takeUpload(c.Request.MultipartForm)
}

// opening is a body whose first bytes are kept: what was chosen on the page stands
// before the file, and would go with one that is too large to be read.
type opening struct {
	io.Reader
	io.Closer
	kept []byte
}

const openingMost = 4 << 10

func (o *opening) Read(b []byte) (int, error) {
	n, err := o.Reader.Read(b)
	o.kept = append(o.kept, b[:min(n, openingMost-len(o.kept))]...)
	return n, err
}

// fields reads what stands before the file into the form of the request.
func (o *opening) fields(r *http.Request) {
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return // it was no form
	}
	parts := multipart.NewReader(bytes.NewReader(o.kept), params["boundary"])
	for {
		part, err := parts.NextPart()
		if err != nil || part.FileName() != "" {
			return
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return // cut off
		}
		r.PostForm.Add(part.FormName(), string(value))
	}
}

func takeUpload(form *multipart.Form) (up upload, err error) {
	first := func(name string) string {
		if v := form.Value[name]; len(v) > 0 {
			return strings.TrimSpace(v[0])
		}
		return ""
	}
	var faults workflow.Violations
	switch up.kind = first("kind"); {
	case up.kind == "":
		faults = append(faults, workflow.Violation{Field: "kind", Code: "required"})
	case !slices.Contains(workflow.AttachmentKinds, up.kind):
		faults = append(faults, workflow.Violation{Field: "kind", Code: "choice"})
	}
	up.consent = slices.Contains([]string{"1", "true"}, first("consent"))
	if text := first("replaces"); text != "" {
		if up.replaces, err = strconv.ParseInt(text, 10, 64); err != nil {
			faults = append(faults, workflow.Violation{Field: "replaces", Code: "wrong_type"})
		}
	}
	files := form.File["file"]
	if len(files) == 0 {
		return up, append(faults, workflow.Violation{Field: "file", Code: "required"})
	}
	h := files[0]
	up.name = fileName(h.Filename)
	switch {
	case h.Size > sql.MaxFile:
		faults = append(faults, workflow.Violation{Field: "file", Code: "file_too_large"})
	case h.Size == 0:
		faults = append(faults, workflow.Violation{Field: "file", Code: "file_empty"})
	}
	if len(faults) > 0 {
		return up, faults
	}
	if up.file, err = h.Open(); err != nil {
		return up, fmt.Errorf("uploaded file: %w", err)
	}
	if up.contentType, err = contentType(up.file); err != nil {
		return up, err
	}
	up.name = endedAs(up.name, up.contentType)
	return up, nil
}

// endedAs ends a file's name as its content does, so that nobody who fetches it is
// offered a page or a program: plan.hta with a PDF's first bytes is plan.hta.pdf.
func endedAs(name, contentType string) string {
	ends := strings.ToLower(path.Ext(name))
	if k := mimetype.Lookup(contentType); k == nil || ends == k.Extension() || ends == ".jpeg" && k.Is("image/jpeg") {
		return name
	}
	return name + mimetype.Lookup(contentType).Extension()
}

// contentType judges a file by its first bytes, whatever its name says.
func contentType(f io.ReadSeeker) (string, error) {
	kind, err := mimetype.DetectReader(f)
	if err != nil {
		return "", fmt.Errorf("uploaded file: %w", err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", fmt.Errorf("uploaded file: %w", err)
	}
	for _, t := range takenTypes {
		if kind.Is(t) {
			return t, nil
		}
	}
	return "", workflow.Violations{{Field: "file", Code: "file_type"}}
}

// fileName is the last part of what the browser calls the file, short enough to
// show, and without signs that nobody sees: some turn the order of the letters round.
func fileName(s string) string {
	s = path.Base(strings.ReplaceAll(s, `\`, "/"))
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.C, r) {
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 150 {
		ext := path.Ext(s)
		s = string(r[:150-min(len([]rune(ext)), 20)]) + ext
	}
	if s == "" || s == "." || s == "/" {
		return "fil"
	}
	return s
}

// attachment sends a file.
func (s *Server) attachment(c *gin.Context) error {
	id, aid, err := pathIDs(c, "aid")
	if err != nil {
		return err
	}
	by := actorOf(c)
	a, r, err := s.store.Attachment(c.Request.Context(), by, id, aid)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := openable(a, by); err != nil {
		return err
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("attachment %d: %w", aid, err)
	}
	download(c, a.Name, a.Type, a.SHA256, false, raw)
	return nil
}

// openable refuses a file that may do harm; who sent it knows what is in it.
func openable(a workflow.Attachment, by workflow.Actor) error {
	switch {
	case a.Scan == "infected":
		return workflow.Refused{Code: "file_infected"}
	case a.Scan == "waiting" && a.By != by.ID:
		return workflow.Refused{Code: "file_waiting"}
	}
	return nil
}

// detach takes a file out of a draft.
func (s *Server) detach(c *gin.Context) error {
	id, aid, err := pathIDs(c, "aid")
	if err != nil {
		return err
	}
	if _, err := s.store.Apply(c.Request.Context(), sql.Ref{ID: id, Version: ifMatch(c.Request)}, actorOf(c), &workflow.Detach{ID: aid}); err != nil {
		return s.withOpen(c, id, err)
	}
	return s.show(c, http.StatusOK, id)
}

// document sends a letter or receipt.
func (s *Server) document(c *gin.Context) error {
	id, did, err := pathIDs(c, "did")
	if err != nil {
		return err
	}
	d, raw, err := s.store.Document(c.Request.Context(), actorOf(c), id, did)
	if err != nil {
		return err
	}
	download(c, d.Name, d.Type, d.SHA256, true, raw)
	return nil
}
