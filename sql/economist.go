package sql

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lib/pq"

	"fund/workflow"
)

// SchoolEconomist is somebody who may approve the money of a school's reports,
// and who gave them that right. At is nil for a right that is older than the log.
type SchoolEconomist struct {
	ID         int64      `db:"id"`
	Name       string     `db:"name"`
	Email      string     `db:"email"`
	School     int64      `db:"school"`
	SchoolName string     `db:"school_name"`
	ByName     string     `db:"by_name"`
	At         *time.Time `db:"at"`
}

// SchoolEconomists lists them for the schools that somebody leads, for an administrator all.
func (s *Store) SchoolEconomists(ctx context.Context, by workflow.Actor) ([]SchoolEconomist, error) {
	rows, err := many[SchoolEconomist](ctx, s.db, s.q.SchoolEconomists, params{"everyone": by.Is(workflow.Admin), "leads": pq.Array(leads(by.Own()))})
	if err != nil {
		return nil, fmt.Errorf("economists: %w", err)
	}
	return rows, nil
}

// NamesEconomists tells whether somebody says who is the school's economist: its
// principal, and no substitute, or an administrator.
func NamesEconomists(by workflow.Actor, school int64) bool {
	return by.Is(workflow.Admin) || by.Own().At(workflow.Principal, school)
}

// NameEconomist gives somebody the right to approve the money of a school's
// reports, and mails them. Who works for the fund can't have it: they would
// answer to themselves.
func (s *Store) NameEconomist(ctx context.Context, by workflow.Actor, school int64, name, email string, mail func(workflow.Person) MailRow) error {
	if !NamesEconomists(by, school) {
		return workflow.Forbidden{Code: "role"}
	}
	role := workflow.RoleAt{Role: workflow.Economist, School: school}
	email = strings.ToLower(strings.TrimSpace(email))
	return s.InTx(ctx, func(tx *Tx) error {
		row, err := one[personRow](ctx, tx, tx.s.q.PersonByEmail, params{"email": email})
		var p workflow.Person
		switch {
		case none(err):
			p = workflow.Person{Email: email, Name: strings.TrimSpace(name), Roles: []workflow.RoleAt{role}}
			if v := checkPerson(p); len(v) > 0 {
				return v
			}
			if p.ID, err = one[int64](ctx, tx, tx.s.q.InsertPeople, params{"email": p.Email, "name": p.Name, "org_no": ""}); err != nil {
				return fmt.Errorf("person: %w", err)
			}
		case err != nil:
			return fmt.Errorf("person: %w", err)
		default:
			if p, err = row.person(); err != nil {
				return err
			}
			if p.Office() {
				return workflow.Violations{{Field: "email", Code: "works_for_fund"}}
			}
			if slices.Contains(p.Roles, role) {
				return workflow.Violations{{Field: "email", Code: "economist_already"}}
			}
		}
		if _, err := exec(ctx, tx, tx.s.q.InsertRole, params{"person": p.ID, "role": string(role.Role), "school": school}); err != nil {
			return fmt.Errorf("role: %w", err)
		}
		if err := tx.noteRole(ctx, by, p.ID, role, true); err != nil {
			return err
		}
		_, _, err = tx.AddMail(ctx, mail(p))
		return err
	})
}

// DropEconomist takes that right away.
func (s *Store) DropEconomist(ctx context.Context, by workflow.Actor, school, person int64) error {
	if !NamesEconomists(by, school) {
		return workflow.Forbidden{Code: "role"}
	}
	role := workflow.RoleAt{Role: workflow.Economist, School: school}
	return s.InTx(ctx, func(tx *Tx) error {
		n, err := exec(ctx, tx, tx.s.q.DeleteRole, params{"person": person, "role": string(role.Role), "school": school})
		if err != nil {
			return fmt.Errorf("role: %w", err)
		}
		if n == 0 {
			return nil // gone already
		}
		return tx.noteRole(ctx, by, person, role, false)
	})
}

// rolesOf are somebody's roles as they are; nobody (0) has none.
func (tx *Tx) rolesOf(ctx context.Context, person int64) ([]workflow.RoleAt, error) {
	row, err := one[personRow](ctx, tx, tx.s.q.PersonByID, params{"id": person})
	if none(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("person %d: %w", person, err)
	}
	p, err := row.person()
	return p.Roles, err
}

// noteRoles logs what an administrator changed of somebody's roles.
func (tx *Tx) noteRoles(ctx context.Context, by workflow.Actor, person int64, before, after []workflow.RoleAt) error {
	for _, r := range after {
		if !slices.Contains(before, r) {
			if err := tx.noteRole(ctx, by, person, r, true); err != nil {
				return err
			}
		}
	}
	for _, r := range before {
		if !slices.Contains(after, r) {
			if err := tx.noteRole(ctx, by, person, r, false); err != nil {
				return err
			}
		}
	}
	return nil
}

func (tx *Tx) noteRole(ctx context.Context, by workflow.Actor, person int64, r workflow.RoleAt, given bool) error {
	at, err := tx.Now()
	if err != nil {
		return err
	}
	_, err = exec(
		ctx,
		tx,
		tx.s.q.InsertRoleChange,
		params{"person": person, "role": string(r.Role), "school": nullID(r.School), "given": given, "by": nullID(by.ID), "at": at},
	)
	if err != nil {
		return fmt.Errorf("role change: %w", err)
	}
	return nil
}
