package bank

import "fund/workflow/money"

// Kind is the message family of a file.
type Kind string

// The families that are read.
const (
	Pain002 Kind = "pain.002"
	Camt053 Kind = "camt.053"
	Camt054 Kind = "camt.054"
)

// File is one answer of the bank.
type File struct {
	Kind Kind
	// Version is the full name such as pain.002.001.03. Where the file does not
	// say, it is guessed from the structure and a finding says so.
	Version   string
	MessageID string
	// Created is CreDtTm as written, "" if missing.
	Created string
	// SHA256 is over the bytes as they came, in hexadecimal. It is set for
	// refused files too.
	SHA256 string
	// GroupStatus is GrpSts, "" for camt, where it is missing, and where the messages of
	// one file differ.
	GroupStatus string
	// OriginalMessageID is OrgnlMsgId, the MsgId of the batch answered (pain.002), "" where
	// the messages of one file differ.
	OriginalMessageID string
	Findings          []Finding
	// Levels are the message and each PmtInf of a pain.002 with the counts and
	// sums that the bank claims, also those that made no line.
	Levels []Level
	// Lines is filled by ReadAll only.
	Lines []Line
}

// LevelName says how much a line speaks of.
type LevelName string

// The levels, most exact first.
const (
	// OnePayment is a TxInfAndSts or a TxDtls.
	OnePayment LevelName = "payment"
	// OneEntry is a booking without details: perhaps many payments (see Bulk).
	OneEntry LevelName = "entry"
	// OneGroup speaks of all payments of a PmtInf that no line named.
	OneGroup LevelName = "pmtinf"
	// WholeMessage speaks of all payments of a message that no line reached.
	WholeMessage LevelName = "message"
)

// Direction is the side of the municipality's account that an amount was booked on.
type Direction string

// The directions; a pain.002 line has none.
const (
	Debit  Direction = "debit"
	Credit Direction = "credit"
)

// Line is one statement of the bank about one payment, one booking or one level.
type Line struct {
	// N counts from 1 in the file.
	N int
	// Message says which of the file's messages the line stands in, from 0.
	Message int `json:",omitempty"`
	Level   LevelName
	Kind    Kind
	// Key is SHA-256 over what makes the line itself: account, kind, level,
	// references, amount, direction, booking day, status, reason and the how-manieth equal
	// line of its file it is. The same line in another file has the same key.
	Key string

	EndToEndID    string // "" for NOTPROVIDED
	InstructionID string
	UETR          string // small letters
	PmtInfID      string
	// MsgID is the MsgId of our message: OrgnlMsgId, Refs/MsgId or Btch/MsgId.
	MsgID string
	// BankRef is AcctSvcrRef, the bank's own number.
	BankRef     string
	CreditorRef string // OCR or RF of Strd/CdtrRefInf/Ref; the first if several

	// AmountOre is in hundredths of Currency, and 0 where HasAmount is false.
	AmountOre money.SEK
	HasAmount bool
	Currency  string

	// Status is the ISO code that holds for the line, own or inherited: TxSts over
	// PmtInfSts over GrpSts. "" if no level says any. camt: BOOK, PDNG, INFO, FUTR.
	Status string
	// Inherited is the level that Status came from if it is not the line's own.
	Inherited LevelName
	// Reason is the first reason code; Reasons are all of them.
	Reason  string
	Reasons []string
	// Proprietary says that Reason is the bank's own code and none of ISO's.
	Proprietary bool
	// Text is what the bank wrote beside it, its pieces joined.
	Text string

	Direction Direction
	// Booked is true for camt entries with status BOOK; only those move money states.
	Booked bool
	// BookingDay is YYYY-MM-DD, "" for pain.002.
	BookingDay string
	// Return says that the bank marks the line as giving an earlier one back
	// (RvslInd, RRTN, RtrInf). A credit with our EndToEndId is a return even unmarked.
	Return bool
	// Bulk says that the booking is a batch without details.
	Bulk bool
	// Account is the municipality's account of the statement, or the debtor's
	// account named in a pain.002. Blanks are removed.
	Account string
	// Party and PartyAccount are the other side: the payee of a debit, the payer of a credit.
	Party        string
	PartyAccount string
	// Remittance is Ustrd, its pieces joined.
	Remittance string

	// Problem is what the reader found wrong with the line, "" if nothing.
	Problem Problem
}

// Level is what a pain.002 says of its message or of one PmtInf.
type Level struct {
	Name     LevelName
	Message  int // which of the file's messages says it
	MsgID    string
	PmtInfID string
	Status   string
	Reason   string
	// Count and Sum are OrgnlNbOfTxs and OrgnlCtrlSum; nil where missing.
	Count     *int64
	Sum       *money.SEK
	PerStatus []StatusCount
	// Named is how many different payments were named below the level.
	Named int64
	// Line is the N of the level's own line, 0 if it has none: it has no status,
	// or PART (which speaks of nobody), or all its payments were named.
	Line int
}

// StatusCount is one NbOfTxsPerSts; Sum is nil where missing.
type StatusCount struct {
	Status string
	Count  int64
	Sum    *money.SEK
}
