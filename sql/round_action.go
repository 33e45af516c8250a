package sql

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"fund/workflow"
)

// roundBody is the body of a round's action.
type roundBody struct {
	Closes string          `json:"closes"`
	Reason string          `json:"reason"`
	For    json.RawMessage `json:"for"`
}

// RoundAction publishes, extends, closes or cancels a round.
func (s *Store) RoundAction(ctx context.Context, by workflow.Actor, step RoundStep, raw json.RawMessage) (workflow.Round, error) {
	var body roundBody
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &body); err != nil {
			return workflow.Round{}, workflow.Violations{{Code: "json"}}
		}
	}
	return s.ChangeRound(ctx, by, step, func(tx *Tx, in *RoundInput, at time.Time) (map[string]any, error) {
		wrong := workflow.WrongState{State: workflow.State(in.State), Action: workflow.Action(step.Action), Of: "round"}
		switch step.Action {
		case "publish":
			if in.State != workflow.RoundDraft {
				return nil, wrong
			}
			in.State = workflow.RoundPublished
			return nil, tx.roundJobs(ctx, in.Round, at)
		case "close":
			if in.State != workflow.RoundPublished || !in.ClosedAt.IsZero() {
				return nil, wrong
			}
			in.ClosedAt = at
			if before, err := one[bool](ctx, tx, tx.s.q.CameInAt, params{"round": in.ID, "at": at}); err != nil {
				return nil, fmt.Errorf("closing round %s: %w", in.ID, err)
			} else if before {
				in.ClosedAt = at.Add(time.Microsecond) // what came in at this very instant was before the closing
			}
			return map[string]any{"reason": body.Reason}, tx.AddJob(ctx, Job{Round: in.ID, Kind: workflow.JobRoundClosed})
		case "cancel":
			if in.State == workflow.RoundCancelled {
				return nil, wrong
			}
			in.State = workflow.RoundCancelled
			return map[string]any{"reason": body.Reason}, nil
		case "extend":
			if in.State != workflow.RoundPublished {
				return nil, wrong
			}
			return map[string]any{"closes": body.Closes, "reason": body.Reason, "for": body.For}, tx.extend(ctx, in, body, at)
		}
		return nil, workflow.ErrNotFound
	})
}

// extend moves the deadline for all (RF-05: an outage), or for single applications.
func (tx *Tx) extend(ctx context.Context, in *RoundInput, body roundBody, at time.Time) error {
	var v workflow.Violations
	closes, err := workflow.ParseInstant(body.Closes)
	if day, notDay := workflow.ParseDate(body.Closes); notDay == nil {
		closes = day.End().Add(-time.Second) // as where a round is written: a day is its whole day
	}
	if err != nil {
		v = append(v, workflow.Violation{Field: "closes", Code: "date"})
	} else if now := in.Deadline(0); !now.IsZero() && !closes.After(now) { // a round closed by hand may open again for a shorter time
		v = append(v, workflow.Violation{Field: "closes", Code: "not_later"})
	}
	if strings.TrimSpace(body.Reason) == "" {
		v = append(v, workflow.Violation{Field: "reason", Code: "required"})
	}
	var ids []json.Number
	all := len(body.For) == 0 || string(body.For) == `"all"`
	if !all && json.Unmarshal(body.For, &ids) != nil {
		var words []string
		if json.Unmarshal(body.For, &words) != nil {
			v = append(v, workflow.Violation{Field: "for", Code: "choice"})
		}
		for _, w := range words {
			ids = append(ids, json.Number(w))
		}
	}
	if len(v) > 0 {
		return v
	}
	if all {
		in.ClosesAt, in.ExtendReason = closes, body.Reason
		if !in.ClosedAt.IsZero() && in.ClosedAt.Before(closes) {
			in.ClosedAt = time.Time{}
		}
		if err := tx.AddJob(ctx, Job{Round: in.ID, Kind: workflow.JobDeadlineMoved, Data: map[string]any{"closes": closes.Format(time.RFC3339)}}); err != nil {
			return err
		}
		return tx.roundJobs(ctx, in.Round, at)
	}
	if in.Extensions == nil {
		in.Extensions = map[int64]time.Time{}
	}
	for _, n := range ids {
		id, err := n.Int64()
		if err != nil {
			return workflow.Violations{{Field: "for", Code: "choice"}}
		}
		c, err := tx.Case(ctx, id)
		if err != nil && !errors.Is(err, workflow.ErrNotFound) {
			return err
		}
		if err != nil || c.App.Round != in.ID {
			return workflow.Violations{{Field: "for", Code: "unknown"}}
		}
		in.Extensions[id] = closes
		data := map[string]any{"closes": closes.Format(time.RFC3339)}
		if err := tx.AddJob(
			ctx,
			Job{Application: id, Round: in.ID, Kind: workflow.JobDeadlineMoved, Data: data},
			Job{Application: id, Round: in.ID, Kind: workflow.JobRoundClosed, Data: data, RunAt: closes.Add(time.Second)},
		); err != nil {
			return err
		}
	}
	return nil
}

// roundJobs remind the owners of drafts and tell the office when the round has closed.
func (tx *Tx) roundJobs(ctx context.Context, r workflow.Round, at time.Time) error {
	if r.ClosesAt.IsZero() {
		return nil
	}
	for _, days := range r.Rules.DraftReminderBefore {
		if day := workflow.DateOf(r.ClosesAt).AddDays(-days).At(7, 0); day.After(at) {
			if err := tx.AddJob(ctx, Job{Round: r.ID, Kind: workflow.JobDraftReminder, RunAt: day, Data: map[string]any{"days": days, "closes": r.ClosesAt.Format(time.RFC3339)}}); err != nil {
				return err
			}
		}
	}
	return tx.AddJob(
		ctx,
		Job{Round: r.ID, Kind: workflow.JobRoundClosed, RunAt: r.ClosesAt.Add(time.Second), Data: map[string]any{"closes": r.ClosesAt.Format(time.RFC3339)}},
	)
}
