// Package checkdigit holds the formulas that tell a mistyped number: those of Swedish accounts,
// organisation and personal numbers, OCR references, IBAN and RF. Where a number comes in
// (package workflow) and where it leaves (the files for bank and books) it is judged by the same ones.
//
// The formulas take the characters they name and nothing else; callers look first (AllDigits).
package checkdigit

import (
	"fmt"
	"strings"
)

// AllDigits tells whether s has digits 0 to 9 only, and at least one.
func AllDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// Mod10 is the Luhn formula over digits (ISO/IEC 7812-1 annex B): from the right weights
// 1, 2, 1, 2 …, the digits of the products added, sum divisible by 10.
// It does not see 09 written as 90.
func Mod10(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i]-'0') << (i & 1)
		sum += d - 9*(d/10)
	}
	return sum%10 == 0
}

// Mod10Digit is the digit that makes digits followed by it pass Mod10.
func Mod10Digit(digits string) string {
	for d := byte('0'); d < '9'; d++ {
		if Mod10(digits + string(d)) {
			return string(d)
		}
	}
	return "9"
}

// Mod11 takes from the right the weights 1, 2 … 10, 1, 2 …; sum divisible by 11.
func Mod11(digits string) bool {
	sum := 0
	for i := range len(digits) {
		sum += (i%10 + 1) * int(digits[len(digits)-1-i]-'0')
	}
	return sum%11 == 0
}

// Mod97 is ISO 7064 MOD 97-10 as IBAN (ISO 13616) and RF (ISO 11649) use it: over digits and
// capitals, at least five of them, the third and fourth being the check digits.
// It also refuses 00, 01 and 99 there: the formula makes 02 to 98 only, and the
// others would be a second spelling of the same number.
func Mod97(code string) bool {
	check := code[2:4]
	return AllDigits(check) && "02" <= check && check <= "98" && remainder97(code) == 1
}

// Mod97Digits gives the two check digits that belong between head, two capitals such as SE, and
// tail, digits and capitals.
func Mod97Digits(head, tail string) string {
	return fmt.Sprintf("%02d", 98-remainder97(head+"00"+tail))
}

// remainder97 reads code as one number (A is 10 … Z is 35) with the first four characters moved to
// the end.
func remainder97(code string) int {
	r := 0
	for _, c := range code[4:] + code[:4] {
		if c >= 'A' {
			r = (r*100 + int(c-'A') + 10) % 97
		} else {
			r = (r*10 + int(c-'0')) % 97
		}
	}
	return r
}
