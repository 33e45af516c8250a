package handlers

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"fund/jobs/letter/lettertest"
	"fund/workflow/lang"
)

// sheet reads a sheet of a workbook back, numbers as they are stored.
func sheet(t testing.TB, book *excelize.File, name string) [][]string {
	t.Helper()
	rows, err := book.GetRows(name, excelize.Options{RawCellValue: true})
	if err != nil || len(rows) < 2 {
		t.Fatalf("sheet %s has %d rows (%v)", name, len(rows), err)
	}
	return rows
}

// reconciledFiles holds the workbook and the PDF of the reconciliation against its page:
// the same figures, row by row, the same signatures, and the entries add up to the sums.
func (v *school) reconciledFiles(page, round, signer string, paid int64) {
	v.t.Helper()
	const path = "/payouts/reconciliation"
	book, err := excelize.OpenReader(bytes.NewReader(v.file("finance1", path+".xlsx", "application/vnd.openxmlformats")))
	if err != nil {
		v.t.Fatal(err)
	}
	defer book.Close()
	doc, faults := lettertest.Check(v.file("finance1", path+".pdf", "application/pdf"))
	if len(faults) > 0 {
		v.t.Errorf("the PDF: %v", faults)
	}
	printed := ""
	for _, text := range doc.Text { // "TD 10 100"
		_, words, _ := strings.Cut(text, " ")
		printed += plainBlanks(words) + "|"
	}
	page = plainBlanks(page)
	for _, name := range []string{round, round + " " + lang.T(lang.SV, "reconcile.year")} {
		for _, row := range sheet(v.t, book, name)[1:] {
			shown, onPaper := row[0], row[0]
			for _, cell := range row[1:] {
				n, err := strconv.ParseInt(cell, 10, 64)
				if err != nil {
					v.t.Fatalf("%s, %v: %v", name, row, err)
				}
				shown, onPaper = shown+plainBlanks(lang.Money(lang.SV, n)), onPaper+"|"+plainBlanks(lang.Number(lang.SV, n))
			}
			if !strings.Contains(unspaced(page), unspaced(shown)) {
				v.t.Errorf("%s: the workbook says %v, the page nothing like %q", name, row, shown)
			}
			if !strings.Contains(printed, onPaper+"|") {
				v.t.Errorf("%s: the workbook says %v, the PDF nothing like %q: %s", name, row, onPaper, printed)
			}
		}
	}
	signed := sheet(v.t, book, lang.T(lang.SV, "reconcile.signing"))
	july := signed[slices.IndexFunc(signed, func(r []string) bool { return r[0] == "juli 2026" })]
	if !strings.Contains(july[1], signer) || len(july[2]) != 64 || !strings.Contains(page, july[2]) {
		v.t.Errorf("the workbook says that July is signed by %v, and not as the page", july)
	}
	if !strings.Contains(printed, "juli 2026|"+plainBlanks(july[1])+"|") {
		v.t.Errorf("the PDF does not say who signed July (%s): %s", july[1], printed)
	}
	var sum int64
	for _, row := range sheet(v.t, book, lang.T(lang.SV, "reconcile.lines"))[1:] {
		if row[2] == lang.T(lang.SV, "reconcile.entry.paid") {
			n, err := strconv.ParseInt(row[5], 10, 64)
			if err != nil {
				v.t.Fatal(err)
			}
			sum += n
		}
	}
	if sum != paid {
		v.t.Errorf("the entries of the workbook pay %d kronor, want %d", sum, paid)
	}
}

// plainBlanks makes blanks that don't break common ones.
func plainBlanks(s string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s)
}
