package localpg

import (
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("what root's starts do is tried as root")
	}
}

func TestRootsServerRunsUnprivileged(t *testing.T) {
	t.Parallel()
	needRoot(t)
	needPostgres(t)
	dir := openDir(t)
	c := start(t, Options{Dir: dir})
	info, err := os.Stat("/proc/" + strconv.Itoa(c.server.pid()))
	if err != nil {
		t.Fatal(err)
	}
	if uid := info.Sys().(*syscall.Stat_t).Uid; uid == 0 {
		t.Error("the server runs as root")
	}
	if want := filepath.Join(dir, "data"); c.data != want {
		t.Errorf("data: got %s, want %s", c.data, want)
	}
}

func TestClosedFolderMovesRootsData(t *testing.T) {
	t.Parallel()
	needRoot(t)
	needPostgres(t)
	dir := openDir(t)
	closed := filepath.Join(dir, "closed", "var")
	if err := os.MkdirAll(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Dir(closed), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := removeCluster(closed); err != nil {
			t.Error(err)
		}
	})
	var said []string
	c := start(t, Options{Dir: closed, Say: func(s string) { said = append(said, s) }})
	if !strings.HasPrefix(c.data, rootsHome+"/") {
		t.Errorf("data: got %s, want a folder in %s", c.data, rootsHome)
	}
	if len(said) == 0 || !strings.Contains(said[0], filepath.Dir(c.data)) {
		t.Errorf("the first line doesn't say where the data lie: %q", said)
	}
	mustQuery(t, c.URL("postgres"), "CREATE TABLE kept AS SELECT 41 AS n")
	stop(t, c)
	again := start(t, Options{Dir: closed})
	if again.data != c.data {
		t.Errorf("data after a restart: got %s, want %s", again.data, c.data)
	}
	mustQuery(t, again.URL("postgres"), "SELECT n FROM kept")
	stop(t, again)

	// Whoever deletes the folder wants an empty database.
	old := filepath.Dir(c.data)
	t.Cleanup(func() { os.RemoveAll(old) })
	if err := os.RemoveAll(closed); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	fresh := start(t, Options{Dir: closed})
	if _, err := query(t.Context(), fresh.URL("postgres"), "SELECT n FROM kept"); err == nil {
		t.Error("a deleted folder has its old data")
	}
}

// The same as an ordinary user, and then root takes over that user's folder.
func TestOrdinaryUserStarts(t *testing.T) {
	t.Parallel()
	needRoot(t)
	needPostgres(t)
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Skip("no account nobody")
	}
	uid, err := strconv.Atoi(nobody.Uid)
	if err != nil {
		t.Fatal(err)
	}
	gid, err := strconv.Atoi(nobody.Gid)
	if err != nil {
		t.Fatal(err)
	}
	dir := openDir(t)
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binaryForAll(t), "life", dir)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("life as nobody: %v\n%s", err, out)
	}
	t.Logf("%s", out)

	c := start(t, Options{Dir: dir})
	if got := mustQuery(t, c.URL("postgres"), "SELECT n FROM kept"); got != "41" {
		t.Errorf("n: got %s, want 41", got)
	}
	stop(t, c)

	// And back: nothing that root left is closed to its owner, but for what root
	// made itself, which is said.
	closed := openDir(t)
	stop(t, start(t, Options{Dir: closed}))
	cmd = exec.Command(binaryForAll(t), "life", closed)
	cmd.Dir, cmd.SysProcAttr = "/", &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	out, err = cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "belongs to another user") {
		t.Errorf("start in root's folder: %v, %s", err, out)
	}
}
