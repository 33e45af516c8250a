package workflow

import (
	"slices"
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
