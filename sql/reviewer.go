package sql

import (
	"context"
	"fmt"
	"strings"

	"fund/workflow"
)

type choiceRow struct {
	personRow
	Conflict string `db:"conflict"`
	Open     int    `db:"open"`
}

// choices asks the query who may have to do with a case, and why not: all who hold the role, or those at the addresses.
func (s *Store) choices(ctx context.Context, q querier, app int64, role workflow.Role, emails []string) ([]choiceRow, error) {
	low := make([]string, len(emails))
	for i, e := range emails {
		low[i] = strings.ToLower(strings.TrimSpace(e))
	}
	rows, err := many[choiceRow](ctx, q, s.q.ReviewerChoices, params{"id": app, "role": string(role), "emails": strings.Join(low, ",")})
	if err != nil {
		return nil, fmt.Errorf("who may assess %d: %w", app, err)
	}
	return rows, nil
}

// ReviewerChoices lists everyone who assesses, with their load and, where they may not, the reason.
func (s *Store) ReviewerChoices(ctx context.Context, by workflow.Actor, app int64) ([]workflow.ReviewerChoice, error) {
	c, err := s.Case(ctx, by, app)
	if err != nil {
		return nil, err
	}
	rows, err := s.choices(ctx, s.db, app, workflow.Reviewer, nil)
	if err != nil {
		return nil, err
	}
	var list []workflow.ReviewerChoice
	for _, r := range rows {
		x := workflow.ReviewerChoice{Person: workflow.Person{ID: r.ID, Email: r.Email, Name: r.Name}, Open: r.Open, Conflict: r.Conflict}
		if own := c.App.ReviewOf(r.ID); own != nil {
			x.Assigned, x.Done = true, own.Done()
		}
		list = append(list, x)
	}
	return list, nil
}

// conflicts gives the computed conflicts of the people that a command names, by their own address.
func (tx *Tx) conflicts(ctx context.Context, app int64, emails []string) (map[string]string, error) {
	return tx.s.conflictsOf(ctx, tx, app, emails)
}

// Conflicts gives the same to a page, for the people whom it would offer.
func (s *Store) Conflicts(ctx context.Context, app int64, emails ...string) (map[string]string, error) {
	return s.conflictsOf(ctx, s.db, app, emails)
}

func (s *Store) conflictsOf(ctx context.Context, q querier, app int64, emails []string) (map[string]string, error) {
	rows, err := s.choices(ctx, q, app, "", emails)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, r := range rows {
		if r.Conflict != "" {
			out[r.Email] = r.Conflict // however the address was typed
		}
	}
	return out, nil
}

// Lost tells why a case that somebody may not see was theirs once: conflict, for who has
// declared one, or relieved, for who was to assess it; "" for everybody else.
func (s *Store) Lost(ctx context.Context, by workflow.Actor, app int64) (string, error) {
	why, err := one[string](ctx, s.db, s.q.LostCase, params{"id": app, "me": by.ID, "email": strings.ToLower(by.Email)})
	if err != nil {
		return "", fmt.Errorf("who lost %d: %w", app, err)
	}
	return why, nil
}

// Severities compares the reviewers of a round over all its cases; only sums leave here.
func (s *Store) Severities(ctx context.Context, round string) (map[int64]workflow.Severity, error) {
	ids, err := many[int64](ctx, s.db, s.q.AssessedInRound, params{"round": round})
	if err != nil {
		return nil, fmt.Errorf("assessed cases: %w", err)
	}
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	cases, err := s.casesByID(ctx, s.db, ids, now)
	if err != nil {
		return nil, err
	}
	return workflow.Severities(cases), nil
}

// Tie is a school or organisation that a person has, or had, to do with.
type Tie struct {
	ID     int64  `db:"id"`
	Kind   string `db:"kind"` // employer, family, other
	Note   string `db:"note"`
	OrgNo  string `db:"org_no"`
	School string `db:"school"`
}

// Ties lists a person's own.
func (s *Store) Ties(ctx context.Context, by workflow.Actor) ([]Tie, error) {
	rows, err := many[Tie](ctx, s.db, s.q.ListTies, params{"person": by.ID})
	if err != nil {
		return nil, fmt.Errorf("ties: %w", err)
	}
	return rows, nil
}

// AddTie declares one of one's own; school or orgNo names it. A number that can't be
// an organisation's would bar nobody from anything, and is refused.
func (s *Store) AddTie(ctx context.Context, by workflow.Actor, kind string, school int64, orgNo, note string) error {
	if _, wrong := workflow.CheckOrgNo(orgNo); orgNo != "" && wrong != nil {
		return workflow.Violations{{Field: "org_no", Code: wrong.Code}}
	}
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	if _, err := one[int64](ctx, s.db, s.q.InsertTie, params{"person": by.ID, "school": nullID(school), "org_no": workflow.PlainOrgNo(orgNo), "kind": kind, "note": note, "at": now}); err != nil {
		return fmt.Errorf("tie: %w", err)
	}
	return nil
}

// DropTie takes back one of one's own.
func (s *Store) DropTie(ctx context.Context, by workflow.Actor, id int64) error {
	n, err := exec(ctx, s.db, s.q.DropTie, params{"id": id, "person": by.ID})
	if err == nil && n == 0 {
		err = workflow.ErrNotFound
	}
	return err
}
