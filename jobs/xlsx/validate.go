package xlsx

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxRows leaves room for the header and the sum in a sheet's 1 048 576 rows.
const maxRows = 1_048_574

// Validate refuses a workbook without batch, time or language, and a file or
// attest that says nothing.
func (b Workbook) Validate() error {
	switch {
	case strings.TrimSpace(b.Batch) == "":
		return fmt.Errorf("batch: missing")
	case !utf8.ValidString(b.Batch):
		return fmt.Errorf("batch: not UTF-8")
	case b.Exported.IsZero():
		return fmt.Errorf("exported: missing")
	case b.Language != Swedish && b.Language != English:
		return fmt.Errorf("language: %q is neither sv nor en", string(b.Language))
	}
	for i, f := range b.Files {
		if f.Name == "" || f.SHA256 == "" {
			return fmt.Errorf("file %d: no name or hash", i+1)
		}
	}
	for i, a := range b.Attests {
		if strings.TrimSpace(a.Who) == "" || a.At.IsZero() {
			return fmt.Errorf("attest %d: no name or time", i+1)
		}
	}
	return nil
}

// Validate refuses a row without reference, amount or day.
func (p Payment) Validate() error {
	switch {
	case strings.TrimSpace(p.Payment) == "":
		return fmt.Errorf("payment reference: missing")
	case p.Amount == 0:
		return fmt.Errorf("payment %q amount: zero", p.Payment)
	case p.Day.IsZero():
		return fmt.Errorf("payment %q day: missing", p.Payment)
	}
	return nil
}

// Validate refuses a row without day, or with both sides or none.
func (b Booking) Validate() error {
	switch {
	case b.Day.IsZero():
		return fmt.Errorf("row %d day: missing", b.Row)
	case b.Debit < 0 || b.Credit < 0 || (b.Debit == 0) == (b.Credit == 0):
		return fmt.Errorf("row %d debit and credit: %s and %s, not one above zero", b.Row, b.Debit.Decimal(), b.Credit.Decimal())
	}
	return nil
}
