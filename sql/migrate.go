package sql

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// Modes of an installation.
const (
	Production = "production"
	RehearsalM = "rehearsal"
)

// Migrate brings the database to this program's version: forward only, one
// process at a time.
func (s *Store) Migrate(ctx context.Context) error {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return fmt.Errorf("migration lock: %w", err)
	}
	p, err := s.migrations(goose.WithSessionLocker(locker))
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	has, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if own := p.ListSources(); has > own[len(own)-1].Version {
		return fmt.Errorf("%w: it is at version %d and the program at %d", ErrNewer, has, own[len(own)-1].Version)
	}
	return nil
}

// Emptying takes away every table and function, also those of a newer program,
// so that a backup can come into their place in the same transaction.
const Emptying = `DO $$
DECLARE
  statement text;
BEGIN
  FOR statement IN
    SELECT format('DROP TABLE IF EXISTS %I.%I CASCADE', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public'
    UNION ALL
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', CAST(oid AS regprocedure)) FROM pg_proc WHERE pronamespace = CAST('public' AS regnamespace)
  LOOP
    EXECUTE statement;
  END LOOP;
END $$;
`

// migrations reads the program's own. One that was written beside another and
// came later with a lower number is caught up: each stands on 0001 alone, or on
// what it names.
func (s *Store) migrations(more ...goose.ProviderOption) (*goose.Provider, error) {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, s.db.DB, files, append(more, goose.WithAllowOutofOrder(true))...)
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return p, nil
}

// Migrated tells whether the database is at this program's version.
func (s *Store) Migrated(ctx context.Context) (bool, error) {
	p, err := s.migrations()
	if err != nil {
		return false, err
	}
	pending, err := p.HasPending(ctx)
	return !pending, err
}

// Prepare marks a new database with its mode, or checks that an old one has
// it: a rehearsal never becomes production, nor the other way round. first is
// the rehearsal clock's first instant, used only when the database is new.
func (s *Store) Prepare(ctx context.Context, mode string, first time.Time) (fresh bool, err error) {
	err = s.InTx(ctx, func(tx *Tx) error {
		had, err := one[string](ctx, tx, s.q.Installation, params{})
		if err != nil && !none(err) {
			return fmt.Errorf("installation: %w", err)
		}
		if err == nil {
			if had != mode {
				return fmt.Errorf("%w: it was created for %s", ErrMode, had)
			}
			return nil
		}
		fresh = true
		if _, err := exec(ctx, tx, s.q.InsertInstallation, params{"mode": mode}); err != nil {
			return fmt.Errorf("installation: %w", err)
		}
		offset := int64(0)
		if mode == RehearsalM && !first.IsZero() {
			offset = first.Sub(s.wall()).Microseconds()
		}
		_, err = exec(ctx, tx, s.q.SetClock, params{"offset_us": offset, "frozen_at": nil, "hurry": false})
		return err
	})
	if err != nil {
		return fresh, err
	}
	s.rehearsal = mode == RehearsalM
	if s.rehearsal {
		return fresh, nil // what moves asks for the night's check
	}
	return fresh, s.InTx(ctx, func(tx *Tx) error { return tx.ensureSelfCheck(ctx, 0) })
}

// ModeOf reads what a database is marked as, without changing it; empty for one
// that no installation has used.
func ModeOf(ctx context.Context, url string) (mode string, err error) {
	db, err := sqlx.Open("postgres", url)
	if err != nil {
		return "", fmt.Errorf("database: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var used bool
	if err := db.GetContext(ctx, &used, "SELECT to_regclass('installation') IS NOT NULL"); err != nil {
		return "", fmt.Errorf("database: %w", err)
	}
	if !used {
		return "", nil
	}
	if err := db.GetContext(ctx, &mode, "SELECT coalesce(max(mode), '') FROM installation"); err != nil {
		return "", fmt.Errorf("installation: %w", err)
	}
	return mode, nil
}
