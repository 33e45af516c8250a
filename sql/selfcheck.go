package sql

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"fund/workflow"
)

// Check is one thing that a night's self-check looked at. Red checks are those
// that money hangs on; the others ask a person to look. Items say what does not
// hold, fifty at most; none is right.
type Check struct {
	Code  string   `json:"code"` // words stand under check.<code>
	Red   bool     `json:"red"`
	Items []string `json:"items,omitempty"`
}

// SelfCheck is a night's result. Green: nothing that money hangs on is wrong.
type SelfCheck struct {
	Day    workflow.Date
	At     time.Time
	Green  bool
	Checks []Check
}

type selfCheckRow struct {
	Day    time.Time       `db:"day"`
	At     time.Time       `db:"at"`
	Green  bool            `db:"green"`
	Result json.RawMessage `db:"result"`
}

func (r selfCheckRow) decode() (SelfCheck, error) {
	out := SelfCheck{Day: workflow.NewDate(r.Day.Year(), r.Day.Month(), r.Day.Day()), At: r.At, Green: r.Green}
	return out, json.Unmarshal(r.Result, &out.Checks)
}

// Days of the bank after which silence is too long (design/payments.md, 8).
const (
	sentDays     = 3
	acceptedDays = 5
	waitingDays  = 2
)

// RunSelfCheck holds the books against themselves, keeps the result, and gives it.
func (tx *Tx) RunSelfCheck(ctx context.Context) (SelfCheck, error) {
	at, err := tx.Now()
	if err != nil {
		return SelfCheck{}, err
	}
	today := workflow.DateOf(at)
	p := params{"sent_before": bankDaysBefore(today, sentDays).String(), "accepted_before": bankDaysBefore(today, acceptedDays).String(),
		"waits_before": bankDaysBefore(today, waitingDays).At(0, 0), "since": at.AddDate(-1, 0, 0)}
	out := SelfCheck{Day: today, At: at, Green: true}
	q := tx.s.q
	for _, c := range []struct {
		code, query string
		red         bool
	}{
		{"balances", q.CheckBalances, true}, {"paid", q.CheckPaid, true}, {"lines", q.CheckLines, true}, {"files", q.CheckFiles, true},
		{"sums", q.CheckSums, true}, {"accounts", q.CheckAccounts, true}, {"undecided", q.CheckUndecided, true},
		{"unanswered", q.CheckUnanswered, false}, {"twice", q.CheckTwice, false}, {"years", q.CheckYears, false}, {"waiting", q.CheckWaiting, false},
	} {
		items, err := many[string](ctx, tx, c.query, p)
		if err != nil {
			return out, fmt.Errorf("self-check %s: %w", c.code, err)
		}
		out.Checks = append(out.Checks, Check{c.code, c.red, items})
		out.Green = out.Green && !(c.red && len(items) > 0)
	}
	body, err := encode(out.Checks)
	if err != nil {
		return out, err
	}
	_, err = exec(ctx, tx, q.InsertSelfCheck, params{"day": today.String(), "at": at, "green": out.Green, "result": body})
	return out, err
}

// bankDaysBefore counts bank days back.
func bankDaysBefore(d workflow.Date, n int) workflow.Date {
	for n > 0 {
		if d = d.AddDays(-1); workflow.NextBankDay(d) == d {
			n--
		}
	}
	return d
}

// NextSelfCheck puts the coming night's check into the outbox, unless one
// waits. own is the check's own row, which is not yet done. In a rehearsal the
// nights are quiet while nothing is under way, so that its clock moves fast.
func (tx *Tx) NextSelfCheck(ctx context.Context, own int64) error {
	if own != 0 && tx.s.rehearsal {
		n, err := one[int](ctx, tx, tx.s.q.PaymentsUnderWay, params{})
		if err != nil || n == 0 {
			return err
		}
	}
	return tx.ensureSelfCheck(ctx, own)
}

func (tx *Tx) ensureSelfCheck(ctx context.Context, own int64) error {
	at, err := tx.Now()
	if err != nil {
		return err
	}
	_, err = one[int64](ctx, tx, tx.s.q.EnsureSelfCheck, params{"run_at": workflow.DateOf(at).AddDays(1).At(3, 0), "at": at, "own": own})
	if none(err) {
		return nil
	}
	return err
}

// SelfChecks gives the newest check and the newest green one; nil where there is none yet.
func (s *Store) SelfChecks(ctx context.Context) (last, green *SelfCheck, err error) {
	read := func(query string) (*SelfCheck, error) {
		row, err := one[selfCheckRow](ctx, s.db, query, params{})
		if none(err) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("self-check: %w", err)
		}
		c, err := row.decode()
		return &c, err
	}
	if last, err = read(s.q.SelfCheckLast); err != nil {
		return nil, nil, err
	}
	green, err = read(s.q.SelfCheckGreen)
	return last, green, err
}
