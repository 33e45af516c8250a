package bank

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// charsets are the only ones beside UTF-8 that Swedish banks are known to send.
var charsets = map[string]*charmap.Charmap{
	"iso-8859-1":   charmap.ISO8859_1,
	"iso8859-1":    charmap.ISO8859_1,
	"iso_8859-1":   charmap.ISO8859_1,
	"latin1":       charmap.ISO8859_1,
	"latin-1":      charmap.ISO8859_1,
	"iso-8859-15":  charmap.ISO8859_15,
	"iso8859-15":   charmap.ISO8859_15,
	"iso_8859-15":  charmap.ISO8859_15,
	"latin9":       charmap.ISO8859_15,
	"latin-9":      charmap.ISO8859_15,
	"windows-1252": charmap.Windows1252,
	"cp1252":       charmap.Windows1252,
}

// plainNames are UTF-8 misspelt, and ASCII, which is a part of it.
var plainNames = map[string]bool{"utf8": true, "utf_8": true, "us-ascii": true, "ascii": true}

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
