package grid

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fund/jobs/row"
	"fund/jobs/xlsx"
)

func TestReadsWhatSpreadsheetsSave(t *testing.T) {
	t.Parallel()
	want := []Row{{1, []string{"år", "skola", "belopp"}}, {2, []string{"2023", "Kågeskolan", "30000"}}, {4, []string{"2024", "Ålö; =1+1", "5"}}}
	var book bytes.Buffer
	if err := xlsx.Sheets(&book, "Prov", time.Unix(0, 0), row.Swedish, []xlsx.Sheet{{Name: "Blad", Head: []string{"år", "skola", "belopp"},
		Rows: [][]any{{int64(2023), "Kågeskolan", int64(30000)}, {"", "", ""}, {int64(2024), "Ålö; =1+1", int64(5)}}}}); err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string]string{
		"semicolons, with mark": "\ufeffår;skola;belopp\r\n2023;Kågeskolan;30000\r\n;;\r\n2024;\"Ålö; =1+1\";5\r\n",
		"commas":                "år,skola,belopp\n2023,Kågeskolan,30000\n\n2024,Ålö; =1+1,5\n",
		"tabs":                  "år\tskola\tbelopp\n2023\tKågeskolan\t30000\n\n2024\tÅlö; =1+1\t5",
		"Unicode text of Excel": utf16(binary.LittleEndian, "år\tskola\tbelopp\r\n2023\tKågeskolan\t30000\r\n\r\n2024\tÅlö; =1+1\t5\r\n"),
		"the other way round":   utf16(binary.BigEndian, "år;skola;belopp\n2023;Kågeskolan;30000\n\n2024;\"Ålö; =1+1\";5\n"),
		"Windows":               "\xe5r;skola;belopp\n2023;K\xe5geskolan;30000\n\n2024;\"\xc5l\xf6; =1+1\";5\n",
		"workbook":              book.String(),
	} {
		got, err := Read([]byte(raw))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestRefusesWhatIsNoTable(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"half a zip": "PK\x03\x04rest", "not text": "a;b\n\x00;1", "too wide": strings.Repeat(";", 300),
		"a cell too long": "a;b\n" + strings.Repeat("x", maxCell+1) + ";1", "too many": strings.Repeat("1\n", maxRows+1),
	} {
		if _, err := Read([]byte(raw)); !errors.Is(err, ErrUnreadable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(make([]byte, MaxBytes+1)); !errors.Is(err, ErrUnreadable) {
		t.Error("too large", err)
	}
	if rows, err := Read([]byte("'=1+1;'kal\n")); err != nil || rows[0].Cells[0] != "=1+1" || rows[0].Cells[1] != "'kal" {
		t.Error(rows, err)
	}
}

// utf16 writes a text in two bytes a sign, with its mark.
func utf16(order binary.AppendByteOrder, text string) string {
	raw := order.AppendUint16(nil, 0xfeff)
	for _, r := range text {
		raw = order.AppendUint16(raw, uint16(r))
	}
	return string(raw)
}
