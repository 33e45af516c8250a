package letter

import (
	"cmp"
	"fmt"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"fund/workflow/lang"
)

// Measures in millimetres, on A4.
const (
	left       = 25.0
	right      = 190.0 // end of the text; 20 mm to the edge
	width      = right - left
	top        = 26.0 // first line of a following page
	bottom     = 265.0
	column     = left + width/2 // where the letter head's second half begins
	footerAt   = 270.0
	lineHeight = 5.1
)

// Sizes in points.
const (
	bodySize    = 10.5
	smallSize   = 9.0
	footerSize  = 8.0
	headingSize = 11.5
	titleSize   = 17.0
	sumSize     = 20.0
)

// colour is red, green and blue. They are those of the pages.
type colour [3]int

var (
	ink     = colour{20, 38, 43}
	soft    = colour{71, 90, 96}
	deep    = colour{13, 46, 55}
	warm    = colour{242, 169, 59}
	hair    = colour{207, 216, 218}
	outline = colour{123, 140, 145}
)

// page is a letter being drawn; y is where the next thing begins.
type page struct {
	pdf   *fpdf.Fpdf
	l     Letter
	total int
	y     float64
	other bool // the fallback font is in the file

	document, open, contact *element    // the structure, where it is now, and the footer's part
	marks                   map[int]int // by page: how many pieces of text are marked
	artifact                bool        // what is drawn now is no part of the text
	speaking                string      // the language of what is drawn now; "" is that of the frame
}

// draw draws the letter once. total is the number of pages, 0 while counting.
func draw(l Letter, total int) (*page, error) {
	p := &page{pdf: fpdf.New("P", "mm", "A4", ""), l: l, total: total,
		document: &element{kind: "Document"}, contact: &element{kind: "P"}, marks: map[int]int{}}
	p.open, p.contact.lang = p.document, p.frame()
	p.pdf.SetCatalogSort(true)
	p.pdf.SetCreationDate(l.Date.UTC()) // else the writer asks the clock
	p.pdf.SetModificationDate(l.Date.UTC())
	p.pdf.AddUTF8FontFromBytes(regular, "", regularFont)
	p.pdf.AddUTF8FontFromBytes(bold, "", boldFont)
	p.pdf.SetMargins(0, 0, 0)
	p.pdf.SetAutoPageBreak(false, 0)
	p.turn()
	p.head()
	p.title()
	for i, s := range l.Sections {
		if i == len(l.Sections)-1 {
			p.keepTogether(s)
		}
		p.section(s)
	}
	p.signature()
	p.document.kids = append(p.document.kids, p.contact) // read once, last
	if err := p.pdf.Error(); err != nil {
		return nil, fmt.Errorf("letter %q: %w", l.Title, err)
	}
	return p, nil
}

// turn begins a page, with its number and footer.
func (p *page) turn() {
	p.pdf.AddPage()
	number := lang.T(p.l.Lang, "letter.page", lang.Args{"Page": p.pdf.PageNo(), "Pages": p.total})
	p.marks[p.pdf.PageNo()] = 0
	p.aside(func() {
		p.put(right-p.measure(regular, smallSize, number), 16, regular, smallSize, soft, number)
		if p.pdf.PageNo() > 1 { // a loose page tells what it belongs to
			of := p.wrap(regular, smallSize, width-25, cmp.Or(p.l.DNR, p.l.Title))
			p.put(left, 16, regular, smallSize, soft, of[0])
		}
	})
	if p.pdf.PageNo() > 1 {
		p.aside(p.footer)
	} else {
		p.again(p.contact, p.footer)
	}
	p.y = top
}

func (p *page) footer() {
	text := strings.TrimSpace(p.l.Footer)
	if text == "" {
		return
	}
	columns := strings.SplitN(text, "\n\n", 4)
	p.rule(footerAt, 0.18, outline)
	each := width / float64(len(columns))
	for i, c := range columns {
		y := footerAt + 5
		for _, line := range strings.Split(c, "\n") {
			for _, part := range p.wrap(regular, footerSize, each-4, line) {
				part = strings.TrimSuffix(part, " ") + " " // another line follows
				p.put(left+float64(i)*each, y, regular, footerSize, soft, part)
				y += 3.9
			}
		}
	}
}

// need turns the page unless height is left on it. It tells whether it did.
func (p *page) need(height float64) bool {
	if p.y+height <= bottom || p.y <= top {
		return false
	}
	p.turn()
	return true
}

func (p *page) rule(y, thick float64, c colour) {
	p.aside(func() {
		p.pdf.SetDrawColor(c[0], c[1], c[2])
		p.pdf.SetLineWidth(thick)
		p.pdf.Line(left, y, right, y)
	})
}

// put writes one line with its baseline at y.
func (p *page) put(x, y float64, font string, size float64, c colour, text string) {
	if text == "" {
		return
	}
	p.marked(func() {
		p.pdf.SetTextColor(c[0], c[1], c[2])
		for _, r := range runs(font, text) {
			p.use(r.font, size)
			p.pdf.Text(x, y, r.text)
			x += p.pdf.GetStringWidth(r.text)
		}
	})
}

// use chooses a font. The fallback comes into the file with its first letter.
func (p *page) use(font string, size float64) {
	if font == fallback && !p.other {
		p.pdf.AddUTF8FontFromBytes(fallback, "", fallbackFont)
		p.other = true
	}
	p.pdf.SetFont(font, "", size)
}

func (p *page) measure(font string, size float64, text string) (w float64) {
	for _, r := range runs(font, text) {
		p.use(r.font, size)
		w += p.pdf.GetStringWidth(r.text)
	}
	return w
}

// wrap breaks a text into lines no wider than room. It breaks at blanks only,
// so that 81 000 kr with its no-break blanks stays together; a word that is
// wider than the room (a long address, a hash) is cut. A line that was broken at
// a blank keeps it, so that who listens hears two words.
func (p *page) wrap(font string, size, room float64, text string) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsFuncSeq(lang.Composed(text), func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' }) {
		if line != "" && p.measure(font, size, line+" "+word) <= room {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line+" ")
		}
		for p.measure(font, size, word) > room {
			cut := p.fits(font, size, room, word)
			lines = append(lines, word[:cut])
			word = word[cut:]
		}
		line = word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// fits is the number of bytes at the start of the word that the room holds, at
// least one letter.
func (p *page) fits(font string, size, room float64, word string) int {
	cut := 0
	for i, r := range word {
		end := i + len(string(r))
		if cut > 0 && p.measure(font, size, word[:end]) > room {
			break
		}
		cut = end
	}
	return cut
}
