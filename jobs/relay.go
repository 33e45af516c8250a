package jobs

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/hibiken/asynq"

	"fund/sql"
)

// portion is how many rows are rung in one transaction.
const portion = 100

// listen lets the database wake the relay, and begins anew when the connection breaks.
func (r *Runner) listen(ctx context.Context, wake chan<- struct{}) {
	for ctx.Err() == nil {
		if err := r.store.Listen(ctx, wake); err != nil && ctx.Err() == nil {
			r.options.Log.Warn("listen", "error", err)
			pause(ctx, r.options.Look)
		}
	}
}

// relay rings due rows: at once when woken, and unasked now and then, for rows
// whose time comes and for wakes that were lost.
func (r *Runner) relay(ctx context.Context, wake <-chan struct{}) {
	for ctx.Err() == nil {
		if err := r.Relay(ctx); err != nil && ctx.Err() == nil {
			r.options.Log.Error("relay", "error", err)
			pause(ctx, r.options.Look)
		}
		look := time.NewTimer(r.options.Look)
		select {
		case <-ctx.Done():
		case <-wake:
		case <-look.C:
		}
		look.Stop()
	}
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// Relay rings every row that is due now.
func (r *Runner) Relay(ctx context.Context) error {
	for {
		n, err := r.store.SendDue(ctx, portion, func(j sql.Job) error { return r.enqueue(ctx, j) })
		if err != nil {
			return err
		}
		if n < portion {
			return nil
		}
	}
}

// enqueue puts a row's number into Redis. The same turn of a row is one task
// there, however often it is sent. A task that ended without its row being done,
// as when the worker was killed, is taken away first.
func (r *Runner) enqueue(ctx context.Context, j sql.Job) error {
	id := fmt.Sprintf("%d.%d", j.ID, j.Turn)
	task := asynq.NewTask(j.Kind, []byte(strconv.FormatInt(j.ID, 10)))
	options := []asynq.Option{asynq.TaskID(id), asynq.Queue(queue), asynq.MaxRetry(0), asynq.Timeout(limitOf(j.Kind))}
	_, err := r.client.EnqueueContext(ctx, task, options...)
	if !errors.Is(err, asynq.ErrTaskIDConflict) {
		return err
	}
	if !r.ended(id) {
		return nil // it waits there, or is being done
	}
	if err := r.inspect.DeleteTask(queue, id); err != nil && !errors.Is(err, asynq.ErrTaskNotFound) {
		return fmt.Errorf("task %s: %w", id, err)
	}
	if _, err := r.client.EnqueueContext(ctx, task, options...); err != nil && !errors.Is(err, asynq.ErrTaskIDConflict) {
		return err
	}
	return nil
}

// ended tells whether Redis holds the task only as a memory.
func (r *Runner) ended(id string) bool {
	was, err := r.inspect.GetTaskInfo(queue, id)
	return err == nil && (was.State == asynq.TaskStateArchived || was.State == asynq.TaskStateCompleted)
}
