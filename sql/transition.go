package sql

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"fund/workflow"
)

// Ref names an application and the version that the caller saw:
// workflow.AnyVersion as it is now, workflow.NoVersion if none was given.
type Ref struct{ ID, Version int64 }

// Begin creates a draft.
func (s *Store) Begin(ctx context.Context, by workflow.Actor, form workflow.Form) (app workflow.Application, err error) {
	err = s.InTx(ctx, func(tx *Tx) error {
		refs, err := tx.refs(ctx, form)
		if err != nil {
			return err
		}
		at, err := tx.Now()
		if err != nil {
			return err
		}
		out, err := workflow.NewDraft(refs, by, form, at)
		if err != nil {
			return err
		}
		app, err = tx.create(ctx, out)
		return err
	})
	return app, err
}

// BeginPaper files an application that came on paper, at its own arrival instant.
func (s *Store) BeginPaper(ctx context.Context, by workflow.Actor, form workflow.Form, received time.Time) (app workflow.Application, err error) {
	err = s.InTx(ctx, func(tx *Tx) error {
		refs, err := tx.refs(ctx, form)
		if err != nil {
			return err
		}
		at, err := tx.Now()
		if err != nil {
			return err
		}
		c := workflow.Case{Round: refs.Round, Scheme: refs.Scheme, School: refs.School}
		if c.Facts.NextDNR, err = tx.nextDNR(ctx, at); err != nil {
			return err
		}
		out, err := workflow.NewPaper(c, by, form, received, at)
		if err != nil {
			return err
		}
		app, err = tx.create(ctx, out)
		return err
	})
	return app, err
}

// Apply is the one door: it locks the application, asks workflow.Decide, and
// stores state, event, money and what must follow together, or nothing.
func (s *Store) Apply(ctx context.Context, ref Ref, by workflow.Actor, cmd workflow.Command) (app workflow.Application, err error) {
	err = s.InTx(ctx, func(tx *Tx) error {
		app, err = tx.Apply(ctx, ref, by, cmd)
		return err
	})
	return app, err
}

// Apply is Store.Apply inside a transaction of the caller.
func (tx *Tx) Apply(ctx context.Context, ref Ref, by workflow.Actor, cmd workflow.Command) (workflow.Application, error) {
	if cmd.Action() == workflow.ActTakeBack {
		if err := tx.holdJobs(ctx, ref.ID); err != nil {
			return workflow.Application{}, err
		}
	}
	if _, err := one[struct {
		ID      int64 `db:"id"`
		Version int64 `db:"version"`
	}](ctx, tx, tx.s.q.ApplicationLock, params{"id": ref.ID}); err != nil {
		return workflow.Application{}, found(err, "application", ref.ID)
	}
	at, err := tx.Now()
	if err != nil {
		return workflow.Application{}, err
	}
	c, err := tx.s.readCase(ctx, tx, ref.ID, at)
	if err != nil {
		return workflow.Application{}, err
	}
	if err := tx.prepare(ctx, &c, by, cmd, at); err != nil {
		return workflow.Application{}, err
	}
	out, err := workflow.Decide(c, by, cmd, ref.Version, at)
	if err != nil {
		return workflow.Application{}, err
	}
	if err := tx.update(ctx, change{c, out}); err != nil {
		return workflow.Application{}, err
	}
	if err := tx.noteEffect(ctx, ref.ID); err != nil {
		return workflow.Application{}, err
	}
	return out.App, nil
}

// prepare looks up what a command names: people, a new school or round, the next number.
func (tx *Tx) prepare(ctx context.Context, c *workflow.Case, by workflow.Actor, cmd workflow.Command, at time.Time) (err error) {
	emails := workflow.Names(cmd)
	if len(emails) > 0 {
		if c.Facts.People, err = tx.peopleByEmail(ctx, emails); err != nil {
			return err
		}
	}
	if c.App.OfficerID == 0 && by.Is(workflow.Officer) { // who may become the case's officer by this step
		emails = append(slices.Clone(emails), by.Email)
	}
	if len(emails) > 0 {
		if c.Facts.Conflicts, err = tx.conflicts(ctx, c.App.ID, emails); err != nil {
			return err
		}
	}
	switch k := cmd.(type) {
	case *workflow.Save:
		if form, ok := k.Preview(c.App.Form); ok {
			refs, err := tx.refs(ctx, form)
			if err != nil {
				return err
			}
			k.Refs = &refs
		}
	case *workflow.DecideGrant:
		if c.Facts.Delegation, err = tx.s.delegation(ctx, tx); err != nil {
			return err
		}
		if c.Facts.MeetingHold, err = tx.meetingHold(ctx, c.DecisionBody(), k.Meeting); err != nil {
			return err
		}
		if c.Facts.ItemsTaken, err = tx.itemsTaken(ctx, c.App.ID, c.DecisionBody(), k.Meeting, at); err != nil {
			return err
		}
	case *workflow.DecideChange:
		if c.Facts.ItemsTaken, err = tx.itemsTaken(ctx, c.App.ID, workflow.ChangeAtMeeting(*c, by), k.Meeting, at); err != nil {
			return err
		}
	case *workflow.Submit:
		if c.Facts.NextDNR, err = tx.nextDNR(ctx, at); err != nil {
			return err
		}
	}
	return nil
}

// refs looks up what a form points at. What is not found stays empty: a draft may be unfinished.
func (tx *Tx) refs(ctx context.Context, form workflow.Form) (refs workflow.Refs, err error) {
	round, school, unit := form.Wants()
	if round != "" {
		refs.Round, err = tx.s.round(ctx, tx, round)
		if err != nil && !errors.Is(err, workflow.ErrNotFound) {
			return refs, err
		}
	}
	scheme := form.Scheme
	if refs.Round.ID != "" {
		scheme = refs.Round.Scheme
	}
	if scheme == "" {
		scheme = defaultScheme
	}
	if refs.Scheme, err = tx.s.scheme(ctx, tx, scheme); err != nil {
		if errors.Is(err, workflow.ErrNotFound) {
			return refs, workflow.Violations{{Field: "scheme", Code: "choice"}}
		}
		return refs, err
	}
	if school != "" || unit != "" {
		row, err := one[schoolRow](ctx, tx, tx.s.q.FindSchool, params{"name": school, "unit_code": unit})
		if err != nil && !none(err) {
			return refs, fmt.Errorf("school: %w", err)
		}
		if err == nil {
			got, err := row.decode()
			if err != nil {
				return refs, err
			}
			refs.School = &got.School
		}
	}
	return refs, nil
}

// defaultScheme is what a draft is for that names neither round nor scheme.
const defaultScheme = "skolutbyte"

// nextDNR gives the next registration number of the year. It is taken only if the transaction commits.
func (tx *Tx) nextDNR(ctx context.Context, at time.Time) (string, error) {
	year := workflow.DateOf(at).Year()
	n, err := one[int64](ctx, tx, tx.s.q.NextInSeries, params{"name": "dnr", "year": year, "count": 1})
	if err != nil {
		return "", fmt.Errorf("registration number: %w", err)
	}
	return fmt.Sprintf("IF %d-%04d", year, n), nil
}

// create stores a new application with its first event.
func (tx *Tx) create(ctx context.Context, out workflow.Outcome) (workflow.Application, error) {
	row, err := tx.row(workflow.Case{App: out.App}, out)
	if err != nil {
		return out.App, err
	}
	id, err := one[int64](ctx, tx, tx.s.q.InsertApplication, row)
	if err != nil {
		return out.App, fmt.Errorf("new application: %w", err)
	}
	out.App.ID = id
	if err := tx.rest(ctx, out); err != nil {
		return out.App, err
	}
	return out.App, tx.noteEffect(ctx, id)
}
