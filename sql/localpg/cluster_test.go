package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestDataOutliveAStop(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	dir := openDir(t)
	c := start(t, Options{Dir: dir})
	for range 2 { // the second finds it there
		if err := c.CreateDatabase(t.Context(), Database); err != nil {
			t.Fatal(err)
		}
	}
	mustQuery(t, c.URL(Database), "CREATE TABLE kept AS SELECT 'Åsele'::text AS town")
	stop(t, c)
	stop(t, c) // twice is as good as once
	if _, err := query(t.Context(), c.URL(Database), "SELECT 1"); err == nil {
		t.Error("the server answers after Stop")
	}

	c = start(t, Options{Dir: dir})
	if got := mustQuery(t, c.URL(Database), "SELECT town FROM kept"); got != "Åsele" {
		t.Errorf("town after a restart: got %q, want Åsele", got)
	}
}

func TestClusterIsPrivateAndSpeaksUTF8(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	dir := openDir(t)
	c := start(t, Options{Dir: dir})
	url := c.URL("postgres")
	for setting, want := range map[string]string{
		"listen_addresses":        "127.0.0.1",
		"unix_socket_directories": "",
		"server_encoding":         "UTF8",
		"TimeZone":                "UTC",
	} {
		if got := mustQuery(t, url, "SHOW "+setting); got != want {
			t.Errorf("%s: got %q, want %q", setting, got, want)
		}
	}
	order := mustQuery(t, url, `SELECT string_agg(x, '' ORDER BY x COLLATE "sv-x-icu") FROM (VALUES ('ö'), ('z'), ('ä'), ('å')) v(x)`)
	if order != "zåäö" {
		t.Errorf("Swedish order: got %s, want zåäö", order)
	}
	if got := mustQuery(t, url, "SELECT passwd FROM pg_shadow WHERE usename = 'fund'"); !strings.HasPrefix(got, "SCRAM-SHA-256") {
		t.Errorf("stored password: got %.14s…, want SCRAM-SHA-256", got)
	}
	if _, err := query(t.Context(), dataSource(c.port, "guess", "postgres"), "SELECT 1"); err == nil {
		t.Error("a wrong password is let in")
	}
	info, err := os.Stat(filepath.Join(dir, "password"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the password: got %o, want 600", info.Mode().Perm())
	}
}

func TestSecondStartIsRefused(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	dir := openDir(t)
	owner, url := startOwner(t, dir)
	_, err := Start(t.Context(), Options{Dir: dir})
	if !errors.Is(err, ErrRunning) {
		t.Fatalf("second start: got %v, want ErrRunning", err)
	}
	want := fmt.Sprintf("the database in %s is already running (pid %d)", dir, owner.Pid)
	if err.Error() != want {
		t.Errorf("second start:\n got %s\nwant %s", err, want)
	}
	mustQuery(t, url, "SELECT 1") // the first one doesn't mind
}

func TestRunningTellsTheURL(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	dir := openDir(t)
	if _, ok := Running(dir); ok {
		t.Error("an empty folder is said to run")
	}
	owner, _ := startOwner(t, dir)
	url, ok := Running(dir)
	if !ok {
		t.Fatal("the running cluster is not found")
	}
	if !strings.HasSuffix(url, "/fund?sslmode=disable") {
		t.Errorf("URL %s is not of the database fund", url)
	}
	data := filepath.Join(dir, "data")
	server, _ := readPIDFile(data)
	if err := owner.Kill(); err != nil {
		t.Fatal(err)
	}
	if !gone(t.Context(), 10*time.Second, func() bool { return !serves(server, data) }) {
		t.Fatalf("the server (pid %d) outlives its owner", server)
	}
	if url, ok := Running(dir); ok {
		t.Errorf("a killed owner's cluster is said to run: %s", url)
	}
}

func TestKilledOwnerLosesNothing(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	dir := openDir(t)
	owner, url := startOwner(t, dir)
	mustQuery(t, url, "CREATE TABLE kept AS SELECT 41 AS n")
	if err := owner.Kill(); err != nil {
		t.Fatal(err)
	}
	// The lock goes with the owner, which is not at once.
	var c *Cluster
	var err error
	if !gone(t.Context(), 10*time.Second, func() bool {
		c, err = Start(t.Context(), Options{Dir: dir, FsyncOff: true})
		return !errors.Is(err, ErrRunning)
	}) || err != nil {
		t.Fatalf("start after the owner was killed: %v", err)
	}
	defer c.Stop(context.Background())
	if got := mustQuery(t, c.URL("postgres"), "SELECT n FROM kept"); got != "41" {
		t.Errorf("n: got %s, want 41", got)
	}
}

func TestKilledServerStartsAgain(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	dir := openDir(t)
	c, err := Start(t.Context(), Options{Dir: dir}) // as "fund up" does, with fsync
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Stop(context.Background()) })
	mustQuery(t, c.URL("postgres"), "CREATE TABLE kept AS SELECT 41 AS n")
	if err := syscall.Kill(c.server.pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case <-c.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("nobody notices that the server was killed")
	}
	if err := c.Stop(t.Context()); err == nil {
		t.Error("Stop says nothing of a killed server")
	}
	c = start(t, Options{Dir: dir})
	if got := mustQuery(t, c.URL("postgres"), "SELECT n FROM kept"); got != "41" {
		t.Errorf("n: got %s, want 41", got)
	}
}

// Where the system doesn't tell a child of its parent's end, a whole server
// stays behind.
func TestOrphanedServerIsStopped(t *testing.T) {
	t.Parallel()
	bin := needPostgres(t)
	dir := openDir(t)
	c := start(t, Options{Dir: dir})
	stop(t, c)

	runAs, err := accountFor(dir)
	if err != nil {
		t.Fatal(err)
	}
	out, err := openLog(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	orphan, err := launch(bin.command("postgres", c.data, runAs, out, serverArgs(c.data, c.port, true)...))
	if err != nil {
		t.Fatal(err)
	}
	c.server = orphan
	if err := c.waitReady(t.Context()); err != nil {
		t.Fatal(err)
	}
	var said []string
	c = start(t, Options{Dir: dir, Say: func(s string) { said = append(said, s) }})
	select {
	case <-orphan.done:
	default:
		t.Error("the orphan runs on")
	}
	mustQuery(t, c.URL("postgres"), "SELECT 1")
	if text := strings.Join(said, "\n"); !strings.Contains(text, fmt.Sprintf("left behind (pid %d)", orphan.pid())) {
		t.Errorf("nothing was said of the orphan: %s", text)
	}
}

func TestPIDFileOfAnotherProcessIsSeenThrough(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	dir := openDir(t)
	c := start(t, Options{Dir: dir})
	stop(t, c)
	// The number is in use again, by a process of the server's own account.
	other := c.bystander(t)
	line := fmt.Sprintf("%d\n%s\n1\n1\n\n127.0.0.1\n1 1\nready\n", other, c.data)
	if err := os.WriteFile(filepath.Join(c.data, "postmaster.pid"), []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	c = start(t, Options{Dir: dir})
	mustQuery(t, c.URL("postgres"), "SELECT 1")
	if !alive(other) {
		t.Errorf("the bystander (pid %d) was ended", other)
	}
}

// bystander is a process of the account that owns the data.
func (c *Cluster) bystander(t *testing.T) int {
	t.Helper()
	runAs, err := accountFor(c.dir)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("cat")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: runAs.credential()}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		_ = cmd.Wait()
	})
	return cmd.Process.Pid
}

func TestHalfMadeClusterIsMadeAnew(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	dir := openDir(t)
	if err := os.MkdirAll(filepath.Join(dir, "data.new", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "data.new", "PG_VERSION"), []byte("15\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := start(t, Options{Dir: dir})
	mustQuery(t, c.URL("postgres"), "SELECT 1")
}

func TestLostPasswordIsSaid(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	dir := openDir(t)
	c := start(t, Options{Dir: dir})
	stop(t, c)
	if err := os.Remove(filepath.Join(dir, "password")); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "lost its password") {
		t.Errorf("start without the password: got %v", err)
	}
}

func TestFailedStartQuotesTheServer(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	dir := openDir(t)
	c := start(t, Options{Dir: dir})
	stop(t, c)
	if err := os.WriteFile(filepath.Join(c.data, "postgresql.auto.conf"), []byte("no_such_setting = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "no_such_setting") {
		t.Errorf("start with a broken configuration: got %v", err)
	}
	// Nothing is held after a failure.
	if err := os.WriteFile(filepath.Join(c.data, "postgresql.auto.conf"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, Options{Dir: dir})
}

func TestCancelledStartLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	dir := openDir(t)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Start(ctx, Options{Dir: dir, FsyncOff: true, Say: func(string) {}, Log: writerFunc(cancel)})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled start: got %v, want context.Canceled", err)
	}
	if pids := workersIn(filepath.Join(dir, "data")); len(pids) > 0 {
		t.Errorf("still running: %v", pids)
	}
	start(t, Options{Dir: dir})
}

// writerFunc calls itself when written to.
type writerFunc func()

func (f writerFunc) Write(b []byte) (int, error) { f(); return len(b), nil }

func TestTemporaryLeavesNothing(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	c, err := StartTemporary(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	mustQuery(t, c.URL("postgres"), "SELECT 1")
	if got := mustQuery(t, c.URL("postgres"), "SHOW fsync"); got != "off" {
		t.Errorf("fsync: got %s, want off", got)
	}
	if err := c.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{c.dir, c.data} {
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there (%v)", dir, err)
		}
	}
}
