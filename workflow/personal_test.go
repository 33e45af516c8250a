package workflow

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"fund/workflow/checkdigit"
)

func TestFindPersonalNumber(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"Eleven 19121212-1212 reser.", "19121212-1212"},
		{"121212-1212", "121212-1212"},
		{"121212+1212", "121212+1212"},
		{"1212121212", "1212121212"},
		{"191212121212", "191212121212"},
		{"191212121212.", "191212121212"},
		{"19121212 1212", "19121212 1212"},
		{"121212 1212", "121212 1212"},
		{"121212\u00a01212", "121212\u00a01212"},
		{"121212\u20131212", "121212\u20131212"},
		{"121212 - 1212", "121212 - 1212"},
		{"12\u200b1212-1212", "12\u200b1212-1212"},
		{"１２１２１２-１２１２", "１２１２１２-１２１２"},
		{"lista_121212-1212.pdf", "121212-1212"},
		{"Anna19121212_1212.docx", "19121212_1212"},
		{"(121212-1212)", "121212-1212"},
		{"åk 9 121212-1212", "121212-1212"},
		{"tel 0910-73 50 00, pnr 121212-1212", "121212-1212"},
		{"701063-2391", "701063-2391"}, // coordination number: the 3rd, and 60
		{"000229-1235", "000229-1235"}, // 2000 was a leap year
		{"0702296", ""},
		{"121212-1213", ""},   // check digit
		{"121312-1211", ""},   // no month 13
		{"20230229-1238", ""}, // no leap day
		{"121212-0008", ""},   // 000 is given to nobody
		{"556047-3521", ""},   // organisation number
		{"16556047-3521", ""},
		{"212000-2643", ""},
		{"bankgiro 5912-3455", ""},
		{"plusgiro 90 91 02-6", ""},
		{"SE45 5000 0000 0583 9825 7466", ""},
		{"SE4550000000058398257466", ""},
		{"2026-05-04 till 2026-05-08", ""},
		{"20260504-20260508", ""},
		{"1 212 121 212 kr", ""},
		{"121212,1212", ""},
		{"121212.1212", ""},
		{"121212/1212", ""},
		{"070-123 45 67", ""},
		{"0701234567", ""},
		{"+46 70 123 45 67", ""},
		{"9121212121212", ""}, // longer than a number
		{"121212-12123", ""},
		{"2121212-1212", ""},
		{"121212--1212", ""},
		{"121212   1212", ""},
		{"121212\n1212", ""},
		{"", ""},
	} {
		start, end, ok := FindPersonalNumber(tt.text)
		if got := tt.text[start:end]; got != tt.want || ok != (tt.want != "") {
			t.Errorf("%q: found %q (%v), want %q", tt.text, got, ok, tt.want)
		}
	}
}

// numberOf makes a number of date and serial with the right check digit.
func numberOf(date, serial string) string {
	short := date[len(date)-6:]
	return date + "-" + serial + checkdigit.Mod10Digit(short+serial)
}

func TestPhonesAndTimestampsPass(t *testing.T) {
	t.Parallel()
	mobile := strings.ReplaceAll(numberOf("070915", "123"), "-", "")
	stamp := numberOf("20260504", "131")
	for text, want := range map[string]bool{
		"Mobil: " + mobile:                   false,
		"tel. nr " + mobile:                  false,
		"pnr " + mobile:                      true,
		mobile:                               true,
		"Ring Anna, " + mobile:               true, // what the word belongs to is not known
		"+49 " + mobile[1:] + "1":            false,
		"+49 1512121213":                     false,
		"mobil " + numberOf("070915", "123"): true, // no telephone is written like that
		"bild " + stamp + ".jpg":             false,
		numberOf("20260504", "991"):          true,
		numberOf("20070915", "131"):          true,
	} {
		if _, _, ok := FindPersonalNumber(text); ok != want {
			t.Errorf("%q: found %v, want %v", text, ok, want)
		}
	}
}

func TestEveryPersonalNumberIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := NewDate(1930, 1, 1).AddDays(rapid.IntRange(0, 33000).Draw(t, "day"))
		date := strings.ReplaceAll(d.String(), "-", "")
		if rapid.Bool().Draw(t, "coordination") {
			date = date[:6] + fmt.Sprint(d.Day()+60)
		}
		if rapid.Bool().Draw(t, "short") {
			date = date[2:]
		}
		number := numberOf(date, fmt.Sprintf("%03d", rapid.IntRange(1, 999).Draw(t, "serial")))
		number = strings.Replace(number, "-", rapid.SampledFrom([]string{"", "-", "+", " ", "_", "–"}).Draw(t, "between"), 1)
		before := rapid.SampledFrom([]string{"", "Eleven ", "elev_", "(", "x"}).Draw(t, "before")
		text := before + number + rapid.SampledFrom([]string{"", ".", " åker", ".pdf", "x"}).Draw(t, "after")
		start, end, ok := FindPersonalNumber(text)
		if !ok || text[start:end] != number {
			t.Fatalf("%q: found %q (%v), want %q", text, text[start:end], ok, number)
		}
		// One wrong digit among the last four, and it is no such number.
		last := len(number) - 1
		wrong := number[:last] + string('0'+(number[last]-'0'+1)%10)
		if _, _, ok := FindPersonalNumber(wrong); ok {
			t.Fatalf("%q was found", wrong)
		}
	})
}

func TestOrganisationNumbersAreNoPersons(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringMatching(`[125789][0-9][2-9][0-9]{6}`).Draw(t, "body")
		number := body + checkdigit.Mod10Digit(body)
		for _, text := range []string{number, FormatOrgNo(number), "16" + number, "Org.nr " + FormatOrgNo(number)} {
			if start, end, ok := FindPersonalNumber(text); ok {
				t.Fatalf("%q: found %q", text, text[start:end])
			}
		}
	})
}

func FuzzFindPersonalNumber(f *testing.F) {
	f.Add("19121212-1212")
	f.Add("+46 0709151234\xff121212\u00ad1212")
	f.Fuzz(func(t *testing.T, s string) {
		start, end, ok := FindPersonalNumber(s)
		if ok != (end > start) || start < 0 || end > len(s) {
			t.Fatalf("%q: %d to %d, %v", s, start, end, ok)
		}
		if ok {
			if again, _, found := FindPersonalNumber(s[start:end]); s[start:end] != "" && found && again != 0 {
				t.Fatalf("%q: found at %d in itself", s[start:end], again)
			}
		}
		LooksLikeNameList(s)
	})
}

func TestLooksLikeNameList(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		text string
		want bool
	}{
		{"three names", "Anna Svensson\nErik Berg\nLisa Ek", true},
		{"in a text", "Deltagare:\n\nAnna Svensson\r\nErik Berg\r\nLisa Ek\r\noch lärare", true},
		{"numbered", "1. Anna Svensson\n2. Erik Berg\n3. Lisa Ek", true},
		{"dashed, with class", "- Anna Svensson, 9B\n- Erik von Berg (9A)\n- Anna-Lisa O'Hara åk 9", true},
		{"surname first", "Svensson, Anna\nBerg, Erik\nEk, Lisa", true},
		{"three words", "Anna Maria Svensson\nAli al Hassan\nŁukasz Żak", true},
		{"Henning and Theresa", "Henning Berg\nTheresa Ek\nOla Ås", true},
		{"two names", "Anna Svensson\nErik Berg", false},
		{"one name thrice", "Anna Svensson\nAnna Svensson\nAnna Svensson", false},
		{"parted", "Anna Svensson\nErik Berg\nSedan åker vi hem.\nLisa Ek", false},
		{"sentences", "Vi reser med tåg.\nVi bor i familjer.\nVi besöker skolan.", false},
		{"schools", "Baldergymnasiet Skellefteå\nKågeskolan Kåge\nMorö Backe Skola", false},
		{"partners", "Skellefteå Kommun\nBodø Kommune\nTurku International School", false},
		{"days", "Måndag Ankomst\nTisdag Skola\nOnsdag Museum", false},
		{"places", "New York\nNew Orleans\nSan Francisco", false},
		{"single words", "Anna\nErik\nLisa", false},
		{"capitals", "EU FN\nUSA NATO\nVT HT", false},
		{"lower case", "anna svensson\nerik berg\nlisa ek", false},
		{"empty", "", false},
	} {
		if got := LooksLikeNameList(tt.text); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestFileNameHoldsNames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		want bool
	}{
		{"Anna Svensson, Erik Lund, Maja Berg.pdf", true},
		{"Anna Svensson, Erik Lund och Maja Berg.pdf", true},
		{"Anna_Svensson,_Erik_Lund,_Maja_Berg.docx", true},
		{"Anna_Svensson-Erik_Lund-Maja_Berg.pdf", true},
		{"Anna Svensson - Erik Lund - Maja Berg.pdf", true},
		{"AnnaSvensson_ErikLund.pdf", false}, // two
		{"AnnaSvensson-ErikLund-MajaBerg.pdf", true},
		{"Svensson, Anna; Lund, Erik; Berg, Maja.odt", true},
		{"Grupp 1: Anna Svensson, Erik Lund, Maja Berg.pdf", true},
		{"Elever Anna Svensson, Erik Lund, Maja Berg 9B.pdf", true},
		{"Anna Svensson, Erik Lund.pdf", false},
		{"avsiktsförklaring Jana Nováková.pdf", false},
		{"Avsiktsförklaring, Gymnázium Labská, Pardubice, Tjeckien.pdf", false},
		{"Riskanalys Brahestad, Umeå, Skellefteå.pdf", false},
		{"Program måndag, tisdag, onsdag.pdf", false},
		{"Skellefteå Kommun, Bodø Kommune, Turku International School.pdf", false},
		{"org 212000-2643, 556036-0793, 802002-1234.pdf", false},
		{"Budget-HT26-version-2.pdf", false},
		{".pdf", false},
		{"", false},
	} {
		if got := FileNameHoldsNames(tt.name); got != tt.want {
			t.Errorf("%q: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestNoNumberInAnyStep: what a step doesn't have to say is read as well as what it must (RF-25).
func TestNoNumberInAnyStep(t *testing.T) {
	t.Parallel()
	const number = "Ring 19121212-1212"
	yes := true
	for field, cmd := range map[string]checked{
		"reason":               &Withdraw{Reason: number},
		"statement":            &Approve{Statement: number},
		"rulings[0].reason":    &RuleEligibility{Eligible: true, Rulings: []RuleValue{{Rule: "RF-01", Met: true, Reason: number}}},
		"note":                 &RuleCondition{Condition: 1, Met: &yes, Note: number},
		"remark":               &AcceptReport{Remark: number},
		"payment.holder":       &ChangeAccount{Payment: PayInto{Method: "bankgiro", Bankgiro: "991-2346", Holder: number}},
		"payment.cost_centre":  &ChangeAccount{Payment: PayInto{Method: "internal", CostCentre: number}},
		"message":              &Complete{Message: number},
		"points[0].text":       &RequestCompletion{Points: []Point{{Field: "text", Text: number}}},
		"actual[0].voucher":    &SubmitReport{Actual: []ActualLine{{Line: 1, Voucher: number}}},
		"disallowed[0].reason": &AcceptReport{Disallowed: []DisallowedLine{{Line: 1, Reason: number}}},
	} {
		findsNumber(t, field, cmd)
	}
	for _, cmd := range []checked{&Discontinue{Reason: number}, &Decline{Reason: number}, &DeclareInterest{Reason: number}, &Lapse{Reason: number}} {
		findsNumber(t, "reason", cmd)
	}
}

func findsNumber(t *testing.T, field string, cmd checked) {
	t.Helper()
	w := newWorld(t)
	w.c.App.Decision = &Decision{Conditions: []Condition{{N: 1}}}
	turn := newTurn(w.c, officer1, w.at)
	cmd.check(turn)
	for _, v := range turn.faults {
		if v.Field == field && v.Rule == "RF-25" {
			return
		}
	}
	t.Errorf("%T: no RF-25 at %s in %v", cmd, field, turn.faults)
}
