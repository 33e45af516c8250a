package plaintext

import (
	"strings"
	"unicode/utf8"
)

// Cut keeps the first limit characters of s, and no blank at the end.
func Cut(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	n := 0
	for i := range s {
		if n == limit {
			return strings.TrimRight(s[:i], " ")
		}
		n++
	}
	return s
}

// CutWord keeps at most limit characters and ends at a word, unless that would
// lose more than half of them.
func CutWord(s string, limit int) string {
	short := Cut(s, limit)
	if short == s || s[len(short)] == ' ' {
		return short
	}
	if at := strings.LastIndexByte(short, ' '); at > len(short)/2 {
		return strings.TrimRight(short[:at], " ")
	}
	return short
}
