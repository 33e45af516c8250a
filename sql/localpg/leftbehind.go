package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// stopLeftBehind ends a server that a killed owner left in data, and removes a
// pid file that speaks of no server. The caller holds the lock, so a server that
// runs here has no owner.
func stopLeftBehind(ctx context.Context, data string, say func(string)) error {
	pid, _ := readPIDFile(data)
	if pid != 0 && serves(pid, data) {
		say(fmt.Sprintf("stopping the PostgreSQL that an earlier start left behind (pid %d)", pid))
		for _, step := range []struct {
			signal   syscall.Signal
			patience time.Duration
		}{
			{syscall.SIGINT, 20 * time.Second},
			{syscall.SIGQUIT, 5 * time.Second},
			{syscall.SIGKILL, 5 * time.Second},
		} {
			if err := syscall.Kill(pid, step.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
				return fmt.Errorf("stop the PostgreSQL left behind (pid %d): %w", pid, err)
			}
			if gone(ctx, step.patience, func() bool { return !serves(pid, data) }) {
				break
			}
		}
	}
	// Children of a killed server notice by themselves, unless one is in the
	// middle of a long query.
	if !gone(ctx, 5*time.Second, func() bool { return len(workersIn(data)) == 0 }) {
		for _, worker := range workersIn(data) {
			_ = syscall.Kill(worker, syscall.SIGKILL) // it may just have ended
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("stop the PostgreSQL left behind: %w", err)
	}
	// PostgreSQL would take any living process with the old number for a server.
	if pid, _ := readPIDFile(data); pid != 0 && !serves(pid, data) {
		if err := syscall.Kill(pid, 0); err == nil || errors.Is(err, syscall.EPERM) {
			if err := os.Remove(filepath.Join(data, "postmaster.pid")); err != nil {
				return fmt.Errorf("remove the pid file of a server that is gone: %w", err)
			}
		}
	}
	return nil
}

// gone looks every 10 ms, for as long as patience lasts.
func gone(ctx context.Context, patience time.Duration, is func() bool) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
	return true
}

// readPIDFile reads the number and the status from the file that a server keeps
// in its data, 0 when there is none. The eighth line is the status.
func readPIDFile(data string) (pid int, status string) {
	b, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return 0, ""
	}
	lines := strings.Split(string(b), "\n")
	pid, err = strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid <= 0 {
		return 0, ""
	}
	if len(lines) > 7 {
		status = strings.TrimSpace(lines[7])
	}
	return pid, status
}

// serves says whether pid is the server of data: numbers are used again, so
// the command line must name it.
func serves(pid int, data string) bool {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		if _, err := os.Stat("/proc/self/cmdline"); err == nil {
			return false
		}
		// No /proc here: macOS.
		line, err = exec.Command("ps", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
		if err != nil {
			return false
		}
	}
	text := strings.ReplaceAll(string(line), "\x00", " ")
	program, _, _ := strings.Cut(text, " ")
	return filepath.Base(program) == "postgres" && strings.Contains(text, " -D "+data+" ")
}

// workersIn lists the processes that work in data, as far as the system tells.
func workersIn(data string) []int {
	entries, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		return nil
	}
	var pids []int
	for _, e := range entries {
		if at, err := os.Readlink(e); err != nil || at != data {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(e))); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}
