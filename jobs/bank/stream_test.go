package bank

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// made writes a file of n lines as it is read, so that the file itself takes no memory.
func made(n int, line func(i int) string, head, tail string) io.Reader {
	r, w := io.Pipe()
	go func() {
		var b bytes.Buffer
		b.WriteString(head)
		for i := range n {
			b.WriteString(line(i))
			if b.Len() > 1<<16 || i == n-1 {
				if _, err := w.Write(b.Bytes()); err != nil {
					return
				}
				b.Reset()
			}
		}
		_, err := io.WriteString(w, tail)
		w.CloseWithError(err) // nil is the end of the file
	}()
	return r
}

func manyPayments(n int) io.Reader {
	whole := painFile("", inf("IF-20260901-0001-1", "ACSP", "%"))
	head, tail, _ := strings.Cut(whole, "%")
	return made(n, func(i int) string { return tx(fmt.Sprintf("IF26-U%06d", i), "ACSC") }, head, tail)
}

func manyBookings(n int) io.Reader {
	head, tail, _ := strings.Cut(camtFile("%"), "%")
	return made(n, func(i int) string {
		return `<Ntry><Amt Ccy="SEK">125.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>` + details(refs(fmt.Sprintf("IF26-U%06d", i))) + `</Ntry>`
	}, head, tail)
}

// heapLimit is what reading may add to the heap, the keys of all lines included.
const heapLimit = 32 << 20

// Not parallel: it looks at the heap of the whole process.
func TestReadingNeedsLittleMemory(t *testing.T) {
	for name, src := range map[string]io.Reader{"pain.002": manyPayments(100_000), "camt.053": manyBookings(100_000)} {
		var before, now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		peak, lines := uint64(0), 0
		_, err := Read(src, func(l Line) error {
			lines++
			if lines%20_000 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&now)
				peak = max(peak, now.HeapAlloc)
			}
			return nil
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if lines < 100_000 {
			t.Errorf("%s: %d lines", name, lines)
		}
		if peak > before.HeapAlloc+heapLimit {
			t.Errorf("%s: the heap grew by %d MiB", name, (peak-before.HeapAlloc)>>20)
		}
		t.Logf("%s: %d KiB", name, (int64(peak)-int64(before.HeapAlloc))>>10)
	}
}

// Two thousand findings are one with a count.
func TestFindingsDoNotPileUp(t *testing.T) {
	t.Parallel()
	f := mustReadAll(t, painFile("", inf("P", "ACSP", strings.Repeat(`<TxInfAndSts><Foo/></TxInfAndSts>`, 2000))))
	for _, x := range f.Findings {
		if x.Code == FindingElement && x.Count != 2000 {
			t.Errorf("count %d", x.Count)
		}
	}
	if len(f.Findings) > 5 {
		t.Errorf("%d findings", len(f.Findings))
	}
}

func FuzzRead(f *testing.F) {
	for _, dir := range []string{"camt", "pain002", "pain001"} {
		names, err := filepath.Glob(filepath.Join(samples, dir, "*.xml"))
		if err != nil {
			f.Fatal(err)
		}
		for _, n := range names {
			data, err := os.ReadFile(n)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Add([]byte(camtFile(entry("DBIT", "BOOK", `<NtryDtls><Btch><PmtInfId>P</PmtInfId></Btch></NtryDtls>`))))
	f.Add([]byte("\xef\xbb\xbf" + painFile(`<GrpSts>RJCT</GrpSts>`, inf("P", "", tx("E", "")))))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		start := time.Now()
		one, err := ReadAll(bytes.NewReader(data))
		two, again := ReadAll(bytes.NewReader(data))
		if took := time.Since(start); took > 5*time.Second {
			t.Fatalf("%d bytes took %s", len(data), took)
		}
		if (err == nil) != (again == nil) || one.SHA256 != two.SHA256 || len(one.Lines) != len(two.Lines) {
			t.Fatalf("two readings differ: %v, %v", err, again)
		}
		if err != nil {
			if _, _, _, ok := Refusal(err); !ok {
				t.Fatalf("an error without words: %v", err)
			}
			return
		}
		keys := map[string]bool{}
		for i, l := range one.Lines {
			if l.Key != two.Lines[i].Key || keys[l.Key] {
				t.Fatalf("line %d: its key is not its own", l.N)
			}
			keys[l.Key] = true
			if sv, en := l.Words(); sv == "" || en == "" {
				t.Fatalf("line %d has no words: %+v", l.N, l)
			}
			if l.AmountOre < 0 || !l.HasAmount && l.AmountOre != 0 {
				t.Fatalf("amount %d", l.AmountOre)
			}
			for _, s := range []PaymentStatus{Exported, Sent, Accepted, Paid, Rejected, Returned, Replaced, Unclear} {
				Next(Standing{Status: s}, l, Policy{})
			}
			if _, err := Find(l, ledger(payments, nil)); err != nil {
				t.Fatal(err)
			}
			Bulk(l, payments)
			l.References()
		}
		one.Answer()
	})
}

func BenchmarkRead(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		if _, err := Read(manyPayments(10_000), func(Line) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
