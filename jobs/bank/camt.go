package bank

import (
	"strconv"
	"strings"

	"fund/workflow/money"
)

// camt reads a camt.053 or camt.054.
type camt struct {
	*sink
	account string // of the statement
	until   string // the statement's day
	created string
	entry   booking
	detail  booking
	batch   batch
	first   *booking // the first detail waits: alone, it has the entry's amount
	details int
	total   tally // of the entry's details with an amount
	priced  int   // how many details had one
}

// booking is an entry, or one of its details.
type booking struct {
	line      Line
	direction string
	reversal  bool
	subfamily string
	booked    string // BookgDt
	value     string // ValDt
	status    string
	amountBy  int // how good the amount's source is; 0 for none
	reason    reasons
	ustrd     pieces
	more      pieces // AddtlTxInf or AddtlNtryInf
	parties   [2]struct{ name, account string }
}

// batch is Btch: what the bank says of a whole batch.
type batch struct {
	msgID, pmtInfID string
	count           *int64
	total           *money.SEK
	lines           tally
	priced          int64
	open            bool
}

// tally is what details come to. One on the other side than its entry (money that came
// back within a bulk) lessens it, as banks say the entry's amount; some say what all are.
type tally struct {
	Total
	net money.SEK
}

func (t *tally) add(n money.SEK, other bool) {
	t.Sum += n
	if other {
		n = -n
	}
	t.net += n
}

func (t tally) is(n money.SEK) bool { return n == t.Sum || n == t.net || n == -t.net }

// The payer's and the payee's place in booking.parties.
const (
	payer = 0
	payee = 1
)

// Sources of a detail's amount, worst first: InstdAmt can be in another currency.
const (
	byInstructed = iota + 1
	byTransaction
	byDetail
)

func (c *camt) open(path string) {
	rest, ok := below(path)
	if !ok {
		if path == "Stmt" || path == "Ntfctn" {
			c.account, c.until, c.created = "", "", ""
		}
		return
	}
	switch rest {
	case "Ntry":
		c.entry = booking{}
		c.first, c.details, c.total, c.priced = nil, 0, tally{}, 0
		c.batch = batch{}
	case "Ntry/NtryDtls":
		c.batch = batch{msgID: c.batch.msgID, pmtInfID: c.batch.pmtInfID}
	case "Ntry/NtryDtls/Btch":
		c.batch.open = true
	case "Ntry/NtryDtls/TxDtls":
		c.detail = booking{}
	}
}

// below cuts the statement's name; there is one in each family.
func below(path string) (string, bool) {
	if rest, ok := strings.CutPrefix(path, "Stmt/"); ok {
		return rest, true
	}
	return strings.CutPrefix(path, "Ntfctn/")
}

func (c *camt) leaf(path, text, currency string) {
	rest, ok := below(path)
	if !ok {
		switch path {
		case "GrpHdr/MsgId":
			c.id(&c.file.MessageID, text, path)
		case "GrpHdr/CreDtTm":
			c.set(&c.file.Created, cutText(strings.TrimSpace(text), 40), path)
		}
		return
	}
	if tail, ok := strings.CutPrefix(rest, "Ntry/NtryDtls/TxDtls/"); ok {
		c.transaction(&c.detail, tail, text, currency)
		return
	}
	if tail, ok := strings.CutPrefix(rest, "Ntry/NtryDtls/Btch/"); ok {
		c.batched(tail, text)
		return
	}
	if tail, ok := strings.CutPrefix(rest, "Ntry/"); ok {
		c.booked(&c.entry, tail, text, currency)
		return
	}
	switch rest {
	case "Acct/Id/IBAN", "Acct/Id/Othr/Id":
		c.set(&c.account, account(text), rest)
	case "FrToDt/ToDtTm":
		c.set(&c.until, day(text), rest)
	case "CreDtTm":
		c.set(&c.created, day(text), rest)
	}
}

// booked takes an element of an entry.
func (c *camt) booked(b *booking, path, text, currency string) {
	switch path {
	case "Amt":
		if b.amountBy == 0 {
			b.amountBy = byDetail
			c.takeAmount(&b.line, text, currency)
		}
	case "CdtDbtInd":
		c.code(&b.direction, text, path)
	case "RvslInd":
		b.reversal = yes(text)
	case "Sts", "Sts/Cd", "Sts/Prtry":
		c.newer = c.newer || path != "Sts"
		c.code(&b.status, text, path)
	case "BookgDt/Dt", "BookgDt/DtTm":
		c.set(&b.booked, day(text), path)
	case "ValDt/Dt", "ValDt/DtTm":
		c.set(&b.value, day(text), path)
	case "AcctSvcrRef":
		c.id(&b.line.BankRef, text, path)
	case "BkTxCd/Domn/Fmly/SubFmlyCd":
		c.code(&b.subfamily, text, path)
	case "AddtlNtryInf":
		b.more.add(text)
	}
}

// batched takes an element of Btch.
func (c *camt) batched(path, text string) {
	switch path {
	case "MsgId":
		c.id(&c.batch.msgID, text, path)
	case "PmtInfId":
		c.id(&c.batch.pmtInfID, text, path)
	case "NbOfTxs":
		if n, ok := parseCount(text); ok {
			c.batch.count = &n
		}
	case "TtlAmt":
		if n, ok := parseAmount(text); ok {
			c.batch.total = &n
		}
	}
}

// transaction takes an element of a TxDtls.
func (c *camt) transaction(b *booking, path, text, currency string) {
	l := &b.line
	if tail, ok := strings.CutPrefix(path, "RltdPties/"); ok {
		c.party(b, tail, text)
		return
	}
	switch path {
	case "Refs/EndToEndId":
		c.id(&l.EndToEndID, text, path)
	case "Refs/InstrId":
		c.id(&l.InstructionID, text, path)
	case "Refs/UETR":
		c.newer = true
		c.uetr(&l.UETR, text, path)
	case "Refs/PmtInfId":
		c.id(&l.PmtInfID, text, path)
	case "Refs/MsgId":
		c.id(&l.MsgID, text, path)
	case "Refs/AcctSvcrRef":
		c.id(&l.BankRef, text, path)
	case "Amt":
		c.newer = true
		c.better(b, byDetail, text, currency)
	case "AmtDtls/TxAmt/Amt":
		c.better(b, byTransaction, text, currency)
	case "AmtDtls/InstdAmt/Amt":
		c.better(b, byInstructed, text, currency)
	case "CdtDbtInd":
		c.newer = true
		c.code(&b.direction, text, path)
	case "BkTxCd/Domn/Fmly/SubFmlyCd":
		c.code(&b.subfamily, text, path)
	case "RmtInf/Ustrd":
		b.ustrd.add(text)
	case "RmtInf/Strd/CdtrRefInf/Ref":
		if l.CreditorRef == "" {
			l.CreditorRef = reference(text)
		}
	case "RtrInf/Rsn/Cd":
		b.reason.add(text, false)
	case "RtrInf/Rsn/Prtry":
		b.reason.add(text, true)
	case "RtrInf/AddtlInf":
		b.reason.text.add(text)
	case "AddtlTxInf":
		b.more.add(text)
	}
}

// party takes a name or an account. Version .08 puts the name under Pty, or Agt for a bank.
func (c *camt) party(b *booking, path, text string) {
	switch path {
	case "Dbtr/Nm", "Dbtr/Pty/Nm", "Dbtr/Agt/FinInstnId/Nm":
		c.id(&b.parties[payer].name, text, path)
	case "Cdtr/Nm", "Cdtr/Pty/Nm", "Cdtr/Agt/FinInstnId/Nm":
		c.id(&b.parties[payee].name, text, path)
	case "DbtrAcct/Id/IBAN", "DbtrAcct/Id/Othr/Id":
		c.set(&b.parties[payer].account, account(text), path)
	case "CdtrAcct/Id/IBAN", "CdtrAcct/Id/Othr/Id":
		c.set(&b.parties[payee].account, account(text), path)
	}
}

// better takes an amount from a source that is better than the one before.
func (c *camt) better(b *booking, source int, text, currency string) {
	if source > b.amountBy {
		b.amountBy = source
		b.line.Problem = ""
		c.takeAmount(&b.line, text, currency)
	}
}

func yes(text string) bool {
	text = strings.TrimSpace(text)
	return strings.EqualFold(text, "true") || text == "1"
}

func (c *camt) shut(path string) error {
	rest, ok := below(path)
	if !ok {
		return nil
	}
	switch rest {
	case "Ntry/NtryDtls/TxDtls":
		return c.shutDetail()
	case "Ntry/NtryDtls":
		c.checkBatch()
	case "Ntry":
		return c.shutEntry()
	}
	return nil
}

// shutDetail holds back the first detail until it is known whether it is the only one.
func (c *camt) shutDetail() error {
	c.details++
	c.batch.lines.Count++
	if c.detail.line.HasAmount {
		other := c.detail.direction != "" && c.entry.direction != "" && c.detail.direction != c.entry.direction
		c.priced++
		c.total.add(c.detail.line.AmountOre, other)
		c.batch.priced++
		c.batch.lines.add(c.detail.line.AmountOre, other)
	}
	if c.details == 1 {
		held := c.detail
		c.first = &held
		return nil
	}
	if err := c.release(); err != nil {
		return err
	}
	return c.emitDetail(c.detail)
}

func (c *camt) release() error {
	if c.first == nil {
		return nil
	}
	held := *c.first
	c.first = nil
	return c.emitDetail(held)
}

func (c *camt) shutEntry() error {
	switch {
	case c.details == 0:
		return c.emitEntry()
	case c.details == 1 && !c.first.line.HasAmount && c.first.amountBy == 0:
		c.first.line.AmountOre, c.first.line.HasAmount = c.entry.line.AmountOre, c.entry.line.HasAmount
		c.first.line.Currency, c.first.line.Problem = c.entry.line.Currency, c.entry.line.Problem
	case c.priced == c.details && c.entry.line.HasAmount && !c.total.is(c.entry.line.AmountOre) && c.sameCurrency():
		c.found(FindingSum, c.next(), c.entry.line.AmountOre.Decimal())
	}
	return c.release()
}

// sameCurrency guards the comparison of an entry with its only detail; where there
// are more the details' currency is the entry's or the lines say so themselves.
func (c *camt) sameCurrency() bool {
	return c.detail.line.Currency == c.entry.line.Currency
}

func (c *camt) checkBatch() {
	b := c.batch
	if !b.open || b.lines.Count == 0 {
		return
	}
	if b.count != nil && *b.count != b.lines.Count {
		c.found(FindingBatch, c.next(), strconv.FormatInt(*b.count, 10))
	}
	if b.total != nil && b.priced == b.lines.Count && !b.lines.is(*b.total) {
		c.found(FindingBatch, c.next(), b.total.Decimal())
	}
}

func (c *camt) emitDetail(b booking) error {
	l := b.line
	l.Level = OnePayment
	if l.PmtInfID == "" {
		l.PmtInfID = c.batch.pmtInfID
	}
	if l.MsgID == "" {
		l.MsgID = c.batch.msgID
	}
	if l.BankRef == "" {
		l.BankRef = c.entry.line.BankRef
	}
	return c.emitBooking(l, b)
}

func (c *camt) emitEntry() error {
	l := c.entry.line
	l.Level = OneEntry
	l.PmtInfID, l.MsgID = c.batch.pmtInfID, c.batch.msgID
	l.Bulk = c.batch.open || l.PmtInfID != "" || l.MsgID != ""
	return c.emitBooking(l, c.entry)
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
	for i, d := range []string{c.entry.booked, c.entry.value, c.until, c.created, day(c.file.Created)} {
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

func (c *camt) end() error { return nil }
