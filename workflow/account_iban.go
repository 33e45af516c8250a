package workflow

import (
	"strings"

	"fund/workflow/checkdigit"
)

// ibanDigits is how long a Swedish IBAN is, country and check digits included.
const ibanDigits = 24

// CheckIBAN wants a Swedish IBAN: SE and 22 digits, mod 97 (ISO 13616).
func CheckIBAN(s string) (normal string, wrong *AccountFault) {
	code, ok := typedCode(s)
	switch {
	case !ok:
		return "", fault(FaultCharacters)
	case code == "":
		return "", fault(FaultIBANLength)
	case !strings.HasPrefix(code, "SE"):
		return "", fault(FaultIBANCountry)
	case len(code) > 2 && !checkdigit.AllDigits(code[2:]):
		return "", fault(FaultCharacters)
	case len(code) != ibanDigits:
		return "", fault(FaultIBANLength)
	case allZeros(code[4:]) || !checkdigit.Mod97(code):
		return "", fault(FaultIBANCheck)
	}
	return code, nil
}

// withIBANCheck makes an IBAN of bank code and account, 20 digits together.
func withIBANCheck(bban string) string {
	return "SE" + checkdigit.Mod97Digits("SE", bban) + bban
}
