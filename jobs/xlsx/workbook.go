package xlsx

import (
	"time"

	"fund/jobs/row"
	"fund/workflow/money"
)

// Workbook is all of it but the rows.
type Workbook struct {
	Batch    string
	Exported time.Time    // export time; also that of the document's properties
	Language row.Language // of sheet names and headers; the legend has both
	Files    []File       // the other files of the batch
	Attests  []Attest     // in order
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
