package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
		"account\t5368,1234566\t1\naccount\t5368;1234566\t0\nshoe\t42\t1\nocr\t18\tyes\nocr\n"
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
		`line 8: ocr "18": valid is "yes", wanted 1 or 0`,
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
