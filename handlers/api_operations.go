package handlers

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/workflow"
)

// verifyAudit proves the event log, or names where it does not hold.
func (s *Server) verifyAudit(c *gin.Context) error {
	if by := actorOf(c); !by.Office() {
		return workflow.Forbidden{Code: "role"}
	}
	a, err := s.store.VerifyAudit(c.Request.Context())
	if err != nil {
		return err
	}
	a.Broken = orEmpty(a.Broken)
	return answer(c, http.StatusOK, a, "")
}

// clockJSON is what the one clock says.
type clockJSON struct {
	Now    moment `json:"now"`
	Frozen bool   `json:"frozen"`
}

// clock reads the rehearsal clock.
func (s *Server) clock(c *gin.Context) error {
	k, err := s.store.Clock(c.Request.Context())
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, clockJSON{moment(k.Now), k.Frozen}, "")
}

// clockMoveJSON moves the clock. Without now everything due finishes; without frozen it stays as it is.
type clockMoveJSON struct {
	Now    *string `json:"now,omitempty" doc:"Instant to move to: RFC 3339, or local without offset."`
	Frozen *bool   `json:"frozen,omitempty" doc:"true holds the clock still, false lets it run on."`
}

// movedJSON is what moving led to.
type movedJSON struct {
	Now    moment          `json:"now"`
	Ran    int             `json:"ran" doc:"Jobs that were done."`
	Failed []failedJobJSON `json:"failed" doc:"Jobs that failed three times."`
}

type failedJobJSON struct {
	ID          int64  `json:"id"`
	Kind        string `json:"kind"`
	Application *int64 `json:"application"`
	Error       string `json:"error"`
}

// moveClock lets everything happen that would have happened by then.
func (s *Server) moveClock(c *gin.Context) error {
	var in clockMoveJSON
	if err := readJSON(c, &in); err != nil {
		return err
	}
	var to *time.Time
	if in.Now != nil {
		at, err := workflow.ParseInstant(strings.TrimSpace(*in.Now))
		if err != nil {
			return workflow.Violations{{Field: "now", Code: "date"}}
		}
		to = &at
	}
	moved, err := s.store.Advance(c.Request.Context(), to, in.Frozen)
	if err != nil {
		return err
	}
	out := movedJSON{Now: moment(moved.Now), Ran: moved.Ran, Failed: []failedJobJSON{}}
	for _, f := range moved.Failed {
		out.Failed = append(out.Failed, failedJobJSON{f.ID, f.Kind, idOrNull(f.Application), f.Error})
	}
	return answer(c, http.StatusOK, out, "")
}

// rehearsalMail lists the mailbox of a rehearsal.
func (s *Server) rehearsalMail(c *gin.Context) error {
	limit, after, err := windowOf(c)
	if err != nil {
		return err
	}
	var app int64
	if text := c.Query("application"); text != "" {
		if app, err = strconv.ParseInt(text, 10, 64); err != nil || app < 1 {
			return answer(c, http.StatusOK, listJSON[mailJSON]{[]mailJSON{}}, "")
		}
	}
	rows, next, err := s.store.RehearsalMail(c.Request.Context(), c.Query("to"), app, limit, after)
	if err != nil {
		return err
	}
	items := make([]mailJSON, 0, len(rows))
	for _, m := range rows {
		items = append(items, representMail(m))
	}
	if next != 0 {
		linkNext(c, idKeyOf(next))
	}
	return answer(c, http.StatusOK, listJSON[mailJSON]{items}, "")
}
