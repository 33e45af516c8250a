package sie_test

import (
	"bytes"
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
	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"fund/jobs/plaintext"
	"fund/jobs/sie"
	"fund/jobs/sieread"
	"fund/workflow/money"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// file gives a file with each dimension.
func file() sie.File {
	return sie.File{
		Program: "Internationella fonden", Version: "1.0",
		Generated: day(2027, 2, 9), By: "fonden", Note: "Batch IF-20270209-0023",
		OrgNo: "2120002643", Company: "Skellefteå kommun",
		YearStart: day(2027, 1, 1), YearEnd: day(2027, 12, 31),
		Dimensions: []sie.Dimension{
			{Number: 1, Name: "Ansvar"}, {Number: 6, Name: "Projekt"}, {Number: 20, Name: "Verksamhet"}, {Number: 21, Name: "Aktivitet"}, {Number: 22, Name: "Motpart"}, {Number: 23, Name: "Objekt"},
		},
		Objects: []sie.Object{
			{Dimension: 1, ID: "1010", Name: "Internationella fonden"}, {Dimension: 1, ID: "6110", Name: "Baldergymnasiet"}, {Dimension: 6, ID: "IF2701", Name: "Utbyte Pardubice våren 2027"},
			{Dimension: 20, ID: "920", Name: "Gemensam verksamhet"}, {Dimension: 20, ID: "450", Name: "Gymnasieskola"}, {Dimension: 21, ID: "IF", Name: "Internationella fonden"},
			{Dimension: 22, ID: "110", Name: "Kommunstyrelsen"}, {Dimension: 22, ID: "140", Name: "Gymnasienämnden"}, {Dimension: 23, ID: "7Ö", Name: "Utbyte"},
		},
		Accounts: []sie.Account{{Number: "4519", Name: "Lämnade bidrag, internt"}, {Number: "3519", Name: "Erhållna bidrag, internt"}},
	}
}

func voucher(n int, amount money.SEK, school string) sie.Voucher {
	id := fmt.Sprintf("IF27-U%06d", n)
	return sie.Voucher{
		Day: day(2027, 2, 11), Registered: day(2027, 2, 9), Text: id + " " + school + " del 1",
		Rows: []sie.Row{
			{Account: "4519", Objects: []sie.Ref{{Dimension: 1, ID: "1010"}, {Dimension: 6, ID: "IF2701"}, {Dimension: 20, ID: "920"}, {Dimension: 21, ID: "IF"}, {Dimension: 22, ID: "140"}}, Amount: amount, Text: id + " dnr 2026/0101"},
			{Account: "3519", Objects: []sie.Ref{{Dimension: 1, ID: "6110"}, {Dimension: 6, ID: "IF2701"}, {Dimension: 20, ID: "450"}, {Dimension: 21, ID: "IF"}, {Dimension: 22, ID: "110"}}, Amount: -amount, Text: id + " dnr 2026/0101"},
		},
	}
}

func each(vouchers ...sie.Voucher) iter.Seq2[sie.Voucher, error] {
	return func(yield func(sie.Voucher, error) bool) {
		for _, v := range vouchers {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func encode(f sie.File, vouchers ...sie.Voucher) ([]byte, error) {
	var b bytes.Buffer
	err := sie.Encode(&b, f, each(vouchers...))
	return b.Bytes(), err
}

func TestGoldenFiles(t *testing.T) {
	t.Parallel()
	plain := file()
	plain.NoChecksum, plain.Series, plain.ChartType = true, "IF", "BAS2027"
	numbered := voucher(311, money.SEK(1), "Moröskolan")
	numbered.Number, numbered.Registered, numbered.Rows[0].Text = "17", time.Time{}, ""
	hostile := voucher(312, money.Kronor(-500), `Lycée "Müller" & Söner {§} \ – 50 € 🎒 ½ ø `+strings.Repeat("öre ", 30))
	hostile.Rows = append(hostile.Rows, sie.Row{Account: "4519", Objects: []sie.Ref{{Dimension: 23, ID: "7Ö"}}, Amount: 1, Text: "=1+1\r\n#VER"},
		sie.Row{Account: "3519", Amount: -1})
	tests := []struct {
		name     string
		file     sie.File
		vouchers []sie.Voucher
	}{
		{"one", file(), []sie.Voucher{voucher(310, money.Kronor(64800), "Baldergymnasiet")}},
		{"many", file(), []sie.Voucher{voucher(310, money.Kronor(64800), "Baldergymnasiet"), numbered, hostile}},
		{"settings", plain, []sie.Voucher{voucher(310, money.Kronor(64800), "Baldergymnasiet"), numbered}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := encode(test.file, test.vouchers...)
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", test.name+".si")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(show(t, want), show(t, got)); diff != "" || !bytes.Equal(want, got) {
				t.Errorf("file (-want +got):\n%s", diff)
			}
			again, err := encode(test.file, test.vouchers...)
			if err != nil || !bytes.Equal(got, again) {
				t.Errorf("the second time the bytes differ (%v)", err)
			}
			mustPass(t, golden)
		})
	}
}

func show(t *testing.T, b []byte) string {
	t.Helper()
	text, err := charmap.CodePage437.NewDecoder().Bytes(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The sum of this file was given beside the file by hand; it is the same one
// that the checker computes with gzip.
func TestChecksumIsTheKnownOne(t *testing.T) {
	t.Parallel()
	f := file()
	f.Dimensions, f.Objects = f.Dimensions[:5], []sie.Object{
		{Dimension: 1, ID: "1010", Name: "Internationella fonden"}, {Dimension: 1, ID: "6110", Name: "Baldergymnasiet"}, {Dimension: 6, ID: "IF2701", Name: "Utbyte Pardubice våren 2027"},
		{Dimension: 20, ID: "920", Name: "Gemensam verksamhet"}, {Dimension: 20, ID: "450", Name: "Gymnasieskola"}, {Dimension: 21, ID: "IF", Name: "Internationella fonden"},
		{Dimension: 22, ID: "110", Name: "Kommunstyrelsen"}, {Dimension: 22, ID: "140", Name: "Gymnasienämnden"},
	}
	got, err := encode(f, voucher(310, money.Kronor(64800), "Baldergymnasiet"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasSuffix(got, []byte("}\r\n#KSUMMA 4001370325\r\n")) {
		t.Errorf("file ends with %q, want the sum 4001370325", got[len(got)-40:])
	}
}

func drawVoucher(t *rapid.T, f sie.File) sie.Voucher {
	visible := func(s string) bool { return strings.TrimSpace(s) != "" }
	v := sie.Voucher{
		Day:  f.YearStart.AddDate(0, 0, rapid.IntRange(0, 364).Draw(t, "day")),
		Text: rapid.String().Filter(visible).Draw(t, "text"),
	}
	if rapid.Bool().Draw(t, "registered") {
		v.Registered = day(2027, 2, 9)
	}
	var sum money.SEK
	for range rapid.IntRange(1, 5).Draw(t, "rows") {
		amount := money.SEK(rapid.Int64Range(1, 1e11).Draw(t, "ore"))
		if rapid.Bool().Draw(t, "credit") {
			amount = -amount
		}
		v.Rows = append(v.Rows, drawRow(t, f, amount))
		sum += amount
	}
	if sum == 0 {
		v.Rows[0].Amount++
		sum++
		if v.Rows[0].Amount == 0 {
			v.Rows[0].Amount++
			sum++
		}
	}
	v.Rows = append(v.Rows, drawRow(t, f, -sum))
	return v
}

func drawRow(t *rapid.T, f sie.File, amount money.SEK) sie.Row {
	r := sie.Row{Account: rapid.SampledFrom(f.Accounts).Draw(t, "account").Number, Amount: amount, Text: rapid.String().Draw(t, "row text")}
	seen := map[int]bool{}
	for _, o := range rapid.SliceOfN(rapid.SampledFrom(f.Objects), 0, 5).Draw(t, "objects") {
		if !seen[o.Dimension] {
			r.Objects = append(r.Objects, sie.Ref{Dimension: o.Dimension, ID: o.ID})
			seen[o.Dimension] = true
		}
	}
	return r
}

func TestDecodingGivesTheVouchersBack(t *testing.T) {
	t.Parallel()
	carried := func(s string) string { return plaintext.Cut(plaintext.Booking(s), 60) }
	rapid.Check(t, func(t *rapid.T) {
		f := file()
		f.NoChecksum = rapid.Bool().Draw(t, "no checksum")
		f.Series = rapid.SampledFrom([]string{"", "IF"}).Draw(t, "series")
		var vouchers []sie.Voucher
		for range rapid.IntRange(1, 6).Draw(t, "vouchers") {
			vouchers = append(vouchers, drawVoucher(t, f))
		}
		b, err := encode(f, vouchers...)
		if err != nil {
			t.Fatal(err)
		}
		got, err := sieread.Read(bytes.NewReader(b))
		if err != nil {
			t.Fatalf("%v in\n%q", err, b)
		}
		if len(got.Findings) > 0 || got.Type != "4I" || len(got.Vouchers) != len(vouchers) {
			t.Fatalf("type %s, %d vouchers of %d, findings %+v", got.Type, len(got.Vouchers), len(vouchers), got.Findings)
		}
		if f.NoChecksum != (got.Checksum == nil) || !f.NoChecksum && got.Checksum.Given != fmt.Sprint(got.Checksum.Computed) {
			t.Fatalf("sum is %+v", got.Checksum)
		}
		for i, v := range vouchers {
			want := sieread.Voucher{Series: f.Series, Day: v.Day.Format(time.DateOnly), Text: carried(v.Text)}
			if !v.Registered.IsZero() {
				want.Registered = v.Registered.Format(time.DateOnly)
			}
			for _, r := range v.Rows {
				row := sieread.Row{Account: r.Account, Objects: []sieread.Object{}, AmountOre: r.Amount, Day: want.Day, Text: carried(r.Text)}
				for _, o := range r.Objects {
					row.Objects = append(row.Objects, sieread.Object{Dimension: fmt.Sprint(o.Dimension), ID: o.ID})
				}
				want.Rows = append(want.Rows, row)
			}
			if diff := cmp.Diff(want, got.Vouchers[i]); diff != "" {
				t.Fatalf("voucher %d (-want +got):\n%s", i, diff)
			}
		}
	})
}

func TestRandomFilesPassTheChecker(t *testing.T) {
	t.Parallel()
	draw := rapid.Custom(func(t *rapid.T) []sie.Voucher {
		vouchers := make([]sie.Voucher, 30)
		for i := range vouchers {
			vouchers[i] = drawVoucher(t, file())
		}
		return vouchers
	})
	for seed := range 3 {
		b, err := encode(file(), draw.Example(seed)...)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), "sie.si")
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		mustPass(t, name)
	}
}

func TestRefusalsNameTheField(t *testing.T) {
	t.Parallel()
	lost := errors.New("connection lost")
	tests := []struct {
		name, want string
		file       func(*sie.File)
		voucher    func(*sie.Voucher)
	}{
		{"good", "", nil, nil},
		{"program", "program: missing", func(f *sie.File) { f.Program = "" }, nil},
		{"company", "company: missing", func(f *sie.File) { f.Company = " " }, nil},
		{"not utf-8", "by: not UTF-8", func(f *sie.File) { f.By = "\xe5" }, nil},
		{"orgnr", "organisation number:", func(f *sie.File) { f.OrgNo = "2120002644" }, nil},
		{"no export day", "generated: missing", func(f *sie.File) { f.Generated = time.Time{} }, nil},
		{"year", "accounting year: ends", func(f *sie.File) { f.YearEnd = f.YearStart }, nil},
		{"chart", "chart type:", func(f *sie.File) { f.ChartType = "BAS €" }, nil},
		{"series", "series:", func(f *sie.File) { f.Series = `"` }, nil},
		{"dimension kept free", "dimension 1 number: 3", func(f *sie.File) { f.Dimensions[0].Number = 3 }, nil},
		{"dimension twice", "dimension 2 number: 1 is given twice", func(f *sie.File) { f.Dimensions[1].Number = 1 }, nil},
		{"object of no dimension", "object 1 dimension: 99", func(f *sie.File) { f.Objects[0].Dimension = 99 }, nil},
		{"object twice", "is given twice", func(f *sie.File) { f.Objects[1].ID = "1010" }, nil},
		{"object id bent", "object 1 id:", func(f *sie.File) { f.Objects[0].ID = `10"10` }, nil},
		{"account number", "account 1 number:", func(f *sie.File) { f.Accounts[0].Number = "45a" }, nil},
		{"account twice", "account 2 number: 4519 is given twice", func(f *sie.File) { f.Accounts[1].Number = "4519" }, nil},
		{"23-sie-unbalanced", "they add up to 0.01", nil, func(v *sie.Voucher) { v.Rows[0].Amount++ }},
		{"one row", "rows: 1, not two", nil, func(v *sie.Voucher) { v.Rows = v.Rows[:1] }},
		{"overflow", "row 2 amount:", nil, func(v *sie.Voucher) { v.Rows[0].Amount, v.Rows[1].Amount = 1<<63-1, 1 }},
		{"zero", "row 1 amount: zero", nil, func(v *sie.Voucher) { v.Rows[0].Amount = 0 }},
		{"32-sie-date", "day: missing", nil, func(v *sie.Voucher) { v.Day = time.Time{} }},
		{"another year", "day: 20280101 is outside", nil, func(v *sie.Voucher) { v.Day = day(2028, 1, 1) }},
		{"no text", "text: missing", nil, func(v *sie.Voucher) { v.Text = "" }},
		{"number", "number:", nil, func(v *sie.Voucher) { v.Number = "a\tb" }},
		{"undeclared account", "row 1 account: 4520 is not declared", nil, func(v *sie.Voucher) { v.Rows[0].Account = "4520" }},
		{"undeclared object", "row 1 objects: \"9\" of dimension 1 is not declared", nil, func(v *sie.Voucher) { v.Rows[0].Objects[0].ID = "9" }},
		{"dimension twice in a row", "row 1 objects: dimension 1 is given twice", nil, func(v *sie.Voucher) { v.Rows[0].Objects[1].Dimension = 1 }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f, v := file(), voucher(310, 100, "Baldergymnasiet")
			if test.file != nil {
				test.file(&f)
			}
			if test.voucher != nil {
				test.voucher(&v)
			}
			_, err := encode(f, v)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
	t.Run("number twice", func(t *testing.T) {
		t.Parallel()
		v := voucher(310, 100, "Baldergymnasiet")
		v.Number = "7"
		if _, err := encode(file(), v, v); err == nil || !strings.Contains(err.Error(), "7 is given twice") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("no voucher", func(t *testing.T) {
		t.Parallel()
		if _, err := encode(file()); err == nil || !strings.Contains(err.Error(), "vouchers: none") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("the source breaks", func(t *testing.T) {
		t.Parallel()
		err := sie.Encode(io.Discard, file(), func(yield func(sie.Voucher, error) bool) { yield(sie.Voucher{}, lost) })
		if !errors.Is(err, lost) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("the writer breaks", func(t *testing.T) {
		t.Parallel()
		if err := sie.Encode(brokenPipe{}, file(), each(voucher(1, 1, "A"))); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("error %v", err)
		}
	})
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// BenchmarkHundredThousandVouchers fails if the heap grows with the vouchers.
func BenchmarkHundredThousandVouchers(b *testing.B) {
	const count = 100_000
	for b.Loop() {
		var peak uint64
		var stats runtime.MemStats
		stream := func(yield func(sie.Voucher, error) bool) {
			for n := range count {
				if n%10_000 == 0 {
					runtime.ReadMemStats(&stats)
					peak = max(peak, stats.HeapAlloc)
				}
				if !yield(voucher(n, 100, "Baldergymnasiet"), nil) {
					return
				}
			}
		}
		if err := sie.Encode(io.Discard, file(), stream); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
		if peak > 32<<20 {
			b.Fatalf("heap of %d MiB for %d vouchers, want at most 32", peak>>20, count)
		}
	}
}
