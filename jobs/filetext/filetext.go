// Package filetext takes the words out of a file: of a PDF with text in it, and
// of text documents (OOXML and OpenDocument). Pictures and scanned pages have no
// words. What a file says about itself (author, title, comments) is never read.
package filetext

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/ledongthuc/pdf"
)

// ErrNoText says that there are no words to take out: a picture, a scan, or a file that can't be read.
var ErrNoText = errors.New("no text in the file")

// Limits of what is read of a file.
const (
	maxPages = 60
	maxText  = 400_000         // bytes of words
	maxXML   = 20 << 20        // bytes of a document's XML, unpacked
	maxTime  = 5 * time.Second // of reading one PDF
)

// Types of the documents that are read.
const (
	PDF  = "application/pdf"
	DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	ODT  = "application/vnd.oasis.opendocument.text"
)

// Of gives the words of a file of that content type, paragraphs on lines of their own.
func Of(contentType string, body []byte) (text string, err error) {
	switch contentType {
	case PDF:
		ctx, done := context.WithTimeout(context.Background(), maxTime)
		defer done()
		text, err = ofPDF(ctx, body)
	case DOCX:
		text, err = ofZip(body, "word/document.xml")
	case ODT:
		text, err = ofZip(body, "content.xml")
	}
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrNoText, err)
	}
	if text = strings.TrimSpace(strings.ToValidUTF8(text, "?")); text == "" {
		return "", ErrNoText
	}
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "") + " …"
	}
	return text, nil
}

// timed reads until its time is out: a file made to be read for ever ends there.
type timed struct {
	ctx context.Context
	r   io.ReaderAt
}

func (t timed) ReadAt(p []byte, off int64) (int, error) {
	if err := t.ctx.Err(); err != nil {
		return 0, err
	}
	return t.r.ReadAt(p, off)
}

// ofPDF reads the pages in order. The reader panics at what it does not
// understand; that is a file without words for us.
func ofPDF(ctx context.Context, body []byte) (text string, err error) {
	defer func() {
		if p := recover(); p != nil {
			text, err = "", fmt.Errorf("unreadable: %v", p)
		}
	}()
	r, err := pdf.NewReader(timed{ctx, bytes.NewReader(body)}, int64(len(body)))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for n := 1; n <= min(r.NumPage(), maxPages) && b.Len() <= maxText && ctx.Err() == nil; n++ {
		page := r.Page(n)
		if page.V.IsNull() {
			continue
		}
		lay(&b, page.Content().Text)
	}
	return b.String(), nil
}

// lay writes a page's letters as words and lines, by where they stand.
func lay(b *strings.Builder, letters []pdf.Text) {
	var before pdf.Text
	for i, t := range letters {
		switch size := max(t.FontSize, 1); {
		case i == 0:
		case math.Abs(t.Y-before.Y) > size/2:
			b.WriteByte('\n')
		case math.Abs(t.X-before.X-before.W) > size/5 && before.S != " " && t.S != " ":
			b.WriteByte(' ')
		}
		b.WriteString(t.S)
		before = t
	}
	b.WriteByte('\n')
}

// ofZip reads the words of one XML file of a document.
func ofZip(body []byte, name string) (string, error) {
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return "", err
	}
	f, err := z.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close() // read only
	return words(xml.NewDecoder(io.LimitReader(f, maxXML)))
}

// words are the texts of a document's paragraphs. OOXML holds them in w:t,
// OpenDocument in the paragraphs themselves; deleted words and notes in the margin are left out.
func words(d *xml.Decoder) (string, error) {
	var b strings.Builder
	inside, hidden := 0, 0
	for b.Len() <= maxText {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "t", "h":
				inside++
			case "p":
				if strings.Contains(t.Name.Space, "opendocument") {
					inside++
				}
			case "tab", "br", "s", "line-break":
				b.WriteByte(' ')
			case "del", "annotation", "tracked-changes":
				hidden++
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "t":
				inside--
			case "h":
				inside--
				b.WriteByte('\n')
			case "p":
				if strings.Contains(t.Name.Space, "opendocument") {
					inside--
				}
				b.WriteByte('\n')
			case "del", "annotation", "tracked-changes":
				hidden--
			}
		case xml.CharData:
			if inside > 0 && hidden == 0 {
				b.Write(t)
			}
		}
	}
	return b.String(), nil
}
