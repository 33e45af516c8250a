package letter

import (
	"slices"
	"strconv"
	"strings"

	"fund/workflow/lang"
)

// head draws the mark and the sender to the left, what the letter is and to
// whom it goes to the right. The address stands where a window envelope shows it.
func (p *page) head() {
	p.aside(func() { p.mark(left, 29) })
	y := 38.0
	p.inside("P", func() {
		p.put(left+12, 33, bold, 12.5, deep, p.municipality()+" ")
		for _, line := range p.wrap(regular, 9, column-left-16, p.unit()) {
			p.put(left+12, y, regular, 9, soft, line)
			y += 4
		}
	})

	y = 33
	if p.l.Over != "" {
		p.inside("P", func() { p.put(column, y, bold, 12.5, deep, p.l.Over) })
		y += 7.5
	}
	day := lang.Stamp(lang.SV, p.l.Date)[:len("2006-01-02")]
	head := []Fact{{lang.T(p.l.Lang, "letter.date"), day}, {lang.T(p.l.Lang, "letter.dnr"), p.l.DNR}}
	label := p.labels(head, 28)
	for _, f := range head {
		if f.Value == "" {
			continue
		}
		p.inside("P", func() {
			p.put(column, y, regular, bodySize, soft, f.Label+" ")
			for _, line := range p.wrap(regular, bodySize, right-column-label, f.Value) {
				p.put(column+label, y, regular, bodySize, ink, line)
				y += lineHeight
			}
		})
	}
	y += 6
	for _, to := range p.l.Recipient {
		p.inside("P", func() {
			for _, line := range p.wrap(regular, bodySize, right-column, to) {
				p.put(column, y, regular, bodySize, ink, line)
				y += lineHeight
			}
		})
	}
	p.y = max(y, 52) + 8
}

// mark draws the half sun over the line, 9 mm wide, with its top left at x, y.
// It is neutral: the municipality's arms are not the fund's to use.
func (p *page) mark(x, y float64) {
	const unit = 9.0 / 36
	at := func(dx, dy float64) (float64, float64) { return x + dx*unit, y + (dy-9)*unit }
	p.pdf.SetFillColor(warm[0], warm[1], warm[2])
	fx, fy := at(28, 20)
	p.pdf.MoveTo(fx, fy)
	cx, cy := at(18, 20)
	p.pdf.ArcTo(cx, cy, 10*unit, 10*unit, 0, 0, 180)
	p.pdf.ClosePath()
	p.pdf.DrawPath("F")
	for _, r := range [][4]float64{{11, 27, 14, 2}, {14, 31.5, 8, 2}} {
		rx, ry := at(r[0], r[1])
		p.pdf.Rect(rx, ry, r[2]*unit, r[3]*unit, "F")
	}
	p.pdf.SetFillColor(deep[0], deep[1], deep[2])
	rx, ry := at(1, 21.5)
	p.pdf.Rect(rx, ry, 34*unit, 2.5*unit, "F")
}

func (p *page) title() {
	p.speak(p.l.Speech, func() {
		p.inside("H1", func() {
			for _, line := range p.wrap(bold, titleSize, width, p.l.Title) {
				p.y += 7.4
				p.put(left, p.y, bold, titleSize, deep, line)
			}
		})
	})
	p.y += 4.5
	p.rule(p.y, 0.5, deep)
	p.y += 3.5
	if p.l.Sum != nil {
		p.sum(*p.l.Sum)
	}
	if len(p.l.Facts) > 0 {
		p.y += 1
		p.facts(p.l.Facts)
	}
}

// sum draws the answer first and large, between two lines.
func (p *page) sum(s Sum) {
	p.y += 1
	p.paragraph(s.Before)
	p.y += 9.4
	p.inside("P", func() { p.put(left, p.y, bold, sumSize, deep, lang.Composed(s.Amount)) })
	p.y += 3
	p.paragraph(s.After)
	p.y += 3
	p.rule(p.y, 0.5, deep)
	p.y += 2.5
}

func (p *page) section(s Section) {
	p.y += 4.5
	if s.Heading != "" {
		lines := p.wrap(bold, headingSize, width, s.Heading)
		p.need(float64(len(lines))*lineHeight + p.below(s)) // a heading never stands alone
		p.inside("H2", func() {
			for _, line := range lines {
				p.y += lineHeight
				p.put(left, p.y, bold, headingSize, deep, line)
			}
		})
		p.y += 0.8
	}
	p.speak(s.Speech, func() { p.words(s) })
}

// words are what stands under a section's heading.
func (p *page) words(s Section) {
	for i, text := range s.Paragraphs {
		if i > 0 {
			p.y += 2.2
		}
		p.paragraph(text)
	}
	p.points(s.Points, s.Numbered)
	if len(s.Rows) > 0 {
		p.y += 1
		p.facts(s.Rows)
	}
	if s.Bars != nil {
		p.bars(*s.Bars)
	}
	if s.Table != nil {
		p.table(*s.Table)
	}
	for _, text := range s.After {
		p.y += 2.2
		p.paragraph(text)
	}
}

// below is the room that must be left under a section's heading: for a few lines,
// for the rows that a table begins with, or for a whole drawing.
func (p *page) below(s Section) float64 {
	if s.Bars != nil && len(s.Points)+len(s.Rows) == 0 {
		if h := 2 + 2.2*lineHeight*float64(len(s.Paragraphs)) + p.measured(*s.Bars).height(); h < (bottom-top)/2 {
			return h
		}
	}
	if s.Table != nil && len(s.Paragraphs)+len(s.Points)+len(s.Rows) == 0 {
		return 0.8 + 3 + tableStart
	}
	return 2.2 * lineHeight
}

func (p *page) paragraph(text string) {
	p.inside("P", func() { p.block(left, p.wrap(regular, bodySize, width, text)) })
}

// block writes lines, never leaving the first or the last one alone on a page.
func (p *page) block(x float64, lines []string) {
	for i, line := range lines {
		rest := len(lines) - i
		if i == 0 && rest > 1 || rest == 2 && i > 1 {
			p.need(2 * lineHeight)
		} else {
			p.need(lineHeight)
		}
		p.y += lineHeight
		p.put(x, p.y, regular, bodySize, ink, line)
	}
}

func (p *page) points(points []string, numbered bool) {
	const indent = 6.0
	sign, at, kind := "•", left+1.2, dotList
	if numbered {
		at, kind = left, numberList
	}
	p.insideWith("L", kind, func() {
		for i, text := range points {
			p.y += 1.2
			lines := p.wrap(regular, bodySize, width-indent, text)
			p.need(float64(min(len(lines), 2)) * lineHeight)
			if numbered {
				sign = strconv.Itoa(i+1) + "."
			}
			p.inside("LI", func() {
				p.inside("Lbl", func() { p.put(at, p.y+lineHeight, regular, bodySize, soft, sign+" ") })
				p.inside("LBody", func() { p.block(left+indent, lines) })
			})
		}
	})
}

// labels is the room that the labels take, at least that of the shortest.
func (p *page) labels(facts []Fact, shortest float64) float64 {
	room := 0.0
	for _, f := range facts {
		room = max(room, p.measure(regular, bodySize, lang.Composed(f.Label)))
	}
	return min(max(room+7, shortest), width*0.42)
}

// facts draws pairs: the label soft to the left, the value beside it. Who
// listens hears a table of two columns.
func (p *page) facts(facts []Fact) {
	label := p.labels(facts, 30)
	p.inside("Table", func() {
		for _, f := range facts {
			p.inside("TR", func() { p.fact(f, label) })
			p.y += 0.7
		}
	})
}

func (p *page) fact(f Fact, label float64) {
	names := p.wrap(regular, bodySize, label-4, f.Label)
	values := p.wrap(regular, bodySize, width-label, f.Value)
	name, value := &element{kind: "TH", attr: rowHead}, &element{kind: "TD"}
	p.open.kids = append(p.open.kids, name, value)
	rows := max(len(names), len(values))
	p.need(float64(rows) * lineHeight)
	for i := range rows {
		p.y += lineHeight
		if i < len(names) {
			p.again(name, func() { p.put(left, p.y, regular, bodySize, soft, names[i]) })
		}
		if i < len(values) {
			p.again(value, func() { p.put(left+label, p.y, regular, bodySize, ink, values[i]) })
		}
	}
}

// keepTogether turns the page where the last section would fit and the signature
// below it would not: nobody signs an empty page. Sections with more than
// paragraphs are left as they are.
func (p *page) keepTogether(s Section) {
	if len(p.l.Signature) == 0 || s.Table != nil || len(s.Points) > 0 || len(s.Rows) > 0 {
		return
	}
	lines, gaps := len(p.wrap(bold, headingSize, width, s.Heading)), 4.5+0.8+8
	for _, text := range append(slices.Clone(s.Paragraphs), s.After...) {
		lines += len(p.wrap(regular, bodySize, width, text))
		gaps += 2.2
	}
	for _, text := range p.l.Signature {
		lines += len(p.wrap(regular, bodySize, width, strings.TrimSpace(text)))
	}
	if height := float64(lines)*lineHeight + gaps; height < bottom-top {
		p.need(height)
	}
}

func (p *page) signature() {
	if len(p.l.Signature) == 0 {
		return
	}
	p.y += 8
	p.need(float64(len(p.l.Signature)) * lineHeight)
	for i, text := range p.l.Signature {
		font := regular
		if i == 0 {
			font = bold
		}
		p.inside("P", func() {
			for _, line := range p.wrap(font, bodySize, width, strings.TrimSpace(text)) {
				p.need(lineHeight)
				p.y += lineHeight
				p.put(left, p.y, font, bodySize, ink, line)
			}
		})
	}
}
