// Package localredis is a Redis inside the process, for "fund up" and for tests:
// miniredis with a clock that runs. It holds what a Redis holds that may be
// emptied at any time, so nothing is kept when it closes.
package localredis

import (
	"fmt"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// Server is a running Redis. Whoever started it calls Close.
type Server struct {
	redis   *miniredis.Miniredis
	quit    chan struct{}
	stopped chan struct{}
	once    sync.Once
}

// Start listens on a free port of 127.0.0.1.
func Start() (*Server, error) {
	tick := time.NewTicker(time.Second)
	s, err := start(tick.C, time.Now(), tick.Stop)
	if err != nil {
		tick.Stop()
		return nil, err
	}
	return s, nil
}

// start has keys grow old by what lies between one tick and the next: by itself
// miniredis lets no time pass, and a lock would outlive its time for ever.
func start(ticks <-chan time.Time, began time.Time, stopTicks func()) (*Server, error) {
	redis := miniredis.NewMiniRedis()
	if err := redis.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("start the private Redis: %w", err)
	}
	s := &Server{redis: redis, quit: make(chan struct{}), stopped: make(chan struct{})}
	go func() {
		defer close(s.stopped)
		defer stopTicks()
		last := began
		for {
			select {
			case <-s.quit:
				return
			case now := <-ticks:
				redis.FastForward(now.Sub(last))
				last = now
			}
		}
	}()
	return s, nil
}

// URL is what a client connects to: redis://127.0.0.1:port/0.
func (s *Server) URL() string { return "redis://" + s.redis.Addr() + "/0" }

// Close ends the server and its clock. Closing twice is the same as once.
func (s *Server) Close() {
	s.once.Do(func() {
		close(s.quit)
		<-s.stopped
		s.redis.Close()
	})
}
