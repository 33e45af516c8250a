package pain001

// The elements of the message, each with its fields in the schema's order. A
// field of one version only is empty in the other.

type groupHeader struct {
	MsgID   string `xml:"MsgId"`
	Created string `xml:"CreDtTm"`
	Count   int    `xml:"NbOfTxs"`
	Sum     string `xml:"CtrlSum"`
	Party   party  `xml:"InitgPty"`
}

type party struct {
	Name    string   `xml:"Nm"`
	Address *address `xml:"PstlAdr"`
	ID      *other   `xml:"Id>OrgId>Othr"`
}

// address has both parts always: a country alone is refused by some banks, and
// lines of free text by all since November 2026.
type address struct {
	Town    string `xml:"TwnNm"`
	Country string `xml:"Ctry"`
}

type other struct {
	ID     string  `xml:"Id"`
	Scheme *scheme `xml:"SchmeNm"`
}

type scheme struct {
	Code        string `xml:"Cd,omitempty"`
	Proprietary string `xml:"Prtry,omitempty"`
}

// paymentInfo is what stands before the payments of a group. Its tags are
// written one by one, as the payments stand inside.
type paymentInfo struct {
	ID           string
	Method       string
	BatchBooking bool
	Count        int
	Sum          string
	Type         *paymentType
	Day          requestedDay
	Debtor       party
	Account      account
	Agent        agent
	ChargeBearer string
}

type paymentType struct {
	ServiceLevel    *code `xml:"SvcLvl"`
	CategoryPurpose *code `xml:"CtgyPurp"`
}

type code struct {
	Code string `xml:"Cd"`
}

// requestedDay is the bare date in version 03 and a choice in version 09.
type requestedDay struct {
	Bare string `xml:",chardata"`
	Date string `xml:"Dt,omitempty"`
}

type account struct {
	IBAN     string `xml:"Id>IBAN,omitempty"`
	Other    *other `xml:"Id>Othr"`
	Currency string `xml:"Ccy,omitempty"`
}

type agent struct {
	BIC      string    `xml:"FinInstnId>BIC,omitempty"`   // version 03
	BICFI    string    `xml:"FinInstnId>BICFI,omitempty"` // version 09
	Clearing *clearing `xml:"FinInstnId>ClrSysMmbId"`
}

type clearing struct {
	System string `xml:"ClrSysId>Cd"`
	Member string `xml:"MmbId"`
}

type transfer struct {
	ID         paymentID  `xml:"PmtId"`
	Amount     amount     `xml:"Amt>InstdAmt"`
	Agent      *agent     `xml:"CdtrAgt"`
	Payee      party      `xml:"Cdtr"`
	Account    account    `xml:"CdtrAcct"`
	Remittance remittance `xml:"RmtInf"`
}

type paymentID struct {
	Instruction string `xml:"InstrId"`
	EndToEnd    string `xml:"EndToEndId"`
	UETR        string `xml:"UETR,omitempty"`
}

type amount struct {
	Currency string `xml:"Ccy,attr"`
	Value    string `xml:",chardata"`
}

// remittance has one of the two, never both.
type remittance struct {
	Text       string      `xml:"Ustrd,omitempty"`
	Structured *structured `xml:"Strd"`
}

type structured struct {
	Amount    amount `xml:"RfrdDocAmt>RmtdAmt"`
	Type      string `xml:"CdtrRefInf>Tp>CdOrPrtry>Cd"`
	Reference string `xml:"CdtrRefInf>Ref"`
}
