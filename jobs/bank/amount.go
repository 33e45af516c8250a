package bank

import (
	"strconv"
	"strings"

	"fund/workflow/money"
)

// Total is a count of payments and their sum.
type Total struct {
	Count int64
	Sum   money.SEK
}

// parseAmount reads an ISO 20022 decimal into hundredths, exactly, in each of the ways
// in which the schemas let it be written: +5, 5., .5 and 005.00, too. Zeros after the
// second decimal are nothing (5.0400 is 5.04); any other digit there is refused, as
// are minus signs, commas and more than 15 digits before the point.
func parseAmount(s string) (money.SEK, bool) {
	s = strings.TrimPrefix(strings.TrimSpace(s), "+")
	whole, frac, _ := strings.Cut(s, ".")
	if whole+frac == "" || len(frac) > 17 {
		return 0, false
	}
	whole, frac = strings.TrimLeft(whole, "0"), strings.TrimRight(frac, "0")
	if len(whole) > 15 || len(frac) > 2 {
		return 0, false
	}
	digits := "0" + whole + frac + "00"[len(frac):]
	for _, r := range digits {
		if r < '0' || r > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return money.SEK(n), err == nil
}

// parseCount reads a Max15NumericText.
func parseCount(s string) (int64, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 15 {
		return 0, false
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}
