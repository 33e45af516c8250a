package sql

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

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
		if sc.Level == "" {
			v = append(v, workflow.Violation{Field: fmt.Sprintf("items[%d].level", i), Code: "required"})
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
			slug := sc.Slug
			if slug == "" {
				slug = Slug(sc.Name)
			}
			if _, err := one[int64](ctx, tx, s.q.UpsertSchool, params{"name": sc.Name, "slug": slug, "unit_code": nullText(sc.UnitCode), "level": sc.Level,
				"operator": sc.Operator, "operator_name": sc.OperatorName, "operator_org": sc.OperatorOrg, "town": sc.Town, "cost_centre": sc.CostCentre,
				"active_from": nullText(sc.ActiveFrom.String()), "active_to": nullText(sc.ActiveTo.String())}); err != nil {
				return fmt.Errorf("school %s: %w", sc.Name, err)
			}
		}
		return nil
	})
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

// Schemes lists the support schemes.
func (s *Store) Schemes(ctx context.Context) ([]workflow.Scheme, error) {
	rows, err := many[[]byte](ctx, s.db, s.q.ListSchemes, params{})
	if err != nil {
		return nil, fmt.Errorf("schemes: %w", err)
	}
	out := make([]workflow.Scheme, len(rows))
	for i, raw := range rows {
		if err := json.Unmarshal(raw, &out[i]); err != nil {
			return nil, fmt.Errorf("scheme: %w", err)
		}
	}
	return out, nil
}

func (s *Store) scheme(ctx context.Context, q querier, code string) (out workflow.Scheme, err error) {
	raw, err := one[[]byte](ctx, q, s.q.Scheme, params{"code": code})
	if err != nil {
		return out, found(err, "scheme", code)
	}
	return out, json.Unmarshal(raw, &out)
}

// RuleSet is one version of a scheme's rules.
type RuleSet struct {
	Version int64  `db:"version"`
	Rules   []byte `db:"rules"`
}

// NewestRules gives the rules in force for new rounds of a scheme.
func (s *Store) NewestRules(ctx context.Context, scheme string) (RuleSet, error) {
	row, err := one[RuleSet](ctx, s.db, s.q.NewestRules, params{"scheme": scheme})
	return row, found(err, "rules of", scheme)
}

// AddRules adds the next version of a scheme's rules; rounds that have theirs keep them.
func (s *Store) AddRules(ctx context.Context, by workflow.Actor, scheme string, rules []byte, note string) (version int64, err error) {
	if !by.Machine && !by.Is(workflow.Admin) {
		return 0, workflow.Forbidden{Code: "role"}
	}
	if _, err := workflow.DecodeRules(rules); err != nil {
		return 0, err
	}
	err = s.InTx(ctx, func(tx *Tx) error {
		at, err := tx.Now()
		if err != nil {
			return err
		}
		old, err := one[RuleSet](ctx, tx, s.q.NewestRules, params{"scheme": scheme})
		if err != nil && !none(err) {
			return fmt.Errorf("rules: %w", err)
		}
		version = old.Version + 1
		_, err = exec(ctx, tx, s.q.InsertRules, params{"scheme": scheme, "version": version, "rules": rules, "note": note, "by": nullID(by.ID), "at": at})
		return err
	})
	return version, err
}

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
	if strings.TrimSpace(in.ID) == "" || strings.ContainsAny(in.ID, "/?# ") {
		v = append(v, workflow.Violation{Field: "id", Code: "required"})
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

// resolve lays the round's parameters over the scheme's newest rules.
func (tx *Tx) resolve(ctx context.Context, scheme string, own map[string]json.RawMessage) (RuleSet, []byte, error) {
	base, err := one[RuleSet](ctx, tx, tx.s.q.NewestRules, params{"scheme": scheme})
	if none(err) {
		return base, nil, workflow.Violations{{Field: "scheme", Code: "choice"}}
	}
	if err != nil {
		return base, nil, fmt.Errorf("rules: %w", err)
	}
	rules, err := workflow.Override(base.Rules, own)
	return base, rules, err
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

// budget moves the difference into, or out of, what the round has available.
func (tx *Tx) budget(ctx context.Context, round string, change int64) error {
	if change == 0 {
		return nil
	}
	at, err := tx.Now()
	if err != nil {
		return err
	}
	p := params{"round": round, "at": at, "from_acc": workflow.AccBudget, "to_acc": workflow.AccAvailable, "amount": change}
	if change < 0 {
		p["from_acc"], p["to_acc"], p["amount"] = workflow.AccAvailable, workflow.AccBudget, -change
	}
	if _, err := exec(ctx, tx, tx.s.q.InsertBudgetEntry, p); err != nil {
		return fmt.Errorf("budget of %s: %w", round, err)
	}
	return nil
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

// ChangeRound locks a round at the version the caller saw, lets change rewrite
// it, and stores it. Rules stand still once an application has arrived (KL 2:4).
func (s *Store) ChangeRound(ctx context.Context, by workflow.Actor, id string, seen int64, action string, change func(tx *Tx, in *RoundInput, at time.Time) (map[string]any, error)) (workflow.Round, error) {
	err := s.InTx(ctx, func(tx *Tx) error {
		row, err := one[roundRow](ctx, tx, s.q.RoundForUpdate, params{"id": id})
		if err != nil {
			return found(err, "round", id)
		}
		if err := mayRound(by); err != nil {
			return err
		}
		switch {
		case seen == workflow.NoVersion:
			return workflow.ErrNoVersion
		case seen != workflow.AnyVersion && seen != row.Version:
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
		before, _ := encode(in.Parameters)
		at, err := tx.Now()
		if err != nil {
			return err
		}
		data, err := change(tx, &in, at)
		if err != nil {
			return err
		}
		if err := in.check(); err != nil {
			return err
		}
		rules, set := row.Rules, row.RuleSet
		if after, _ := encode(in.Parameters); string(after) != string(before) {
			if row.FrozenAt != nil {
				return workflow.Refused{Code: "rules_frozen"}
			}
			base, resolved, err := tx.resolve(ctx, in.Scheme, in.Parameters)
			if err != nil {
				return err
			}
			rules, set = resolved, base.Version
		}
		if err := tx.budget(ctx, id, in.Budget-r.Budget); err != nil {
			return err
		}
		p, err := tx.roundParams(in.Round, in.Parameters, set, rules)
		if err != nil {
			return err
		}
		n, err := exec(ctx, tx, s.q.UpdateRound, p)
		if err != nil {
			return fmt.Errorf("round %s: %w", id, err)
		}
		if n != 1 {
			return workflow.ErrStale
		}
		return tx.roundEvent(ctx, id, by, action, data)
	})
	if err != nil {
		return workflow.Round{}, err
	}
	return s.Round(ctx, id)
}

// roundBody is the body of a round's action.
type roundBody struct {
	Closes string          `json:"closes"`
	Reason string          `json:"reason"`
	For    json.RawMessage `json:"for"`
}

// RoundAction publishes, extends, closes or cancels a round.
func (s *Store) RoundAction(ctx context.Context, by workflow.Actor, id string, seen int64, action string, raw json.RawMessage) (workflow.Round, error) {
	var body roundBody
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &body); err != nil {
			return workflow.Round{}, workflow.Violations{{Code: "json"}}
		}
	}
	return s.ChangeRound(ctx, by, id, seen, action, func(tx *Tx, in *RoundInput, at time.Time) (map[string]any, error) {
		wrong := workflow.WrongState{State: workflow.State(in.State), Action: workflow.Action(action)}
		switch action {
		case "publish":
			if in.State != workflow.RoundDraft {
				return nil, wrong
			}
			in.State = workflow.RoundPublished
			return nil, tx.roundJobs(ctx, in.Round, at)
		case "close":
			if in.State != workflow.RoundPublished || !in.ClosedAt.IsZero() {
				return nil, wrong
			}
			in.ClosedAt = at
			return map[string]any{"reason": body.Reason}, tx.AddJob(ctx, Job{Round: in.ID, Kind: workflow.JobRoundClosed})
		case "cancel":
			if in.State == workflow.RoundCancelled {
				return nil, wrong
			}
			in.State = workflow.RoundCancelled
			return map[string]any{"reason": body.Reason}, nil
		case "extend":
			if in.State != workflow.RoundPublished {
				return nil, wrong
			}
			return map[string]any{"closes": body.Closes, "reason": body.Reason, "for": body.For}, tx.extend(ctx, in, body, at)
		}
		return nil, workflow.ErrNotFound
	})
}

// extend moves the deadline for all (RF-05: an outage), or for single applications.
func (tx *Tx) extend(ctx context.Context, in *RoundInput, body roundBody, at time.Time) error {
	var v workflow.Violations
	closes, err := workflow.ParseInstant(body.Closes)
	if err != nil {
		v = append(v, workflow.Violation{Field: "closes", Code: "date"})
	} else if !in.ClosesAt.IsZero() && !closes.After(in.ClosesAt) {
		v = append(v, workflow.Violation{Field: "closes", Code: "not_later"})
	}
	if strings.TrimSpace(body.Reason) == "" {
		v = append(v, workflow.Violation{Field: "reason", Code: "required"})
	}
	var ids []json.Number
	all := len(body.For) == 0 || string(body.For) == `"all"`
	if !all && json.Unmarshal(body.For, &ids) != nil {
		var words []string
		if json.Unmarshal(body.For, &words) != nil {
			v = append(v, workflow.Violation{Field: "for", Code: "choice"})
		}
		for _, w := range words {
			ids = append(ids, json.Number(w))
		}
	}
	if len(v) > 0 {
		return v
	}
	if all {
		in.ClosesAt, in.ExtendReason = closes, body.Reason
		if !in.ClosedAt.IsZero() && in.ClosedAt.Before(closes) {
			in.ClosedAt = time.Time{}
		}
		return tx.roundJobs(ctx, in.Round, at)
	}
	if in.Extensions == nil {
		in.Extensions = map[int64]time.Time{}
	}
	for _, n := range ids {
		id, err := n.Int64()
		if err != nil {
			return workflow.Violations{{Field: "for", Code: "choice"}}
		}
		in.Extensions[id] = closes
	}
	return nil
}

// roundJobs remind the owners of drafts and tell the office when the round has closed.
func (tx *Tx) roundJobs(ctx context.Context, r workflow.Round, at time.Time) error {
	if r.ClosesAt.IsZero() {
		return nil
	}
	for _, days := range r.Rules.DraftReminderBefore {
		if day := workflow.DateOf(r.ClosesAt).AddDays(-days).At(7, 0); day.After(at) {
			if err := tx.AddJob(ctx, Job{Round: r.ID, Kind: workflow.JobDraftReminder, RunAt: day, Data: map[string]any{"days": days, "closes": r.ClosesAt.Format(time.RFC3339)}}); err != nil {
				return err
			}
		}
	}
	return tx.AddJob(ctx, Job{Round: r.ID, Kind: workflow.JobRoundClosed, RunAt: r.ClosesAt.Add(time.Second), Data: map[string]any{"closes": r.ClosesAt.Format(time.RFC3339)}})
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

// RoundMoney is where a round's money is, in whole kronor.
type RoundMoney struct {
	Budget, Available, Reserved, Paid, WrittenOff, Granted int64
}

// RoundMoney reads the round's balances.
func (s *Store) RoundMoney(ctx context.Context, id string) (RoundMoney, error) {
	rows, err := many[struct {
		Account string `db:"account"`
		Balance int64  `db:"balance"`
	}](ctx, s.db, s.q.RoundBalances, params{"round": id})
	var m RoundMoney
	for _, r := range rows {
		switch r.Account {
		case workflow.AccBudget:
			m.Budget = -r.Balance
		case workflow.AccAvailable:
			m.Available = r.Balance
		case workflow.AccReserved:
			m.Reserved = r.Balance
		case workflow.AccPaid:
			m.Paid = r.Balance
		case workflow.AccWrittenOff:
			m.WrittenOff = r.Balance
		}
	}
	m.Granted = m.Reserved + m.Paid + m.WrittenOff
	return m, err
}

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
func (s *Store) Allocate(ctx context.Context, by workflow.Actor, round, name string, budget *int64, method string) (AllocationRow, error) {
	if !by.Is(workflow.Officer) && !by.Is(workflow.Head) {
		return AllocationRow{}, workflow.Forbidden{Code: "role"}
	}
	if method == "" {
		method = workflow.MethodRanking
	}
	var v workflow.Violations
	if method != workflow.MethodRanking && method != workflow.MethodProportional {
		v = append(v, workflow.Violation{Field: "method", Code: "choice"})
	}
	if budget != nil && *budget < 0 {
		v = append(v, workflow.Violation{Field: "budget", Code: "negative"})
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
		body, err := encode(workflow.Allocate(list, sum, method, r.Rules, workflow.DateOf(at)))
		if err != nil {
			return err
		}
		id, err = one[int64](ctx, tx, s.q.InsertAllocation, params{"round": round, "name": name, "result": body, "by": nullID(by.ID), "at": at})
		return err
	})
	if err != nil {
		return AllocationRow{}, err
	}
	return s.Allocation(ctx, round, id)
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
	rows, err := many[struct {
		Account string `db:"account"`
		Balance int64  `db:"balance"`
	}](ctx, tx, tx.s.q.RoundBalances, params{"round": round})
	if err != nil {
		return nil, 0, fmt.Errorf("balances: %w", err)
	}
	for _, r := range rows {
		if r.Account == workflow.AccAvailable {
			available = r.Balance
		}
	}
	for _, c := range cases {
		if !workflow.Sees(c, by) {
			continue
		}
		last, err := one[*time.Time](ctx, tx, tx.s.q.LastGrant, params{"school": c.App.SchoolID, "id": c.App.ID})
		if err != nil && !none(err) {
			return nil, 0, fmt.Errorf("last grant: %w", err)
		}
		day := workflow.Date{}
		if last != nil {
			day = workflow.DateOf(*last)
		}
		list = append(list, workflow.CandidateOf(c, day, workflow.DateOf(at)))
	}
	return list, available, nil
}

// Allocation reads a saved scenario.
func (s *Store) Allocation(ctx context.Context, round string, id int64) (AllocationRow, error) {
	row, err := one[allocationRow](ctx, s.db, s.q.AllocationByID, params{"id": id, "round": round})
	if err != nil {
		return AllocationRow{}, found(err, "allocation", id)
	}
	return row.decode()
}

// Allocations lists a round's saved scenarios.
func (s *Store) Allocations(ctx context.Context, round string) ([]AllocationRow, error) {
	rows, err := many[allocationRow](ctx, s.db, s.q.ListAllocations, params{"round": round})
	if err != nil {
		return nil, fmt.Errorf("allocations: %w", err)
	}
	out := make([]AllocationRow, 0, len(rows))
	for _, r := range rows {
		got, err := r.decode()
		if err != nil {
			return nil, err
		}
		out = append(out, got)
	}
	return out, nil
}

// ChooseAllocation marks the scenario that the proposals follow.
func (s *Store) ChooseAllocation(ctx context.Context, by workflow.Actor, round string, id int64) error {
	if !by.Is(workflow.Officer) && !by.Is(workflow.Head) {
		return workflow.Forbidden{Code: "role"}
	}
	if _, err := s.Allocation(ctx, round, id); err != nil {
		return err
	}
	_, err := exec(ctx, s.db, s.q.ChooseAllocation, params{"round": round, "id": id})
	return err
}

// Setting reads a setting of the office into v; false if there is none.
func (s *Store) Setting(ctx context.Context, name string, v any) (bool, error) {
	raw, err := one[[]byte](ctx, s.db, s.q.Setting, params{"name": name})
	if none(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("setting %s: %w", name, err)
	}
	return true, json.Unmarshal(raw, v)
}

// SetSetting changes a setting of the office.
func (s *Store) SetSetting(ctx context.Context, by workflow.Actor, name string, v any) error {
	if !by.Machine && !by.Is(workflow.Admin) {
		return workflow.Forbidden{Code: "role"}
	}
	raw, err := encode(v)
	if err != nil {
		return err
	}
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	_, err = exec(ctx, s.db, s.q.SetSetting, params{"name": name, "value": raw, "by": nullID(by.ID), "at": now})
	return errors.Join(err)
}
