package bank

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// charsets are the only ones beside UTF-8 that Swedish banks are known to send.
var charsets = map[string]*charmap.Charmap{
	"iso-8859-1":   charmap.ISO8859_1,
	"iso8859-1":    charmap.ISO8859_1,
	"iso_8859-1":   charmap.ISO8859_1,
	"latin1":       charmap.ISO8859_1,
	"latin-1":      charmap.ISO8859_1,
	"iso8859_1":    charmap.ISO8859_1,
	"l1":           charmap.ISO8859_1,
	"iso-8859-15":  charmap.ISO8859_15,
	"iso8859-15":   charmap.ISO8859_15,
	"iso_8859-15":  charmap.ISO8859_15,
	"latin9":       charmap.ISO8859_15,
	"latin-9":      charmap.ISO8859_15,
	"iso8859_15":   charmap.ISO8859_15,
	"l9":           charmap.ISO8859_15,
	"windows-1252": charmap.Windows1252,
	"cp1252":       charmap.Windows1252,
	"cp-1252":      charmap.Windows1252,
}

// plainNames are UTF-8 misspelt, and ASCII, which is a part of it.
var plainNames = map[string]bool{"utf8": true, "utf_8": true, "us-ascii": true, "ascii": true}

// widened reads UTF-16 as UTF-8; XML lets every sender use it. Files with a byte order mark
// are known by it, others by the zero beside their first letter.
func widened(in *bufio.Reader) (out io.Reader, wide bool, err error) {
	head, err := in.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, false, err
	}
	if bytes.HasPrefix(head, []byte("\x1f\x8b")) || bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return nil, false, ErrPacked
	}
	for _, x := range []struct {
		start string
		order unicode.Endianness
	}{{"\xff\xfe", unicode.LittleEndian}, {"<\x00", unicode.LittleEndian}, {"\xfe\xff", unicode.BigEndian}, {"\x00<", unicode.BigEndian}} {
		if bytes.HasPrefix(head, []byte(x.start)) {
			return unicode.UTF16(x.order, unicode.UseBOM).NewDecoder().Reader(in), true, nil
		}
	}
	return in, false, nil
}

// wideName tells whether a file says of itself that it is UTF-16.
func wideName(label string) bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(label)), "utf-16") || strings.EqualFold(strings.TrimSpace(label), "utf16")
}

func charset(label string, in io.Reader) (io.Reader, error) {
	label = strings.TrimSpace(label)
	if plainNames[strings.ToLower(label)] {
		return in, nil // the decoder refuses a byte that is no UTF-8
	}
	m, ok := charsets[strings.ToLower(label)]
	if !ok {
		return nil, fmt.Errorf("charset %q: %w", cutText(label, 40), ErrCharset)
	}
	return m.NewDecoder().Reader(in), nil
}
