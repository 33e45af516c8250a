// Package row holds the rows of a batch's lists: the booking order and the payment list.
// CSV (jobs/table) and workbook (jobs/xlsx) write the same rows, each in its own way.
package row

import (
	"fmt"
	"strings"
	"time"

	"fund/workflow/money"
)

// Language is that of headers and sheet names.
type Language string

// The languages that there are.
const (
	Swedish Language = "sv"
	English Language = "en"
)

// Validate refuses any other language.
func (l Language) Validate() error {
	if l != Swedish && l != English {
		return fmt.Errorf("language: %q is neither sv nor en", string(l))
	}
	return nil
}

// Booking is a row of a voucher: a debit or a credit. Amounts are öre.
type Booking struct {
	Batch        string
	Row          int       // 1, 2, 3 … through the file
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
	Attest1      string // who and when
	Attest2      string
}

// Payment is a row of the payment list. Method and Status are words for people; the amount is öre.
type Payment struct {
	Payment    string // reference, as at the bank
	CaseNumber string
	School     string
	UnitCode   string // skolenhetskod
	OrgNo      string
	Method     string // Bankgiro, Plusgiro …
	Account    string
	Amount     money.SEK // negative for money that came back
	Day        time.Time // execution day; its calendar day as it stands
	Status     string
}

// Name says which row it is.
func (b Booking) Name() string { return fmt.Sprintf("row %d", b.Row) }

// Name says which row it is.
func (p Payment) Name() string { return fmt.Sprintf("payment %q", p.Payment) }

// Validate refuses a row that cannot be booked, naming the field.
func (b Booking) Validate() error {
	switch {
	case strings.TrimSpace(b.Batch) == "":
		return fmt.Errorf("%s batch: missing", b.Name())
	case b.Row < 1:
		return fmt.Errorf("row number: %d", b.Row)
	case b.Day.IsZero():
		return fmt.Errorf("%s day: missing", b.Name())
	case strings.TrimSpace(b.Account) == "":
		return fmt.Errorf("%s account: missing", b.Name())
	case b.Debit < 0 || b.Credit < 0 || (b.Debit == 0) == (b.Credit == 0):
		return fmt.Errorf("%s debit and credit: %s and %s, not one above zero", b.Name(), b.Debit.Decimal(), b.Credit.Decimal())
	}
	return nil
}

// Validate refuses a row without reference, amount or day, naming the field.
func (p Payment) Validate() error {
	switch {
	case strings.TrimSpace(p.Payment) == "":
		return fmt.Errorf("payment reference: missing")
	case p.Amount == 0:
		return fmt.Errorf("%s amount: zero", p.Name())
	case p.Day.IsZero():
		return fmt.Errorf("%s day: missing", p.Name())
	}
	return nil
}
