package localpg

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain lets the test binary be an owner that can be killed:
//
//	localpg.test owner DIR   starts DIR, prints its URL, stops when stdin ends
//	localpg.test life DIR    starts, writes, stops, starts, reads, stops
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && (os.Args[1] == "owner" || os.Args[1] == "life") {
		if err := map[string]func(string) error{"owner": owner, "life": life}[os.Args[1]](os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func owner(dir string) error {
	ctx := context.Background()
	c, err := Start(ctx, Options{Dir: dir})
	if err != nil {
		return err
	}
	fmt.Println(c.URL("postgres"))
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return c.Stop(ctx)
}

func life(dir string) error {
	ctx := context.Background()
	for round, statement := range []string{"CREATE TABLE kept AS SELECT 41 AS n", "SELECT n FROM kept"} {
		began := time.Now()
		c, err := Start(ctx, Options{Dir: dir})
		if err != nil {
			return err
		}
		took := time.Since(began).Round(10 * time.Millisecond)
		if _, err := query(ctx, c.URL("postgres"), statement); err != nil {
			return err
		}
		if err := c.Stop(ctx); err != nil {
			return err
		}
		fmt.Printf("start %d as user %d took %s\n", round+1, os.Getuid(), took)
	}
	return nil
}

// query runs a statement and gives the first column of its first row, if any.
func query(ctx context.Context, url, statement string) (string, error) {
	db, err := sql.Open("postgres", url)
	if err != nil {
		return "", err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, statement)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var s string
	if rows.Next() {
		if err := rows.Scan(&s); err != nil {
			return "", err
		}
	}
	return s, rows.Err()
}

func mustQuery(t *testing.T, url, statement string) string {
	t.Helper()
	s, err := query(t.Context(), url, statement)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return s
}

// needPostgres skips a lone "go test" where there is no PostgreSQL.
func needPostgres(t *testing.T) binaries {
	t.Helper()
	runAs, err := accountFor(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b, ok := newFinder(Options{Say: func(string) {}}, runAs).search(0)
	if !ok {
		if os.Getenv("FUND_TEST_STRICT") != "" {
			t.Fatal("no PostgreSQL on this machine")
		}
		t.Skip("no PostgreSQL on this machine")
	}
	return b
}

// openDir is a folder that every account can enter, unlike t.TempDir's.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "localpg-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := removeCluster(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t *testing.T, o Options) *Cluster {
	t.Helper()
	o.FsyncOff = true
	c, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Stop(context.Background()) }) // the test has looked at Stop where it matters
	return c
}

func stop(t *testing.T, c *Cluster) {
	t.Helper()
	if err := c.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// startOwner runs "owner" in another process, which the test may kill.
func startOwner(t *testing.T, dir string) (p *os.Process, url string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "owner", dir)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		_ = cmd.Wait() // killed ones end with an error
	})
	line := make([]byte, 200)
	n, err := stdout.Read(line)
	if err != nil {
		t.Fatalf("the owner said nothing: %v", err)
	}
	return cmd.Process, strings.TrimSpace(string(line[:n]))
}

// binaryForAll is this test binary, copied to where every account can run it.
func binaryForAll(t *testing.T) string {
	t.Helper()
	from, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	path := filepath.Join(openDir(t), "localpg.test")
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }
