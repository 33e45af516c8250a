package sql

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"fund/workflow"
)

// RoundMonth is a round's money in one month: how it stood before, what moved and how it
// stands after. Booked is what the bank or a voucher booked in the month, whenever it was
// told: what is told late changes it, and nothing else.
type RoundMonth struct {
	Round   string `json:"round"`
	Opening Month  `json:"opening"`
	Month   Month  `json:"month"`
	Booked  Month  `json:"booked"`
}

// Signature is one person's word for a month's figures as they stood then.
type Signature struct {
	Month   string
	N       int // rises when a month is signed anew, as its figures differ
	Figures []RoundMonth
	SHA256  string // of the figures as they are kept
	Note    string
	Email   string
	At      time.Time
}

// MonthFigures gives a month (2026-07) of every round that had begun by then. From one
// reading of Reconcile: all.
func (s *Store) MonthFigures(ctx context.Context, all []Reconciled, month string) ([]RoundMonth, error) {
	rows, err := many[monthRow](ctx, s.db, s.q.LedgerBooked, params{"month": month})
	if err != nil {
		return nil, fmt.Errorf("ledger booked in %s: %w", month, err)
	}
	booked := map[string]Month{}
	for _, r := range reconcile(rows, nil) {
		booked[r.Round] = r.Months[0].moved()
	}
	figures := []RoundMonth{}
	for _, r := range all {
		x, begun := RoundMonth{Round: r.Round, Booked: booked[r.Round]}, false
		for _, m := range r.Months { // oldest first
			switch {
			case m.Month < month:
				x.Opening, begun = m.stood(), true
			case m.Month == month:
				x.Month, begun = m, true
			}
		}
		if x.Month.Month == "" { // nothing moved
			x.Month = x.Opening
		}
		x.Opening.Month, x.Month.Month, x.Booked.Month = "", month, ""
		if begun {
			figures = append(figures, x)
		}
	}
	return figures, nil
}

// stood is the month without what moved.
func (m Month) stood() Month {
	return Month{Month: m.Month, Total: m.Total, Reserved: m.Reserved, Net: m.Net, Left: m.Left, Claim: m.Claim}
}

// moved is the month without how it stood.
func (m Month) moved() Month {
	m.Total, m.Reserved, m.Net, m.Left, m.Claim = 0, 0, 0, 0, 0
	return m
}

// MonthOver tells whether a month (2026-07) has ended in Sweden.
func MonthOver(month string, now time.Time) bool {
	return month < now.In(workflow.Stockholm()).Format("2006-01")
}

// Signatures lists who signed which months, oldest first.
func (s *Store) Signatures(ctx context.Context, by workflow.Actor) ([]Signature, error) {
	if err := seesBatches(by); err != nil {
		return nil, err
	}
	rows, err := many[struct {
		Month   string    `db:"month"`
		N       int       `db:"n"`
		Figures []byte    `db:"figures"`
		SHA256  string    `db:"sha256"`
		Note    string    `db:"note"`
		Email   string    `db:"email"`
		At      time.Time `db:"at"`
	}](ctx, s.db, s.q.MonthSignatures, params{})
	if err != nil {
		return nil, fmt.Errorf("signed months: %w", err)
	}
	list := make([]Signature, len(rows))
	for i, r := range rows {
		list[i] = Signature{Month: r.Month, N: r.N, SHA256: r.SHA256, Note: r.Note, Email: r.Email, At: r.At}
		if err := json.Unmarshal(r.Figures, &list[i].Figures); err != nil {
			return nil, fmt.Errorf("figures of %s: %w", r.Month, err)
		}
	}
	return list, nil
}

// SignMonth keeps a month's figures as they stand, with who answers for them. A month is
// signed when it is over, and anew only where its figures have come to differ; then the
// note says why.
func (s *Store) SignMonth(ctx context.Context, by workflow.Actor, month, note string) error {
	if err := FinanceOnly(by); err != nil {
		return err
	}
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	if !MonthOver(month, now) {
		return workflow.Refused{Code: "month_not_over"}
	}
	all, err := s.Reconcile(ctx, by)
	if err != nil {
		return err
	}
	figures, err := s.MonthFigures(ctx, all, month)
	if err != nil {
		return err
	}
	if len(figures) == 0 {
		return workflow.ErrNotFound
	}
	raw, err := json.Marshal(figures)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(raw)
	hash := hex.EncodeToString(sum[:])
	signed, err := s.Signatures(ctx, by)
	if err != nil {
		return err
	}
	n := 1
	for _, x := range signed {
		if x.Month != month {
			continue
		}
		if n = x.N + 1; x.SHA256 == hash {
			return workflow.Refused{Code: "month_signed"}
		}
	}
	if n > 1 && strings.TrimSpace(note) == "" {
		return workflow.Violations{{Field: "note", Code: "required"}}
	}
	done, err := exec(ctx, s.db, s.q.InsertMonthSignature, params{"month": month, "n": n, "figures": string(raw), "sha256": hash,
		"note": strings.TrimSpace(note), "by": by.ID, "at": now})
	if err != nil {
		return fmt.Errorf("sign %s: %w", month, err)
	}
	if done == 0 { // another signed in the same moment
		return workflow.Refused{Code: "month_signed"}
	}
	return s.NoteAccess(ctx, by.ID, 0, "signed "+month+" "+hash)
}

// LedgerEntry is an entry of the ledger, as the report's numbers are made of.
type LedgerEntry struct {
	ID          int64     `db:"id"`
	Round       string    `db:"round"`
	At          time.Time `db:"at"`
	Day         string    `db:"day"` // in the books
	Kind        string    `db:"kind"`
	From        string    `db:"from_acc"`
	To          string    `db:"to_acc"`
	Amount      int64     `db:"amount"` // whole kronor
	Application int64     `db:"application"`
	DNR         string    `db:"dnr"`
	Title       string    `db:"title"`
}

// LedgerLines lists the entries of a month (2026-07; empty: of all) after one, in their
// order. What the caller may not know of has no case. limit 0: all.
func (s *Store) LedgerLines(ctx context.Context, by workflow.Actor, month string, after int64, limit int) ([]LedgerEntry, error) {
	if err := seesBatches(by); err != nil {
		return nil, err
	}
	p := params{"month": month, "after": after, "by": by.ID, "limit": nil}
	if limit > 0 {
		p["limit"] = limit
	}
	rows, err := many[LedgerEntry](ctx, s.db, s.q.LedgerLines, p)
	if err != nil {
		return nil, fmt.Errorf("lines of the ledger: %w", err)
	}
	return rows, nil
}
