package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fund/sql"
	"fund/sql/sqltest"
)

// TestAuditReceipt: a file is one of the fund's own byte for byte, or it is not.
func TestAuditReceipt(t *testing.T) {
	t.Parallel()
	s := sqltest.Open(t)
	made := []byte("%PDF-1.4 kvittens")
	if err := s.InTx(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.AddDocument(t.Context(), sql.DocumentRow{Kind: "receipt", Name: "kvittens.pdf", Title: "Kvittens IF 2026-0001", Type: "application/pdf"}, made)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		body []byte
		ok   bool
	}{"as made": {made, true}, "changed": {append(made, '\n'), false}} {
		path := filepath.Join(t.TempDir(), "file.pdf")
		if err := os.WriteFile(path, tt.body, 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		err := verifyReceipt(t.Context(), s, path, &out)
		if (err == nil) != tt.ok || tt.ok && !strings.Contains(out.String(), "IF 2026-0001") {
			t.Errorf("%s: %v %q", name, err, out.String())
		}
	}
}
