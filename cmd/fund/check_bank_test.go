package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fund/jobs/bank"
)

const bankSamples = "../../testdata/samples/"

func TestCheckBankPrintsOneAnswerAFile(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := checkBank([]string{bankSamples + "pain002/v10-part-missing-ids.xml", bankSamples + "camt/camt054-v08-uetr-sek.xml"}, &out)
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(&out)
	var kinds []bank.Kind
	for {
		var a bank.Answer
		err := dec.Decode(&a)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, a.Kind)
		if a.ID != nil || a.Repeated || len(a.SHA256) != 64 || len(a.Lines) == 0 {
			t.Errorf("answer %+v", a)
		}
	}
	if len(kinds) != 2 || kinds[0] != bank.Pain002 || kinds[1] != bank.Camt054 {
		t.Errorf("kinds %v", kinds)
	}
}

func TestCheckBankGoesOnAfterABadFile(t *testing.T) {
	t.Parallel()
	bad := filepath.Join(t.TempDir(), "bad.xml")
	if err := os.WriteFile(bad, []byte(`<!DOCTYPE a><a/>`), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err := checkBank([]string{bad, bankSamples + "missing.xml", bankSamples + "pain002/v03-nordea-fi-actc.xml"}, &out)
	if !errors.Is(err, bank.ErrDoctype) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	for _, want := range []string{`"rule": "doctype"`, `"status": 422`, `"message_id": "1539869"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in %s", want, out.String())
		}
	}
	if err := checkBank(nil, &out); err == nil {
		t.Error("no file is no error")
	}
}
