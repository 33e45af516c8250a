package workflow

import (
	"bufio"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"fund/workflow/checkdigit"
)

//go:embed data/clearing-ranges.psv
var clearingFile []byte

// bankClearings reads the embedded file once.
var bankClearings = sync.OnceValue(func() Clearings {
	table, err := ParseClearings(bytes.NewReader(clearingFile))
	if err != nil {
		panic(fmt.Sprintf("embedded clearing ranges: %v", err)) // a test reads it, so this build is broken
	}
	return table
})

// BankClearings is the table that comes with the program. Ranges change a few
// times a year: a newer file can be read with ParseClearings instead.
func BankClearings() Clearings { return bankClearings() }

// Clearings are clearing number ranges; the first that holds a number decides.
type Clearings []ClearingRange

// ClearingRange is one bank's range and how its account numbers are built
// ("Bankernas kontonummeruppbyggnad"). From and To are four digits and belong to it.
type ClearingRange struct {
	From, To int
	BankCode string // the first three digits of the bank's IBANs
	BIC      string
	Bank     string
	Type     int // 1: clearing and seven digits; 2: an account number of its own
	Comment  int // which digits the check digit covers, see checkDigitRight
	Method   int // how an IBAN is made, 1 to 3; 0: not known
	Min, Max int // digits of the account
}

// ParseClearings reads lines of from|to|bank code|BIC|bank|type|comment|method|min|max.
// Lines that begin with # are remarks. An empty table is an error.
func ParseClearings(r io.Reader) (Clearings, error) {
	var table Clearings
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		one, err := parseClearing(line)
		if err != nil {
			return nil, fmt.Errorf("clearing ranges, line %d: %w", n, err)
		}
		table = append(table, one)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("clearing ranges: %w", err)
	}
	if len(table) == 0 {
		return nil, fmt.Errorf("clearing ranges: no range in the file")
	}
	return table, nil
}

func parseClearing(line string) (ClearingRange, error) {
	f := strings.Split(line, "|")
	if len(f) != 10 {
		return ClearingRange{}, fmt.Errorf("%d fields, wanted 10", len(f))
	}
	c := ClearingRange{BankCode: f[2], BIC: f[3], Bank: f[4]}
	for _, part := range []struct {
		into         *int
		text, prefix string
		from, to     int
	}{
		{&c.From, f[0], "", 1000, 9999},
		{&c.To, f[1], "", 1000, 9999},
		{&c.Type, f[5], "Type", 1, 2},
		{&c.Comment, f[6], "Comment", 1, 3},
		{&c.Method, f[7], "Method", 0, 3},
		{&c.Min, f[8], "", 1, 12},
		{&c.Max, f[9], "", 1, 12},
	} {
		digits, ok := strings.CutPrefix(part.text, part.prefix)
		if part.into == &c.Method && part.text == "MethodUnknown" {
			continue
		}
		n, err := strconv.Atoi(digits)
		if !ok || err != nil || n < part.from || n > part.to {
			return ClearingRange{}, fmt.Errorf("%.20q: wanted %s%d to %d", part.text, part.prefix, part.from, part.to)
		}
		*part.into = n
	}
	switch {
	case c.To < c.From, c.Max < c.Min:
		return ClearingRange{}, fmt.Errorf("%.80q: the end comes before the start", line)
	case c.Type == 1 && (c.Comment > 2 || c.Max != 7):
		return ClearingRange{}, fmt.Errorf("%.80q: type 1 has comment 1 or 2 and seven digits", line)
	case len(c.BankCode) != 3 || !checkdigit.AllDigits(c.BankCode):
		return ClearingRange{}, fmt.Errorf("bank code %.20q: wanted three digits", c.BankCode)
	}
	return c, nil
}

// Find looks a clearing number of four or five digits up by its first four.
func (c Clearings) Find(clearing string) (ClearingRange, bool) {
	if len(clearing) < 4 || !checkdigit.AllDigits(clearing) {
		return ClearingRange{}, false
	}
	n, err := strconv.Atoi(clearing[:4])
	if err != nil {
		return ClearingRange{}, false
	}
	for _, one := range c {
		if one.From <= n && n <= one.To {
			return one, true
		}
	}
	return ClearingRange{}, false
}

// digits is how many digits the number has when it is written out in full:
// seven at type 1, nine at Handelsbanken, else what the table asks for at least.
func (c ClearingRange) digits() int {
	switch {
	case c.Type == 1:
		return 7
	case c.Comment == 2:
		return 9
	}
	return c.Min
}

// checkDigitRight checks a padded account. Type 1 covers the clearing number
// too: comment 1 without its first digit, comment 2 with it. Type 2 covers the
// account alone: comment 2 by mod 11, comments 1 and 3 by mod 10.
func (c ClearingRange) checkDigitRight(clearing, account string) bool {
	switch {
	case c.Type == 1 && c.Comment == 1:
		return checkdigit.Mod11(clearing[1:4] + account)
	case c.Type == 1:
		return checkdigit.Mod11(clearing[:4] + account)
	case c.Comment == 2:
		return checkdigit.Mod11(account)
	}
	return checkdigit.Mod10(account)
}
