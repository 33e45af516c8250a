package sql

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"fund/workflow"
)

// LettersOf lists the cases of a round whose decision has a letter: still to be
// decided with the letter held, waiting, or sent; in order of id. All rounds
// where round is empty, and then only those that wait.
func (s *Store) LettersOf(ctx context.Context, by workflow.Actor, round string) ([]workflow.Case, error) {
	if err := mayReadLetters(by); err != nil {
		return nil, err
	}
	query, p := within(s.q.LetterCases, by, params{"round": round})
	ids, err := many[int64](ctx, s.db, query, p)
	if err != nil {
		return nil, fmt.Errorf("letters: %w", err)
	}
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	cases, err := s.casesByID(ctx, s.db, ids, now)
	return blinded(cases, by), err
}

// LettersOfSitting lists the cases of a meeting's agenda whose decision has a
// letter: what it has decided, and what it has still to decide.
func (s *Store) LettersOfSitting(ctx context.Context, by workflow.Actor, m workflow.Sitting) ([]workflow.Case, error) {
	if err := mayReadLetters(by); err != nil {
		return nil, err
	}
	cases, err := s.Agenda(ctx, by, m)
	return slices.DeleteFunc(cases, func(c workflow.Case) bool {
		return c.App.State != workflow.Proposed && (c.App.Decision == nil || m.Decided(c) != c.App.Decision)
	}), err
}

func mayReadLetters(by workflow.Actor) error {
	if workflow.HoldsLetters(by) || by.Is(workflow.Registrar) || by.Is(workflow.Auditor) {
		return nil
	}
	return workflow.Forbidden{Code: "role"}
}

func mayHoldLetters(by workflow.Actor) error {
	if workflow.HoldsLetters(by) {
		return nil
	}
	return workflow.Forbidden{Code: "role"}
}

// HoldRoundLetters lets the letters of every decision of the round from now on
// wait for a release, with a reason; an empty reason ends that. Letters that
// wait already are not touched.
func (s *Store) HoldRoundLetters(ctx context.Context, by workflow.Actor, round string, hold bool, reason string) (workflow.Round, error) {
	action := "send_letters"
	if hold {
		action = "hold_letters"
	}
	reason = strings.TrimSpace(reason)
	step := RoundStep{Round: round, Seen: workflow.AnyVersion, Action: action}
	return s.changeRound(ctx, by, mayHoldLetters, step, func(_ *Tx, in *RoundInput, _ time.Time) (map[string]any, error) {
		why, err := whyHeld(hold, reason)
		if err != nil {
			return nil, err
		}
		in.HoldLetters = why
		return map[string]any{"reason": why}, nil
	})
}

// whyHeld is the reason to keep: given and without personal numbers where letters are held, else none.
func whyHeld(hold bool, reason string) (string, error) {
	if !hold {
		return "", nil
	}
	if reason == "" {
		return "", workflow.Violations{{Field: "reason", Code: "required"}}
	}
	if _, _, personal := workflow.FindPersonalNumber(reason); personal {
		return "", workflow.Violations{{Field: "reason", Code: "personal_number"}}
	}
	return reason, nil
}

// HoldSittingLetters is HoldRoundLetters for what one meeting decides.
func (s *Store) HoldSittingLetters(ctx context.Context, by workflow.Actor, sitting int64, hold bool, reason string) error {
	if err := mayHoldLetters(by); err != nil {
		return err
	}
	why, err := whyHeld(hold, strings.TrimSpace(reason))
	if err != nil {
		return err
	}
	n, err := exec(ctx, s.db, s.q.HoldSittingLetters, params{"id": sitting, "reason": why})
	if err == nil && n != 1 {
		err = workflow.ErrNotFound
	}
	return found(err, "letters of sitting", sitting)
}

// meetingHold is why the letters of the meeting that a decision names wait; "" where they don't.
func (tx *Tx) meetingHold(ctx context.Context, body string, m *workflow.Meeting) (string, error) {
	if m == nil || m.Alone() || m.Date.IsZero() {
		return "", nil
	}
	why, err := many[string](ctx, tx, tx.s.q.SittingHold, params{"body": body, "day": m.Date.String()})
	if err != nil || len(why) == 0 {
		return "", err
	}
	return why[0], nil
}

// SampleLetter sends the letter of a case, decided or proposed, and the mail
// that would go with it, to the person who asks and to nobody else.
func (s *Store) SampleLetter(ctx context.Context, by workflow.Actor, app int64) error {
	if err := mayHoldLetters(by); err != nil {
		return err
	}
	c, err := s.Case(ctx, by, app)
	if err != nil {
		return err
	}
	if c.App.Decision == nil {
		return workflow.Refused{Code: "no_decision"}
	}
	return s.InTx(ctx, func(tx *Tx) error {
		return tx.AddJob(ctx, Job{Application: app, Kind: workflow.JobSampleLetter, Data: map[string]any{"to": by.Email}})
	})
}
