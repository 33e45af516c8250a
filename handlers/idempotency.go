package handlers

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
)

// keyForm is what an Idempotency-Key may look like: printable and not endless.
var keyForm = regexp.MustCompile(`^[\x21-\x7e]{1,255}$`)

// errNotKept ends a run whose answer shall not be remembered: a refusal may
// turn out well when it is sent again.
var errNotKept = errors.New("a refusal is not kept")

// idempotent makes a POST with an Idempotency-Key happen once: the same person
// sending the same key and body gets the first answer again, for at least 24
// hours and across restarts; another body is refused. It stands after the
// sign-in and before everything else. The key is the person's own, so that
// nobody can fetch another one's answer.
func (s *Server) idempotent(c *gin.Context) {
	key := c.GetHeader("Idempotency-Key")
	if key == "" || c.Request.Method != http.MethodPost {
		c.Next()
		return
	}
	if !keyForm.MatchString(key) {
		s.fail(c, errKeyForm)
		return
	}
	body, err := io.ReadAll(c.Request.Body)
	if err != nil {
		s.fail(c, bodyError(err))
		return
	}
	digest := requestDigest(c.Request, body)
	real := c.Writer
	var refused *recorder
	// Once begun it is finished and kept, even if the caller has hung up: it will ask again.
	whole := context.WithoutCancel(c.Request.Context())
	kept, again, err := s.store.Keep(whole, actorOf(c).ID, key, digest, func(ctx context.Context) (sql.Kept, error) {
		rec := &recorder{ResponseWriter: real, header: real.Header().Clone()}
		c.Writer, c.Request = rec, c.Request.WithContext(ctx)
		c.Request.Body = io.NopCloser(bytes.NewReader(body))
		defer func() { c.Writer = real }()
		c.Next()
		if rec.Status() < 200 || rec.Status() > 299 {
			refused = rec
			return sql.Kept{}, errNotKept
		}
		return rec.kept(), nil
	})
	c.Writer = real
	c.Abort() // c.Next has run what stands behind, or must not
	switch {
	case errors.Is(err, errNotKept):
		send(real, refused.kept())
	case err != nil:
		s.fail(c, err)
	default:
		if again {
			real.Header().Set("Idempotency-Replayed", "true")
		}
		if kept.Status == 0 { // done, but the answer was lost in a crash: the case as it is now
			s.resend(c, kept.Application, body)
			return
		}
		send(real, kept)
	}
}

// resend answers for an effect that is stored while its answer was lost: with
// the batch, the bank's file or the case as it is now.
func (s *Server) resend(c *gin.Context, application int64, body []byte) {
	status := http.StatusOK
	if !strings.Contains(c.FullPath(), "/actions/") {
		status = http.StatusCreated
	}
	show := func() error { return s.show(c, status, application) }
	if strings.HasPrefix(c.FullPath(), apiPrefix+"/payout-batches") {
		show = func() error { return s.resendBatch(c, status, application) }
	}
	if strings.HasPrefix(c.FullPath(), apiPrefix+"/payment-status") {
		show = func() error { return s.resendBankFile(c, body) }
	}
	if err := show(); err != nil {
		s.fail(c, err)
	}
}

// resendBatch finds the batch that was meant: the one of the path, or the newest that pays the application.
func (s *Server) resendBatch(c *gin.Context, status int, application int64) error {
	ctx, by := c.Request.Context(), actorOf(c)
	all, err := s.store.BatchHeads(ctx, by)
	if err != nil {
		return err
	}
	for _, head := range slices.Backward(all) {
		if named := c.Param("id"); named != "" && named != idKeyOf(head.ID) {
			continue
		}
		b, err := s.store.Batch(ctx, by, head.ID)
		if err != nil {
			return err
		}
		pays := slices.ContainsFunc(b.Lines, func(l workflow.BatchLine) bool { return l.Application == application })
		if c.Param("id") != "" || pays {
			return s.showBatch(c, status, b)
		}
	}
	return workflow.ErrNotFound
}

// requestDigest tells two requests with one key apart.
func requestDigest(r *http.Request, body []byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s\n", r.Method, r.URL.RequestURI())
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

// keptHeaders are those that belong to the answer; the others belong to the connection.
var keptHeaders = []string{"Content-Type", "ETag", "Location", "Link", "Cache-Control", "Retry-After", "WWW-Authenticate", "Content-Language"}

// recorder keeps an answer instead of sending it.
type recorder struct {
	gin.ResponseWriter
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header { return w.header }
func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}
func (w *recorder) WriteHeaderNow() { w.WriteHeader(http.StatusOK) }
func (w *recorder) Write(b []byte) (int, error) {
	w.WriteHeaderNow()
	return w.body.Write(b)
}
func (w *recorder) WriteString(s string) (int, error) { return w.Write([]byte(s)) }
func (w *recorder) Written() bool                     { return w.status != 0 }
func (w *recorder) Size() int                         { return w.body.Len() }
func (w *recorder) Flush()                            {}
func (w *recorder) Status() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

func (w *recorder) kept() sql.Kept {
	k := sql.Kept{Status: w.Status(), Header: map[string]string{}, Body: w.body.Bytes()}
	for _, name := range keptHeaders {
		if v := w.header.Get(name); v != "" {
			k.Header[name] = v
		}
	}
	return k
}

func send(w http.ResponseWriter, k sql.Kept) {
	for name, v := range k.Header {
		w.Header().Set(name, v)
	}
	w.WriteHeader(k.Status)
	_, _ = w.Write(k.Body) // the caller has gone; the answer is kept for the next time
}
