package jobs

import (
	"fmt"
	"iter"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
	"fund/workflow/money"
)

// many is how many payments the benchmark of the files writes.
const many = 100_000

// batchSizes are the batches that are exported through the database: a hundred
// payments, and so many that memory which grew with them would be seen. The whole
// hundred thousand take minutes and run with FUND_TEST_LONG=1.
func batchSizes() []int {
	if os.Getenv("FUND_TEST_LONG") != "" {
		return []int{100, many}
	}
	return []int{100, 10_000}
}

// mostMemory is what an export may take (design/payments.md, section 9), in MiB. The
// workbook's library needs most of it: it keeps 16 MiB of each sheet, the rest on disk.
const mostMemory = 64

// peakOf runs f under a limit that makes the collector keep up, and gives how many MiB
// the heap grew at most.
func peakOf(b *testing.B, f func()) int64 {
	b.Helper()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	own := stats.HeapAlloc
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(int64(own) + 48<<20))
	var peak atomic.Uint64
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		var stats runtime.MemStats
		for {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
				runtime.ReadMemStats(&stats)
				peak.Store(max(peak.Load(), stats.HeapAlloc))
			}
		}
	}()
	f()
	close(stop)
	<-done
	more := (int64(peak.Load()) - int64(own)) >> 20
	b.ReportMetric(float64(more), "peak-MiB")
	if more > mostMemory {
		b.Errorf("the heap grew by %d MiB, want at most %d", more, mostMemory)
	}
	return more
}

// BenchmarkFilesOfHundredThousand makes every file of a batch of both channels.
func BenchmarkFilesOfHundredThousand(b *testing.B) {
	batch := attestedBatch()
	lines := func(yield func(workflow.BatchLine) bool) {
		for n := range many {
			l := batch.Lines[n%len(batch.Lines)]
			l.PaymentID, l.Application, l.Reference = int64(n+1), int64(n+1), fmt.Sprintf("IF27-U%06d", n+1)
			l.UETR, l.Amount = fmt.Sprintf("6d0f3c1e-5b7a-4c21-9e44-%012x", n+1), money.Kronor(int64(n+1))
			if !yield(l) {
				return
			}
		}
	}
	sum := workflow.NewLineSum(batch)
	for l := range lines {
		if err := sum.Add(l); err != nil {
			b.Fatal(err)
		}
	}
	source := func(r sql.LineRange) iter.Seq2[sql.ExportLine, error] {
		wanted := " " + strings.Join(r.Channels, " ") + " "
		return func(yield func(sql.ExportLine, error) bool) {
			n := 0
			for l := range lines {
				if !strings.Contains(wanted, " "+l.Channel+" ") {
					continue
				}
				if n++; n <= r.Skip || r.Count > 0 && n > r.Skip+r.Count {
					continue
				}
				if !yield(sql.ExportLine{BatchLine: l, School: l.Payee, UnitCode: "12345678", OrgNo: "2120002643"}, nil) {
					return
				}
			}
		}
	}
	bank, err := sum.Of(bankChannels...)
	if err != nil {
		b.Fatal(err)
	}
	want := filesFor(bank.Payments)
	for b.Loop() {
		peakOf(b, func() {
			made, err := export(batch, sum, workflow.DefaultFinance(), source)
			if err != nil || len(made.files) != want {
				b.Fatalf("%d files (%v), want %d", len(made.files), err, want)
			}
			if err := made.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// filesFor is how many files a batch of both channels has: five, and each message to the
// bank in two versions.
func filesFor(bank int) int { return 5 + 2*workflow.DefaultFinance().Bank.Messages(bank) }

// BenchmarkExport does the job of an export through the database: lines read, files made
// and stored, every case taken a step further, within the export's
// memory. What a large batch takes beyond a small one is reported as a ratio.
func BenchmarkExport(b *testing.B) {
	least := int64(0)
	for _, n := range batchSizes() {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			done := false
			for b.Loop() {
				if done { // a second run finds it done
					continue
				}
				done = true
				peak := exportMany(b, n)
				if least == 0 {
					least = max(peak, 1)
				}
				b.ReportMetric(float64(peak)/float64(least), "of-the-smallest")
			}
		})
	}
}

// exportMany exports a batch of n payments and gives how many MiB the heap grew.
func exportMany(b *testing.B, n int) (peak int64) {
	h := open(b)
	app, batch := h.attested()
	sqltest.Multiply(b, h.url, app, batch, n)
	var digest string
	if err := h.store.InTx(b.Context(), func(tx *sql.Tx) error {
		head, err := tx.BatchHead(b.Context(), batch)
		if err != nil {
			return err
		}
		sum, err := tx.SumLines(b.Context(), head)
		digest = sum.Digest()
		return err
	}); err != nil {
		b.Fatal(err)
	}
	attest := `UPDATE batches SET record = jsonb_set(jsonb_set(record, '{attest1,digest}', '"%[2]s"'), '{attest2,digest}', '"%[2]s"') WHERE id = %[1]d`
	if err := sqltest.Exec(h.url, fmt.Sprintf(attest, batch, digest)); err != nil {
		b.Fatal(err)
	}
	job := h.asked(batch)
	started := time.Now()
	peak = peakOf(b, func() {
		if err := h.runner.Work(b.Context(), job.ID); err != nil {
			b.Fatal(err)
		}
	})
	took := time.Since(started)
	b.ReportMetric(took.Seconds(), "job-seconds")
	if limit := limitOf(job.Kind); took > limit {
		b.Errorf("the job took %s, and is ended after %s", took, limit)
	}
	if files, want := h.files(batch), filesFor(n*3/4); len(files) != want {
		b.Errorf("files %v, want %d", files, want)
	}
	if h.payment(app) != workflow.PayExported {
		b.Errorf("payment is %s", h.payment(app))
	}
	return peak
}
