package sql

import (
	"context"
	"fmt"

	"fund/workflow"
)

// Month is what moved in a round's ledger in a month, and how it stood at the
// month's end, in whole kronor. Opening and changes give closing:
// Left is budget less granted, Reserved is granted less paid, and so on.
type Month struct {
	Month string // 2026-07, or 2026 for a year; empty for a round's sums
	// What moved.
	Budget     int64 // put into the round, less what was taken out
	Granted    int64 // reserved by decisions
	Released   int64 // granted and not to be paid after all
	Paid       int64
	Returned   int64 // sent back by the bank
	Repaid     int64 // by schools
	WrittenOff int64
	Overpaid   int64 // sent a second time out of the municipality's own money, less what of that came back
	// How it stood at the end.
	Total    int64 // budget
	Reserved int64 // granted and not yet paid
	Net      int64 // with the schools: paid, less returned, repaid and written off
	Left     int64 // neither granted nor spent
	Claim    int64 // sent a second time and not yet back
	// Earlier is how much of Paid an earlier year had granted; of years only.
	Earlier int64
}

// Reconciled is a round's months, oldest first, and their sums.
type Reconciled struct {
	Round  string
	Name   string // in Swedish
	NameEN string
	Months []Month
	// Years are the same entries by accounting year: what was paid is the year's in which
	// the bank or the voucher booked it, and what stands at its end is as at 31 December.
	Years []Month
	Sum   Month
}

// Holds tells whether the sums give what is left: budget and what second payouts took
// beside it = left + reserved + net + claim + written off.
func (r Reconciled) Holds() bool {
	s := r.Sum
	return s.Total+s.Overpaid == s.Left+s.Reserved+s.Net+s.Claim+s.WrittenOff
}

type monthRow struct {
	Round  string `db:"round"`
	Month  string `db:"month"`
	Kind   string `db:"kind"`
	From   string `db:"from_acc"`
	To     string `db:"to_acc"`
	Amount int64  `db:"amount"`

	Earlier int64 `db:"earlier"`
}

// Reconcile gives every round's money month by month, out of the ledger alone.
// Page, workbook and PDF show this. A month is that of the entry in Sweden.
func (s *Store) Reconcile(ctx context.Context, by workflow.Actor) ([]Reconciled, error) {
	if err := seesBatches(by); err != nil {
		return nil, err
	}
	rounds, err := s.Rounds(ctx, false)
	if err != nil {
		return nil, err
	}
	names := map[string]workflow.Round{}
	for _, r := range rounds {
		names[r.ID] = r
	}
	rows, err := many[monthRow](ctx, s.db, s.q.LedgerMonths, params{})
	if err != nil {
		return nil, fmt.Errorf("ledger by month: %w", err)
	}
	out := reconcile(rows, names)
	if rows, err = many[monthRow](ctx, s.db, s.q.LedgerYears, params{}); err != nil {
		return nil, fmt.Errorf("ledger by year: %w", err)
	}
	for i, r := range reconcile(rows, names) { // the same rounds in the same order
		out[i].Years = r.Months
	}
	return out, nil
}

// reconcile folds entries in order of round and month.
func reconcile(rows []monthRow, names map[string]workflow.Round) (out []Reconciled) {
	for _, e := range rows {
		if len(out) == 0 || out[len(out)-1].Round != e.Round {
			out = append(out, Reconciled{Round: e.Round, Name: names[e.Round].Name, NameEN: names[e.Round].NameEN})
		}
		r := &out[len(out)-1]
		if n := len(r.Months); n == 0 || r.Months[n-1].Month != e.Month {
			next := Month{Month: e.Month, Total: r.Sum.Total, Reserved: r.Sum.Reserved, Net: r.Sum.Net, Left: r.Sum.Left, Claim: r.Sum.Claim}
			r.Months = append(r.Months, next)
		}
		m := &r.Months[len(r.Months)-1]
		m.add(e)
		r.Sum.add(e)
	}
	return out
}

// add lets an entry move the month and its end.
func (m *Month) add(e monthRow) {
	switch e.Kind {
	case "budget", "moved": // moved: what another round did not use, or this one
		if e.From == workflow.AccBudget {
			m.Budget += e.Amount
		} else {
			m.Budget -= e.Amount
		}
	case "granted":
		m.Granted += e.Amount
	case "released":
		m.Released += e.Amount
	case "paid":
		m.Paid += e.Amount
		m.Earlier += e.Earlier
	case "returned":
		m.Returned += e.Amount
	case "repaid":
		m.Repaid += e.Amount
	case "written_off":
		m.WrittenOff += e.Amount
	case "overpaid":
		m.Overpaid += e.Amount
	case "overpaid_back":
		m.Overpaid -= e.Amount
	}
	for account, sum := range map[string]*int64{workflow.AccAvailable: &m.Left, workflow.AccReserved: &m.Reserved, workflow.AccPaid: &m.Net, workflow.AccReceivable: &m.Claim} {
		if e.To == account {
			*sum += e.Amount
		}
		if e.From == account {
			*sum -= e.Amount
		}
	}
	if e.From == workflow.AccBudget {
		m.Total += e.Amount
	}
	if e.To == workflow.AccBudget {
		m.Total -= e.Amount
	}
}
