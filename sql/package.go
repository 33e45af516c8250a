package sql

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"fund/workflow"
)

// AnchorProof is a day's anchor with all its lines: who has the hash from elsewhere can prove the case's event by it.
type AnchorProof struct {
	Anchor
	Lines []AnchorLine `json:"lines"`
}

// CheckAnchor proves an anchor's hash, and that it holds the case's event as the chain has it.
func CheckAnchor(a AnchorProof, events []ChainEvent) error {
	if anchorHash(a.Prev, a.Lines) != a.Hash {
		return fmt.Errorf("anchor %s: the lines do not give its hash", a.Day)
	}
	for _, l := range a.Lines {
		for _, e := range events {
			if e.Application == l.Application && e.Version == l.Version && e.Hash != l.Hash {
				return fmt.Errorf("anchor %s: event %d is another one", a.Day, e.Version)
			}
		}
	}
	return nil
}

// LedgerLine is a booking of a case. Whole kronor.
type LedgerLine struct {
	ID     int64     `db:"id" json:"id"`
	At     time.Time `db:"at" json:"at"`
	Kind   string    `db:"kind" json:"kind"`
	From   string    `db:"from_acc" json:"from"`
	To     string    `db:"to_acc" json:"to"`
	Amount int64     `db:"amount" json:"amount"`
}

// Proof is what proves a case: its chain, its bookings, the anchors that hold it.
type Proof struct {
	Events  []ChainEvent
	Ledger  []LedgerLine
	Anchors []AnchorProof
}

// ProofOf reads the proof of a case that the caller may see.
func (s *Store) ProofOf(ctx context.Context, by workflow.Actor, app int64) (p Proof, err error) {
	if _, err := s.Case(ctx, by, app); err != nil {
		return p, err
	}
	if p.Events, err = many[ChainEvent](ctx, s.db, s.q.ChainOf, params{"application": app}); err != nil {
		return p, fmt.Errorf("events of %d: %w", app, err)
	}
	if p.Ledger, err = many[LedgerLine](ctx, s.db, s.q.LedgerOf, params{"application": app}); err != nil {
		return p, fmt.Errorf("ledger of %d: %w", app, err)
	}
	anchors, err := many[Anchor](ctx, s.db, s.q.AnchorsOf, params{"application": app})
	if err != nil {
		return p, fmt.Errorf("anchors of %d: %w", app, err)
	}
	lines, err := s.anchorLines(ctx, anchors)
	if err != nil {
		return p, err
	}
	for _, a := range anchors {
		p.Anchors = append(p.Anchors, AnchorProof{a, lines[a.Day]})
	}
	return p, nil
}

// RegisterLine is one document of the register (OSL 5:2).
type RegisterLine struct {
	At        time.Time `db:"at"`
	DNR       string    `db:"dnr"`
	Direction string    `db:"direction"` // in | made | out
	Kind      string    `db:"kind"`
	What      string    `db:"what"`
	Title     string    `db:"title"`
	Applicant string    `db:"applicant"`
	Secrecy   string    `db:"secrecy"` // the ground of the last disclosure; none: there is no secrecy; empty: never tried
}

// Register lists what came in, was made and was sent, of the cases that the caller may see.
func (s *Store) Register(ctx context.Context, by workflow.Actor) ([]RegisterLine, error) {
	query, p := within(s.q.RegisterLines, by, params{"office": pq.Array(workflow.OfficeRoles)})
	rows, err := many[RegisterLine](ctx, s.db, query, p)
	if err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	return rows, nil
}
