package letter

import (
	"strings"

	"fund/workflow/lang"
)

// gap is the room between columns, pad that above and below a row's text.
const (
	gap = 9.0
	pad = 1.5

	tableStart = 4 * (lineHeight + 2*pad) // a table begins with its head and some rows, or on the next page
)

func (p *page) table(t Table) {
	columns := len(t.Head)
	for _, row := range t.Rows {
		columns = max(columns, len(row))
	}
	if columns == 0 {
		return
	}
	widths := p.widths(t, columns)
	p.y += 3
	p.need(tableStart)
	p.inside("Table", func() {
		p.tableHead(t, widths)
		for i, row := range t.Rows {
			if p.need(p.rowHeight(row, widths, regular)) {
				p.aside(func() { p.tableHead(t, widths) }) // it was read before
			}
			p.row(row, widths, "TD", regular, bodySize, ink)
			if i < len(t.Rows)-1 || t.Total == nil {
				p.rule(p.y, 0.15, hair)
			}
		}
		if t.Total != nil {
			p.need(p.rowHeight(t.Total, widths, bold))
			p.rule(p.y, 0.35, deep)
			p.row(t.Total, widths, "TD", bold, bodySize, ink)
		}
	})
	p.y += 1
}

func (p *page) tableHead(t Table, widths []float64) {
	if len(t.Head) == 0 {
		return
	}
	p.row(t.Head, widths, "TH", bold, smallSize, soft)
	p.rule(p.y, 0.35, deep)
}

// widths gives each column but the first what its longest text needs, and the
// first the rest, which breaks between its words. Where the others leave it less than
// its longest word they break between theirs too; what is too wide even then shares
// the room.
func (p *page) widths(t Table, columns int) []float64 {
	wanted, least := make([]float64, columns), make([]float64, columns)
	see := func(row []string, font string, size float64) {
		for i, cell := range row[:min(len(row), columns)] {
			wanted[i] = max(wanted[i], p.measure(font, size, lang.Composed(cell))+gap)
			for _, word := range strings.Split(cell, " ") { // other blanks hold a number together
				least[i] = max(least[i], p.measure(font, size, lang.Composed(word))+gap*0.55) // a row needs half of it
			}
		}
	}
	see(t.Head, bold, smallSize)
	for _, row := range t.Rows {
		see(row, regular, bodySize)
	}
	see(t.Total, bold, bodySize)
	others, narrow := sum(wanted[1:]), sum(least)
	room := max(width*0.65, width-least[0])
	switch {
	case others <= room:
	case narrow <= width:
		spare := (width - narrow) / (least[0] + others - narrow)
		for i := range wanted[1:] {
			wanted[i+1] = least[i+1] + (wanted[i+1]-least[i+1])*spare
		}
	default:
		for i := range wanted[1:] {
			wanted[i+1] = least[i+1] * width / narrow
		}
	}
	wanted[0] = width - sum(wanted[1:])
	return wanted
}

func sum(all []float64) (total float64) {
	for _, x := range all {
		total += x
	}
	return total
}

func (p *page) rowHeight(row []string, widths []float64, font string) float64 {
	rows := 1
	for i, cell := range row {
		if i < len(widths) {
			rows = max(rows, len(p.wrap(font, bodySize, widths[i]-gap/2, cell)))
		}
	}
	return float64(rows)*lineHeight + 2*pad
}

// row draws a row of cells of that kind; the first cell of a row is its head.
func (p *page) row(row []string, widths []float64, kind, font string, size float64, c colour) {
	rows := 1
	p.inside("TR", func() {
		x := left
		for i, cell := range row[:min(len(row), len(widths))] {
			lines := p.wrap(font, size, widths[i]-gap/2, cell)
			rows = max(rows, len(lines))
			as, attr := kind, ""
			switch {
			case kind == "TH":
				attr = columnHead
			case i == 0 && len(row) > 1:
				as, attr = "TH", rowHead
			}
			// A cell without text stays a cell, or the next would slide under another head.
			p.cell(as, attr, func() {
				y := p.y + pad + 4.1
				for _, line := range lines {
					at := x
					if i > 0 {
						at = x + widths[i] - p.measure(font, size, strings.TrimSuffix(line, " "))
					}
					p.put(at, y, font, size, c, line)
					y += lineHeight
				}
			})
			x += widths[i]
		}
	})
	p.y += float64(rows)*lineHeight + 2*pad
}
