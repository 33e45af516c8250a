package sql

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"fund/workflow"
)

type batchRow struct {
	ID      int64  `db:"id"`
	Version int64  `db:"version"`
	State   string `db:"state"`
	Record  []byte `db:"record"`
}

// batch completes a row: the record, and lines with their payments as they stand now.
func (s *Store) batch(ctx context.Context, q querier, reader int64, r batchRow, after, limit int) (workflow.Batch, error) {
	b, err := r.head()
	if err != nil {
		return b, err
	}
	for l, err := range s.lines(ctx, q, reader, r.ID, after, limit) {
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
	return s.batch(ctx, s.db, by.ID, row, 0, 0)
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
	return tx.s.batch(ctx, tx, 0, row, 0, 0)
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

// HandlesBatch refuses who is in conflict of interest in one of the batch's cases.
func (s *Store) HandlesBatch(ctx context.Context, by workflow.Actor, id int64) error {
	gists, err := s.BatchGists(ctx, id)
	if err != nil {
		return err
	}
	gist := gists[id]
	return gist.Handles(by)
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
	if err := s.HandlesBatch(ctx, by, id); err != nil {
		return row, nil, err
	}
	body, err := s.documentBody(ctx, row.ID)
	return row, body, err
}
