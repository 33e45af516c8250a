package letter

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"fund/workflow/lang"
)

// producer does not name a version: a new one of the program must not change
// the bytes of a letter that was already sent.
const producer = "Internationella fonden"

// about is what the file says about itself, twice and alike: in PDF's own
// dictionary, and as XMP (ISO 16684-1), which archives read.
type about struct{ title, subject, author, dnr string }

func (p *page) about() about {
	return about{plain(p.l.Title), plain(p.l.Over + " " + p.l.DNR), plain(p.municipality()), plain(p.l.DNR)}
}

// info is PDF's own dictionary.
func (p *page) info() []byte {
	a, day := p.about(), p.l.Date.UTC().Format("D:20060102150405Z")
	b := []byte("<<")
	for _, pair := range [][2]string{{"Title", a.title}, {"Subject", a.subject}, {"Author", a.author}, {"Creator", producer}, {"Producer", producer}} {
		b = fmt.Appendf(b, " /%s %s", pair[0], utf16Text(pair[1]))
	}
	return fmt.Appendf(b, " /CreationDate (%s) /ModDate (%s) >>", day, day)
}

// utf16Text is a text string of PDF (ISO 32000-1, 7.9.2.2), in digits so that nothing need be escaped.
func utf16Text(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	return b.String() + ">"
}

// xmp also says which kind of PDF the file is meant to be: PDF/A-2b.
func (p *page) xmp() []byte {
	a, day := p.about(), p.l.Date.UTC().Format(time.RFC3339)
	return []byte(`<?xpacket begin="` + "\ufeff" + `" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + escaped(a.title) + `</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">` + escaped(a.subject) + `</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>` + escaped(a.author) + `</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>` + p.language() + `</rdf:li></rdf:Bag></dc:language>
<dc:identifier>` + escaped(a.dnr) + `</dc:identifier>
<xmp:CreateDate>` + day + `</xmp:CreateDate>
<xmp:ModifyDate>` + day + `</xmp:ModifyDate>
<xmp:CreatorTool>` + producer + `</xmp:CreatorTool>
<pdf:Producer>` + producer + `</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`)
}

// plain is a text on one line, without what XML can't hold.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == unicode.ReplacementChar, r >= 0xFFFE && r <= 0xFFFF:
			return '?'
		case r < ' ':
			return ' '
		}
		return r
	}, lang.Composed(s))
	return strings.Join(strings.Fields(s), " ")
}

func escaped(s string) string {
	var b strings.Builder
	// A strings.Builder takes everything, so there is no error to handle.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// language is that of the words, which the file as a whole is said to speak.
func (p *page) language() string { return cmp.Or(p.l.Speech, p.frame()) }

// frame is the language of all that stands around the words.
func (p *page) frame() string {
	if p.l.Lang == lang.EN {
		return "en"
	}
	return "sv"
}

func (p *page) municipality() string {
	if p.l.Municipality != "" {
		return p.l.Municipality
	}
	return lang.T(p.l.Lang, "app.municipality")
}

func (p *page) unit() string {
	if p.l.Unit != "" {
		return p.l.Unit
	}
	return lang.T(p.l.Lang, "app.office")
}
