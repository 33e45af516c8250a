package sql

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lib/pq"

	"fund/workflow"
)

// QueueFilter narrows the officer's queue. Empty fields do not. State may name
// several, with commas; every word of Q must be found.
type QueueFilter struct {
	Round, State, Q string
	Officers        []int64 // only these officers' cases
	Unassigned      bool    // only cases that nobody prepares
	Late            bool    // only cases past what was promised
	Limit           int
	After, Before   QueueKey // a row of the page before, or after
}

// QueueKey is a place in the queue: the list's keyset.
type QueueKey struct {
	Since time.Time `db:"since"`
	ID    int64     `db:"id"`
}

// promised is the day that a case's step was promised for; a meeting's day may move, so it is read from the round.
const promised = `(CASE WHEN a.state IN ('ranked', 'proposed') THEN CAST(nullif(r.data ->> 'committee_meeting', '') AS date) ELSE a.promise_on END)`

// queued are the reader's filters as a condition on applications a and rounds r.
const queued = `a.received_at IS NOT NULL
  AND (:round = '' OR a.round = :round)
  AND (cardinality(CAST(:officers AS bigint[])) = 0 OR a.officer = ANY (CAST(:officers AS bigint[])))
  AND (NOT CAST(:unassigned AS boolean) OR a.officer IS NULL)
  AND (NOT CAST(:late AS boolean) OR ` + promised + ` < CAST(:today AS date))
  AND (CAST(:words AS text[]) = ARRAY['%'] OR {{open}} AND a.search LIKE ALL (CAST(:words AS text[])))`

func (f QueueFilter) params(today workflow.Date) params {
	words := []string{"%"}
	for _, w := range strings.Fields(strings.ToLower(f.Q)) {
		words = append(words, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(w)+"%")
	}
	return params{"round": f.Round, "officers": pq.Array(append([]int64{}, f.Officers...)), "unassigned": f.Unassigned, "late": f.Late, "today": today.String(), "words": pq.Array(words),
		"state": f.State, "limit": f.Limit + 1, "after_id": int64(0), "after_at": time.Time{}}
}

func (s *Store) queueQuery(query string, by workflow.Actor, p params) (string, params) {
	return within(strings.NewReplacer("{{queue}}", queued, "{{promise}}", promised).Replace(query), by, p)
}

// Queue lists the filed cases that somebody may see, longest in their step
// first. more tells whether there are rows beyond the page in the direction asked for.
func (s *Store) Queue(ctx context.Context, by workflow.Actor, f QueueFilter) (cases []workflow.Case, keys []QueueKey, more bool, err error) {
	if f.Limit <= 0 || f.Limit > 500 {
		f.Limit = 50
	}
	now, err := s.Now(ctx)
	if err != nil {
		return nil, nil, false, err
	}
	p, text := f.params(workflow.DateOf(now)), s.q.QueuePage
	at := f.After
	if f.Before.ID != 0 {
		at, text = f.Before, s.q.QueuePageBefore
	}
	if at.ID != 0 {
		p["after_id"], p["after_at"] = at.ID, at.Since
	}
	text, p = s.queueQuery(text, by, p)
	if keys, err = many[QueueKey](ctx, s.db, text, p); err != nil {
		return nil, nil, false, fmt.Errorf("queue: %w", err)
	}
	if more = len(keys) > f.Limit; more {
		keys = keys[:f.Limit]
	}
	if f.Before.ID != 0 {
		slices.Reverse(keys)
	}
	ids := make([]int64, len(keys))
	place := map[int64]int{}
	for i, k := range keys {
		ids[i], place[k.ID] = k.ID, i
	}
	if cases, err = s.casesByID(ctx, s.db, ids, now); err != nil {
		return nil, nil, false, err
	}
	slices.SortFunc(cases, func(a, b workflow.Case) int { return place[a.App.ID] - place[b.App.ID] })
	return blinded(cases, by), keys, more, nil
}

// QueueCounts counts the cases in each state under the filter, whatever state it names.
func (s *Store) QueueCounts(ctx context.Context, by workflow.Actor, f QueueFilter) (map[workflow.State]int, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	text, p := s.queueQuery(s.q.QueueCounts, by, f.params(workflow.DateOf(now)))
	rows, err := many[struct {
		State string `db:"state"`
		N     int    `db:"n"`
	}](ctx, s.db, text, p)
	if err != nil {
		return nil, fmt.Errorf("queue counts: %w", err)
	}
	counts := map[workflow.State]int{}
	for _, r := range rows {
		counts[workflow.State(r.State)] = r.N
	}
	return counts, nil
}

// Load is how many cases in a state somebody prepares; an empty address is nobody.
type Load struct {
	Person int64          `db:"person"` // 0: nobody's
	Email  string         `db:"email"`
	Name   string         `db:"name"`
	State  workflow.State `db:"state"`
	N      int            `db:"n"`
	Late   int            `db:"late"` // past what was promised
}

// Workload counts the cases in these states that the reader may see, per officer.
func (s *Store) Workload(ctx context.Context, by workflow.Actor, states []workflow.State) ([]Load, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	text, p := s.queueQuery(s.q.Workload, by, params{"state": workflow.StateNames(states), "today": workflow.DateOf(now).String()})
	rows, err := many[Load](ctx, s.db, text, p)
	if err != nil {
		return nil, fmt.Errorf("workload: %w", err)
	}
	return rows, nil
}

// SavedView is a list of the queue that somebody has named.
type SavedView struct {
	ID    int64  `db:"id"`
	Name  string `db:"name"`
	Query string `db:"query"`
}

// SavedViews lists a person's own views by name.
func (s *Store) SavedViews(ctx context.Context, by workflow.Actor) ([]SavedView, error) {
	rows, err := many[SavedView](ctx, s.db, s.q.SavedViews, params{"person": by.ID})
	if err != nil {
		return nil, fmt.Errorf("saved views: %w", err)
	}
	return rows, nil
}

// SaveView keeps a view of one's own; the same name is replaced.
func (s *Store) SaveView(ctx context.Context, by workflow.Actor, name, query string) error {
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	if _, err := exec(ctx, s.db, s.q.SaveView, params{"person": by.ID, "name": name, "query": query, "at": now}); err != nil {
		return fmt.Errorf("save view: %w", err)
	}
	return nil
}

// DropView removes a view of one's own.
func (s *Store) DropView(ctx context.Context, by workflow.Actor, id int64) error {
	n, err := exec(ctx, s.db, s.q.DropView, params{"person": by.ID, "id": id})
	if err != nil {
		return fmt.Errorf("drop view: %w", err)
	}
	if n == 0 {
		return workflow.ErrNotFound
	}
	return nil
}
