package workflow

import (
	"strconv"
	"strings"

	"fund/workflow/checkdigit"
)

// The checks below take what somebody typed and give the normal form that is
// stored (digits alone, an IBAN in capitals), or what is wrong with it. A right
// check digit proves the typing, not the owner.

// CheckBankgiro wants 7 or 8 digits, mod 10, not all zeros (which pass mod 10).
func CheckBankgiro(s string) (normal string, wrong *AccountFault) { return checkGiro(s, 7) }

// CheckPlusgiro wants 2 to 8 digits, mod 10, not all zeros.
func CheckPlusgiro(s string) (normal string, wrong *AccountFault) { return checkGiro(s, 2) }

func checkGiro(s string, shortest int) (string, *AccountFault) {
	digits, ok := typedDigits(s)
	switch {
	case !ok:
		return "", fault(FaultCharacters)
	case len(digits) < shortest || len(digits) > 8:
		return "", fault(FaultGiroLength, "n", strconv.Itoa(len(digits)))
	case allZeros(digits) || !checkdigit.Mod10(digits):
		return "", fault(FaultCheckDigit)
	}
	return digits, nil
}

// CheckOrgNo wants a Swedish organisation number: 10 digits, or 12 that begin
// with 16, which is cut; mod 10; third digit 2 or more. A lower third digit is
// the month in a personal number, and so is a prefix of 18, 19 or 20.
func CheckOrgNo(s string) (normal string, wrong *AccountFault) {
	digits, ok := typedDigits(s)
	if !ok {
		return "", fault(FaultCharacters)
	}
	if len(digits) == 12 {
		switch digits[:2] {
		case "16":
			digits = digits[2:]
		case "18", "19", "20":
			return "", fault(FaultOrgNoPerson)
		}
	}
	switch {
	case len(digits) != 10:
		return "", fault(FaultOrgNoCheck)
	case digits[2] < '2':
		return "", fault(FaultOrgNoPerson)
	case !checkdigit.Mod10(digits):
		return "", fault(FaultOrgNoCheck)
	}
	return digits, nil
}

// CheckSchoolUnitCode wants eight digits; the code has no check digit, so only
// the school register knows whether there is such a unit.
func CheckSchoolUnitCode(s string) (normal string, wrong *AccountFault) {
	digits, ok := typedDigits(s)
	switch {
	case !ok:
		return "", fault(FaultCharacters)
	case len(digits) != 8:
		return "", fault(FaultSchoolUnitCode)
	}
	return digits, nil
}

// CheckOCR wants a payment reference of 2 to 25 digits, mod 10. It is copied
// as it stands into the bank's file, so nothing may stand between its digits.
func CheckOCR(s string) (normal string, wrong *AccountFault) {
	digits, ok := typedDigits(s)
	switch {
	case !ok || strings.TrimFunc(s, isBlank) == "":
		return "", fault(FaultCharacters)
	case strings.ContainsFunc(strings.TrimSpace(s), between):
		return "", fault(FaultCharacters)
	case len(digits) < 2 || len(digits) > 25:
		return "", fault(FaultReferenceForm)
	case !checkdigit.Mod10(digits):
		return "", fault(FaultCheckDigit)
	}
	return digits, nil
}

// CheckRFReference wants an ISO 11649 creditor reference: RF, two check digits
// (mod 97) and 1 to 21 letters and digits. It is usually printed in fours.
func CheckRFReference(s string) (normal string, wrong *AccountFault) {
	code, ok := typedCode(s)
	switch {
	case !ok:
		return "", fault(FaultCharacters)
	case !strings.HasPrefix(code, "RF") || len(code) < 5 || len(code) > 25 || !checkdigit.AllDigits(code[2:4]):
		return "", fault(FaultReferenceForm)
	case !checkdigit.Mod97(code):
		return "", fault(FaultCheckDigit)
	}
	return code, nil
}
