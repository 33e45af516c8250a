package table_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fund/jobs/row"
	"fund/jobs/table"
	"fund/workflow/money"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func each[R any](rows ...R) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func bookings() []row.Booking {
	debit := row.Booking{
		Batch: "IF-20270209-0023", Row: 1, Day: day(2027, 2, 11), CostCentre: "1010", Activity: "920", Account: "4519",
		Task: "IF", Project: "IF2701", Counterparty: "140", Debit: money.Kronor(64800), Text: "IF27-U000310 Baldergymnasiet del 1",
		CaseNumber: "2026/0101", Attest1: "Maria Lövgren 2027-02-09 10:31", Attest2: "Åke Öberg 2027-02-09 11:02",
	}
	credit := debit
	credit.Row, credit.CostCentre, credit.Activity, credit.Account, credit.Counterparty = 2, "6110", "450", "3519", "110"
	credit.Debit, credit.Credit = 0, debit.Debit
	odd, odder := debit, credit
	odd.Row, odd.Debit, odd.Text, odd.Object = 3, 1, "=Skolan; \"Norr\"", "-7"
	odder.Row, odder.Credit, odder.Text, odder.Attest2 = 4, 1, "två\r\nrader", "@SUM(A1)"
	return []row.Booking{debit, credit, odd, odder}
}

func payments() []row.Payment {
	return []row.Payment{
		{Payment: "IF26-U000123", CaseNumber: "2026-412", School: "Friskolan Björken AB", UnitCode: "12345678", OrgNo: "559999-1238", Method: "Bankgiro", Account: "5912-3455", Amount: money.Kronor(12500), Day: day(2026, 11, 30), Status: "Exporterad"},
		{Payment: "IF26-U000128", CaseNumber: "2026-420", School: `=Skolan; "Norr"`, UnitCode: "12345679", OrgNo: "802499-1237", Method: "Plusgiro", Account: "12345-5", Amount: money.Kronor(-100), Day: day(2026, 11, 30), Status: "Återbetald"},
		{Payment: "IF26-U000129", CaseNumber: "2026-421", School: "\u00a0＝cmd|' /C calc'!A0", UnitCode: "", OrgNo: "", Method: "Konto", Account: "5368-1234566", Amount: 1, Day: day(2026, 12, 1), Status: "Exporterad 🎒"},
	}
}

func TestGoldenTables(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		encode func(io.Writer) error
	}{
		{"bokforingsorder", func(w io.Writer) error { return table.EncodeBookings(w, row.Swedish, each(bookings()...)) }},
		{"bookings", func(w io.Writer) error { return table.EncodeBookings(w, row.English, each(bookings()...)) }},
		{"utbetalningar", func(w io.Writer) error { return table.EncodePayments(w, row.Swedish, each(payments()...)) }},
		{"payments", func(w io.Writer) error { return table.EncodePayments(w, row.English, each(payments()...)) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got, again bytes.Buffer
			if err := errors.Join(test.encode(&got), test.encode(&again)); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", test.name+".csv")
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("table (-want +got):\n%s", diff)
			}
			if !bytes.Equal(got.Bytes(), again.Bytes()) {
				t.Error("the second time the bytes differ")
			}
			mustPass(t, golden)
		})
	}
}

// The first two payments are those of the example, byte for byte.
func TestPaymentsAreTheExample(t *testing.T) {
	t.Parallel()
	var got bytes.Buffer
	if err := table.EncodePayments(&got, row.Swedish, each(payments()[:2]...)); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../../testdata/examples/good/payout.csv")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), strings.ReplaceAll(got.String(), "\r\n", "\n")); diff != "" {
		t.Errorf("table (-example +got):\n%s", diff)
	}
}

// A reader of the standard library gets each text back, but for line ends and
// the apostrophe of a defused formula; the checker finds nothing live.
func TestAnyTextSurvives(t *testing.T) {
	t.Parallel()
	start := rapid.SampledFrom([]string{"", "=", "+1", "-", "@", " =", "\t", "\r\n", "\u00a0=", "\u200b@", "\ufeff=", "＝", "\"", "'", ";"})
	rapid.Check(t, func(t *rapid.T) {
		p := payments()[0]
		p.School = start.Draw(t, "start") + rapid.String().Draw(t, "school")
		p.Status = start.Draw(t, "start") + rapid.String().Draw(t, "status")
		var got bytes.Buffer
		if err := table.EncodePayments(&got, row.Swedish, each(p)); err != nil {
			t.Fatal(err)
		}
		text, ok := strings.CutPrefix(got.String(), "\ufeff")
		if !ok || strings.Count(text, "\r\n") != 2 || strings.Count(text, "\n") != 2 || strings.Count(text, "\r") != 2 {
			t.Fatalf("not two lines: %q", text)
		}
		r := csv.NewReader(strings.NewReader(text))
		r.Comma = ';'
		records, err := r.ReadAll()
		if err != nil || len(records) != 2 || len(records[1]) != 10 {
			t.Fatalf("%v: %v in %q", err, records, text)
		}
		for field, want := range map[int]string{2: p.School, 9: p.Status} {
			got := records[1][field]
			visible := strings.TrimLeft(got, " \u00a0\u200b\ufeff\u3000")
			if visible != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(visible)[0]) {
				t.Fatalf("%q is live as %q", want, got)
			}
			got = strings.TrimPrefix(got, "'")
			if squeeze(got) != squeeze(strings.TrimPrefix(want, "'")) {
				t.Fatalf("%q came back as %q", want, got)
			}
		}
		if records[1][7] != "12500,00" || records[1][8] != "2026-11-30" {
			t.Fatalf("number and date are %q, %q", records[1][7], records[1][8])
		}
	})
}

// squeeze leaves out what may become a blank.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7f && r <= 0x9f || r == '\u2028' || r == '\u2029' {
			return -1
		}
		return r
	}, s)
}

func TestRandomTablesPassTheChecker(t *testing.T) {
	t.Parallel()
	draw := rapid.Custom(func(t *rapid.T) []row.Payment {
		rows := make([]row.Payment, 40)
		for i := range rows {
			rows[i] = payments()[i%3]
			rows[i].School = rapid.String().Draw(t, "school")
			// the checker takes this character for its own end of file
			rows[i].Status = strings.ReplaceAll(rapid.String().Draw(t, "status"), "\x01", "")
			rows[i].Amount = money.SEK(rapid.Int64Range(-1e9, -1).Draw(t, "ore"))
		}
		return rows
	})
	for seed := range 3 {
		var b bytes.Buffer
		if err := table.EncodePayments(&b, row.English, each(draw.Example(seed)...)); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), "utbetalningar.csv")
		if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		mustPass(t, name)
	}
}

func TestRefusalsNameTheField(t *testing.T) {
	t.Parallel()
	lost := errors.New("connection lost")
	book := func(change func([]row.Booking)) error {
		rows := bookings()
		change(rows)
		return table.EncodeBookings(io.Discard, row.Swedish, each(rows...))
	}
	pay := func(change func(*row.Payment)) error {
		p := payments()[0]
		change(&p)
		return table.EncodePayments(io.Discard, row.Swedish, each(p))
	}
	tests := []struct {
		name, want string
		err        error
	}{
		{"good booking", "", book(func([]row.Booking) {})},
		{"good payment", "", pay(func(*row.Payment) {})},
		{"batch", "row 1 batch: missing", book(func(b []row.Booking) { b[0].Batch = "" })},
		{"row", "row number: 0", book(func(b []row.Booking) { b[0].Row = 0 })},
		{"day", "row 1 day: missing", book(func(b []row.Booking) { b[0].Day = time.Time{} })},
		{"account", "row 2 account: missing", book(func(b []row.Booking) { b[1].Account = " " })},
		{"both sides", "row 1 debit and credit: 64800.00 and 0.01", book(func(b []row.Booking) { b[0].Credit = 1 })},
		{"no side", "row 1 debit and credit:", book(func(b []row.Booking) { b[0].Debit = 0 })},
		{"negative", "row 1 debit and credit:", book(func(b []row.Booking) { b[0].Debit = -1 })},
		{"unbalanced", "debit 64800.02 and credit 64800.01 differ", book(func(b []row.Booking) { b[2].Debit = 2 })},
		{"overflow", "row 3 debit:", book(func(b []row.Booking) { b[0].Debit = 1<<63 - 1 })},
		{"not utf-8", "row 1 Text: not UTF-8", book(func(b []row.Booking) { b[0].Text = "\xe5" })},
		{"reference", "payment reference: missing", pay(func(p *row.Payment) { p.Payment = "" })},
		{"amount", "amount: zero", pay(func(p *row.Payment) { p.Amount = 0 })},
		{"payment day", "day: missing", pay(func(p *row.Payment) { p.Day = time.Time{} })},
		{"school", "School: not UTF-8", pay(func(p *row.Payment) { p.School = "\xff" })},
		{"language", "language:", table.EncodePayments(io.Discard, "de", each(payments()...))},
		{"source", "connection lost", table.EncodePayments(io.Discard, "sv", func(yield func(row.Payment, error) bool) { yield(row.Payment{}, lost) })},
		{"writer", "closed pipe", table.EncodePayments(brokenPipe{}, "sv", each(payments()...))},
	}
	for _, test := range tests {
		if test.want == "" && test.err != nil || test.want != "" && (test.err == nil || !strings.Contains(test.err.Error(), test.want)) {
			t.Errorf("%s: error %v, want %q", test.name, test.err, test.want)
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// BenchmarkHundredThousandPayments fails if the heap grows with the rows.
func BenchmarkHundredThousandPayments(b *testing.B) {
	const count = 100_000
	for b.Loop() {
		var peak uint64
		var stats runtime.MemStats
		stream := func(yield func(row.Payment, error) bool) {
			for n := range count {
				if n%10_000 == 0 {
					runtime.ReadMemStats(&stats)
					peak = max(peak, stats.HeapAlloc)
				}
				p := payments()[0]
				p.Payment = fmt.Sprintf("IF26-U%06d", n)
				if !yield(p, nil) {
					return
				}
			}
		}
		if err := table.EncodePayments(io.Discard, row.Swedish, stream); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
		if peak > 32<<20 {
			b.Fatalf("heap of %d MiB for %d payments, want at most 32", peak>>20, count)
		}
	}
}
