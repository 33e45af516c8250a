package pain001

import (
	"fmt"
	"strings"

	"fund/workflow/checkdigit"
)

func checkGiro(s string, shortest int) error {
	switch {
	case !checkdigit.AllDigits(s):
		return fmt.Errorf("not digits only")
	case len(s) < shortest || len(s) > 8:
		return fmt.Errorf("%d digits, not %d to 8", len(s), shortest)
	case strings.Trim(s, "0") == "":
		return fmt.Errorf("zeros only")
	case !checkdigit.Mod10(s):
		return fmt.Errorf("wrong check digit")
	}
	return nil
}

func checkIBAN(s string) error {
	digits, swedish := strings.CutPrefix(s, "SE")
	switch {
	case !swedish || !checkdigit.AllDigits(digits):
		return fmt.Errorf("not SE and digits")
	case len(s) != 24:
		return fmt.Errorf("%d characters, not 24", len(s))
	case !checkdigit.Mod97(s):
		return fmt.Errorf("wrong check digits")
	}
	return nil
}

// checkReference takes an OCR number (2 to 25 digits, mod 10) or an RF
// reference (ISO 11649).
func checkReference(s string) error {
	if !strings.HasPrefix(s, "RF") {
		switch {
		case !checkdigit.AllDigits(s) || len(s) < 2 || len(s) > 25:
			return fmt.Errorf("not 2 to 25 digits")
		case !checkdigit.Mod10(s):
			return fmt.Errorf("wrong check digit")
		}
		return nil
	}
	switch {
	case len(s) < 5 || len(s) > 25 || strings.Trim(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || !checkdigit.AllDigits(s[2:4]):
		return fmt.Errorf("not RF, two digits and 1 to 21 digits or capitals")
	case !checkdigit.Mod97(s):
		return fmt.Errorf("wrong check digits")
	}
	return nil
}

// checkAccount looks at form and length; which check digit an account has
// depends on a table of banks that changes, and is checked where accounts are
// registered.
func checkAccount(clearing, number string) error {
	switch {
	case !checkdigit.AllDigits(clearing):
		return fmt.Errorf("clearing: not digits only")
	case len(clearing) == 5 && clearing[0] != '8':
		return fmt.Errorf("clearing: five digits that do not begin with 8")
	case len(clearing) == 5 && !checkdigit.Mod10(clearing):
		return fmt.Errorf("clearing: wrong check digit")
	case len(clearing) != 4 && len(clearing) != 5:
		return fmt.Errorf("clearing: %d digits, not 4 or 5", len(clearing))
	case !checkdigit.AllDigits(number):
		return fmt.Errorf("number: not digits only")
	case strings.Trim(number, "0") == "":
		return fmt.Errorf("number: zeros only")
	case len(number) > 10:
		return fmt.Errorf("number: %d digits, not at most 10", len(number))
	}
	switch clearing[0] {
	case '6':
		if len(number) != 8 && len(number) != 9 {
			return fmt.Errorf("number: %d digits, not 8 or 9", len(number))
		}
	case '8':
		if !checkdigit.Mod10(number) {
			return fmt.Errorf("number: wrong check digit")
		}
	}
	return nil
}

// padded fills an account up to the length that its bank writes: nine at
// Handelsbanken (6xxx), seven at least elsewhere. A plusgiro's account (996x)
// is its number as it stands.
func padded(clearing, number string) string {
	switch {
	case clearing[0] == '6':
		return fill(number, 9)
	case strings.HasPrefix(clearing, "996"):
		return number
	}
	return fill(number, 7)
}

func fill(s string, length int) string {
	return strings.Repeat("0", max(0, length-len(s))) + s
}
