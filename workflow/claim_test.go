package workflow

import (
	"slices"
	"testing"
)

func TestInstalmentPlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(ReportDue).on("2027-09-15T06:00").do(Machine(), &ProposeRecovery{})
	plan := []ClaimPart{{date("2027-10-31"), 30000}, {date("2027-11-30"), 34800}}
	ask := func(change func(*DecideRecovery)) *DecideRecovery {
		k := &DecideRecovery{Amount: 64800, DueOn: date("2027-11-30"), Reason: "x", Instalments: slices.Clone(plan)}
		if change != nil {
			change(k)
		}
		return k
	}
	if err := w.try(secretary1, ask(nil)); !faulty(err, "instalments", "plan_internal") {
		t.Errorf("a school of the municipality: %v", err)
	}
	w.c.School.Operator, w.c.App.Form.Applicant.Payment = "fristående", PayInto{Method: "bankgiro", Bankgiro: "991-2346"}
	for field, tt := range map[string]struct {
		code   string
		change func(*DecideRecovery)
	}{
		"instalments":           {"plan_sum", func(k *DecideRecovery) { k.Instalments[0].Amount = 1 }},
		"instalments[0].amount": {"positive", func(k *DecideRecovery) { k.Instalments[0].Amount = 0 }},
		"instalments[1].due_on": {"dates_rise", func(k *DecideRecovery) { k.Instalments[1].DueOn = date("2027-10-31") }},
		"instalments[0].due_on": {"dates_rise", func(k *DecideRecovery) { k.Instalments[0].DueOn = date("2027-09-14") }},
	} {
		if err := w.try(secretary1, ask(tt.change)); !faulty(err, field, tt.code) {
			t.Errorf("%s: %v", field, err)
		}
	}
	if err := w.try(secretary1, ask(func(k *DecideRecovery) { k.DueOn = date("2027-12-01") })); !faulty(err, "instalments", "plan_last") {
		t.Errorf("the last day: %v", err)
	}
	w.do(secretary1, ask(nil))
	r := w.c.App.Recovery
	for day, want := range map[string]int64{"2027-10-30": 0, "2027-10-31": 30000, "2027-11-30": 64800} {
		if got := r.Owed(date(day)); got != want {
			t.Errorf("owed on %s: %d, want %d", day, got, want)
		}
	}
	w.on("2027-10-20T10:00").do(fin1, &RecordRepayment{Amount: 20000, On: date("2027-10-20"), Reference: "F"})
	if got := w.c.App.Recovery.Owed(date("2027-10-31")); got != 10000 {
		t.Errorf("after a part: %d", got)
	}
}

func TestAClaimExpectsItsParts(t *testing.T) {
	t.Parallel()
	day := func(d int) Date { return NewDate(2027, 5, d) }
	r := &Recovery{Amount: 5000, DueOn: day(30), DecidedAt: day(1).Start(), Plan: []ClaimPart{{day(10), 2000}, {day(20), 2000}, {day(30), 1000}}}
	check := func(want ...int64) {
		t.Helper()
		for amount := int64(-1000); amount <= 6000; amount += 500 {
			if got := r.Expects(amount); got != slices.Contains(want, amount) {
				t.Errorf("%d: %v, want %v", amount, got, want)
			}
		}
	}
	check(2000, 4000, 5000)
	r.Repayments = []Repayment{{Amount: 1500}}
	check(500, 2500, 3500)
	r.WriteOffs = []WriteOff{{Amount: 500}}
	check(2000, 3000)
	r.Plan = nil
	check(3000)
	r.Repayments[0].Amount = 4500
	check()
}
