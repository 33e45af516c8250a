package sql

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"fund/workflow"
)

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
