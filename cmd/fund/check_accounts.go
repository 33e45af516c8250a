package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"fund/workflow"
)

var (
	// errAccountsDiffer says that the table and this program disagree; the lines have been printed.
	errAccountsDiffer = errors.New("some numbers are judged otherwise than the table says")
	// errNoAccounts says that there was nothing to judge, which is no proof of anything.
	errNoAccounts = errors.New("the table has no line with a kind, a value and whether it is valid")
)

// checkAccounts reads a table of numbers (kind, value, valid as 1 or 0, and further
// columns; see readTable for its forms) and prints each line where this program judges
// otherwise, with the reason; the last line is "N passed, N failed". A line
// that cannot be understood counts as failed.
func checkAccounts(path string, out io.Writer) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("table of accounts: %w", err)
	}
	defer file.Close() // only read, so nothing can be lost
	passed, failed := 0, 0
	err = readTable(file, func(n int, row tableRow) error {
		differs := compareAccount(row)
		if differs == "" {
			passed++
			return nil
		}
		failed++
		_, err := fmt.Fprintf(out, "line %d: %s\n", n, differs)
		return err
	})
	if err != nil {
		return fmt.Errorf("table of accounts %s: %w", path, err)
	}
	if _, err := fmt.Fprintf(out, "%d passed, %d failed\n", passed, failed); err != nil {
		return fmt.Errorf("print the sum: %w", err)
	}
	switch {
	case failed > 0:
		return errAccountsDiffer
	case passed == 0:
		return fmt.Errorf("table of accounts %s: %w", path, errNoAccounts)
	}
	return nil
}

// truths are the ways of writing whether a number is valid: 1 and 0, and what a
// spreadsheet makes of them.
var truths = map[string]bool{"1": true, "true": true, "0": false, "false": false}

// compareAccount says how this program's judgement of one line differs, and nothing if it does not.
func compareAccount(row tableRow) string {
	if row.cut {
		return fmt.Sprintf("longer than %d bytes, so not judged", maxTableLine)
	}
	if row.valid == nil {
		return fmt.Sprintf("%q: wanted kind, value and valid, parted by tabs", strings.Join(row.fields, "\t"))
	}
	kind := strings.ToLower(strings.TrimSpace(*row.kind))
	about := fmt.Sprintf("%s %q", kind, *row.value)
	valid, ok := truths[strings.ToLower(strings.TrimSpace(*row.valid))]
	if !ok {
		return fmt.Sprintf("%s: valid is %q, wanted 1 or 0", about, *row.valid)
	}
	reason := ""
	if r := strings.TrimSpace(row.reason); r != "" {
		reason = " (" + r + ")"
	}
	normal, wrong, known := judgeAccount(kind, *row.value)
	switch {
	case !known:
		return fmt.Sprintf("%s: unknown kind, so not judged", about)
	case wrong != nil && valid:
		return fmt.Sprintf("%s: the table says valid%s, judged wrong: %s", about, reason, wrong)
	case wrong == nil && !valid:
		return fmt.Sprintf("%s: the table says not valid%s, judged right: %s passes every check of its kind", about, reason, normal)
	}
	return ""
}

// judgeAccount judges one number by the same functions as form and payout.
func judgeAccount(kind, value string) (normal string, wrong *workflow.AccountFault, known bool) {
	switch kind {
	case "bankgiro":
		normal, wrong = workflow.CheckBankgiro(value)
	case "plusgiro":
		normal, wrong = workflow.CheckPlusgiro(value)
	case "orgnr", "org_no", "organisationsnummer":
		normal, wrong = workflow.CheckOrgNo(value)
	case "iban":
		normal, wrong = workflow.CheckIBAN(value)
	case "ocr":
		normal, wrong = workflow.CheckOCR(value)
	case "rf":
		normal, wrong = workflow.CheckRFReference(value)
	case "skolenhetskod", "school_unit_code":
		normal, wrong = workflow.CheckSchoolUnitCode(value)
	case "account":
		clearing, number, _ := strings.Cut(value, ",")
		account, fault := workflow.CheckAccount(clearing, number)
		normal, wrong = account.String(), fault
	default:
		return "", nil, false
	}
	return normal, wrong, true
}
