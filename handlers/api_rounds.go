package handlers

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"fund/sql"
	"fund/workflow"
)

// roundJSON is a call for applications, with the rules in force for it.
type roundJSON struct {
	ID         string          `json:"id" doc:"The code that applications name."`
	Scheme     string          `json:"scheme"`
	Name       string          `json:"name" doc:"In Swedish."`
	NameEN     string          `json:"name_en" doc:"In English; empty where the Swedish name is all there is."`
	State      string          `json:"state" doc:"draft, published or cancelled."`
	Version    int64           `json:"version" doc:"Rises with every change; the ETag."`
	Opens      moment          `json:"opens"`
	Closes     moment          `json:"closes" doc:"Last moment; null for a rolling round."`
	ClosedAt   moment          `json:"closed_at" doc:"Closed by hand before its time."`
	TripFrom   workflow.Date   `json:"trip_start_from"`
	TripTo     workflow.Date   `json:"trip_start_to"`
	Budget     int64           `json:"budget" doc:"Whole kronor."`
	Meeting    workflow.Date   `json:"committee_meeting"`
	MinutesOn  workflow.Date   `json:"minutes_approved"`
	NoticeOn   workflow.Date   `json:"notice_posted"`
	LastAppeal workflow.Date   `json:"last_appeal_day"`
	Frozen     bool            `json:"frozen" doc:"An application has arrived: the parameters stand still (KL 2:4)."`
	FrozenAt   moment          `json:"frozen_at"`
	RuleSet    int64           `json:"rule_set" doc:"Version of the scheme's rules below the round's own."`
	Parameters workflow.Rules  `json:"parameters" doc:"Every number of RF-01 … RF-27 that is in force."`
	SpotCheck  *spotJSON       `json:"spot_check,omitempty" doc:"The draw for spot checks of final reports; of a single round."`
	Extensions []extensionJSON `json:"extensions,omitempty" doc:"Single applications with a later deadline; for the office."`
}

type extensionJSON struct {
	Application int64  `json:"application"`
	Closes      moment `json:"closes"`
}

func representRound(r workflow.Round, by workflow.Actor) roundJSON {
	out := roundJSON{
		ID:         r.ID,
		Scheme:     r.Scheme,
		Name:       r.Name,
		NameEN:     r.NameEN,
		State:      r.State,
		Version:    r.Version,
		Opens:      moment(r.OpensAt),
		Closes:     moment(r.ClosesAt),
		ClosedAt:   moment(r.ClosedAt),
		TripFrom:   r.TripFrom,
		TripTo:     r.TripTo,
		Budget:     r.Budget,
		Meeting:    r.Meeting,
		MinutesOn:  r.MinutesOn,
		NoticeOn:   r.NoticeOn,
		LastAppeal: r.LastAppealDay,
		Frozen:     !r.FrozenAt.IsZero(),
		FrozenAt:   moment(r.FrozenAt),
		RuleSet:    r.RuleSet,
		Parameters: r.Rules,
	}
	if by.Office() {
		for app, at := range r.Extensions {
			out.Extensions = append(out.Extensions, extensionJSON{app, moment(at)})
		}
	}
	return out
}

// rounds lists the rounds: those that are published, and for the office all.
func (s *Server) rounds(c *gin.Context) error {
	by := actorOf(c)
	list, err := s.store.Rounds(c.Request.Context(), by.Office())
	if err != nil {
		return err
	}
	all := make([]roundJSON, 0, len(list))
	for _, r := range list {
		all = append(all, representRound(r, by))
	}
	return answerPage(c, all, func(r roundJSON) string { return r.ID })
}

// round shows one. A draft is the office's.
func (s *Server) round(c *gin.Context) error {
	by := actorOf(c)
	r, err := s.store.Round(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	if r.State == workflow.RoundDraft && !by.Office() {
		return workflow.ErrNotFound
	}
	out := representRound(r, by)
	if out.SpotCheck, err = s.representSpot(c, r.ID); err != nil {
		return err
	}
	return answer(c, http.StatusOK, out, etag(r.Version))
}

// newRound makes a round that is not yet published.
func (s *Server) newRound(c *gin.Context) error {
	by := actorOf(c)
	if err := is(by, workflow.Admin, workflow.Head); err != nil {
		return err
	}
	raw, err := body(c)
	if err != nil {
		return err
	}
	var in sql.RoundInput
	if v := writeRound(&in, raw, true); len(v) > 0 {
		return v
	}
	r, err := s.store.CreateRound(c.Request.Context(), by, in)
	if err != nil {
		return err
	}
	c.Header("Location", apiPrefix+"/rounds/"+url.PathEscape(r.ID))
	return answer(c, http.StatusCreated, representRound(r, by), etag(r.Version))
}

// patchRound changes a round by a merge patch; each parameter replaces the whole value of its name.
func (s *Server) patchRound(c *gin.Context) error {
	by := actorOf(c)
	raw, readErr := body(c)
	r, err := s.store.ChangeRound(c.Request.Context(), by, sql.RoundStep{Round: c.Param("id"), Seen: ifMatch(c.Request), Action: "change"},
		func(_ *sql.Tx, in *sql.RoundInput, _ time.Time) (map[string]any, error) {
			if readErr != nil {
				return nil, readErr
			}
			if v := writeRound(in, raw, false); len(v) > 0 {
				return nil, v
			}
			return map[string]any{"patch": json.RawMessage(raw)}, nil
		})
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, representRound(r, by), etag(r.Version))
}

// roundAction publishes, extends, closes or cancels a round.
func (s *Server) roundAction(action string) handler {
	return func(c *gin.Context) error {
		ctx, by := c.Request.Context(), actorOf(c)
		step := sql.RoundStep{Round: c.Param("id"), Seen: ifMatch(c.Request), Action: action}
		raw, readErr := body(c)
		if readErr == nil {
			readErr = decode(raw, &roundBody{})
		}
		if readErr != nil { // what is refused before the body is looked at goes first
			_, err := s.store.ChangeRound(ctx, by, step, func(*sql.Tx, *sql.RoundInput, time.Time) (map[string]any, error) {
				return nil, readErr
			})
			return err
		}
		r, err := s.store.RoundAction(ctx, by, step, raw)
		if err != nil {
			return s.roundOpen(c, step.Round, err)
		}
		return answer(c, http.StatusOK, representRound(r, by), etag(r.Version))
	}
}

// roundActions are the actions on a round, as routes.
var roundActions = []string{"publish", "extend", "close", "cancel"}

// roundBody is the body of a round's action.
type roundBody struct {
	Closes string          `json:"closes,omitempty" doc:"extend: the new last moment."`
	Reason string          `json:"reason,omitempty"`
	For    json.RawMessage `json:"for,omitempty" doc:"extend: all, or a list of applications."`
}

// roundOpen names the open actions of a round in a refusal by its state.
func (s *Server) roundOpen(c *gin.Context, id string, err error) error {
	var wrong workflow.WrongState
	if !errors.As(err, &wrong) {
		return err
	}
	r, readErr := s.store.Round(c.Request.Context(), id)
	if readErr != nil {
		return err
	}
	switch r.State {
	case workflow.RoundDraft:
		wrong.Open = []workflow.Action{"publish", "cancel"}
	case workflow.RoundPublished:
		wrong.Open = []workflow.Action{"extend", "close", "cancel"}
	}
	return wrong
}
