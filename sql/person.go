package sql

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/lib/pq"

	"fund/workflow"
)

type personRow struct {
	ID    int64  `db:"id"`
	Email string `db:"email"`
	Name  string `db:"name"`
	OrgNo string `db:"org_no"`
	Lang  string `db:"lang"`
	Roles []byte `db:"roles"`

	Protected bool `db:"protected_identity"`
}

func (r personRow) person() (workflow.Person, error) {
	p := workflow.Person{ID: r.ID, Email: r.Email, Name: r.Name, OrgNo: r.OrgNo, Protected: r.Protected}
	if len(r.Roles) > 0 {
		if err := json.Unmarshal(r.Roles, &p.Roles); err != nil {
			return p, fmt.Errorf("roles of %d: %w", r.ID, err)
		}
	}
	return p, nil
}

// PersonByEmail finds somebody by address; ErrNotFound if there is nobody.
func (s *Store) PersonByEmail(ctx context.Context, email string) (workflow.Person, error) {
	row, err := one[personRow](ctx, s.db, s.q.PersonByEmail, params{"email": strings.TrimSpace(email)})
	if err != nil {
		return workflow.Person{}, found(err, "person", email)
	}
	return row.person()
}

// Person reads somebody by id.
func (s *Store) Person(ctx context.Context, id int64) (workflow.Person, error) {
	row, err := one[personRow](ctx, s.db, s.q.PersonByID, params{"id": id})
	if err != nil {
		return workflow.Person{}, found(err, "person", id)
	}
	return row.person()
}

// PeopleNamed reads those of the ids who are still known, in order of id.
func (s *Store) PeopleNamed(ctx context.Context, ids []int64) ([]workflow.Person, error) {
	rows, err := many[personRow](ctx, s.db, s.q.PeopleNamed, params{"ids": pq.Array(ids)})
	if err != nil {
		return nil, fmt.Errorf("people %v: %w", ids, err)
	}
	return persons(rows)
}

// People lists everyone in order of id, after the given one.
func (s *Store) People(ctx context.Context, after int64, limit int) ([]workflow.Person, error) {
	return s.listPeople(ctx, params{"after": after, "limit": limit})
}

// Everyone lists all people in order of id.
func (s *Store) Everyone(ctx context.Context) ([]workflow.Person, error) {
	return s.listPeople(ctx, params{"after": 0, "limit": nil})
}

func (s *Store) listPeople(ctx context.Context, p params) ([]workflow.Person, error) {
	rows, err := many[personRow](ctx, s.db, s.q.ListPeople, p)
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	return persons(rows)
}

// FindPeople lists who has q in the name, the address or the name of their
// school, by name, after the person with that id; more: there are others.
func (s *Store) FindPeople(ctx context.Context, q string, after int64, limit int) (list []workflow.Person, more bool, err error) {
	rows, err := many[personRow](ctx, s.db, s.q.FindPeople, params{"q": strings.ToLower(q), "after": after, "limit": limit + 1})
	if err != nil {
		return nil, false, fmt.Errorf("people: %w", err)
	}
	if len(rows) > limit {
		rows, more = rows[:limit], true
	}
	list, err = persons(rows)
	return list, more, err
}

func persons(rows []personRow) ([]workflow.Person, error) {
	out := make([]workflow.Person, 0, len(rows))
	for _, r := range rows {
		p, err := r.person()
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func (tx *Tx) peopleByEmail(ctx context.Context, emails []string) (map[string]workflow.Person, error) {
	low := make([]string, len(emails))
	for i, e := range emails {
		low[i] = strings.ToLower(strings.TrimSpace(e))
	}
	rows, err := many[personRow](ctx, tx, tx.s.q.PeopleByEmails, params{"emails": strings.Join(low, ",")})
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	list, err := persons(rows)
	out := map[string]workflow.Person{}
	for i, e := range emails {
		for _, p := range list {
			if p.Email == low[i] {
				out[e] = p
			}
		}
	}
	return out, err
}

// SavePerson creates somebody (id 0) or changes name, address and roles. Only an administrator may.
func (s *Store) SavePerson(ctx context.Context, by workflow.Actor, p workflow.Person) (workflow.Person, error) {
	if !by.Machine && !by.Is(workflow.Admin) {
		return p, workflow.Forbidden{Code: "role"}
	}
	if v := checkPerson(p); len(v) > 0 {
		return p, v
	}
	err := s.InTx(ctx, func(tx *Tx) error {
		before, err := tx.rolesOf(ctx, p.ID)
		if err != nil {
			return err
		}
		at, err := tx.Now()
		if err != nil {
			return err
		}
		row := params{
			"at":        at,
			"id":        p.ID,
			"email":     strings.TrimSpace(p.Email),
			"name":      strings.TrimSpace(p.Name),
			"org_no":    workflow.PlainOrgNo(p.OrgNo),
			"protected": p.Protected,
		}
		if err := tx.shield(ctx, p); err != nil {
			return err
		}
		if p.ID == 0 {
			id, err := one[int64](ctx, tx, s.q.InsertPeople, row)
			if err != nil {
				return fmt.Errorf("person: %w", err)
			}
			p.ID, row["id"] = id, id
		}
		if n, err := exec(ctx, tx, s.q.UpdatePeople, row); err != nil {
			return fmt.Errorf("person %d: %w", p.ID, err)
		} else if n == 0 {
			return workflow.ErrNotFound
		}
		if _, err := exec(ctx, tx, s.q.DeleteRoles, params{"person": p.ID}); err != nil {
			return fmt.Errorf("roles: %w", err)
		}
		for _, r := range p.Roles {
			if _, err := exec(ctx, tx, s.q.InsertRole, params{"person": p.ID, "role": string(r.Role), "school": nullID(r.School)}); err != nil {
				return fmt.Errorf("role: %w", err)
			}
		}
		return tx.noteRoles(ctx, by, p.ID, before, p.Roles)
	})
	if err != nil {
		return p, err
	}
	return s.Person(ctx, p.ID)
}

func checkPerson(p workflow.Person) (v workflow.Violations) {
	if !strings.Contains(p.Email, "@") {
		v = append(v, workflow.Violation{Field: "email", Code: "email"})
	}
	if strings.TrimSpace(p.Name) == "" {
		v = append(v, workflow.Violation{Field: "name", Code: "required"})
	}
	if _, wrong := workflow.CheckOrgNo(p.OrgNo); strings.TrimSpace(p.OrgNo) != "" && wrong != nil {
		v = append(v, workflow.Violation{Field: "org_no", Code: wrong.Code})
	}
	for i, r := range p.Roles {
		if !slices.Contains(workflow.Roles, r.Role) {
			v = append(v, workflow.Violation{Field: fmt.Sprintf("roles[%d].role", i), Code: "choice"})
		}
		if r.Role.AtSchool() && r.School == 0 {
			v = append(v, workflow.Violation{Field: fmt.Sprintf("roles[%d].school", i), Code: "required"})
		}
	}
	return v
}

// Recipient is somebody who gets a mail.
type Recipient struct {
	Person int64
	Email  string
	Name   string
	Lang   string
}

// Recipients finds the people of the named groups for a case: applicant,
// principal, economist, officer, decider, finance, person:<address>. Nobody in conflict
// of interest is among them. The applicant's copy also goes to the address in the form
// (addContact).
func (tx *Tx) Recipients(ctx context.Context, c workflow.Case, groups []string) ([]Recipient, error) {
	now, err := tx.Now()
	if err != nil {
		return nil, err
	}
	var out []Recipient
	add := func(rows []personRow) {
		for _, r := range rows {
			if c.App.InConflict(r.ID) || slices.ContainsFunc(out, func(x Recipient) bool { return x.Email == r.Email }) {
				continue
			}
			out = append(out, Recipient{r.ID, r.Email, r.Name, r.Lang})
		}
	}
	holders := func(school int64, roles ...string) error {
		rows, err := many[personRow](
			ctx,
			tx,
			tx.s.q.RoleHolders,
			params{"roles": strings.Join(roles, ","), "school": school, "today": workflow.DateOf(now).String()},
		)
		add(rows)
		return err
	}
	for _, g := range groups {
		var err error
		email, isPerson := strings.CutPrefix(g, "person:")
		switch {
		case isPerson:
			rows, e := many[personRow](ctx, tx, tx.s.q.PeopleByEmails, params{"emails": strings.ToLower(email)})
			add(rows)
			err = e
		case strings.HasPrefix(g, workflow.Relieved):
			rows, e := tx.untied(ctx, c, strings.TrimPrefix(g, workflow.Relieved))
			add(rows)
			err = e
		case g == "applicant":
			err = tx.applicants(ctx, c, add, holders)
			if err == nil {
				out, err = tx.addContact(ctx, c, out)
			}
			speakAsAsked(c, out)
		case g == "principal":
			if c.App.SchoolID != 0 {
				err = holders(c.App.SchoolID, "principal")
			}
			if err == nil {
				err = tx.addSubstitutes(ctx, c, workflow.DateOf(now), add)
			}
		case g == "economist":
			if c.App.SchoolID != 0 {
				err = holders(c.App.SchoolID, "economist")
			}
		case g == "officer":
			err = holders(0, "officer")
		case g == "finance":
			err = holders(0, "finance1", "finance2")
		case g == "decider":
			if c.DecisionBody() == workflow.Delegate && !c.Facts.HeadConflict {
				err = holders(0, "head")
			} else {
				err = holders(0, "secretary")
			}
		}
		if err != nil {
			return nil, fmt.Errorf("recipients %s: %w", g, err)
		}
	}
	return out, nil
}

// untied is the person at an address, unless they could not be given the case (RF-18).
func (tx *Tx) untied(ctx context.Context, c workflow.Case, email string) ([]personRow, error) {
	why, err := tx.conflicts(ctx, c.App.ID, []string{email})
	if err != nil || len(why) > 0 {
		return nil, err
	}
	return many[personRow](ctx, tx, tx.s.q.PeopleByEmails, params{"emails": strings.ToLower(email)})
}

// addContact adds the address in the form, which may be nobody's we know. Where it is
// somebody's, it obeys what that person obeys: whoever has declared a conflict of
// interest in the case is written nothing, nor is one of the office who is tied to the
// applicant or applies in the same round (KL 6:28).
func (tx *Tx) addContact(ctx context.Context, c workflow.Case, out []Recipient) ([]Recipient, error) {
	contact := strings.ToLower(strings.TrimSpace(c.App.Form.Applicant.ContactEmail))
	if !strings.Contains(contact, "@") || slices.ContainsFunc(out, func(x Recipient) bool { return x.Email == contact }) {
		return out, nil
	}
	rows, err := many[personRow](ctx, tx, tx.s.q.PeopleByEmails, params{"emails": contact})
	if err != nil {
		return nil, fmt.Errorf("contact: %w", err)
	}
	why, err := tx.conflicts(ctx, c.App.ID, []string{contact})
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		p, err := r.person()
		if err != nil {
			return nil, err
		}
		if c.App.InConflict(p.ID) || p.Office() && slices.Contains([]string{"tie", "own_application"}, why[contact]) {
			return out, nil
		}
	}
	return append(out, Recipient{Email: contact, Name: c.App.ApplicantName, Lang: "sv"}), nil
}

// speakAsAsked writes to the applicant and the contact in the application's contact language, where it
// says one, and to co-writers in their own. What is neither English nor Swedish gets the Swedish words.
func speakAsAsked(c workflow.Case, out []Recipient) {
	asked := c.App.Form.Applicant
	if asked.Language == "" {
		return
	}
	contact := strings.ToLower(strings.TrimSpace(asked.ContactEmail))
	for i, x := range out {
		if x.Email != contact && (x.Person == 0 || x.Person != c.App.ApplicantID) {
			continue
		}
		if out[i].Lang = "sv"; asked.Language == "en" {
			out[i].Lang = "en"
		}
	}
}

// applicants are who drafted it and the co-writers; on paper the school's teachers.
func (tx *Tx) applicants(ctx context.Context, c workflow.Case, add func([]personRow), holders func(int64, ...string) error) error {
	if c.App.Channel == "paper" {
		if c.App.SchoolID != 0 {
			return holders(c.App.SchoolID, "teacher")
		}
		return nil
	}
	ids := append([]int64{c.App.ApplicantID}, c.App.Writers...)
	for _, id := range ids {
		row, err := one[personRow](ctx, tx, tx.s.q.PersonByID, params{"id": id})
		if none(err) {
			continue // left the school; the address in the form still gets its copy
		}
		if err != nil {
			return err
		}
		add([]personRow{row})
	}
	return nil
}
