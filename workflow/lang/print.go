package lang

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"fund/workflow/money"
)

const (
	nbsp  = "\u00a0" // keeps 81 000 kr on one line
	minus = "\u2212" // a minus sign, as long as a digit is wide
)

// Item prints the paragraph of a decision in minutes, however it was typed: the sign once, and on one line with its number.
// What has no number is no paragraph.
func Item(number string) string {
	number = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(number), "§"+nbsp+" "))
	if number == "" {
		return ""
	}
	return "§" + nbsp + number
}

// Number prints a whole number with no-break spaces between thousands: 81 000.
// Both languages do so, as the English pages are read beside the Swedish ones.
func Number(_ Lang, n int64) string { return grouped(strconv.FormatInt(n, 10)) }

func grouped(digits string) string {
	digits, negative := strings.CutPrefix(digits, "-")
	var b strings.Builder
	if negative {
		b.WriteString(minus)
	}
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(nbsp)
		}
		b.WriteByte(digits[i])
	}
	return b.String()
}

// Money prints whole kronor: 81 000 kr, in English SEK 81 000.
func Money(l Lang, kronor int64) string {
	if l != EN {
		return Number(l, kronor) + nbsp + "kr"
	}
	if kronor < 0 {
		return minus + "SEK" + nbsp + strings.TrimPrefix(Number(l, kronor), minus)
	}
	return "SEK" + nbsp + Number(l, kronor)
}

// Sum prints a sum with its öre, without unit, for tables: 81 000,00, in
// English 81 000.00.
func Sum(l Lang, s money.SEK) string {
	point := ","
	if l == EN {
		point = "."
	}
	whole, frac, _ := strings.Cut(s.Decimal(), ".")
	return grouped(whole) + point + frac
}

// Ore prints a sum in öre with its unit: 81 000,00 kr, in English SEK 81 000.00.
func Ore(l Lang, s money.SEK) string {
	if l == EN {
		return Currency(l, s, "SEK")
	}
	return Currency(l, s, "kr")
}

// Currency prints hundredths of a currency by its code: 81 000,00 EUR, in English
// EUR 81 000.00.
func Currency(l Lang, s money.SEK, code string) string {
	if l == EN {
		return code + nbsp + Sum(l, s)
	}
	return Sum(l, s) + nbsp + code
}

// Percent prints a share: 75 procent would be words; this is 75 %, in English 75%.
func Percent(l Lang, s money.Share) string {
	if l == EN {
		return s.Percent() + "%"
	}
	return strings.Replace(s.Percent(), ".", ",", 1) + nbsp + "%"
}

// PercentWords prints a share for running text: 75 procent, 75 percent.
func PercentWords(l Lang, s money.Share) string {
	if l == EN {
		return s.Percent() + nbsp + "percent"
	}
	return strings.Replace(s.Percent(), ".", ",", 1) + nbsp + "procent"
}

// Size prints a file's size in decimal units as people see it: 214 kB, 3,2 MB.
func Size(l Lang, bytes int64) string {
	switch {
	case bytes < 1000:
		return strconv.FormatInt(bytes, 10) + nbsp + "B"
	case bytes < 999_500:
		return strconv.FormatInt((bytes+500)/1000, 10) + nbsp + "kB"
	}
	tenths := (bytes + 50_000) / 100_000
	point := ","
	if l == EN {
		point = "."
	}
	return strconv.FormatInt(tenths/10, 10) + point + strconv.FormatInt(tenths%10, 10) + nbsp + "MB"
}

// List joins names as people do: a, b och c.
func List(l Lang, items []string) string {
	and := " och "
	if l == EN {
		and = " and "
	}
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:len(items)-1], ", ") + and + items[len(items)-1]
}

// Composed joins letters and their marks (å written as a and a ring) to single
// letters, Unicode form NFC, which is what fonts and searches expect.
func Composed(s string) string { return norm.NFC.String(s) }
