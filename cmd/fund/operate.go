package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"fund/jobs/localredis"
	"fund/sql"
	"fund/workflow"
)

// withStore opens the database that the settings name, or the private one of FUND_DATA.
func withStore(ctx context.Context, c Config, out io.Writer, do func(*sql.Store) error) (err error) {
	mode := c.mode(sql.Production)
	if c.Database == "" {
		mode = c.mode(sql.RehearsalM)
	}
	return withDatabase(ctx, c, out, func(at string) error {
		c.Database = at
		s, _, err := openStore(ctx, c, mode)
		if err != nil {
			return err
		}
		return errors.Join(do(s), s.Close())
	})
}

func migrate(ctx context.Context, c Config, _ []string, out io.Writer) error {
	return withStore(ctx, c, out, func(*sql.Store) error {
		fmt.Fprintln(out, "the database is at this program's version")
		return nil
	})
}

func seedCommand(ctx context.Context, c Config, _ []string, out io.Writer) error {
	return withStore(ctx, c, out, func(s *sql.Store) error {
		if !s.Rehearsal() {
			return seed(ctx, s, c, sql.Production, out)
		}
		return withWorker(ctx, s, c, func(ctx context.Context) error { return seed(ctx, s, c, sql.RehearsalM, out) })
	})
}

// withWorker does something while jobs are done, as the full seed needs: by a
// worker of its own, which shares the work with those that already run.
func withWorker(ctx context.Context, s *sql.Store, c Config, do func(context.Context) error) error {
	if c.Redis == "" {
		r, err := localredis.Start()
		if err != nil {
			return err
		}
		defer r.Close()
		c.Redis = r.URL()
	}
	a := &App{config: c, store: s, log: slog.New(logHandler()), metrics: prometheus.NewRegistry()}
	runner, err := a.runner(c.Addr)
	if err != nil {
		return err
	}
	return together(ctx, runner.Run, do)
}

func printToken(ctx context.Context, c Config, args []string, out io.Writer) error {
	f := flag.NewFlagSet("token", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	email := f.String("email", "", "address of the person")
	if f.Parse(args) != nil || *email == "" {
		return usageError("token --email ADDRESS")
	}
	return withStore(ctx, c, out, func(s *sql.Store) error {
		p, err := s.PersonByEmail(ctx, *email)
		if errors.Is(err, workflow.ErrNotFound) {
			return fmt.Errorf("nobody has the address %s", *email)
		}
		if err != nil {
			return err
		}
		word, err := s.NewToken(ctx, p.ID)
		if err == nil {
			fmt.Fprintln(out, word)
		}
		return err
	})
}

func audit(ctx context.Context, c Config, args []string, out io.Writer) error {
	switch {
	case len(args) == 1 && args[0] == "verify":
		return withStore(ctx, c, out, func(s *sql.Store) error {
			a, err := s.VerifyAudit(ctx)
			if err != nil {
				return err
			}
			for _, b := range a.Broken {
				fmt.Fprintf(out, "application %d, version %d: %s\n", b.Application, b.Version, b.Problem)
			}
			fmt.Fprintf(out, "%d events of %d applications\n", a.Events, a.Cases)
			if !a.OK {
				return errors.New("the chain is broken")
			}
			fmt.Fprintln(out, "the chain holds")
			return nil
		})
	case len(args) == 2 && args[0] == "receipt":
		return withStore(ctx, c, out, func(s *sql.Store) error { return verifyReceipt(ctx, s, args[1], out) })
	}
	if len(args) == 2 && args[0] == "package" {
		return verifyPackage(args[1], out)
	}
	return usageError("audit verify | audit receipt FILE | audit package FILE")
}

// verifyReceipt tells whether a file is, byte for byte, a document that the fund made.
func verifyReceipt(ctx context.Context, s *sql.Store, path string, out io.Writer) error {
	body, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("receipt: %w", err)
	}
	d, err := s.DocumentByContent(ctx, body)
	if errors.Is(err, workflow.ErrNotFound) {
		return errors.New("this file is none of the fund's documents: it was changed, or is not ours")
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s, made %s, SHA-256 %s: as the fund made it\n", d.Title, d.At.In(workflow.Stockholm()).Format("2006-01-02 15:04:05"), d.SHA256)
	return nil
}

func check(_ context.Context, _ Config, args []string, out io.Writer) error {
	switch {
	case len(args) == 2 && args[0] == "accounts":
		return checkAccounts(args[1], out)
	case len(args) >= 2 && args[0] == "bank":
		return checkBank(args[1:], out)
	case len(args) >= 2 && args[0] == "sie":
		return checkSIE(args[1:], out)
	}
	return usageError("check accounts FILE | check bank FILE… | check sie FILE…")
}

// withoutPassword is an address as it may be shown.
func withoutPassword(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return "…"
	}
	if u.User != nil {
		u.User = url.User("…")
	}
	q := u.Query()
	for name := range q {
		if strings.Contains(strings.ToLower(name), "pass") {
			q.Set(name, "…")
		}
	}
	u.RawQuery = q.Encode()
	shown, err := url.PathUnescape(u.String())
	if err != nil {
		return "…"
	}
	return shown
}

// printConfig shows the settings in force; secrets are hidden.
func printConfig(_ context.Context, c Config, _ []string, out io.Writer) error {
	hide := withoutPassword
	secret := ""
	if c.OIDC.ClientSecret != "" {
		secret = "…"
	}
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	return enc.Encode(map[string]any{"FUND_ADDR": c.Addr, "FUND_METRICS_ADDR": c.MetricsAddr, "FUND_DATA": c.Data, "FUND_MODE": c.Mode, "FUND_NOW": c.Now,
		"FUND_SEED": c.Seed, "FUND_CLOCK_SKEW": c.Skew.String(), "FUND_BASE_URL": c.BaseURL, "FUND_TRUSTED_PROXIES": strings.Join(c.Proxies, ","), "FUND_MAIL_FROM": c.MailFrom,
		"FUND_MUNICIPALITY": c.Home.Municipality, "FUND_MUNICIPALITY_EN": c.Home.English, "FUND_TOWN": c.Home.Town, "FUND_STRATEGY": c.Home.Strategy, "DATABASE_URL": hide(c.Database),
		"REDIS_URL": hide(c.Redis), "SMTP_URL": hide(c.SMTP), "CLAMD_ADDR": c.Clamd, "OIDC_ISSUER": c.OIDC.Issuer, "OIDC_CLIENT_ID": c.OIDC.ClientID,
		"OIDC_CLIENT_SECRET": secret, "PG_BIN": c.PGBin})
}
