package jobs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"fund/sql"
	"fund/workflow"
)

// attested takes a case as far as a batch with two attests; the runner is not started.
func (h *house) attested() (app, batch int64) {
	h.t.Helper()
	h.round()
	h.clock("2026-02-02T10:00:00+01:00")
	app = h.draft(outgoing())
	h.file(app)
	h.work()
	h.decide(app)
	h.work()
	h.ready(app)
	h.work()
	// The jobs on the way are delivered while the clock walks over them.
	h.double = true
	h.clock("2026-07-01T09:00:00+02:00")
	h.double = false
	b, err := h.store.ComposeBatch(h.t.Context(), h.who("finance1"), []int64{app}, workflow.NewDate(2026, time.July, 3))
	if err != nil {
		h.t.Fatal(err)
	}
	h.batch("finance1", b.ID, workflow.BatchAttest1, `{}`)
	h.batch("finance2", b.ID, workflow.BatchAttest2, `{}`)
	return app, b.ID
}

// work does every job that is due, and those that they lead to.
func (h *house) work() {
	h.t.Helper()
	for jobs := h.due(); len(jobs) > 0; jobs = h.due() {
		for _, j := range jobs {
			if err := h.runner.Work(h.t.Context(), j.ID); err != nil {
				h.t.Fatalf("%s: %v", j.Kind, err)
			}
		}
	}
}

// asked lets finance ask for the files and go away, and gives the job that will make them.
func (h *house) asked(batch int64) sql.Job {
	h.t.Helper()
	ctx, leave := context.WithCancel(h.t.Context())
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_, _ = h.store.BatchAction(ctx, h.who("finance1"), batch, workflow.AnyVersion, string(workflow.BatchExport), nil) // it waits for files until it leaves
	}()
	defer func() {
		leave()
		<-gone
	}()
	for h.t.Context().Err() == nil {
		due := h.due()
		if i := slices.IndexFunc(due, func(j sql.Job) bool { return j.Kind == workflow.JobExportBatch }); i >= 0 {
			return due[i]
		}
	}
	h.t.Fatal("no job to export")
	return sql.Job{}
}

// files are the names of a batch's files with the SHA-256 of what a download gives.
func (h *house) files(batch int64) map[string]string {
	h.t.Helper()
	rows, err := h.store.BatchFiles(h.t.Context(), h.who("finance1"), batch)
	if err != nil {
		h.t.Fatal(err)
	}
	all := map[string]string{}
	for _, row := range rows {
		_, body, err := h.store.BatchFile(h.t.Context(), h.who("finance1"), batch, row.Name)
		if err != nil {
			h.t.Fatal(err)
		}
		sum := sha256.Sum256(body)
		all[row.Name] = hex.EncodeToString(sum[:])
		if all[row.Name] != row.SHA256 {
			h.t.Errorf("%s: the stored sum is not that of the bytes", row.Name)
		}
	}
	return all
}

func (h *house) payment(app int64) string {
	h.t.Helper()
	return h.read(app).App.Payments[0].Status
}

func TestExportIsAllOrNothingAndOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	app, batch := h.attested()
	job := h.asked(batch)

	// Killed after the files are made and before the end of the transaction.
	ctx, kill := context.WithCancel(t.Context())
	err := h.store.Work(ctx, job.ID, func(ctx context.Context, tx *sql.Tx, j sql.Job) error {
		if err := h.runner.dispatch(ctx, tx, j); err != nil {
			t.Errorf("export: %v", err)
		}
		kill()
		return ctx.Err()
	})
	if err == nil || len(h.files(batch)) != 0 || h.payment(app) != workflow.PayInBatch {
		t.Fatalf("after the kill: %v, files %v, payment %s", err, h.files(batch), h.payment(app))
	}

	if err := h.runner.Work(t.Context(), job.ID); err != nil {
		t.Fatal(err)
	}
	made := h.files(batch)
	if len(made) != 4 || made["sie.si"] == "" || made["bokforingsorder.csv"] == "" || made["payouts.xlsx"] == "" || made["manifest.json"] == "" {
		t.Errorf("files %v, want the booking order, its list, the workbook and the manifest", made)
	}
	if h.payment(app) != workflow.PayExported {
		t.Errorf("payment is %s, want exported", h.payment(app))
	}

	// A second row for the same batch finds it exported.
	if err := h.store.InTx(t.Context(), func(tx *sql.Tx) error {
		return tx.AddJob(t.Context(), sql.Job{Batch: batch, Kind: workflow.JobExportBatch})
	}); err != nil {
		t.Fatal(err)
	}
	h.work()
	if again := h.files(batch); len(again) != len(made) || again["sie.si"] != made["sie.si"] {
		t.Errorf("files after a second run %v, want %v", again, made)
	}
}

func TestExportOfACancelledBatchMakesNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	_, batch := h.attested()
	job := h.asked(batch)
	h.batch("finance2", batch, workflow.BatchCancel, `{"reason":"Fel belopp."}`)
	if err := h.runner.Work(t.Context(), job.ID); err != nil {
		t.Fatal(err)
	}
	if files := h.files(batch); len(files) != 0 {
		t.Errorf("a cancelled batch has files %v", files)
	}
}

func TestPaidMailSaysTheSum(t *testing.T) {
	t.Parallel()
	h := open(t)
	app, batch := h.attested()
	job := h.asked(batch)
	if err := h.runner.Work(t.Context(), job.ID); err != nil {
		t.Fatal(err)
	}
	h.batch("finance1", batch, workflow.BatchMarkPaid, `{"on":"2026-07-01","voucher":"V1"}`)
	h.work()
	if got := h.mailsTo(app, "teacher@example.org", "paid"); got != 1 {
		t.Fatalf("%d mails about a payment, want 1", got)
	}
	for _, line := range h.mailLines(app) {
		if strings.Contains(line, " paid to teacher@example.org") && !strings.Contains(plain(line), "30 000 kr") {
			t.Errorf("the mail does not say the sum:\n%s", line)
		}
	}
}
