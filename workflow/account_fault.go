package workflow

import "fmt"

// What can be wrong with an account number or another number with a check
// digit. The words for people are in package lang.
const (
	FaultCharacters      = "account_characters"
	FaultGiroLength      = "giro_length" // args: n
	FaultCheckDigit      = "check_digit"
	FaultClearingUnknown = "clearing_unknown"
	FaultAccountLong     = "account_long"   // args: bank
	FaultClearingFifth   = "clearing_fifth" // args: bank
	FaultIBANCountry     = "iban_country"
	FaultIBANLength      = "iban_length"
	FaultIBANCheck       = "iban_check"
	FaultOrgNoCheck      = "orgnr_check"
	FaultOrgNoPerson     = "orgnr_person"
	FaultReferenceForm   = "reference_form"
	FaultSchoolUnitCode  = "school_unit_code"
)

// accountFaults says each code in English, for logs and the command line. {n} and {bank} are arguments.
var accountFaults = map[string]string{
	FaultCharacters:      "digits, blanks and hyphens only",
	FaultGiroLength:      "a bankgiro has 7–8 digits, a plusgiro 2–8, not {n}",
	FaultCheckDigit:      "wrong check digit",
	FaultClearingUnknown: "no bank has that clearing number",
	FaultAccountLong:     "too long an account for {bank}",
	FaultClearingFifth:   "{bank} has five digits in its clearing number",
	FaultIBANCountry:     "not a Swedish account (SE)",
	FaultIBANLength:      "a Swedish IBAN has 24 characters",
	FaultIBANCheck:       "wrong check digits (mod 97)",
	FaultOrgNoCheck:      "wrong organisation number",
	FaultOrgNoPerson:     "looks like a personal number",
	FaultReferenceForm:   "neither 2–25 digits nor RF and what ISO 11649 allows after it",
	FaultSchoolUnitCode:  "a school unit code has eight digits",
}

// AccountFault is what is wrong with a number: a code and what goes into its sentence.
type AccountFault struct {
	Code string
	Args map[string]string
}

// fault makes an AccountFault; pairs are names and values of its arguments.
func fault(code string, pairs ...string) *AccountFault {
	f := &AccountFault{Code: code}
	for i := 0; i+1 < len(pairs); i += 2 {
		if f.Args == nil {
			f.Args = make(map[string]string)
		}
		f.Args[pairs[i]] = pairs[i+1]
	}
	return f
}

// String is the code and an English sentence; it holds nothing of the number itself.
func (f AccountFault) String() string {
	return fmt.Sprintf("%s (%s)", f.Code, fillIn(accountFaults[f.Code], f.Args))
}

// Violation says the same of a field in a form.
func (f AccountFault) Violation(field string) Violation {
	v := Violation{Field: field, Code: f.Code}
	for name, value := range f.Args {
		if v.Args == nil {
			v.Args = make(map[string]any)
		}
		v.Args[name] = value
	}
	return v
}
