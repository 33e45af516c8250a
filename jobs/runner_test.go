package jobs

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"fund/sql"
	"fund/workflow"
)

func TestEveryKindHasAHandler(t *testing.T) {
	t.Parallel()
	got := slices.Collect(maps.Keys(bare().table()))
	want := slices.Clone(workflow.JobKinds)
	slices.Sort(got)
	slices.Sort(want)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("kinds of jobs and handlers differ (-kinds +handlers):\n%s", d)
	}
}

func TestUnknownKindIsGivenUp(t *testing.T) {
	t.Parallel()
	r := &Runner{handlers: bare().table()}
	if err := r.dispatch(t.Context(), nil, sql.Job{Kind: "mail_order"}); !errors.Is(err, sql.ErrGiveUp) {
		t.Errorf("a kind that begins like another: %v, want %v", err, sql.ErrGiveUp)
	}
}

func TestPanicIsAFailureOfTheJob(t *testing.T) {
	t.Parallel()
	r := &Runner{handlers: map[string]Handler{"x": func(context.Context, *sql.Tx, sql.Job) error { panic("no") }}}
	if err := r.dispatch(t.Context(), nil, sql.Job{Kind: "x"}); err == nil {
		t.Error("a panic was taken for success")
	}
}

// filedOnly is a house in which an application has just been filed and nothing followed yet.
func filedOnly(t *testing.T) (h *house, app int64) {
	t.Helper()
	h = open(t)
	h.round()
	h.clock("2026-02-02T10:00:00+01:00")
	app = h.draft(outgoing())
	h.file(app)
	return h, app
}

func TestRunnerDoesWhatFollowsAFiling(t *testing.T) {
	t.Parallel()
	h, app := filedOnly(t)
	h.run()
	h.settle()
	c := h.read(app)
	if c.App.State != workflow.UnderCheck {
		t.Errorf("state %s, want under_check", c.App.State)
	}
	if len(c.App.Documents) != 1 || c.App.Documents[0].Kind != "receipt" {
		t.Errorf("documents %v, want the receipt", c.App.Documents)
	}
	if got := h.mailsTo(app, "teacher@example.org", "receipt"); got != 1 {
		t.Errorf("%d receipts by mail, want 1", got)
	}
}

func TestRedisFlushedBetweenRelayAndWork(t *testing.T) {
	t.Parallel()
	h, app := filedOnly(t)
	if err := h.runner.Relay(t.Context()); err != nil {
		t.Fatal(err)
	}
	options, err := redis.ParseURL(h.redis.URL())
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })
	if n, err := client.DBSize(t.Context()).Result(); err != nil || n == 0 {
		t.Fatalf("%d keys in Redis (%v), want some after the relay", n, err)
	}
	if err := client.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	h.run()
	h.settle()
	if got := h.read(app).App.State; got != workflow.UnderCheck {
		t.Errorf("state %s, want under_check", got)
	}
	if got := h.mailsTo(app, "teacher@example.org", "receipt"); got != 1 {
		t.Errorf("%d receipts by mail, want 1", got)
	}
}

func TestATaskThatEndedWithoutItsRowIsRungAgain(t *testing.T) {
	t.Parallel()
	h, _ := filedOnly(t)
	job := h.due()[0]
	if err := h.runner.enqueue(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	id := fmt.Sprintf("%d.%d", job.ID, job.Turn)
	// A killed worker leaves its task in the archive.
	if err := h.runner.inspect.ArchiveTask(queue, id); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time it waits, and nothing more is needed
		if err := h.runner.enqueue(t.Context(), job); err != nil {
			t.Fatal(err)
		}
		was, err := h.runner.inspect.GetTaskInfo(queue, id)
		if err != nil || was.State != asynq.TaskStatePending {
			t.Fatalf("task %v (%v), want pending", was, err)
		}
	}
}

func TestWorkerKilledHalfWayLeavesNothing(t *testing.T) {
	t.Parallel()
	h, app := filedOnly(t)
	before := h.snapshot(app)
	jobs := h.due()
	for _, job := range jobs {
		ctx, kill := context.WithCancel(t.Context())
		err := h.store.Work(ctx, job.ID, func(ctx context.Context, tx *sql.Tx, j sql.Job) error {
			if err := h.runner.dispatch(ctx, tx, j); err != nil {
				t.Errorf("%s: %v", j.Kind, err)
			}
			kill()
			return ctx.Err()
		})
		if err == nil {
			t.Errorf("%s: killed, and done all the same", job.Kind)
		}
	}
	if d := cmp.Diff(before, h.snapshot(app)); d != "" {
		t.Errorf("a killed worker left something behind:\n%s", d)
	}
	for _, job := range jobs {
		if err := h.runner.Work(t.Context(), job.ID); err != nil {
			t.Errorf("%s after the kill: %v", job.Kind, err)
		}
	}
	if got := h.read(app).App.State; got != workflow.UnderCheck {
		t.Errorf("state %s, want under_check", got)
	}
}

func TestEightDeliveriesRunOnce(t *testing.T) {
	t.Parallel()
	h, app := filedOnly(t)
	for _, job := range h.due() {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := h.runner.Work(t.Context(), job.ID); err != nil {
					t.Errorf("%s: %v", job.Kind, err)
				}
			})
		}
		all.Wait()
	}
	got := h.snapshot(app)
	once := map[string]int{}
	for _, line := range got {
		once[line]++
	}
	for line, n := range once {
		if n > 1 {
			t.Errorf("%d times: %s", n, line)
		}
	}
	if h.read(app).App.State != workflow.UnderCheck || len(got) < 6 {
		t.Errorf("the case after eight deliveries: %s", got)
	}
}

func TestRunEndsWhenItIsToldTo(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.runner.Run(ctx) }()
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the runner still runs")
	}
}
