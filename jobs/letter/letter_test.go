package letter

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fund/jobs/letter/lettertest"
	"fund/workflow/lang"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// decision is a letter with every part.
func decision() Letter {
	return Letter{
		Lang:      lang.SV,
		Title:     "Beslut om bidrag till skolutbyte med Brahestad",
		Over:      "Beslut",
		Date:      time.Date(2026, 5, 20, 13, 0, 0, 0, time.UTC),
		DNR:       "KS 2026/IF-0064",
		Recipient: []string{"Kågeskolan", "Anna-Karin Lidström", "anna-karin.lidstrom@example.org"},
		Sum: &Sum{
			Before: "Kommunstyrelsens arbetsutskott beviljar Kågeskolan",
			Amount: lang.Money(lang.SV, 88350),
			After:  "för skolutbytet ”Kågeskolan åk 8 – Brahestad: grannspråk och Bottenvikens kust” " + lang.Days(lang.SV, "2026-10-05", "2026-10-09") + ". Ni sökte " + lang.Money(lang.SV, 120000) + ".",
		},
		Facts: []Fact{{"Beslutat", lang.Day(lang.SV, "2026-05-12") + ", § 58"}, {"Beslutat av", "Kommunstyrelsens arbetsutskott"}, {"Föredragande", "Karin Holmlund"}},
		Sections: []Section{
			{Heading: "Skäl för beslutet", Paragraphs: []string{
				"Utbytet bygger på ett samarbete som har pågått sedan 2024 och når hela årskursen utan avgift. Två bedömare har läst ansökan. Den fick 82 poäng av 100 och alla kriterier är uppfyllda.",
				"Bidraget är lägre än ni sökte av två skäl:"},
				Points: []string{"Fickpengar, presentkort och vikarier kan inte få bidrag. Det är 31 000 kr av 148 800 kr.", "Bidraget får vara högst 75 procent av de kostnader som kan få bidrag."},
				Table: &Table{Head: []string{"Så är beloppet räknat", "Kronor"},
					Rows:  [][]string{{"Kostnader i ansökan", "148 800"}, {"Fickpengar och presentkort", "− 9 000"}, {"Vikarier för fyra lärare", "− 22 000"}, {"Kan få bidrag", "117 800"}},
					Total: []string{"75 procent av 117 800 kr", "88 350"}},
				After: []string{"Beslutet följer fondens regler RF-07 och RF-09, version 2026-1."}},
			{Heading: "Barnets bästa", Paragraphs: []string{"Alla elever i årskursen kan följa med. Fem elever får stöd på resan."}},
			{Heading: "Villkor", Numbered: true, Points: []string{
				"Skolan lämnar en ny finansieringsplan senast 30 juni 2026.", "Skolan godkänner bidragsvillkoren senast 19 juni 2026. Annars faller bidraget.",
				"Fråga oss innan ni ändrar dagar, partner eller antal elever.", "Lämna slutrapport senast 8 december 2026."}},
			{Heading: "Så betalas bidraget", Paragraphs: []string{"Pengarna bokas till ansvar 4230, projekt IF2601. Del 1, 70 680 kr, betalas tidigast 6 augusti 2026. Del 2, högst 17 670 kr, betalas när slutrapporten är godkänd. Kostar utbytet mindre än planerat kan delen bli lägre."}},
			{Heading: "Hur beslutet kan överklagas", Paragraphs: []string{
				"Den som är medlem i kommunen kan få beslutet prövat av domstol genom laglighetsprövning. Skriv till förvaltningsrätten. Tala om vilket beslut det gäller, vad du anser är fel och varför. Skrivelsen ska ha kommit in inom tre veckor från den dag då det tillkännagavs på kommunens anslagstavla att protokollet är justerat.",
				"Det gjordes 20 maj 2026. Sista dag att överklaga är 10 juni 2026. Kommer skrivelsen till kommunen i tid räknas den, och vi lämnar den vidare. Domstolen kan upphäva beslutet men inte ändra beloppet."}},
			{Heading: "Frågor", Paragraphs: []string{"Karin Holmlund, handläggare, svarar på frågor om beslutet: internationella.fonden@example.org. Vill du ha beslutet på ett annat språk, säg till."}},
		},
		Signature: []string{"Ulla Forsman", "nämndsekreterare, för kommunstyrelsens arbetsutskott", "Beslutet är undertecknat elektroniskt. Kopia till Mats Åström, rektor."},
		Footer:    "Skellefteå kommun\nInternationella enheten\n\nE-post\ninternationella.fonden@example.org\n\nWebb\nfonden.example.org",
		Unit:      "Kommunstyrelsen, Internationella enheten",
	}
}

// receipt is a short letter in English, with what is hard to set: letters of
// many languages, one that no font has, and a hash as long as a line.
func receipt() Letter {
	return Letter{
		Lang:  lang.EN,
		Title: "We have received your application",
		Over:  "Receipt",
		Date:  time.Date(2026, 9, 18, 12, 12, 5, 0, time.UTC),
		DNR:   "IF 2026/0101",
		Facts: []Fact{
			{"Received", lang.Stamp(lang.EN, time.Date(2026, 9, 18, 12, 12, 5, 0, time.UTC))},
			{"Project", "Čáhppesvuotna, Łódź, București ș ț, Đŋŧ and Nad Labem: ž š ř"},
			{"Partner", "Гімназія № 5, Київ · Ελλάδα · 学校"},
			{"Composed", "Skellefte" + "a\u030a"},
			{"SHA-256", strings.Repeat("0123456789abcdef", 4)},
		},
		Footer: "Skellefteå Municipality, the International Office, internationella.fonden@example.org",
	}
}

// long runs over several pages, with a table that is cut.
func long() Letter {
	l := receipt()
	l.Title = "A long letter"
	t := &Table{Head: []string{"Line", "Quantity", "Price", "Amount"}}
	for range 60 {
		t.Rows = append(t.Rows, []string{"A line of the budget with a description that is long enough to be broken", "24", "1 250", "30 000"})
	}
	t.Total = []string{"Total", "", "", "1 800 000"}
	l.Sections = []Section{{Heading: "Budget", Table: t}, {Heading: "Text", Paragraphs: []string{strings.Repeat("Every word of this paragraph is here to fill the page. ", 120)}}}
	return l
}

func encode(t *testing.T, l Letter) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Encode(&b, l); err != nil {
		t.Fatalf("Encode %q: %v", l.Title, err)
	}
	return b.Bytes()
}

// tool runs one of poppler's programs, the reader that is independent of the
// writer. Without it the test is skipped on a laptop and fails where it counts.
func tool(t *testing.T, pdf []byte, name string, args ...string) string {
	t.Helper()
	file, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("FUND_TEST_STRICT") == "1" {
			t.Fatalf("%s is missing: install poppler-utils", name)
		}
		t.Skipf("%s is missing: install poppler-utils", name)
	}
	in := filepath.Join(t.TempDir(), "letter.pdf")
	if err := os.WriteFile(in, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "IN" {
			args[i] = in
		}
	}
	out, err := exec.CommandContext(t.Context(), file, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func TestLetterReadsAsWritten(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		letter Letter
	}{{"decision", decision()}, {"receipt", receipt()}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			pdf := encode(t, tt.letter)
			got := tool(t, pdf, "pdftotext", "-layout", "-enc", "UTF-8", "IN", "-")
			golden := filepath.Join("testdata", tt.name+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("text differs from %s:\n%s", golden, got)
			}
		})
	}
}

func TestLetterSaysWhatItIs(t *testing.T) {
	t.Parallel()
	pdf := encode(t, decision())
	info := tool(t, pdf, "pdfinfo", "IN")
	for _, want := range []string{"Beslut om bidrag till skolutbyte med Brahestad", "Skellefteå kommun", "A4", "Pages:           2", "Tagged:          yes", "PDF version:     1.7"} {
		if !strings.Contains(info, want) {
			t.Errorf("the file's data lack %q:\n%s", want, info)
		}
	}
	fonts := tool(t, pdf, "pdffonts", "IN")
	for _, line := range strings.Split(strings.TrimSpace(fonts), "\n")[2:] {
		if f := strings.Fields(line); len(f) < 7 || f[len(f)-5] != "yes" || f[len(f)-3] != "yes" {
			t.Errorf("font is not embedded with its letters' meaning: %s", line)
		}
	}
}

func TestLetterIsMadeForTheArchive(t *testing.T) {
	t.Parallel()
	for _, l := range []Letter{decision(), receipt(), long(), {Title: "x", Date: time.Unix(1, 0)}} {
		l.DNR += " \U0001f600 \x00 \ufffe (\\)"
		doc, faults := lettertest.Check(encode(t, l))
		if len(faults) > 0 {
			t.Errorf("%s:\n%s", l.Title, strings.Join(faults, "\n"))
		}
		if doc.Lang != string(l.Lang) && l.Lang != "" || doc.Title != l.Title || !slices.Contains(doc.Text, "H1 "+l.Title) {
			t.Errorf("%q says %q in %q, and reads %.300q", l.Title, doc.Title, doc.Lang, strings.Join(doc.Text, "\n"))
		}
	}
}

// TestLetterIsReadInOrder: a screen reader hears heading, list and table as such,
// the footer once and last, a repeated head never.
func TestLetterIsReadInOrder(t *testing.T) {
	t.Parallel()
	l := long()
	doc, _ := lettertest.Check(encode(t, l))
	text := strings.Join(doc.Text, "\n")
	for want, times := range map[string]int{"TH Quantity": 1, "TD Total": 0, "TH Total": 1, "TH A line of the budget": 60, "H2 Text": 1, "P " + l.Footer: 1, "Page 1": 0} {
		if got := strings.Count(text, want); got != times {
			t.Errorf("%q is read %d times, want %d", want, got, times)
		}
	}
	if last := doc.Text[len(doc.Text)-1]; last != "P "+l.Footer {
		t.Errorf("last is read %q", last)
	}
	doc, _ = lettertest.Check(encode(t, decision()))
	text = strings.ReplaceAll(strings.Join(doc.Text, "\n"), "\u00a0", " ")
	for _, want := range []string{"H2 Villkor\nLbl 1.\nLBody Skolan lämnar", "TH Beslutat\nTD 12 maj 2026, § 58", "TH Vikarier för fyra lärare\nTD − 22 000", "grannspråk och Bottenvikens kust” 5–9 oktober 2026. Ni sökte"} {
		if !strings.Contains(text, want) {
			t.Errorf("not read so: %q\n%.3000s", want, text)
		}
	}
}

func TestSameLetterSameBytes(t *testing.T) {
	t.Parallel()
	for _, l := range []Letter{decision(), receipt(), long()} {
		first := encode(t, l)
		for range 3 {
			if !bytes.Equal(first, encode(t, l)) {
				t.Fatalf("letter %q was written in two ways", l.Title)
			}
		}
		l.DNR += "1"
		if bytes.Equal(first, encode(t, l)) {
			t.Fatalf("letter %q does not show its number", l.Title)
		}
	}
}

func TestLongLetterTurnsPages(t *testing.T) {
	t.Parallel()
	text := tool(t, encode(t, long()), "pdftotext", "-layout", "IN", "-")
	pages := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
	if len(pages) < 4 {
		t.Fatalf("a letter of 60 rows has %d pages", len(pages))
	}
	last := "(" + string(rune('0'+len(pages))) + ")"
	rows := 0
	for i, page := range pages {
		if !strings.Contains(page, "Page "+string(rune('1'+i))+" "+last) || !strings.Contains(page, "IF 2026/0101") {
			t.Errorf("page %d does not say where it belongs:\n%.400s", i+1, page)
		}
		if n := strings.Count(page, "A line of the budget"); n > 0 {
			rows += n
			if strings.Count(page, "Quantity") != 1 {
				t.Errorf("the table's head is not repeated on page %d", i+1)
			}
		}
	}
	if rows != 60 {
		t.Errorf("%d of 60 rows are on the pages", rows)
	}
	if got := strings.Count(strings.Join(strings.Fields(text), " "), "fill the page."); got != 120 {
		t.Errorf("%d of 120 sentences are on the pages", got)
	}
}

// TestNobodySignsAnEmptyPage: whatever the letter's length, its signature stands below words of the letter.
func TestNobodySignsAnEmptyPage(t *testing.T) {
	t.Parallel()
	for n := range 24 {
		l := decision()
		l.Sections[0].Paragraphs = append(l.Sections[0].Paragraphs, strings.Repeat("En rad till om skälen för beslutet, så lång att den fyller sin plats på bredden. ", n))
		pages := strings.Split(strings.TrimSuffix(tool(t, encode(t, l), "pdftotext", "-layout", "IN", "-"), "\f"), "\f")
		if last := pages[len(pages)-1]; !strings.Contains(last, "Frågor") || !strings.Contains(last, "Ulla Forsman") {
			t.Fatalf("with %d lines more, the last of %d pages is %q", n, len(pages), last)
		}
	}
}

// A table with as many sums as a round has: no number and no word of a head is broken.
func TestWideTableBreaksBetweenWords(t *testing.T) {
	t.Parallel()
	head := []string{"År", "Budget", "Beviljat", "Betalt", "Varav beviljat tidigare år", "Tillbaka", "Avskrivet", "Reserverat", "Kvar"}
	row := []string{"2026"}
	for _, n := range []int64{1_000_000, 436_000, 296_800, 25_000, 0, 0, 139_200, 464_000} {
		row = append(row, lang.Number(lang.SV, n))
	}
	l := long()
	l.Sections = []Section{{Heading: "Per år", Table: &Table{Head: head, Rows: [][]string{row}, Total: append([]string{"Summa och läge nu"}, row[1:]...)}}}
	text := strings.ReplaceAll(tool(t, encode(t, l), "pdftotext", "-layout", "-enc", "UTF-8", "IN", "-"), "\u00a0", " ")
	for _, want := range []string{"Reserverat", "Avskrivet", "Tillbaka", "1 000 000", "436 000", "296 800", "139 200", "464 000"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestLetterNeedsTitleAndDate(t *testing.T) {
	t.Parallel()
	for _, l := range []Letter{{}, {Title: "x"}, {Date: time.Unix(1, 0)}} {
		if err := Encode(&bytes.Buffer{}, l); !errors.Is(err, ErrIncomplete) {
			t.Errorf("Encode(%+v) = %v, want ErrIncomplete", l, err)
		}
	}
}

func TestFontsHoldTheSameLetters(t *testing.T) {
	t.Parallel()
	a, errA := coverage(regularFont)
	b, errB := coverage(boldFont)
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	for r := range a {
		if !b[r] {
			t.Errorf("bold lacks %q", r)
		}
	}
	for _, r := range "åäöÅÄÖéüčžłșțđŋŧšřěůőű§–−”’•…·  " {
		if !a[r] {
			t.Errorf("the main font lacks %q", r)
		}
	}
	if len(a) < 400 || len(a) != len(b) {
		t.Errorf("fonts hold %d and %d letters", len(a), len(b))
	}
}

func BenchmarkEncode(b *testing.B) {
	l := decision()
	for b.Loop() {
		if err := Encode(&bytes.Buffer{}, l); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzEncode(f *testing.F) {
	f.Add("Beslut", "text")
	f.Add("a\x00b\xff", "(\\) \u202e \U0001f600")
	f.Fuzz(func(t *testing.T, title, text string) {
		if title == "" {
			return
		}
		l := Letter{Title: title, Date: time.Unix(1, 0), Over: text, DNR: text, Recipient: []string{text}, Facts: []Fact{{text, text}},
			Sections:  []Section{{Heading: text, Paragraphs: []string{text}, Points: []string{text}, Table: &Table{Head: []string{text}, Rows: [][]string{{text, text}}}}},
			Signature: []string{text}, Footer: text}
		if err := Encode(&bytes.Buffer{}, l); err != nil {
			t.Fatalf("Encode(%q, %q): %v", title, text, err)
		}
	})
}
