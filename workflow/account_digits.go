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
