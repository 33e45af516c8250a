package sieread

import "fund/workflow/money"

// File is what an SIE file says.
type File struct {
	// Type is 1, 2, 3, 4I, 4E or 5.
	Type     string `json:"type"`
	Charset  string `json:"charset"`
	SHA256   string `json:"sha256"`
	Imported bool   `json:"imported"` // #FLAGGA 1: somebody has read it in already
	Program  string `json:"program"`
	Version  string `json:"version"`
	// Generated is a day, YYYY-MM-DD.
	Generated  string      `json:"generated"`
	By         string      `json:"by"`
	Company    string      `json:"company"`
	OrgNo      string      `json:"org_no"`
	Currency   string      `json:"currency"`
	Years      []Year      `json:"years"`
	Dimensions []Dimension `json:"dimensions"`
	Objects    []Object    `json:"objects"`
	Accounts   []Account   `json:"accounts"`
	Balances   []Balance   `json:"balances"`
	Vouchers   []Voucher   `json:"vouchers"`
	// Checksum is nil where the file has no #KSUMMA.
	Checksum *Checksum `json:"checksum"`
	Findings []Finding `json:"findings"`
}

// Year is an accounting year: 0 is the current one, -1 the one before.
type Year struct {
	Number int    `json:"number"`
	From   string `json:"from"`
	To     string `json:"to"`
}

// Dimension is what amounts are split by; Parent is set for a sub-dimension.
type Dimension struct {
	Number string `json:"number"`
	Name   string `json:"name"`
	Parent string `json:"parent,omitempty"`
}

// Object is a value of a dimension.
type Object struct {
	Dimension string `json:"dimension"`
	ID        string `json:"id"`
	Name      string `json:"name,omitempty"`
}

// Account is a number of the chart of accounts.
type Account struct {
	Number string `json:"number"`
	Name   string `json:"name"`
}

// Balance is an opening or closing balance, a result or a period's amount.
type Balance struct {
	Kind      string    `json:"kind"` // IB, UB, RES, OIB, OUB, PSALDO or PBUDGET
	Year      int       `json:"year"`
	Period    string    `json:"period,omitempty"` // YYYY-MM
	Account   string    `json:"account"`
	Objects   []Object  `json:"objects"`
	AmountOre money.SEK `json:"amount_ore"`
}

// Voucher is one booking.
type Voucher struct {
	Series     string `json:"series"`
	Number     string `json:"number"`
	Day        string `json:"day"`
	Text       string `json:"text"`
	Registered string `json:"registered,omitempty"`
	Rows       []Row  `json:"rows"`
	// SumOre is the sum of its rows but for removed and added ones; 0 when it balances.
	SumOre money.SEK `json:"sum_ore"`
}

// Row is a debit (positive) or credit (negative).
type Row struct {
	// Kind is "" for #TRANS, "added" for #RTRANS (a #TRANS repeats it) and
	// "removed" for #BTRANS. Only #TRANS counts in a sum.
	Kind      string    `json:"kind,omitempty"`
	Account   string    `json:"account"`
	Objects   []Object  `json:"objects"`
	AmountOre money.SEK `json:"amount_ore"`
	Day       string    `json:"day,omitempty"`
	Text      string    `json:"text,omitempty"`
	Quantity  string    `json:"quantity,omitempty"`
	Sign      string    `json:"sign,omitempty"`
}

// Checksum is #KSUMMA: a CRC-32 over labels and fields.
type Checksum struct {
	Given    string `json:"given"`
	Computed uint32 `json:"computed"`
	Right    bool   `json:"right"`
}
