package bank

import "crypto/sha256"

func (p *pain) emitPayment(above *stage) error {
	l := p.tx
	if l.MsgID == "" {
		l.MsgID = p.group.id
	}
	if above == &p.inf {
		l.PmtInfID = above.id
	}
	p.inherit(&l, above)
	p.judge(&l)
	above.lines++
	p.group.lines++
	if l.UETR+l.EndToEndID+l.InstructionID != "" {
		id := nameOf(l)
		if above.named == nil {
			above.named = map[[16]byte]bool{}
		}
		if !above.named[id] {
			above.named[id] = true
			above.total++
		}
	}
	return p.emit(l)
}

// nameOf is a short key for the ids that a line names a payment by.
func nameOf(l Line) [16]byte {
	sum := sha256.Sum256([]byte(l.UETR + "\x00" + l.EndToEndID + "\x00" + l.InstructionID))
	return [16]byte(sum[:16])
}

// inherit gives the payment the status that holds for it: its own, else its
// PmtInf's, else the message's. PART above speaks of nobody.
func (p *pain) inherit(l *Line, above *stage) {
	from := &stage{status: p.txStatus}
	switch {
	case p.txStatus != "":
	case above == &p.inf && p.inf.status != "":
		from, l.Inherited = &p.inf, OneGroup
	case p.group.status != "":
		from, l.Inherited = &p.group, WholeMessage
	}
	if l.Inherited != "" && from.status == "PART" {
		from, l.Inherited = &stage{}, ""
	}
	l.Status = from.status
	why := &p.txReason
	if why.empty() {
		why = p.reasonAbove(l.Status, above)
	}
	why.put(l)
}

// reasonAbove finds why a payment without a reason of its own is refused: a level
// above that is refused too says so, and whether it was as a duplicate.
func (p *pain) reasonAbove(status string, above *stage) *reasons {
	for _, g := range []*stage{above, &p.group} {
		if g.status == status && !g.reasons.empty() {
			return &g.reasons
		}
	}
	return &reasons{}
}

// judge sets the line's problem and the findings about it.
func (p *pain) judge(l *Line) {
	note := func(problem Problem, code, detail string) {
		if l.Problem == "" {
			l.Problem = problem
		}
		p.found(code, p.next(), detail)
	}
	switch {
	case l.Level != OnePayment || l.UETR+l.EndToEndID+l.InstructionID != "":
	case l.echo():
		p.found(FindingNoReference, p.next(), l.PmtInfID)
	default:
		note(ProblemNoReference, FindingNoReference, l.PmtInfID)
	}
	switch {
	case !l.HasAmount || l.Currency == "SEK":
	case l.echo():
		p.found(FindingCurrency, p.next(), l.Currency)
	default:
		note(ProblemCurrency, FindingCurrency, l.Currency)
	}
	if l.Status == "" {
		note(ProblemNoStatus, FindingNoStatus, l.EndToEndID)
	}
	if l.rejects() && l.duplicateByText() {
		p.found(FindingDuplicateByText, p.next(), l.Text)
	}
}

// closeGroup keeps a PmtInf until the end of the file: its line must come after all
// named payments, even those of another element with the same PmtInfId.
func (p *pain) closeGroup() error {
	g := p.inf
	g.named = nil
	p.group.total += g.total
	p.waiting = append(p.waiting, g)
	return p.level(p.claims(&g, OneGroup))
}

// claims is what the bank says of a level.
func (p *pain) claims(g *stage, name LevelName) Level {
	p.checkCounts(g)
	l := Level{Name: name, MsgID: p.group.id, Status: g.status, Reason: g.reasons.first(), Count: g.count, Sum: g.sum, PerStatus: g.per, Named: g.total}
	if name == OneGroup {
		l.PmtInfID = g.id
	}
	return l
}

// emitLevel gives a level its line, unless it speaks of nobody: without a status,
// with PART, or when the bank's own count says that all were named.
func (p *pain) emitLevel(g *stage, kept *Level) error {
	covered := g.count != nil && g.total > 0 && g.total == *g.count
	if g.status == "" || g.status == "PART" || covered {
		return nil
	}
	l := Line{Level: kept.Name, Kind: Pain002, MsgID: p.group.id, PmtInfID: kept.PmtInfID, Status: g.status}
	why := &g.reasons
	if why.empty() {
		why = p.reasonAbove(g.status, g)
	}
	why.put(&l)
	if l.MsgID == "" && l.PmtInfID == "" {
		l.Problem = ProblemNoReference
		p.found(FindingNoReference, p.next(), string(l.Level))
	}
	p.judge(&l)
	kept.MsgID, kept.Line = p.group.id, p.next()
	return p.emit(l)
}

// checkCounts compares what the bank says of a level with itself.
func (p *pain) checkCounts(g *stage) {
	if len(g.per) == 0 || g.count == nil {
		return
	}
	var n int64
	for _, c := range g.per {
		n += c.Count
	}
	if n != *g.count {
		p.found(FindingCount, 0, g.id)
	}
}

// whole tells of the file what its messages say alike: what holds for one of several
// batches alone is said by its lines.
func (p *pain) whole() {
	f := p.file
	if p.several == 0 {
		f.OriginalMessageID, f.GroupStatus = p.group.id, p.group.status
		return
	}
	if f.OriginalMessageID != p.group.id {
		f.OriginalMessageID = ""
	}
	if f.GroupStatus != p.group.status {
		f.GroupStatus = ""
	}
}

func (p *pain) end() error {
	p.whole()
	if p.group.id == "" {
		p.found(FindingNoOriginal, 0, "")
	}
	if p.original == "" {
		p.found(FindingNoOriginalName, 0, "")
	}
	if err := p.level(p.claims(&p.group, WholeMessage)); err != nil {
		return err
	}
	levels := p.file.Levels[p.before:]
	for i := range p.waiting {
		if err := p.emitLevel(&p.waiting[i], &levels[i]); err != nil {
			return err
		}
	}
	return p.emitLevel(&p.group, &levels[len(p.waiting)])
}
