package workflow

import (
	"maps"
	"slices"
	"strings"
	"time"

	"fund/workflow/money"
)

// BatchState is where a payout batch is in its life.
type BatchState string

// The states of a batch (design/payments.md, "Lives").
const (
	BatchDraft     BatchState = "draft"
	BatchAttested1 BatchState = "attested_1"
	BatchAttested2 BatchState = "attested_2"
	BatchExported  BatchState = "exported"
	BatchSent      BatchState = "sent"
	BatchSettled   BatchState = "settled"
	BatchCancelled BatchState = "cancelled"
)

// Actions on a batch.
const (
	BatchAttest1  Action = "attest1"
	BatchAttest2  Action = "attest2"
	BatchExport   Action = "export"
	BatchMarkSent Action = "mark_sent"
	BatchMarkPaid Action = "mark_paid"
	BatchReissue  Action = "reissue"
	BatchCancel   Action = "cancel"
)

// BatchTransition is a row of the batch's table.
type BatchTransition struct {
	Action Action
	From   []BatchState
	To     BatchState // empty: kept, or settled when every payment has an end
}

// BatchTransitions is the one table for batches; both finance roles may do every step.
var BatchTransitions = []BatchTransition{
	{BatchAttest1, []BatchState{BatchDraft}, BatchAttested1},
	{BatchAttest2, []BatchState{BatchAttested1}, BatchAttested2},
	{BatchExport, []BatchState{BatchAttested2}, BatchExported},
	{BatchMarkSent, []BatchState{BatchExported}, BatchSent},
	{BatchMarkPaid, []BatchState{BatchExported, BatchSent}, ""},
	{BatchReissue, []BatchState{BatchExported, BatchSent, BatchSettled}, ""},
	{BatchCancel, []BatchState{BatchDraft, BatchAttested1, BatchAttested2, BatchExported}, BatchCancelled},
}

// Batch is a set of payments that leave together, exactly once.
type Batch struct {
	ID        int64       `json:"id"`
	Version   int64       `json:"version"`
	State     BatchState  `json:"state"`
	MessageID string      `json:"message_id"` // IF-YYYYMMDD-NNNN
	PayDate   Date        `json:"pay_date"`
	Execution Date        `json:"execution_day"` // bank day of the bank channel
	CreatedAt time.Time   `json:"created_at"`
	CreatedBy int64       `json:"created_by"`
	Composer  string      `json:"composer"`
	Attest1   *Attest     `json:"attest1"`
	Attest2   *Attest     `json:"attest2"`
	ExportBy  int64       `json:"export_by,omitempty"` // who asked for the files; the job makes them
	ExportAt  time.Time   `json:"exported_at"`
	SentOn    Date        `json:"sent_on"`
	SentBy    string      `json:"sent_by,omitempty"`
	SentAs    string      `json:"sent_as,omitempty"` // which of the two files the bank got; empty: nobody said
	Reason    string      `json:"reason,omitempty"`
	Lines     []BatchLine `json:"lines,omitempty"`
}

// Attest is one person's word about exactly these lines.
type Attest struct {
	Person int64           `json:"person"`
	By     string          `json:"by"`
	At     time.Time       `json:"at"`
	Checks map[string]bool `json:"checks,omitempty"`
	Digest string          `json:"digest"` // of the lines that were attested
}

// BatchLine is one payment of a batch.
type BatchLine struct {
	PaymentID   int64     `json:"payment"`
	Application int64     `json:"application"`
	N           int       `json:"n"`
	Reference   string    `json:"end_to_end_id"`
	UETR        string    `json:"uetr"`
	Amount      money.SEK `json:"amount_ore"`
	Channel     string    `json:"channel"`
	Status      string    `json:"status"`
	PaidOn      Date      `json:"paid_on"`
	Voucher     string    `json:"voucher,omitempty"`
	SchoolID    int64     `json:"school_id"`
	Payee       string    `json:"payee"`
	Town        string    `json:"town,omitempty"`
	Account     PayInto   `json:"account"`
	AccountVers int       `json:"account_version"`
	DNR         string    `json:"dnr"`
	Title       string    `json:"title"`
	Level       string    `json:"level"`
	Operator    string    `json:"operator"`
	DeciderID   int64     `json:"decider"`
	Conflicted  []int64   `json:"conflicted,omitempty"` // people in conflict of interest in the case
	Disputed    bool      `json:"disputed,omitempty"`   // the bank contradicts itself about it
}

// Bank tells whether the line goes through the bank; a municipal unit never does.
func (l BatchLine) Bank() bool { return l.Channel != "internal" }

// Total is the sum of the batch.
func (b Batch) Total() (money.SEK, error) {
	sums := make([]money.SEK, len(b.Lines))
	for i, l := range b.Lines {
		sums[i] = l.Amount
	}
	return money.Sum(sums...)
}

// Digest is LineSum.Digest of the lines that the batch holds.
func (b Batch) Digest() string {
	s, _ := sumOf(b) // a sum that overflows is refused where it is used
	return s.Digest()
}

// ExecutionDay is the day on which the bank pays: the first bank day not before
// the wanted day and, after the cut-off hour of today, not before tomorrow.
// A booking order takes any day from today on.
func ExecutionDay(want Date, at time.Time, cutoffHour int) Date {
	day := want
	today := DateOf(at)
	if day.Before(today) {
		day = today
	}
	if day == today && at.In(Stockholm()).Hour() >= cutoffHour {
		day = day.AddDays(1)
	}
	return NextBankDay(day)
}

// BatchCommand is what somebody wants done with a batch; the fields are the bodies of its actions.
type BatchCommand struct {
	Action   Action          `json:"-"`
	Checks   map[string]bool `json:"checks,omitempty"`
	On       Date            `json:"on"`
	Version  string          `json:"version,omitempty"`
	Voucher  string          `json:"voucher,omitempty"`
	Payments []int64         `json:"payments,omitempty"`
	Reason   string          `json:"reason,omitempty"`
}

// BatchChecks is what attest 1 confirms, line by line (domain 5).
var BatchChecks = []string{"payee", "amount", "conditions", "no_block", "coding"}

// ParseBatchCommand reads the body of a batch's action. ErrNotFound: no such action.
func ParseBatchCommand(a Action, body []byte) (BatchCommand, error) {
	k := BatchCommand{Action: a}
	if !slices.ContainsFunc(BatchTransitions, func(t BatchTransition) bool { return t.Action == a }) {
		return k, ErrNotFound
	}
	if len(body) > 0 {
		if err := decodeStrict(body, &k); err != nil {
			return k, err
		}
	}
	k.Action = a
	return k, nil
}

// Move is a payment's step that a batch's action leads to.
type Move struct {
	Application int64
	Command     MovePayment
}

// DecideBatch says what an action on a batch leads to: the batch as it will
// be, and the moves of its payments, or why not. Same order of refusals as Decide.
func DecideBatch(b Batch, by Actor, k BatchCommand, seen int64, at time.Time) (Batch, []Move, error) {
	sum, err := sumOf(b)
	if err != nil {
		return b, nil, err
	}
	return decideBatch(b, sum, by, k, seen, at)
}

func decideBatch(b Batch, sum *LineSum, by Actor, k BatchCommand, seen int64, at time.Time) (Batch, []Move, error) {
	if !by.Is(Finance1) && !by.Is(Finance2) {
		return b, nil, Forbidden{Code: "role"}
	}
	if seen == NoVersion {
		return b, nil, ErrNoVersion
	}
	if seen != AnyVersion && seen != b.Version {
		return b, nil, ErrStale
	}
	i := slices.IndexFunc(BatchTransitions, func(t BatchTransition) bool { return t.Action == k.Action })
	if i < 0 {
		return b, nil, ErrNotFound
	}
	row := BatchTransitions[i]
	if !slices.Contains(row.From, b.State) {
		return b, nil, WrongState{State: State(b.State), Action: k.Action, Open: batchOpen(b)}
	}
	if err := sum.mayAttest(b, by, k.Action); err != nil {
		return b, nil, err
	}
	b.Lines = slices.Clone(b.Lines)
	moves, err := b.step(sum, by, k, at)
	if err != nil {
		return b, nil, err
	}
	if row.To != "" {
		b.State = row.To
	}
	if (k.Action == BatchMarkPaid || k.Action == BatchReissue) && b.ended() {
		b.State = BatchSettled
	}
	b.Version++
	return b, moves, nil
}

func batchOpen(b Batch) (open []Action) {
	for _, t := range BatchTransitions {
		if slices.Contains(t.From, b.State) {
			open = append(open, t.Action)
		}
	}
	return open
}

// BatchAllowed lists the actions that this person could take now with a batch whose lines
// come to g.
func BatchAllowed(b Batch, g BatchGist, by Actor) (open []Action) {
	if !by.Is(Finance1) && !by.Is(Finance2) {
		return nil
	}
	for _, a := range batchOpen(b) {
		if g.mayAttest(b, by, a) == nil {
			open = append(open, a)
		}
	}
	return open
}

// mayAttest: two different people, neither who decided the grant, nor in
// conflict, nor of the school that is paid (domain 5; KL 6:6), and within the
// person's limit.
func (s *BatchGist) mayAttest(b Batch, by Actor, a Action) error {
	if !Attests(a) {
		return nil
	}
	if a == BatchAttest2 && b.Attest1 != nil && b.Attest1.Person == by.ID {
		return Forbidden{Code: "four_eyes"}
	}
	if by.AttestMax != nil {
		if all, err := s.Of(); err != nil || all.Sum > money.Kronor(*by.AttestMax) {
			return Forbidden{Code: "attest_limit", Args: map[string]any{"Max": *by.AttestMax}}
		}
	}
	if s.Deciders[by.ID] {
		return Forbidden{Code: "decided_it"}
	}
	if s.Conflicted[by.ID] {
		return Forbidden{Code: "conflict"}
	}
	for school := range s.Schools {
		if by.Belongs(school) {
			return Forbidden{Code: "own_unit"}
		}
	}
	return nil
}

func (b *Batch) step(sum *LineSum, by Actor, k BatchCommand, at time.Time) ([]Move, error) {
	today := DateOf(at)
	switch k.Action {
	case BatchAttest1, BatchAttest2:
		if err := sum.doubt(); err != nil {
			return nil, err
		}
		return nil, b.attest(by, k, at, sum.Digest())
	case BatchExport:
		if err := sum.doubt(); err != nil {
			return nil, err
		}
		if digest := sum.Digest(); b.Attest1.Digest != digest || b.Attest2.Digest != digest {
			return nil, Refused{Code: "changed_since_attest"}
		}
		if sum.Bank() && b.Execution.Before(today) {
			return nil, Refused{Code: "day_passed", Args: map[string]any{"Day": b.Execution.String()}}
		}
		b.ExportAt = at
		return b.move(PayExported, k)
	case BatchMarkSent:
		if k.On.IsZero() {
			return nil, Violations{{Field: "on", Code: "required"}}
		}
		if k.On.After(today) {
			return nil, Violations{{Field: "on", Code: "in_future"}}
		}
		as, ok := paymentFile(k.Version)
		if !ok {
			return nil, Violations{{Field: "version", Code: "choice"}}
		}
		b.SentOn, b.SentBy, b.SentAs = k.On, by.Email, as
		return b.move(PaySent, k)
	case BatchMarkPaid:
		return b.paid(k, today)
	case BatchCancel:
		if strings.TrimSpace(k.Reason) == "" {
			return nil, Violations{{Field: "reason", Code: "required"}}
		}
		for _, l := range b.Lines {
			if l.Status == PayPaid {
				return nil, Refused{Code: "payment_paid"}
			}
		}
		b.Reason = k.Reason
		return b.move(PayPlanned, k)
	case BatchReissue:
		return b.reissue(k)
	}
	return nil, ErrNotFound
}

func (b *Batch) attest(by Actor, k BatchCommand, at time.Time, digest string) error {
	for _, name := range slices.Sorted(maps.Keys(k.Checks)) {
		if !slices.Contains(BatchChecks, name) {
			return Violations{{Field: "checks." + name, Code: "unknown_field"}}
		}
	}
	var v Violations
	for _, name := range BatchChecks { // in the order in which people read them
		if ok, said := k.Checks[name]; said && !ok {
			v = append(v, Violation{Field: "checks." + name, Code: "check_false"})
		}
	}
	if len(v) > 0 {
		return v
	}
	a := &Attest{Person: by.ID, By: by.Email, At: at, Checks: k.Checks, Digest: digest}
	if k.Action == BatchAttest1 {
		if len(a.Checks) == 0 {
			a.Checks = map[string]bool{}
			for _, name := range BatchChecks {
				a.Checks[name] = true
			}
		}
		b.Attest1 = a
		return nil
	}
	b.Attest2 = a
	return nil
}

func (b *Batch) paid(k BatchCommand, today Date) ([]Move, error) {
	var v Violations
	if k.On.IsZero() {
		v = append(v, Violation{Field: "on", Code: "required"})
	} else if k.On.After(today) {
		v = append(v, Violation{Field: "on", Code: "in_future"})
	}
	if strings.TrimSpace(k.Voucher) == "" {
		v = append(v, Violation{Field: "voucher", Code: "required"})
	}
	if len(v) > 0 {
		return nil, v
	}
	return b.move(PayPaid, k)
}

func (b *Batch) reissue(k BatchCommand) ([]Move, error) {
	if strings.TrimSpace(k.Reason) == "" {
		return nil, Violations{{Field: "reason", Code: "required"}}
	}
	if len(k.Payments) == 0 {
		return nil, Violations{{Field: "payments", Code: "required"}}
	}
	named := map[int64]bool{}
	for _, id := range k.Payments {
		named[id] = true
	}
	for _, l := range b.Lines {
		if named[l.PaymentID] && l.Disputed {
			return nil, Refused{Code: "disputed", Args: map[string]any{"Reference": l.Reference}}
		}
		if named[l.PaymentID] && !slices.Contains(paymentMoves[PayReplaced], l.Status) {
			return nil, Refused{Code: "not_ended", Args: map[string]any{"Reference": l.Reference}}
		}
	}
	return b.move(PayReplaced, k)
}

// move takes the named payments (none named: all that can) to a status. Nothing is moved when one of the named cannot.
func (b *Batch) move(to string, k BatchCommand) ([]Move, error) {
	var moves []Move
	here, named := map[int64]bool{}, map[int64]bool{} // a batch may hold a hundred thousand
	for _, l := range b.Lines {
		here[l.PaymentID] = true
	}
	for _, id := range k.Payments {
		if named[id] = true; !here[id] {
			return nil, Violations{{Field: "payments", Code: "unknown"}}
		}
	}
	for i := range b.Lines {
		l := &b.Lines[i]
		if len(k.Payments) > 0 && !named[l.PaymentID] {
			continue
		}
		if to == PayPaid && len(k.Payments) == 0 && (l.Disputed || l.Status == PayUnclear) {
			continue // whether these were paid must be said of each
		}
		m, ok := l.moveTo(to, b.ID, k)
		if !ok {
			if len(k.Payments) > 0 { // named, so it was meant
				return nil, Refused{Code: "payment_state", Args: map[string]any{"Reference": l.Reference}}
			}
			continue
		}
		l.Status = to
		if to == PayPaid {
			l.PaidOn, l.Voucher = k.On, k.Voucher
		}
		moves = append(moves, m)
	}
	return moves, nil
}

// moveTo is the step of the line's payment to a status; ok is false where it can't come from its own.
func (l BatchLine) moveTo(to string, batch int64, k BatchCommand) (m Move, ok bool) {
	if !slices.Contains(paymentMoves[to], l.Status) {
		return m, false
	}
	return Move{l.Application, MovePayment{N: l.N, To: to, Batch: batch, On: k.On, Voucher: k.Voucher, Reason: k.Reason}}, true
}

// ended tells whether every payment of the batch has an end.
func (b Batch) ended() bool {
	return !slices.ContainsFunc(b.Lines, func(l BatchLine) bool {
		return !slices.Contains([]string{PayPaid, PayRejected, PayReturned, PayReplaced, PayDropped}, l.Status) || l.Disputed
	})
}
