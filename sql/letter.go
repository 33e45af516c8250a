package sql

import (
	"context"
	"fmt"
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
	return s.changeRound(ctx, by, mayHoldLetters, round, workflow.AnyVersion, action, func(_ *Tx, in *RoundInput, _ time.Time) (map[string]any, error) {
		_, _, personal := workflow.FindPersonalNumber(reason)
		switch {
		case hold && reason == "":
			return nil, workflow.Violations{{Field: "reason", Code: "required"}}
		case hold && personal:
			return nil, workflow.Violations{{Field: "reason", Code: "personal_number"}}
		case !hold:
			reason = ""
		}
		in.HoldLetters = reason
		return map[string]any{"reason": reason}, nil
	})
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
