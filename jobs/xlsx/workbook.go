package xlsx

import (
	"time"

	"fund/workflow/money"
)

// Language is that of sheet names and headers; the legend has both.
type Language string

const (
	Swedish Language = "sv"
	English Language = "en"
)

// Workbook is all of it but the rows.
type Workbook struct {
	Batch    string
	Exported time.Time // export time; also that of the document's properties
	Language Language
	Files    []File   // the other files of the batch
	Attests  []Attest // in order
}

// File is another file of the batch.
type File struct {
	Name     string
	Bytes    int64
	SHA256   string
	Payments int
	Sum      money.SEK
}

// Attest is who answered for the batch, when, and as which step.
type Attest struct {
	Who  string
	At   time.Time
	Step int
}

// Payment is a row of the payments sheet. Its fields are those of the CSV
// list, so that one converts to the other.
type Payment struct {
	Payment    string // reference, as at the bank
	CaseNumber string
	School     string
	UnitCode   string // skolenhetskod
	OrgNo      string
	Method     string // in words
	Account    string
	Amount     money.SEK
	Day        time.Time // execution day; its calendar day as it stands
	Status     string    // in words
}

// Booking is a row of the booking order. Its fields are those of the CSV
// order, so that one converts to the other.
type Booking struct {
	Batch        string
	Row          int
	Day          time.Time // voucher date; its calendar day as it stands
	CostCentre   string    // ansvar
	Activity     string    // verksamhet
	Account      string    // konto
	Task         string    // aktivitet
	Project      string    // projekt
	Object       string    // objekt
	Counterparty string    // motpart
	Debit        money.SEK // one of the two is above zero, the other zero
	Credit       money.SEK
	Text         string
	CaseNumber   string // diarienummer
	Attest1      string
	Attest2      string
}
