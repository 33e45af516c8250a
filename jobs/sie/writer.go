package sie

import (
	"bufio"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"strconv"

	"golang.org/x/text/encoding/charmap"

	"fund/jobs/plaintext"
)

// writer puts bytes on a line and runs the sum along. The first error stays.
type writer struct {
	out     *bufio.Writer
	sum     hash.Hash32
	summing bool
	scratch []byte
	err     error
}

func newWriter(w io.Writer) *writer {
	return &writer{out: bufio.NewWriterSize(w, 64<<10), sum: crc32.NewIEEE()}
}

// field is a part of a record as it stands between blanks.
type field struct {
	text   string
	quoted bool
	group  []field // in braces
	braces bool
}

func bare(s string) field      { return field{text: s} }
func number(n int) field       { return field{text: strconv.Itoa(n)} }
func objects(f []field) field  { return field{group: f, braces: true} }
func quote(s string) field     { return field{text: text(s), quoted: true} }
func quoteCode(s string) field { return field{text: s, quoted: true} }

// MaxText is how many characters of a text the file carries.
const MaxText = 60

// text is what of s the file can carry.
func text(s string) string { return plaintext.Cut(plaintext.Booking(s), MaxText) }

func (w *writer) record(label string, fields ...field) { w.indented("", label, fields...) }

func (w *writer) indented(indent, label string, fields ...field) {
	w.raw(indent)
	w.content(label)
	for _, f := range fields {
		w.raw(" ")
		w.field(f)
	}
	w.raw("\r\n")
}

func (w *writer) field(f field) {
	switch {
	case f.braces:
		w.raw("{")
		for i, part := range f.group {
			if i > 0 {
				w.raw(" ")
			}
			w.field(part)
		}
		w.raw("}")
	case f.quoted:
		w.raw(`"`)
		w.content(f.text)
		w.raw(`"`)
	default:
		w.content(f.text)
	}
}

// brace stands alone on its line, outside the sum.
func (w *writer) brace(s string) { w.raw(s + "\r\n") }

func (w *writer) raw(s string) {
	if w.err == nil {
		_, w.err = w.out.WriteString(s)
	}
}

// content writes s in CP437. The texts were folded to what CP437 has; a rune
// that is not there is this package's own mistake and never becomes another
// character.
func (w *writer) content(s string) {
	w.scratch = w.scratch[:0]
	for _, r := range s {
		b, ok := charmap.CodePage437.EncodeRune(r)
		if !ok && w.err == nil {
			w.err = fmt.Errorf("character %q is not in CP437", r)
		}
		w.scratch = append(w.scratch, b)
	}
	if w.err != nil {
		return
	}
	_, w.err = w.out.Write(w.scratch)
	if w.summing {
		w.sum.Write(w.scratch) // never fails
	}
}
