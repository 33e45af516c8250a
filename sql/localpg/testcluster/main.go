// Testcluster runs a command with a PostgreSQL of its own:
//
//	go run ./sql/localpg/testcluster go test ./...
//
// The server lives in a temporary folder without fsync, its URL is in
// TEST_DATABASE_URL, and both are gone when the command has ended. A
// TEST_DATABASE_URL that is set already is left alone. The exit status is the
// command's.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"fund/sql/localpg"
)

func main() {
	args := os.Args[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: testcluster [--] command [argument…]")
		os.Exit(2)
	}
	status, err := run(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testcluster:", err)
	}
	os.Exit(status)
}

// run gives back the exit status of the command, or 1.
func run(args []string) (status int, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = os.Environ()
	if _, set := os.LookupEnv("TEST_DATABASE_URL"); !set {
		server, err := localpg.StartTemporary(ctx, localpg.Options{
			BinDir: os.Getenv("PG_BIN"),
			Say:    func(line string) { fmt.Fprintln(os.Stderr, line) },
		})
		if err != nil {
			return 1, err
		}
		defer func() {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			if e := server.Stop(ctx); e != nil {
				status, err = max(status, 1), errors.Join(err, e)
			}
		}()
		cmd.Env = append(cmd.Env, "TEST_DATABASE_URL="+server.URL("postgres"))
	}
	if err := cmd.Start(); err != nil {
		return 1, fmt.Errorf("start %s: %w", args[0], err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err = <-ended:
	case <-ctx.Done():
		// The terminal has told the command as well; a lone SIGTERM has not.
		_ = cmd.Process.Signal(syscall.SIGTERM)
		err = <-ended
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(exit.ExitCode(), 1), nil
	}
	if err != nil {
		return 1, fmt.Errorf("%s: %w", args[0], err)
	}
	return 0, nil
}
