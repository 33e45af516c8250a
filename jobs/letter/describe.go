package letter

import (
	"encoding/xml"
	"strings"
	"time"
	"unicode/utf8"

	"fund/workflow/lang"
)

// producer does not name a version: a new one of the program must not change
// the bytes of a letter that was already sent.
const producer = "Internationella fonden"

// describe writes the file's data about itself, twice: as PDF's own
// dictionary, and as XMP (ISO 16684-1), which archives read.
func (p *page) describe() {
	author := p.municipality()
	p.pdf.SetCatalogSort(true)
	p.pdf.SetCreationDate(p.l.Date.UTC())
	p.pdf.SetModificationDate(p.l.Date.UTC())
	p.pdf.SetTitle(short(lang.Composed(p.l.Title)), true)
	p.pdf.SetSubject(short(strings.TrimSpace(p.l.Over+" "+p.l.DNR)), true)
	p.pdf.SetAuthor(short(author), true)
	p.pdf.SetCreator(producer, true)
	p.pdf.SetProducer(producer, true)
	p.pdf.SetLang(p.language())
	p.pdf.SetDisplayMode("default", "continuous")
	p.pdf.SetXmpMetadata([]byte(`<?xpacket begin="` + "\ufeff" + `" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + escaped(lang.Composed(p.l.Title)) + `</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>` + escaped(author) + `</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>` + p.language() + `</rdf:li></rdf:Bag></dc:language>
<dc:identifier>` + escaped(p.l.DNR) + `</dc:identifier>
<xmp:CreateDate>` + p.l.Date.UTC().Format(time.RFC3339) + `</xmp:CreateDate>
<xmp:CreatorTool>` + producer + `</xmp:CreatorTool>
<pdf:Producer>` + producer + `</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`))
}

// short writes every letter in one UTF-16 unit, as the dictionary's writer
// reads no others; XMP holds the text as it is.
func short(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r > 0xFFFF || r == utf8.RuneError:
			return '?'
		case r < ' ':
			return ' '
		}
		return r
	}, s)
}

func escaped(s string) string {
	var b strings.Builder
	// A strings.Builder takes everything, so there is no error to handle.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

func (p *page) language() string {
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
