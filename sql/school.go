package sql

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"fund/workflow"
)

// SchoolRow is a school unit and whether an overdue report blocks it (RF-12).
type SchoolRow struct {
	workflow.School
	Blocked bool
}

type schoolRow struct {
	School  []byte `db:"school"`
	Blocked bool   `db:"blocked"`
}

func (r schoolRow) decode() (SchoolRow, error) {
	var j schoolJSON
	if err := json.Unmarshal(r.School, &j); err != nil {
		return SchoolRow{}, fmt.Errorf("school: %w", err)
	}
	return SchoolRow{*j.school(), r.Blocked}, nil
}

// Schools lists the register in Swedish order.
func (s *Store) Schools(ctx context.Context) ([]SchoolRow, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[schoolRow](ctx, s.db, s.q.ListSchools, params{"today": workflow.DateOf(now).String()})
	if err != nil {
		return nil, fmt.Errorf("schools: %w", err)
	}
	out := make([]SchoolRow, 0, len(rows))
	for _, r := range rows {
		got, err := r.decode()
		if err != nil {
			return nil, err
		}
		out = append(out, got)
	}
	return out, nil
}

// School reads one school unit.
func (s *Store) School(ctx context.Context, id int64) (SchoolRow, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return SchoolRow{}, err
	}
	row, err := one[schoolRow](ctx, s.db, s.q.SchoolByID, params{"id": id, "today": workflow.DateOf(now).String()})
	if err != nil {
		return SchoolRow{}, found(err, "school", id)
	}
	return row.decode()
}

// SaveSchools adds or changes school units by name; none is removed, since closed units still own old cases.
func (s *Store) SaveSchools(ctx context.Context, by workflow.Actor, list []workflow.School) error {
	if !by.Machine && !by.Is(workflow.Admin) {
		return workflow.Forbidden{Code: "role"}
	}
	var v workflow.Violations
	for i, sc := range list {
		if strings.TrimSpace(sc.Name) == "" {
			v = append(v, workflow.Violation{Field: fmt.Sprintf("items[%d].name", i), Code: "required"})
		}
		switch {
		case sc.Level == "":
			v = append(v, workflow.Violation{Field: fmt.Sprintf("items[%d].level", i), Code: "required"})
		case !slices.Contains(workflow.SchoolLevels, sc.Level): // a school form that no rule knows would be refused in silence by RF-01
			v = append(v, workflow.Violation{Field: fmt.Sprintf("items[%d].level", i), Code: "choice"})
		}
		if !sc.ActiveTo.IsZero() && sc.ActiveTo.Before(sc.ActiveFrom) {
			v = append(v, workflow.Violation{Field: fmt.Sprintf("items[%d].active_to", i), Code: "dates_order"})
		}
		if sc.UnitCode != "" {
			if _, fault := workflow.CheckSchoolUnitCode(sc.UnitCode); fault != nil {
				v = append(v, workflow.Violation{Field: fmt.Sprintf("items[%d].school_unit_code", i), Code: fault.Code})
			}
		}
	}
	if len(v) > 0 {
		return v
	}
	return s.InTx(ctx, func(tx *Tx) error {
		for _, sc := range list {
			if _, err := one[int64](ctx, tx, s.q.UpsertSchool, schoolParams(sc)); err != nil {
				return fmt.Errorf("school %s: %w", sc.Name, err)
			}
		}
		return nil
	})
}

// SaveSchool adds a unit, or changes the one with its id, its name too: its
// people, cases and the address they sign in with stay. What is wrong with it
// comes as workflow.Violations. It gives the unit's id.
func (s *Store) SaveSchool(ctx context.Context, by workflow.Actor, sc workflow.School) (id int64, err error) {
	if !by.Is(workflow.Admin) {
		return 0, workflow.Forbidden{Code: "role"}
	}
	q, p := s.q.UpdateSchool, schoolParams(sc)
	if sc.ID == 0 {
		q = s.q.InsertSchool
	} else {
		p["id"] = sc.ID
	}
	err = s.InTx(ctx, func(tx *Tx) error {
		id, err = one[int64](ctx, tx, q, p)
		return found(err, "school", sc.ID)
	})
	return id, err
}

func schoolParams(sc workflow.School) params {
	slug := sc.Slug
	if slug == "" {
		slug = Slug(sc.Name)
	}
	return params{"name": sc.Name, "slug": slug, "unit_code": nullText(sc.UnitCode), "level": sc.Level,
		"operator": sc.Operator, "operator_name": sc.OperatorName, "operator_org": sc.OperatorOrg, "town": sc.Town, "cost_centre": sc.CostCentre,
		"active_from": nullText(sc.ActiveFrom.String()), "active_to": nullText(sc.ActiveTo.String())}
}

// Slug is a school's name as it stands in its people's addresses: lower case,
// å and ä become a, ö becomes o, everything else than a–z and 0–9 a hyphen.
func Slug(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		case r == 'å' || r == 'ä':
			return 'a'
		case r == 'ö':
			return 'o'
		}
		return '-'
	}, strings.ToLower(name))
}
