package sql

import (
	"context"
	"fmt"
	"time"

	"fund/workflow"
)

// SpotDraws is what a round's draw for spot checks came to. Seed is the secret, in
// hexadecimal; empty until no first report can come any more.
type SpotDraws struct {
	Round      string `db:"round"`
	Seed       string `db:"seed"`
	SeedSHA256 string
	Reports    int64 `db:"reports"` // filed since there is a draw
	Drawn      int64 `db:"drawn"`
	Risky      int64 `db:"risky"`  // not drawn, and looked into for a risk
	Waited     int64 `db:"waited"` // cases that may still file their first report
}

// SpotDraws gives them by round, in order. The secret is told once the round is over
// (it takes no application, and no first report is waited for): then nobody can
// reckon beforehand, and everybody afterwards.
func (s *Store) SpotDraws(ctx context.Context) ([]SpotDraws, error) {
	rows, err := many[SpotDraws](ctx, s.db, s.q.SpotDraws, params{})
	if err != nil {
		return nil, fmt.Errorf("spot checks: %w", err)
	}
	rounds, err := s.Rounds(ctx, true)
	if err != nil {
		return nil, err
	}
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	over := map[string]bool{}
	for _, r := range rounds {
		over[r.ID] = roundOver(r, now)
	}
	for i := range rows {
		rows[i].SeedSHA256 = workflow.SeedHash(rows[i].Seed)
		if !over[rows[i].Round] || rows[i].Waited > 0 {
			rows[i].Seed = ""
		}
	}
	return rows, nil
}

// roundOver tells whether a round takes no applications any more.
func roundOver(r workflow.Round, now time.Time) bool {
	return r.State == workflow.RoundCancelled || !r.ClosedAt.IsZero() || r.Late(0, now)
}
