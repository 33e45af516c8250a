package sql

import (
	"context"
	"fmt"
	"time"

	"fund/workflow"
)

// AbsenceRow is a line of the list of who is away.
type AbsenceRow struct {
	ID       int64         `db:"id"`
	Role     workflow.Role `db:"role"`
	First    time.Time     `db:"first"`
	Last     time.Time     `db:"last"`
	Note     string        `db:"note"`
	EndedAt  *time.Time    `db:"ended_at"`
	Email    string        `db:"email"`
	Name     string        `db:"name"`
	SubEmail string        `db:"sub_email"`
	SubName  string        `db:"sub_name"`
	MadeBy   string        `db:"made_by"`
}

// Absences lists who is, was and will be away, latest first.
func (s *Store) Absences(ctx context.Context) ([]AbsenceRow, error) {
	rows, err := many[AbsenceRow](ctx, s.db, s.q.ListAbsences, params{})
	if err != nil {
		return nil, fmt.Errorf("absences: %w", err)
	}
	return rows, nil
}

// actingToday are the roles that a person holds for others on this day of the service's clock.
func (s *Store) actingToday(ctx context.Context, person int64) ([]workflow.Acting, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[struct {
		Role  workflow.Role `db:"role"`
		Email string        `db:"email"`
	}](ctx, s.db, s.q.ActingToday, params{"person": person, "today": workflow.DateOf(now).String()})
	if err != nil {
		return nil, fmt.Errorf("acting: %w", err)
	}
	var list []workflow.Acting
	for _, r := range rows {
		list = append(list, workflow.Acting{Role: r.Role, For: r.Email})
	}
	return list, nil
}

// AddAbsence notes that somebody is away and who acts instead.
func (s *Store) AddAbsence(ctx context.Context, by workflow.Actor, a workflow.Absence) error {
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	if err := workflow.CheckAbsence(a, by, workflow.DateOf(now)); err != nil {
		return err
	}
	_, err = one[int64](ctx, s.db, s.q.InsertAbsence, params{"person": a.Person.ID, "substitute": a.Substitute.ID, "role": string(a.Role), "first": a.First.String(),
		"last": a.Last.String(), "note": a.Note, "by": by.ID, "at": now})
	if err != nil {
		return translate(fmt.Errorf("absence: %w", err))
	}
	return nil
}

// EndAbsence lets the substitute's roles end at once.
func (s *Store) EndAbsence(ctx context.Context, by workflow.Actor, id int64) error {
	rows, err := s.Absences(ctx)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.ID != id {
			continue
		}
		if r.Email != by.Email && !by.Is(workflow.Head) && !by.Is(workflow.Admin) {
			return workflow.Forbidden{Code: "role"}
		}
		now, err := s.Now(ctx)
		if err != nil {
			return err
		}
		_, err = exec(ctx, s.db, s.q.EndAbsence, params{"id": id, "at": now})
		return err
	}
	return workflow.ErrNotFound
}
