package jobs

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"time"

	"fund/workflow"
	"fund/workflow/money"
)

// BenchmarkExportOfHundredThousand makes every file of a batch with 100 000
// payments of both channels, and fails if that takes more than 96 MiB beside
// the batch itself. The workbook's library needs most of it: it keeps 16 MiB of
// each sheet, and the rest on disk. Booking order and bank files take 32 MiB.
func BenchmarkExportOfHundredThousand(b *testing.B) {
	const count = 100_000
	batch, _ := attestedBatch()
	kinds := batch.Lines
	batch.Lines = make([]workflow.BatchLine, count)
	payees := make(map[int64]payee, count)
	for n := range count {
		l := kinds[n%len(kinds)]
		l.PaymentID, l.Application, l.Reference = int64(n+1), int64(n+1), fmt.Sprintf("IF27-U%06d", n+1)
		l.UETR, l.Amount = fmt.Sprintf("6d0f3c1e-5b7a-4c21-9e44-%012x", n+1), money.Kronor(int64(n+1))
		batch.Lines[n] = l
		payees[l.Application] = payee{school: l.Payee, unitCode: "12345678", orgNo: "2120002643"}
	}
	settings := workflow.DefaultFinance()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	own := stats.HeapAlloc
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(int64(own) + 80<<20))
	for b.Loop() {
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
		made, err := export(batch, settings, payees)
		close(stop)
		<-done
		if err != nil {
			b.Fatal(err)
		}
		if len(made.files) != 7 {
			b.Fatalf("%d files, want 7", len(made.files))
		}
		if err := made.Close(); err != nil {
			b.Fatal(err)
		}
		more := int64(peak.Load()) - int64(own)
		b.ReportMetric(float64(more)/(1<<20), "peak-MiB")
		if more > 96<<20 {
			b.Fatalf("%d MiB beside the batch of %d MiB, want at most 96", more>>20, own>>20)
		}
	}
	runtime.KeepAlive(batch)
}
