package plaintext_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"fund/jobs/plaintext"
)

func TestTextsKeepTheirNearestLetters(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, swedish, ascii, booking string }{
		{"plain", "Friskolan Björken AB", "Friskolan Björken AB", "Friskolan Bjorken AB", "Friskolan Björken AB"},
		{"accents", "Lycée Saint-Exupéry, Zürich", "Lycee Saint-Exupery, Zurich", "Lycee Saint-Exupery, Zurich", "Lycée Saint-Exupéry, Zürich"},
		{"decomposed", "A\u030Angström o\u0308", "Ångström ö", "Angstrom o", "Ångström ö"},
		{"marks", "Barn & Unga § 4 “Norr” – 50 €", "Barn + Unga par. 4 'Norr' - 50 EUR", "Barn + Unga par. 4 'Norr' - 50 EUR", "Barn & Unga par. 4 'Norr' - 50 EUR"},
		{"nordic", "Tromsø Ærø Łódź Þór Straße", "Tromso Aro Lodz THor Strasse", "Tromso Aro Lodz THor Strasse", "Tromso Æro Lódz THór Straße"},
		{"quotes", `a"b\c_d{e}`, "a'b/c-d(e)", "a'b/c-d(e)", "a'b/c_d(e)"},
		{"emoji", "Klass 7B 🎒👩‍🏫", "Klass 7B ...", "Klass 7B ...", "Klass 7B ???"},
		{"lines", " a\tb\r\n\u00a0c ", "a b c", "a b c", "a b c"},
		{"invisible", "\u200b", ".", ".", "?"},
		{"blank", " \t ", "", "", ""},
		{"wide", "ＡＢ１", "AB1", "AB1", "AB1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := plaintext.Payment(test.in, plaintext.Swedish); got != test.swedish {
				t.Errorf("Payment(%q, swedish) = %q, want %q", test.in, got, test.swedish)
			}
			if got := plaintext.Payment(test.in, plaintext.ASCII); got != test.ascii {
				t.Errorf("Payment(%q, ascii) = %q, want %q", test.in, got, test.ascii)
			}
			if got := plaintext.Booking(test.in); got != test.booking {
				t.Errorf("Booking(%q) = %q, want %q", test.in, got, test.booking)
			}
		})
	}
}

func TestAnyTextBecomesAllowedAndStaysSo(t *testing.T) {
	t.Parallel()
	const bank = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-?:().,'+ "
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		swedish, ascii, booking := plaintext.Payment(s, plaintext.Swedish), plaintext.Payment(s, plaintext.ASCII), plaintext.Booking(s)
		if left := strings.Map(drop(bank+"åäöÅÄÖ"), swedish); left != "" {
			t.Fatalf("Payment(%q) holds %q", s, left)
		}
		if left := strings.Map(drop(bank), ascii); left != "" {
			t.Fatalf("Payment(%q, ascii) holds %q", s, left)
		}
		for _, r := range booking {
			if b, ok := charmap.CodePage437.EncodeRune(r); !ok || b < 0x20 || b == 0x7F || b == '"' || b == '\\' {
				t.Fatalf("Booking(%q) holds %q", s, r)
			}
		}
		for _, got := range []string{swedish, ascii, booking} {
			if strings.TrimSpace(s) != "" && got == "" {
				t.Fatalf("%q became empty", s)
			}
			if got != strings.Join(strings.Fields(got), " ") {
				t.Fatalf("%q became %q, blanks not collapsed", s, got)
			}
		}
		if again := plaintext.Payment(swedish, plaintext.Swedish); again != swedish {
			t.Fatalf("Payment is not idempotent on %q: %q, then %q", s, swedish, again)
		}
		if again := plaintext.Booking(booking); again != booking {
			t.Fatalf("Booking is not idempotent on %q: %q, then %q", s, booking, again)
		}
		limit := rapid.IntRange(1, 90).Draw(t, "limit")
		for _, cut := range []string{plaintext.Cut(swedish, limit), plaintext.CutWord(swedish, limit)} {
			if utf8.RuneCountInString(cut) > limit || !utf8.ValidString(cut) || !strings.HasPrefix(swedish, cut) || swedish != "" && cut == "" {
				t.Fatalf("%q cut at %d is %q", swedish, limit, cut)
			}
		}
	})
}

func drop(set string) func(rune) rune {
	return func(r rune) rune {
		if strings.ContainsRune(set, r) {
			return -1
		}
		return r
	}
}

func TestCutEndsAtAWord(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in  string
		limit     int
		cut, word string
	}{
		{"short", "abc", 5, "abc", "abc"},
		{"inside a word", "Norrskensskolan i Boliden", 20, "Norrskensskolan i Bo", "Norrskensskolan i"},
		{"between words", "Norra skolan", 5, "Norra", "Norra"},
		{"one long word", "åäöåäöåäö", 4, "åäöå", "åäöå"},
		{"early blank", "A Norrskensskolan", 10, "A Norrsken", "A Norrsken"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := plaintext.Cut(test.in, test.limit); got != test.cut {
				t.Errorf("Cut = %q, want %q", got, test.cut)
			}
			if got := plaintext.CutWord(test.in, test.limit); got != test.word {
				t.Errorf("CutWord = %q, want %q", got, test.word)
			}
		})
	}
}

func TestLettersAreOneOfTwo(t *testing.T) {
	t.Parallel()
	for l, good := range map[plaintext.Letters]bool{plaintext.Swedish: true, plaintext.ASCII: true, "": false, "latin": false} {
		if err := l.Validate(); (err == nil) != good {
			t.Errorf("%q: %v", l, err)
		}
	}
}
