package letter

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
)

// colours is the profile that says what red, green and blue mean.
//
//go:embed icc/sRGB2014.icc
var colours []byte

// called are the fonts' names in the file. The tag before the sign says that only
// the letters that are used are there (ISO 32000-1, 9.6.4).
var called = map[string]string{regular: "AAAAAA+HankenGrotesk-Regular", bold: "AAAAAB+HankenGrotesk-SemiBold", fallback: "AAAAAC+NotoSans-Regular"}

var fontName = regexp.MustCompile(`/utf8(regular|bold|fallback)`)

// errShape says that the PDF writer's file is not laid out as this package knows it.
var errShape = errors.New("the PDF writer lays out its file in another way")

// header is PDF 1.7 and a line of bytes that no text has, so that nobody takes
// the file for text (ISO 19005-2, 6.1.2).
const header = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"

// pageObject is the number that the PDF writer gives the n-th page.
func pageObject(n int) int { return 1 + 2*n }

// archived makes PDF/A-2b of what the PDF writer gave, as near as can be told
// without its validator: fonts and pages stay as they are; the catalog, the
// file's data about itself, the colours' profile, the structure and the
// file's id are ours (ISO 19005-2, 6.1.3, 6.2.3, 6.6, 6.7).
func (p *page) archived(raw []byte) ([]byte, error) {
	objects, err := split(raw)
	if err != nil {
		return nil, err
	}
	// The writer's last two are its own description and catalog.
	objects = objects[:len(objects)-2]
	for n := range p.pdf.PageNo() {
		i := pageObject(n+1) - 1
		if i >= len(objects) || !bytes.HasPrefix(objects[i], []byte("<</Type /Page\n")) {
			return nil, fmt.Errorf("page %d: %w", n+1, errShape)
		}
		objects[i] = slices.Insert(objects[i], len("<</Type /Page\n"), fmt.Appendf(nil, "/StructParents %d /Tabs /S\n", n)...)
	}
	for i := range objects {
		if bytes.HasPrefix(objects[i], []byte("<</Type /Font")) {
			objects[i] = fontName.ReplaceAllFunc(objects[i], func(name []byte) []byte { return []byte("/" + called[string(name[len("/utf8"):])]) })
		}
	}
	for i := range objects {
		if bytes.Contains(objects[i], []byte("beginbfrange")) {
			objects[i] = stream("", meaning())
		}
	}
	next := len(objects) + 1
	info, xmp, profile, tree := next, next+1, next+2, next+3
	objects = append(objects, p.info(), stream("/Type /Metadata /Subtype /XML", p.xmp()), profileStream())
	objects = append(objects, structure(p.document, p.language(), p.marks, tree)...)
	objects = append(objects, fmt.Appendf(nil, "<< /Type /Catalog /Pages 1 0 R /Lang (%s) /PageLayout /OneColumn\n"+
		"/Metadata %d 0 R /MarkInfo << /Marked true >> /StructTreeRoot %d 0 R /ViewerPreferences << /DisplayDocTitle true >>\n"+
		"/OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) /Info (sRGB IEC61966-2.1) /DestOutputProfile %d 0 R >>] >>",
		p.language(), xmp, tree, profile))
	return join(objects, info), nil
}

func stream(dict string, body []byte) []byte {
	b := fmt.Appendf(nil, "<< %s /Length %d >>\nstream\n", dict, len(body))
	return append(append(b, body...), "\nendstream"...)
}

// meaning says which letter each code of a font is: the codes are Unicode. The
// writer says so in one range over all of them; a range must not go over its
// last byte (ISO 32000-1, 9.10.3), and some readers then lose the first one.
func meaning() []byte {
	b := []byte("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for block := 0; block < 256; block += 64 { // at most 100 ranges in a block
		b = append(b, "64 beginbfrange\n"...)
		for high := block; high < block+64; high++ {
			b = fmt.Appendf(b, "<%02X00> <%02XFF> <%02X00>\n", high, high, high)
		}
		b = append(b, "endbfrange\n"...)
	}
	return append(b, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"...)
}

func profileStream() []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	// A bytes.Buffer takes everything, so there is no error to handle.
	_, _ = w.Write(colours)
	_ = w.Close()
	return stream("/N 3 /Alternate /DeviceRGB /Filter /FlateDecode", b.Bytes())
}

var (
	startAt  = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\s*$`)
	tableRow = regexp.MustCompile(`^(\d{10}) 00000 n \n`)
)

// split gives what stands between obj and endobj of each object, by number from 1.
func split(raw []byte) ([][]byte, error) {
	m := startAt.FindSubmatch(raw)
	if m == nil {
		return nil, fmt.Errorf("no table of objects: %w", errShape)
	}
	at, _ := strconv.Atoi(string(m[1])) // digits only
	var count int
	if _, err := fmt.Sscanf(string(raw[at:min(at+32, len(raw))]), "xref\n0 %d\n", &count); err != nil || count < 4 {
		return nil, fmt.Errorf("table of objects: %w", errShape)
	}
	rows := raw[at+len(fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", count)):]
	objects := make([][]byte, 0, count-1)
	for n := 1; n < count; n++ {
		row := tableRow.FindSubmatch(rows)
		if row == nil {
			return nil, fmt.Errorf("object %d: %w", n, errShape)
		}
		rows = rows[len(row[0]):]
		begin, _ := strconv.Atoi(string(row[1]))
		body, found := bytes.CutPrefix(raw[min(begin, at):at], fmt.Appendf(nil, "%d 0 obj\n", n))
		end := endOf(body)
		if !found || end < 0 {
			return nil, fmt.Errorf("object %d: %w", n, errShape)
		}
		objects = append(objects, slices.Clone(body[:end]))
	}
	return objects, nil
}

var length = regexp.MustCompile(`/Length (\d+)`)

// endOf finds endobj, stepping over a stream, in whose bytes anything may stand.
func endOf(body []byte) int {
	end, begin := bytes.Index(body, []byte("\nendobj")), bytes.Index(body, []byte("stream\n"))
	if begin < 0 || end >= 0 && end < begin {
		return end
	}
	m := length.FindSubmatch(body[:begin])
	if m == nil {
		return -1
	}
	size, _ := strconv.Atoi(string(m[1]))
	rest := begin + len("stream\n") + size
	if rest > len(body) {
		return -1
	}
	if end = bytes.Index(body[rest:], []byte("\nendobj")); end < 0 {
		return -1
	}
	return rest + end
}

// join writes the file; the last object is the catalog. The id is a hash of the
// content, so that the same letter has the same one.
func join(objects [][]byte, info int) []byte {
	b := []byte(header)
	offsets := make([]int, 0, len(objects))
	for i, o := range objects {
		offsets = append(offsets, len(b))
		b = fmt.Appendf(b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	sum := sha256.Sum256(b)
	at := len(b)
	b = fmt.Appendf(b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		b = fmt.Appendf(b, "%010d 00000 n \n", o)
	}
	return fmt.Appendf(b, "trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%x> <%x>] >>\nstartxref\n%d\n%%%%EOF\n",
		len(objects)+1, len(objects), info, sum[:16], sum[:16], at)
}
