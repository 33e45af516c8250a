package table

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"fund/workflow/money"
)

// Language is that of the header row.
type Language string

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

// Booking is a row of a voucher: a debit or a credit.
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

// Payment is a row of the payment list. Method and Status are words for people.
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

// Validate refuses a row that cannot be booked, naming the field.
func (b Booking) Validate() error {
	switch {
	case strings.TrimSpace(b.Batch) == "":
		return fmt.Errorf("row %d batch: missing", b.Row)
	case b.Row < 1:
		return fmt.Errorf("row number: %d", b.Row)
	case b.Day.IsZero():
		return fmt.Errorf("row %d day: missing", b.Row)
	case strings.TrimSpace(b.Account) == "":
		return fmt.Errorf("row %d account: missing", b.Row)
	case b.Debit < 0 || b.Credit < 0 || (b.Debit == 0) == (b.Credit == 0):
		return fmt.Errorf("row %d debit and credit: %s and %s, not one above zero", b.Row, b.Debit.Decimal(), b.Credit.Decimal())
	}
	for _, c := range booking {
		if !utf8.ValidString(c.value(b).text) {
			return fmt.Errorf("row %d %s: not UTF-8", b.Row, c.english)
		}
	}
	return nil
}

// Validate refuses a row without reference, amount or day, naming the field.
func (p Payment) Validate() error {
	switch {
	case strings.TrimSpace(p.Payment) == "":
		return fmt.Errorf("payment reference: missing")
	case p.Amount == 0:
		return fmt.Errorf("payment %q amount: zero", p.Payment)
	case p.Day.IsZero():
		return fmt.Errorf("payment %q day: missing", p.Payment)
	}
	for _, c := range payments {
		if !utf8.ValidString(c.value(p).text) {
			return fmt.Errorf("payment %q %s: not UTF-8", p.Payment, c.english)
		}
	}
	return nil
}
