package letter

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"
	"unicode"
)

//go:embed font/HankenGrotesk-Regular.ttf
var regularFont []byte

//go:embed font/HankenGrotesk-SemiBold.ttf
var boldFont []byte

//go:embed font/NotoSans-Fallback.ttf
var fallbackFont []byte

// Names of the fonts inside the file.
const (
	regular  = "regular"
	bold     = "bold"
	fallback = "fallback"
)

// covered lists the letters of the main font and of the fallback. Both weights
// of the main font hold the same letters; a test says so.
var covered = sync.OnceValue(func() map[string]map[rune]bool {
	got := map[string]map[rune]bool{}
	for name, raw := range map[string][]byte{regular: regularFont, fallback: fallbackFont} {
		letters, err := coverage(raw)
		if err != nil {
			panic(fmt.Sprintf("font %s: %v", name, err)) // it is embedded, so the build is broken
		}
		got[name] = letters
	}
	return got
})

// coverage reads which letters a TrueType font has, from its cmap table in
// format 4 (OpenType 1.9, "cmap"). Offsets are checked by the caller's test:
// only fonts that are part of the program are read.
func coverage(font []byte) (map[rune]bool, error) {
	table, err := cmap(font)
	if err != nil {
		return nil, err
	}
	u16 := func(at int) int { return int(binary.BigEndian.Uint16(table[at:])) }
	for i := range u16(2) {
		at := int(binary.BigEndian.Uint32(table[4+8*i+4:]))
		if u16(at) != 4 {
			continue
		}
		letters := map[rune]bool{}
		double := u16(at + 6) // twice the number of segments
		for s := 0; s < double; s += 2 {
			end, start := u16(at+14+s), u16(at+16+double+s)
			delta := u16(at + 16 + 2*double + s)
			rangeAt := at + 16 + 3*double + s
			for c := start; c <= end && c != 0xFFFF; c++ {
				glyph := c + delta
				if offset := u16(rangeAt); offset != 0 {
					if glyph = u16(rangeAt + offset + 2*(c-start)); glyph != 0 {
						glyph += delta
					}
				}
				if glyph&0xFFFF != 0 {
					letters[rune(c)] = true
				}
			}
		}
		return letters, nil
	}
	return nil, fmt.Errorf("no table of letters in format 4")
}

func cmap(font []byte) ([]byte, error) {
	for i := range int(binary.BigEndian.Uint16(font[4:])) {
		entry := font[12+16*i:]
		if string(entry[:4]) == "cmap" {
			return font[binary.BigEndian.Uint32(entry[8:]):], nil
		}
	}
	return nil, fmt.Errorf("no cmap table")
}

// run is a piece of text in one font.
type run struct{ font, text string }

// runs cuts a text where the font must change. A letter that no font has
// becomes a question mark; line breaks and tabs become blanks, and marks that
// steer the direction of writing or hyphens are left out.
func runs(font, text string) []run {
	main, other := covered()[regular], covered()[fallback]
	var all []run
	var b strings.Builder
	current := font
	flush := func() {
		if b.Len() > 0 {
			all = append(all, run{current, b.String()})
			b.Reset()
		}
	}
	for _, r := range text {
		use := font
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			r = ' '
		case unicode.Is(unicode.Cf, r):
			continue
		case main[r]:
		case other[r]:
			use = fallback
		default:
			r = '?'
		}
		if use != current {
			flush()
			current = use
		}
		b.WriteRune(r)
	}
	flush()
	return all
}
