package table

import (
	"strings"
	"unicode"
)

// defused gives the text as a spreadsheet should show it: on one line, and
// never as a formula. What a spreadsheet skips in front (blanks of any kind,
// marks without width) does not hide a formula, nor do full-width signs.
func defused(s string) string {
	first := strings.TrimLeftFunc(s, func(r rune) bool {
		return r != '\t' && r != '\r' && r != '\n' && (unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r))
	})
	live := first != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(first)[0])
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", " "))
	if live {
		return "'" + s
	}
	return s
}

func quoted(s string) string {
	if !strings.ContainsAny(s, `;"'`) {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}
