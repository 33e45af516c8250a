package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fund/sql"
	"fund/sql/sqltest"
)

// emptyDatabase is a database that nobody has used.
func emptyDatabase(t *testing.T, name string) string {
	t.Helper()
	_, at := sqltest.OpenURL(t)
	other := strings.Replace(at, at[strings.LastIndex(at, "/")+1:strings.Index(at, "?")], name, 1)
	if err := sqltest.Exec(at, "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sqltest.Exec(at, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return other
}

// installed marks a database.
func installed(t *testing.T, at, mode string) *sql.Store {
	t.Helper()
	s, err := sql.Open(t.Context(), at, sql.Options{Wall: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Prepare(t.Context(), mode, time.Time{}); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestBackupComesBack: what is restored is what was there, attachments and proof included; a production is
// not thrown away unasked, and no backup changes what a database is.
func TestBackupComesBack(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"pg_dump", "pg_restore", "psql"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("FUND_TEST_STRICT") == "1" {
				t.Fatalf("%s is not installed", tool)
			}
			t.Skipf("%s is not installed; FUND_TEST_STRICT=1 makes this a failure", tool)
		}
	}
	from, to, rehearsal := emptyDatabase(t, "backup_from"), emptyDatabase(t, "backup_to"), emptyDatabase(t, "backup_rehearsal")
	made := bytes.Repeat([]byte("%PDF-1.4 kvittens "), 1<<15)
	err := installed(t, from, sql.Production).InTx(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.AddDocument(t.Context(), sql.DocumentRow{Kind: "receipt", Name: "k.pdf", Title: "Kvittens", Type: "application/pdf"}, made)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	installed(t, rehearsal, sql.RehearsalM)
	file := filepath.Join(t.TempDir(), "fund.backup")
	var out bytes.Buffer
	if err := backup(t.Context(), Config{Database: from}, []string{file}, &out); err != nil {
		t.Fatal(err, out.String())
	}
	if i, err := os.Stat(file); err != nil || i.Mode().Perm() != 0o600 {
		t.Fatalf("the backup: %v %v; others on the machine must not read it", i.Mode(), err)
	}
	if err := backup(t.Context(), Config{Database: "postgres://nobody:hemligt@127.0.0.1:1/none"}, []string{file}, &out); err == nil {
		t.Fatal("a backup of nothing went well")
	}
	if left, err := os.ReadDir(filepath.Dir(file)); err != nil || len(left) != 1 {
		t.Fatalf("a backup that failed leaves %v %v", left, err)
	}
	read := func(at string, args ...string) error {
		return restore(t.Context(), Config{Database: at}, append([]string{file}, args...), &out)
	}
	if err := read(to); err != nil {
		t.Fatal(err, out.String())
	}
	s := installed(t, to, sql.Production)
	if d, err := s.DocumentByContent(t.Context(), made); err != nil || d.Size != int64(len(made)) {
		t.Fatalf("the document after the restore: %+v %v", d, err)
	}
	if a, err := s.VerifyAudit(t.Context()); err != nil || !a.OK {
		t.Fatalf("the chain after the restore: %+v %v", a, err)
	}
	if err := read(to); err == nil || !strings.Contains(err.Error(), "--replace") {
		t.Errorf("a production was overwritten: %v", err)
	}
	// A newer program was here, and its upgrade is taken back.
	if err := sqltest.Exec(to, "CREATE TABLE later (id bigint PRIMARY KEY, application bigint REFERENCES applications (id)); INSERT INTO later VALUES (1, NULL)"); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := read(to, "--replace"); err == nil {
		t.Error("half a backup went well")
	}
	if err := sqltest.Exec(to, "INSERT INTO later VALUES (2, NULL)"); err != nil {
		t.Errorf("half a backup took away what was there: %v", err)
	}
	if err := os.WriteFile(file, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := read(to, "--replace"); err != nil {
		t.Errorf("--replace: %v", err)
	}
	if err := sqltest.Exec(to, "CREATE TABLE later ()"); err != nil {
		t.Errorf("what a newer program added stays: %v", err)
	}
	if d, err := installed(t, to, sql.Production).DocumentByContent(t.Context(), made); err != nil || d.Size != int64(len(made)) {
		t.Errorf("the document after the second restore: %+v %v", d, err)
	}
	if err := read(rehearsal, "--replace"); err == nil || !strings.Contains(err.Error(), "rehearsal") {
		t.Errorf("a rehearsal became a production: %v", err)
	}
	if err := os.WriteFile(file, []byte("no backup"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := read(to, "--replace"); err == nil || !strings.Contains(err.Error(), "no backup of this program") {
		t.Errorf("a text as a backup: %v", err)
	}
}

// TestPasswordsAreNoArguments: everyone on the machine reads those.
func TestPasswordsAreNoArguments(t *testing.T) {
	t.Parallel()
	at, password := splitPassword("postgres://fund:hem%2Fligt@db:5432/fund?sslmode=disable")
	if password != "hem/ligt" || at != "postgres://fund@db:5432/fund?sslmode=disable" {
		t.Errorf("%q %q", at, password)
	}
}
