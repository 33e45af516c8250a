package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fund/jobs/sieread"
)

func TestCheckSIEPrintsOneFileAfterAnother(t *testing.T) {
	t.Parallel()
	bad := filepath.Join(t.TempDir(), "bad.si")
	if err := os.WriteFile(bad, []byte("Batch;Rad\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err := checkSIE([]string{bad, "../../testdata/samples/sie/kontek-lon-4i-dimensions.si"}, &out)
	if !errors.Is(err, sieread.ErrNoSIE) || !strings.Contains(err.Error(), "bad.si") {
		t.Errorf("got %v", err)
	}
	dec := json.NewDecoder(&out)
	var problem refusedFile
	var file sieread.File
	if err := errors.Join(dec.Decode(&problem), dec.Decode(&file)); err != nil {
		t.Fatal(err)
	}
	if problem.Status != 422 || problem.Errors[0].Rule != "no_sie" || file.Type != "4I" || len(file.Vouchers) != 1 || len(file.SHA256) != 64 {
		t.Errorf("%+v %+v", problem, file)
	}
}
