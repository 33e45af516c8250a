package sieread

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"
)

const samples = "../../testdata/samples/sie"

// The counts were taken from the files with grep, not from the reader.
var sampleRows = map[string]struct {
	typ, program, company          string
	vouchers, rows, accounts, dims int
	objects, balances              int
	finding, lastText              string
	years                          int
	checksum                       bool
}{
	"avendo-4e-unbalanced.se":        {"4E", "Avendo", "Övningsbolaget AB (Ekonomi 60)", 163, 671, 567, 3, 14, 2174, FindingUnbalanced, "", 2, false},
	"bl-administration-4i.si":        {"4I", "BL Administration", "SEEE Speak Easy Executive English AB", 1, 10, 0, 3, 0, 0, "", "Kundfakt 2452 - 2455", 1, false},
	"kontek-lon-4i-dimensions.si":    {"4I", "Kontek Lön", "Demoföretaget AB", 1, 25, 0, 3, 0, 0, "", "Utbetalning löner", 0, false},
	"norstedts-bokslut-4i-ksumma.si": {"4I", "Norstedts Bokslut", "Datakonsulterna AB", 2, 4, 351, 2, 0, 0, "", "", 2, true},
	"real09-4i-13-vouchers.si":       {"4I", "REAL09", "Exempelbolaget", 13, 91, 10, 1, 1, 0, "", "", 0, false},
	"visma-anlaggning-4i.si":         {"4I", "Visma Anläggningsregister", "Övningsbolaget AB", 1, 18, 0, 0, 0, 0, "", "Planenliga avskrivningar t o m 2010-12-31", 1, false},
	"visma-fakturering-4i.si":        {"4I", "Visma Fakturering", "Övningsbolaget AB", 1, 3, 3, 0, 0, 0, "", "Fakturajournal nr 109", 0, false},
	"sie5-sample-entry.sie":          {"5", "Anonymous software Ltd", "Universal Exports AB", 0, 0, 2, 0, 0, 0, "", "", 0, false},
}

func TestSamplesOfOthers(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob(samples + "/*")
	if err != nil || len(names) != len(sampleRows) {
		t.Fatalf("%d samples, %d rows (%v)", len(names), len(sampleRows), err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			want, ok := sampleRows[filepath.Base(name)]
			if !ok {
				t.Fatal("no row")
			}
			src, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer src.Close()
			f, err := Read(src)
			if err != nil {
				t.Fatal(err)
			}
			got, rows := want, 0
			for _, v := range f.Vouchers {
				rows += len(v.Rows)
				got.lastText = v.Text
			}
			if want.lastText == "" {
				got.lastText = ""
			}
			got.typ, got.program, got.company, got.vouchers, got.rows = f.Type, f.Program, f.Company, len(f.Vouchers), rows
			got.accounts, got.dims, got.objects, got.balances = len(f.Accounts), len(f.Dimensions), len(f.Objects), len(f.Balances)
			got.years, got.checksum, got.finding = len(f.Years), f.Checksum != nil && f.Checksum.Right, ""
			for _, x := range f.Findings {
				got.finding += x.Code
			}
			if got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func read(t *testing.T, body string) File {
	t.Helper()
	f, err := Read(strings.NewReader(body))
	if err != nil {
		t.Fatalf("%v in %q", err, body)
	}
	return f
}

func codes(f File) string {
	var out []string
	for _, x := range f.Findings {
		if x.TextSV == "" || x.TextEN == "" {
			out = append(out, "no words for")
		}
		out = append(out, x.Code)
	}
	return strings.Join(out, " ")
}

const head = "#FLAGGA 0\n#SIETYP 4\n"

// Each row is one voucher with one thing that some program writes.
func TestRowsAsProgramsWriteThem(t *testing.T) {
	t.Parallel()
	row := func(r Row) Row {
		if r.Objects == nil {
			r.Objects = []Object{}
		}
		return r
	}
	for _, tt := range []struct {
		name, line string
		want       Row
		finding    string
	}{
		{"bare", `#TRANS 1510 {} 1063`, row(Row{Account: "1510", AmountOre: 106300}), ""},
		{"one decimal", `#TRANS 1510 {} -212.5`, row(Row{Account: "1510", AmountOre: -21250}), ""},
		{"no whole part", `#TRANS 1510 {} -.05`, row(Row{Account: "1510", AmountOre: -5}), ""},
		{"zeros behind", `#TRANS 1510 {} 5.0400`, row(Row{Account: "1510", AmountOre: 504}), ""},
		{"plus", `#TRANS 1510 {} +7`, row(Row{Account: "1510", AmountOre: 700}), ""},
		{"quoted amount", `#TRANS "1510" {} "-1.50"`, row(Row{Account: "1510", AmountOre: -150}), ""},
		{"comma", `#TRANS 1510 {} 1,50`, row(Row{Account: "1510", AmountOre: 150}), FindingAmount},
		{"three decimals", `#TRANS 1510 {} 1.505`, row(Row{Account: "1510"}), FindingAmount},
		{"comma and dots", `#TRANS 1510 {} -1.234.000,50`, row(Row{Account: "1510", AmountOre: -123400050}), FindingAmount},
		{"hard blanks", "#TRANS 1510 {} 1\xff234.00", row(Row{Account: "1510", AmountOre: 123400}), FindingAmount},
		{"blanks inside quotes", `#TRANS 1510 {} "-1 234,50"`, row(Row{Account: "1510", AmountOre: -123450}), FindingAmount},
		{"commas and a point", `#TRANS 1510 {} 1,234,567.50`, row(Row{Account: "1510", AmountOre: 123456750}), FindingAmount},
		{"dots alone", `#TRANS 1510 {} 1.234.567`, row(Row{Account: "1510", AmountOre: 123456700}), FindingAmount},
		{"one comma before three", `#TRANS 1510 {} 1,234`, row(Row{Account: "1510"}), FindingAmount},
		{"apostrophes", `#TRANS 1510 {} 1'234.50`, row(Row{Account: "1510", AmountOre: 123450}), FindingAmount},
		{"a folder", `#TRANS 1510 {} 1.00 "" "C:\ut\"`, row(Row{Account: "1510", AmountOre: 100, Text: `C:\ut\`}), FindingQuote},
		{"minus behind", `#TRANS 1510 {} 12.50-`, row(Row{Account: "1510", AmountOre: -1250}), FindingAmount},
		{"two minuses", `#TRANS 1510 {} -12.50-`, row(Row{Account: "1510"}), FindingAmount},
		{"list as a text", `#TRANS 1510 "{}" 1.00 20270211`, row(Row{Account: "1510", AmountOre: 100, Day: "2027-02-11"}), FindingObjects},
		{"list as no text", `#TRANS 1510 "" 1.00 20270211`, row(Row{Account: "1510", AmountOre: 100, Day: "2027-02-11"}), FindingObjects},
		{"no number", `#TRANS 1510 {} abc`, row(Row{Account: "1510"}), FindingAmount},
		{"amount missing", `#TRANS 1510 {}`, row(Row{Account: "1510"}), FindingAmount},
		{"tabs", "#TRANS\t1510\t{}\t1.00\t20270211\t\"x y\"", row(Row{Account: "1510", AmountOre: 100, Day: "2027-02-11", Text: "x y"}), ""},
		{"all fields", `#TRANS 1510 {} 1.00 20270211 "x" 2.5 "AB"`, row(Row{Account: "1510", AmountOre: 100, Day: "2027-02-11", Text: "x", Quantity: "2.5", Sign: "AB"}), ""},
		{"empty day before a text", `#TRANS 1510 {} 1.00 "" "x"`, row(Row{Account: "1510", AmountOre: 100, Text: "x"}), ""},
		{"quotes inside", `#TRANS 1510 {} 1.00 "" "a \"b\" \ c"`, row(Row{Account: "1510", AmountOre: 100, Text: `a "b" \ c`}), ""},
		{"braces inside a text", `#TRANS 1510 {} 1.00 "" "a {b} c"`, row(Row{Account: "1510", AmountOre: 100, Text: "a {b} c"}), ""},
		{"objects", `#TRANS 1510 {1 "10" 6 x} 1.00`, row(Row{Account: "1510", AmountOre: 100, Objects: []Object{{Dimension: "1", ID: "10"}, {Dimension: "6", ID: "x"}}}), ""},
		{"blanks in the list", `#TRANS 1510 { "1" "1 0" } 1.00`, row(Row{Account: "1510", AmountOre: 100, Objects: []Object{{Dimension: "1", ID: "1 0"}}}), ""},
		{"nothing between", `#TRANS 1510{1 "10"}1.00`, row(Row{Account: "1510", AmountOre: 100, Objects: []Object{{Dimension: "1", ID: "10"}}}), ""},
		{"own dimension", `#TRANS 1510 {20 "10"} 1.00`, row(Row{Account: "1510", AmountOre: 100, Objects: []Object{{Dimension: "20", ID: "10"}}}), FindingUndeclared},
		{"odd list", `#TRANS 1510 {1} 1.00`, row(Row{Account: "1510", AmountOre: 100, Objects: []Object{{Dimension: "1"}}}), FindingObjects},
		{"no list", `#TRANS 1510 1.00 20270211`, row(Row{Account: "1510", AmountOre: 100, Day: "2027-02-11"}), FindingObjects},
		{"day is none", `#TRANS 1510 {} 1.00 20270230`, row(Row{Account: "1510", AmountOre: 100}), FindingDay},
		{"small letters", `#trans 1510 {} 1.00`, row(Row{Account: "1510", AmountOre: 100}), ""},
		{"text not closed", `#TRANS 1510 {} 1.00 "" "x`, row(Row{Account: "1510", AmountOre: 100, Text: "x"}), FindingQuote},
		{"thousands apart", `#TRANS 1510 {} -1 234 000.50 20270211 "x"`, row(Row{Account: "1510", AmountOre: -123400050, Day: "2027-02-11", Text: "x"}), FindingAmount},
		{"thousands that are none", `#TRANS 1510 {} 1.00 20270211 "1" 250`, row(Row{Account: "1510", AmountOre: 100, Day: "2027-02-11", Text: "1", Quantity: "250"}), ""},
	} {
		f := read(t, head+"#VER A 1 20270211 Text\n{\n"+tt.line+"\n}\n")
		if len(f.Vouchers) != 1 || len(f.Vouchers[0].Rows) != 1 {
			t.Errorf("%s: %+v", tt.name, f.Vouchers)
			continue
		}
		if diff := cmp.Diff(tt.want, f.Vouchers[0].Rows[0]); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
		got := strings.TrimSpace(strings.ReplaceAll(codes(f), FindingUnbalanced, ""))
		if got != tt.finding {
			t.Errorf("%s: findings %q, want %q", tt.name, got, tt.finding)
		}
	}
}

// A row that was added stands twice and one that was removed is history: neither counts.
func TestAddedAndRemovedRows(t *testing.T) {
	t.Parallel()
	f := read(t, head+"#VER A 1 20270211\n{\n#TRANS 1 {} 5\n#BTRANS 2 {} -4\n#RTRANS 2 {} -5\n#TRANS 2 {} -5\n}\n")
	v := f.Vouchers[0]
	if v.SumOre != 0 || len(v.Rows) != 4 || v.Rows[1].Kind != "removed" || v.Rows[2].Kind != "added" || codes(f) != "" || f.Type != "4E" {
		t.Errorf("%+v %s", v, codes(f))
	}
}

// A voucher's number is its own within its series and year; the receiver gives what has none.
func TestVoucherNumbers(t *testing.T) {
	t.Parallel()
	rows := "\n{\n#TRANS 1 {} 5\n#TRANS 2 {} -5\n}\n"
	for body, want := range map[string]string{
		"#VER A 1 20270211" + rows + "#VER A 1 20270212" + rows:          FindingSameNumber,
		"#VER A 1 20270211" + rows + "#VER B 1 20270211" + rows:          "",
		"#VER A 1 20261231" + rows + "#VER A 1 20270102" + rows:          "",
		`#VER "" "" 20270211` + rows + `#VER "" "" 20270211` + rows:      "",
		"#VER A 1 20270211" + rows + "#VER A 2 20270211" + rows + "#VER": "",
	} {
		f := read(t, head+strings.TrimSuffix(body, "#VER"))
		if got := strings.TrimSpace(codes(f)); got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
}

func TestTypesAndBalances(t *testing.T) {
	t.Parallel()
	balances := "#RAR 0 20270101 20271231\n#IB 0 1910 5.00\n#UB -1 1910 -5.00 3\n#RES 0 3010 1\n"
	objects := "#DIM 20 \"Plan\"\n#UNDERDIM 21 Under 20\n#OBJEKT 20 A \"Namn\"\n#OIB 0 1910 {20 A} 1.00\n#PSALDO 0 202702 3010 {20 A} -2.00\n"
	for _, tt := range []struct{ name, body, typ, finding string }{
		{"type 1", "#FLAGGA 0\n#SIETYP 1\n" + balances, "1", ""},
		{"type 2", "#FLAGGA 0\n#SIETYP 2\n" + balances + "#PSALDO 0 202702 3010 {} -2.00\n#PBUDGET 0 202702 3010 -2.00\n", "2", ""},
		{"type 3", "#FLAGGA 0\n#SIETYP 3\n" + balances + objects, "3", ""},
		{"4E", head + balances + "#VER A 1 20270211\n{\n#TRANS 1 {} 0\n}\n", "4E", ""},
		{"4I", head + "#VER A 1 20270211\n{\n#TRANS 1 {} 0\n}\n", "4I", ""},
		{"no type", "#FLAGGA 0\n" + balances, "1", FindingNoType},
		{"no type but vouchers", "#FLAGGA 0\n#VER A 1 20270211\n{\n#TRANS 1 {} 0\n}\n", "4I", FindingNoType},
		{"no such type", "#FLAGGA 0\n#SIETYP 7\n" + balances, "7", FindingTypeOther},
		{"no flag", "#SIETYP 1\n" + balances, "1", FindingNoFlag},
		{"other year", head + "#RAR 0 20270101 20271231\n#VER A 1 20280101\n{\n#TRANS 1 {} 0\n}\n", "4I", FindingOutside},
	} {
		f := read(t, tt.body)
		if f.Type != tt.typ || codes(f) != tt.finding {
			t.Errorf("%s: type %s, findings %q", tt.name, f.Type, codes(f))
		}
	}
	f := read(t, "#FLAGGA 1\n#SIETYP 3\n"+balances+objects)
	want := []Balance{
		{Kind: "IB", Account: "1910", AmountOre: 500, Objects: []Object{}}, {Kind: "UB", Year: -1, Account: "1910", AmountOre: -500, Objects: []Object{}},
		{Kind: "RES", Account: "3010", AmountOre: 100, Objects: []Object{}}, {Kind: "OIB", Account: "1910", AmountOre: 100, Objects: []Object{{Dimension: "20", ID: "A"}}},
		{Kind: "PSALDO", Period: "2027-02", Account: "3010", AmountOre: -200, Objects: []Object{{Dimension: "20", ID: "A"}}},
	}
	if diff := cmp.Diff(want, f.Balances); diff != "" || !f.Imported || f.Dimensions[1].Parent != "20" {
		t.Errorf("%s %+v", diff, f)
	}
}

func TestCharsetsAndLineEnds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, letters, charset, finding string }{
		{"CP437", "\x99l\x84nd \x8erlig", "CP437", ""},
		{"ISO-8859-1", "\xd6l\xe4nd \xc4rlig", "Windows-1252", FindingCharset},
		{"UTF-8", "Öländ Ärlig", "UTF-8", FindingCharset},
		{"plain", "Oland", "ASCII", ""},
	} {
		for _, end := range []string{"\n", "\r\n", "\r", "\n\n"} {
			f := read(t, strings.ReplaceAll(head+"#FNAMN \""+tt.letters+"\"\n", "\n", end)+"\x1a")
			want := "Öländ Ärlig"
			if tt.charset == "ASCII" {
				want = tt.letters
			}
			if f.Charset != tt.charset || f.Company != want || codes(f) != tt.finding {
				t.Errorf("%s: %s %q %s", tt.name, f.Charset, f.Company, codes(f))
			}
		}
	}
	for _, order := range []unicode.Endianness{unicode.LittleEndian, unicode.BigEndian} {
		wide, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(head + "#FNAMN \"Öländ\"\n")
		if err != nil {
			t.Fatal(err)
		}
		if f := read(t, wide); f.Charset != utf16bom || f.Company != "Öländ" || codes(f) != FindingCharset || f.Findings[0].Detail != utf16bom {
			t.Errorf("UTF-16: %s %q %+v", f.Charset, f.Company, f.Findings)
		}
	}
	if f := read(t, "\xef\xbb\xbf"+head+"#FNAMN Å\n"); f.Company != "Å" {
		t.Errorf("BOM: %+v", f)
	}
}

// The charset is told by the words, also where typographic signs look like letters of the other one.
func TestCharsetByWords(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ bytes, charset, want string }{
		{"p\xe5 \x94Skolan\x94 och \x94Norr\x94", latin1, "på ”Skolan” och ”Norr”"},
		{"CAF\xc9 \xd8", latin1, "CAFÉ Ø"},
		{"Bj\xf8rn Strau\xdf", latin1, "Bjørn Strauß"},
		{"10 \x96 20 \x80, \xa7 5", latin1, "10 – 20 €, § 5"},
		{"p\x86 k\x94", cp437, "på kö"},
		{"20\xf8 m\xfd \xf1 Strau\xe1", cp437, "20° m² ± Strauß"},
		{"\x86 5 kr", cp437, "å 5 kr"},
	} {
		f, err := Read(strings.NewReader("#FLAGGA 0\n#FNAMN\"" + row.bytes + "\"\n#SIETYP 4\n"))
		if err != nil || f.Company != row.want || f.Charset != row.charset {
			t.Errorf("%q: %s %q, want %s %q (%v)", row.bytes, f.Charset, f.Company, row.charset, row.want, err)
		}
	}
}

func TestChecksum(t *testing.T) {
	t.Parallel()
	// CRC-32 of "#FNAMNA B0" and "#VALUTASEK", computed apart.
	good := "#FLAGGA 0\n#KSUMMA\n#FNAMN\t\"A B0\"\n#VALUTA SEK\n#KSUMMA "
	f := read(t, good+"1\n#SIETYP 4\n")
	if f.Checksum == nil || f.Checksum.Right || codes(f) != FindingChecksum {
		t.Fatalf("%+v %s", f.Checksum, codes(f))
	}
	for _, given := range []string{"4218315892", "-76651404"} {
		if f := read(t, good+given+"\n#SIETYP 4\n"); !f.Checksum.Right || codes(f) != "" {
			t.Errorf("%s: %+v", given, f.Checksum)
		}
	}
	if f := read(t, "#FLAGGA 0\n#KSUMMA\n#SIETYP 4\n"); f.Checksum != nil || codes(f) != FindingChecksum {
		t.Errorf("one #KSUMMA: %s", codes(f))
	}
}

func TestMisplacedBraces(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"at the end of the line": head + "#VER A 1 20270211 \"x\" {\n#TRANS 1 {} 1\n#TRANS 2 {} -1\n}\n",
		"all in one line":        head + "#VER A 1 20270211 \"x {\" { #TRANS 1 {1 \"a}\"} 1 #TRANS 2 {} -1 }\n",
		"rows beside the braces": head + "#VER A 1 20270211\n{ #TRANS 1 {} 1\n#TRANS 2 {} -1 }\n",
		"two in one line":        head + "#VER A 1 20270211\n{\n#TRANS 1 {} 1 20270211 \"#TRANS 9 {} 9\" #TRANS 2 {} -1\n}\n",
		"none":                   head + "#VER A 1 20270211 \"x\"\n#TRANS 1 {} 1\n#TRANS 2 {} -1\n",
		"not closed":             head + "#VER A 1 20270211\n{\n#TRANS 1 {} 1\n#TRANS 2 {} -1\n#VER A 2 20270211\n{\n#TRANS 1 {} 0\n}\n",
	} {
		f := read(t, body)
		if codes(f) != FindingBraces || len(f.Vouchers[0].Rows) != 2 {
			t.Errorf("%s: %s %+v", name, codes(f), f.Vouchers)
		}
	}
}

const sie5 = `<?xml version="1.0"?><Sie xmlns="http://www.sie.se/sie5"><FileInfo><SoftwareProduct name="P" version="1"/><FileCreation time="2027-02-09T10:00:00" by="x"/>
<Company organizationId="212000-2643" name="Skellefteå kommun"/><FiscalYears><FiscalYear start="2027-01" end="2027-12"/></FiscalYears><AccountingCurrency currency="SEK"/></FileInfo>
<Dimensions><Dimension id="20" name="Verksamhet"><Object id="450" name="Gymnasium"/></Dimension></Dimensions>
<Journal id="A" name="J"><JournalEntry id="7" journalDate="2027-02-11" text="T"><EntryInfo date="2027-02-12" by="x"/>
<LedgerEntry accountId="4519" amount="12.5" text="r"><ObjectReference dimId="20" objectId="450"/></LedgerEntry><LedgerEntry accountId="3519" amount="-12.50"/>
<LedgerEntry accountId="3519" amount="-99"><Overstrike date="2027-02-12" by="x"/></LedgerEntry></JournalEntry></Journal></Sie>`

func TestSIE5(t *testing.T) {
	t.Parallel()
	f := read(t, sie5)
	want := []Voucher{{Series: "A", Number: "7", Day: "2027-02-11", Text: "T", Registered: "2027-02-12", Rows: []Row{
		{Account: "4519", AmountOre: 1250, Text: "r", Objects: []Object{{Dimension: "20", ID: "450"}}},
		{Account: "3519", AmountOre: -1250, Objects: []Object{}}, {Kind: "removed", Account: "3519", AmountOre: -9900, Objects: []Object{}},
	}}}
	if diff := cmp.Diff(want, f.Vouchers); diff != "" || codes(f) != "" {
		t.Errorf("%s %s", diff, codes(f))
	}
	if diff := cmp.Diff([]Year{{From: "2027-01-01", To: "2027-12-31"}}, f.Years); diff != "" || f.Company != "Skellefteå kommun" || f.Generated != "2027-02-09" {
		t.Errorf("%s %+v", diff, f)
	}
}

func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, body string
		want       error
	}{
		{"empty", "", ErrEmpty},
		{"blanks", "\xef\xbb\xbf \r\n\x00\x1a", ErrEmpty},
		{"text", "Hej!\n", ErrNoSIE},
		{"csv", "Batch;Rad\r\n", ErrNoSIE},
		{"cut off", head + "#VER A 1 20270211\n{\n#TRANS 1 {} 1\n", ErrCut},
		{"large", head + strings.Repeat("\n", MaxBytes), ErrTooLarge},
		{"other XML", `<Document/>`, ErrNoSIE},
		{"cut XML", sie5[:len(sie5)-30], ErrXML},
		{"doctype", `<!DOCTYPE Sie [<!ENTITY e "x">]>` + sie5[21:], ErrXML},
		{"deep", "<Sie>" + strings.Repeat("<a>", 40), ErrXML},
	} {
		f, err := Read(strings.NewReader(tt.body))
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
		if code, sv, en, ok := Refusal(err); !ok || code == "" || sv == "" || en == "" || tt.want != ErrTooLarge && len(f.SHA256) != 64 {
			t.Errorf("%s: refusal %q %q %q %v", tt.name, code, sv, en, ok)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(head + "#VER A 1 20270211 \"x\" {\n#TRANS 1 {1 \"a\"} 1,5\n}\n#KSUMMA\n")
	f.Add(sie5)
	f.Fuzz(func(t *testing.T, body string) {
		file, err := Read(strings.NewReader(body))
		if _, _, _, refused := Refusal(err); err != nil && !refused {
			t.Fatalf("%v is no refusal", err)
		}
		for _, v := range file.Vouchers {
			if v.Rows == nil {
				t.Fatal("rows are null")
			}
		}
	})
}
