package manifest

import (
	"time"

	"fund/workflow/money"
)

// Manifest describes a batch.
type Manifest struct {
	Batch    string    // reference, as in the files
	Created  time.Time // export time, written in its own location to whole seconds
	Files    []File
	Channels []Channel
	Payments []string // references of all payments, in the order of the batch
	Attests  []Attest // in order
}

// File is one of the batch's files.
type File struct {
	Name     string
	Bytes    int64
	SHA256   string    // 64 small hexadecimal digits
	Payments int       // in this file
	Sum      money.SEK // of them
	Message  string    // MsgId of a message to the bank, where the batch has several; else empty
}

// Channel is a way out: internal, bankgiro, plusgiro, account or iban.
type Channel struct {
	Name     string
	Payments int
	Sum      money.SEK
}

// Attest is who answered for the batch, when, and as which step.
type Attest struct {
	Who  string
	At   time.Time
	Step int // 1, 2
}
