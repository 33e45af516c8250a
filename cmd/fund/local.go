package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"fund/jobs/localredis"
	"fund/sql/localpg"
)

// local are the servers that `up` starts for itself, where none is named.
type local struct {
	pg    *localpg.Cluster
	redis *localredis.Server
}

// pgDir is where the private cluster lives.
func (c Config) pgDir() (string, error) {
	dir, err := filepath.Abs(filepath.Join(c.Data, "postgres"))
	if err != nil {
		return "", fmt.Errorf("FUND_DATA: %w", err)
	}
	return dir, nil
}

func (c Config) localPG(ctx context.Context, out io.Writer) (*localpg.Cluster, string, error) {
	dir, err := c.pgDir()
	if err != nil {
		return nil, "", err
	}
	pg, err := localpg.Start(ctx, localpg.Options{Dir: dir, BinDir: c.PGBin, Say: func(line string) { fmt.Fprintln(out, line) }})
	if err != nil {
		return nil, "", err
	}
	if err := pg.CreateDatabase(ctx, localpg.Database); err != nil {
		return nil, "", errors.Join(err, pg.Stop(context.WithoutCancel(ctx)))
	}
	return pg, pg.URL(localpg.Database), nil
}

// startLocal starts what the settings do not name, and fills in its address.
func startLocal(ctx context.Context, c *Config, out io.Writer) (l *local, err error) {
	l = &local{}
	if c.Database == "" {
		if l.pg, c.Database, err = c.localPG(ctx, out); err != nil {
			return l, err
		}
	}
	if c.Redis == "" {
		if l.redis, err = localredis.Start(); err != nil {
			return l, errors.Join(err, l.stop(context.WithoutCancel(ctx)))
		}
		c.Redis = l.redis.URL()
	}
	return l, nil
}

func (l *local) stop(ctx context.Context) error {
	var errs []error
	if l.redis != nil {
		l.redis.Close()
	}
	if l.pg != nil {
		errs = append(errs, l.pg.Stop(ctx))
	}
	return errors.Join(errs...)
}

// died is closed when the private PostgreSQL ends by itself.
func (l *local) died() <-chan struct{} {
	if l.pg == nil {
		return nil
	}
	return l.pg.Done()
}
