package main

import (
	"context"
	"fmt"
	"io"

	"fund/sql"
	"fund/workflow/lang"
)

// seeded is the setting that tells how far the seed has come, so that a start
// that was killed half-way goes on where it was.
const seeded = "seeded"

// seed fills a new installation once: schemes and rules always, schools where they are known;
// people in a rehearsal; rounds and applications in a full one.
func seed(ctx context.Context, s *sql.Store, c Config, mode string, out io.Writer) error {
	return s.Seeding(ctx, func() error { return fill(ctx, s, c, mode, out) })
}

// seedRegister adds schemes, rules and schools. Another municipality reads its own schools
// from a file; its rehearsal is played at Skellefteå's.
func seedRegister(ctx context.Context, s *sql.Store, c Config, mode string) error {
	if err := s.SeedRegister(ctx); err != nil {
		return err
	}
	if mode != sql.RehearsalM && c.Home != lang.Skelleftea {
		return nil
	}
	return s.SeedSchools(ctx)
}

func fill(ctx context.Context, s *sql.Store, c Config, mode string, out io.Writer) error {
	var step string
	if _, err := s.Setting(ctx, seeded, &step); err != nil {
		return err
	}
	if step == "" {
		if err := seedRegister(ctx, s, c, mode); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
		if mode == sql.RehearsalM {
			if err := s.SeedPeople(ctx); err != nil {
				return fmt.Errorf("seed: %w", err)
			}
		}
		step = "register"
		if err := s.SetSetting(ctx, machine(), seeded, step); err != nil {
			return err
		}
	}
	if mode != sql.RehearsalM || c.Seed != "full" || step == "full" {
		return nil
	}
	fmt.Fprintln(out, "filling the rehearsal with rounds and applications; this takes a moment")
	if err := demo(ctx, s, c.Now); err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	return s.SetSetting(ctx, machine(), seeded, "full")
}
