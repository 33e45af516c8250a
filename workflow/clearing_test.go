package workflow

import (
	"os"
	"slices"
	"strings"
	"testing"

	"fund/workflow/checkdigit"
)

func TestEmbeddedClearingsAreThoseOfTheVectors(t *testing.T) {
	t.Parallel()
	table := BankClearings()
	file, err := os.Open("../testdata/vectors/clearing-ranges.psv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if want, err := ParseClearings(file); err != nil || !slices.Equal(table, want) {
		t.Errorf("the embedded ranges are others than those of the vectors (%v)", err)
	}
	if len(table) != 53 {
		t.Errorf("%d ranges, want 53", len(table))
	}
	for i, one := range table {
		if i > 0 && table[i-1].To >= one.From {
			t.Errorf("%d–%d begins before the one above it ends", one.From, one.To)
		}
	}
	for _, tt := range []struct {
		clearing, bank         string
		typ, comment, min, max int
	}{{"3300", "Nordea", 2, 1, 10, 10}, {"3301", "Nordea", 1, 1, 7, 7}, {"83279", "Swedbank", 2, 3, 7, 10}, {"6999", "Handelsbanken", 2, 2, 7, 9}, {"9570", "Sparbanken Syd", 2, 1, 5, 10}, {"4000", "Nordea", 1, 2, 7, 7}} {
		got, ok := table.Find(tt.clearing)
		if !ok || got.Bank != tt.bank || got.Type != tt.typ || got.Comment != tt.comment || got.Min != tt.min || got.Max != tt.max {
			t.Errorf("%s is %+v, want %+v", tt.clearing, got, tt)
		}
	}
	for _, s := range []string{"", "12", "1099", "9999", "53x8", "-100"} {
		if got, ok := table.Find(s); ok {
			t.Errorf("%q is %+v, want no bank", s, got)
		}
	}
}

func TestFirstRangeDecides(t *testing.T) {
	t.Parallel()
	table, err := ParseClearings(strings.NewReader("# remark\n\n5000|5999|111|A|First|Type1|Comment1|Method1|7|7\r\n5000|5999|222|B|Second|Type1|Comment2|Method1|7|7\n"))
	if err != nil {
		t.Fatal(err)
	}
	a, wrong := AccountRules{Clearings: table}.Check("5368", "1234566")
	if wrong != nil || a.Range.Bank != "First" {
		t.Errorf("got %+v (%v), want First", a, wrong)
	}
}

func TestParseClearingsNamesTheLine(t *testing.T) {
	t.Parallel()
	good := "5000|5999|500|ESSESESS|SEB|Type1|Comment1|Method1|7|7"
	for _, old := range []struct{ from, to string }{
		{"|7|7", "|7"}, {"|7|7", "|8|7"}, {"|7|7", "|7|99"}, {"Type1", "Type3"}, {"Type1", "1"}, {"Comment1", "Comment4"}, {"Comment1", "Comment3"},
		{"Method1", "Method9"}, {"Method1", "Unknown"}, {"5999", "4999"}, {"5000", "50"}, {"|500|", "|5A0|"}, {"|500|", "||"},
	} {
		bad := strings.Replace(good, old.from, old.to, 1)
		if table, err := ParseClearings(strings.NewReader(good + "\n" + bad)); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: %v (%v), want an error at line 2", bad, table, err)
		}
	}
	if _, err := ParseClearings(strings.NewReader("# nothing\n")); err == nil {
		t.Error("an empty table was accepted")
	}
	if _, err := ParseClearings(strings.NewReader(good)); err != nil {
		t.Errorf("the good line: %v", err)
	}
}

func FuzzParseClearings(f *testing.F) {
	f.Add("5000|5999|500|ESSESESS|SEB|Type1|Comment1|Method1|7|7", "5368", "1234566")
	f.Add("3782|3782|300|NDEASESS|Nordea|Type2|Comment1|MethodUnknown|7|10", "3782", "1212121212")
	f.Fuzz(func(t *testing.T, file, clearing, number string) {
		table, err := ParseClearings(strings.NewReader(file))
		if err != nil {
			return
		}
		if a, wrong := (AccountRules{Clearings: table}).Check(clearing, number); wrong == nil {
			if iban, ok := a.IBAN(); ok && (len(iban) != ibanDigits || !checkdigit.Mod97(iban)) {
				t.Fatalf("IBAN %q of %+v", iban, a)
			}
		}
	})
}
