package pain001

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"iter"
	"strings"

	"fund/jobs/plaintext"
	"fund/workflow/money"
)

// Encode writes the message in UTF-8. It holds one payment and the ids seen so
// far, nothing else. After an error w has part of a message, which must not
// leave the system.
//
// Payments come by group, in the order of m.Groups. Errors name the field; one
// from payments is wrapped.
func Encode(w io.Writer, v Version, m Message, payments iter.Seq2[Payment, error]) error {
	if err := v.Validate(); err != nil {
		return err
	}
	if err := m.Validate(); err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 64<<10)
	e := &encoder{
		xml: xml.NewEncoder(out), version: v, message: m, group: -1,
		ids: map[string]struct{}{}, uetrs: map[string]struct{}{},
	}
	e.xml.Indent("", "  ")
	if err := e.header(); err != nil {
		return fmt.Errorf("message %s: %w", m.ID, err)
	}
	for p, err := range payments {
		if err != nil {
			return fmt.Errorf("message %s: next payment: %w", m.ID, err)
		}
		if err := e.payment(p); err != nil {
			return fmt.Errorf("message %s: %w", m.ID, err)
		}
	}
	if err := e.footer(); err != nil {
		return fmt.Errorf("message %s: %w", m.ID, err)
	}
	if _, err := out.WriteString("\n"); err != nil {
		return fmt.Errorf("message %s: %w", m.ID, err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("message %s: %w", m.ID, err)
	}
	return nil
}

type encoder struct {
	xml     *xml.Encoder
	version Version
	message Message
	group   int // index of the open group, -1 before the first
	count   int // of the open group so far
	sum     money.SEK
	ids     map[string]struct{}
	uetrs   map[string]struct{}
}

func (e *encoder) header() error {
	count, sum, err := e.message.total()
	if err != nil {
		return err
	}
	start := xml.ProcInst{Target: "xml", Inst: []byte(`version="1.0" encoding="UTF-8"`)}
	if err := e.tokens(start, xml.CharData("\n"), open("Document", xml.Attr{Name: xml.Name{Local: "xmlns"}, Value: e.version.Namespace()}),
		open("CstmrCdtTrfInitn")); err != nil {
		return err
	}
	by := e.message.Initiator
	id := &other{ID: by.ID}
	if codeForm.MatchString(by.Scheme) {
		id.Scheme = &scheme{Code: by.Scheme}
	} else if by.Scheme != "" {
		id.Scheme = &scheme{Proprietary: by.Scheme}
	}
	return e.element("GrpHdr", groupHeader{
		MsgID:   e.message.ID,
		Created: e.message.Created.Format("2006-01-02T15:04:05-07:00"),
		Count:   count,
		Sum:     sum.Decimal(),
		Party:   party{Name: e.text(by.Name, 70), ID: id},
	})
}

func (e *encoder) payment(p Payment) error {
	if err := p.Validate(); err != nil {
		return err
	}
	if err := e.unseen(p); err != nil {
		return fmt.Errorf("payment %q: %w", p.EndToEndID, err)
	}
	if e.group < 0 || p.key() != e.message.Groups[e.group].key() {
		if err := e.nextGroup(); err != nil {
			return err
		}
		if g := e.message.Groups[e.group]; p.key() != g.key() {
			return fmt.Errorf("payment %q: day and form are %s, the group's are %s", p.EndToEndID, p.key(), g.key())
		}
	}
	var err error
	if e.sum, err = money.Sum(e.sum, p.Amount); err != nil {
		return fmt.Errorf("payment %q: amount: %w", p.EndToEndID, err)
	}
	e.count++
	if err := e.element("CdtTrfTxInf", e.transfer(p)); err != nil {
		return fmt.Errorf("payment %q: %w", p.EndToEndID, err)
	}
	return nil
}

// unseen refuses an id that stood in this message before: the bank would refuse
// the file, or pay once and answer twice.
func (e *encoder) unseen(p Payment) error {
	if _, twice := e.ids[p.EndToEndID]; twice {
		return fmt.Errorf("end-to-end id: given twice")
	}
	e.ids[p.EndToEndID] = struct{}{}
	if !e.writesUETR() {
		return nil
	}
	if p.UETR == "" {
		return fmt.Errorf("uetr: missing")
	}
	if _, twice := e.uetrs[p.UETR]; twice {
		return fmt.Errorf("uetr: given twice")
	}
	e.uetrs[p.UETR] = struct{}{}
	return nil
}

func (e *encoder) writesUETR() bool { return e.version == V09 && e.message.Settings.UETR }

func (e *encoder) nextGroup() error {
	if err := e.closeGroup(); err != nil {
		return err
	}
	if e.group+1 == len(e.message.Groups) {
		return fmt.Errorf("groups: payments after the last one")
	}
	e.group++
	e.count, e.sum = 0, 0
	return e.openGroup(e.message.Groups[e.group])
}

func (e *encoder) openGroup(g Group) error {
	if err := e.tokens(open("PmtInf")); err != nil {
		return err
	}
	info := e.info(g)
	fields := []struct {
		name  string
		value any
		write bool
	}{
		{"PmtInfId", info.ID, true},
		{"PmtMtd", info.Method, true},
		{"BtchBookg", info.BatchBooking, true},
		{"NbOfTxs", info.Count, true},
		{"CtrlSum", info.Sum, true},
		{"PmtTpInf", info.Type, info.Type != nil},
		{"ReqdExctnDt", info.Day, true},
		{"Dbtr", info.Debtor, true},
		{"DbtrAcct", info.Account, true},
		{"DbtrAgt", info.Agent, true},
		{"ChrgBr", info.ChargeBearer, info.ChargeBearer != ""},
	}
	for _, f := range fields {
		if !f.write {
			continue
		}
		if err := e.element(f.name, f.value); err != nil {
			return err
		}
	}
	return nil
}

func (e *encoder) info(g Group) paymentInfo {
	payer, set := e.message.Debtor, e.message.Settings
	info := paymentInfo{
		ID:           GroupID(e.message.ID, e.group+1),
		Method:       "TRF",
		BatchBooking: set.BatchBooking,
		Count:        g.Count,
		Sum:          g.Sum.Decimal(),
		Debtor: party{
			Name:    e.text(payer.Name, 70),
			Address: e.address(payer.Town),
			ID:      &other{ID: payer.OrgNo},
		},
		Account:      account{IBAN: payer.IBAN, Currency: "SEK"},
		ChargeBearer: set.ChargeBearer,
	}
	if g.Form == FromBankgiro {
		info.Account.IBAN, info.Account.Other = "", bankgiro(payer.Bankgiro)
	}
	if e.version == V03 {
		info.Day.Bare, info.Agent.BIC = day(g.Day), payer.BIC
	} else {
		info.Day.Date, info.Agent.BICFI = day(g.Day), payer.BIC
	}
	if set.ServiceLevel != "" || set.CategoryPurpose != "" {
		info.Type = &paymentType{ServiceLevel: optional(set.ServiceLevel), CategoryPurpose: optional(set.CategoryPurpose)}
	}
	return info
}

// closeGroup refuses a group that is not what was announced before it.
func (e *encoder) closeGroup() error {
	if e.group < 0 {
		return nil
	}
	g := e.message.Groups[e.group]
	if e.count != g.Count {
		return fmt.Errorf("group %d count: announced %d, came %d", e.group+1, g.Count, e.count)
	}
	if e.sum != g.Sum {
		return fmt.Errorf("group %d sum: announced %s, came %s", e.group+1, g.Sum.Decimal(), e.sum.Decimal())
	}
	return e.tokens(shut("PmtInf"))
}

func (e *encoder) footer() error {
	if err := e.closeGroup(); err != nil {
		return err
	}
	if e.group+1 != len(e.message.Groups) {
		return fmt.Errorf("groups: announced %d, came %d", len(e.message.Groups), e.group+1)
	}
	if err := e.tokens(shut("CstmrCdtTrfInitn"), shut("Document")); err != nil {
		return err
	}
	return e.xml.Flush()
}

func (e *encoder) transfer(p Payment) transfer {
	t := transfer{
		ID:     paymentID{Instruction: p.EndToEndID, EndToEnd: p.EndToEndID},
		Amount: amount{Currency: "SEK", Value: p.Amount.Decimal()},
		Payee:  party{Name: e.text(p.Payee.Name, 70), Address: e.address(p.Payee.Town)},
	}
	if e.writesUETR() {
		t.ID.UETR = p.UETR
	}
	t.Agent, t.Account = payeeAccount(p)
	if p.Reference != "" {
		t.Remittance.Structured = &structured{Amount: t.Amount, Type: "SCOR", Reference: p.Reference}
		return t
	}
	// Some payees see only the first 25 characters: our reference goes first.
	text := plaintext.Payment(p.Text, e.message.Settings.Letters)
	if !strings.HasPrefix(text, p.EndToEndID) {
		text = strings.TrimSpace(p.EndToEndID + " " + text)
	}
	t.Remittance.Text = plaintext.CutWord(text, 140)
	return t
}

// payeeAccount writes giros and accounts with Sweden's clearing system SESBA:
// bankgiro is member 9900, plusgiro 9960.
func payeeAccount(p Payment) (*agent, account) {
	switch p.Kind {
	case Bankgiro:
		return member("9900"), account{Other: bankgiro(p.Number)}
	case Plusgiro:
		return member("9960"), account{Other: bban(p.Number)}
	case Account:
		return member(p.Clearing[:4]), account{Other: bban(padded(p.Clearing, p.Number))}
	}
	return nil, account{IBAN: p.IBAN}
}

func (e *encoder) text(s string, limit int) string {
	return plaintext.CutWord(plaintext.Payment(s, e.message.Settings.Letters), limit)
}

// address is left out where no town is known, as of an organisation.
func (e *encoder) address(town string) *address {
	if strings.TrimSpace(town) == "" {
		return nil
	}
	return &address{Town: e.text(town, 35), Country: "SE"}
}

func (e *encoder) element(name string, value any) error {
	if err := e.xml.EncodeElement(value, open(name)); err != nil {
		return fmt.Errorf("element %s: %w", name, err)
	}
	return nil
}

func (e *encoder) tokens(tokens ...xml.Token) error {
	for _, t := range tokens {
		if err := e.xml.EncodeToken(t); err != nil {
			return err
		}
	}
	return nil
}

func open(name string, attrs ...xml.Attr) xml.StartElement {
	return xml.StartElement{Name: xml.Name{Local: name}, Attr: attrs}
}

func shut(name string) xml.EndElement { return xml.EndElement{Name: xml.Name{Local: name}} }

func member(id string) *agent { return &agent{Clearing: &clearing{System: "SESBA", Member: id}} }

func bankgiro(number string) *other { return &other{ID: number, Scheme: &scheme{Proprietary: "BGNR"}} }

func bban(number string) *other { return &other{ID: number, Scheme: &scheme{Code: "BBAN"}} }

func optional(s string) *code {
	if s == "" {
		return nil
	}
	return &code{Code: s}
}
