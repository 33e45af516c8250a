package handlers

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"fund/jobs/clamd"
	"fund/jobs/imageclean"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// scanLimit is how long a person waits for the virus scanner. When it does not
// answer, the file is kept and a job asks again.
const scanLimit = 15 * time.Second

// keepUpload stores a file: pictures without what the camera wrote about them
// (RF-25), and scanned where there is a scanner. An infected file is not kept.
func (s *Server) keepUpload(ctx context.Context, ref sql.Ref, by workflow.Actor, up upload) (workflow.Application, error) {
	body, err := up.clean()
	if err != nil {
		return workflow.Application{}, err
	}
	return s.keepBody(ctx, ref, by, up, body)
}

// keepOnce is keepUpload for a page, where somebody tries again when no answer
// came: the same file of the same kind is not kept twice.
// A photo is declared free of names and of pupils who did not consent (RF-25,
// L17); the API takes one without, and the officer sees that nothing was said.
func (s *Server) keepOnce(ctx context.Context, k workflow.Case, by workflow.Actor, up upload) error {
	if photo := (workflow.Attachment{Kind: up.kind, Type: up.contentType}).Photo(); photo && !up.consent {
		return workflow.Violations{{Field: "consent", Rule: "RF-25", Code: "photo_consent"}}
	}
	body, err := up.clean()
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	same := workflow.Attachment{Kind: up.kind, Name: up.name, SHA256: hex.EncodeToString(sum[:])}
	if slices.ContainsFunc(k.App.Attachments, func(a workflow.Attachment) bool {
		return a.Kind == same.Kind && a.Name == same.Name && a.SHA256 == same.SHA256
	}) {
		return nil
	}
	_, err = s.keepBody(ctx, sql.Ref{ID: k.App.ID}, by, up, body)
	return err
}

// clean reads the file, a picture without what the camera wrote about it (RF-25).
func (up upload) clean() ([]byte, error) {
	raw, err := io.ReadAll(up.file)
	if err != nil {
		return nil, fmt.Errorf("uploaded file: %w", err)
	}
	body, err := imageclean.Clean(up.contentType, raw)
	if err != nil {
		return nil, workflow.Violations{{Field: "file", Code: "file_broken"}}
	}
	return body, nil
}

// keepBody stores what clean gave, scanned where there is a scanner. An infected file is not kept.
func (s *Server) keepBody(ctx context.Context, ref sql.Ref, by workflow.Actor, up upload, body []byte) (workflow.Application, error) {
	scan, err := s.scan(ctx, body)
	if err != nil {
		return workflow.Application{}, err
	}
	file := workflow.Attachment{Kind: up.kind, Name: up.name, Type: up.contentType, Scan: scan}
	if up.consent && file.Photo() {
		file.Consent = &workflow.Consent{}
	}
	return s.store.PutFile(ctx, ref, by, file, bytes.NewReader(body), up.replaces)
}

// UploadBox is where a file is chosen and sent, see upload in parts/form.html.
type UploadBox struct {
	Kinds   *Field // nil: there is only one kind
	File    Field
	Consent *Field // what must be declared of a photo
	SignIn  string // in a tab of its own, so that the chosen file stays
	Max     int64  // bytes
}

func uploadBox(f *Form, page string) UploadBox {
	l := f.Lang
	return UploadBox{Kinds: &Field{Form: f, Name: "kind", Label: lang.T(l, "field.kind"), Options: Options(l, "attachment", workflow.AttachmentKinds...)},
		File:   Field{Form: f, Name: "file", Label: lang.T(l, "field.file"), Hint: lang.T(l, "field.file.hint"), Accept: ".pdf,.jpg,.jpeg,.png,.docx,.odt"},
		SignIn: "/sign-in?" + url.Values{"next": {page}}.Encode(), Max: sql.MaxFile}
}

// scan asks the virus scanner: clean, not_scanned without one, waiting when it does not answer.
func (s *Server) scan(ctx context.Context, body []byte) (string, error) {
	if s.Scanner == nil {
		return "not_scanned", nil
	}
	scanner := *s.Scanner
	scanner.Timeout = scanLimit
	v, err := scanner.Scan(ctx, bytes.NewReader(body))
	switch {
	case errors.Is(err, clamd.ErrAway):
		s.log.WarnContext(ctx, "virus scanner away", "error", err)
		return "waiting", nil
	case err != nil:
		return "", err
	case v.Infected():
		return "", workflow.Violations{{Field: "file", Code: "file_infected", Args: map[string]any{"Signature": v.Signature}}}
	}
	return "clean", nil
}

// fileWarnings say at once what a file's name must not hold (RF-25); what stops a filing is said there too.
func fileWarnings(l lang.Lang, k workflow.Case, today workflow.Date) *Note {
	n := Note{Kind: "warn", Strong: lang.T(l, "files.warn")}
	for _, x := range workflow.Findings(k, today) {
		if x.Rule == "RF-25" && strings.HasPrefix(x.Field, "attachments.") {
			n.Items = append(n.Items, lang.T(l, "attachment."+strings.TrimPrefix(x.Field, "attachments."))+": "+SayFinding(l, x))
		}
	}
	if len(n.Items) == 0 {
		return nil
	}
	return &n
}
