package sql

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/lib/pq"

	"fund/workflow"
)

// How often access may be asked for, by real time: an address, and all together.
const (
	accessLife       = 7 * 24 * time.Hour
	accessWindow     = 24 * time.Hour
	accessPerAddress = 3
	accessAltogether = 500
)

// AccessRequest is somebody who asks to be known as a teacher of a school.
type AccessRequest struct {
	ID          int64      `db:"id"`
	Email       string     `db:"email"`
	Name        string     `db:"name"`
	School      int64      `db:"school"`
	SchoolName  string     `db:"school_name"`
	Work        string     `db:"work"`
	Lang        string     `db:"lang"`
	State       string     `db:"state"`
	ConfirmedAt *time.Time `db:"confirmed_at"`
}

// AskAccess keeps the question and mails a link to the address. Who asks too often
// gets no mail; the page says the same to everyone.
func (s *Store) AskAccess(ctx context.Context, r AccessRequest, mail func(word string) MailRow) error {
	return s.InTx(ctx, func(tx *Tx) error {
		at, err := tx.Now()
		if err != nil {
			return err
		}
		wall := s.wall()
		n, err := one[struct {
			Mine     int `db:"mine"`
			Everyone int `db:"everyone"`
		}](ctx, tx, s.q.RecentAccess, params{"email": r.Email, "since": wall.Add(-accessWindow)})
		if err != nil {
			return fmt.Errorf("access: %w", err)
		}
		if n.Mine >= accessPerAddress || n.Everyone >= accessAltogether {
			return nil
		}
		word, hash := secret()
		if _, err := exec(ctx, tx, s.q.InsertAccessRequest, params{"email": r.Email, "name": r.Name, "school": r.School, "work": r.Work, "lang": r.Lang,
			"hash": hash, "at": at, "wall": wall}); err != nil {
			return fmt.Errorf("access: %w", err)
		}
		_, _, err = tx.AddMail(ctx, mail(word))
		return err
	})
}

// AccessByWord reads the question that a mailed link belongs to.
func (s *Store) AccessByWord(ctx context.Context, word string) (AccessRequest, error) {
	r, err := one[AccessRequest](ctx, s.db, s.q.AccessByWord, params{"hash": digest(word), "oldest": s.wall().Add(-accessLife)})
	return r, found(err, "access", "")
}

// ConfirmAccess notes that the address is theirs, and tells the school's principals, or the office where there is none.
func (s *Store) ConfirmAccess(ctx context.Context, word string, mail func(r AccessRequest, to Recipient) MailRow) error {
	return s.InTx(ctx, func(tx *Tx) error {
		at, err := tx.Now()
		if err != nil {
			return err
		}
		id, err := one[int64](ctx, tx, s.q.ConfirmAccess, params{"hash": digest(word), "at": at, "oldest": s.wall().Add(-accessLife)})
		if none(err) {
			return nil // a second click
		}
		if err != nil {
			return fmt.Errorf("access: %w", err)
		}
		r, err := one[AccessRequest](ctx, tx, s.q.AccessRow, params{"id": id})
		if err != nil {
			return fmt.Errorf("access: %w", err)
		}
		to, err := tx.roleHolders(ctx, r.School, workflow.Principal)
		if err == nil && len(to) == 0 {
			to, err = tx.roleHolders(ctx, 0, workflow.Officer)
		}
		if err != nil {
			return err
		}
		for _, x := range to {
			if _, _, err := tx.AddMail(ctx, mail(r, x)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (tx *Tx) roleHolders(ctx context.Context, school int64, role workflow.Role) (list []Recipient, err error) {
	now, err := tx.Now()
	if err != nil {
		return nil, err
	}
	rows, err := many[personRow](ctx, tx, tx.s.q.RoleHolders, params{"roles": string(role), "school": school, "today": workflow.DateOf(now).String()})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", role, err)
	}
	for _, r := range rows {
		list = append(list, Recipient{r.ID, r.Email, r.Name, r.Lang})
	}
	return list, nil
}

// Principals gives the names of a school's principals.
func (s *Store) Principals(ctx context.Context, school int64) (names []string, err error) {
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[personRow](
		ctx,
		s.db,
		s.q.RoleHolders,
		params{"roles": string(workflow.Principal), "school": school, "today": workflow.DateOf(now).String()},
	)
	for _, r := range rows {
		names = append(names, r.Name)
	}
	return names, err
}

// leads are the schools where somebody is principal, or acts for one.
func leads(by workflow.Actor) []int64 {
	ids := []int64{}
	for _, r := range by.Roles {
		if r.Role == workflow.Principal && r.School != 0 {
			ids = append(ids, r.School)
		}
	}
	return ids
}

// officeForAccess may confirm anybody's tie to a school.
func officeForAccess(by workflow.Actor) bool { return by.Is(workflow.Officer) || by.Is(workflow.Admin) }

// AccessRequests lists the questions that somebody may answer.
func (s *Store) AccessRequests(ctx context.Context, by workflow.Actor) ([]AccessRequest, error) {
	rows, err := many[AccessRequest](ctx, s.db, s.q.AccessRequests, params{"everyone": officeForAccess(by), "leads": pq.Array(leads(by.Own()))})
	if err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}
	return rows, nil
}

// DecideAccess says whether somebody belongs to the school: then they are known as its teacher.
func (s *Store) DecideAccess(ctx context.Context, by workflow.Actor, id int64, grant bool, mail func(AccessRequest) MailRow) error {
	return s.InTx(ctx, func(tx *Tx) error {
		r, err := one[AccessRequest](ctx, tx, s.q.AccessRow, params{"id": id})
		if err != nil {
			return found(err, "access", id)
		}
		if !officeForAccess(by) && !by.Own().At(workflow.Principal, r.School) {
			return workflow.ErrNotFound
		}
		at, err := tx.Now()
		if err != nil {
			return err
		}
		state := "refused"
		if grant {
			state = "granted"
		}
		n, err := exec(ctx, tx, s.q.DecideAccess, params{"id": id, "state": state, "at": at, "by": by.ID})
		if err != nil {
			return fmt.Errorf("access: %w", err)
		}
		if n == 0 {
			return workflow.ErrStale
		}
		if grant {
			if err := tx.makeTeacher(ctx, r); err != nil {
				return err
			}
		}
		_, _, err = tx.AddMail(ctx, mail(r))
		return err
	})
}

func (tx *Tx) makeTeacher(ctx context.Context, r AccessRequest) error {
	row, err := one[personRow](ctx, tx, tx.s.q.PersonByEmail, params{"email": r.Email})
	person := row.ID
	if none(err) {
		if person, err = one[int64](ctx, tx, tx.s.q.InsertPeople, params{"email": r.Email, "name": r.Name, "org_no": ""}); err == nil {
			_, err = exec(ctx, tx, tx.s.q.WritePeopleIn, params{"id": person, "lang": r.Lang})
		}
	}
	if err != nil {
		return fmt.Errorf("person: %w", err)
	}
	if _, err := exec(ctx, tx, tx.s.q.InsertRole, params{"person": person, "role": string(workflow.Teacher), "school": r.School}); err != nil {
		return fmt.Errorf("role: %w", err)
	}
	return nil
}

// Handable is an application that can be given to another teacher. Title and
// number are there only for who may read the case.
type Handable struct {
	ID         int64  `db:"id"`
	School     int64  `db:"school"`
	SchoolName string `db:"school_name"`
	Name       string `db:"name"`
	Email      string `db:"email"`
	State      string `db:"state"`
	Title      string `db:"title"`
	DNR        string `db:"dnr"`
	Here       bool   `db:"here"` // the applicant still teaches there
}

// ToHandOver lists the open applications of the schools that somebody leads; the
// office finds those of one person by address.
func (s *Store) ToHandOver(ctx context.Context, by workflow.Actor, email string) ([]Handable, error) {
	if !by.Is(workflow.Officer) {
		email = ""
	}
	rows, err := many[Handable](ctx, s.db, s.q.ToHandOver, params{"leads": pq.Array(leads(by)), "email": strings.TrimSpace(email)})
	if err != nil {
		return nil, fmt.Errorf("applications to hand over: %w", err)
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	cases, err := s.CasesNamed(ctx, workflow.Machine(), ids)
	if err != nil {
		return nil, err
	}
	named := make(map[int64]workflow.Case, len(cases))
	for _, k := range cases {
		named[k.App.ID] = k
	}
	out := rows[:0]
	for _, r := range rows {
		k := named[r.ID] // gone meanwhile: nobody may hand it over
		if !workflow.MayHandOver(k, by) {
			continue
		}
		if !workflow.Sees(k, by) {
			r.Title, r.DNR = "", ""
		}
		out = append(out, r)
	}
	return out, nil
}
