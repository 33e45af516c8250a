package sie

import (
	"time"

	"fund/workflow/money"
)

// File is all of a booking order but its vouchers.
type File struct {
	Program    string    // #PROGRAM: name
	Version    string    // and version
	Generated  time.Time // #GEN: export day
	By         string    // who made it
	Note       string    // #PROSA: the batch; may be empty
	OrgNo      string    // #ORGNR: ten digits
	Company    string    // #FNAMN
	YearStart  time.Time // #RAR: first day of the accounting year
	YearEnd    time.Time // and last; every voucher lies between
	ChartType  string    // #KPTYP: a name of a chart of accounts, or empty: left out
	Series     string    // of all vouchers; may be empty: the receiver numbers them
	NoChecksum bool      // leave out #KSUMMA for a reader that cannot take it
	Dimensions []Dimension
	Objects    []Object
	Accounts   []Account
}

// Dimension is what a string is split by: 1 cost centre, 6 project, 20 and
// above the municipality's own.
type Dimension struct {
	Number int
	Name   string
}

// Object is a value of a dimension.
type Object struct {
	Dimension int
	ID        string
	Name      string
}

// Account is a number of the chart of accounts.
type Account struct {
	Number string // digits
	Name   string
}

// Voucher is one booking; its rows add up to zero.
type Voucher struct {
	Number     string    // own number within the series, or empty: the receiver's
	Day        time.Time // booking day; its calendar day as it stands
	Registered time.Time // day of entry; zero leaves it out
	Text       string    // cut at 60 characters
	Rows       []Row
}

// Row is a debit (positive) or credit (negative) on an account.
type Row struct {
	Account string
	Objects []Ref // at most one of a dimension
	Amount  money.SEK
	Text    string // cut at 60 characters; may be empty
}

// Ref names an object of a row. Both must be declared in the File.
type Ref struct {
	Dimension int
	ID        string
}
