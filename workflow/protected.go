package workflow

import (
	"strings"
	"unicode"
)

// GivesAway tells whether an address gives away a name: a word of it of three letters or more
// stands in the part before the @. A role address does not (OSL 21:3, domain L14).
func GivesAway(address, name string) bool {
	local, _, _ := strings.Cut(withoutAccents.Replace(strings.ToLower(address)), "@")
	for _, word := range strings.FieldsFunc(withoutAccents.Replace(strings.ToLower(name)), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len(word) >= 3 && strings.Contains(local, word) {
			return true
		}
	}
	return false
}
