package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"fund/workflow"
)

// errAccountsDiffer says that the table and this program disagree; the lines have been printed.
var errAccountsDiffer = errors.New("some numbers are judged otherwise than the table says")

// checkAccounts reads a table of numbers (tab-separated: kind, value, valid as
// 1 or 0, and further columns) and prints each line where this program judges
// otherwise, with the reason; the last line is "N passed, N failed". A line
// that cannot be understood counts as failed.
func checkAccounts(path string, out io.Writer) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("table of accounts: %w", err)
	}
	defer file.Close() // only read, so nothing can be lost
	passed, failed := 0, 0
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimRight(strings.TrimPrefix(lines.Text(), "\ufeff"), "\r")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(strings.ToLower(line), "kind\t") {
			continue
		}
		differs := compareAccount(strings.Split(line, "\t"))
		if differs == "" {
			passed++
			continue
		}
		failed++
		if _, err := fmt.Fprintf(out, "line %d: %s\n", n, differs); err != nil {
			return fmt.Errorf("print line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("table of accounts %s: %w", path, err)
	}
	if _, err := fmt.Fprintf(out, "%d passed, %d failed\n", passed, failed); err != nil {
		return fmt.Errorf("print the sum: %w", err)
	}
	if failed > 0 {
		return errAccountsDiffer
	}
	return nil
}

// compareAccount says how this program's judgement of one line differs, and nothing if it does not.
func compareAccount(fields []string) string {
	if len(fields) < 3 {
		return fmt.Sprintf("%q: wanted kind, value and valid, parted by tabs", strings.Join(fields, "\t"))
	}
	kind, value, valid := strings.ToLower(strings.TrimSpace(fields[0])), fields[1], strings.TrimSpace(fields[2])
	about := fmt.Sprintf("%s %q", kind, value)
	if valid != "0" && valid != "1" {
		return fmt.Sprintf("%s: valid is %q, wanted 1 or 0", about, valid)
	}
	reason := ""
	if len(fields) > 3 && strings.TrimSpace(fields[3]) != "" {
		reason = " (" + strings.TrimSpace(fields[3]) + ")"
	}
	normal, wrong, known := judgeAccount(kind, value)
	switch {
	case !known:
		return fmt.Sprintf("%s: unknown kind, so not judged", about)
	case wrong != nil && valid == "1":
		return fmt.Sprintf("%s: the table says valid%s, judged wrong: %s", about, reason, wrong)
	case wrong == nil && valid == "0":
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
	case "orgnr", "org_no":
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
