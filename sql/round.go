package sql

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"time"

	"fund/workflow"
)

type roundRow struct {
	ID         string     `db:"id"`
	Version    int64      `db:"version"`
	Scheme     string     `db:"scheme"`
	State      string     `db:"state"`
	Data       []byte     `db:"data"`
	Parameters []byte     `db:"parameters"`
	Rules      []byte     `db:"rules"`
	RuleSet    int64      `db:"rule_set"`
	Budget     int64      `db:"budget"`
	FrozenAt   *time.Time `db:"frozen_at"`
}

func (r roundRow) decode() (workflow.Round, error) {
	var out workflow.Round
	if err := json.Unmarshal(r.Data, &out); err != nil {
		return out, fmt.Errorf("round %s: %w", r.ID, err)
	}
	if err := json.Unmarshal(r.Rules, &out.Rules); err != nil {
		return out, fmt.Errorf("rules of round %s: %w", r.ID, err)
	}
	out.ID, out.Version, out.Scheme, out.State, out.Budget, out.RuleSet = r.ID, r.Version, r.Scheme, r.State, r.Budget, r.RuleSet
	if r.FrozenAt != nil {
		out.FrozenAt = r.FrozenAt.In(workflow.Stockholm())
	}
	return out, nil
}

func (s *Store) round(ctx context.Context, q querier, id string) (workflow.Round, error) {
	row, err := one[roundRow](ctx, q, s.q.RoundByID, params{"id": id})
	if err != nil {
		return workflow.Round{}, found(err, "round", id)
	}
	return row.decode()
}

// Round reads a round.
func (s *Store) Round(ctx context.Context, id string) (workflow.Round, error) {
	return s.round(ctx, s.db, id)
}

// RoundParameters gives the round's own parameters, over those of its scheme.
func (s *Store) RoundParameters(ctx context.Context, id string) (map[string]json.RawMessage, error) {
	row, err := one[roundRow](ctx, s.db, s.q.RoundByID, params{"id": id})
	if err != nil {
		return nil, found(err, "round", id)
	}
	out := map[string]json.RawMessage{}
	return out, json.Unmarshal(row.Parameters, &out)
}

// Rounds lists the published rounds, or all of them, newest first.
func (s *Store) Rounds(ctx context.Context, all bool) ([]workflow.Round, error) {
	rows, err := many[roundRow](ctx, s.db, s.q.ListRounds, params{"all": all})
	if err != nil {
		return nil, fmt.Errorf("rounds: %w", err)
	}
	out := make([]workflow.Round, 0, len(rows))
	for _, r := range rows {
		got, err := r.decode()
		if err != nil {
			return nil, err
		}
		out = append(out, got)
	}
	return out, nil
}

// RoundInput is a round as it is written, with parameters of its own over those of the scheme's newest rules.
type RoundInput struct {
	workflow.Round
	Parameters map[string]json.RawMessage
}

func mayRound(by workflow.Actor) error {
	if by.Machine || by.Is(workflow.Admin) || by.Is(workflow.Head) {
		return nil
	}
	return workflow.Forbidden{Code: "role"}
}

func (in RoundInput) check() error {
	var v workflow.Violations
	if strings.TrimSpace(in.ID) == "" {
		v = append(v, workflow.Violation{Field: "id", Code: "required"})
	} else if strings.ContainsAny(in.ID, "/?# ") { // it stands in addresses
		v = append(v, workflow.Violation{Field: "id", Code: "round_code"})
	}
	if strings.TrimSpace(in.Name) == "" {
		v = append(v, workflow.Violation{Field: "name", Code: "required"})
	}
	if in.OpensAt.IsZero() {
		v = append(v, workflow.Violation{Field: "opens", Code: "required"})
	}
	if !in.ClosesAt.IsZero() && !in.ClosesAt.After(in.OpensAt) {
		v = append(v, workflow.Violation{Field: "closes", Code: "dates_order"})
	}
	if !in.TripFrom.IsZero() && in.TripTo.Before(in.TripFrom) {
		v = append(v, workflow.Violation{Field: "trip_start_to", Code: "dates_order"})
	}
	if in.Budget < 0 {
		v = append(v, workflow.Violation{Field: "budget", Code: "negative"})
	}
	if len(v) > 0 {
		return v
	}
	return nil
}

func (tx *Tx) roundParams(r workflow.Round, own map[string]json.RawMessage, set int64, rules []byte) (params, error) {
	data := r
	data.Rules = workflow.Rules{}
	body, err := encode(data)
	if err != nil {
		return nil, err
	}
	if own == nil {
		own = map[string]json.RawMessage{}
	}
	mine, err := encode(own)
	if err != nil {
		return nil, err
	}
	return params{"id": r.ID, "scheme": r.Scheme, "state": r.State, "data": body, "parameters": mine, "rules": rules, "rule_set": set,
		"budget": r.Budget, "opens_at": r.OpensAt, "version": r.Version}, nil
}

// CreateRound makes a round that is not yet published.
func (s *Store) CreateRound(ctx context.Context, by workflow.Actor, in RoundInput) (workflow.Round, error) {
	if err := mayRound(by); err != nil {
		return in.Round, err
	}
	if err := in.check(); err != nil {
		return in.Round, err
	}
	err := s.InTx(ctx, func(tx *Tx) error {
		set, rules, err := tx.resolve(ctx, in.Scheme, in.Parameters)
		if err != nil {
			return err
		}
		in.State = workflow.RoundDraft
		p, err := tx.roundParams(in.Round, in.Parameters, set.Version, rules)
		if err != nil {
			return err
		}
		if _, err := exec(ctx, tx, s.q.InsertRound, p); err != nil {
			return fmt.Errorf("round %s: %w", in.ID, err)
		}
		if err := tx.budget(ctx, in.ID, in.Budget); err != nil {
			return err
		}
		return tx.roundEvent(ctx, in.ID, by, "create", map[string]any{"budget": in.Budget})
	})
	if err != nil {
		return in.Round, err
	}
	return s.Round(ctx, in.ID)
}

func (tx *Tx) roundEvent(ctx context.Context, round string, by workflow.Actor, action string, data map[string]any) error {
	at, err := tx.Now()
	if err != nil {
		return err
	}
	if data == nil {
		data = map[string]any{}
	}
	body, err := encode(data)
	if err != nil {
		return err
	}
	_, err = exec(ctx, tx, tx.s.q.InsertRoundEvent, params{"round": round, "at": at, "actor": nullID(by.ID), "action": action, "data": body})
	return err
}

// RoundStep is something that is wanted of a round.
type RoundStep struct {
	Round  string // its id
	Seen   int64  // the version that the caller saw, or workflow.AnyVersion
	Action string // what its history calls it
}

// Rewrite changes a round, and gives what its history keeps of the change.
type Rewrite func(tx *Tx, in *RoundInput, at time.Time) (map[string]any, error)

// ChangeRound locks a round at the version the caller saw (else ErrStale), rewrites
// it, and stores it. Rules stand still once an application has arrived (KL 2:4).
func (s *Store) ChangeRound(ctx context.Context, by workflow.Actor, step RoundStep, rewrite Rewrite) (workflow.Round, error) {
	return s.changeRound(ctx, by, mayRound, step, rewrite)
}

// changeRound is ChangeRound for whom may lets through.
func (s *Store) changeRound(
	ctx context.Context,
	by workflow.Actor,
	may func(workflow.Actor) error,
	step RoundStep,
	rewrite Rewrite,
) (workflow.Round, error) {
	err := s.InTx(ctx, func(tx *Tx) error {
		row, err := one[roundRow](ctx, tx, s.q.RoundForUpdate, params{"id": step.Round})
		if err != nil {
			return found(err, "round", step.Round)
		}
		if err := may(by); err != nil {
			return err
		}
		switch {
		case step.Seen == workflow.NoVersion:
			return workflow.ErrNoVersion
		case step.Seen != workflow.AnyVersion && step.Seen != row.Version:
			return workflow.ErrStale
		}
		r, err := row.decode()
		if err != nil {
			return err
		}
		in := RoundInput{Round: r}
		if err := json.Unmarshal(row.Parameters, &in.Parameters); err != nil {
			return fmt.Errorf("parameters: %w", err)
		}
		own := maps.Clone(in.Parameters)
		at, err := tx.Now()
		if err != nil {
			return err
		}
		data, err := rewrite(tx, &in, at)
		if err != nil {
			return err
		}
		if err := in.check(); err != nil {
			return err
		}
		rules, set, err := tx.changedRules(ctx, row, own, &in)
		if err != nil {
			return err
		}
		if err := tx.budget(ctx, step.Round, in.Budget-r.Budget); err != nil {
			return err
		}
		p, err := tx.roundParams(in.Round, in.Parameters, set, rules)
		if err != nil {
			return err
		}
		n, err := exec(ctx, tx, s.q.UpdateRound, p)
		if err != nil {
			return fmt.Errorf("round %s: %w", step.Round, err)
		}
		if n != 1 {
			return workflow.ErrStale
		}
		return tx.roundEvent(ctx, step.Round, by, step.Action, data)
	})
	if err != nil {
		return workflow.Round{}, err
	}
	return s.Round(ctx, step.Round)
}

// changedRules are the rules that follow from the parameters in has now, and their rule set: the
// row's where they are as they were (own), or stand still.
func (tx *Tx) changedRules(ctx context.Context, row roundRow, own map[string]json.RawMessage, in *RoundInput) (rules []byte, set int64, err error) {
	before, _ := encode(own)
	after, _ := encode(in.Parameters)
	switch {
	case string(after) == string(before):
		return row.Rules, row.RuleSet, nil
	case row.FrozenAt != nil:
		err := sameRules(row.Rules, own, in.Parameters)
		in.Parameters = own
		return row.Rules, row.RuleSet, err
	}
	base, rules, err := tx.resolve(ctx, in.Scheme, in.Parameters)
	return rules, base.Version, err
}

// sameRules refuses parameters that would change rules that stand still. Those that
// say what holds already, as a caller sends them who gives back what it read, change nothing.
func sameRules(frozen []byte, own, parameters map[string]json.RawMessage) error {
	for name := range own {
		if _, ok := parameters[name]; !ok {
			return workflow.Refused{Code: "rules_frozen"}
		}
	}
	now, err := workflow.DecodeRules(frozen)
	if err != nil {
		return err
	}
	raw, err := workflow.Override(frozen, parameters)
	if err != nil {
		return err
	}
	wanted, err := workflow.DecodeRules(raw)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(now, wanted) {
		return workflow.Refused{Code: "rules_frozen"}
	}
	return nil
}

// Round reads a round inside the transaction.
func (tx *Tx) Round(ctx context.Context, id string) (workflow.Round, error) {
	return tx.s.round(ctx, tx, id)
}

// RoundEvent is one line of a round's history.
type RoundEvent struct {
	At     time.Time       `db:"at"`
	Action string          `db:"action"`
	Data   json.RawMessage `db:"data"`
	ByName string          `db:"by_name"`
}

// RoundEvents gives a round's history.
func (s *Store) RoundEvents(ctx context.Context, id string) ([]RoundEvent, error) {
	return many[RoundEvent](ctx, s.db, s.q.RoundEvents, params{"round": id})
}
