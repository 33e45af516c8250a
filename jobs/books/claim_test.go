package books_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"fund/jobs/books"
	"fund/jobs/grid"
	"fund/jobs/sieread"
	"fund/workflow"
)

// claimed is a case with a decided claim of 5 850 kr on a unit of the municipality, or on an independent school.
func claimed(operator string) workflow.Case {
	c := workflow.Case{School: &workflow.School{ID: 1, Name: "Baldergymnasiet", Level: "gymnasieskola", Operator: operator, CostCentre: "4711"}}
	c.App.ID, c.App.DNR, c.App.Form.Title = 101, "KS 2026/IF-0101", "Energi och demokrati"
	c.App.Form.Applicant.Payment = workflow.PayInto{Method: "internal", CostCentre: "4711", Project: "9001"}
	c.App.Recovery = &workflow.Recovery{Amount: 5850, DueOn: workflow.NewDate(2027, time.September, 20), DecidedBy: "head@example.org",
		DecidedAt: time.Date(2027, 8, 20, 8, 30, 0, 0, time.UTC)}
	if operator != "kommunal" {
		c.School.OperatorName, c.School.OperatorOrg = "Friskolan i Norr AB", "5560360793"
		c.App.Form.Applicant.Payment = workflow.PayInto{Method: "bankgiro", Bankgiro: "9912346"}
	}
	return c
}

func made(t *testing.T, c books.Claim, name string) []byte {
	t.Helper()
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if _, err := c.Write(w, name); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("%s: two makings differ", name)
	}
	return a.Bytes()
}

// TestClaimOnAUnitTurnsTheBooking: what the payment debited is credited, in both files (design/payments.md, 7).
func TestClaimOnAUnitTurnsTheBooking(t *testing.T) {
	t.Parallel()
	c := books.NewClaim(claimed("kommunal"), workflow.DefaultFinance())
	f, err := sieread.Read(bytes.NewReader(made(t, c, "IF27-K000101.si")))
	if err != nil || len(f.Findings) > 0 || len(f.Vouchers) != 1 {
		t.Fatalf("read back: %v %+v", err, f)
	}
	rows := map[string]string{}
	for _, r := range f.Vouchers[0].Rows {
		rows[r.Account] = r.AmountOre.Decimal()
	}
	if len(rows) != 2 || rows["3519"] != "5850.00" || rows["4519"] != "-5850.00" {
		t.Errorf("rows %v; want the school's 3519 in debit and the fund's 4519 in credit", rows)
	}
	if v := f.Vouchers[0]; v.Day != "2027-08-20" || !strings.Contains(v.Text, "IF27-K000101") {
		t.Errorf("voucher %+v", v)
	}
	text := string(made(t, c, "IF27-K000101.csv"))
	for _, want := range []string{"2027-08-20;4711;450;3519;IF;9001;;110;5850,00;;", "2027-08-20;1010;920;4519;IF;9001;;140;;5850,00;", "IF27-K000101 dnr KS 2026/IF-0101", "head@example.org 2027-08-20 10:30"} {
		if !strings.Contains(text, want) {
			t.Errorf("booking order lacks %s:\n%s", want, text)
		}
	}
	s := workflow.DefaultFinance()
	s.Coding = nil
	if _, err := books.NewClaim(claimed("kommunal"), s).Write(&bytes.Buffer{}, "IF27-K000101.si"); !errors.Is(err, books.ErrCoding) {
		t.Errorf("without a row of coding: %v", err)
	}
	if _, err := c.Write(&bytes.Buffer{}, "IF27-K000101.xlsx"); !errors.Is(err, workflow.ErrNotFound) {
		t.Errorf("a file that there isn't: %v", err)
	}
}

// TestClaimOnOthersIsTheBasisOfAnInvoice: a row for each part, with an OCR whose check digit holds, the same in both files.
func TestClaimOnOthersIsTheBasisOfAnInvoice(t *testing.T) {
	t.Parallel()
	k := claimed("fristående")
	k.App.Recovery.Plan = []workflow.ClaimPart{{DueOn: workflow.NewDate(2027, time.September, 1), Amount: 3000}, {DueOn: workflow.NewDate(2027, time.September, 20), Amount: 2850}}
	c := books.NewClaim(k, workflow.DefaultFinance())
	csv, err := grid.Read(made(t, c, "IF27-K000101.csv"))
	if err != nil || len(csv) != 3 {
		t.Fatalf("%v, rows %v", err, csv)
	}
	ocr := csv[1].Cells[1]
	if _, wrong := workflow.CheckOCR(ocr); wrong != nil || !strings.HasPrefix(ocr, "27000101") {
		t.Errorf("OCR %s: %v", ocr, wrong)
	}
	for i, want := range []string{"IF27-K000101|" + ocr + "|Friskolan i Norr AB|556036-0793|KS 2026/IF-0101|3000,00|2027-09-01|", "IF27-K000101|" + ocr + "|Friskolan i Norr AB|556036-0793|KS 2026/IF-0101|2850,00|2027-09-20|"} {
		if got := strings.Join(csv[i+1].Cells, "|"); !strings.HasPrefix(got, want) {
			t.Errorf("row %d is %s, want %s…", i+1, got, want)
		}
	}
	sheet, err := grid.Read(made(t, c, "IF27-K000101.xlsx"))
	if err != nil || len(sheet) != 3 || sheet[1].Cells[1] != ocr || sheet[2].Cells[5] != "2850" {
		t.Errorf("workbook: %v %v", err, sheet)
	}
}
