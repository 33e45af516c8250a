package lang

import (
	"strings"
	"testing"
	"time"

	"fund/workflow/money"
)

// soft writes no-break spaces as _ so that the wanted texts can be read.
func soft(s string) string { return strings.ReplaceAll(s, nbsp, "_") }

func TestMoneyAndNumbers(t *testing.T) {
	t.Parallel()
	share := money.Share{Num: 625, Den: 1000}
	for _, tt := range []struct{ name, sv, en, wantSV, wantEN string }{
		{"money", Money(SV, 81000), Money(EN, 81000), "81_000_kr", "SEK_81_000"},
		{"small money", Money(SV, 500), Money(EN, 500), "500_kr", "SEK_500"},
		{"nothing", Money(SV, 0), Money(EN, 0), "0_kr", "SEK_0"},
		{"debt", Money(SV, -5850), Money(EN, -5850), "−5_850_kr", "−SEK_5_850"},
		{"million", Number(SV, 1234567), Number(EN, 1234567), "1_234_567", "1_234_567"},
		{"lowest", Number(SV, -1<<63), Number(EN, -1<<63), "−9_223_372_036_854_775_808", "−9_223_372_036_854_775_808"},
		{"sum", Sum(SV, 8100050), Sum(EN, 8100050), "81_000,50", "81_000.50"},
		{"öre", Ore(SV, -5), Ore(EN, 100), "−0,05_kr", "SEK_1.00"},
		{"percent", Percent(SV, share), Percent(EN, share), "62,5_%", "62.5%"},
		{"percent in words", PercentWords(SV, money.Share{Num: 75, Den: 100}), PercentWords(EN, share), "75_procent", "62.5_percent"},
		{"size", Size(SV, 213_600), Size(EN, 3_240_000), "214_kB", "3.2_MB"},
		{"edge of a size", Size(SV, 999_499), Size(SV, 999_500), "999_kB", "1,0_MB"},
		{"list", List(SV, []string{"a", "b", "c"}), List(EN, []string{"a", "b"}), "a, b och c", "a and b"},
		{"short list", List(SV, []string{"a"}), List(EN, nil), "a", ""},
	} {
		if soft(tt.sv) != tt.wantSV || soft(tt.en) != tt.wantEN {
			t.Errorf("%s: got %q and %q, want %q and %q", tt.name, soft(tt.sv), soft(tt.en), tt.wantSV, tt.wantEN)
		}
	}
}

func TestDays(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 9, 18, 12, 12, 5, 0, time.UTC) // 14.12 in Sweden
	late := time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)
	for _, tt := range []struct{ name, sv, en, wantSV, wantEN string }{
		{"date", Date(SV, at), Date(EN, at), "18_september 2026", "18_September 2026"},
		{"the day in Sweden", Date(SV, late), Date(EN, late), "1_januari 2027", "1_January 2027"},
		{"short", ShortDate(SV, at), ShortDate(EN, at), "18_september", "18_September"},
		{"long", LongDate(SV, at), LongDate(EN, at), "fredag 18_september 2026", "Friday 18_September 2026"},
		{"clock", Clock(SV, at), Clock(EN, at), "kl._14.12", "14:12"},
		{"date and clock", DateTime(SV, at), DateTime(EN, at), "18_september 2026 kl._14.12", "18_September 2026 at_14:12"},
		{"long with clock", LongDateTime(SV, at), LongDateTime(EN, at), "fredag 18_september 2026 kl._14.12", "Friday 18_September 2026 at_14:12"},
		{"stamp", Stamp(SV, at), Stamp(EN, at), "2026-09-18 kl._14.12.05", "2026-09-18_14:12:05"},
		{"day", Day(SV, "2026-09-18"), Day(EN, "2026-09-18"), "18_september 2026", "18_September 2026"},
		{"no day", Day(SV, "snart"), Day(EN, ""), "snart", ""},
		{"long day", LongDay(SV, "2026-09-30"), LongDay(EN, "2026-09-30"), "onsdag 30_september 2026", "Wednesday 30_September 2026"},
		{"short day", ShortDay(SV, "2026-05-01"), ShortDay(EN, "2026-05-01"), "1_maj", "1_May"},
		{"days of a month", Days(SV, "2027-04-12", "2027-04-18"), Days(EN, "2027-04-12", "2027-04-18"), "12–18_april 2027", "12–18_April 2027"},
		{"days of two months", Days(SV, "2027-05-28", "2027-06-03"), Days(EN, "2027-05-28", ""), "28_maj–3_juni 2027", "28_May 2027"},
		{"days of two years", Days(SV, "2026-12-30", "2027-01-03"), Days(EN, "", "2027-01-03"), "30_december 2026–3_januari 2027", "3_January 2027"},
		{"never", Date(SV, time.Time{}) + LongDate(SV, time.Time{}) + DateTime(SV, time.Time{}), Stamp(EN, time.Time{}) + Clock(EN, time.Time{}) + LongDateTime(EN, time.Time{}) + ShortDate(EN, time.Time{}), "", ""},
	} {
		if soft(tt.sv) != tt.wantSV || soft(tt.en) != tt.wantEN {
			t.Errorf("%s: got %q and %q, want %q and %q", tt.name, soft(tt.sv), soft(tt.en), tt.wantSV, tt.wantEN)
		}
	}
}

// TestItemStaysOnOneLine: the paragraph of a decision is written in one way, however it was typed.
func TestItemStaysOnOneLine(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"§ 85": "§_85", "85": "§_85", " §85 ": "§_85", "§§ 85": "§_85", "§": "", "  ": "", "12 b": "§_12 b"} {
		if got := soft(Item(typed)); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}
