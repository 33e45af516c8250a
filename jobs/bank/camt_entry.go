package bank

import (
	"strconv"
	"strings"
)

// sameCurrency guards the comparison of an entry with its only detail; where there
// are more the details' currency is the entry's or the lines say so themselves.
func (c *camt) sameCurrency() bool {
	return c.detail.line.Currency == c.entry.line.Currency
}

func (c *camt) checkBatch() {
	b := c.batch
	if !b.open {
		return
	}
	if b.lines.Count == 0 {
		c.bulks = append(c.bulks, b)
		return
	}
	if b.count != nil && *b.count != b.lines.Count {
		c.found(FindingBatch, c.next(), strconv.FormatInt(*b.count, 10))
	}
	if b.total != nil && b.priced == b.lines.Count && !b.lines.is(*b.total) {
		c.found(FindingBatch, c.next(), b.total.Decimal())
	}
}

// within gives a detail the references of its batch where it has none of its own.
func (b *booking) within(of batch) {
	if b.line.PmtInfID == "" {
		b.line.PmtInfID = of.pmtInfID
	}
	if b.line.MsgID == "" {
		b.line.MsgID = of.msgID
	}
}

func (c *camt) emitDetail(b booking) error {
	l := b.line
	l.Level = OnePayment
	if l.BankRef == "" {
		l.BankRef = c.entry.line.BankRef
	}
	return c.emitBooking(l, b)
}

func (c *camt) emitEntry() error {
	l := c.entry.line
	l.Level = OneEntry
	if len(c.bulks) > 0 {
		l.PmtInfID, l.MsgID, l.Bulk = c.bulks[0].pmtInfID, c.bulks[0].msgID, true
	}
	if len(c.bulks) > 1 {
		c.found(FindingRepeated, c.next(), "NtryDtls/Btch")
	}
	return c.emitBooking(l, c.entry)
}

// apart says that an entry without details is of several batches whose own sums add up to
// it: each is a line then, as one alone would be.
func (c *camt) apart() bool {
	if len(c.bulks) < 2 || !c.entry.line.HasAmount {
		return false
	}
	for _, b := range c.bulks {
		if b.total == nil {
			return false
		}
	}
	return c.total.is(c.entry.line.AmountOre)
}

// emitBulks gives each batch without details its line, with the sum that the bank says of it.
func (c *camt) emitBulks() error {
	for _, b := range c.bulks {
		l := c.entry.line
		l.Level, l.Bulk, l.PmtInfID, l.MsgID = OneEntry, true, b.pmtInfID, b.msgID
		l.AmountOre, l.HasAmount = 0, b.total != nil
		if l.HasAmount {
			l.AmountOre = *b.total
		}
		if err := c.emitBooking(l, c.entry); err != nil {
			return err
		}
	}
	return nil
}

// emitBooking adds what a line has from its entry and its statement.
func (c *camt) emitBooking(l Line, b booking) error {
	direction := b.direction
	if direction == "" {
		direction = c.entry.direction
	}
	near, far := b.parties[payee], b.parties[payer]
	switch direction {
	case "DBIT":
		l.Direction = Debit
		near, far = far, near
	case "CRDT":
		l.Direction = Credit
	default:
		c.note(&l, ProblemNoDirection, FindingNoDirection, direction)
		near, far = far, near
	}
	l.Account = c.account
	if l.Account == "" {
		l.Account = near.account
	}
	l.Party, l.PartyAccount = far.name, far.account
	l.Status = c.entry.status
	l.Booked = l.Status == "BOOK"
	b.reason.put(&l)
	l.Remittance = b.ustrd.text
	if !l.named() {
		text := b.ref + " " + b.more.text
		if c.details == 1 { // what is said of the entry is said of its only payment
			text += " " + c.entry.ref + " " + c.entry.more.text
		}
		l.Remittance = strings.Join(ownReferences(text), " ")
	}
	if l.Text == "" {
		l.Text = b.more.text
	}
	if l.Text == "" {
		l.Text = c.entry.more.text
	}
	l.Return = c.entry.reversal || b.reversal || b.subfamily == "RRTN" || c.entry.subfamily == "RRTN" || len(l.Reasons) > 0
	c.bookingDay(&l)
	c.judge(&l)
	return c.emit(l)
}

func (c *camt) note(l *Line, problem Problem, code, detail string) {
	if l.Problem == "" {
		l.Problem = problem
	}
	c.found(code, c.next(), detail)
}

// bookingDay takes the best day that the file has.
func (c *camt) bookingDay(l *Line) {
	for i, d := range []string{c.entry.booked, c.entry.value, c.until, c.created, day(c.made)} {
		if d == "" {
			continue
		}
		l.BookingDay = d
		if i > 0 && l.Booked {
			c.found(FindingNoBookingDay, c.next(), d)
		}
		return
	}
	c.found(FindingNoBookingDay, c.next(), "")
}

func (c *camt) judge(l *Line) {
	if l.Status == "" {
		c.note(l, ProblemNoStatus, FindingNoStatus, l.BankRef)
	}
	if !l.HasAmount {
		c.note(l, ProblemNoAmount, FindingNoAmount, l.EndToEndID)
	}
	if l.HasAmount && l.Currency != "SEK" {
		c.note(l, ProblemCurrency, FindingCurrency, l.Currency)
	}
	if l.UETR+l.EndToEndID+l.InstructionID+l.PmtInfID+l.MsgID+l.CreditorRef+l.Remittance == "" {
		c.note(l, ProblemNoReference, FindingNoReference, l.BankRef)
	}
}
