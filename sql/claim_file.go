package sql

import (
	"context"
	"fmt"
	"slices"

	"github.com/lib/pq"

	"fund/workflow"
)

// kindClaimFile is the kind of document that finance gets the money of a claim back with.
const kindClaimFile = "claim_file"

// ClaimFiles lists the files of every claim that was decided in these cases, as far as the caller may see them, oldest first.
func (s *Store) ClaimFiles(ctx context.Context, by workflow.Actor, apps ...int64) ([]DocumentRow, error) {
	seen, err := s.CasesNamed(ctx, by, apps)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(seen))
	for i, c := range seen {
		ids[i] = c.App.ID
	}
	return s.claimFiles(ctx, s.db, ids)
}

func (s *Store) claimFiles(ctx context.Context, q querier, apps []int64) ([]DocumentRow, error) {
	rows, err := many[DocumentRow](ctx, q, s.q.DocumentsOfKind, params{"applications": pq.Array(apps), "kind": kindClaimFile})
	if err != nil {
		return nil, fmt.Errorf("files of the claims of %v: %w", apps, err)
	}
	return rows, nil
}

// OfClaim are those claim files that belong to the claim that a case has now.
func OfClaim(c workflow.Case, files []DocumentRow) []DocumentRow {
	return slices.DeleteFunc(slices.Clone(files), func(d DocumentRow) bool {
		return d.Application != c.App.ID || !c.App.Claimed() || d.At.Before(c.App.Recovery.DecidedAt)
	})
}

// ClaimFile reads one of them: always the bytes that were made.
func (s *Store) ClaimFile(ctx context.Context, by workflow.Actor, d DocumentRow) ([]byte, error) {
	if _, err := s.Case(ctx, by, d.Application); err != nil {
		return nil, err
	}
	return s.documentBody(ctx, d.ID)
}

// KeepClaimFiles stores what make makes of the claim that the case has, once: a claim that
// has its files keeps them, whatever the settings say later. job is the one that makes
// them; 0: somebody wants them.
func (tx *Tx) KeepClaimFiles(ctx context.Context, app, job int64, make func(workflow.Case, workflow.FinanceSettings) ([]FileBody, error)) error {
	c, err := tx.CaseAlone(ctx, app)
	if err != nil || !c.App.Claimed() {
		return err
	}
	kept, err := tx.s.claimFiles(ctx, tx, []int64{app})
	if err != nil || len(OfClaim(c, kept)) > 0 {
		return err
	}
	settings, err := tx.FinanceSettings(ctx)
	if err != nil {
		return err
	}
	files, err := make(c, settings)
	if err != nil {
		return err
	}
	for _, f := range files {
		// Not one of the case's letters: it stands with finance, and not in the case's history.
		if _, err := tx.insertDocument(ctx, DocumentRow{Application: app, Kind: kindClaimFile, Name: f.Name, Title: f.Name, Type: f.Type, Job: job}, f.Body); err != nil {
			return err
		}
	}
	return nil
}
