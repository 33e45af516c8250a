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
	}
	if err := b.Language.Validate(); err != nil {
		return err
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
