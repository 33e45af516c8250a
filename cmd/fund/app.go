package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"fund/handlers"
	"fund/jobs"
	"fund/jobs/clamd"
	"fund/jobs/mail"
	"fund/sql"
)

// How long requests may take to end when the program stops.
const drain = 20 * time.Second

// App is the running program: the only place where its parts are put together.
type App struct {
	config  Config
	store   *sql.Store
	log     *slog.Logger
	metrics *prometheus.Registry
	out     io.Writer
}

// openStore connects to the database and checks that it belongs to the mode.
func openStore(ctx context.Context, c Config, mode string) (*sql.Store, bool, error) {
	if c.Database == "" {
		return nil, false, errors.New("DATABASE_URL is not set: name the PostgreSQL to use, or run `fund up`, which brings its own")
	}
	if c.Skew != 0 && mode != sql.RehearsalM {
		return nil, false, errors.New("FUND_CLOCK_SKEW is for rehearsals only")
	}
	s, err := sql.Open(ctx, c.Database, sql.Options{Wall: time.Now, Skew: c.Skew})
	if err != nil {
		return nil, false, err
	}
	if err := s.Migrate(ctx); err != nil {
		return nil, false, errors.Join(err, s.Close())
	}
	first := c.Now
	if c.Seed == "full" && demoBegins.Before(first) {
		first = demoBegins // the seed's applications happen at past instants
	}
	fresh, err := s.Prepare(ctx, mode, first)
	if err != nil {
		return nil, false, errors.Join(err, s.Close())
	}
	return s, fresh, nil
}

// server makes the web part.
func (a *App) server(address string) (*handlers.Server, error) {
	static, err := handlers.NewStatic()
	if err != nil {
		return nil, err
	}
	render, err := handlers.NewRenderer(static)
	if err != nil {
		return nil, err
	}
	base := a.config.BaseURL
	if base == "" {
		base = "http://" + address
	}
	return handlers.New(handlers.Deps{Store: a.store, Render: render, Static: static, Wall: time.Now, Log: a.log, BaseURL: base, Contact: a.config.MailFrom,
		Rehearsal: a.store.Rehearsal(), Scanner: a.scanner(), OIDC: handlers.OIDC(a.config.OIDC), Version: version, TrustedProxies: a.config.Proxies, Metrics: a.metrics, MetricsElsewhere: a.config.MetricsAddr != "",
		Ready: map[string]func(context.Context) error{
			"database": a.store.Ping,
			"migrations": func(ctx context.Context) error {
				ok, err := a.store.Migrated(ctx)
				if err == nil && !ok {
					err = errors.New("the database is older than the program")
				}
				return err
			},
			"queue": redisPing(a.config.Redis),
		}}), nil
}

// listen takes the address before anything is promised to anyone.
func (a *App) listen() (net.Listener, error) {
	l, err := net.Listen("tcp", a.config.Addr)
	if err != nil {
		return nil, fmt.Errorf("FUND_ADDR=%s: %w", a.config.Addr, err)
	}
	return l, nil
}

// serve answers requests until ctx ends, and then lets those under way finish.
func (a *App) serve(ctx context.Context, l net.Listener, h http.Handler) error {
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
		defer cancel()
		stopped <- srv.Shutdown(limit)
	}()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return <-stopped
}

// runner makes the part that does the jobs.
func (a *App) runner(address string) (*jobs.Runner, error) {
	base := a.config.BaseURL
	if base == "" {
		base = "http://" + address
	}
	done := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "fund_jobs_total", Help: "Jobs done or failed, by kind."}, []string{"kind", "result"})
	if err := a.metrics.Register(done); err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	return jobs.NewRunner(
		a.store,
		a.config.Redis,
		jobs.Options{BaseURL: base, From: a.config.MailFrom, SMTP: mail.SMTP{URL: a.config.SMTP}, Scanner: a.scanner(), Log: a.log,
			Seen: func(kind string, err error) {
				result := "done"
				if err != nil {
					result = "failed"
				}
				done.WithLabelValues(kind, result).Inc()
			}},
	)
}

// scanner is the virus scanner, where one is set.
func (a *App) scanner() *clamd.Client {
	if a.config.Clamd == "" {
		return nil
	}
	return &clamd.Client{Addr: a.config.Clamd}
}

// serveMetrics serves /metrics and /healthz on their own address, where one is set.
func (a *App) serveMetrics(ctx context.Context) error {
	if a.config.MetricsAddr == "" {
		<-ctx.Done()
		return nil
	}
	l, err := net.Listen("tcp", a.config.MetricsAddr)
	if err != nil {
		return fmt.Errorf("FUND_METRICS_ADDR=%s: %w", a.config.MetricsAddr, err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.metrics, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	return a.serve(ctx, l, mux)
}

// together runs the parts until the first one ends, stops the others, and gives what went wrong.
func together(ctx context.Context, parts ...func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, len(parts))
	for _, part := range parts {
		go func() {
			ended <- part(ctx)
		}()
	}
	var errs []error
	for range parts {
		errs = append(errs, <-ended)
		cancel()
	}
	return errors.Join(errs...)
}
