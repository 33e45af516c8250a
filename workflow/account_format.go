package workflow

import (
	"strings"

	"fund/workflow/checkdigit"
)

// The formats below write a stored normal form as people print it. What is not
// in normal form comes back unchanged.

// FormatBankgiro is NNN-NNNN or NNNN-NNNN.
func FormatBankgiro(normal string) string {
	if !checkdigit.AllDigits(normal) || len(normal) < 7 || len(normal) > 8 {
		return normal
	}
	cut := len(normal) - 4
	return normal[:cut] + "-" + normal[cut:]
}

// FormatPlusgiro is in pairs from the right, the check digit after a hyphen: 90 91 02-6.
func FormatPlusgiro(normal string) string {
	if !checkdigit.AllDigits(normal) || len(normal) < 2 || len(normal) > 8 {
		return normal
	}
	body, check := normal[:len(normal)-1], normal[len(normal)-1:]
	odd := len(body) % 2
	parts := make([]string, 0, 4)
	if odd == 1 {
		parts = append(parts, body[:1])
	}
	for i := odd; i < len(body); i += 2 {
		parts = append(parts, body[i:i+2])
	}
	return strings.Join(parts, " ") + "-" + check
}

// FormatOrgNo is NNNNNN-NNNN.
func FormatOrgNo(normal string) string {
	if !checkdigit.AllDigits(normal) || len(normal) != 10 {
		return normal
	}
	return normal[:6] + "-" + normal[6:]
}

// FormatIBAN is in fours; no country has more than 34 characters.
func FormatIBAN(normal string) string {
	if len(normal) > 34 || strings.Trim(normal, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return normal
	}
	var b strings.Builder
	for i := range len(normal) {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteByte(normal[i])
	}
	return b.String()
}

// FormatAccount is "5368, 1234566", with a fifth clearing digit after a hyphen.
// At 3300 and 3782 the account is its holder's personal number: only the last
// four digits are shown.
func FormatAccount(clearing, number string) string {
	if (strings.HasPrefix(clearing, "3300") || strings.HasPrefix(clearing, "3782")) && len(number) > 4 {
		number = strings.Repeat("*", len(number)-4) + number[len(number)-4:]
	}
	if len(clearing) == 5 {
		clearing = clearing[:4] + "-" + clearing[4:]
	}
	return clearing + ", " + number
}
