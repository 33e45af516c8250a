package handlers

import (
	"context"
	"time"

	"fund/workflow"
)

// arrived is when the request came in, by the fund's clock: what it waited for
// since then (other requests, its own body) is not held against the sender.
func (s *Server) arrived(ctx context.Context) (time.Time, error) {
	clock, err := s.store.Clock(ctx)
	if err != nil {
		return time.Time{}, err
	}
	began, ok := ctx.Value(arrivedKey{}).(time.Time)
	if !ok || clock.Frozen {
		return clock.Now, nil
	}
	return clock.Now.Add(-s.Wall().Sub(began)), nil
}

// stampArrival tells a filing when its request came in.
func (s *Server) stampArrival(ctx context.Context, cmd workflow.Command) error {
	submit, ok := cmd.(*workflow.Submit)
	if !ok {
		return nil
	}
	at, err := s.arrived(ctx)
	submit.Arrived = at
	return err
}
