package lettertest

import (
	"encoding/binary"
	"regexp"
	"strconv"
	"strings"
)

// fonts: 6.2.11. Every font is in the file, its widths are those of its letters,
// and no text uses a letter that it lacks.
func (c *checker) fonts() {
	used, missing := map[rune]bool{}, map[rune]bool{}
	for _, text := range c.shown {
		for _, r := range text {
			used[r], missing[r] = true, true
		}
	}
	count := 0
	for n, dict := range c.file.dicts {
		if value(dict, "Type") != "Font" {
			continue
		}
		count++
		switch value(dict, "Subtype") {
		case "Type0":
			c.want(value(dict, "Encoding") == "Identity-H" && value(dict, "ToUnicode") != "", "6.2.11 font %d: %q", n, dict)
		case "CIDFontType2":
			c.trueType(n, dict, used, missing)
		default:
			c.want(false, "6.2.11 font %d is a %s", n, value(dict, "Subtype"))
		}
	}
	c.want(count > 0, "6.2.11 no font")
	for r := range missing {
		c.want(false, "6.2.11.8 no font has the letter %q", r)
	}
}

func (c *checker) trueType(n int, dict string, used, missing map[rune]bool) {
	_, descriptor := c.file.at(dict, "FontDescriptor")
	file, _ := c.file.at(descriptor, "FontFile2")
	font := c.file.streams[file]
	name := value(dict, "BaseFont")
	c.want(
		regexp.MustCompile(`^[A-Z]{6}\+`).MatchString(name) && value(descriptor, "FontName") == name,
		"6.2.11 font %d is called %q and %q",
		n,
		name,
		value(descriptor, "FontName"),
	)
	hhea, hmtx, head := table(font, "hhea"), table(font, "hmtx"), table(font, "head")
	if len(hhea) < 36 || len(hmtx) < 4 || len(head) < 20 || len(table(font, "glyf")) == 0 {
		c.want(false, "6.2.11.4 font %d (%s) is not in the file", n, name)
		return
	}
	m, _ := c.file.at(dict, "CIDToGIDMap")
	glyphs := c.file.streams[m]
	long := int(binary.BigEndian.Uint16(hhea[34:]))
	em := int(binary.BigEndian.Uint16(head[18:]))
	said := widths(dict)
	for r := range used {
		if int(r)*2+1 >= len(glyphs) {
			continue
		}
		glyph := int(binary.BigEndian.Uint16(glyphs[2*r:]))
		if glyph == 0 {
			continue
		}
		delete(missing, r)
		advance := float64(binary.BigEndian.Uint16(hmtx[4*min(glyph, long-1):])) * 1000 / float64(em)
		c.want(said(int(r))-advance < 1.01 && advance-said(int(r)) < 1.01, "6.2.11.5 %s: %q is %.1f wide, the file says %.1f", name, r, advance, said(int(r)))
	}
}

func table(font []byte, tag string) []byte {
	if len(font) < 12 {
		return nil
	}
	for i := range int(binary.BigEndian.Uint16(font[4:])) {
		entry := font[12+16*i:]
		if string(entry[:4]) == tag {
			at, size := binary.BigEndian.Uint32(entry[8:]), binary.BigEndian.Uint32(entry[12:])
			return font[at : at+size]
		}
	}
	return nil
}

// widths reads /W: "c [w w …]" and "first last w" (9.7.4.3).
func widths(dict string) func(int) float64 {
	normal, _ := strconv.ParseFloat(value(dict, "DW"), 64) // absent: 0, and a fault for each letter
	all := map[int]float64{}
	_, w, _ := strings.Cut(dict, "/W [")
	w, _, _ = strings.Cut(w, "/CIDToGIDMap")
	words := strings.Fields(strings.NewReplacer("[", " [ ", "]", " ] ").Replace(w))
	number := func(i int) int {
		if i >= len(words) {
			return 0
		}
		n, _ := strconv.ParseFloat(words[i], 64) // a sign is no number
		return int(n)
	}
	for i := 0; i+2 < len(words); {
		if words[i] == "]" {
			break
		}
		first := number(i)
		if words[i+1] != "[" {
			for code := first; code <= number(i+1); code++ {
				all[code] = float64(number(i + 2))
			}
			i += 3
			continue
		}
		for i += 2; i < len(words) && words[i] != "]"; i++ {
			all[first] = float64(number(i))
			first++
		}
		i++
	}
	return func(code int) float64 {
		if w, ok := all[code]; ok {
			return w
		}
		return normal
	}
}
