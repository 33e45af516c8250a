package pain001

import (
	"time"

	"fund/jobs/plaintext"
	"fund/workflow/money"
)

// Version is the edition of pain.001.001 that the bank takes.
type Version string

const (
	V03 Version = "03"
	V09 Version = "09"
)

// Namespace is the one of the edition's schema.
func (v Version) Namespace() string {
	return "urn:iso:std:iso:20022:tech:xsd:pain.001.001." + string(v)
}

// Message is all of a payment order but its payments.
type Message struct {
	ID        string    // MsgId; with "-n" behind it the id of the n-th group. At most 30 characters
	Created   time.Time // CreDtTm, written in its own location to whole seconds
	Initiator Initiator
	Debtor    Debtor
	Settings  Settings
	Groups    []Group // by day, then form
}

// Initiator is who hands the file to the bank.
type Initiator struct {
	Name   string
	ID     string // organisation number, or the customer id that the bank gave
	Scheme string // of ID: four capitals are a code such as CUST, else a bank's own word; may be empty
}

// Debtor is who pays, and from which accounts.
type Debtor struct {
	Name     string
	Town     string
	OrgNo    string // ten digits
	IBAN     string // for payments to plusgiro, account and IBAN
	Bankgiro string // for payments to bankgiro; seven or eight digits
	BIC      string
}

// Settings are what banks differ in.
type Settings struct {
	BatchBooking    bool   // one debit a group on the account, not one a payment
	ChargeBearer    string // SLEV, SHAR or empty: left out
	ServiceLevel    string // NURG, SDVA, URGP or empty: left out
	CategoryPurpose string // SUPP or such, or empty: left out. Never salary or pension
	UETR            bool   // write the UETR of each payment; version 09 only
	Letters         plaintext.Letters
}

// Form is the kind of debtor account that a group is paid from. Bankgiro
// payees are paid from a bankgiro, all others from the account.
type Form string

const (
	FromBankgiro Form = "bankgiro"
	FromIBAN     Form = "iban"
)

// Group is a PmtInf: what is paid on one day from one account.
type Group struct {
	Day   time.Time // execution day; its calendar day as it stands
	Form  Form
	Count int
	Sum   money.SEK
}

// Kind is the payee's kind of account.
type Kind string

const (
	Bankgiro Kind = "bankgiro"
	Plusgiro Kind = "plusgiro"
	Account  Kind = "account"
	IBAN     Kind = "iban"
)

// Form gives the debtor account that pays such a payee.
func (k Kind) Form() Form {
	if k == Bankgiro {
		return FromBankgiro
	}
	return FromIBAN
}

// Payment is one credit transfer (CdtTrfTxInf).
type Payment struct {
	Day        time.Time // execution day; its calendar day as it stands
	EndToEndID string    // also InstrId
	UETR       string    // UUID version 4 in small letters; used in version 09 if the settings say so
	Amount     money.SEK
	Payee      Payee
	Kind       Kind
	Number     string // digits of bankgiro, plusgiro or account without clearing; empty for IBAN
	Clearing   string // account only: four digits, or five that begin with 8
	IBAN       string // IBAN only
	Reference  string // OCR number or RF reference that the payee asked for; goes before Text
	Text       string // for the payee if there is no Reference; begins with EndToEndID or gets it in front
}

// Payee is who gets the money.
type Payee struct {
	Name string // legal name, cut at 70 characters
	Town string // without one no postal address is written
}
