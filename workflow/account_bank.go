package workflow

import (
	"strings"

	"fund/workflow/checkdigit"
)

// BankAccount is an account that was found right, in normal form.
type BankAccount struct {
	Clearing string         // four digits, or five at Swedbank 8xxx
	Number   string         // with the zeros on the left that belong to it
	Range    ClearingRange  // the bank, and how its numbers are built
	Notes    []AccountFault // what somebody should look at, though the account is accepted
}

// AccountRules is the table and the setting by which accounts are judged. The
// zero value uses the table that comes with the program and refuses.
type AccountRules struct {
	Clearings Clearings
	// WarnSwedbank8 makes a wrong check digit at clearing 8xxx a note: some old
	// savings bank accounts are said to have none.
	WarnSwedbank8 bool
}

// CheckAccount judges by AccountRules{}.
func CheckAccount(clearing, number string) (BankAccount, *AccountFault) {
	return AccountRules{}.Check(clearing, number)
}

// Check judges a clearing number and an account number as typed. A number that
// is short is filled up with zeros, but at Handelsbanken, where eight digits
// are the least.
func (r AccountRules) Check(clearing, number string) (BankAccount, *AccountFault) {
	clearingDigits, ok1 := typedDigits(clearing)
	digits, ok2 := typedDigits(number)
	if !ok1 || !ok2 {
		return BankAccount{}, fault(FaultCharacters)
	}
	table := r.Clearings
	if table == nil {
		table = BankClearings()
	}
	rng, ok := table.Find(clearingDigits)
	eight := ok && clearingDigits[0] == '8'
	switch {
	case !ok, len(clearingDigits) > 5, len(clearingDigits) == 5 && !eight:
		return BankAccount{}, fault(FaultClearingUnknown)
	case len(clearingDigits) == 5 && !checkdigit.Mod10(clearingDigits):
		return BankAccount{}, fault(FaultCheckDigit)
	case digits == "":
		return BankAccount{}, fault(FaultCharacters)
	case len(digits) > rng.Max:
		return BankAccount{}, fault(FaultAccountLong, "bank", rng.Bank)
	case rng.Type == 2 && rng.Comment == 2 && len(digits) < 8, allZeros(digits):
		return BankAccount{}, fault(FaultCheckDigit)
	}
	a := BankAccount{Clearing: clearingDigits, Number: padded(digits, rng.digits()), Range: rng}
	if !rng.checkDigitRight(a.Clearing, a.Number) {
		if !eight || !r.WarnSwedbank8 {
			return BankAccount{}, fault(FaultCheckDigit)
		}
		a.Notes = append(a.Notes, *fault(FaultCheckDigit))
	}
	if eight && len(a.Clearing) == 4 {
		a.Notes = append(a.Notes, *fault(FaultClearingFifth, "bank", rng.Bank))
	}
	return a, nil
}

// IBAN follows the banks' methods: bank code and 17 digits. Method 1 has the
// clearing number in it, 2 has not, 3 (Swedbank 8xxx) has all five digits of
// it, of which the fifth can be told from the others; ok is false where the
// bank gives no method.
func (a BankAccount) IBAN() (iban string, ok bool) {
	inner := a.Number
	switch a.Range.Method {
	case 1:
		inner = a.Clearing + padded(a.Number, a.Range.Max)
	case 2:
	case 3:
		clearing := a.Clearing
		if len(clearing) == 4 {
			clearing += checkdigit.Mod10Digit(clearing)
		}
		inner = clearing + padded(a.Number, 10)
	default:
		return "", false
	}
	if inner == "" || len(inner) > 17 {
		return "", false
	}
	return withIBANCheck(a.Range.BankCode + padded(inner, 17)), true
}

// Swedbank tells an account of Swedbank and the savings banks (8xxx), which the
// bank profile may have written as IBAN.
func (a BankAccount) Swedbank() bool { return strings.HasPrefix(a.Clearing, "8") }

// String is how people read the account; a number that is somebody's personal number is masked.
func (a BankAccount) String() string { return FormatAccount(a.Clearing, a.Number) }
