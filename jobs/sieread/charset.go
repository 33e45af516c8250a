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
	dos, win := 0, 0
	for _, c := range b {
		switch c {
		case 0x84, 0x86, 0x94, 0x8e, 0x8f, 0x99, 0x82, 0x81: // ä å ö Ä Å Ö é ü
			dos++
		case 0xe4, 0xe5, 0xf6, 0xc4, 0xc5, 0xd6, 0xe9, 0xfc:
			win++
		}
	}
	switch {
	case !bytes.ContainsFunc(b, func(r rune) bool { return r >= utf8.RuneSelf }):
		return ascii
	case utf8.Valid(b):
		return utf8bom
	case win > dos:
		return latin1
	}
	return cp437
}

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
