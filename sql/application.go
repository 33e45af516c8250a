package sql

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/lib/pq"

	"fund/workflow"
	"fund/workflow/money"
)

// caseRow is everything that Decide may look at, as one row.
type caseRow struct {
	ID           int64          `db:"id"`
	Version      int64          `db:"version"`
	State        string         `db:"state"`
	Record       []byte         `db:"record"`
	DNR          sql.NullString `db:"dnr"`
	UpdatedAt    time.Time      `db:"updated_at"`
	RoundData    []byte         `db:"round_data"`
	RoundRules   []byte         `db:"round_rules"`
	RoundState   sql.NullString `db:"round_state"`
	RoundVersion sql.NullInt64  `db:"round_version"`
	RoundFrozen  sql.NullTime   `db:"round_frozen"`
	RoundRuleSet sql.NullInt64  `db:"round_rule_set"`
	RoundBudget  sql.NullInt64  `db:"round_budget"`
	SchemeData   []byte         `db:"scheme_data"`
	SchemeRules  []byte         `db:"scheme_rules"`
	School       []byte         `db:"school"`
	Payments     []byte         `db:"payments"`
	Blocked      bool           `db:"blocked"`
	HeadConflict bool           `db:"head_conflict"`
	Writers      pq.StringArray `db:"writers"`
	Available    int64          `db:"available"`
	SchoolGrants int            `db:"school_grants"`
	PaidBefore   bool           `db:"paid_before"`
	SpotSeed     string         `db:"spot_seed"`
	StateSince   time.Time      `db:"state_since"`
	Told         bool           `db:"told"`
	Shown        bool           `db:"shown"`
}

// schoolJSON is a row of schools as to_jsonb gives it.
type schoolJSON struct {
	ID           int64         `json:"id"`
	Name         string        `json:"name"`
	Slug         string        `json:"slug"`
	UnitCode     *string       `json:"unit_code"`
	Level        string        `json:"level"`
	Operator     string        `json:"operator"`
	OperatorName string        `json:"operator_name"`
	OperatorOrg  string        `json:"operator_org"`
	Town         string        `json:"town"`
	CostCentre   string        `json:"cost_centre"`
	ActiveFrom   workflow.Date `json:"active_from"`
	ActiveTo     workflow.Date `json:"active_to"`
}

func (j schoolJSON) school() *workflow.School {
	s := &workflow.School{ID: j.ID, Name: j.Name, Slug: j.Slug, Level: j.Level, Operator: j.Operator, OperatorName: j.OperatorName,
		OperatorOrg: j.OperatorOrg, Town: j.Town, CostCentre: j.CostCentre, ActiveFrom: j.ActiveFrom, ActiveTo: j.ActiveTo}
	if j.UnitCode != nil {
		s.UnitCode = *j.UnitCode
	}
	return s
}

// paymentJSON is a row of payments as to_jsonb gives it.
type paymentJSON struct {
	ID        int64         `json:"id"`
	N         int           `json:"n"`
	Share     money.Share   `json:"share"`
	Amount    int64         `json:"amount"`
	Pay       *int64        `json:"pay"`
	Earliest  workflow.Date `json:"earliest"`
	Last      bool          `json:"last"`
	Status    string        `json:"status"`
	Channel   string        `json:"channel"`
	PaidOn    workflow.Date `json:"paid_on"`
	Voucher   string        `json:"voucher"`
	Batch     *int64        `json:"batch"`
	Reference *string       `json:"reference"`
	Reason    string        `json:"reason"`

	Disputed    bool `json:"disputed"`
	ReturnWaits bool `json:"return_waits"`
}

func (j paymentJSON) payment() workflow.Payment {
	p := workflow.Payment{ID: j.ID, N: j.N, Share: j.Share, Amount: j.Amount, Pay: j.Pay, Earliest: j.Earliest, Last: j.Last,
		Status: j.Status, Channel: j.Channel, PaidOn: j.PaidOn, Voucher: j.Voucher, Reason: j.Reason,
		Disputed: j.Disputed, ReturnWaits: j.ReturnWaits}
	if j.Batch != nil {
		p.Batch = *j.Batch
	}
	if j.Reference != nil {
		p.Reference = *j.Reference
	}
	return p
}

func (r caseRow) decode() (workflow.Case, error) {
	var c workflow.Case
	if err := json.Unmarshal(r.Record, &c.App); err != nil {
		return c, fmt.Errorf("application %d: %w", r.ID, err)
	}
	c.App.ID, c.App.Version, c.App.State, c.App.DNR = r.ID, r.Version, workflow.State(r.State), r.DNR.String
	c.App.Payments = nil
	if len(r.Payments) > 0 {
		var rows []paymentJSON
		if err := json.Unmarshal(r.Payments, &rows); err != nil {
			return c, fmt.Errorf("payments of %d: %w", r.ID, err)
		}
		for _, p := range rows {
			c.App.Payments = append(c.App.Payments, p.payment())
		}
	}
	if err := json.Unmarshal(r.SchemeData, &c.Scheme); err != nil {
		return c, fmt.Errorf("scheme: %w", err)
	}
	rules := r.SchemeRules
	if r.RoundState.Valid {
		if err := json.Unmarshal(r.RoundData, &c.Round); err != nil {
			return c, fmt.Errorf("round: %w", err)
		}
		c.Round.State, c.Round.Version, c.Round.RuleSet, c.Round.Budget = r.RoundState.String, r.RoundVersion.Int64, r.RoundRuleSet.Int64, r.RoundBudget.Int64
		c.Round.FrozenAt = r.RoundFrozen.Time
		rules = r.RoundRules
	}
	if err := json.Unmarshal(rules, &c.Round.Rules); err != nil {
		return c, fmt.Errorf("rules: %w", err)
	}
	if len(r.School) > 0 && string(r.School) != "null" {
		var j schoolJSON
		if err := json.Unmarshal(r.School, &j); err != nil {
			return c, fmt.Errorf("school: %w", err)
		}
		c.School = j.school()
	}
	c.Facts = workflow.Facts{
		Blocked:      r.Blocked,
		HeadConflict: r.HeadConflict,
		Writers:      r.Writers,
		Available:    r.Available,
		SchoolGrants: r.SchoolGrants,
		PaidBefore:   r.PaidBefore,
		SpotSeed:     r.SpotSeed,
		StateSince:   r.StateSince,
		Told:         r.Told,
		Shown:        r.Shown,
	}
	return c, nil
}

// readCase reads a case as it is; who may see it is asked elsewhere.
func (s *Store) readCase(ctx context.Context, q querier, id int64, now time.Time) (workflow.Case, error) {
	row, err := one[caseRow](ctx, q, s.q.CaseRow, params{"id": id, "today": workflow.DateOf(now).String()})
	if err != nil {
		return workflow.Case{}, found(err, "application", id)
	}
	return row.decode()
}

// Case reads a case for somebody; ErrNotFound if they may not know of it.
func (s *Store) Case(ctx context.Context, by workflow.Actor, id int64) (workflow.Case, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return workflow.Case{}, err
	}
	for {
		c, err := s.readCase(ctx, s.db, id, now)
		if err != nil {
			return c, err
		}
		if !workflow.Sees(c, by) {
			return workflow.Case{}, workflow.ErrNotFound
		}
		if workflow.Outside(c, by) && c.App.FreshDecision() && !c.App.Untold() {
			ok, err := s.showOutside(ctx, by, c.App)
			if err != nil {
				return workflow.Case{}, err
			}
			if !ok {
				continue // taken back, or told, while it was read
			}
		}
		return workflow.BlindFor(c, by), nil
	}
}

// Case reads a case inside the transaction, whoever asks: for jobs.
func (tx *Tx) Case(ctx context.Context, id int64) (workflow.Case, error) {
	now, err := tx.Now()
	if err != nil {
		return workflow.Case{}, err
	}
	return tx.s.readCase(ctx, tx, id, now)
}

// CaseAlone reads a case that nobody else changes or reads so until the transaction ends.
func (tx *Tx) CaseAlone(ctx context.Context, id int64) (workflow.Case, error) {
	cases, err := tx.lockCases(ctx, []int64{id})
	if err != nil {
		return workflow.Case{}, err
	}
	return cases[0], nil
}

// CaseFilter narrows a list of cases. Empty fields do not. State may name several, with commas.
type CaseFilter struct {
	Round, Scheme, State, Q string
	School                  int64
	Limit                   int
	After                   int64 // id of the last one seen: keyset
	Money                   bool  // only those whose money may wait for somebody: planned, unverified, claimed, paid twice
	Claims                  bool  // only those of which money was ever to come back: claimed or proposed to be, paid twice
}

// FullCases lists the cases that somebody may see, in order of id, with everything in them.
// next is the id to go on after; 0 at the end.
func (s *Store) FullCases(ctx context.Context, by workflow.Actor, f CaseFilter) (cases []workflow.Case, next int64, err error) {
	if f.Limit <= 0 || f.Limit > 500 {
		f.Limit = 50
	}
	query, p := within(s.q.ListCases, by, params{"after": f.After, "round": f.Round, "scheme": f.Scheme, "state": f.State, "school": f.School,
		"q": strings.ToLower(strings.TrimSpace(f.Q)), "money": f.Money, "claims": f.Claims, "limit": f.Limit + 1})
	ids, err := many[int64](ctx, s.db, query, p)
	if err != nil {
		return nil, 0, fmt.Errorf("cases: %w", err)
	}
	if len(ids) > f.Limit {
		ids = ids[:f.Limit]
		next = ids[len(ids)-1]
	}
	now, err := s.Now(ctx)
	if err != nil {
		return nil, 0, err
	}
	if cases, err = s.casesByID(ctx, s.db, ids, now); err != nil {
		return nil, 0, err
	}
	for i, c := range cases {
		if workflow.Outside(c, by) && c.App.FreshDecision() && !c.App.Untold() {
			if cases[i], err = s.Case(ctx, by, c.App.ID); err != nil {
				return nil, 0, err
			}
		}
	}
	return blinded(cases, by), next, nil
}

// casesAtOnce is how many cases AllCases holds at a time.
const casesAtOnce = 200

// AllCases goes through every case that somebody may see and the filter names,
// in order of id, with everything in them. It ends with the first error.
func (s *Store) AllCases(ctx context.Context, by workflow.Actor, f CaseFilter) iter.Seq2[workflow.Case, error] {
	return func(yield func(workflow.Case, error) bool) {
		f := f // each walk begins anew
		f.Limit = casesAtOnce
		for more := true; more; more = f.After != 0 {
			cases, next, err := s.FullCases(ctx, by, f)
			if err != nil {
				yield(workflow.Case{}, err)
				return
			}
			for _, c := range cases {
				if !yield(c, nil) {
					return
				}
			}
			f.After = next
		}
	}
}

// casesByID reads many cases in one round trip, in the order of the ids.
func (s *Store) casesByID(ctx context.Context, q querier, ids []int64, now time.Time) ([]workflow.Case, error) {
	cases := make([]workflow.Case, 0, len(ids))
	if len(ids) == 0 {
		return cases, nil
	}
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = fmt.Sprint(id)
	}
	query := strings.Replace(s.q.CaseRow, "WHERE a.id = :id;", "WHERE a.id = ANY (CAST(string_to_array(:id, ',') AS bigint[])) ORDER BY a.id;", 1)
	rows, err := many[caseRow](ctx, q, query, params{"id": strings.Join(list, ","), "today": workflow.DateOf(now).String()})
	if err != nil {
		return nil, fmt.Errorf("cases: %w", err)
	}
	for _, r := range rows {
		c, err := r.decode()
		if err != nil {
			return nil, err
		}
		cases = append(cases, c)
	}
	return cases, nil
}

// blinded gives each case as the reader may read it.
func blinded(cases []workflow.Case, by workflow.Actor) []workflow.Case {
	for i := range cases {
		cases[i] = workflow.BlindFor(cases[i], by)
	}
	return cases
}
