package sieread

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// The charsets by the names that File.Charset has.
const (
	ascii   = "ASCII"
	cp437   = "CP437"
	utf8bom = "UTF-8"
	latin1  = "Windows-1252"

	utf16bom = "UTF-16"
)

// narrowed reads a file that begins with a byte order mark as UTF-8, without the mark.
func narrowed(b []byte) (out []byte, wide bool) {
	wide = bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff"))
	out, _, err := transform.Bytes(unicode.BOMOverride(encoding.Nop.NewDecoder()), b)
	if err != nil { // half a letter at the end: judged as it stands
		return b, false
	}
	return out, wide
}

// charsetOf tells how the letters are written: as the format says (CP437), or in UTF-8
// or Windows-1252 (which holds ISO-8859-1), as some programs do whatever #FORMAT says.
// The Swedish letters lie apart in the three, and the file's own letters decide.
func charsetOf(b []byte) string {
	switch {
	case !bytes.ContainsFunc(b, func(r rune) bool { return r >= utf8.RuneSelf }):
		return ascii
	case utf8.Valid(b):
		return utf8bom
	case looksWindows(b):
		return latin1
	}
	return cp437
}

// looksWindows weighs each byte that is a letter in one of the two tables and a line, a sign
// or a quotation mark in the other. Within words only letters stand; where no word
// decides, the Swedish letters are counted.
func looksWindows(b []byte) bool {
	inDOS, inWin, dos, win := 0, 0, 0, 0
	for i, c := range b {
		left, right := i > 0 && latin(b[i-1]), i+1 < len(b) && latin(b[i+1])
		beside, between := left || right, left && right
		switch {
		case c < 0x80:
		case bytes.IndexByte(swedishDOS, c) >= 0:
			dos++
		case bytes.IndexByte(swedishWin, c) >= 0:
			win++
		case !beside && bytes.IndexByte(aloneWin, c) >= 0:
			win++
		}
		switch {
		case c >= 0x80 && c <= 0x9a || c >= 0xa0 && c <= 0xa5:
			if between {
				inDOS++
			}
		case c < 0xc0:
		case between, beside && bytes.IndexByte(signsDOS, c) < 0:
			inWin++
		}
	}
	if inDOS != inWin {
		return inWin > inDOS
	}
	return win > dos
}

var (
	swedishDOS = []byte("\x84\x86\x94\x8e\x8f\x99\x82\x81") // ä å ö Ä Å Ö é ü
	swedishWin = []byte("\xe4\xe5\xf6\xc4\xc5\xd6\xe9\xfc")
	aloneWin   = []byte("\x80\x93\x95\x96\x97\xa7") // € “ • – — §
	signsDOS   = []byte("\xe1\xe6\xf1\xf8\xfd\xff") // ß µ ± ° ² and a hard blank, after a letter
)

func latin(c byte) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' }

// decode makes text of a field's bytes.
func decode(b []byte, charset string) string {
	var table *charmap.Charmap
	switch charset {
	case cp437:
		table = charmap.CodePage437
	case latin1:
		table = charmap.Windows1252
	default:
		return string(bytes.ToValidUTF8(b, []byte("?")))
	}
	out := make([]rune, 0, len(b))
	for _, c := range b {
		out = append(out, table.DecodeByte(c))
	}
	return string(out)
}
