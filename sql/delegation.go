package sql

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"fund/workflow"
)

type delegationRow struct {
	ID       int64      `db:"id"`
	Number   string     `db:"number"`
	TextSV   string     `db:"text_sv"`
	TextEN   string     `db:"text_en"`
	Schemes  []byte     `db:"schemes"`
	Outcomes []byte     `db:"outcomes"`
	Max      *int64     `db:"max_kr"`
	Holder   string     `db:"holder"`
	SubTo    string     `db:"sub_to"`
	From     time.Time  `db:"valid_from"`
	Until    *time.Time `db:"valid_to"`
	Used     int64      `db:"used"`
}

// DelegationUse is an item and how many decisions name it.
type DelegationUse struct {
	workflow.DelegationItem
	Used int64
}

func (r delegationRow) decode() (DelegationUse, error) {
	d := DelegationUse{workflow.DelegationItem{ID: r.ID, Number: r.Number, TextSV: r.TextSV, TextEN: r.TextEN, Limit: r.Max, Holder: r.Holder, SubTo: r.SubTo,
		From: workflow.DateOf(r.From)}, r.Used}
	if r.Until != nil {
		d.Until = workflow.DateOf(*r.Until)
	}
	if err := json.Unmarshal(r.Schemes, &d.Schemes); err != nil {
		return d, fmt.Errorf("delegation item %s: %w", r.Number, err)
	}
	if err := json.Unmarshal(r.Outcomes, &d.Outcomes); err != nil {
		return d, fmt.Errorf("delegation item %s: %w", r.Number, err)
	}
	return d, nil
}

// Delegation lists the delegation order by number, the newest version of each first.
func (s *Store) Delegation(ctx context.Context) ([]DelegationUse, error) {
	return s.delegationRows(ctx, s.db, s.q.ListDelegation, params{})
}

func (s *Store) delegationRows(ctx context.Context, q querier, query string, p params) ([]DelegationUse, error) {
	rows, err := many[delegationRow](ctx, q, query, p)
	if err != nil {
		return nil, fmt.Errorf("delegation order: %w", err)
	}
	out := make([]DelegationUse, 0, len(rows))
	for _, r := range rows {
		d, err := r.decode()
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

// delegation is the order without who used it.
func (s *Store) delegation(ctx context.Context, q querier) ([]workflow.DelegationItem, error) {
	rows, err := s.delegationRows(ctx, q, s.q.ListDelegation, params{})
	out := make([]workflow.DelegationItem, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.DelegationItem)
	}
	return out, err
}

// AddDelegation keeps an item, or the next version of one: the version before
// ends the day before this one begins. Whatever was decided keeps what it named.
func (s *Store) AddDelegation(ctx context.Context, by workflow.Actor, d workflow.DelegationItem) (id int64, err error) {
	if !by.Machine && !by.Is(workflow.Admin) {
		return 0, workflow.Forbidden{Code: "role"}
	}
	if v := d.Check(); len(v) > 0 {
		return 0, v
	}
	err = s.InTx(ctx, func(tx *Tx) error {
		at, err := tx.Now()
		if err != nil {
			return err
		}
		old, err := s.delegationRows(ctx, tx, s.q.DelegationForUpdate, params{"number": d.Number})
		if err != nil {
			return err
		}
		for _, x := range old {
			if !x.Until.IsZero() && x.Until.Before(d.From) {
				continue
			}
			if !x.From.Before(d.From) { // one that begins the same day or later would be hidden behind it
				return workflow.Violations{{Field: "valid_from", Code: "item_later_version", Args: map[string]any{"Day": x.From.String()}}}
			}
			if err := tx.endDelegation(ctx, by, x.ID, d.From.AddDays(-1), at); err != nil {
				return err
			}
		}
		schemes, err := encode(orNone(d.Schemes))
		if err != nil {
			return err
		}
		outcomes, err := encode(orNone(d.Outcomes))
		if err != nil {
			return err
		}
		id, err = one[int64](
			ctx,
			tx,
			s.q.InsertDelegation,
			params{"number": d.Number, "text_sv": d.TextSV, "text_en": d.TextEN, "schemes": schemes, "outcomes": outcomes,
				"max_kr": d.Limit, "holder": d.Holder, "sub_to": d.SubTo, "valid_from": d.From.String(), "valid_to": nullText(d.Until.String()), "by": nullID(by.ID), "at": at},
		)
		return err
	})
	return id, err
}

func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func (tx *Tx) endDelegation(ctx context.Context, by workflow.Actor, id int64, last workflow.Date, at time.Time) error {
	n, err := exec(ctx, tx, tx.s.q.EndDelegation, params{"id": id, "valid_to": last.String(), "by": nullID(by.ID), "at": at})
	if err != nil {
		return fmt.Errorf("delegation item %d: %w", id, err)
	}
	if n == 0 {
		return workflow.ErrNotFound
	}
	return nil
}

// EndDelegation says an item's last day: today or later, so that no decision loses what it named.
func (s *Store) EndDelegation(ctx context.Context, by workflow.Actor, id int64, last workflow.Date) error {
	if !by.Is(workflow.Admin) {
		return workflow.Forbidden{Code: "role"}
	}
	return s.InTx(ctx, func(tx *Tx) error {
		at, err := tx.Now()
		if err != nil {
			return err
		}
		if last.Before(workflow.DateOf(at)) {
			return workflow.Violations{{Field: "last", Code: "in_past"}}
		}
		err = tx.endDelegation(ctx, by, id, last, at)
		if errors.Is(err, workflow.ErrNotFound) { // before it began, or after it ends anyway
			return workflow.Violations{{Field: "last", Code: "dates_order"}}
		}
		return err
	})
}
