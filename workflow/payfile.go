package workflow

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// paymentFiles are the versions in which the same payments are written for the bank.
var paymentFiles = []string{"pain.001.001.03", "pain.001.001.09"}

// paymentFile gives the version that is meant by its name, its file's name or its last part (03, 09); none: nobody said.
func paymentFile(said string) (version string, ok bool) {
	said = strings.TrimSuffix(strings.TrimSpace(said), ".xml")
	if said == "" {
		return "", true
	}
	i := slices.IndexFunc(paymentFiles, func(v string) bool { return said == v || strings.HasSuffix(v, ".001."+said) })
	if i < 0 {
		return "", false
	}
	return paymentFiles[i], true
}

// PaymentFileName names the file of a batch's n-th message, counted from 1, in a version
// (03 or 09): pain.001.001.09.xml, then pain.001.001.09-2.xml (design/payments.md, 3).
func PaymentFileName(version string, n int) string {
	name := "pain.001.001." + version
	if n > 1 {
		name += "-" + strconv.Itoa(n)
	}
	return name + ".xml"
}

// PaymentFilePart reads what PaymentFileName writes: the version as in paymentFiles, and
// which message. False: the file is no order to the bank.
func PaymentFilePart(name string) (version string, n int, ok bool) {
	base, isXML := strings.CutSuffix(name, ".xml")
	if !isXML {
		return "", 0, false
	}
	n = 1
	for _, v := range paymentFiles {
		rest, ok := strings.CutPrefix(base, v)
		if !ok {
			continue
		}
		if rest != "" {
			if n, _ = strconv.Atoi(strings.TrimPrefix(rest, "-")); n < 2 || rest != fmt.Sprintf("-%d", n) {
				return "", 0, false
			}
		}
		return v, n, true
	}
	return "", 0, false
}

// MessageName is the MsgId of a batch's n-th message: the first has the batch's own, the
// others a letter behind it: -B, … -Z, -AA (design/payments.md, 3). Numbers behind it
// are groups of a message.
func MessageName(batch string, n int) string {
	if n < 2 {
		return batch
	}
	letters := ""
	for ; n > 0; n = (n - 1) / 26 {
		letters = string(rune('A'+(n-1)%26)) + letters
	}
	return batch + "-" + letters
}

// Messages is how many messages hold so many payments to the bank.
func (b BankProfile) Messages(payments int) int {
	return (payments + b.PerMessage() - 1) / b.PerMessage()
}
