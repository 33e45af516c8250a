package sql_test

import (
	"compress/gzip"
	stdsql "database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// bare makes a database that nothing has been done to.
func bare(t *testing.T, name string) (at string) {
	t.Helper()
	_, other := sqltest.OpenURL(t)
	if err := sqltest.Exec(other, "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sqltest.Exec(other, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return strings.Replace(other, other[strings.LastIndex(other, "/")+1:strings.Index(other, "?")], name, 1)
}

// bring runs some of the migrations.
func bring(t *testing.T, at string, files fs.FS, version int64) {
	t.Helper()
	db, err := stdsql.Open("postgres", at)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectPostgres, db, files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
}

// migrated opens a database with the program as it is and brings it up to date.
func migrated(t *testing.T, at string) *sql.Store {
	t.Helper()
	s, err := sql.Open(t.Context(), at, sql.Options{Wall: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if ok, err := s.Migrated(t.Context()); err != nil || !ok {
		t.Fatalf("after Migrate it is not migrated: %v", err)
	}
	return s
}

// TestEveryVersionComesUp takes a database that the program wrote at version 1
// (three cases: closed, payable, withdrawn) through each later version to the
// newest. Nothing may be lost, and the chain must hold.
func TestEveryVersionComesUp(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/version-1.sql.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	old, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	files := os.DirFS("migrations")
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var version int64
			if _, err := fmt.Sscanf(name, "%d_", &version); err != nil {
				t.Fatal(err)
			}
			at := bare(t, fmt.Sprintf("version_%d", version))
			if err := sqltest.Exec(at, string(old)); err != nil {
				t.Fatal(err)
			}
			bring(t, at, files, version)
			s := migrated(t, at)
			if _, err := s.Prepare(t.Context(), sql.RehearsalM, time.Time{}); err != nil {
				t.Fatal(err)
			}
			cases, _, err := s.FullCases(t.Context(), workflow.Machine(), sql.CaseFilter{})
			if err != nil || len(cases) != 3 {
				t.Fatalf("%d cases, %v", len(cases), err)
			}
			for _, k := range cases {
				if workflow.Compute(k, workflow.Date{}).EligibleCost == 0 || len(k.App.Filed) == 0 {
					t.Errorf("case %d has lost its form: %+v", k.App.ID, k.App)
				}
			}
			if a, err := s.VerifyAudit(t.Context()); err != nil || !a.OK || a.Cases != 3 {
				t.Errorf("the chain: %+v %v", a, err)
			}
		})
	}
}

// TestMigrationThatCameLateIsCaughtUp: two people write migrations beside each
// other, and the one with the lower number comes in last.
func TestMigrationThatCameLateIsCaughtUp(t *testing.T) {
	t.Parallel()
	all := os.DirFS("migrations")
	names, err := fs.Glob(all, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	without := fstest.MapFS{}
	for i, name := range names {
		if i == len(names)-2 {
			continue
		}
		text, err := fs.ReadFile(all, name)
		if err != nil {
			t.Fatal(err)
		}
		without[name] = &fstest.MapFile{Data: text}
	}
	at := bare(t, "came_late")
	bring(t, at, without, 1<<40)
	migrated(t, at)
}

// TestOlderProgramDoesNotStart: what a newer one has changed, it doesn't know.
func TestOlderProgramDoesNotStart(t *testing.T) {
	t.Parallel()
	at := bare(t, "newer")
	s := migrated(t, at)
	if err := sqltest.Exec(at, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, true)"); err != nil {
		t.Fatal(err)
	}
	if err := s.Migrate(t.Context()); !errors.Is(err, sql.ErrNewer) || !strings.Contains(err.Error(), "9000") {
		t.Errorf("got %v, want that version 9000 is newer", err)
	}
}
