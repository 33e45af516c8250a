package handlers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"fund/workflow"
)

// batchPart is how many payments of a batch are held at a time while it is answered.
const batchPart = 500

// noPayments is where the payments go into a batch that was written without any. Quotes
// in texts are escaped, so that no text holds it.
var noPayments = []byte(`"payments":[]`)

// streamBatch answers with one batch, of a hundred thousand payments as of ten: they are
// read and written part by part. What fails after the first part ends the connection, as
// half an answer must not look like a whole one; and so does a step that somebody takes
// with the batch meanwhile, for its ETag has gone out.
func (s *Server) streamBatch(c *gin.Context, b workflow.Batch) error {
	ctx, by := c.Request.Context(), actorOf(c)
	head, err := s.batchHeadJSON(c, b)
	if err != nil {
		return err
	}
	before, after, found := bytes.Cut(head, noPayments)
	if !found {
		return fmt.Errorf("batch %d has no place for its payments", b.ID)
	}
	c.Header("ETag", etag(b.Version))
	c.Header("Cache-Control", "no-store") // as in answer
	c.Header("Content-Type", "application/json; charset=utf-8")
	c.Status(http.StatusOK)
	var out bytes.Buffer
	out.Write(before)
	out.WriteString(`"payments":[`)
	comma := ""
	for n, part := 0, b; len(part.Lines) > 0; {
		for _, l := range part.Lines {
			if l.Withheld {
				continue
			}
			out.WriteString(comma)
			comma = ","
			raw, err := json.Marshal(representLine(l))
			if err != nil {
				panic(http.ErrAbortHandler)
			}
			out.Write(raw)
		}
		if _, err := out.WriteTo(c.Writer); err != nil {
			return nil // nobody reads any more
		}
		n += len(part.Lines)
		if len(part.Lines) < batchPart {
			break
		}
		if part, err = s.store.BatchPart(ctx, by, b.ID, n, batchPart); err != nil || part.Version != b.Version {
			s.log.WarnContext(ctx, "a batch changed while it was answered", "batch", b.ID, "error", err)
			panic(http.ErrAbortHandler)
		}
	}
	out.WriteString("]")
	out.Write(after)
	_, _ = out.WriteTo(c.Writer) // nobody reads any more
	return nil
}

// batchHeadJSON is a batch in JSON as if it had no payments; what they come to is summed
// up by the database.
func (s *Server) batchHeadJSON(c *gin.Context, b workflow.Batch) ([]byte, error) {
	ctx, by := c.Request.Context(), actorOf(c)
	gists, err := s.store.BatchGists(ctx, b.ID)
	if err != nil {
		return nil, err
	}
	files, err := s.store.BatchFiles(ctx, by, b.ID)
	if err != nil {
		return nil, err
	}
	b.Lines = nil
	out, err := representHead(b, gists[b.ID], files, by)
	if err != nil {
		return nil, err
	}
	return json.Marshal(out)
}
