package plaintext

import (
	"strings"
	"unicode"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// Payment writes s with the characters of a payment message, blanks collapsed
// and trimmed. It is idempotent; only a blank text becomes empty.
func Payment(s string, letters Letters) string {
	return fold(s, '.', func(r rune) bool { return InReference(r) || letters == Swedish && swedish(r) })
}

// Booking writes s with the characters of a SIE file: ASCII without quotes,
// backslashes and braces, and the letters of CP437. It is idempotent; only a
// blank text becomes empty.
func Booking(s string) string { return fold(s, '?', inBooking) }

// InReference tells whether r may stand in an id of a payment message: the
// character set that every bank in the chain carries.
func InReference(r rune) bool {
	return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' ||
		r < unicode.MaxASCII && strings.ContainsRune(" /-?:().,'+", r)
}

func swedish(r rune) bool { return strings.ContainsRune("åäöÅÄÖ", r) }

// inBooking leaves out braces: some readers take one inside a quoted text for
// the start of a voucher.
func inBooking(r rune) bool {
	if r < 0x80 {
		return r >= ' ' && r <= '~' && !strings.ContainsRune(`"\{}`, r)
	}
	b, ok := charmap.CodePage437.EncodeRune(r)
	return ok && (b >= 0x80 && b <= 0x9A || b >= 0xA0 && b <= 0xA5 || b == 0xE1)
}

func fold(s string, last rune, keep func(rune) bool) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFC.String(s) {
		write(&b, r, last, keep)
	}
	text := strings.Join(strings.Fields(b.String()), " ")
	if text == "" && strings.TrimSpace(s) != "" {
		return string(last) // all of it was invisible, but somebody wrote it
	}
	return text
}

func write(b *strings.Builder, r, last rune, keep func(rune) bool) {
	switch {
	case keep(r):
		b.WriteRune(r)
		return
	case unicode.IsSpace(r) || unicode.IsControl(r):
		b.WriteByte(' ')
		return
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return // accents without a letter of their own, joiners, marks of direction
	}
	if near, ok := nearest[r]; ok {
		for _, n := range near {
			if !keep(n) {
				n = last
			}
			b.WriteRune(n)
		}
		return
	}
	parts := norm.NFKD.String(string(r))
	if parts == string(r) {
		b.WriteRune(last)
		return
	}
	for _, p := range parts {
		write(b, p, last, keep)
	}
}

// nearest holds what decomposition does not give. Every replacement is ASCII.
var nearest = map[rune]string{
	'&': "+", '_': "-", '§': "par.", '€': "EUR",
	'"': "'", '`': "'", '´': "'", '‘': "'", '’': "'", '‚': "'", '‛': "'", '“': "'", '”': "'", '„': "'", '‟': "'",
	'«': "'", '»': "'", '‹': "'", '›': "'", '′': "'", '″': "'",
	'‐': "-", '‑': "-", '‒': "-", '–': "-", '—': "-", '―': "-", '−': "-",
	'\\': "/", '⁄': "/", '∕': "/", '{': "(", '}': ")", '[': "(", ']': ")",
	'ø': "o", 'Ø': "O", 'æ': "a", 'Æ': "A", 'œ': "oe", 'Œ': "OE", 'ß': "ss", 'ẞ': "SS",
	'đ': "d", 'Đ': "D", 'ð': "d", 'Ð': "D", 'þ': "th", 'Þ': "TH", 'ł': "l", 'Ł': "L", 'ħ': "h", 'Ħ': "H",
	'ı': "i", 'ŋ': "n", 'Ŋ': "N", 'ŧ': "t", 'Ŧ': "T",
}
