package sql

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/lib/pq"

	"fund/workflow"
)

// shield remembers what somebody who gets a protected identity was called, so that older
// words about them are read without it, and takes it out of what still changes: cases,
// batches, drafts and mails to come. When the protection ends the old words are whole again.
func (tx *Tx) shield(ctx context.Context, p workflow.Person) error {
	if p.ID == 0 {
		return nil
	}
	q := tx.s.q
	if !p.Protected {
		return tx.all(ctx, params{"id": p.ID}, q.ForgetFormerNames)
	}
	was, err := one[personRow](ctx, tx, q.PersonByID, params{"id": p.ID})
	if err != nil {
		return found(err, "person", p.ID)
	}
	if was.Email == strings.ToLower(strings.TrimSpace(p.Email)) && was.Name == strings.TrimSpace(p.Name) {
		return nil
	}
	before := nameOrAddress(was)
	if was.Protected {
		before = was.Email // the name was a role's already, which others have, too
	}
	for _, x := range []struct {
		text    string
		address bool
	}{{was.Email, true}, {before, before == was.Email}} {
		if x.text == strings.TrimSpace(p.Name) || x.text == strings.ToLower(strings.TrimSpace(p.Email)) {
			continue
		}
		if _, err := exec(ctx, tx, q.InsertFormerName, params{"person": p.ID, "was": x.text, "at_which": x.address}); err != nil {
			return fmt.Errorf("former name: %w", err)
		}
	}
	name, err := inJSON(before)
	if err != nil {
		return err
	}
	alias, err := inJSON(strings.TrimSpace(p.Name))
	if err != nil {
		return err
	}
	return tx.all(ctx, params{"id": p.ID, "email": was.Email, "name": name, "alias": strings.ToLower(strings.TrimSpace(p.Email)), "alias_name": alias},
		q.AnonymiseRecords, q.AnonymiseBatches, q.AnonymiseOutbox, q.AnonymiseReportDrafts, q.ForgetRequests, q.ForgetAnswers)
}

// ProtectedCases tells in which of the cases somebody with protected identity has a part, and
// since when: what was made before may name them. The zero time: it is not known since when.
func (s *Store) ProtectedCases(ctx context.Context, cases ...int64) (map[int64]time.Time, error) {
	rows, err := many[struct {
		Application int64      `db:"application"`
		Since       *time.Time `db:"since"`
	}](ctx, s.db, s.q.ProtectedCases, params{"applications": pq.Array(cases)})
	if err != nil {
		return nil, fmt.Errorf("protected in %v: %w", cases, err)
	}
	out := map[int64]time.Time{}
	for _, r := range rows {
		out[r.Application] = time.Time{}
		if r.Since != nil {
			out[r.Application] = *r.Since
		}
	}
	return out, nil
}
