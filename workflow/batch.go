package workflow

import (
	"slices"
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
	Cancelled *Cancelling `json:"cancelled,omitempty"` // nil in those that were cancelled before this was kept
	Lines     []BatchLine `json:"lines,omitempty"`
}

// Cancelling is who cancelled a batch, and when; Batch.Reason says why.
type Cancelling struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// Attest is one person's word about exactly these lines.
type Attest struct {
	Person int64           `json:"person"`
	By     string          `json:"by"`
	At     time.Time       `json:"at"`
	Checks map[string]bool `json:"checks,omitempty"`
	Digest string          `json:"digest"`        // of the lines that were attested
	For    string          `json:"for,omitempty"` // address of who is away and whose authority it was
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
	Withheld    bool      `json:"-"`                    // the reader is in conflict: see For
}

// For is the line as this person may read it: who is in conflict of interest in the case
// learns that there is a payment, which the batch's sum holds, and nothing of whose it is (RF-18).
func (l BatchLine) For(person int64) BatchLine {
	if !slices.Contains(l.Conflicted, person) {
		return l
	}
	return BatchLine{
		Withheld:   true,
		Amount:     l.Amount,
		Channel:    l.Channel,
		Status:     l.Status,
		SchoolID:   l.SchoolID,
		DeciderID:  l.DeciderID,
		Conflicted: l.Conflicted,
	}
}

// Bank tells whether the line goes through the bank; a municipal unit never does.
func (l BatchLine) Bank() bool { return l.Channel != "internal" }

// Total is the sum of the batch in öre, or money.ErrOverflow.
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
		return b, nil, WrongState{State: State(b.State), Action: k.Action, Open: batchOpen(b), Of: "batch"}
	}
	if err := sum.mayStep(b, by, k.Action); err != nil {
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
		if g.mayStep(b, by, a) == nil {
			open = append(open, a)
		}
	}
	return open
}

// NotTheirAttest is why the attest that the batch waits for isn't this person's to give;
// nil where it is, or where the batch waits for none.
func NotTheirAttest(b Batch, g BatchGist, by Actor) error {
	for _, a := range batchOpen(b) {
		if Attests(a) {
			return g.mayStep(b, by, a)
		}
	}
	return nil
}

// Handles refuses who is in conflict of interest in one of the batch's cases: they neither
// take a step with it nor have its files, which hold every payee (KL 6:28; RF-18).
func (s *BatchGist) Handles(by Actor) error {
	if !by.Machine && s.Conflicted[by.ID] > 0 {
		return Forbidden{Code: "conflict"}
	}
	return nil
}

// mayStep: nobody in conflict takes a step; and to attest there are two different people,
// neither who decided the grant, nor of the school that is paid (domain 5; KL 6:6), and
// within the person's limit.
func (s *BatchGist) mayStep(b Batch, by Actor, a Action) error {
	if !Attests(a) {
		return s.Handles(by)
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
	if err := s.Handles(by); err != nil {
		return err
	}
	for school := range s.Schools {
		if by.Belongs(school) {
			return Forbidden{Code: "own_unit"}
		}
	}
	return nil
}
