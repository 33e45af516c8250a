package sql

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"fund/workflow"
)

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

// RuleVersion is a version of a scheme's rules with when, by whom and why.
type RuleVersion struct {
	Version int64     `db:"version"`
	Rules   []byte    `db:"rules"`
	Note    string    `db:"note"`
	ByName  string    `db:"by_name"`
	At      time.Time `db:"created_at"`
}

// RuleVersions lists every version of a scheme's rules, newest first.
func (s *Store) RuleVersions(ctx context.Context, scheme string) ([]RuleVersion, error) {
	rows, err := many[RuleVersion](ctx, s.db, s.q.ListRules, params{"scheme": scheme})
	if err != nil {
		return nil, fmt.Errorf("rules of %s: %w", scheme, err)
	}
	if len(rows) == 0 {
		return nil, workflow.ErrNotFound
	}
	return rows, nil
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
