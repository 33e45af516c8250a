package sql

import (
	"context"
	"fmt"
	"time"

	"fund/workflow"
)

// StandingText is the office's own words for a place of a letter. Both texts are
// empty where the program's words were given back.
type StandingText struct {
	Key    string    `db:"key" json:"key"`
	SV     string    `db:"sv" json:"sv"`
	EN     string    `db:"en" json:"en"`
	At     time.Time `db:"at" json:"-"`
	ByName string    `db:"by_name" json:"-"`
}

// TextsAt are the own words that held at an instant, by key: a letter that has
// gone is shown with those it was written with.
func (s *Store) TextsAt(ctx context.Context, at time.Time) ([]StandingText, error) {
	rows, err := many[StandingText](ctx, s.db, s.q.TextsAt, params{"at": at})
	if err != nil {
		return nil, fmt.Errorf("texts: %w", err)
	}
	return rows, nil
}

// TextHistory lists what a place has said, newest first.
func (s *Store) TextHistory(ctx context.Context, key string) ([]StandingText, error) {
	rows, err := many[StandingText](ctx, s.db, s.q.TextHistory, params{"key": key})
	if err != nil {
		return nil, fmt.Errorf("text %s: %w", key, err)
	}
	return rows, nil
}

// AddText gives a place words of the office's from now on. Whether they hold
// what a letter must say is judged before (notice.TextFaults).
func (s *Store) AddText(ctx context.Context, by workflow.Actor, t StandingText) error {
	if !by.Machine && !by.Is(workflow.Admin) {
		return workflow.Forbidden{Code: "role"}
	}
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	if _, err := one[int64](ctx, s.db, s.q.InsertText, params{"key": t.Key, "sv": t.SV, "en": t.EN, "by": nullID(by.ID), "at": now}); err != nil {
		return fmt.Errorf("text %s: %w", t.Key, err)
	}
	return nil
}

// importTexts takes over the own words of another installation; what says the same here is left.
func (s *Store) importTexts(ctx context.Context, by workflow.Actor, texts []StandingText, done *Taken) error {
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	have, err := s.TextsAt(ctx, now)
	if err != nil {
		return err
	}
	known := map[string]StandingText{}
	for _, t := range have {
		known[t.Key] = t
	}
	for _, t := range texts {
		if was := known[t.Key]; was.SV == t.SV && was.EN == t.EN {
			continue
		}
		if err := s.AddText(ctx, by, t); err != nil {
			return err
		}
		done.Texts++
	}
	return nil
}

// OwnWords are the own words of a language that held at an instant, by key; the zero time is now.
func (s *Store) OwnWords(ctx context.Context, l string, at time.Time) (map[string]string, error) {
	if at.IsZero() {
		now, err := s.Now(ctx)
		if err != nil {
			return nil, err
		}
		at = now
	}
	rows, err := s.TextsAt(ctx, at)
	if err != nil {
		return nil, err
	}
	words := make(map[string]string, len(rows))
	for _, t := range rows {
		if words[t.Key] = t.SV; l == "en" {
			words[t.Key] = t.EN
		}
	}
	return words, nil
}
