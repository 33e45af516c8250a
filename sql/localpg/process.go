package localpg

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// process is a child that somebody waits for.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended; err is set before
	err  error
}

// launch starts cmd on a thread of its own and keeps that thread until the
// child has ended: the system takes the end of the *thread* which started a
// child for the end of its parent.
func launch(cmd *exec.Cmd) (*process, error) {
	// Who writes to a pipe of ours may outlive the child; don't wait for it.
	cmd.WaitDelay = time.Second
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		p.err = cmd.Wait()
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// state says how the process ended, in the system's words. Only after done.
func (p *process) state() error {
	if p.err != nil {
		return p.err
	}
	return errors.New(p.cmd.ProcessState.String())
}

// wait returns when the process has ended by itself, or was ended as ctx was over.
func (p *process) wait(ctx context.Context) error {
	select {
	case <-p.done:
		return p.err
	case <-ctx.Done():
		p.end(5 * time.Second)
		return ctx.Err()
	}
}

// stop asks for PostgreSQL's fast shutdown (SIGINT), and when ctx is over for the
// immediate one (SIGQUIT), which the next start recovers from.
func (p *process) stop(ctx context.Context) error {
	p.signal(syscall.SIGINT)
	select {
	case <-p.done:
	case <-ctx.Done():
		p.signal(syscall.SIGQUIT)
		p.end(5 * time.Second)
		return fmt.Errorf("stop postgres: %w; it was killed, and recovers at the next start", ctx.Err())
	}
	if p.err != nil {
		return fmt.Errorf("stop postgres: %w", p.err)
	}
	return nil
}

// end ends the process, kindly for as long as patience lasts.
func (p *process) end(patience time.Duration) {
	p.signal(syscall.SIGINT)
	select {
	case <-p.done:
	case <-time.After(patience):
		p.signal(syscall.SIGKILL)
		<-p.done
	}
}

// signal may come too late, which is no fault.
func (p *process) signal(s syscall.Signal) { _ = p.cmd.Process.Signal(s) }
