package sql

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Sizes of the pools. Waiting for an idempotency key holds a connection of its
// own pool, so that those who wait never starve those who work.
const (
	workConns = 30
	lockConns = 16
)

// Options of a store.
type Options struct {
	Wall func() time.Time // real time
	Skew time.Duration    // makes this process's clock wrong (rehearsal only, for tests)
}

// Store is the fund's memory.
type Store struct {
	db        *sqlx.DB
	locks     *sqlx.DB
	url       string
	q         queries
	wall      func() time.Time
	skew      time.Duration
	rehearsal bool
	keys      keyLocks
}

// Open connects to a migrated database, or to one that Migrate will be asked for.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	q, err := loadQueries()
	if err != nil {
		return nil, fmt.Errorf("queries: %w", err)
	}
	db, err := sqlx.Open("postgres", url)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	locks, err := sqlx.Open("postgres", url)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("database: %w", err), db.Close())
	}
	db.SetMaxOpenConns(workConns)
	db.SetMaxIdleConns(workConns)
	locks.SetMaxOpenConns(lockConns)
	locks.SetMaxIdleConns(4)
	s := &Store{db: db, locks: locks, url: url, q: q, wall: o.Wall, skew: o.Skew}
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("database: %w", err), s.Close())
	}
	return s, nil
}

// Close ends all connections.
func (s *Store) Close() error { return errors.Join(s.db.Close(), s.locks.Close()) }

// Ping asks whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.db.PingContext(ctx) }

// Rehearsal tells whether this database is a rehearsal; known after Prepare.
func (s *Store) Rehearsal() bool { return s.rehearsal }

// Tx is one transaction. Its moment is read once, at first use.
type Tx struct {
	*sqlx.Tx
	s      *Store
	ctx    context.Context
	now    time.Time
	notify bool
}

// InTx runs fn in a transaction; a conflict between transactions is tried once more.
func (s *Store) InTx(ctx context.Context, fn func(*Tx) error) error {
	err := s.inTx(ctx, fn)
	if again(err) {
		err = s.inTx(ctx, fn)
	}
	return translate(err)
}

func (s *Store) inTx(ctx context.Context, fn func(*Tx) error) (err error) {
	raw, err := s.db.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	tx := &Tx{Tx: raw, s: s, ctx: ctx}
	defer func() {
		if p := recover(); p != nil {
			_ = raw.Rollback() // the panic is what matters
			panic(p)
		}
	}()
	if err := fn(tx); err != nil {
		if back := raw.Rollback(); back != nil && !errors.Is(back, sql.ErrTxDone) {
			return errors.Join(err, fmt.Errorf("roll back: %w", back))
		}
		return err
	}
	if tx.notify {
		if _, err := raw.ExecContext(ctx, "SELECT pg_notify('outbox', '')"); err != nil {
			return errors.Join(fmt.Errorf("notify: %w", err), raw.Rollback())
		}
	}
	if err := raw.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// again tells whether a transaction may be tried once more.
func again(err error) bool {
	var pe *pq.Error
	return errors.As(err, &pe) && (pe.Code == "40001" || pe.Code == "40P01")
}

// params are a statement's named parameters.
type params map[string]any

// querier is a transaction or the pool.
type querier interface {
	sqlx.QueryerContext
	sqlx.ExecerContext
	Rebind(string) string
}

func bind(q querier, query string, p params) (string, []any, error) {
	text, args, err := sqlx.Named(query, map[string]any(p))
	if err != nil {
		return "", nil, fmt.Errorf("parameters: %w", err)
	}
	return sqlx.Rebind(sqlx.DOLLAR, text), args, nil
}

// one reads one row; no row is sql.ErrNoRows.
func one[T any](ctx context.Context, q querier, query string, p params) (T, error) {
	var row T
	text, args, err := bind(q, query, p)
	if err != nil {
		return row, err
	}
	return row, sqlx.GetContext(ctx, q, &row, text, args...)
}

// many reads all rows.
func many[T any](ctx context.Context, q querier, query string, p params) ([]T, error) {
	text, args, err := bind(q, query, p)
	if err != nil {
		return nil, err
	}
	rows := []T{}
	return rows, sqlx.SelectContext(ctx, q, &rows, text, args...)
}

// stream reads rows one at a time. In a transaction no other statement may run
// before it is at its end.
func stream[T any](ctx context.Context, q querier, query string, p params) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var row T
		text, args, err := bind(q, query, p)
		if err != nil {
			yield(row, err)
			return
		}
		rows, err := q.QueryxContext(ctx, text, args...)
		if err != nil {
			yield(row, err)
			return
		}
		defer rows.Close() // what the rows end with is asked below
		for rows.Next() {
			var row T
			if err := rows.StructScan(&row); !yield(row, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(row, err)
		}
	}
}

// exec runs a statement and gives the number of rows.
func exec(ctx context.Context, q querier, query string, p params) (int64, error) {
	text, args, err := bind(q, query, p)
	if err != nil {
		return 0, err
	}
	res, err := q.ExecContext(ctx, text, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// encode makes JSON of a plain value.
func encode(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return b, nil
}

// none tells whether a read found no row.
func none(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// nullTime stores a zero time as NULL.
func nullTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

func nullText(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func nullID(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}
