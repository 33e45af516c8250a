package workflow

import (
	"errors"
	"slices"
	"testing"
	"time"

	"fund/workflow/money"
)

func TestSubstitutesHaveARoleForTheirDays(t *testing.T) {
	t.Parallel()
	officer := Act(Person{ID: 5, Email: "officer@example.org", Roles: []RoleAt{{Role: Officer}}})
	day := func(d int) Date { return NewDate(2026, time.July, d) }
	s := FinanceSettings{Limits: []AttestLimit{{"finance1@example.org", 20000}},
		Substitutes: []Substitute{{Email: "officer@example.org", Role: Finance2, For: "finance1@example.org", From: day(6), Until: day(10)}}}
	for d, want := range map[int]bool{5: false, 6: true, 10: true, 11: false} {
		got := s.Authorise(officer, day(d))
		if got.Is(Finance2) != want || (got.AttestMax != nil) != want || officer.Is(Finance2) {
			t.Errorf("day %d: roles %v, limit %v", d, got.Roles, got.AttestMax)
		}
	}
	s.Limits = append(s.Limits, AttestLimit{"officer@example.org", 50000})
	if got := s.Authorise(officer, day(6)); *got.AttestMax != 50000 {
		t.Errorf("own limit: %d", *got.AttestMax)
	}
	if m := s.Authorise(Machine(), day(6)); len(m.Roles) != 0 || m.AttestMax != nil {
		t.Errorf("the program: %+v", m)
	}
}

func TestNobodyAttestsAboveTheLimit(t *testing.T) {
	t.Parallel()
	limit := int64(20000)
	b := Batch{Version: 1, State: BatchDraft, Lines: []BatchLine{{PaymentID: 1, Amount: money.Kronor(20000)}}}
	by := Act(Person{ID: 1, Email: "finance1@example.org", Roles: []RoleAt{{Role: Finance1}}, AttestMax: &limit})
	if _, _, err := DecideBatch(b, by, BatchCommand{Action: BatchAttest1}, 1, time.Now()); err != nil {
		t.Error(err)
	}
	b.Lines[0].Amount++
	var no Forbidden
	if _, _, err := DecideBatch(b, by, BatchCommand{Action: BatchAttest1}, 1, time.Now()); !errors.As(err, &no) || no.Code != "attest_limit" {
		t.Errorf("one öre above the limit: %v", err)
	}
	if _, _, err := DecideBatch(b, by, BatchCommand{Action: BatchCancel, Reason: "Fel."}, 1, time.Now()); err != nil {
		t.Errorf("the limit is of attests alone: %v", err)
	}
}

func TestFinanceSettingsAreChecked(t *testing.T) {
	t.Parallel()
	good := DefaultFinance()
	if v := good.Check(); len(v) > 0 {
		t.Fatalf("the proposal: %v", v)
	}
	day := NewDate(2026, time.July, 6)
	for field, spoil := range map[string]func(*FinanceSettings){
		"payer.iban":          func(s *FinanceSettings) { s.Payer.IBAN = "SE1350000000053681234567" },
		"payer.bankgiro":      func(s *FinanceSettings) { s.Payer.Bankgiro = "9912345" },
		"payer.name":          func(s *FinanceSettings) { s.Payer.Name = " " },
		"bank.version":        func(s *FinanceSettings) { s.Bank.Version = "10" },
		"cutoff_hour":         func(s *FinanceSettings) { s.CutoffHour = 24 },
		"limits.1.kronor":     func(s *FinanceSettings) { s.Limits = []AttestLimit{{"a", -1}} },
		"substitutes.1.for":   func(s *FinanceSettings) { s.Substitutes = []Substitute{{"a", Finance1, "a", day, day}} },
		"substitutes.1.until": func(s *FinanceSettings) { s.Substitutes = []Substitute{{"a", Finance1, "b", day, day.AddDays(-1)}} },
		"substitutes.1.role":  func(s *FinanceSettings) { s.Substitutes = []Substitute{{"a", Head, "b", day, day}} },
		"coding.1.debit":      func(s *FinanceSettings) { s.Coding[0].Debit.Konto.Code = "45x" },
	} {
		s := DefaultFinance()
		spoil(&s)
		if v := s.Check(); len(v) != 1 || v[0].Field != field {
			t.Errorf("%s: %v", field, v)
		}
	}
	text := good.Coding[0].Debit.String()
	if c, ok := good.ParseCodeString(text); !ok || c != good.Coding[0].Debit {
		t.Errorf("%s is read back as %+v", text, c)
	}
	if _, ok := good.ParseCodeString("1010/920"); ok {
		t.Error("two parts are a code string")
	}
}

// TestFaultsOfSettingsStandInTheirOrder: the same settings are refused in the same words, in the order of the page.
func TestFaultsOfSettingsStandInTheirOrder(t *testing.T) {
	t.Parallel()
	want := []string{"payer.name", "payer.org_no", "payer.town", "payer.iban", "payer.bic", "coding.1.debit", "coding.1.credit"}
	for range 20 {
		s := DefaultFinance()
		s.Payer = Payer{}
		s.Coding = []Coding{{}}
		var got []string
		for _, x := range s.Check() {
			got = append(got, x.Field)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("faults at %v, want %v", got, want)
		}
	}
}
