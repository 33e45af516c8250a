package sql

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"fund/workflow"
	"fund/workflow/money"
)

// BankFile is an answer of the bank as it is kept. Refusal says why a file was
// not read; then it has no lines.
type BankFile struct {
	ID          int64           `db:"id"`
	SHA256      string          `db:"sha256"`
	Kind        string          `db:"kind"`
	Version     string          `db:"version"`
	MessageID   string          `db:"message_id"`
	Original    string          `db:"original_message_id"`
	GroupStatus string          `db:"group_status"`
	Findings    json.RawMessage `db:"findings"`
	Refusal     string          `db:"refusal"`
	Size        int64           `db:"size"`
	Uploader    string          `db:"uploader"`
	At          time.Time       `db:"at"`
	Lines       int             `db:"lines"`
	Waits       int             `db:"waits"`
}

// BankPayment is a payment in one of the batches it was in: each has its own
// ids. Only payments that go through the bank are found.
type BankPayment struct {
	Payment     int64      `db:"payment"`
	Application int64      `db:"application"`
	Batch       int64      `db:"batch"`
	N           int        `db:"n"`
	Reference   string     `db:"reference"`
	UETR        string     `db:"uetr"`
	PmtInf      string     `db:"pmtinf"`
	MessageID   string     `db:"message_id"`
	BatchState  string     `db:"batch_state"`
	Live        bool       `db:"live"` // false: the batch was cancelled
	Execution   string     `db:"execution"`
	Ore         money.SEK  `db:"ore"`
	Status      string     `db:"status"`
	Disputed    bool       `db:"disputed"`
	ReturnWaits bool       `db:"return_waits"`
	Voucher     string     `db:"voucher"`
	PaidOn      *time.Time `db:"paid_on"`
	DNR         string     `db:"dnr"`
	Title       string     `db:"title"`
	Channel     string     `db:"channel"`
	Overpaid    bool       `db:"overpaid"` // it went out a second time, and that money is not back
}

// BankLine is a line of a file with what it led to. Line is its JSON as the
// reader of the bank's files made it; this package does not look into it.
type BankLine struct {
	File       int64           `db:"file"`
	N          int             `db:"n"`
	Key        string          `db:"-"`
	Line       json.RawMessage `db:"line"`
	Outcome    string          `db:"outcome"`
	Problem    string          `db:"problem"`
	Waits      bool            `db:"waits"`
	Claim      int64           `db:"claim"`
	Candidates json.RawMessage `db:"candidates"`
	Withheld   bool            `db:"withheld"` // about a case in which the reader is in conflict of interest
	Resolver   string          `db:"resolver"`
	ResolvedAt *time.Time      `db:"resolved_at"`
	Reason     string          `db:"reason"`
	Payments   json.RawMessage `db:"payments"`
}

// BankHit is what a line did to a payment. Person is 0 where the rules matched it.
type BankHit struct {
	File, Payment      int64
	N                  int
	Outcome, Problem   string
	Direction          string
	Day                string // of the booking; empty: none
	Person             int64
	ReleasesItsReturns bool // returns that waited take effect with it
}

// BankBooking is a booking of a payment that an earlier line told.
type BankBooking struct {
	Payment   int64  `db:"payment"`
	Direction string `db:"direction"`
	Outcome   string `db:"outcome"`
	Day       string `db:"day"`
}

// BankSeen is a payment or claim that an earlier line with the same key led to.
type BankSeen struct {
	Key     string `db:"key"`
	Payment *int64 `db:"payment"`
	Claim   int64  `db:"claim"`
}

// FailedPayment is a payment that a person in finance must look at.
type FailedPayment struct {
	ID          int64  `db:"id"`
	Application int64  `db:"application"`
	N           int    `db:"n"`
	Reference   string `db:"reference"`
	Batch       int64  `db:"batch"`
	Amount      int64  `db:"amount"`
	Status      string `db:"status"`
	Disputed    bool   `db:"disputed"`
	Reason      string `db:"reason"`
	DNR         string `db:"dnr"`
	Title       string `db:"title"`
	Line        []byte `db:"line"` // of the bank's file; null where a person rejected it
	Problem     string `db:"problem"`
	File        int64  `db:"file"`
	LineN       int    `db:"line_n"`
}

// OpenClaim is a decided claim, for matching what comes in.
type OpenClaim struct {
	Application int64
	DNR         string
	Recovery    workflow.Recovery
}

// LockBank makes this transaction the only one that takes in answers.
func (tx *Tx) LockBank(ctx context.Context) error {
	_, err := tx.ExecContext(ctx, tx.s.q.LockBank)
	return err
}

// BankFileBySum finds a file with exactly these bytes.
func (tx *Tx) BankFileBySum(ctx context.Context, sha256 string) (BankFile, bool, error) {
	f, err := one[BankFile](ctx, tx, tx.s.q.BankFileBySum, params{"sha256": sha256})
	if none(err) {
		return f, false, nil
	}
	return f, err == nil, err
}

// BankMessageSeen tells whether another file had the same number.
func (tx *Tx) BankMessageSeen(ctx context.Context, kind, message string) (bool, error) {
	if message == "" {
		return false, nil
	}
	n, err := one[int](ctx, tx, tx.s.q.BankMessageSeen, params{"kind": kind, "message_id": message})
	return n > 0, err
}

// AddBankFile keeps a file before its lines.
func (tx *Tx) AddBankFile(ctx context.Context, by workflow.Actor, f BankFile, body []byte) (int64, error) {
	at, err := tx.Now()
	if err != nil {
		return 0, err
	}
	if _, err := exec(ctx, tx, tx.s.q.DropRefusedFile, params{"sha256": f.SHA256}); err != nil {
		return 0, fmt.Errorf("bank file: %w", err)
	}
	if len(f.Findings) == 0 {
		f.Findings = json.RawMessage("[]")
	}
	id, err := one[int64](ctx, tx, tx.s.q.InsertBankFile, params{"sha256": f.SHA256, "kind": f.Kind, "version": f.Version, "message_id": f.MessageID,
		"original": f.Original, "group_status": f.GroupStatus, "findings": []byte(f.Findings), "refusal": f.Refusal, "size": len(body), "by": nullID(by.ID), "at": at})
	if err != nil {
		return 0, fmt.Errorf("bank file: %w", err)
	}
	for n := 0; n*chunkSize < len(body); n++ {
		if _, err := exec(ctx, tx, tx.s.q.InsertBankChunk, params{"file": id, "n": n, "body": body[n*chunkSize : min(len(body), (n+1)*chunkSize)]}); err != nil {
			return 0, fmt.Errorf("bank file: %w", err)
		}
	}
	return id, nil
}

// BankPayments finds payments by end-to-end id, instruction id, PmtInfId or message id, and by UETR.
func (tx *Tx) BankPayments(ctx context.Context, references, uetrs []string) ([]BankPayment, error) {
	rows, err := many[BankPayment](ctx, tx, tx.s.q.BankPayments, params{"references": pq.StringArray(references), "uetrs": pq.StringArray(uetrs)})
	if err != nil {
		return nil, fmt.Errorf("payments of the bank's lines: %w", err)
	}
	return rows, nil
}

// BankPayment finds a payment by its number or one of its end-to-end ids.
func (tx *Tx) BankPayment(ctx context.Context, id int64, reference string) (BankPayment, error) {
	p, err := one[BankPayment](ctx, tx, tx.s.q.BankPaymentByID, params{"id": id, "reference": reference})
	return p, found(err, "payment", id)
}

// BankPaymentsByAmount finds payments of some amounts that were to be executed from one day until another.
func (tx *Tx) BankPaymentsByAmount(ctx context.Context, ore []int64, from, until workflow.Date) ([]BankPayment, error) {
	rows, err := many[BankPayment](ctx, tx, tx.s.q.BankPaymentsByAmount, params{"ore": pq.Int64Array(ore), "from": from.String(), "until": until.String()})
	if err != nil {
		return nil, fmt.Errorf("payments by amount: %w", err)
	}
	return rows, nil
}

// BankBookings lists what was booked of the payments so far.
func (tx *Tx) BankBookings(ctx context.Context, payments []int64) ([]BankBooking, error) {
	return many[BankBooking](ctx, tx, tx.s.q.BankBookings, params{"payments": pq.Int64Array(payments)})
}

// BankKeysSeen lists what earlier lines with these keys led to.
func (tx *Tx) BankKeysSeen(ctx context.Context, keys []string) ([]BankSeen, error) {
	return many[BankSeen](ctx, tx, tx.s.q.BankKeysSeen, params{"keys": pq.StringArray(keys)})
}

// BankLine reads a line, locked until the transaction ends.
func (tx *Tx) BankLine(ctx context.Context, file int64, n int) (BankLine, error) {
	l, err := one[BankLine](ctx, tx, tx.s.q.BankLineForUpdate, params{"file": file, "n": n})
	return l, found(err, "bank line", n)
}

// DoubtedBy lists the payments that only this line's contradiction leaves in doubt, in order of batch.
func (tx *Tx) DoubtedBy(ctx context.Context, file int64, n int) ([]BankPayment, error) {
	rows, err := many[BankPayment](ctx, tx, tx.s.q.DoubtedBy, params{"file": file, "n": n})
	if err != nil {
		return nil, fmt.Errorf("payments in doubt: %w", err)
	}
	return rows, nil
}

// ResolveBankLine keeps what a person said of a line.
func (tx *Tx) ResolveBankLine(ctx context.Context, by workflow.Actor, l BankLine) error {
	at, err := tx.Now()
	if err != nil {
		return err
	}
	_, err = exec(ctx, tx, tx.s.q.ResolveBankLine, params{"file": l.File, "n": l.N, "outcome": l.Outcome, "problem": l.Problem, "waits": l.Waits,
		"by": nullID(by.ID), "at": at, "reason": l.Reason})
	return err
}

// MovedByBank stores the batches whose payments the bank's answers have moved.
func (tx *Tx) MovedByBank(ctx context.Context, ids []int64) error {
	for _, id := range ids {
		b, err := tx.Batch(ctx, id)
		if err != nil {
			return err
		}
		if b.State == workflow.BatchCancelled {
			continue
		}
		if err := tx.saveBatch(ctx, workflow.AfterBank(b), b.Version); err != nil {
			return err
		}
	}
	return nil
}

// OpenClaims lists the decided claims that are not yet back.
func (tx *Tx) OpenClaims(ctx context.Context) ([]OpenClaim, error) {
	rows, err := many[struct {
		ID       int64  `db:"id"`
		DNR      string `db:"dnr"`
		Recovery []byte `db:"recovery"`
	}](ctx, tx, tx.s.q.OpenClaims, params{})
	if err != nil {
		return nil, fmt.Errorf("claims: %w", err)
	}
	var out []OpenClaim
	for _, r := range rows {
		c := OpenClaim{Application: r.ID, DNR: r.DNR}
		if err := json.Unmarshal(r.Recovery, &c.Recovery); err != nil {
			return nil, fmt.Errorf("claim of application %d: %w", r.ID, err)
		}
		if c.Recovery.Open() {
			out = append(out, c)
		}
	}
	return out, nil
}

// BankFile reads a file of the bank's. An unknown number is not found for everybody; then only finance and the auditor go on.
func (s *Store) BankFile(ctx context.Context, by workflow.Actor, id int64) (BankFile, error) {
	f, err := one[BankFile](ctx, s.db, s.q.BankFileByID, params{"id": id})
	if err != nil {
		return f, found(err, "bank file", id)
	}
	return f, seesBatches(by)
}

// BankFiles lists the files after an id, in order of arrival.
func (s *Store) BankFiles(ctx context.Context, by workflow.Actor, after int64, limit int) ([]BankFile, error) {
	if err := seesBatches(by); err != nil {
		return nil, err
	}
	rows, err := many[BankFile](ctx, s.db, s.q.ListBankFiles, params{"after": after, "limit": limit})
	if err != nil {
		return nil, fmt.Errorf("bank files: %w", err)
	}
	return rows, nil
}

// BankLines lists the lines of a file after number n. limit 0: all.
func (s *Store) BankLines(ctx context.Context, by workflow.Actor, file int64, n, limit int) ([]BankLine, error) {
	return bankLines(ctx, s.db, s.q.BankLines, by, file, n, limit)
}

// BankLines is Store.BankLines inside the transaction.
func (tx *Tx) BankLines(ctx context.Context, by workflow.Actor, file int64) ([]BankLine, error) {
	return bankLines(ctx, tx, tx.s.q.BankLines, by, file, 0, 0)
}

func bankLines(ctx context.Context, q querier, query string, by workflow.Actor, file int64, n, limit int) ([]BankLine, error) {
	p := params{"file": file, "reader": by.ID, "after": n, "limit": nil}
	if limit > 0 {
		p["limit"] = limit
	}
	rows, err := many[BankLine](ctx, q, query, p)
	if err != nil {
		return nil, fmt.Errorf("lines of bank file %d: %w", file, err)
	}
	return rows, nil
}

// FailedPayments lists what a person in finance must look at.
func (s *Store) FailedPayments(ctx context.Context, by workflow.Actor) ([]FailedPayment, error) {
	if err := seesBatches(by); err != nil {
		return nil, err
	}
	rows, err := many[FailedPayment](ctx, s.db, s.q.FailedPayments, params{"reader": by.ID})
	if err != nil {
		return nil, fmt.Errorf("failed payments: %w", err)
	}
	return rows, nil
}

// WaitingLines counts the bank's lines that wait for a person, beside those of FailedPayments.
func (s *Store) WaitingLines(ctx context.Context) (int, error) {
	return one[int](ctx, s.db, s.q.WaitingLines, params{})
}

// DropOldRefused forgets files that could not be read, days after they came.
func (tx *Tx) DropOldRefused(ctx context.Context, before time.Time) error {
	_, err := exec(ctx, tx, tx.s.q.DropOldRefused, params{"before": before})
	return err
}

// FinanceOnly refuses who has no finance role.
func FinanceOnly(by workflow.Actor) error {
	if by.Is(workflow.Finance1) || by.Is(workflow.Finance2) {
		return nil
	}
	return workflow.Forbidden{Code: "role"}
}

// Unfinanced tells whether an error only says that finance has entered nothing yet.
func Unfinanced(err error) bool {
	var r workflow.Refused
	return errors.As(err, &r) && r.Code == "no_finance_settings"
}

// BankPaymentsByID gives payments by number, as they stand in the batch they are in now,
// but those of cases in which the reader is in conflict of interest.
func (s *Store) BankPaymentsByID(ctx context.Context, by workflow.Actor, ids []int64) (map[int64]BankPayment, error) {
	rows, err := many[BankPayment](ctx, s.db, s.q.BankPaymentsNamed, params{"payments": pq.Int64Array(ids), "reader": by.ID})
	if err != nil {
		return nil, fmt.Errorf("payments: %w", err)
	}
	all := make(map[int64]BankPayment, len(rows))
	for _, p := range rows {
		all[p.Payment] = p
	}
	return all, nil
}

// BankPaymentsOpen lists payments that a line of the bank's may be about, and that the
// reader may match to it.
func (s *Store) BankPaymentsOpen(ctx context.Context, by workflow.Actor) ([]BankPayment, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	return many[BankPayment](ctx, s.db, s.q.BankPaymentsOpen, params{"since": workflow.DateOf(now).AddDays(-60).String(), "reader": by.ID})
}

// BankLine reads one line of a file, which who may not know of its case doesn't find.
func (s *Store) BankLine(ctx context.Context, by workflow.Actor, file int64, n int) (BankLine, error) {
	rows, err := s.BankLines(ctx, by, file, n-1, 1)
	if err == nil && (len(rows) == 0 || rows[0].N != n || rows[0].Withheld) {
		err = workflow.ErrNotFound
	}
	if err != nil {
		return BankLine{}, err
	}
	return rows[0], nil
}
