package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"fund/sql"
	"fund/sql/localpg"
)

// backup is pg_dump's work: everything is in PostgreSQL, attachments too. The
// file holds personal data, so nobody else on the machine may read it, and it
// gets its name only when it is whole: a backup that fails leaves the last one.
func backup(ctx context.Context, c Config, args []string, out io.Writer) error {
	if len(args) != 1 || strings.HasPrefix(args[0], "-") {
		return usageError("backup FILE")
	}
	return withDatabase(ctx, c, out, func(at string) error {
		part, err := os.CreateTemp(filepath.Dir(args[0]), "."+filepath.Base(args[0])+".*") // mode 0600
		if err != nil {
			return fmt.Errorf("backup: %w", err)
		}
		err = c.pgTool(ctx, nil, out, out, "pg_dump", at, "--format=custom", "--no-owner", "--file="+part.Name())
		err = errors.Join(err, part.Sync(), part.Close())
		if err == nil {
			err = os.Rename(part.Name(), args[0])
		}
		if err != nil {
			return errors.Join(err, os.Remove(part.Name()))
		}
		return nil
	})
}

// restore reads a backup, whole or not at all. What a production holds is
// thrown away only when that is said, and a backup never changes a database's side.
func restore(ctx context.Context, c Config, args []string, out io.Writer) error {
	files := slices.DeleteFunc(slices.Clone(args), func(s string) bool { return s == "--replace" })
	if len(files) != 1 || strings.HasPrefix(files[0], "-") {
		return usageError("restore FILE [--replace]")
	}
	file, replace := files[0], len(files) < len(args)
	if _, err := os.Stat(file); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return withDatabase(ctx, c, out, func(at string) error {
		has, err := sql.ModeOf(ctx, at)
		if err != nil {
			return err
		}
		comes, err := c.modeOfBackup(ctx, file)
		if err != nil {
			return err
		}
		if has != "" && comes != "" && has != comes {
			return fmt.Errorf("the database is a %s and the backup one of a %s: restore it into a database of its own", has, comes)
		}
		if has == sql.Production && !replace {
			return errors.New("the database holds a production: restore into an empty one, or add --replace to throw away what it holds")
		}
		return c.replace(ctx, at, file, out)
	})
}

// replace puts a backup in the place of everything that the database holds, in one
// transaction: psql reads what pg_restore writes, and only a whole backup ends in COMMIT.
func (c Config) replace(ctx context.Context, at, file string, out io.Writer) error {
	r, w := io.Pipe()
	read := make(chan error, 1)
	go func() {
		err := func() error {
			if _, err := io.WriteString(w, "BEGIN;\n"+sql.Emptying); err != nil {
				return err
			}
			if err := c.pgTool(ctx, nil, w, out, "pg_restore", "", "--no-owner", "--file=-", file); err != nil {
				return err
			}
			_, err := io.WriteString(w, "COMMIT;\n")
			return err
		}()
		read <- errors.Join(err, w.Close())
	}()
	err := c.pgTool(ctx, r, io.Discard, out, "psql", at, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-", "--dbname=")
	stopped := r.CloseWithError(io.ErrClosedPipe) // what was not read needs no writer
	if wrote := <-read; err == nil {
		err = wrote
	}
	return errors.Join(err, stopped)
}

// modeOfBackup reads from a backup what its database was marked as.
func (c Config) modeOfBackup(ctx context.Context, file string) (string, error) {
	var said strings.Builder
	if err := c.pgTool(ctx, nil, &said, &said, "pg_restore", "", "--data-only", "--table=installation", "--file=-", file); err != nil {
		return "", fmt.Errorf("%s is no backup of this program: %w: %s", file, err, strings.TrimSpace(said.String()))
	}
	for _, mode := range []string{sql.Production, sql.RehearsalM} {
		if slices.Contains(strings.Fields(said.String()), mode) {
			return mode, nil
		}
	}
	return "", nil
}

// withDatabase gives the address of DATABASE_URL, or of the private PostgreSQL:
// the running one, or else started for the moment.
func withDatabase(ctx context.Context, c Config, out io.Writer, do func(at string) error) (err error) {
	if c.Database != "" {
		return do(c.Database)
	}
	dir, err := c.pgDir()
	if err != nil {
		return err
	}
	if at, running := localpg.Running(dir); running {
		return do(at)
	}
	pg, at, err := c.localPG(ctx, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pg.Stop(context.WithoutCancel(ctx))) }()
	return do(at)
}

// pgTool runs one of PostgreSQL's client programs on the database at an address.
// The password goes by the environment: everyone on a machine sees arguments.
// An argument that ends in --dbname= gets the address.
func (c Config) pgTool(ctx context.Context, in io.Reader, out, errs io.Writer, tool, at string, args ...string) error {
	path, err := c.findTool(tool)
	if err != nil {
		return err
	}
	at, password := splitPassword(at)
	if i := slices.Index(args, "--dbname="); i >= 0 {
		args[i] += at
	} else if at != "" {
		args = append(args, at)
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env = in, out, errs, os.Environ()
	if password != "" {
		cmd.Env = append(cmd.Env, "PGPASSWORD="+password)
	}
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", tool, err)
	}
	return nil
}

// findTool looks in PG_BIN, and then on PATH.
func (c Config) findTool(tool string) (string, error) {
	if c.PGBin != "" {
		if path, err := exec.LookPath(filepath.Join(c.PGBin, tool)); err == nil {
			return path, nil
		}
	}
	path, err := exec.LookPath(tool)
	if err != nil {
		return "", fmt.Errorf("%s is not on this machine: install PostgreSQL's client programs, or name their folder in PG_BIN", tool)
	}
	return path, nil
}

// splitPassword takes the password out of an address.
func splitPassword(at string) (without, password string) {
	u, err := url.Parse(at)
	if err != nil || u.User == nil {
		return at, ""
	}
	password, ok := u.User.Password()
	if !ok {
		return at, ""
	}
	u.User = url.User(u.User.Username())
	return u.String(), password
}
