package letter

import (
	"strings"

	"fund/workflow/lang"
)

// gap is the room between columns, pad that above and below a row's text.
const (
	gap = 9.0
	pad = 1.5
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
	p.need(4 * (lineHeight + 2*pad))
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
// first the rest. What is too wide shares the room.
func (p *page) widths(t Table, columns int) []float64 {
	widths := make([]float64, columns)
	see := func(row []string, font string, size float64) {
		for i, cell := range row {
			if i < columns {
				widths[i] = max(widths[i], p.measure(font, size, lang.Composed(cell))+gap)
			}
		}
	}
	see(t.Head, bold, smallSize)
	for _, row := range t.Rows {
		see(row, regular, bodySize)
	}
	see(t.Total, bold, bodySize)
	others := 0.0
	for _, w := range widths[1:] {
		others += w
	}
	if room := width * 0.65; others > room {
		for i := range widths[1:] {
			widths[i+1] *= room / others
		}
		others = room
	}
	widths[0] = width - others
	return widths
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
