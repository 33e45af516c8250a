package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"fund/handlers"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// importYears reads a list of earlier decisions and prints the reconciliation:
// counts, sums by year, rejects with line and reason, what would change. With
// --apply it is done. It can be run again; see /admin/earlier for the page.
func importYears(ctx context.Context, c Config, args []string, out io.Writer) error {
	const usage = usageError("import-years [--apply [--changes]] FILE")
	f := flag.NewFlagSet("import-years", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	apply, changes := f.Bool("apply", false, "take the new decisions in"), f.Bool("changes", false, "overwrite those that are changed in the file")
	if f.Parse(args) != nil || f.NArg() != 1 || *changes && !*apply {
		return usage
	}
	raw, err := os.ReadFile(f.Arg(0))
	if err != nil {
		return fmt.Errorf("earlier years: %w", err)
	}
	rows, unknown, err := handlers.ReadEarlier(raw)
	if err != nil {
		return inEnglish(err)
	}
	for _, name := range unknown {
		fmt.Fprintln(out, "left out, no known column:", name)
	}
	return withStore(ctx, c, out, func(s *sql.Store) error {
		id, err := s.ReadEarlier(ctx, workflow.Machine(), filepath.Base(f.Arg(0)), raw, rows)
		if err != nil {
			return err
		}
		x, err := s.Earlier(ctx, workflow.Machine(), id)
		if err != nil {
			return err
		}
		if *apply {
			if x, err = s.TakeEarlier(ctx, workflow.Machine(), id, *changes); err != nil {
				return err
			}
		}
		printEarlier(out, x)
		return nil
	})
}

// inEnglish makes a sentence of what is wrong with the whole file.
func inEnglish(err error) error {
	var v workflow.Violations
	if !errors.As(err, &v) || len(v) == 0 {
		return err
	}
	return errors.New(lang.T(lang.EN, "violation."+v[0].Code, v[0].Args))
}

// printEarlier is the reconciliation in lines.
func printEarlier(out io.Writer, x sql.EarlierImport) {
	p := x.Plan
	for _, y := range p.Years {
		fmt.Fprintf(
			out,
			"%d: %d rows, %d grants, requested %d, granted %d, paid %d, repaid %d\n",
			y.Year,
			y.Rows,
			y.Grants,
			y.Requested,
			y.Granted,
			y.Paid,
			y.Repaid,
		)
	}
	fmt.Fprintf(
		out,
		"all: %d rows, %d grants, requested %d, granted %d, paid %d, repaid %d\n",
		p.Sums.Rows,
		p.Sums.Grants,
		p.Sums.Requested,
		p.Sums.Granted,
		p.Sums.Paid,
		p.Sums.Repaid,
	)
	for _, r := range p.Rejected {
		for _, v := range r.Faults {
			key := "violation." + v.Code
			if !lang.Has(lang.EN, key) {
				key = "fault." + v.Code
			}
			fmt.Fprintf(out, "line %d rejected, %s: %s\n", r.Line, v.Field, lang.T(lang.EN, key, v.Args))
		}
	}
	for _, ch := range p.Changed {
		was, is := ch.Before.Cells(), ch.After.Cells()
		for _, name := range ch.Fields() {
			fmt.Fprintf(out, "line %d changed, %s: %q here, %q in the file\n", ch.Line, name, was[name], is[name])
		}
	}
	fmt.Fprintf(out, "%d rows: %d new, %d as they were, %d changed, %d rejected\n", p.Rows, len(p.New), p.Same, len(p.Changed), len(p.Rejected))
	switch {
	case x.TakenAt.IsZero():
		fmt.Fprintln(out, "nothing is taken in: --apply does that")
	case x.Changed:
		fmt.Fprintln(out, "the new ones are taken in, the changed ones overwritten")
	default:
		fmt.Fprintln(out, "the new ones are taken in, the changed ones left as they were")
	}
}
