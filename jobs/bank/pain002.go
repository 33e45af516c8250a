package bank

import (
	"strings"

	"fund/workflow/money"
)

// stage is one level of a pain.002 while it is read.
type stage struct {
	id      string
	status  string
	count   *int64
	sum     *money.SEK
	per     []StatusCount
	reasons reasons
	named   map[[16]byte]bool // who was named below; only the PmtInf's
	total   int64             // how many, for the message
	lines   int               // how many payment lines came below
}

// pain reads a pain.002.
type pain struct {
	*sink
	group    stage // the message
	inf      stage // the PmtInf that is open
	tx       Line
	txStatus string
	txReason reasons
	amount   string  // where AmountOre came from
	original string  // OrgnlMsgNmId
	waiting  []stage // the PmtInf that are closed, in the order of file.Levels
	before   int     // how many of file.Levels are of the file's earlier messages
}

// again forgets what an earlier message of the file said: its levels speak of its own.
func (p *pain) again() {
	*p = pain{sink: p.sink, before: len(p.file.Levels)}
}

const (
	painGroup  = "OrgnlGrpInfAndSts"
	painInf    = "OrgnlPmtInfAndSts"
	painTx     = "OrgnlPmtInfAndSts/TxInfAndSts"
	painBareTx = "TxInfAndSts" // before version .03 it stood beside the group
)

func (p *pain) open(path string) {
	switch path {
	case painInf:
		p.inf = stage{named: map[[16]byte]bool{}}
	case painTx, painBareTx:
		p.tx, p.txStatus, p.txReason, p.amount = Line{Level: OnePayment, Kind: Pain002}, "", reasons{}, ""
	case painGroup + "/NbOfTxsPerSts":
		p.group.open()
	case painInf + "/NbOfTxsPerSts":
		p.inf.open()
	}
}

// maxPerStatus is how many NbOfTxsPerSts of a level are kept; there are fewer codes.
const maxPerStatus = 40

func (g *stage) open() {
	if len(g.per) < maxPerStatus {
		g.per = append(g.per, StatusCount{})
	}
}

func (p *pain) leaf(path, text, currency string) {
	if rest, ok := strings.CutPrefix(path, painTx+"/"); ok {
		p.payment(rest, text, currency)
		return
	}
	if rest, ok := strings.CutPrefix(path, painInf+"/"); ok {
		p.stage(&p.inf, rest, text)
		return
	}
	if rest, ok := strings.CutPrefix(path, painGroup+"/"); ok {
		p.stage(&p.group, rest, text)
		return
	}
	if rest, ok := strings.CutPrefix(path, painBareTx+"/"); ok {
		p.payment(rest, text, currency)
		return
	}
	switch path {
	case "GrpHdr/MsgId":
		if p.several == 0 {
			p.id(&p.file.MessageID, text, path)
		}
	case "GrpHdr/CreDtTm":
		if p.several == 0 {
			p.set(&p.file.Created, cutText(strings.TrimSpace(text), 40), path)
		}
	}
}

// stage takes an element of the message's or the PmtInf's own.
func (p *pain) stage(g *stage, path, text string) {
	switch path {
	case "OrgnlMsgId":
		p.id(&g.id, text, path)
	case "OrgnlPmtInfId":
		p.id(&g.id, text, path)
	case "OrgnlMsgNmId":
		p.id(&p.original, text, path)
	case "OrgnlNbOfTxs":
		if n, ok := parseCount(text); ok && g.count == nil {
			g.count = &n
		}
	case "OrgnlCtrlSum":
		if n, ok := parseAmount(text); ok && g.sum == nil {
			g.sum = &n
		}
	case "GrpSts", "PmtInfSts":
		p.code(&g.status, text, path)
		if g.lines > 0 {
			p.found(FindingOrder, p.next(), path)
		}
	case "StsRsnInf/Rsn/Cd":
		g.reasons.add(text, false)
	case "StsRsnInf/Rsn/Prtry":
		g.reasons.add(text, true)
	case "StsRsnInf/AddtlInf":
		g.reasons.text.add(text)
	case "NbOfTxsPerSts/DtldNbOfTxs", "NbOfTxsPerSts/DtldSts", "NbOfTxsPerSts/DtldCtrlSum":
		if len(g.per) > 0 {
			g.perStatus(&g.per[len(g.per)-1], path, text)
		}
	}
}

func (g *stage) perStatus(c *StatusCount, path, text string) {
	switch path {
	case "NbOfTxsPerSts/DtldNbOfTxs":
		c.Count, _ = parseCount(text) // unreadable counts as none, and then differs
	case "NbOfTxsPerSts/DtldSts":
		c.Status = cutText(strings.ToUpper(strings.TrimSpace(text)), 35)
	case "NbOfTxsPerSts/DtldCtrlSum":
		if n, ok := parseAmount(text); ok {
			c.Sum = &n
		}
	}
}

// payment takes an element of a TxInfAndSts.
func (p *pain) payment(path, text, currency string) {
	l := &p.tx
	switch path {
	case "OrgnlInstrId":
		p.id(&l.InstructionID, text, path)
	case "OrgnlEndToEndId":
		p.id(&l.EndToEndID, text, path)
	case "OrgnlUETR":
		p.newer = true
		p.uetr(&l.UETR, text, path)
	case "OrgnlGrpInf/OrgnlMsgId":
		p.id(&l.MsgID, text, path)
	case "TxSts":
		p.code(&p.txStatus, text, path)
	case "StsRsnInf/Rsn/Cd":
		p.txReason.add(text, false)
	case "StsRsnInf/Rsn/Prtry":
		p.txReason.add(text, true)
	case "StsRsnInf/AddtlInf":
		p.txReason.text.add(text)
	case "AcctSvcrRef":
		p.id(&l.BankRef, text, path)
	case "OrgnlTxRef/Amt/InstdAmt", "OrgnlTxRef/IntrBkSttlmAmt":
		p.instructed(path, text, currency)
	case "OrgnlTxRef/Cdtr/Nm", "OrgnlTxRef/Cdtr/Pty/Nm":
		p.newer = p.newer || strings.Contains(path, "/Pty/")
		p.id(&l.Party, text, path)
	case "OrgnlTxRef/DbtrAcct/Id/IBAN", "OrgnlTxRef/DbtrAcct/Id/Othr/Id":
		p.set(&l.Account, account(text), path)
	case "OrgnlTxRef/CdtrAcct/Id/IBAN", "OrgnlTxRef/CdtrAcct/Id/Othr/Id":
		p.set(&l.PartyAccount, account(text), path)
	case "OrgnlTxRef/RmtInf/Strd/CdtrRefInf/Ref":
		if l.CreditorRef == "" {
			l.CreditorRef = reference(text)
		}
	case "OrgnlTxRef/RmtInf/Ustrd":
		l.Remittance = cutText(strings.TrimSpace(l.Remittance+" "+reference(text)), maxText)
	}
}

// instructed takes the amount we asked for before the one the banks settled.
func (p *pain) instructed(path, text, currency string) {
	if p.amount == "OrgnlTxRef/Amt/InstdAmt" {
		return
	}
	p.amount = path
	p.takeAmount(&p.tx, text, currency)
}

// takeAmount reads an amount into a line; an unreadable one is none, with a problem.
func (s *sink) takeAmount(l *Line, text, currency string) {
	l.AmountOre, l.HasAmount = parseAmount(text)
	l.Currency = currency
	if !l.HasAmount {
		l.Problem = ProblemAmountForm
		s.found(FindingAmount, s.next(), text)
	}
}

func (p *pain) shut(path string) error {
	switch path {
	case painTx:
		return p.emitPayment(&p.inf)
	case painBareTx:
		return p.emitPayment(&p.group)
	case painInf:
		return p.closeGroup()
	}
	return nil
}
