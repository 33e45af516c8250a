package bankfile

import (
	"testing"
	"time"

	"fund/sql"
	"fund/workflow"
)

// TestCreditNamesItsClaim: by the case's number or the claim's in its text, or by the OCR alone as a reference.
func TestCreditNamesItsClaim(t *testing.T) {
	t.Parallel()
	claim := sql.OpenClaim{Application: 101, DNR: "KS 2026/IF-0101", Recovery: workflow.Recovery{Amount: 5850, DecidedAt: time.Date(2027, 8, 20, 8, 0, 0, 0, time.UTC)}}
	ocr := workflow.Application{ID: 101, Recovery: &claim.Recovery}.ClaimOCR()
	for _, row := range []struct {
		text string
		refs []string
		want bool
	}{
		{"Återbetalning KS 2026/IF-0101", nil, true}, {"if27-k000101 rest", nil, true}, {"", []string{ocr}, true},
		{"", []string{"1" + ocr}, false}, {ocr, nil, false}, {"IF27-K000102", []string{"27000102"}, false}, {"", nil, false},
	} {
		if got := names(claim, squeeze(row.text), row.refs); got != row.want {
			t.Errorf("%q %v: %v", row.text, row.refs, got)
		}
	}
}
