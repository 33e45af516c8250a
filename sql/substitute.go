package sql

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"fund/workflow"
)

// NameSubstitute says who acts for a principal at the schools for a while, and mails
// them. a.Substitute needs an address alone where the person is known; somebody new is
// added by name, without a role of their own: after the last day nothing is theirs.
func (s *Store) NameSubstitute(ctx context.Context, by workflow.Actor, a workflow.Absence, schools []int64, mails func(workflow.Absence) []MailRow) error {
	err := s.InTx(ctx, func(tx *Tx) error {
		now, err := tx.Now()
		if err != nil {
			return err
		}
		known, err := tx.known(ctx, a.Substitute)
		if err != nil {
			return err
		}
		a.Role, a.Substitute = workflow.Principal, known
		if len(schools) == 0 {
			schools = []int64{0} // which the check refuses
		}
		for _, a.School = range schools {
			if err := workflow.CheckAbsence(a, by, workflow.DateOf(now)); err != nil {
				return err
			}
		}
		if a.Substitute.ID == newcomer {
			row := params{"email": a.Substitute.Email, "name": a.Substitute.Name, "org_no": ""}
			if a.Substitute.ID, err = one[int64](ctx, tx, tx.s.q.InsertPeople, row); err != nil {
				return fmt.Errorf("person: %w", err)
			}
		}
		news := false
		for _, a.School = range schools {
			one, err := tx.insertAbsence(ctx, by, a, now)
			if err != nil {
				return err
			}
			news = news || one
		}
		if !news {
			return nil // a second click
		}
		for _, m := range mails(a) {
			if _, _, err := tx.AddMail(ctx, m); err != nil {
				return err
			}
		}
		return nil
	})
	var wrong workflow.Violations
	if errors.As(err, &wrong) && len(wrong) == 1 && wrong[0].Code == "taken" { // by somebody who is no longer here
		return workflow.Violations{{Field: "substitute", Code: "substitute_gone"}}
	}
	return err
}

// newcomer stands for the id of somebody who is not here yet.
const newcomer = -1

// known finds somebody by address. Who is not here and has a name can be added.
func (tx *Tx) known(ctx context.Context, p workflow.Person) (workflow.Person, error) {
	p.Email, p.Name = strings.ToLower(strings.TrimSpace(p.Email)), strings.TrimSpace(p.Name)
	row, err := one[personRow](ctx, tx, tx.s.q.PersonByEmail, params{"email": p.Email})
	switch {
	case err == nil:
		return row.person()
	case !none(err):
		return p, fmt.Errorf("person: %w", err)
	}
	p.ID, p.Roles = newcomer, nil
	if p.Name == "" {
		p.ID = 0
	}
	return p, nil
}

// addSubstitutes adds who acts for the school's principals on the day, unless they
// could not answer: for an application of their own, or of whom they act for.
func (tx *Tx) addSubstitutes(ctx context.Context, c workflow.Case, day workflow.Date, add func([]personRow)) error {
	if c.App.SchoolID == 0 {
		return nil
	}
	rows, err := many[struct {
		personRow
		Lender int64 `db:"lender"`
	}](ctx, tx, tx.s.q.SchoolSubstitutes, params{"school": c.App.SchoolID, "today": day.String()})
	for _, r := range rows {
		if !c.App.IsApplicant(workflow.Person{ID: r.ID}) && !c.App.IsApplicant(workflow.Person{ID: r.Lender}) {
			add([]personRow{r.personRow})
		}
	}
	return err
}
