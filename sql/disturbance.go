package sql

import (
	"context"
	"fmt"
	"strings"
	"time"

	"fund/workflow"
)

// Disturbance is a short notice on every page, from and until an instant.
type Disturbance struct {
	ID     int64     `db:"id"`
	SV     string    `db:"text_sv"`
	EN     string    `db:"text_en"`
	From   time.Time `db:"from_at"`
	Until  time.Time `db:"until_at"`
	ByName string    `db:"by_name"`
}

// disturbanceMax is how long a notice may be, in characters: it is read above every page.
const disturbanceMax = 300

func mayDisturb(by workflow.Actor) error {
	if by.Is(workflow.Admin) || by.Is(workflow.Officer) || by.Is(workflow.Head) {
		return nil
	}
	return workflow.Forbidden{Code: "role"}
}

// Disturbances lists the last notices, newest first.
func (s *Store) Disturbances(ctx context.Context) ([]Disturbance, error) {
	return s.disturbances(ctx, s.q.Disturbances, params{})
}

// DisturbancesAt lists what every page says at an instant.
func (s *Store) DisturbancesAt(ctx context.Context, now time.Time) ([]Disturbance, error) {
	return s.disturbances(ctx, s.q.DisturbancesNow, params{"now": now})
}

func (s *Store) disturbances(ctx context.Context, query string, p params) ([]Disturbance, error) {
	rows, err := many[Disturbance](ctx, s.db, query, p)
	if err != nil {
		return nil, fmt.Errorf("disturbances: %w", err)
	}
	return rows, nil
}

// AddDisturbance puts a notice on every page. It ends by itself.
func (s *Store) AddDisturbance(ctx context.Context, by workflow.Actor, d Disturbance) error {
	if err := mayDisturb(by); err != nil {
		return err
	}
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	var v workflow.Violations
	for _, x := range [][2]string{{"notice_sv", d.SV}, {"notice_en", d.EN}} {
		field, text := x[0], x[1]
		switch n := len([]rune(text)); {
		case strings.TrimSpace(text) == "":
			v = append(v, workflow.Violation{Field: field, Code: "required"})
		case n > disturbanceMax:
			v = append(v, workflow.Violation{Field: field, Code: "too_long", Args: map[string]any{"Max": disturbanceMax, "Length": n}})
		}
	}
	switch {
	case !d.Until.After(d.From):
		v = append(v, workflow.Violation{Field: "until.day", Code: "dates_order"})
	case !d.Until.After(now):
		v = append(v, workflow.Violation{Field: "until.day", Code: "in_past"})
	}
	if len(v) > 0 {
		return v
	}
	_, err = one[int64](
		ctx,
		s.db,
		s.q.InsertDisturbance,
		params{"text_sv": d.SV, "text_en": d.EN, "from_at": d.From, "until_at": d.Until, "by": nullID(by.ID), "at": now},
	)
	return err
}

// EndDisturbance takes a notice away before its time.
func (s *Store) EndDisturbance(ctx context.Context, by workflow.Actor, id int64) error {
	if err := mayDisturb(by); err != nil {
		return err
	}
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	n, err := exec(ctx, s.db, s.q.EndDisturbance, params{"id": id, "by": nullID(by.ID), "at": now})
	if err == nil && n == 0 {
		err = workflow.ErrNotFound
	}
	return err
}
