package handlers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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
	raw, err := io.ReadAll(up.file)
	if err != nil {
		return workflow.Application{}, fmt.Errorf("uploaded file: %w", err)
	}
	body, err := imageclean.Clean(up.contentType, raw)
	if err != nil {
		return workflow.Application{}, workflow.Violations{{Field: "file", Code: "file_broken"}}
	}
	scan, err := s.scan(ctx, body)
	if err != nil {
		return workflow.Application{}, err
	}
	return s.store.PutScanned(ctx, ref, by, up.kind, up.name, up.contentType, bytes.NewReader(body), up.replaces, scan)
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
