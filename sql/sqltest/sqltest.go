// Package sqltest gives each test a database of its own, cloned from a
// migrated and seeded template. The cluster is the one of `make test`
// (TEST_DATABASE_URL), or a temporary one that a lone `go test` starts.
package sqltest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/lib/pq" // the driver

	fund "fund/sql"
	"fund/sql/localpg"
)

// First is where the clock of every test database stands.
var First = time.Date(2026, 1, 10, 8, 0, 0, 0, time.UTC)

var (
	once    sync.Once
	base    string
	errBase error
	number  atomic.Int64
)

// Open gives a fresh rehearsal database with schools, people and rules, its
// clock standing still at First.
func Open(t testing.TB) *fund.Store {
	t.Helper()
	s, _ := OpenURL(t)
	return s
}

// OpenURL is Open that also tells the address, for tests with several processes.
func OpenURL(t testing.TB) (*fund.Store, string) {
	t.Helper()
	once.Do(func() { base, errBase = template() })
	if errBase != nil {
		if os.Getenv("FUND_TEST_STRICT") == "" {
			t.Skipf("no PostgreSQL: %v", errBase)
		}
		t.Fatal(errBase)
	}
	name := fmt.Sprintf("t_%d_%d", os.Getpid(), number.Add(1))
	if err := run(base, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, templateName())); err != nil {
		t.Fatal(err)
	}
	at := with(base, name)
	s, err := fund.Open(context.Background(), at, fund.Options{Wall: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if err := run(base, fmt.Sprintf("DROP DATABASE %s WITH (FORCE)", name)); err != nil {
			t.Errorf("drop: %v", err)
		}
	})
	if _, err := s.Prepare(context.Background(), fund.RehearsalM, First); err != nil {
		t.Fatal(err)
	}
	return s, at
}

func templateName() string { return fmt.Sprintf("template_%d", os.Getpid()) }

// template makes the database that all others are copies of.
func template() (string, error) {
	ctx := context.Background()
	at := os.Getenv("TEST_DATABASE_URL")
	if at == "" {
		// It lives as long as this process; its parent's death ends it.
		c, err := localpg.StartTemporary(ctx, localpg.Options{FsyncOff: true})
		if err != nil {
			return "", err
		}
		at = c.URL("postgres")
	}
	if err := run(at, "CREATE DATABASE "+templateName()); err != nil {
		return "", err
	}
	s, err := fund.Open(ctx, with(at, templateName()), fund.Options{Wall: time.Now})
	if err != nil {
		return "", err
	}
	steps := []func() error{
		func() error { return s.Migrate(ctx) },
		func() error { _, err := s.Prepare(ctx, fund.RehearsalM, First); return err },
		func() error { return s.SeedRegister(ctx) },
		func() error { return s.SeedSchools(ctx) },
		func() error { return s.SeedPeople(ctx) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return "", err
		}
	}
	if err := s.Close(); err != nil {
		return "", err
	}
	return at, freeze(with(at, templateName()), First)
}

// Freeze lets the clock of the database at an address jump and stand still, past
// everything that is due: for tests without workers, which take the program's
// steps themselves.
func Freeze(t testing.TB, url string, at time.Time) {
	t.Helper()
	if err := freeze(url, at); err != nil {
		t.Fatal(err)
	}
}

func freeze(url string, at time.Time) error {
	return run(url, "UPDATE clock SET frozen_at = '"+at.Format(time.RFC3339)+"'")
}

func with(base, database string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	u.Path = "/" + database
	return u.String()
}

func run(at, statement string) error {
	db, err := sql.Open("postgres", at)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

// Exec runs one statement on a test's database: for what only time or an accident does there.
func Exec(url, statement string) error { return run(url, statement) }
