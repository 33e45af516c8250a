package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// roundAct is a button that changes a round, with what it needs.
type roundAct struct {
	Action, Text, Lead string
	Moment, Reason     bool
	Page               bool // is asked about on a page of its own
}

// ReasonName is the name of the act's own reason, as several forms share a page.
func (a roundAct) ReasonName() string { return a.Action + "_reason" }

// roundActs are what may be done to a round in its state.
func roundActs(l lang.Lang, r workflow.Round, now time.Time) (list []roundAct) {
	add := func(a roundAct) {
		a.Text, a.Lead = lang.T(l, "round.act."+a.Action), lang.T(l, "round.act."+a.Action+".lead")
		list = append(list, a)
	}
	switch r.State {
	case workflow.RoundDraft:
		add(roundAct{Action: "publish"})
		add(roundAct{Action: "cancel", Page: true})
	case workflow.RoundPublished:
		add(roundAct{Action: "extend", Moment: true, Reason: true})
		if r.ClosedAt.IsZero() && !r.Late(0, now) { // else it is closed already
			add(roundAct{Action: "close", Reason: true})
		}
		add(roundAct{Action: "cancel", Page: true})
	}
	return list
}

// postRound publishes, extends, closes or cancels.
func (s *Server) postRound(c *gin.Context) error {
	r, err := s.roundOf(c)
	if err != nil {
		return err
	}
	f, err := formOf(c)
	if err != nil {
		return err
	}
	body := map[string]any{"reason": f.Text("reason")}
	switch act := (roundAct{Action: c.Param("action")}); act.Action {
	case "close", "cancel": // a click by mistake has none, and a cancelled round is not opened again
		body["reason"] = f.Need(act.ReasonName())
	}
	if c.Param("action") == "extend" {
		if at, ok := f.Moment("closes"); ok {
			body["closes"] = at.Format(time.RFC3339)
		}
		f.Need("reason")
		if only := s.extendFor(c, f, r.ID); len(only) > 0 {
			body["for"] = only
		}
	}
	if c.Param("action") == "publish" && r.State == workflow.RoundDraft {
		points, err := s.openingPoints(c, r)
		if err != nil {
			return err
		}
		if workflow.Stops(points) {
			f.Fail("", "opening.refused")
		}
	}
	draw := s.drawRound
	if c.Param("action") == "cancel" && r.State != workflow.RoundCancelled {
		draw = s.drawCancelRound
	}
	if !f.OK() {
		return draw(c, http.StatusUnprocessableEntity, r, f)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("round action: %w", err)
	}
	_, err = s.store.RoundAction(c.Request.Context(), actorOf(c), sql.RoundStep{Round: r.ID, Seen: versionOf(f), Action: c.Param("action")}, raw)
	status, err := s.roundRefused(f, err)
	if err != nil {
		return err
	}
	if status != 0 {
		if r, err = s.roundOf(c); err != nil {
			return err
		}
		f.Set("version", r.Version)
		if r.State == workflow.RoundCancelled { // by somebody else
			draw = s.drawRound
		}
		return draw(c, status, r, f)
	}
	return s.see(c, "/rounds/"+r.ID, "round.did."+c.Param("action"))
}

// extendFor reads for which applications a deadline moves: by case number or by the number in the
// address of a draft. Nothing written means all.
func (s *Server) extendFor(c *gin.Context, f *Form, round string) (only []int64) {
	for _, word := range strings.FieldsFunc(f.Text("for"), func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		word = strings.TrimSpace(word)
		id, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			cases, _, err := s.store.FullCases(c.Request.Context(), actorOf(c), sql.CaseFilter{Round: round, Q: word, Limit: 2})
			if err != nil || len(cases) != 1 || !strings.EqualFold(cases[0].App.DNR, word) {
				f.Fail("for", "round.for.unknown", lang.Args{"Word": word})
				continue
			}
			id = cases[0].App.ID
		}
		if k, err := s.store.Case(c.Request.Context(), workflow.Machine(), id); err != nil || k.App.Round != round {
			f.Fail("for", "round.for.unknown", lang.Args{"Word": word})
			continue
		}
		only = append(only, id)
	}
	return only
}

// roundRefused notes in the form why a round was not changed. 0: it was.
func (s *Server) roundRefused(f *Form, err error) (status int, _ error) {
	var (
		wrong   workflow.Violations
		refused workflow.Refused
	)
	switch {
	case err == nil:
		return 0, nil
	case errors.As(err, &wrong):
		for i, v := range wrong {
			if v.Field == "opens" || v.Field == "closes" { // a moment is asked for as day and clock
				wrong[i].Field += ".day"
			}
		}
		f.Refuse(wrong)
		return http.StatusUnprocessableEntity, nil
	case errors.As(err, &refused):
		f.FailText("", SayRefused(f.Lang, refused))
		return http.StatusConflict, nil
	case errors.Is(err, workflow.ErrStale):
		f.Fail("", "assess.stale")
		return http.StatusConflict, nil
	}
	return 0, err
}
