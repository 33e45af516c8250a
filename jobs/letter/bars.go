package letter

import (
	"strings"

	"fund/workflow/lang"
)

// Bars are a drawing of numbers, for those who would rather look at them. It repeats what
// a table beside it says, so who listens hears the table alone.
type Bars struct {
	Rows []Bar
	Most int64    // what the whole width stands for; 0: the longest bar
	Key  []string // what the parts of a bar mean, in their order; none where there is one part
}

// Bar is one line of the drawing.
type Bar struct {
	Label, Value string
	Parts        []int64 // one behind the other
	Mark         int64   // a line across the bar, as of a promise; 0: none
}

// Measures of the drawing in millimetres.
const (
	barHeight = 3.2
	barStep   = 7.2
	barLine   = 4.0  // of a label
	barLabel  = 0.34 // of the width, at most
)

// tones are the colours of the parts, as the pages have them; ground is what is left of a bar.
var (
	tones  = []colour{{23, 80, 94}, {139, 167, 174}, warm}
	ground = colour{227, 233, 234}
)

// barSet is a drawing with its measures: how wide the labels are, how wide the bars, and
// how high each line.
type barSet struct {
	Bars
	most        int64
	label, room float64
	heights     []float64
}

func (p *page) measured(b Bars) barSet {
	out, value := barSet{Bars: b, most: max(1, b.Most)}, 0.0
	for _, r := range b.Rows {
		whole := int64(0)
		for _, n := range r.Parts {
			whole += n
		}
		out.most = max(out.most, whole, r.Mark)
		out.label = max(out.label, p.measure(regular, smallSize, lang.Composed(r.Label)))
		value = max(value, p.measure(regular, smallSize, lang.Composed(r.Value)))
	}
	out.label = min(out.label+4, width*barLabel)
	out.room = width - out.label - value - 4
	for _, r := range b.Rows {
		lines := len(p.wrap(regular, smallSize, out.label-3, r.Label))
		out.heights = append(out.heights, max(barStep, float64(lines)*barLine+1.6))
	}
	return out
}

// height is what the whole drawing takes.
func (b barSet) height() float64 {
	h := 3.5 + sum(b.heights)
	if len(b.Key) > 0 {
		h += barStep
	}
	return h
}

// bars draws them, the labels to the left and the values to the right, on one page where they fit on one.
func (p *page) bars(b Bars) {
	if len(b.Rows) == 0 {
		return
	}
	set := p.measured(b)
	if h := set.height(); h < bottom-top {
		p.need(h)
	}
	p.y += 2.5
	p.key(b.Key)
	for i, r := range b.Rows {
		p.need(set.heights[i])
		p.aside(func() { p.bar(r, set) })
		p.y += set.heights[i]
	}
	p.y += 1
}

// key says what each tone means.
func (p *page) key(words []string) {
	if len(words) == 0 {
		return
	}
	p.aside(func() {
		x := left
		for i, text := range words {
			p.piece(x, p.y+1.2, 3, tones[i%len(tones)])
			p.put(x+4.5, p.y+barHeight+0.6, regular, smallSize, soft, text)
			x += 4.5 + p.measure(regular, smallSize, lang.Composed(text)) + 6
		}
	})
	p.y += barStep
}

func (p *page) bar(r Bar, b barSet) {
	for i, text := range p.wrap(regular, smallSize, b.label-3, r.Label) {
		p.put(left, p.y+barLine*float64(i+1)-0.4, regular, smallSize, ink, text)
	}
	x, y := left+b.label, p.y+0.6
	at := func(n int64) float64 { return b.room * float64(n) / float64(b.most) }
	p.piece(x, y, b.room, ground)
	from := x
	for i, n := range r.Parts {
		p.piece(from, y, at(n), tones[i%len(tones)])
		from += at(n)
	}
	if r.Mark > 0 {
		p.pdf.SetFillColor(warm[0], warm[1], warm[2])
		p.pdf.Rect(x+at(r.Mark)-0.5, y-0.8, 1, barHeight+1.6, "F")
	}
	text := strings.TrimSpace(r.Value)
	p.put(right-p.measure(regular, smallSize, lang.Composed(text)), p.y+barLine-0.4, regular, smallSize, ink, text)
}

// piece is a filled piece of a bar.
func (p *page) piece(x, y, w float64, c colour) {
	if w <= 0 {
		return
	}
	p.pdf.SetFillColor(c[0], c[1], c[2])
	p.pdf.Rect(x, y, w, barHeight, "F")
}
