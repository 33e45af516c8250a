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

// parseAmount reads an ISO 20022 decimal into hundredths, exactly. Zeros after the
// second decimal are nothing (5.0400 is 5.04); any other digit there is refused, as
// are signs, commas and more than 15 digits before the point.
func parseAmount(s string) (money.SEK, bool) {
	s = strings.TrimSpace(s)
	whole, frac, point := strings.Cut(s, ".")
	if whole == "" || len(whole) > 15 || point && frac == "" || len(frac) > 17 {
		return 0, false
	}
	frac = strings.TrimRight(frac, "0")
	if len(frac) > 2 {
		return 0, false
	}
	digits := whole + frac + "00"[len(frac):]
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
