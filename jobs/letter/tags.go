package letter

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// element is a node of the file's structure, which tells a screen reader what
// is a heading, a list or a cell, and in which order to read (ISO 32000-1, 14.8).
type element struct {
	kind  string // the standard type: H1, P, L, TR …
	attr  string // its attribute dictionary, or nothing
	lang  string // the language that it speaks
	spots []spot // text of its own
	kids  []*element
	keep  bool // also without text
}

// spot is a marked piece of a page's content.
type spot struct{ page, mark int } // both counted as in the file: pages from 1, marks from 0

// Attributes of elements (ISO 32000-1, 14.8.5).
const (
	columnHead = "<< /O /Table /Scope /Column >>"
	rowHead    = "<< /O /Table /Scope /Row >>"
	numberList = "<< /O /List /ListNumbering /Decimal >>"
	dotList    = "<< /O /List /ListNumbering /Disc >>"
)

// inside draws with a new element of that kind open; what draw puts is its text.
func (p *page) inside(kind string, draw func()) { p.insideWith(kind, "", draw) }

func (p *page) insideWith(kind, attr string, draw func()) {
	e := &element{kind: kind, attr: attr, lang: cmp.Or(p.speaking, p.frame())}
	parent := p.open
	parent.kids = append(parent.kids, e)
	p.open = e
	draw()
	p.open = parent
}

// speak draws words in a language of their own; "" is that of the frame.
func (p *page) speak(language string, draw func()) {
	was := p.speaking
	p.speaking = language
	draw()
	p.speaking = was
}

// cell is an element that stays when nothing stands in it.
func (p *page) cell(kind, attr string, draw func()) {
	p.insideWith(kind, attr, func() {
		p.open.keep = !p.artifact
		draw()
	})
}

// again returns to an element that was left, for what is drawn line by line in two columns.
func (p *page) again(e *element, draw func()) {
	parent := p.open
	p.open = e
	draw()
	p.open = parent
}

// aside draws what is no part of the text: lines, page numbers, a head that is repeated.
func (p *page) aside(draw func()) {
	if p.artifact {
		draw()
		return
	}
	p.artifact = true
	p.pdf.RawWriteStr("/Artifact BMC")
	draw()
	p.pdf.RawWriteStr("EMC")
	p.artifact = false
}

// marked draws a piece of the open element's text.
func (p *page) marked(draw func()) {
	if p.artifact {
		draw()
		return
	}
	at := spot{p.pdf.PageNo(), p.marks[p.pdf.PageNo()]}
	p.marks[at.page]++
	p.open.spots = append(p.open.spots, at)
	p.pdf.RawWriteStr(fmt.Sprintf("/%s <</MCID %d>> BDC", p.open.kind, at.mark))
	draw()
	p.pdf.RawWriteStr("EMC")
}

// structure writes the tree as objects numbered from first on. It gives the
// objects, of which the first is the root. A page n is object pageObject(n).
// What speaks another language than the document says so (ISO 32000-1, 14.9.2).
func structure(document *element, language string, marks map[int]int, first int) [][]byte {
	var all []*element
	number, up, owner := map[*element]int{}, map[*element]int{document: first}, map[spot]int{}
	var walk func(e *element)
	walk = func(e *element) {
		number[e] = first + 2 + len(all) // after the root and the parents
		all = append(all, e)
		for _, s := range e.spots {
			owner[s] = number[e]
		}
		for _, kid := range e.kids {
			if !kid.empty() {
				up[kid] = number[e]
				walk(kid)
			}
		}
	}
	walk(document)
	objects := [][]byte{
		fmt.Appendf(nil, "<< /Type /StructTreeRoot /K %d 0 R /ParentTree %d 0 R /ParentTreeNextKey %d >>", number[document], first+1, len(marks)),
		parents(marks, owner),
	}
	for _, e := range all {
		var kids strings.Builder
		for _, s := range e.spots {
			fmt.Fprintf(&kids, "<< /Type /MCR /Pg %d 0 R /MCID %d >> ", pageObject(s.page), s.mark)
		}
		for _, kid := range e.kids {
			if n := number[kid]; n > 0 {
				fmt.Fprintf(&kids, "%d 0 R ", n)
			}
		}
		attr := e.attr
		if attr != "" {
			attr = " /A " + attr
		}
		if e.lang != "" && e.lang != language {
			attr += " /Lang (" + e.lang + ")"
		}
		objects = append(objects, fmt.Appendf(nil, "<< /Type /StructElem /P %d 0 R /S /%s%s /K [%s] >>", up[e], e.kind, attr, strings.TrimSpace(kids.String())))
	}
	return objects
}

// parents lists for each page whose text its marks are.
func parents(marks map[int]int, owner map[spot]int) []byte {
	b := []byte("<< /Nums [")
	for page := 1; page <= len(marks); page++ {
		b = fmt.Appendf(b, "%d [", page-1)
		for mark := range marks[page] {
			b = fmt.Appendf(b, "%d 0 R ", owner[spot{page, mark}])
		}
		b = append(b, "] "...)
	}
	return append(b, "] >>"...)
}

// empty tells that nothing was drawn for an element.
func (e *element) empty() bool {
	return !e.keep && len(e.spots) == 0 && !slices.ContainsFunc(e.kids, func(k *element) bool { return !k.empty() })
}
