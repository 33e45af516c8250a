package lettertest

import (
	"bytes"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"
)

// Doc is what a file says about itself.
type Doc struct {
	Lang, Title string
	Pages       int
	Text        []string // by element, in the order of reading: "H1 Beslut …"
}

// Check lists what a file lacks of PDF/A-2b (ISO 19005-2) and of a tagged file
// (ISO 32000-1, 14.8), as far as it is asserted here.
func Check(pdf []byte) (Doc, []string) {
	c := &checker{}
	f, err := read(pdf)
	if err != nil {
		return Doc{}, []string{err.Error()}
	}
	c.file = f
	c.outside(pdf)
	_, catalog := f.at(f.trailer, "Root")
	c.catalog(catalog)
	c.xmp(catalog)
	c.colours(catalog)
	c.pages(catalog)
	c.fonts()
	c.structure(catalog)
	return c.doc, c.faults
}

type checker struct {
	file   *file
	doc    Doc
	faults []string
	shown  map[[2]int]string // text by page object and mark
}

func (c *checker) want(ok bool, format string, args ...any) {
	if !ok {
		c.faults = append(c.faults, fmt.Sprintf(format, args...))
	}
}

// outside is what stands around the objects: 6.1.2, 6.1.3, and what is forbidden anywhere.
func (c *checker) outside(pdf []byte) {
	lines := bytes.SplitN(pdf, []byte("\n"), 3)
	c.want(regexp.MustCompile(`^%PDF-1\.[4-7]$`).Match(lines[0]), "6.1.2 header %q", lines[0])
	binary := len(lines) > 1 && len(lines[1]) >= 5 && lines[1][0] == '%'
	for _, b := range lines[1][1:min(5, len(lines[1]))] {
		binary = binary && b > 127
	}
	c.want(binary, "6.1.2 no line of four high bytes after the header: %q", lines[1])
	c.want(regexp.MustCompile(`/ID \[<[0-9a-fA-F]{32}> <[0-9a-fA-F]{32}>\]`).MatchString(c.file.trailer), "6.1.3 no id in the trailer: %q", c.file.trailer)
	c.want(!strings.Contains(c.file.trailer, "/Encrypt"), "6.1.3 the file is encrypted")
	for n, dict := range c.file.dicts {
		for _, bad := range []string{"/JavaScript", "/Launch", "/EmbeddedFile", "/LZWDecode", "/SMask", "/Transparency", "/PostScript", "/AA ", "/OpenAction", "/Subtype /Type1", "/XFA"} {
			c.want(!strings.Contains(dict, bad), "object %d holds %s", n, bad)
		}
	}
}

// catalog: language, title shown, marked (14.7, 14.9.2, and 6.7 of level A).
func (c *checker) catalog(dict string) {
	m := regexp.MustCompile(`/Lang \(([a-z]{2})\)`).FindStringSubmatch(dict)
	c.want(m != nil, "no language in the catalog")
	if m != nil {
		c.doc.Lang = m[1]
	}
	c.want(strings.Contains(dict, "/MarkInfo << /Marked true >>"), "the file does not say that it is tagged")
	c.want(strings.Contains(dict, "/DisplayDocTitle true"), "the window would show the file's name, not its title")
	c.want(!strings.Contains(dict, "/Names"), "the catalog holds names")
}

// xmp: 6.6.2 and 6.6.4, and that both descriptions say the same.
func (c *checker) xmp(catalog string) {
	n, dict := c.file.at(catalog, "Metadata")
	c.want(value(dict, "Type") == "Metadata" && value(dict, "Subtype") == "XML" && !strings.Contains(dict, "/Filter"), "6.6.2 metadata: %q", dict)
	body := c.file.streams[n]
	c.want(xml.Unmarshal(body, &struct{}{}) == nil, "6.6.2 the XMP is no XML")
	c.want(
		bytes.HasPrefix(body, []byte("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>")) &&
			!bytes.Contains(body[:min(60, len(body))], []byte("encoding=")),
		"6.6.2 head of the XMP packet",
	)
	tag := func(name string) string {
		m := regexp.MustCompile(`(?s)<` + name + `>(.*?)</` + name + `>`).FindSubmatch(body)
		if m == nil {
			return ""
		}
		text := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(string(m[1]), "")
		var plain struct {
			S string `xml:",chardata"`
		}
		if err := xml.Unmarshal([]byte("<a>"+text+"</a>"), &plain); err != nil {
			return err.Error()
		}
		return plain.S
	}
	c.want(tag("pdfaid:part") == "2" && tag("pdfaid:conformance") == "B", "6.6.4 part %q, conformance %q", tag("pdfaid:part"), tag("pdfaid:conformance"))
	_, info := c.file.at(c.file.trailer, "Info")
	for key, name := range map[string]string{"Title": "dc:title", "Subject": "dc:description", "Author": "dc:creator", "Creator": "xmp:CreatorTool", "Producer": "pdf:Producer"} {
		c.want(textOf(info, key) != "" && textOf(info, key) == tag(name), "6.6.3 %s %q, %s %q", key, textOf(info, key), name, tag(name))
	}
	for key, name := range map[string]string{"CreationDate": "xmp:CreateDate", "ModDate": "xmp:ModifyDate"} {
		m := regexp.MustCompile(`/` + key + ` \(D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z\)`).FindStringSubmatch(info)
		c.want(m != nil && fmt.Sprintf("%s-%s-%sT%s:%s:%sZ", m[1], m[2], m[3], m[4], m[5], m[6]) == tag(name), "6.6.3 %s %q, %s %q", key, m, name, tag(name))
	}
	c.want(tag("dc:language") == c.doc.Lang, "language %q in XMP, %q in the catalog", tag("dc:language"), c.doc.Lang)
	c.doc.Title = tag("dc:title")
}

// textOf reads a text string written as digits.
func textOf(dict, key string) string {
	m := regexp.MustCompile(`/` + key + ` <FEFF([0-9A-F]*)>`).FindStringSubmatch(dict)
	if m == nil {
		return ""
	}
	raw, err := hex.DecodeString(m[1])
	if err != nil || len(raw)%2 != 0 {
		return ""
	}
	units := make([]uint16, 0, len(raw)/2)
	for i := 0; i < len(raw); i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}

// colours: 6.2.3, one profile for a display, with the three colours that pages use.
func (c *checker) colours(catalog string) {
	c.want(strings.Count(catalog, "/S /GTS_PDFA1") == 1 && strings.Contains(catalog, "/OutputConditionIdentifier (sRGB"), "6.2.3 no output intent")
	n, dict := c.file.at(catalog, "DestOutputProfile")
	icc := c.file.streams[n]
	c.want(len(icc) > 512 && value(dict, "N") == "3", "6.2.3 no profile: %q", dict)
	if len(icc) <= 512 {
		return
	}
	size := int(icc[0])<<24 | int(icc[1])<<16 | int(icc[2])<<8 | int(icc[3])
	c.want(size == len(icc) && string(icc[36:40]) == "acsp" && icc[8] <= 4, "6.2.3 profile of %d bytes says %d, version %d", len(icc), size, icc[8])
	c.want(string(icc[12:16]) == "mntr" && string(icc[16:20]) == "RGB ", "6.2.3 the profile is %q for %q", icc[12:16], icc[16:20])
	for _, tag := range []string{"rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC", "wtpt", "desc", "cprt"} {
		c.want(bytes.Contains(icc[:512], []byte(tag)), "6.2.3 the profile lacks %s", tag)
	}
}
