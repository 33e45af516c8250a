package sql

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"fund/workflow"
)

type sittingRow struct {
	ID      int64     `db:"id"`
	Version int64     `db:"version"`
	Body    string    `db:"body"`
	Day     time.Time `db:"day"`
	Record  []byte    `db:"record"`
}

func (r sittingRow) decode() (workflow.Sitting, error) {
	var s workflow.Sitting
	if err := json.Unmarshal(r.Record, &s); err != nil {
		return s, fmt.Errorf("sitting %d: %w", r.ID, err)
	}
	s.ID, s.Version, s.Body, s.Day = r.ID, r.Version, r.Body, workflow.DateOf(r.Day)
	return s, nil
}

// Sittings lists every meeting, newest first.
func (s *Store) Sittings(ctx context.Context) ([]workflow.Sitting, error) {
	rows, err := many[sittingRow](ctx, s.db, s.q.ListSittings, params{})
	if err != nil {
		return nil, fmt.Errorf("sittings: %w", err)
	}
	list := make([]workflow.Sitting, 0, len(rows))
	for _, r := range rows {
		got, err := r.decode()
		if err != nil {
			return nil, err
		}
		list = append(list, got)
	}
	return list, nil
}

// Sitting reads a meeting.
func (s *Store) Sitting(ctx context.Context, id int64) (workflow.Sitting, error) {
	row, err := one[sittingRow](ctx, s.db, s.q.SittingByID, params{"id": id})
	if err != nil {
		return workflow.Sitting{}, found(err, "sitting", id)
	}
	return row.decode()
}

// NewSitting calls a meeting: the secretary's.
func (s *Store) NewSitting(ctx context.Context, by workflow.Actor, m workflow.Sitting) (workflow.Sitting, error) {
	if !by.Is(workflow.Secretary) {
		return m, workflow.Forbidden{Code: "role"}
	}
	if v := m.Check(); len(v) > 0 {
		return m, v
	}
	now, err := s.Now(ctx)
	if err != nil {
		return m, err
	}
	raw, err := encode(m)
	if err != nil {
		return m, err
	}
	m.ID, err = one[int64](ctx, s.db, s.q.InsertSitting, params{"body": m.Body, "day": m.Day.String(), "record": raw, "by": nullID(by.ID), "at": now})
	if err != nil {
		return m, translate(fmt.Errorf("sitting: %w", err))
	}
	m.Version = 1
	return m, nil
}

// SaveSitting keeps a meeting's next version: the secretary's.
func (s *Store) SaveSitting(ctx context.Context, by workflow.Actor, m workflow.Sitting) error {
	if !by.Is(workflow.Secretary) {
		return workflow.Forbidden{Code: "role"}
	}
	if v := m.Check(); len(v) > 0 {
		return v
	}
	raw, err := encode(m)
	if err != nil {
		return err
	}
	n, err := exec(ctx, s.db, s.q.UpdateSitting, params{"id": m.ID, "version": m.Version, "day": m.Day.String(), "record": raw})
	if err != nil {
		return translate(fmt.Errorf("sitting %d: %w", m.ID, err))
	}
	if n != 1 {
		return workflow.ErrStale
	}
	return nil
}

// NoteSittingNotice keeps the day when the notice of a meeting's minutes went up: the secretary's or the registrar's.
func (s *Store) NoteSittingNotice(ctx context.Context, by workflow.Actor, sitting int64, day workflow.Date) error {
	if !by.Is(workflow.Secretary) && !by.Is(workflow.Registrar) {
		return workflow.Forbidden{Code: "role"}
	}
	if _, err := exec(ctx, s.db, s.q.NoteSittingNotice, params{"id": sitting, "day": day.String()}); err != nil {
		return fmt.Errorf("notice of sitting %d: %w", sitting, err)
	}
	return nil
}

// Agenda reads the cases on the agendas of meetings that the reader may see, in
// their order; a case that stands on several is where it stands first.
func (s *Store) Agenda(ctx context.Context, by workflow.Actor, meetings ...workflow.Sitting) ([]workflow.Case, error) {
	var ids []int64
	for _, m := range meetings {
		ids = append(ids, m.Agenda...)
	}
	return s.visibleInOrder(ctx, by, ids)
}

// visibleInOrder reads cases that somebody may see, in the order of the ids.
func (s *Store) visibleInOrder(ctx context.Context, by workflow.Actor, ids []int64) ([]workflow.Case, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	cases, err := s.casesByID(ctx, s.db, ids, now)
	if err != nil {
		return nil, err
	}
	cases = slices.DeleteFunc(cases, func(c workflow.Case) bool { return !workflow.Sees(c, by) })
	slices.SortFunc(cases, func(a, b workflow.Case) int { return slices.Index(ids, a.App.ID) - slices.Index(ids, b.App.ID) })
	return blinded(cases, by), nil
}

// WaitingFor lists the proposed cases that a body decides and the reader may see.
func (s *Store) WaitingFor(ctx context.Context, by workflow.Actor, body string) ([]workflow.Case, error) {
	text, p := within(s.q.WaitingForBody, by, params{})
	ids, err := many[int64](ctx, s.db, text, p)
	if err != nil {
		return nil, fmt.Errorf("waiting for %s: %w", body, err)
	}
	cases, err := s.visibleInOrder(ctx, by, ids)
	return slices.DeleteFunc(cases, func(c workflow.Case) bool { return c.DecisionBody() != body }), err
}

// Remitted gives the reason why the meeting sent a case back, by application.
func (s *Store) Remitted(ctx context.Context, by workflow.Actor, m workflow.Sitting) (map[int64]string, error) {
	type row struct {
		Application int64  `db:"application"`
		Reason      string `db:"reason"`
	}
	text, p := within(s.q.Remitted, by, params{"body": m.Body, "day": m.Day.String()})
	rows, err := many[row](ctx, s.db, text, p)
	if err != nil {
		return nil, fmt.Errorf("sent back by meeting %d: %w", m.ID, err)
	}
	why := map[int64]string{}
	for _, r := range rows {
		if _, newer := why[r.Application]; !newer {
			why[r.Application] = r.Reason
		}
	}
	return why, nil
}

// Changed gives the cases whose change the meeting answered.
func (s *Store) Changed(ctx context.Context, by workflow.Actor, m workflow.Sitting) ([]workflow.Case, error) {
	text, p := within(s.q.ChangedAtMeeting, by, params{"body": m.Body, "day": m.Day.String()})
	ids, err := many[int64](ctx, s.db, text, p)
	if err != nil {
		return nil, fmt.Errorf("changes answered by meeting %d: %w", m.ID, err)
	}
	return s.visibleInOrder(ctx, by, ids)
}

// AnsweredItems are the paragraphs of all changes that the meeting answered, whoever asks: a number tells of no case.
func (s *Store) AnsweredItems(ctx context.Context, m workflow.Sitting) ([]int, error) {
	cases, err := s.Changed(ctx, workflow.Machine(), m)
	return m.Answered(cases), err
}

// SittingOn reads the meeting of a body on a day; ErrNotFound where none was called.
func (s *Store) SittingOn(ctx context.Context, body string, day workflow.Date) (workflow.Sitting, error) {
	return s.sittingOn(ctx, s.db, body, day)
}

func (s *Store) sittingOn(ctx context.Context, q querier, body string, day workflow.Date) (workflow.Sitting, error) {
	row, err := one[sittingRow](ctx, q, s.q.SittingOn, params{"body": body, "day": day.String()})
	if none(err) {
		return workflow.Sitting{}, workflow.ErrNotFound
	}
	if err != nil {
		return workflow.Sitting{}, fmt.Errorf("sitting of %s on %s: %w", body, day, err)
	}
	return row.decode()
}

// itemsTaken are the paragraphs that other matters have at the meeting that a decision on the case names.
func (tx *Tx) itemsTaken(ctx context.Context, app int64, body string, m *workflow.Meeting, at time.Time) ([]int, error) {
	if m == nil || m.Alone() || m.Date.IsZero() || body == "" {
		return nil, nil
	}
	sitting, err := tx.s.sittingOn(ctx, tx, body, m.Date)
	if errors.Is(err, workflow.ErrNotFound) {
		return nil, nil // its agenda is kept elsewhere
	}
	if err != nil {
		return nil, err
	}
	text, p := within(tx.s.q.ChangedAtMeeting, workflow.Machine(), params{"body": body, "day": m.Date.String()})
	ids, err := many[int64](ctx, tx, text, p)
	if err != nil {
		return nil, fmt.Errorf("changes answered by meeting %d: %w", sitting.ID, err)
	}
	cases, err := tx.s.casesByID(ctx, tx, ids, at)
	return sitting.Others(app, sitting.Answered(cases)), err
}

// DelegatedRow is one decision that was made on delegation, or by the chair alone.
type DelegatedRow struct {
	Application int64           `db:"application"`
	At          time.Time       `db:"at"`
	Action      workflow.Action `db:"action"`
	By          string          `db:"by_email"`
	Case        workflow.Case   `db:"-"`
}

// Delegated lists what was decided on delegation, and by the body's chair, since
// the same body's meeting before, until this meeting's day: the list that is
// reported to it (KL 6:39–40). The first meeting is told of everything until then,
// and nothing is told to a meeting that did not take place.
func (s *Store) Delegated(ctx context.Context, by workflow.Actor, m workflow.Sitting) ([]DelegatedRow, error) {
	first, err := s.reportedUntil(ctx, m)
	if err != nil {
		return nil, err
	}
	text, p := within(s.q.Delegated, by, params{"body": m.Body, "first": first, "last": m.Day.Start()})
	rows, err := many[DelegatedRow](ctx, s.db, text, p)
	if err != nil {
		return nil, fmt.Errorf("delegated decisions: %w", err)
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.Application
	}
	cases, err := s.visibleInOrder(ctx, by, ids)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		j := slices.IndexFunc(cases, func(c workflow.Case) bool { return c.App.ID == rows[i].Application })
		if j >= 0 {
			rows[i].Case = cases[j]
		}
	}
	return rows, nil
}

// reportedUntil is when the meeting before this one began, up to which everything was reported there;
// zero: there was none.
func (s *Store) reportedUntil(ctx context.Context, m workflow.Sitting) (until time.Time, err error) {
	all, err := s.Sittings(ctx)
	if err != nil {
		return until, err
	}
	now, err := s.Now(ctx)
	if err != nil {
		return until, err
	}
	if last, _ := m.Before(all, workflow.DateOf(now)); last != nil {
		return last.Day.Start(), nil
	}
	return until, nil
}
