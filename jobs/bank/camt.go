package bank

import (
	"strings"

	"fund/workflow/money"
)

// camt reads a camt.053 or camt.054.
type camt struct {
	*sink
	account string // of the statement
	made    string // the message's CreDtTm
	until   string // the statement's day
	created string
	entry   booking
	detail  booking
	batch   batch
	bulks   []batch  // the entry's batches without details
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
	ref       string // NtryRef
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

// again has nothing to forget: each statement sets what holds for it.
func (c *camt) again() {}

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
		switch path {
		case "GrpHdr":
			c.made = ""
		case "Stmt", "Ntfctn":
			c.account, c.until, c.created = "", "", ""
		}
		return
	}
	switch rest {
	case "Ntry":
		c.entry = booking{}
		c.first, c.details, c.total, c.priced = nil, 0, tally{}, 0
		c.batch, c.bulks = batch{}, nil
	case "Ntry/NtryDtls":
		c.batch = batch{msgID: c.batch.msgID, pmtInfID: c.batch.pmtInfID}
	case "Ntry/NtryDtls/Btch":
		if c.details > 0 || len(c.bulks) > 0 { // another batch than the one before it
			c.batch.msgID, c.batch.pmtInfID = "", ""
		}
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
			if c.several == 0 {
				c.id(&c.file.MessageID, text, path)
			}
		case "GrpHdr/CreDtTm":
			c.made = cutText(strings.TrimSpace(text), 40)
			if c.several == 0 {
				c.set(&c.file.Created, c.made, path)
			}
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
	case "NtryRef":
		c.id(&b.ref, text, path)
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
	case "Refs/TxId", "Refs/Prtry/Ref": // a bank may put ours there
		b.ref = cutText(b.ref+" "+strings.TrimSpace(text), maxText)
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
	case "RtrInf/AddtlInf": // a return without a code is one, too
		b.reversal = true
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
	c.detail.within(c.batch)
	if last := len(c.bulks) - 1; last >= 0 && !c.batch.open && c.batch.lines.Count == 0 {
		c.bulks = c.bulks[:last] // its details stand beside it
	}
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
	for _, b := range c.bulks {
		if b.total != nil {
			c.total.add(*b.total, false)
		}
	}
	switch {
	case c.details == 0 && !c.apart():
		return c.emitEntry()
	case c.details == 1 && len(c.bulks) == 0 && !c.first.line.HasAmount && c.first.amountBy == 0:
		c.first.line.AmountOre, c.first.line.HasAmount = c.entry.line.AmountOre, c.entry.line.HasAmount
		c.first.line.Currency, c.first.line.Problem = c.entry.line.Currency, c.entry.line.Problem
	case c.priced == c.details && c.entry.line.HasAmount && !c.total.is(c.entry.line.AmountOre) && c.sameCurrency():
		c.found(FindingSum, c.next(), c.entry.line.AmountOre.Decimal())
	}
	if err := c.release(); err != nil {
		return err
	}
	return c.emitBulks()
}

func (c *camt) end() error { return nil }
