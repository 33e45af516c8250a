package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"fund/sql"
)

// up runs everything in one process tree.
func up(ctx context.Context, c Config, _ []string, out io.Writer) (err error) {
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("FUND_ADDR=%s: %w", c.Addr, err)
	}
	servers, err := startLocal(ctx, &c, out)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer func() { err = errors.Join(err, servers.stop(context.WithoutCancel(ctx))) }()
	mode := c.mode(sql.RehearsalM)
	a, _, err := newApp(ctx, c, mode, out)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer func() { err = errors.Join(err, a.store.Close()) }()
	if servers.redis != nil {
		if err := a.store.Unsend(ctx); err != nil {
			return err
		}
	}
	address := l.Addr().String()
	server, err := a.server(address)
	if err != nil {
		return err
	}
	runner, err := a.runner(address)
	if err != nil {
		return err
	}
	return together(ctx,
		runner.Run,
		a.serveMetrics,
		func(ctx context.Context) error {
			if err := seed(ctx, a.store, c, mode, out); err != nil {
				return errors.Join(err, l.Close())
			}
			fmt.Fprintf(out, "ready http://%s\n", address)
			return a.serve(ctx, l, server.Handler())
		},
		func(ctx context.Context) error {
			select {
			case <-ctx.Done():
				return nil
			case <-servers.died():
				return errors.New("the private PostgreSQL ended; see postgres.log in FUND_DATA")
			}
		})
}

// web serves pages and API; as many as wanted may run.
func web(ctx context.Context, c Config, _ []string, out io.Writer) (err error) {
	if c.Redis == "" {
		return errors.New("REDIS_URL is not set: name the Redis to use")
	}
	a, _, err := newApp(ctx, c, c.mode(sql.Production), out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.store.Close()) }()
	l, err := a.listen()
	if err != nil {
		return err
	}
	server, err := a.server(l.Addr().String())
	if err != nil {
		return err
	}
	return together(ctx, a.serveMetrics, func(ctx context.Context) error {
		fmt.Fprintf(out, "ready http://%s\n", l.Addr())
		return a.serve(ctx, l, server.Handler())
	})
}

// worker does the jobs; as many as wanted may run.
func worker(ctx context.Context, c Config, _ []string, out io.Writer) (err error) {
	if c.Redis == "" {
		return errors.New("REDIS_URL is not set: name the Redis to use")
	}
	a, _, err := newApp(ctx, c, c.mode(sql.Production), out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.store.Close()) }()
	runner, err := a.runner(c.Addr)
	if err != nil {
		return err
	}
	return together(ctx, a.serveMetrics, func(ctx context.Context) error {
		fmt.Fprintln(out, "ready")
		return runner.Run(ctx)
	})
}
