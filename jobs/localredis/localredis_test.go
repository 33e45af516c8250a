package localredis

import (
	"errors"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

func client(t *testing.T, s *Server) *redis.Client {
	t.Helper()
	o, err := redis.ParseURL(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(o)
	t.Cleanup(func() { c.Close() })
	return c
}

func TestKeysGrowOld(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 10, 20, 9, 0, 0, 0, time.UTC)
	ticks := make(chan time.Time)
	s, err := start(ticks, began, func() {})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	c := client(t, s)
	if err := c.Set(t.Context(), "lock", "held", 30*time.Second).Err(); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		after time.Duration
		held  bool
	}{{10 * time.Second, true}, {29 * time.Second, true}, {30 * time.Second, false}} {
		ticks <- began.Add(step.after)
		ticks <- began.Add(step.after) // taken only when the one before has been worked through
		err := c.Get(t.Context(), "lock").Err()
		if held := !errors.Is(err, redis.Nil); held != step.held {
			t.Errorf("after %s: held %t, want %t (%v)", step.after, held, step.held, err)
		}
	}
}

func TestItsOwnClockRuns(t *testing.T) {
	t.Parallel()
	s, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	c := client(t, s)
	if err := c.Set(t.Context(), "lock", "held", 10*time.Millisecond).Err(); err != nil {
		t.Fatal(err)
	}
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	late := time.After(10 * time.Second)
	for {
		if err := c.Get(t.Context(), "lock").Err(); errors.Is(err, redis.Nil) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		select {
		case <-look.C:
		case <-late:
			t.Fatal("a key of 10 ms is there after 10 s")
		}
	}
}

func TestCloseEndsTheServer(t *testing.T) {
	t.Parallel()
	s, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	c := client(t, s)
	if err := c.Ping(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	s.Close()
	s.Close()
	if err := c.Ping(t.Context()).Err(); err == nil {
		t.Error("the server answers after Close")
	}
}
