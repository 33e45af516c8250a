package sql

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"fund/workflow"
)

// ClockState is what the one clock says.
type ClockState struct {
	Now    time.Time
	Frozen bool
}

// FailedJob is a job that kept failing while the clock was moved.
type FailedJob struct {
	ID          int64  `db:"id" json:"id"`
	Application int64  `db:"application" json:"application,omitempty"`
	Kind        string `db:"kind" json:"kind"`
	Error       string `db:"last_error" json:"error"`
}

// Advanced is what moving the clock led to.
type Advanced struct {
	Now    time.Time
	Ran    int
	Failed []FailedJob
}

type clockRow struct {
	OffsetUS int64        `db:"offset_us"`
	FrozenAt sql.NullTime `db:"frozen_at"`
	Hurry    bool         `db:"hurry"`
}

func (s *Store) read(row clockRow) time.Time {
	if row.FrozenAt.Valid {
		return row.FrozenAt.Time.Add(s.skew).In(workflow.Stockholm())
	}
	return s.wall().Add(time.Duration(row.OffsetUS) * time.Microsecond).Add(s.skew).In(workflow.Stockholm())
}

// Now is the fund's moment: real time in production, the movable clock in a rehearsal.
func (s *Store) Now(ctx context.Context) (time.Time, error) {
	c, err := s.Clock(ctx)
	return c.Now, err
}

// Clock reads the one clock.
func (s *Store) Clock(ctx context.Context) (ClockState, error) {
	if !s.rehearsal {
		return ClockState{Now: s.wall().In(workflow.Stockholm())}, nil
	}
	row, err := one[clockRow](ctx, s.db, s.q.Clock, params{})
	if err != nil {
		return ClockState{}, fmt.Errorf("clock: %w", err)
	}
	return ClockState{Now: s.read(row), Frozen: row.FrozenAt.Valid}, nil
}

// Now is the moment of this transaction, read once at first use: after the
// lock, so that times rise with versions. Microseconds, as PostgreSQL keeps them.
func (tx *Tx) Now() (time.Time, error) {
	if !tx.now.IsZero() {
		return tx.now, nil
	}
	if !tx.s.rehearsal {
		tx.now = tx.s.wall().Truncate(time.Microsecond).In(workflow.Stockholm())
		return tx.now, nil
	}
	row, err := one[clockRow](tx.ctx, tx, tx.s.q.Clock, params{})
	if err != nil {
		return time.Time{}, fmt.Errorf("clock: %w", err)
	}
	tx.now = tx.s.read(row).Truncate(time.Microsecond)
	return tx.now, nil
}

// walkPause is how long Advance waits between two looks at what is still open.
const walkPause = 4 * time.Millisecond

// Advance moves the rehearsal clock forward, stopping at each due job's own
// instant until the workers have done it; without an instant it only lets what
// is due finish. frozen: nil keeps what it was. Only one walk at a time.
func (s *Store) Advance(ctx context.Context, to *time.Time, frozen *bool) (Advanced, error) {
	conn, err := s.locks.Connx(ctx)
	if err != nil {
		return Advanced{}, fmt.Errorf("clock lock: %w", err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(7142)"); err != nil {
		return Advanced{}, fmt.Errorf("clock lock: %w", err)
	}
	defer func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(7142)") // closing the connection unlocks as well
	}()
	row, err := one[clockRow](ctx, s.db, s.q.Clock, params{})
	if err != nil {
		return Advanced{}, fmt.Errorf("clock: %w", err)
	}
	at := s.read(row).Add(-s.skew)
	until := at
	if to != nil {
		if to.Before(at) {
			return Advanced{}, ErrPast
		}
		until = *to
	}
	stand := row.FrozenAt.Valid
	if frozen != nil {
		stand = *frozen
	}
	began := s.dbTime(ctx)
	if _, err := exec(ctx, s.db, s.q.ResetHurry, params{}); err != nil {
		return Advanced{}, fmt.Errorf("clock: %w", err)
	}
	walkErr := s.walk(ctx, at, until)
	now := s.wall()
	end := params{"offset_us": until.Sub(now).Microseconds(), "frozen_at": nil, "hurry": false}
	if to == nil && !row.FrozenAt.Valid {
		end["offset_us"] = row.OffsetUS // it ran on meanwhile
	}
	if stand {
		end["frozen_at"] = until
	}
	if _, err := exec(context.WithoutCancel(ctx), s.db, s.q.SetClock, end); err != nil {
		return Advanced{}, fmt.Errorf("clock: %w", err)
	}
	if walkErr != nil {
		return Advanced{}, walkErr
	}
	ran, err := one[int](ctx, s.db, s.q.CountDone, params{"since": began})
	if err != nil {
		return Advanced{}, fmt.Errorf("clock: %w", err)
	}
	failed, err := many[FailedJob](ctx, s.db, s.q.FailedHurried, params{"until": until, "from": at})
	if err != nil {
		return Advanced{}, fmt.Errorf("clock: %w", err)
	}
	state, err := s.Clock(ctx)
	return Advanced{Now: state.Now, Ran: ran, Failed: failed}, err
}

// dbTime is the database's own clock, which counts what was done since.
func (s *Store) dbTime(ctx context.Context) time.Time {
	var t time.Time
	if err := s.db.GetContext(ctx, &t, "SELECT clock_timestamp()"); err != nil {
		return s.wall()
	}
	return t
}

// walk stops at the instant of each due job and waits there until nothing is open.
func (s *Store) walk(ctx context.Context, at, until time.Time) error {
	stop := func(t time.Time) error {
		if _, err := exec(ctx, s.db, s.q.SetClock, params{"offset_us": 0, "frozen_at": t, "hurry": true}); err != nil {
			return fmt.Errorf("clock: %w", err)
		}
		_, err := s.db.ExecContext(ctx, "SELECT pg_notify('outbox', '')")
		return err
	}
	for {
		due, err := one[sql.NullTime](ctx, s.db, s.q.NextDue, params{"until": until})
		if err != nil {
			return fmt.Errorf("next due job: %w", err)
		}
		if !due.Valid {
			return nil
		}
		if due.Time.After(at) {
			at = due.Time
		}
		if err := stop(at); err != nil {
			return err
		}
		for {
			open, err := one[int](ctx, s.db, s.q.OpenBefore, params{"until": at})
			if err != nil {
				return fmt.Errorf("open jobs: %w", err)
			}
			if open == 0 {
				break
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("%d jobs still open: %w", open, ctx.Err())
			case <-time.After(walkPause):
			}
		}
	}
}
