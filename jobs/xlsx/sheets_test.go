package xlsx

import (
	"bytes"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"fund/jobs/row"
)

func TestSheetsAreReadBackAndAlwaysTheSame(t *testing.T) {
	t.Parallel()
	sheets := []Sheet{{Name: "Länder", Head: []string{"Land", "Kronor"}, Rows: [][]any{{"Finland", int64(34200)}, {"=HYPERLINK(1)", int64(0)}}},
		{Name: "Ett mycket långt namn på ett blad som inget program tar", Head: []string{"Ord"}, Rows: [][]any{{"Bidrag"}}}}
	make := func() []byte {
		var b bytes.Buffer
		if err := Sheets(&b, "Statistik", time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC), row.Swedish, sheets); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	raw := make()
	if !bytes.Equal(raw, make()) {
		t.Error("the same tables gave other bytes")
	}
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Länder")
	if err != nil || len(rows) != 3 || rows[1][0] != "Finland" || rows[1][1] != "34200" || rows[2][1] != "0" {
		t.Fatalf("read back %v (%v)", rows, err)
	}
	if formula, err := f.GetCellFormula("Länder", "A3"); err != nil || formula != "" {
		t.Errorf("a text became the formula %q (%v)", formula, err)
	}
	if n := len(f.GetSheetList()); n != 2 {
		t.Errorf("%d sheets, want 2", n)
	}
}
