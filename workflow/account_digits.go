package workflow

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// longestTyped bounds the work on what somebody typed; no number comes near it.
const longestTyped = 200

// typedDigits brings a typed number into its normal form: NFKC, and without
// blanks, dashes and dots between digits. Nothing is guessed: a letter O, an
// underscore or a dash at the end makes ok false.
func typedDigits(s string) (digits string, ok bool) {
	return typed(s, func(r rune) (byte, bool) { return byte(r), '0' <= r && r <= '9' })
}

// typedCode is typedDigits for numbers that may hold letters, which become capitals.
func typedCode(s string) (code string, ok bool) {
	return typed(s, func(r rune) (byte, bool) {
		switch {
		case 'a' <= r && r <= 'z':
			return byte(r) - 'a' + 'A', true
		case '0' <= r && r <= '9', 'A' <= r && r <= 'Z':
			return byte(r), true
		}
		return 0, false
	})
}

func typed(s string, keep func(rune) (byte, bool)) (string, bool) {
	if len(s) > longestTyped {
		return "", false
	}
	s = strings.TrimSpace(norm.NFKC.String(s))
	var b strings.Builder
	pending := false // separators since the last digit
	for _, r := range s {
		switch one, ok := keep(r); {
		case ok:
			b.WriteByte(one)
			pending = false
		case between(r) && b.Len() > 0:
			pending = true
		default:
			return "", false
		}
	}
	return b.String(), !pending
}

// between says what people put between digits: blanks of any width, dashes of any length, dots.
// A line break is none of them, as it may part two numbers.
func between(r rune) bool {
	return isBlank(r) || isDash(r) || r == '.'
}

func isBlank(r rune) bool { return r == '\t' || unicode.Is(unicode.Zs, r) }

// isDash counts the soft hyphen in, which comes along when a number is copied from a text.
func isDash(r rune) bool { return unicode.Is(unicode.Dash, r) || r == '\u00ad' }

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func allZeros(s string) bool { return strings.Trim(s, "0") == "" }

// padded fills up with zeros on the left to n digits.
func padded(s string, n int) string {
	if len(s) >= n {
		return s
	}
	return strings.Repeat("0", n-len(s)) + s
}

// fillIn puts arguments into the {places} of a sentence.
func fillIn(sentence string, args map[string]string) string {
	for name, value := range args {
		sentence = strings.ReplaceAll(sentence, "{"+name+"}", value)
	}
	return sentence
}

// mod10 is the Luhn formula over digits (ISO/IEC 7812-1 annex B): from the right weights
// 1, 2, 1, 2 …, the digits of the products added, sum divisible by 10.
// It does not see 09 written as 90.
func mod10(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i]-'0') << (i & 1)
		sum += d - 9*(d/10)
	}
	return sum%10 == 0
}

// mod10Digit is the digit that makes digits followed by it pass mod10.
func mod10Digit(digits string) string {
	for d := byte('0'); d < '9'; d++ {
		if mod10(digits + string(d)) {
			return string(d)
		}
	}
	return "9"
}

// mod11 takes from the right the weights 1, 2 … 10, 1, 2 …; sum divisible by 11.
func mod11(digits string) bool {
	sum := 0
	for i := range len(digits) {
		sum += (i%10 + 1) * int(digits[len(digits)-1-i]-'0')
	}
	return sum%11 == 0
}

// mod97 is the remainder of ISO 7064 MOD 97-10 over digits and capitals (A is
// 10 … Z is 35), after the first four characters are moved to the end.
func mod97(code string) int {
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

// mod97Right also refuses the check digits 00, 01 and 99: the formula makes
// 02 to 98 only, and the others would be a second spelling of the same number.
func mod97Right(code string) bool {
	return allDigits(code[2:4]) && "02" <= code[2:4] && code[2:4] <= "98" && mod97(code) == 1
}
