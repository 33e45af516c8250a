package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"
)

func TestCheckAccountsAgreesWithTheVectors(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := checkAccounts("../../testdata/vectors/accounts.tsv", &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if got, want := out.String(), "17 passed, 0 failed\n"; got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
}

func TestCheckAccountsSaysWhereAndWhy(t *testing.T) {
	t.Parallel()
	table := "# remark\nkind\tvalue\tvalid\treason\tsource\nbankgiro\t160-9908\t0\ttyped wrong\t\r\nbankgiro\t160-9980\t1\t\t\n" +
		"account\t5368,1234566\t1\naccount\t5368;1234566\t0\nshoe\t42\t1\nocr\t18\tmaybe\nocr\n"
	path := filepath.Join(t.TempDir(), "table.tsv")
	if err := os.WriteFile(path, []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := checkAccounts(path, &out); !errors.Is(err, errAccountsDiffer) {
		t.Errorf("error %v, want %v", err, errAccountsDiffer)
	}
	want := []string{
		`line 3: bankgiro "160-9908": the table says not valid (typed wrong), judged right: 1609908 passes every check of its kind`,
		`line 4: bankgiro "160-9980": the table says valid, judged wrong: check_digit (wrong check digit)`,
		`line 7: shoe "42": unknown kind, so not judged`,
		`line 8: ocr "18": valid is "maybe", wanted 1 or 0`,
		`line 9: "ocr": wanted kind, value and valid, parted by tabs`,
		`2 passed, 5 failed`,
	}
	if got := strings.TrimSpace(out.String()); got != strings.Join(want, "\n") {
		t.Errorf("printed\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	if err := checkAccounts(filepath.Join(t.TempDir(), "none"), &out); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
}

// However a table is written, it is the same table.
func TestCheckAccountsReadsTablesAsProgramsWriteThem(t *testing.T) {
	t.Parallel()
	const plain = "kind\tvalue\tvalid\treason\nbankgiro\t5912-3455\t1\trätt\nbankgiro\t160-9980\t0\t\naccount\t5368,1234566\t1\t\n"
	wide := func(s string) string {
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, tt := range []struct{ name, table, want string }{
		{"plain", plain, "3 passed, 0 failed"},
		{"BOM", "\ufeff" + plain, "3 passed, 0 failed"},
		{"ISO-8859-1", strings.ReplaceAll(plain, "ä", "\xe4"), "3 passed, 0 failed"},
		{"UTF-16", wide(plain), "3 passed, 0 failed"},
		{"CRLF", strings.ReplaceAll(plain, "\n", "\r\n"), "3 passed, 0 failed"},
		{"CR", strings.ReplaceAll(plain, "\n", "\r"), "3 passed, 0 failed"},
		{"no last line end", strings.TrimSpace(plain), "3 passed, 0 failed"},
		{"no header", "bankgiro\t5912-3455\t1\n", "1 passed, 0 failed"},
		{"other order", "valid\tid\tvalue\tkind\n1\t7\t5912-3455\tBankgiro\n0\t8\t160-9980\tbankgiro\n", "2 passed, 0 failed"},
		{"semicolons", "kind;value;valid\naccount;5368,1234566;1\n", "1 passed, 0 failed"},
		{"bars", strings.ReplaceAll(plain, "\t", "|"), "3 passed, 0 failed"},
		{"commas and quotes", "kind,value,valid,reason\naccount,\"5368,1234566\",1,\"a \"\"b\"\", c\"\n", "1 passed, 0 failed"},
		{"quotes", "\"kind\"\t\"value\"\t\"valid\"\n\"bankgiro\"\t\"5912-3455\"\t\"1\"\n", "1 passed, 0 failed"},
		{"a quote within a text", plain + "ocr\t18\t1\t12\" \"x\"y\n", "4 passed, 0 failed"},
		{"words of a spreadsheet", "bankgiro\t5912-3455\tTRUE\nbankgiro\t160-9980\tfalse\n", "2 passed, 0 failed"},
		{"remarks and blanks", "\n  # remark\n" + plain + "\t\t\n", "3 passed, 0 failed"},
	} {
		got, err := checkedTable(t, tt.table)
		if err != nil || got != tt.want+"\n" {
			t.Errorf("%s: %v, printed %q, want %q", tt.name, err, got, tt.want)
		}
	}
}

func checkedTable(t *testing.T, table string) (string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "table")
	if err := os.WriteFile(path, []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err := checkAccounts(path, &out)
	return out.String(), err
}

func TestCheckAccountsOfNothingProvesNothing(t *testing.T) {
	t.Parallel()
	for _, table := range []string{"", "kind\tvalue\tvalid\n", "# remark\n"} {
		got, err := checkedTable(t, table)
		if !errors.Is(err, errNoAccounts) || got != "0 passed, 0 failed\n" {
			t.Errorf("%q: %v, printed %q", table, err, got)
		}
	}
	got, err := checkedTable(t, "bankgiro\t"+strings.Repeat("5", maxTableLine)+"\t0\nbankgiro\t5912-3455\t1\n")
	if !errors.Is(err, errAccountsDiffer) || got != "line 1: longer than 65536 bytes, so not judged\n1 passed, 1 failed\n" {
		t.Errorf("long line: %v, printed %q", err, got)
	}
}
