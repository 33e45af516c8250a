package sql

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fund/workflow"
	"fund/workflow/money"
)

type batchRow struct {
	ID      int64  `db:"id"`
	Version int64  `db:"version"`
	State   string `db:"state"`
	Record  []byte `db:"record"`
}

// batch completes a row: the record, and lines with their payments as they stand now.
func (s *Store) batch(ctx context.Context, q querier, r batchRow, after, limit int) (workflow.Batch, error) {
	b, err := r.head()
	if err != nil {
		return b, err
	}
	for l, err := range s.lines(ctx, q, r.ID, after, limit) {
		if err != nil {
			return b, err
		}
		b.Lines = append(b.Lines, l)
	}
	return b, nil
}

// head is the batch without its lines.
func (r batchRow) head() (workflow.Batch, error) {
	var b workflow.Batch
	if err := json.Unmarshal(r.Record, &b); err != nil {
		return b, fmt.Errorf("batch %d: %w", r.ID, err)
	}
	b.ID, b.Version, b.State = r.ID, r.Version, workflow.BatchState(r.State)
	return b, nil
}

// seesBatches: finance works with them, the auditor reads them.
func seesBatches(by workflow.Actor) error {
	if by.Machine || by.Is(workflow.Finance1) || by.Is(workflow.Finance2) || by.Is(workflow.Auditor) {
		return nil
	}
	return workflow.Forbidden{Code: "role"}
}

// Batch reads a payout batch.
func (s *Store) Batch(ctx context.Context, by workflow.Actor, id int64) (workflow.Batch, error) {
	row, err := s.batchSeen(ctx, by, id)
	if err != nil {
		return workflow.Batch{}, err
	}
	return s.batch(ctx, s.db, row, 0, 0)
}

// batchSeen finds a batch, and then asks whether the caller may see it: an
// unknown number is not found for everybody (contract.md, 3: 404 before 403).
func (s *Store) batchSeen(ctx context.Context, by workflow.Actor, id int64) (batchRow, error) {
	row, err := one[batchRow](ctx, s.db, s.q.Batch, params{"id": id})
	if err != nil {
		return row, found(err, "batch", id)
	}
	return row, seesBatches(by)
}

// BatchHeads lists the payout batches in order of id, without their lines.
func (s *Store) BatchHeads(ctx context.Context, by workflow.Actor) ([]workflow.Batch, error) {
	if err := seesBatches(by); err != nil {
		return nil, err
	}
	rows, err := many[batchRow](ctx, s.db, s.q.ListBatches, params{"after": 0, "limit": nil})
	if err != nil {
		return nil, fmt.Errorf("batches: %w", err)
	}
	out := make([]workflow.Batch, len(rows))
	for i, r := range rows {
		if out[i], err = r.head(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Batch reads a batch inside the transaction, locked until its end.
func (tx *Tx) Batch(ctx context.Context, id int64) (workflow.Batch, error) {
	row, err := one[batchRow](ctx, tx, tx.s.q.BatchForUpdate, params{"id": id})
	if err != nil {
		return workflow.Batch{}, found(err, "batch", id)
	}
	return tx.s.batch(ctx, tx, row, 0, 0)
}

// BatchHead reads a batch without its lines, locked until the transaction ends.
func (tx *Tx) BatchHead(ctx context.Context, id int64) (workflow.Batch, error) {
	row, err := one[batchRow](ctx, tx, tx.s.q.BatchForUpdate, params{"id": id})
	if err != nil {
		return workflow.Batch{}, found(err, "batch", id)
	}
	return row.head()
}

// financeSetting is the name under which finance's settings are kept.
const financeSetting = "finance"

// FinanceSettings gives the payer, the bank profile and the coding; a rehearsal
// has a filled table, production only what finance has entered.
func (tx *Tx) FinanceSettings(ctx context.Context) (workflow.FinanceSettings, error) {
	return tx.s.financeSettings(ctx, tx)
}

// FinanceSettings reads finance's settings.
func (s *Store) FinanceSettings(ctx context.Context) (workflow.FinanceSettings, error) {
	return s.financeSettings(ctx, s.db)
}

func (s *Store) financeSettings(ctx context.Context, q querier) (out workflow.FinanceSettings, err error) {
	raw, err := one[[]byte](ctx, q, s.q.Setting, params{"name": financeSetting})
	if none(err) {
		if s.rehearsal {
			return workflow.DefaultFinance(), nil
		}
		return out, workflow.Refused{Code: "no_finance_settings"}
	}
	if err != nil {
		return out, fmt.Errorf("finance settings: %w", err)
	}
	return out, json.Unmarshal(raw, &out)
}

// Payable lists the cases that have something to pay today and that the caller may see.
func (s *Store) Payable(ctx context.Context, by workflow.Actor) ([]workflow.Case, error) {
	if err := seesBatches(by); err != nil {
		return nil, err
	}
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	today := workflow.DateOf(now)
	ids, err := many[int64](ctx, s.db, s.q.PayablePayments, params{"today": today.String()})
	if err != nil {
		return nil, fmt.Errorf("payable: %w", err)
	}
	all, err := s.casesByID(ctx, s.db, ids, now)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(c workflow.Case) bool { return !workflow.Sees(c, by) || len(c.PayableNow(today)) == 0 }), nil
}

// ComposeBatch puts the payable instalments of the named cases into a new
// batch. One that cannot be paid refuses the whole.
func (s *Store) ComposeBatch(ctx context.Context, by workflow.Actor, apps []int64, payDate workflow.Date) (workflow.Batch, error) {
	if !by.Is(workflow.Finance1) && !by.Is(workflow.Finance2) {
		return workflow.Batch{}, workflow.Forbidden{Code: "role"}
	}
	var id int64
	err := s.InTx(ctx, func(tx *Tx) error {
		at, err := tx.Now()
		if err != nil {
			return err
		}
		if v := checkCompose(apps, payDate, workflow.DateOf(at)); len(v) > 0 {
			return v
		}
		settings, err := tx.FinanceSettings(ctx)
		if err != nil {
			return err
		}
		b := workflow.Batch{State: workflow.BatchDraft, PayDate: payDate, Execution: payDate, CreatedAt: at, CreatedBy: by.ID, Composer: by.Email}
		n, err := one[int64](ctx, tx, s.q.NextInSeries, params{"name": "batch", "year": workflow.DateOf(at).Year(), "count": 1})
		if err != nil {
			return fmt.Errorf("batch number: %w", err)
		}
		b.MessageID = fmt.Sprintf("IF-%s-%04d", strings.ReplaceAll(workflow.DateOf(at).String(), "-", ""), n)
		body, err := encode(b)
		if err != nil {
			return err
		}
		if id, err = one[int64](ctx, tx, s.q.InsertBatch, params{"message_id": b.MessageID, "record": body, "at": at}); err != nil {
			return fmt.Errorf("batch: %w", err)
		}
		b.ID, b.Version = id, 1
		sorted := slices.Clone(apps)
		slices.Sort(sorted)
		for some := range slices.Chunk(slices.Compact(sorted), movesAtOnce) {
			if err := tx.takeInto(ctx, &b, by, some, workflow.DateOf(at)); err != nil {
				return err
			}
		}
		if slices.ContainsFunc(b.Lines, workflow.BatchLine.Bank) {
			b.Execution = workflow.ExecutionDay(payDate, at, settings.CutoffHour)
		}
		if v := settings.Bank.Takes(b.Execution, workflow.DateOf(at), b.Lines); len(v) > 0 {
			return v
		}
		return tx.saveBatch(ctx, b, 1)
	})
	if err != nil {
		return workflow.Batch{}, err
	}
	return s.Batch(ctx, by, id)
}

func checkCompose(apps []int64, payDate, today workflow.Date) (v workflow.Violations) {
	if len(apps) == 0 {
		v = append(v, workflow.Violation{Field: "applications", Code: "required"})
	}
	if payDate.IsZero() {
		v = append(v, workflow.Violation{Field: "pay_date", Code: "required"})
	} else if payDate.Before(today) {
		v = append(v, workflow.Violation{Field: "pay_date", Code: "in_past"})
	}
	return v
}

// takeInto moves every payable instalment of some cases into the batch, in order of
// application: read, decided and stored together, as every step of many payments is.
func (tx *Tx) takeInto(ctx context.Context, b *workflow.Batch, by workflow.Actor, apps []int64, today workflow.Date) error {
	cases, err := tx.lockCases(ctx, apps)
	if err != nil {
		return err
	}
	var moves []workflow.Move
	first := len(b.Lines)
	for _, c := range cases {
		if !workflow.Sees(c, by) {
			return workflow.ErrNotFound
		}
	}
	for _, c := range cases {
		payable := c.PayableNow(today)
		if len(payable) == 0 {
			return notPayable(c, today)
		}
		for _, p := range payable {
			moves = append(moves, workflow.Move{Application: c.App.ID, Command: workflow.MovePayment{N: p.N, To: workflow.PayInBatch, Batch: b.ID}})
			b.Lines = append(b.Lines, lineOf(c, p, ""))
		}
	}
	if err := tx.movePayments(ctx, by, all(moves)); err != nil {
		return err
	}
	return tx.addLines(ctx, b, first, today)
}

// addLines gives the batch's lines from a place on their references, and stores them.
func (tx *Tx) addLines(ctx context.Context, b *workflow.Batch, first int, today workflow.Date) error {
	count := len(b.Lines) - first
	last, err := one[int64](ctx, tx, tx.s.q.NextInSeries, params{"name": "payment", "year": today.Year(), "count": count})
	if err != nil {
		return fmt.Errorf("payment number: %w", err)
	}
	rows := make([]params, count)
	for i := range rows {
		l := &b.Lines[first+i]
		l.Reference = fmt.Sprintf("IF%02d-U%06d", today.Year()%100, last-int64(count-1-i))
		line, err := encode(l)
		if err != nil {
			return err
		}
		rows[i] = params{"batch": b.ID, "payment": l.PaymentID, "application": l.Application, "reference": l.Reference, "uetr": uuid4(),
			"place": first + i + 1, "line": json.RawMessage(line)}
	}
	for _, query := range []string{tx.s.q.SetReferences, tx.s.q.InsertLines} {
		if _, err := tx.execRows(ctx, query, rows); err != nil {
			return fmt.Errorf("batch lines: %w", err)
		}
	}
	return nil
}

// notPayable says why nothing of the case can be paid.
func notPayable(c workflow.Case, today workflow.Date) error {
	code := "nothing_left"
	for _, p := range c.App.Payments {
		if unmet := workflow.UnmetFor(c, p, today); len(unmet) > 0 {
			code = unmet[0].Code
			break
		}
	}
	return workflow.Refused{Code: "not_payable", Args: map[string]any{"Unmet": code, "DNR": c.App.DNR}}
}

// uuid4 makes a random UUID version 4, as the bank message wants it.
func uuid4() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// lineOf makes a batch line of an instalment: who is paid, where, how much in öre.
func lineOf(c workflow.Case, p workflow.Payment, reference string) workflow.BatchLine {
	a := c.App
	l := workflow.BatchLine{PaymentID: p.ID, Application: a.ID, N: p.N, Reference: reference, Amount: money.Kronor(p.Sum()), Channel: p.Channel,
		Status: workflow.PayInBatch, Account: normal(a.Form.Applicant.Payment), AccountVers: a.Account.Version, DNR: a.DNR, Title: a.Form.Title, Level: c.Level()}
	if c.School != nil {
		l.SchoolID, l.Payee, l.Town, l.Operator = c.School.ID, c.School.Name, c.School.Town, c.School.Operator
		if c.School.OperatorName != "" && !c.School.Municipal() {
			l.Payee = c.School.OperatorName
		}
	} else {
		l.Payee, l.Operator = a.Form.Applicant.Organisation, "extern"
	}
	l.Payee = l.Account.Payee(l.Payee)
	if a.Decision != nil {
		l.DeciderID = a.Decision.DeciderID
	}
	return l
}

// normal gives the account as files need it: digits without blanks and hyphens.
func normal(p workflow.PayInto) workflow.PayInto {
	if n, wrong := workflow.CheckBankgiro(p.Bankgiro); wrong == nil {
		p.Bankgiro = n
	}
	if n, wrong := workflow.CheckPlusgiro(p.Plusgiro); wrong == nil {
		p.Plusgiro = n
	}
	if n, wrong := workflow.CheckIBAN(p.IBAN); wrong == nil {
		p.IBAN = n
	}
	if n, wrong := workflow.CheckAccount(p.Clearing, p.Account); wrong == nil {
		p.Clearing, p.Account = n.Clearing, n.Number
	}
	return p
}

// saveBatch stores a batch; its lines have rows of their own, which don't change.
func (tx *Tx) saveBatch(ctx context.Context, b workflow.Batch, from int64) error {
	b.Lines = nil
	body, err := encode(b)
	if err != nil {
		return err
	}
	p := params{"id": b.ID, "version": from + 1, "state": string(b.State), "record": body, "attest1": nil, "attest2": nil}
	if b.Attest1 != nil {
		p["attest1"] = b.Attest1.Person
	}
	if b.Attest2 != nil {
		p["attest2"] = b.Attest2.Person
	}
	n, err := exec(ctx, tx, tx.s.q.UpdateBatch, p)
	if err != nil {
		return fmt.Errorf("batch %d: %w", b.ID, err)
	}
	if n != 1 {
		return workflow.ErrStale
	}
	return nil
}

// BatchAction takes one step with a batch, and gives the whole batch as it then is.
func (s *Store) BatchAction(ctx context.Context, by workflow.Actor, id, seen int64, action string, body json.RawMessage) (workflow.Batch, error) {
	if err := s.StepBatch(ctx, by, id, seen, action, body); err != nil {
		return workflow.Batch{}, err
	}
	return s.Batch(ctx, by, id)
}

// StepBatch takes one step with a batch. Export is made by a job; the call
// waits until the files exist (ErrBusy after half a minute: ask again).
func (s *Store) StepBatch(ctx context.Context, by workflow.Actor, id, seen int64, action string, body json.RawMessage) error {
	if _, err := s.batchSeen(ctx, by, id); err != nil {
		return err
	}
	cmd, bad := workflow.ParseBatchCommand(workflow.Action(action), body)
	if errors.Is(bad, workflow.ErrNotFound) {
		return bad
	}
	err := s.InTx(ctx, func(tx *Tx) error {
		at, err := tx.Now()
		if err != nil {
			return err
		}
		if by, err = tx.authorise(ctx, by, at); err != nil {
			return err
		}
		if cmd.Action == workflow.BatchExport {
			return tx.askExport(ctx, by, id, seen, at, bad)
		}
		if workflow.Attests(cmd.Action) {
			return tx.attest(ctx, by, id, cmd, seen, at, bad)
		}
		b, err := tx.Batch(ctx, id)
		if err != nil {
			return err
		}
		after, moves, err := workflow.DecideBatch(b, by, cmd, seen, at)
		if err := orBody(err, bad); err != nil {
			return err
		}
		return tx.step(ctx, b, after, by, moves)
	})
	if err != nil || cmd.Action != workflow.BatchExport {
		return err
	}
	return s.waitExport(ctx, by, id)
}

// attest keeps a person's word about the lines of a batch, which are read one at a time,
// and refuses what the bank profile, as it is now, would not let through.
func (tx *Tx) attest(ctx context.Context, by workflow.Actor, id int64, cmd workflow.BatchCommand, seen int64, at time.Time, bad error) error {
	b, err := tx.BatchHead(ctx, id)
	if err != nil {
		return err
	}
	sum, err := tx.SumLines(ctx, b)
	if err != nil {
		return err
	}
	after, err := workflow.DecideAttest(b, sum, by, cmd, seen, at)
	if err := orBody(err, bad); err != nil {
		return err
	}
	settings, err := tx.FinanceSettings(ctx)
	if err == nil {
		err = settings.Bank.TakesStill(b.Execution, workflow.DateOf(at), sum)
	}
	if err != nil && !Unfinanced(err) {
		return err
	}
	return tx.saveBatch(ctx, after, b.Version)
}

// orBody is why a step is refused, or else what is wrong with its body. Where the step
// misses a field the body's own fault says more.
func orBody(err, bad error) error {
	var wrong workflow.Violations
	if err == nil || bad != nil && errors.As(err, &wrong) {
		return bad
	}
	return err
}

// authorise gives a person the rights and the limit that finance's settings say, as they stand in this transaction.
func (tx *Tx) authorise(ctx context.Context, by workflow.Actor, at time.Time) (workflow.Actor, error) {
	settings, err := tx.FinanceSettings(ctx)
	if Unfinanced(err) {
		return by, nil
	}
	return settings.Authorise(by, workflow.DateOf(at)), err
}

// SaveFinanceSettings changes finance's settings, and keeps in the access log who did.
func (s *Store) SaveFinanceSettings(ctx context.Context, by workflow.Actor, f workflow.FinanceSettings) error {
	if !by.Is(workflow.Admin) {
		return workflow.Forbidden{Code: "role"}
	}
	if v := f.Check(); len(v) > 0 {
		return v
	}
	if err := s.SetSetting(ctx, by, financeSetting, f); err != nil {
		return err
	}
	return s.NoteAccess(ctx, by.ID, 0, "finance settings")
}

// step stores a batch's step together with those of its payments, in order of application.
func (tx *Tx) step(ctx context.Context, before, after workflow.Batch, by workflow.Actor, moves []workflow.Move) error {
	slices.SortStableFunc(moves, func(a, b workflow.Move) int { return cmp.Compare(a.Application, b.Application) })
	if err := tx.movePayments(ctx, by, all(moves)); err != nil {
		return err
	}
	if after.State == workflow.BatchCancelled {
		if _, err := exec(ctx, tx, tx.s.q.EndLines, params{"batch": before.ID}); err != nil {
			return fmt.Errorf("batch lines: %w", err)
		}
	}
	return tx.saveBatch(ctx, after, before.Version)
}

// BatchFiles lists the files of a batch.
func (s *Store) BatchFiles(ctx context.Context, by workflow.Actor, id int64) ([]DocumentRow, error) {
	if _, err := s.batchSeen(ctx, by, id); err != nil {
		return nil, err
	}
	rows, err := many[DocumentRow](ctx, s.db, s.q.BatchFiles, params{"batch": id})
	if err != nil {
		return nil, fmt.Errorf("files of batch %d: %w", id, err)
	}
	return rows, nil
}

// BatchFile reads one file of a batch: always the bytes that were made.
func (s *Store) BatchFile(ctx context.Context, by workflow.Actor, id int64, name string) (DocumentRow, []byte, error) {
	if _, err := s.batchSeen(ctx, by, id); err != nil {
		return DocumentRow{}, nil, err
	}
	row, err := one[DocumentRow](ctx, s.db, s.q.BatchFileRow, params{"batch": id, "name": name})
	if err != nil {
		return row, nil, found(err, "file", name)
	}
	body, err := s.documentBody(ctx, row.ID)
	return row, body, err
}
