package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"fund/handlers"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// exportSetUp writes what this installation was set up with, for another one.
func exportSetUp(ctx context.Context, c Config, args []string, out io.Writer) error {
	if len(args) != 1 {
		return usageError("export FILE")
	}
	return withStore(ctx, c, out, func(s *sql.Store) error {
		all, err := s.Export(ctx)
		if err != nil {
			return err
		}
		body, err := json.MarshalIndent(all, "", "  ")
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		if err := os.WriteFile(args[0], append(body, '\n'), 0o600); err != nil { // people's addresses are in it
			return fmt.Errorf("export: %w", err)
		}
		fmt.Fprintf(
			out,
			"%d schools, %d people, %d rule sets, %d items of the delegation order, %d rounds; a rehearsal's invented people stay where they are\n",
			len(all.Schools),
			len(all.People),
			len(all.Rules),
			len(all.Delegation),
			len(all.Rounds),
		)
		return nil
	})
}

// importSetUp takes over what another installation was set up with.
func importSetUp(ctx context.Context, c Config, args []string, out io.Writer) error {
	if len(args) != 1 {
		return usageError("import FILE")
	}
	f, err := os.Open(args[0])
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	defer f.Close()
	var all sql.Carried
	d := json.NewDecoder(f)
	d.DisallowUnknownFields()
	if err := d.Decode(&all); err != nil {
		return fmt.Errorf("%w: %w", sql.ErrCarried, err)
	}
	for _, t := range all.Texts {
		for l, words := range map[lang.Lang]string{lang.SV: t.SV, lang.EN: t.EN} {
			if !notice.IsText(t.Key) || len(notice.TextFaults(l, t.Key, t.Key, words)) > 0 {
				return fmt.Errorf("%w: the words of %s (%s) can't stand in a letter", sql.ErrCarried, t.Key, l)
			}
		}
	}
	return withStore(ctx, c, out, func(s *sql.Store) error {
		if _, err := s.NewestRules(ctx, "skolutbyte"); err != nil {
			if err := seedRegister(ctx, s, c, sql.Production); err != nil {
				return err
			}
		}
		done, err := s.Import(ctx, all)
		if err != nil {
			return fmt.Errorf("%w (what came before it is in; the import can be run again)", err)
		}
		fmt.Fprintf(
			out,
			"%d schools; %d people added or changed, %d as they were; %d rule sets; %d items of the delegation order, %d were here already; %d texts; %d rounds as drafts, %d were here already\n",
			done.Schools,
			done.People,
			done.PeopleKept,
			done.Rules,
			done.Delegation,
			done.DelegationKept,
			done.Texts,
			done.Rounds,
			done.RoundsKept,
		)
		return nil
	})
}

// addAdmin adds an administrator, or gives somebody who is there that role: the
// first person of an installation, who adds all others on the page for it.
func addAdmin(ctx context.Context, c Config, args []string, out io.Writer) error {
	f := flag.NewFlagSet("admin", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	email, name := f.String("email", "", "address"), f.String("name", "", "name")
	if f.Parse(args) != nil || f.NArg() > 0 || *email == "" || *name == "" { // a name in two words wants quotes
		return usageError("admin --email ADDRESS --name NAME")
	}
	return withStore(ctx, c, out, func(s *sql.Store) error {
		p, err := s.PersonByEmail(ctx, *email)
		if errors.Is(err, workflow.ErrNotFound) {
			p, err = workflow.Person{Email: *email}, nil
		}
		if err != nil {
			return err
		}
		p.Name = *name
		if !p.Is(workflow.Admin) {
			p.Roles = append(p.Roles, workflow.RoleAt{Role: workflow.Admin})
		}
		if p, err = s.SavePerson(ctx, workflow.Machine(), p); err != nil {
			return inWords(err)
		}
		fmt.Fprintf(out, "%s <%s> is an administrator and can sign in\n", p.Name, p.Email)
		return nil
	})
}

// inWords says what is wrong with something typed, as the pages would say it.
func inWords(err error) error {
	var wrong workflow.Violations
	if !errors.As(err, &wrong) {
		return err
	}
	var said []error
	for _, v := range wrong {
		said = append(said, fmt.Errorf("%s: %s", v.Field, handlers.SayViolation(lang.EN, v)))
	}
	return errors.Join(said...)
}
