package sql

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"fund/workflow"
)

// Job is a row of the outbox: what must follow, and when.
type Job struct {
	ID          int64
	Application int64
	Batch       int64
	Round       string
	Kind        string
	Data        map[string]any
	RunAt       time.Time
	Tries       int
	Step        int64 // the version of the case whose step wrote it; 0: none
	Turn        int   // rises with each new try, so that Redis takes it for another task
}

type jobRow struct {
	ID          int64     `db:"id"`
	Application int64     `db:"application"`
	Batch       int64     `db:"batch"`
	Round       string    `db:"round"`
	Kind        string    `db:"kind"`
	Data        []byte    `db:"data"`
	RunAt       time.Time `db:"run_at"`
	Tries       int       `db:"tries"`
	Turn        int       `db:"turn"`
}

func (r jobRow) job() (Job, error) {
	j := Job{
		ID:          r.ID,
		Application: r.Application,
		Batch:       r.Batch,
		Round:       r.Round,
		Kind:        r.Kind,
		RunAt:       r.RunAt.In(workflow.Stockholm()),
		Tries:       r.Tries,
		Turn:        r.Turn,
	}
	if err := json.Unmarshal(r.Data, &j.Data); err != nil {
		return j, fmt.Errorf("job %d: %w", r.ID, err)
	}
	return j, nil
}

// A sent row that is not done after this long was lost with Redis and is sent again.
// Sending twice is harmless: the second delivery meets a done row.
const lostAfter = 5 * time.Minute

// In a hurry (while the rehearsal clock is moved) a lost row is missed sooner.
const lostInHurry = 3 * time.Second

// AddJob writes rows into the outbox, in the transaction of their cause.
func (tx *Tx) AddJob(ctx context.Context, jobs ...Job) error {
	if len(jobs) == 0 {
		return nil
	}
	at, err := tx.Now()
	if err != nil {
		return err
	}
	rows := make([]params, len(jobs))
	for i, j := range jobs {
		if j.Data == nil {
			j.Data = map[string]any{}
		}
		if j.RunAt.IsZero() {
			j.RunAt = at
		}
		rows[i] = params{
			"application": nullID(j.Application),
			"batch":       nullID(j.Batch),
			"round":       nullText(j.Round),
			"kind":        j.Kind,
			"data":        j.Data,
			"run_at":      j.RunAt,
			"step":        nullID(j.Step),
			"at":          at,
		}
		tx.notify = tx.notify || !j.RunAt.After(at)
	}
	if _, err := tx.execRows(ctx, tx.s.q.InsertJobs, rows); err != nil {
		return fmt.Errorf("job %s: %w", jobs[0].Kind, err)
	}
	return nil
}

// SendDue hands due rows to send, which enqueues them, and marks them sent. It
// gives the number of rows; more may be due when it reaches limit.
func (s *Store) SendDue(ctx context.Context, limit int, send func(Job) error) (int, error) {
	n := 0
	err := s.InTx(ctx, func(tx *Tx) error {
		n = 0
		now, err := tx.Now()
		if err != nil {
			return err
		}
		wall := s.wall()
		lost := wall.Add(-lostAfter)
		if s.rehearsal {
			row, err := one[clockRow](ctx, tx, s.q.Clock, params{})
			if err != nil {
				return fmt.Errorf("clock: %w", err)
			}
			if row.Hurry {
				lost = wall.Add(-lostInHurry)
			}
		}
		rows, err := many[jobRow](ctx, tx, s.q.DueJobs, params{"now": now, "wall": wall, "lost_before": lost, "limit": limit})
		if err != nil {
			return fmt.Errorf("due jobs: %w", err)
		}
		for _, r := range rows {
			j, err := r.job()
			if err != nil {
				return err
			}
			if err := send(j); err != nil {
				return fmt.Errorf("send job %d: %w", j.ID, err)
			}
			if _, err := exec(ctx, tx, s.q.MarkSent, params{"id": j.ID, "wall": wall}); err != nil {
				return fmt.Errorf("job %d: %w", j.ID, err)
			}
			n++
		}
		return nil
	})
	return n, err
}

// Unsend forgets what was handed to a Redis that is gone, so that it is sent at
// once. For a start with an own, empty Redis.
func (s *Store) Unsend(ctx context.Context) error {
	_, err := exec(ctx, s.db, s.q.Unsend, params{})
	return err
}

// ErrGiveUp marks a failure that no retry can mend: the job is dead at once.
var ErrGiveUp = errors.New("no retry can mend this")

// ErrOutside marks a failure of something that is not the fund's own: the mail
// server, the virus scanner. However long it is away, the job is tried until it answers.
var ErrOutside = errors.New("what it needs is away; it is tried until it answers")

// Work runs a job once: it locks the row if it is still open (otherwise there
// is nothing to do), runs fn, and marks the row done in the same transaction.
// A failure is kept with the row and the job comes again, later each time.
func (s *Store) Work(ctx context.Context, id int64, fn func(context.Context, *Tx, Job) error) error {
	err := s.InTx(ctx, func(tx *Tx) error {
		row, err := one[jobRow](ctx, tx, s.q.JobForUpdate, params{"id": id})
		if none(err) {
			return nil // done by another delivery, or dead
		}
		if err != nil {
			return fmt.Errorf("job %d: %w", id, err)
		}
		j, err := row.job()
		if err != nil {
			return err
		}
		if err := fn(ctx, tx, j); err != nil {
			return fmt.Errorf("job %d (%s): %w", id, j.Kind, err)
		}
		now, err := tx.Now()
		if err != nil {
			return err
		}
		_, err = exec(ctx, tx, s.q.JobDone, params{"id": id, "now": now})
		return err
	})
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return err // the worker stops; the row is untouched and comes again
	}
	return errors.Join(err, s.failed(ctx, id, err))
}

// failed keeps a failure with its row: the next try waits 15 s, doubling to an hour.
func (s *Store) failed(ctx context.Context, id int64, cause error) error {
	return s.InTx(ctx, func(tx *Tx) error {
		row, err := one[jobRow](ctx, tx, s.q.JobForUpdate, params{"id": id})
		if none(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("job %d: %w", id, err)
		}
		now, err := tx.Now()
		if err != nil {
			return err
		}
		hurry := false
		if s.rehearsal {
			c, err := one[clockRow](ctx, tx, s.q.Clock, params{})
			if err != nil {
				return fmt.Errorf("clock: %w", err)
			}
			hurry = c.Hurry
		}
		next := s.wall().Add(min(15*time.Second<<min(row.Tries, 8), time.Hour))
		p := params{
			"id":      id,
			"next":    next,
			"error":   cause.Error(),
			"final":   errors.Is(cause, ErrGiveUp),
			"patient": errors.Is(cause, ErrOutside),
			"hurry":   hurry,
			"now":     now,
		}
		if hurry {
			p["next"] = nil
		}
		if _, err := exec(ctx, tx, s.q.JobFailed, p); err != nil {
			return fmt.Errorf("job %d: %w", id, err)
		}
		tx.notify = hurry
		return nil
	})
}

// JobRow is a job that is stuck or dead, for the administrator.
type JobRow struct {
	ID          int64     `db:"id"`
	Application int64     `db:"application"`
	DNR         string    `db:"dnr"`
	Kind        string    `db:"kind"`
	RunAt       time.Time `db:"run_at"`
	Tries       int       `db:"tries"`
	Error       string    `db:"last_error"`
	Dead        bool      `db:"dead"`
}

// StuckJobs lists jobs that are dead, have failed, or are long overdue.
func (s *Store) StuckJobs(ctx context.Context) ([]JobRow, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[JobRow](ctx, s.db, s.q.StuckJobs, params{"old": now.Add(-10 * time.Minute)})
	if err != nil {
		return nil, fmt.Errorf("stuck jobs: %w", err)
	}
	return rows, nil
}

// RetryJob lets a dead or waiting job run again now.
func (s *Store) RetryJob(ctx context.Context, id int64) error {
	return s.InTx(ctx, func(tx *Tx) error {
		n, err := exec(ctx, tx, s.q.RetryJob, params{"id": id})
		if err != nil {
			return fmt.Errorf("job %d: %w", id, err)
		}
		if n == 0 {
			return workflow.ErrNotFound
		}
		tx.notify = true
		return nil
	})
}

// OpenJobs lists what is to come for a case, soonest first.
func (s *Store) OpenJobs(ctx context.Context, application int64) ([]Job, error) {
	rows, err := many[jobRow](ctx, s.db, s.q.OpenJobs, params{"application": application})
	if err != nil {
		return nil, fmt.Errorf("open jobs: %w", err)
	}
	jobs := make([]Job, 0, len(rows))
	for _, r := range rows {
		j, err := r.job()
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, j)
	}
	return jobs, nil
}

// Upcoming is something that the program will do by itself: so many jobs of a kind at an instant.
type Upcoming struct {
	At    time.Time `db:"at"`
	Kind  string    `db:"kind"`
	Round string    `db:"round"`
	N     int       `db:"n"`
}

// Upcoming lists what is to come in all rounds, soonest first.
func (s *Store) Upcoming(ctx context.Context, limit int) ([]Upcoming, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[Upcoming](ctx, s.db, s.q.UpcomingJobs, params{"now": now, "limit": limit})
	if err != nil {
		return nil, fmt.Errorf("upcoming jobs: %w", err)
	}
	return rows, nil
}

// Listen rings wake whenever a transaction has written due jobs, until ctx ends.
func (s *Store) Listen(ctx context.Context, wake chan<- struct{}) error {
	l := pq.NewListener(s.url, 50*time.Millisecond, 5*time.Second, nil)
	if err := l.Listen("outbox"); err != nil {
		return errors.Join(fmt.Errorf("listen: %w", err), l.Close())
	}
	for {
		select {
		case <-ctx.Done():
			return l.Close()
		case <-l.Notify:
			select {
			case wake <- struct{}{}:
			default: // it is awake already
			}
		}
	}
}

// SchoolApplications lists a school's applications in the given states; without a
// school those of the organisation that the application is from.
func (tx *Tx) SchoolApplications(ctx context.Context, school, application int64, states ...workflow.State) ([]int64, error) {
	return many[int64](ctx, tx, tx.s.q.SchoolApplications, params{"school": school, "application": application, "states": workflow.StateNames(states)})
}

// DraftsOf lists the drafts of a round.
func (tx *Tx) DraftsOf(ctx context.Context, round string) ([]int64, error) {
	return many[int64](ctx, tx, tx.s.q.Drafts, params{"round": round})
}
