package sql

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"

	"fund/workflow"
)

// AllocationRow is a saved scenario.
type AllocationRow struct {
	ID        int64
	Round     string
	Name      string
	Chosen    bool
	CreatedAt time.Time
	workflow.Allocation
}

type allocationRow struct {
	ID        int64     `db:"id"`
	Round     string    `db:"round"`
	Name      string    `db:"name"`
	Result    []byte    `db:"result"`
	Chosen    bool      `db:"chosen"`
	CreatedAt time.Time `db:"created_at"`
}

func (r allocationRow) decode() (AllocationRow, error) {
	out := AllocationRow{ID: r.ID, Round: r.Round, Name: r.Name, Chosen: r.Chosen, CreatedAt: r.CreatedAt}
	return out, json.Unmarshal(r.Result, &out.Allocation)
}

// Allocate shares out a budget over the round's ranked cases and saves the
// scenario (RF-16). No budget: what the round has available.
func (s *Store) Allocate(ctx context.Context, by workflow.Actor, round, name string, budget *int64, method string, floor int64) (AllocationRow, error) {
	if !by.Is(workflow.Officer) && !by.Is(workflow.Head) {
		return AllocationRow{}, workflow.Forbidden{Code: "role"}
	}
	if method == "" {
		method = workflow.MethodRanking
	}
	var v workflow.Violations
	if !slices.Contains(workflow.Methods, method) {
		v = append(v, workflow.Violation{Field: "method", Code: "choice"})
	}
	if budget != nil && *budget < 0 {
		v = append(v, workflow.Violation{Field: "budget", Code: "negative"})
	}
	switch {
	case floor < 0:
		v = append(v, workflow.Violation{Field: "level_floor", Code: "negative"})
	case method == workflow.MethodLevelFloor && floor == 0:
		v = append(v, workflow.Violation{Field: "level_floor", Code: "required"})
	case method != workflow.MethodLevelFloor:
		floor = 0 // it says nothing there
	}
	if len(v) > 0 {
		return AllocationRow{}, v
	}
	var id int64
	err := s.InTx(ctx, func(tx *Tx) error {
		r, err := tx.Round(ctx, round)
		if err != nil {
			return err
		}
		at, err := tx.Now()
		if err != nil {
			return err
		}
		list, available, err := tx.candidates(ctx, by, round, at)
		if err != nil {
			return err
		}
		sum := available
		if budget != nil {
			sum = *budget
		}
		body, err := encode(workflow.Allocate(list, workflow.Sharing{Budget: sum, Method: method, LevelFloor: floor}, r.Rules, workflow.DateOf(at)))
		if err != nil {
			return err
		}
		id, err = one[int64](ctx, tx, s.q.InsertAllocation, params{"round": round, "name": name, "result": body, "by": nullID(by.ID), "at": at})
		return err
	})
	if err != nil {
		return AllocationRow{}, err
	}
	return s.Allocation(ctx, by, round, id)
}

// candidates are the round's ranked cases that the caller may see.
func (tx *Tx) candidates(ctx context.Context, by workflow.Actor, round string, at time.Time) (list []workflow.Candidate, available int64, err error) {
	ids, err := many[int64](ctx, tx, tx.s.q.RankedInRound, params{"round": round})
	if err != nil {
		return nil, 0, fmt.Errorf("ranked cases: %w", err)
	}
	cases, err := tx.s.casesByID(ctx, tx, ids, at)
	if err != nil {
		return nil, 0, err
	}
	rows, err := many[balanceRow](ctx, tx, tx.s.q.RoundBalances, params{"round": round})
	if err != nil {
		return nil, 0, fmt.Errorf("balances: %w", err)
	}
	for _, r := range rows {
		if r.Account == workflow.AccAvailable {
			available = r.Balance
		}
	}
	last, err := tx.lastGrants(ctx, ids)
	if err != nil {
		return nil, 0, err
	}
	for _, c := range cases {
		if workflow.Sees(c, by) && !workflow.Unranked(c) {
			list = append(list, workflow.CandidateOf(c, last[c.App.ID], workflow.DateOf(at)))
		}
	}
	return list, available, nil
}

// lastGrants tells for each application when its school last got a grant for
// another one; schools without one are not in it.
func (tx *Tx) lastGrants(ctx context.Context, ids []int64) (map[int64]workflow.Date, error) {
	rows, err := many[struct {
		ID int64     `db:"id"`
		At time.Time `db:"at"`
	}](ctx, tx, tx.s.q.LastGrants, params{"ids": pq.Array(ids)})
	if err != nil {
		return nil, fmt.Errorf("last grants: %w", err)
	}
	days := make(map[int64]workflow.Date, len(rows))
	for _, r := range rows {
		days[r.ID] = workflow.DateOf(r.At)
	}
	return days, nil
}

// Allocation reads a saved scenario, with the cases that the reader may see.
func (s *Store) Allocation(ctx context.Context, by workflow.Actor, round string, id int64) (AllocationRow, error) {
	row, err := one[allocationRow](ctx, s.db, s.q.AllocationByID, params{"id": id, "round": round})
	if err != nil {
		return AllocationRow{}, found(err, "allocation", id)
	}
	out, err := s.scenarios(ctx, by, row)
	if err != nil {
		return AllocationRow{}, err
	}
	return out[0], nil
}

// Allocations lists a round's saved scenarios, each with the cases that the reader may see.
func (s *Store) Allocations(ctx context.Context, by workflow.Actor, round string) ([]AllocationRow, error) {
	rows, err := many[allocationRow](ctx, s.db, s.q.ListAllocations, params{"round": round})
	if err != nil {
		return nil, fmt.Errorf("allocations: %w", err)
	}
	return s.scenarios(ctx, by, rows...)
}

// scenarios takes out what is gone for the reader: a scenario was made by
// somebody else, before or without the reader's conflict of interest. Its sums stay.
func (s *Store) scenarios(ctx context.Context, by workflow.Actor, rows ...allocationRow) ([]AllocationRow, error) {
	out := make([]AllocationRow, 0, len(rows))
	ids := []int64{}
	for _, r := range rows {
		got, err := r.decode()
		if err != nil {
			return nil, fmt.Errorf("allocation %d: %w", r.ID, err)
		}
		out = append(out, got)
		for _, x := range got.Results {
			ids = append(ids, x.Application)
		}
	}
	query, p := within(s.q.VisibleOf, by, params{"ids": pq.Array(ids)})
	seen, err := many[int64](ctx, s.db, query, p)
	if err != nil {
		return nil, fmt.Errorf("visible cases: %w", err)
	}
	for i := range out {
		out[i].Results = slices.DeleteFunc(out[i].Results, func(x workflow.Allotment) bool { return !slices.Contains(seen, x.Application) })
	}
	return out, nil
}

// ChooseAllocation marks the scenario that the proposals follow.
func (s *Store) ChooseAllocation(ctx context.Context, by workflow.Actor, round string, id int64) error {
	if !by.Is(workflow.Officer) && !by.Is(workflow.Head) {
		return workflow.Forbidden{Code: "role"}
	}
	if _, err := s.Allocation(ctx, by, round, id); err != nil {
		return err
	}
	_, err := exec(ctx, s.db, s.q.ChooseAllocation, params{"round": round, "id": id})
	return err
}
