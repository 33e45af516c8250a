package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// oldest is the first major version that the program's SQL is written for.
const oldest = 15

// homes are where packages put the programs that PATH doesn't know: Debian, Red
// Hat, Homebrew.
var homes = []string{
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/opt/homebrew/opt/postgresql*/bin",
	"/usr/local/opt/postgresql*/bin",
	"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
}

// binaries is a folder with initdb and postgres of one version.
type binaries struct {
	dir     string
	version string // "15.18"
	major   int
}

// finder knows where to look, and how to get what isn't there.
type finder struct {
	binDir   string
	homes    []string
	lookPath func(string) (string, error)
	runAs    *account
	say      func(string)
	registry string
	cache    string   // where fetched binaries are kept; empty: nothing is fetched
	pin      pin      // what is fetched; empty: nothing for this machine
	install  []string // the command that installs a package; empty: it can't be
}

func newFinder(o Options, runAs *account) *finder {
	f := &finder{
		binDir: o.BinDir, homes: homes, lookPath: exec.LookPath,
		runAs: runAs, say: o.Say, registry: o.Registry, pin: pinned(),
	}
	if os.Geteuid() == 0 {
		f.cache = "/var/cache/fund"
		f.install = aptInstall()
	} else if dir, err := os.UserCacheDir(); err == nil {
		f.cache = filepath.Join(dir, "fund")
	}
	return f
}

// find is a PostgreSQL of the major version, or any when that is 0. It installs
// or fetches one where none is found.
func (f *finder) find(ctx context.Context, major int) (binaries, error) {
	if f.binDir != "" {
		b, err := f.look(f.binDir)
		if err != nil {
			return binaries{}, fmt.Errorf("PG_BIN names %s: %w", f.binDir, err)
		}
		if !b.fits(major) {
			return binaries{}, fmt.Errorf("PG_BIN names PostgreSQL %s, and %s", b.version, wanted(major))
		}
		return b, nil
	}
	if b, ok := f.search(major); ok {
		return b, nil
	}
	var tried []error
	if len(f.install) > 0 {
		f.say("no PostgreSQL here, installing the package: " + strings.Join(f.install, " "))
		if err := f.runInstall(ctx); err != nil {
			tried = append(tried, err)
		} else if b, ok := f.search(major); ok {
			return b, nil
		}
	}
	if f.cache != "" && f.pin.name != "" && (major == 0 || major == f.pin.major) {
		f.say(fmt.Sprintf("no PostgreSQL here, fetching %s (once, about 24 MB) into %s", f.pin, f.cache))
		dir, err := f.pin.fetch(ctx, f.registry, f.cache)
		if err == nil {
			var b binaries
			if b, err = f.look(dir); err == nil {
				return b, nil
			}
		}
		tried = append(tried, err)
	}
	if err := ctx.Err(); err != nil {
		return binaries{}, err
	}
	sentence := fmt.Errorf("no PostgreSQL to run: %s; install it (Debian: apt-get install postgresql), "+
		"or set DATABASE_URL to a server, or use docker compose up", wanted(major))
	if len(tried) > 0 {
		return binaries{}, fmt.Errorf("%w (tried: %w)", sentence, errors.Join(tried...))
	}
	return binaries{}, sentence
}

// wanted says which version would do.
func wanted(major int) string {
	if major != 0 {
		return fmt.Sprintf("the data were written by version %d, which is needed to read them", major)
	}
	return fmt.Sprintf("version %d or newer is needed", oldest)
}

// search looks on PATH, then in the usual homes and among what was fetched,
// newest first.
func (f *finder) search(major int) (binaries, bool) {
	if path, err := f.lookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real
		}
		if b, err := f.look(filepath.Dir(path)); err == nil && b.fits(major) {
			return b, true
		}
	}
	var found []binaries
	patterns := f.homes
	if f.cache != "" {
		patterns = append(slices.Clone(patterns), filepath.Join(f.cache, "postgresql-*", "bin"))
	}
	for _, pattern := range patterns {
		dirs, err := filepath.Glob(pattern)
		if err != nil {
			continue // a cache whose path has brackets in it: as if empty
		}
		for _, dir := range dirs {
			if b, err := f.look(dir); err == nil && b.fits(major) {
				found = append(found, b)
			}
		}
	}
	if len(found) == 0 {
		return binaries{}, false
	}
	return slices.MaxFunc(found, func(a, b binaries) int { return a.major - b.major }), true
}

func (b binaries) fits(major int) bool {
	if major != 0 {
		return b.major == major
	}
	return b.major >= oldest
}

// look asks the postgres in dir for its version, as the account that will run it.
func (f *finder) look(dir string) (binaries, error) {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return binaries{}, fmt.Errorf("initdb: %w", err)
	}
	cmd := exec.Command(filepath.Join(dir, "postgres"), "--version")
	cmd.Dir, cmd.Env = "/", plainEnvironment()
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: f.runAs.credential()}
	out, err := cmd.Output()
	if err != nil {
		return binaries{}, fmt.Errorf("postgres --version: %w", err)
	}
	// postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)
	fields := strings.Fields(string(out))
	if len(fields) < 3 {
		return binaries{}, fmt.Errorf("postgres --version: unknown answer %q", out)
	}
	// A version that is not released yet is called 19beta1, 19rc1 or 19devel.
	number := fields[2]
	if end := strings.IndexFunc(number, func(r rune) bool { return r < '0' || r > '9' }); end >= 0 {
		number = number[:end]
	}
	major, err := strconv.Atoi(number)
	if err != nil {
		return binaries{}, fmt.Errorf("postgres --version: unknown answer %q", out)
	}
	return binaries{dir: dir, version: fields[2], major: major}, nil
}

// aptInstall is the command that installs PostgreSQL on Debian and its kin, empty
// elsewhere. The server that the package starts by itself is on another port and
// is none of ours.
func aptInstall() []string {
	apt, err := exec.LookPath("apt-get")
	if err != nil {
		return nil
	}
	return []string{apt, "install", "-y", "--no-install-recommends", "postgresql"}
}

// runInstall runs the command, and once more with a fresh list of packages when
// it fails: a new machine has an old list, or none.
func (f *finder) runInstall(ctx context.Context) error {
	run := func(args ...string) error {
		cmd := exec.CommandContext(ctx, args[0], args[1:]...)
		cmd.Env = append(cmd.Environ(), "DEBIAN_FRONTEND=noninteractive")
		out, err := cmd.CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s: %w%s", strings.Join(args, " "), err, quoteLog(string(out)))
		}
		return nil
	}
	if run(f.install...) == nil {
		return nil
	}
	if err := run(f.install[0], "update"); err != nil {
		return err
	}
	return run(f.install...)
}
