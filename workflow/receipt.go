package workflow

import (
	"crypto/subtle"
	"fmt"
	"strconv"
	"strings"
)

// receiptDigits of the filed version's SHA-256 stand in a receipt's code: 96
// bits, which nobody guesses who does not hold the receipt.
const receiptDigits = 24

// ReceiptCode names a filed version so that who holds the receipt can have it
// confirmed: application, version counted from 1, and the beginning of its SHA-256.
func ReceiptCode(app int64, n int, sum string) string {
	return fmt.Sprintf("%d-%d-%s", app, n, sum[:min(len(sum), receiptDigits)])
}

// ParseReceiptCode reads a code; matches tells whether a version's SHA-256 is the one that it names.
func ParseReceiptCode(code string) (app int64, n int, matches func(sum string) bool, ok bool) {
	parts := strings.Split(strings.TrimSpace(code), "-")
	if len(parts) != 3 || len(parts[2]) != receiptDigits {
		return 0, 0, nil, false
	}
	app, err1 := strconv.ParseInt(parts[0], 10, 64)
	n, err2 := strconv.Atoi(parts[1])
	matches = func(sum string) bool {
		return len(sum) >= receiptDigits && subtle.ConstantTimeCompare([]byte(sum[:receiptDigits]), []byte(strings.ToLower(parts[2]))) == 1
	}
	return app, n, matches, err1 == nil && err2 == nil && app > 0 && n > 0
}

// FiledWith are the files that came with a filed version, counted from 1. On
// paper they are scanned after the arrival.
func (a Application) FiledWith(n int) (files []Attachment) {
	at := a.ReceivedAt
	if n > 1 && n <= len(a.Filed) {
		at = a.Filed[n-1].ReceivedAt
	}
	for _, f := range a.Attachments {
		if !f.At.After(at) || a.Channel == "paper" {
			files = append(files, f)
		}
	}
	return files
}
