package xlsx_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"fund/jobs/row"
	"fund/jobs/xlsx"
	"fund/workflow/money"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.FixedZone("CET", 3600))
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

func workbook(l row.Language) xlsx.Workbook {
	at := time.Date(2027, 2, 9, 11, 5, 30, 0, time.FixedZone("CET", 3600))
	return xlsx.Workbook{
		Batch: "IF-20270209-0023", Exported: at, Language: l,
		Files:   []xlsx.File{{Name: "sie.si", Bytes: 1400, SHA256: strings.Repeat("07be62f4", 8), Payments: 1, Sum: money.Kronor(64800)}},
		Attests: []xlsx.Attest{{Who: "Maria Lövgren", At: at.Add(-time.Hour), Step: 1}, {Who: "=Åke", At: at, Step: 2}},
	}
}

func payment(n int) row.Payment {
	return row.Payment{
		Payment: fmt.Sprintf("IF27-U%06d", n), CaseNumber: "2026/0412", School: "Friskolan Björken AB", UnitCode: "01234567",
		OrgNo: "559999-1238", Method: "Bankgiro", Account: "5912-3455", Amount: money.SEK(1250050 + int64(n)), Day: date(2027, 2, 11), Status: "Exporterad",
	}
}

func payments() []row.Payment {
	live := payment(2)
	live.School, live.Account, live.Amount, live.Status = `=HYPERLINK("http://x")&"é ü § 🎒"`, "+46", -10000, "  <b>\x01\n_x0041_ "
	return []row.Payment{payment(1), live}
}

func bookings() []row.Booking {
	debit := row.Booking{
		Batch: "IF-20270209-0023", Row: 1, Day: date(2027, 2, 11), CostCentre: "0010", Activity: "920", Account: "4519", Task: "IF",
		Project: "IF2701", Counterparty: "140", Debit: money.Kronor(64800), Text: "@SUM(A1)", CaseNumber: "2026/0101", Attest1: "Maria Lövgren", Attest2: "Åke Öberg",
	}
	credit := debit
	credit.Row, credit.Account, credit.Debit, credit.Credit = 2, "3519", 0, debit.Debit
	return []row.Booking{debit, credit}
}

func encode(t interface{ Fatal(...any) }, l row.Language, p []row.Payment, b []row.Booking) []byte {
	var out bytes.Buffer
	if err := xlsx.Encode(&out, workbook(l), each(p...), each(b...)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// parts unpacks a workbook and refuses one with times or out of order.
func parts(t *testing.T, b []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	all, last := map[string]string{}, ""
	for _, f := range r.File {
		if f.ModifiedDate != 0 || f.ModifiedTime != 0 || len(f.Extra) != 0 {
			t.Errorf("part %s carries a time", f.Name)
		}
		if f.Name <= last {
			t.Errorf("part %s comes after %s", f.Name, last)
		}
		last = f.Name
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in) // also holds the part against its sum
		if err != nil {
			t.Fatalf("part %s: %v", f.Name, err)
		}
		all[f.Name] = string(content)
	}
	return all
}

// The golden files are compared part by part: how well the standard library
// packs them may change with its version.
func TestGoldenWorkbooks(t *testing.T) {
	t.Parallel()
	for _, l := range []row.Language{row.Swedish, row.English} {
		t.Run(string(l), func(t *testing.T) {
			t.Parallel()
			got := encode(t, l, payments(), bookings())
			golden := "testdata/payouts." + string(l) + ".xlsx"
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(parts(t, want), parts(t, got)); diff != "" {
				t.Errorf("workbook (-want +got):\n%s", diff)
			}
			for range 5 { // a map's order may agree by chance
				if !bytes.Equal(got, encode(t, l, payments(), bookings())) {
					t.Fatal("the bytes differ from one time to the next")
				}
			}
		})
	}
}

func open(t interface{ Fatal(...any) }, b []byte) *excelize.File {
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestCellsHaveTheirType(t *testing.T) {
	t.Parallel()
	f := open(t, encode(t, row.Swedish, payments(), bookings()))
	if diff := cmp.Diff([]string{"Utbetalningar", "Bokföringsorder", "Kontroll", "Förklaring"}, f.GetSheetList()); diff != "" {
		t.Error(diff)
	}
	tests := []struct {
		sheet, cell, shown, raw string
		kind                    excelize.CellType
	}{
		{"Utbetalningar", "A1", "Utbetalning", "Utbetalning", excelize.CellTypeInlineString},
		{"Utbetalningar", "D2", "01234567", "01234567", excelize.CellTypeInlineString},
		{"Utbetalningar", "H2", "12,500.51", "12500.51", excelize.CellTypeUnset},
		{"Utbetalningar", "I2", "2027-02-11", "46429", excelize.CellTypeUnset},
		{"Utbetalningar", "C3", `=HYPERLINK("http://x")&"é ü § 🎒"`, `=HYPERLINK("http://x")&"é ü § 🎒"`, excelize.CellTypeInlineString},
		{"Utbetalningar", "H3", "-100.00", "-100", excelize.CellTypeUnset},
		{"Utbetalningar", "J3", "  <b>  _x0041_ ", "  <b>  _x0041_ ", excelize.CellTypeInlineString},
		{"Utbetalningar", "A4", "Summa", "Summa", excelize.CellTypeInlineString},
		{"Utbetalningar", "H4", "12,400.51", "12400.51", excelize.CellTypeUnset},
		{"Bokföringsorder", "B3", "2", "2", excelize.CellTypeUnset},
		{"Bokföringsorder", "D2", "0010", "0010", excelize.CellTypeInlineString},
		{"Bokföringsorder", "K2", "64,800.00", "64800", excelize.CellTypeUnset},
		{"Bokföringsorder", "L2", "", "", excelize.CellTypeUnset},
		{"Bokföringsorder", "M2", "@SUM(A1)", "@SUM(A1)", excelize.CellTypeInlineString},
		{"Bokföringsorder", "L4", "64,800.00", "64800", excelize.CellTypeUnset},
		{"Kontroll", "B4", "12,400.51", "12400.51", excelize.CellTypeUnset},
		{"Kontroll", "C10", strings.Repeat("07be62f4", 8), strings.Repeat("07be62f4", 8), excelize.CellTypeInlineString},
		{"Kontroll", "C14", "=Åke", "=Åke", excelize.CellTypeInlineString},
		{"Förklaring", "C9", "Amount", "Amount", excelize.CellTypeInlineString},
	}
	for _, test := range tests {
		shown, err := f.GetCellValue(test.sheet, test.cell)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := f.GetCellValue(test.sheet, test.cell, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		kind, err := f.GetCellType(test.sheet, test.cell)
		if err != nil {
			t.Fatal(err)
		}
		if shown != test.shown || raw != test.raw || kind != test.kind {
			t.Errorf("%s %s is %q, %q, type %d; want %q, %q, type %d", test.sheet, test.cell, shown, raw, kind, test.shown, test.raw, test.kind)
		}
	}
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c := range row {
				name, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if formula, err := f.GetCellFormula(sheet, name); err != nil || formula != "" {
					t.Errorf("%s %s runs %q (%v)", sheet, name, formula, err)
				}
			}
		}
	}
	props, err := f.GetDocProps()
	if err != nil || props.Created != "2027-02-09T10:05:30Z" || props.Modified != props.Created {
		t.Errorf("properties %+v, %v", props, err)
	}
}

func TestHeaderIsFrozenAndFiltered(t *testing.T) {
	t.Parallel()
	all := parts(t, encode(t, row.Swedish, payments(), bookings()))
	for name, want := range map[string]string{"xl/worksheets/sheet1.xml": `<autoFilter ref="$A$1:$J$3"`, "xl/worksheets/sheet2.xml": `<autoFilter ref="$A$1:$P$3"`} {
		if !strings.Contains(all[name], want) || !strings.Contains(all[name], `state="frozen"`) {
			t.Errorf("%s has no frozen header, or not %s", name, want)
		}
	}
}

func TestDecodingGivesTheRowsBack(t *testing.T) {
	t.Parallel()
	// XML cannot carry control characters and two others
	printable := rapid.StringOf(rapid.Rune().Filter(func(r rune) bool { return !unicode.IsControl(r) && r != '\ufffe' && r != '\uffff' }))
	rapid.Check(t, func(t *rapid.T) {
		var rows []row.Payment
		var sum money.SEK
		for n := range rapid.IntRange(0, 5).Draw(t, "rows") {
			p := payment(n)
			p.School = printable.Draw(t, "school")
			p.Amount = money.SEK(rapid.Int64Range(1, 1e12).Draw(t, "ore"))
			p.Day = date(2027, 1, 1).AddDate(0, 0, rapid.IntRange(0, 3000).Draw(t, "day"))
			sum += p.Amount
			rows = append(rows, p)
		}
		f := open(t, encode(t, row.English, rows, nil))
		for n, p := range rows {
			raw := func(column string) string {
				v, err := f.GetCellValue("Payments", fmt.Sprint(column, n+2), excelize.Options{RawCellValue: true})
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			shown, err := f.GetCellValue("Payments", fmt.Sprint("I", n+2))
			if err != nil || raw("A") != p.Payment || raw("C") != p.School || ore(raw("H")) != p.Amount.Decimal() || shown != p.Day.Format(time.DateOnly) {
				t.Fatalf("row %d: %q %q %q %q (%v), want %+v", n, raw("A"), raw("C"), raw("H"), shown, err, p)
			}
		}
		total, err := f.GetCellValue("Payments", fmt.Sprint("H", len(rows)+2), excelize.Options{RawCellValue: true})
		if err != nil || ore(total) != sum.Decimal() {
			t.Fatalf("sum %q (%v), want %s", total, err, sum.Decimal())
		}
	})
}

// ore writes out the decimals that a number cell leaves out.
func ore(s string) string {
	whole, part, _ := strings.Cut(s, ".")
	return whole + "." + (part + "00")[:max(2, len(part))]
}

func TestRefusalsNameTheFieldAndWriteNothing(t *testing.T) {
	t.Parallel()
	lost := errors.New("connection lost")
	tests := []struct {
		name, want string
		change     func(*xlsx.Workbook, []row.Payment, []row.Booking)
	}{
		{"good", "", func(*xlsx.Workbook, []row.Payment, []row.Booking) {}},
		{"batch", "batch: missing", func(w *xlsx.Workbook, _ []row.Payment, _ []row.Booking) { w.Batch = "" }},
		{"exported", "exported: missing", func(w *xlsx.Workbook, _ []row.Payment, _ []row.Booking) { w.Exported = time.Time{} }},
		{"language", "language:", func(w *xlsx.Workbook, _ []row.Payment, _ []row.Booking) { w.Language = "de" }},
		{"file", "file 1:", func(w *xlsx.Workbook, _ []row.Payment, _ []row.Booking) { w.Files[0].SHA256 = "" }},
		{"attest", "attest 2:", func(w *xlsx.Workbook, _ []row.Payment, _ []row.Booking) { w.Attests[1].Who = " " }},
		{"reference", "payment reference: missing", func(_ *xlsx.Workbook, p []row.Payment, _ []row.Booking) { p[0].Payment = "" }},
		{"amount", "amount: zero", func(_ *xlsx.Workbook, p []row.Payment, _ []row.Booking) { p[0].Amount = 0 }},
		{"day", "day: missing", func(_ *xlsx.Workbook, p []row.Payment, _ []row.Booking) { p[1].Day = time.Time{} }},
		{"overflow", "Amount:", func(_ *xlsx.Workbook, p []row.Payment, _ []row.Booking) { p[0].Amount, p[1].Amount = 1<<63-1, 1 }},
		{"booking day", "row 1 day: missing", func(_ *xlsx.Workbook, _ []row.Payment, b []row.Booking) { b[0].Day = time.Time{} }},
		{"both sides", "row 2 debit and credit:", func(_ *xlsx.Workbook, _ []row.Payment, b []row.Booking) { b[1].Debit = 1 }},
		{"unbalanced", "debit 64800.00 and credit 64800.01 differ", func(_ *xlsx.Workbook, _ []row.Payment, b []row.Booking) { b[1].Credit++ }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w, p, b := workbook(row.Swedish), slices.Clone(payments()), slices.Clone(bookings())
			test.change(&w, p, b)
			var out bytes.Buffer
			err := xlsx.Encode(&out, w, each(p...), each(b...))
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want) || out.Len() > 0) {
				t.Errorf("error %v with %d bytes written, want %q", err, out.Len(), test.want)
			}
		})
	}
	broken := func(yield func(row.Payment, error) bool) { yield(row.Payment{}, lost) }
	if err := xlsx.Encode(io.Discard, workbook(row.Swedish), broken, each[row.Booking]()); !errors.Is(err, lost) {
		t.Errorf("error %v does not wrap the source's", err)
	}
	if err := xlsx.Encode(brokenPipe{}, workbook(row.Swedish), each(payments()...), each[row.Booking]()); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v does not wrap the writer's", err)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// BenchmarkHundredThousandPayments fails if the heap grows beyond what the
// library buffers of a sheet. The program sets a memory limit too.
func BenchmarkHundredThousandPayments(b *testing.B) {
	const count = 100_000
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(48 << 20))
	for b.Loop() {
		var peak uint64
		var stats runtime.MemStats
		stream := func(yield func(row.Payment, error) bool) {
			for n := range count {
				if n%5_000 == 0 {
					runtime.ReadMemStats(&stats)
					peak = max(peak, stats.HeapAlloc)
				}
				if !yield(payment(n), nil) {
					return
				}
			}
		}
		if err := xlsx.Encode(io.Discard, workbook(row.Swedish), stream, each(bookings()...)); err != nil {
			b.Fatal(err)
		}
		runtime.ReadMemStats(&stats)
		peak = max(peak, stats.HeapAlloc)
		b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
		if peak > 64<<20 {
			b.Fatalf("heap of %d MiB for %d payments, want at most 64", peak>>20, count)
		}
	}
}
