package sql

import (
	"context"
	"fmt"

	"fund/workflow"
)

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

// RoundMoney is where a round's money is, in whole kronor.
type RoundMoney struct {
	Budget, Available, Reserved, Paid, WrittenOff, Granted int64
}

// RoundCount is how many applications a round has.
type RoundCount struct {
	Drafts int `db:"drafts"` // not filed, wherever they wait
	Filed  int `db:"filed"`
	Grants int `db:"grants"`
}

// RoundCount counts them.
func (s *Store) RoundCount(ctx context.Context, id string) (RoundCount, error) {
	n, err := one[RoundCount](ctx, s.db, s.q.RoundCount, params{"round": id})
	if err != nil {
		return n, fmt.Errorf("applications of %s: %w", id, err)
	}
	return n, nil
}

// balanceRow is one account of one round.
type balanceRow struct {
	Round   string `db:"round"`
	Account string `db:"account"`
	Balance int64  `db:"balance"`
}

// RoundMoney reads the round's balances.
func (s *Store) RoundMoney(ctx context.Context, id string) (RoundMoney, error) {
	all, err := s.roundsMoney(ctx, id)
	return all[id], err
}

// RoundsMoney reads the balances of every round, by round.
func (s *Store) RoundsMoney(ctx context.Context) (map[string]RoundMoney, error) {
	return s.roundsMoney(ctx, "")
}

func (s *Store) roundsMoney(ctx context.Context, round string) (map[string]RoundMoney, error) {
	rows, err := many[balanceRow](ctx, s.db, s.q.RoundBalances, params{"round": round})
	if err != nil {
		return nil, fmt.Errorf("balances: %w", err)
	}
	all := map[string]RoundMoney{}
	for _, r := range rows {
		m := all[r.Round]
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
		m.Granted = m.Reserved + m.Paid + m.WrittenOff
		all[r.Round] = m
	}
	return all, nil
}
