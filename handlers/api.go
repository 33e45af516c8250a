package handlers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
)

// apiPrefix is where the API begins.
const apiPrefix = "/api/v1"

// Sizes of lists and bodies.
const (
	pageSize    = 100
	largestPage = 500
	jsonLimit   = 4 << 20               // bytes of a JSON body
	formLimit   = sql.MaxFile + 256<<10 // bytes of an attachment with what multipart puts around it
	bankLimit   = 64 << 20              // bytes of a file from the bank
)

// actorKey is where the signed-in person stands in a request.
const actorKey = "fund.actor"

// actorOf gives who asks; nobody where no sign-in was needed.
func actorOf(c *gin.Context) workflow.Actor {
	a, _ := c.Get(actorKey)
	by, _ := a.(workflow.Actor)
	return by
}

// handler is a route's work: it answers, or returns why not.
type handler func(c *gin.Context) error

// api turns a handler's error into its problem.
func (s *Server) api(h handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := h(c); err != nil {
			s.fail(c, err)
		}
	}
}

// signedIn takes the bearer token and finds the person.
func (s *Server) signedIn(c *gin.Context) {
	scheme, token, _ := strings.Cut(c.GetHeader("Authorization"), " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		s.fail(c, workflow.ErrUnauthorised)
		return
	}
	by, err := s.store.ActorByToken(c.Request.Context(), token)
	if err != nil {
		s.fail(c, err)
		return
	}
	c.Set(actorKey, by)
	c.Next()
}

// bodyTime is how long a body may take to come in: 10 MB over half a megabit a second.
const bodyTime = 3 * time.Minute

// limited stops reading a body that is larger than the route takes, or that
// comes so slowly that the sender only means to keep the connection.
func (s *Server) limited(n int64) gin.HandlerFunc {
	return func(c *gin.Context) {
		if c.Request.Body != nil && c.Request.Body != http.NoBody {
			slow := &timedBody{ReadCloser: c.Request.Body, connection: http.NewResponseController(c.Writer)}
			_ = slow.connection.SetReadDeadline(s.Wall().Add(s.bodyTime)) // a test's recorder has no connection
			c.Request.Body = http.MaxBytesReader(c.Writer, slow, n)
		}
		c.Next()
	}
}

// timedBody lifts the connection's deadline when the body has come: the work
// that follows may take longer.
type timedBody struct {
	io.ReadCloser
	connection *http.ResponseController
}

func (b *timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		_ = b.connection.SetReadDeadline(time.Time{}) // as above
	}
	return n, err
}

// bodyError names what went wrong while a body was read.
func bodyError(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return errBodySize
	}
	return workflow.Violations{{Code: "json"}} // cut off, or not what its header says
}

// body reads the whole body. It must be UTF-8, as RFC 8259 says of JSON.
func body(c *gin.Context) ([]byte, error) {
	raw, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return nil, bodyError(err)
	}
	if raw = bytes.TrimSpace(raw); len(raw) > 0 && !takesJSON(c.GetHeader("Content-Type")) {
		return nil, errContentType
	}
	if !utf8.Valid(raw) || escapesNUL(raw) {
		return nil, workflow.Violations{{Code: "json"}}
	}
	return raw, nil
}

// takesJSON refuses a body that says to be something else. No type is JSON
// here, and so is what curl -d says when it is told nothing.
func takesJSON(header string) bool {
	kind, _, err := mime.ParseMediaType(header)
	if header == "" || err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json")) {
		return true
	}
	return kind == "application/octet-stream" || kind == "application/x-www-form-urlencoded"
}

// escapesNUL finds the one character that JSON can hold and PostgreSQL can't.
func escapesNUL(raw []byte) bool {
	for i := 0; i+1 < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		if bytes.HasPrefix(raw[i:], []byte(`\u0000`)) {
			return true
		}
		i++ // what is escaped begins nothing
	}
	return false
}

// readable refuses an address with characters that no text of the fund has. In
// the path it names nothing; in the query it is not what was asked for.
func (s *Server) readable(c *gin.Context) {
	fits := func(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }
	err := error(nil)
	if !fits(c.Request.URL.Path) {
		err = workflow.ErrNotFound
	} else if q, wrong := url.QueryUnescape(c.Request.URL.RawQuery); wrong == nil && !fits(q) {
		err = errMalformed
	}
	switch {
	case err == nil:
		c.Next()
	case strings.HasPrefix(c.FullPath(), apiPrefix+"/"):
		s.fail(c, err)
	default:
		s.failPage(c, err)
	}
}

// decode reads a JSON body. An unknown field and a value of the wrong type are
// violations at their field; an empty body is an empty object.
func decode(raw []byte, v any) error {
	if len(raw) == 0 {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	err := dec.Decode(v)
	if err == nil && !dec.More() {
		return nil
	}
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return workflow.Violations{{Field: workflow.WrongField(raw, wrong), Code: "wrong_type"}}
	}
	var at workflow.Violations
	if errors.As(err, &at) {
		return at
	}
	if err != nil {
		if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
			return workflow.Violations{{Field: strings.Trim(name, `"`), Code: "unknown_field"}}
		}
		if wrong := workflow.WrongDays(raw, v); len(wrong) > 0 {
			return wrong
		}
	}
	return workflow.Violations{{Code: "json"}}
}

// readJSON reads the request's body into v.
func readJSON(c *gin.Context, v any) error {
	raw, err := body(c)
	if err != nil {
		return err
	}
	return decode(raw, v)
}

// pathID reads a number of the path. What is no number does not exist.
func pathID(c *gin.Context, name string) (int64, error) {
	n, err := strconv.ParseInt(c.Param(name), 10, 64)
	if err != nil || n < 1 {
		return 0, workflow.ErrNotFound
	}
	return n, nil
}

// pathIDs reads :id and the number inside it that name calls.
func pathIDs(c *gin.Context, name string) (id, inner int64, err error) {
	if id, err = pathID(c, "id"); err == nil {
		inner, err = pathID(c, name)
	}
	return id, inner, err
}

// answer writes JSON. tag is the ETag, or nothing.
func answer(c *gin.Context, status int, v any, tag string) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("answer of %s: %w", c.FullPath(), err)
	}
	if tag != "" {
		c.Header("ETag", tag)
	}
	c.Header("Cache-Control", "no-store") // what one person reads is not for the next at the same screen
	c.Data(status, "application/json; charset=utf-8", raw)
	return nil
}

// listJSON is a page of a list.
type listJSON[T any] struct {
	Items []T `json:"items"`
}

// limitOf reads ?limit=.
func limitOf(c *gin.Context) (int, error) {
	text := c.Query("limit")
	if text == "" {
		return pageSize, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, workflow.Violations{{Field: "limit", Code: "range", Args: map[string]any{"Min": 1, "Max": largestPage}}}
	}
	return min(n, largestPage), nil
}

// afterID reads ?after= of a list that is in order of numbers.
func afterID(c *gin.Context) (int64, error) {
	text := c.Query("after")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, workflow.Violations{{Field: "after", Code: "wrong_type"}}
	}
	return n, nil
}

// windowOf reads ?limit= and ?after= of a list that is in order of numbers.
func windowOf(c *gin.Context) (limit int, after int64, err error) {
	if limit, err = limitOf(c); err == nil {
		after, err = afterID(c)
	}
	return limit, after, err
}

// linkNext tells where the list goes on.
func linkNext(c *gin.Context, after string) {
	q := url.Values{}
	for k, v := range c.Request.URL.Query() {
		q[k] = v
	}
	q.Set("after", after)
	next := url.URL{Path: c.Request.URL.Path, RawQuery: q.Encode()}
	c.Header("Link", "<"+next.String()+`>; rel="next"`)
}

// page cuts a short list that was read whole. key names an element; the list
// goes on after the element that ?after= names.
func page[T any](c *gin.Context, all []T, key func(T) string) ([]T, error) {
	limit, err := limitOf(c)
	if err != nil {
		return nil, err
	}
	if after := c.Query("after"); after != "" {
		i := slices.IndexFunc(all, func(x T) bool { return key(x) == after })
		if i < 0 {
			return []T{}, nil
		}
		all = all[i+1:]
	}
	if len(all) > limit {
		all = all[:limit]
		linkNext(c, key(all[limit-1]))
	}
	return orEmpty(all), nil
}

// answerPage answers a short list.
func answerPage[T any](c *gin.Context, all []T, key func(T) string) error {
	items, err := page(c, all, key)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, listJSON[T]{items}, "")
}

func idKeyOf(n int64) string { return strconv.FormatInt(n, 10) }

// is refuses somebody who holds none of the roles.
func is(by workflow.Actor, roles ...workflow.Role) error {
	if slices.ContainsFunc(roles, by.Is) {
		return nil
	}
	return workflow.Forbidden{Code: "role"}
}

// decodeLoosely reads the fields of v and leaves the others alone.
func decodeLoosely(raw []byte, v any) error { return json.Unmarshal(raw, v) }

// number is an id that clients may write as a number or as a text.
type number int64

// UnmarshalJSON reads 12 and "12".
func (n *number) UnmarshalJSON(raw []byte) error {
	text := strings.Trim(string(raw), `"`)
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return &json.UnmarshalTypeError{Value: "number"}
	}
	*n = number(v)
	return nil
}

func whole64(list []number) []int64 {
	out := make([]int64, len(list))
	for i, n := range list {
		out[i] = int64(n)
	}
	return out
}
