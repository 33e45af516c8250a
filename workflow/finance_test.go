package workflow

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDefaultFinanceHoldsRightNumbers(t *testing.T) {
	t.Parallel()
	p := DefaultFinance().Payer
	if n, wrong := CheckOrgNo(p.OrgNo); wrong != nil || n != p.OrgNo {
		t.Errorf("organisation number %s: %v", p.OrgNo, wrong)
	}
	if n, wrong := CheckBankgiro(p.Bankgiro); wrong != nil || n != p.Bankgiro {
		t.Errorf("bankgiro %s: %v", p.Bankgiro, wrong)
	}
	if n, wrong := CheckIBAN(p.IBAN); wrong != nil || n != p.IBAN {
		t.Errorf("IBAN %s: %v", p.IBAN, wrong)
	}
}

func TestFinanceSettingsSurviveJSON(t *testing.T) {
	t.Parallel()
	want := DefaultFinance()
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got FinanceSettings
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestCodingForFillsInThePayee(t *testing.T) {
	t.Parallel()
	line := BatchLine{Channel: "internal", Level: "gymnasieskola", Operator: "kommunal", Payee: "Baldergymnasiet", Title: "Utbyte Pardubice",
		Account: PayInto{Method: "internal", CostCentre: " 6110 ", Project: "IF2701"}}
	debit, credit, ok := DefaultFinance().CodingFor(line, EventInstalment)
	if !ok {
		t.Fatal("no row for an internal instalment")
	}
	if got, want := credit.Ansvar, (Code{"6110", "Baldergymnasiet"}); got != want {
		t.Errorf("credit ansvar %v, want %v", got, want)
	}
	if got, want := debit.Motpart, (Code{"140", "Gymnasienämnden"}); got != want {
		t.Errorf("debit motpart %v, want %v", got, want)
	}
	if got, want := credit.Projekt, (Code{"IF2701", "Utbyte Pardubice"}); got != want {
		t.Errorf("projekt %v, want %v", got, want)
	}
	if _, _, ok := DefaultFinance().CodingFor(BatchLine{Channel: "bankgiro"}, EventInstalment); ok {
		t.Error("a bank payment found strings that are for internal ones")
	}
}
