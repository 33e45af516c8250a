package handlers

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// problem is a refusal as RFC 9457 writes it. Slug is the end of its type and
// of the words problem.<slug>.title; Detail is in the caller's language, the
// other two in both, for those who show it to others.
type problem struct {
	Type     string            `json:"type" doc:"/problems/<slug>: what went wrong, for programs."`
	Title    string            `json:"title"`
	Status   int               `json:"status"`
	Detail   string            `json:"detail"`
	Instance string            `json:"instance,omitempty" doc:"The request's id, as in the log."`
	DetailSV string            `json:"detail_sv"`
	DetailEN string            `json:"detail_en"`
	Code     string            `json:"code,omitempty" doc:"The guard or right that refused."`
	State    string            `json:"state,omitempty" doc:"Where the case is, when its state does not allow the action."`
	Action   workflow.Action   `json:"action,omitempty"`
	Open     []workflow.Action `json:"allowed_actions,omitempty" doc:"What this caller can do now."`
	Errors   []problemField    `json:"errors,omitempty" doc:"What is wrong with each field."`
}

// problemField is one thing wrong with what was sent.
type problemField struct {
	Field     string `json:"field"`
	Rule      string `json:"rule" doc:"RF-01 … RF-27, or a word for what has no such rule."`
	Code      string `json:"code"`
	MessageSV string `json:"message_sv"`
	MessageEN string `json:"message_en"`
}

// Refusals that only HTTP knows.
var (
	errMethod      = errors.New("method not allowed")
	errBodySize    = errors.New("the body is too large")
	errContentType = errors.New("the content type is not taken here")
	errKeyForm     = errors.New("the idempotency key is malformed")
	errMalformed   = errors.New("what was sent cannot be read")
)

// problemOf finds the answer for an error. An error that nobody foresaw is 500
// and tells nothing of itself.
func problemOf(r *http.Request, err error) problem {
	l, _ := LangOf(r)
	answer := func(status int, slug string, say func(lang.Lang) string) problem {
		p := problem{Type: "/problems/" + slug, Title: lang.T(l, "problem."+word(slug)+".title"), Status: status}
		if say == nil {
			say = func(l lang.Lang) string { return lang.T(l, "problem."+word(slug)) }
		}
		p.Detail, p.DetailSV, p.DetailEN = say(l), say(lang.SV), say(lang.EN)
		return p
	}
	var (
		forbidden  workflow.Forbidden
		wrong      workflow.WrongState
		refused    workflow.Refused
		violations workflow.Violations
		lost       lostCase
	)
	if status, field, ok := refusedBankFile(err); ok {
		p := answer(status, "bank-file", nil)
		p.Errors = []problemField{field}
		return p
	}
	switch {
	case errors.Is(err, workflow.ErrUnauthorised):
		return answer(http.StatusUnauthorized, "not-signed-in", nil)
	case errors.As(err, &lost):
		return answer(http.StatusNotFound, "lost-"+lost.why, nil)
	case errors.Is(err, workflow.ErrNotFound):
		return answer(http.StatusNotFound, "not-found", nil)
	case errors.Is(err, errMethod):
		return answer(http.StatusMethodNotAllowed, "method-not-allowed", nil)
	case errors.As(err, &forbidden):
		p := answer(http.StatusForbidden, "forbidden", func(l lang.Lang) string { return SayForbidden(l, forbidden) })
		p.Code = forbidden.Code
		return p
	case errors.Is(err, workflow.ErrNoVersion):
		return answer(http.StatusPreconditionRequired, "version-required", nil)
	case errors.Is(err, workflow.ErrStale):
		return answer(http.StatusPreconditionFailed, "changed-meanwhile", nil)
	case errors.As(err, &wrong):
		p := answer(http.StatusConflict, "wrong-state", func(l lang.Lang) string { return SayWrongState(l, wrong) })
		p.State, p.Action, p.Open = string(wrong.State), wrong.Action, wrong.Open
		return p
	case errors.As(err, &refused):
		p := answer(http.StatusConflict, "refused", func(l lang.Lang) string { return SayRefused(l, refused) })
		p.Code = refused.Code
		return p
	case errors.As(err, &violations):
		p := answer(http.StatusUnprocessableEntity, "refused-form", nil)
		for _, v := range violations {
			p.Errors = append(p.Errors, problemField{v.Field, v.RuleName(), v.Code, SayViolation(lang.SV, v), SayViolation(lang.EN, v)})
		}
		return p
	case errors.Is(err, sql.ErrKeyReused):
		return answer(http.StatusUnprocessableEntity, "idempotency-key-reused", nil)
	case errors.Is(err, errKeyForm):
		return answer(http.StatusBadRequest, "idempotency-key-form", nil)
	case errors.Is(err, errMalformed):
		return answer(http.StatusBadRequest, "malformed", nil)
	case errors.Is(err, sql.ErrPast):
		return answer(http.StatusConflict, "clock-only-forward", nil)
	case errors.Is(err, errBodySize):
		return answer(http.StatusRequestEntityTooLarge, "too-large", nil)
	case errors.Is(err, errContentType):
		return answer(http.StatusUnsupportedMediaType, "content-type", nil)
	case errors.Is(err, workflow.ErrBusy):
		return answer(http.StatusServiceUnavailable, "busy", nil)
	case sql.Away(err):
		return answer(http.StatusServiceUnavailable, "away", nil)
	}
	return internalProblem(r)
}

// internalProblem is for what is ours to mend; the log has the rest under the request's id.
func internalProblem(r *http.Request) problem {
	l, _ := LangOf(r)
	id, _ := r.Context().Value(idKey{}).(string)
	return problem{Type: "/problems/internal", Title: lang.T(l, "problem.internal.title"), Status: http.StatusInternalServerError,
		Detail: lang.T(l, "problem.internal"), DetailSV: lang.T(lang.SV, "problem.internal"), DetailEN: lang.T(lang.EN, "problem.internal"),
		Instance: id}
}

// word is a slug as it stands in keys of words.
func word(slug string) string { return strings.ReplaceAll(slug, "-", "_") }

func writeProblem(w http.ResponseWriter, p problem) {
	body, err := json.Marshal(p)
	if err != nil {
		panic(err) // texts and numbers
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	switch p.Status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="fund"`)
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", "1")
	}
	w.WriteHeader(p.Status)
	_, _ = w.Write(body) // the caller has gone; nothing is left to tell
}

// fail answers an API request with its problem, and logs what is ours to mend.
func (s *Server) fail(c *gin.Context, err error) {
	p := problemOf(c.Request, err)
	if p.Status >= http.StatusInternalServerError {
		id, _ := c.Request.Context().Value(idKey{}).(string)
		s.log.ErrorContext(c.Request.Context(), "request failed", "request", id, "method", c.Request.Method, "path", c.FullPath(), "error", err)
	}
	writeProblem(c.Writer, p)
	c.Abort()
}
