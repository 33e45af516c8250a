package sql

import (
	"context"
	"fmt"
	"time"

	"fund/workflow"
)

// AbsenceRow is a line of the list of who is away. School is set where a principal is.
type AbsenceRow struct {
	ID         int64         `db:"id"`
	Role       workflow.Role `db:"role"`
	First      time.Time     `db:"first"`
	Last       time.Time     `db:"last"`
	Note       string        `db:"note"`
	At         time.Time     `db:"at"`
	EndedAt    *time.Time    `db:"ended_at"`
	Person     int64         `db:"person"`
	School     *int64        `db:"school"`
	SchoolName *string       `db:"school_name"`
	Email      string        `db:"email"`
	Name       string        `db:"name"`
	SubEmail   string        `db:"sub_email"`
	SubName    string        `db:"sub_name"`
	MadeBy     string        `db:"made_by"`
	EndedBy    *string       `db:"ended_by"`
}

// Absences lists who of the office is, was and will be away, latest first.
func (s *Store) Absences(ctx context.Context) ([]AbsenceRow, error) {
	return s.absences(ctx, false, 0)
}

// Substitutions lists when principals have, had and will have a substitute, latest
// first: those of one person, or for 0 everyone's.
func (s *Store) Substitutions(ctx context.Context, person int64) ([]AbsenceRow, error) {
	return s.absences(ctx, true, person)
}

func (s *Store) absences(ctx context.Context, atSchools bool, person int64) ([]AbsenceRow, error) {
	rows, err := many[AbsenceRow](ctx, s.db, s.q.ListAbsences, params{"at_schools": atSchools, "person": person})
	if err != nil {
		return nil, fmt.Errorf("absences: %w", err)
	}
	return rows, nil
}

// acting is the person with the roles that they hold for others on this day of the service's clock.
func (s *Store) acting(ctx context.Context, p workflow.Person) (workflow.Actor, error) {
	rows, err := many[struct {
		personRow
		Role   workflow.Role `db:"role"`
		School int64         `db:"school"`
		First  time.Time     `db:"first"`
		Last   time.Time     `db:"last"`
	}](ctx, s.db, s.q.ActingFor, params{"person": p.ID})
	if err != nil {
		return workflow.Actor{}, fmt.Errorf("acting: %w", err)
	}
	if len(rows) == 0 {
		return workflow.Act(p), nil
	}
	var list []workflow.Acting
	for _, r := range rows {
		lender, err := r.person()
		if err != nil {
			return workflow.Actor{}, err
		}
		list = append(
			list,
			workflow.Acting{Role: r.Role, School: r.School, For: r.Email, First: workflow.DateOf(r.First), Last: workflow.DateOf(r.Last), Lender: lender},
		)
	}
	now, err := s.Now(ctx)
	return workflow.ActFor(p, list, workflow.DateOf(now)), err
}

// AddAbsence notes that somebody of the office is away and who acts instead.
func (s *Store) AddAbsence(ctx context.Context, by workflow.Actor, a workflow.Absence) error {
	return s.InTx(ctx, func(tx *Tx) error {
		now, err := tx.Now()
		if err != nil {
			return err
		}
		if err := workflow.CheckAbsence(a, by, workflow.DateOf(now)); err != nil {
			return err
		}
		_, err = tx.insertAbsence(ctx, by, a, now)
		return err
	})
}

// insertAbsence tells whether it is new: the same period is noted once.
func (tx *Tx) insertAbsence(ctx context.Context, by workflow.Actor, a workflow.Absence, at time.Time) (bool, error) {
	id, err := one[int64](
		ctx,
		tx,
		tx.s.q.InsertAbsence,
		params{"person": a.Person.ID, "substitute": a.Substitute.ID, "role": string(a.Role), "school": nullID(a.School),
			"first": a.First.String(), "last": a.Last.String(), "note": a.Note, "by": by.ID, "at": at},
	)
	if none(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("absence: %w", err)
	}
	if a.First.After(workflow.DateOf(at)) { // entered in advance: the substitute is reminded when it begins
		err = tx.AddJob(ctx, Job{Kind: workflow.JobSubstituteBegins, Data: map[string]any{"absence": id}, RunAt: a.First.At(7, 0)})
	}
	return err == nil, err
}

// BeginningRow is an absence that begins, with the language of the substitute.
type BeginningRow struct {
	AbsenceRow
	SubLang string `db:"sub_lang"`
}

// Beginning lists what begins together with an absence: at several schools a
// principal names the same substitute at once. It is empty when all has ended.
func (tx *Tx) Beginning(ctx context.Context, id int64) ([]BeginningRow, error) {
	rows, err := many[BeginningRow](ctx, tx, tx.s.q.BeginningAbsences, params{"id": id})
	if err != nil {
		return nil, fmt.Errorf("absence %d: %w", id, err)
	}
	return rows, nil
}

// EndAbsence lets the substitute's roles end at once. mail, where there is one,
// makes the mail that tells the substitute; ended twice is ended once.
func (s *Store) EndAbsence(ctx context.Context, by workflow.Actor, id int64, mail func(AbsenceRow) MailRow) error {
	return s.InTx(ctx, func(tx *Tx) error {
		r, err := one[AbsenceRow](ctx, tx, s.q.Absence, params{"id": id})
		if err != nil {
			return found(err, "absence", id)
		}
		if !workflow.MayNoteAbsence(by, r.Person) {
			return workflow.Forbidden{Code: "role"}
		}
		now, err := tx.Now()
		if err != nil {
			return err
		}
		if workflow.DateOf(r.Last).Before(workflow.DateOf(now)) {
			return nil // it ended by itself
		}
		n, err := exec(ctx, tx, s.q.EndAbsence, params{"id": id, "at": now, "by": by.ID})
		if err != nil || n == 0 || mail == nil {
			return err
		}
		_, _, err = tx.AddMail(ctx, mail(r))
		return err
	})
}
