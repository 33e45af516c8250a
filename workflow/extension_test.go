package workflow

import "testing"

// TestMoreTimeForTheReport: 17 June is the report's day. More time moves the day, the block and the proposal of recovery.
func TestMoreTimeForTheReport(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(ReportDue)
	for day, code := range map[string]string{"": "required", "2027-04-18": "in_past", "2027-06-17": "report_not_later", "2028-06-18": "too_far"} {
		k := &ExtendReport{Reason: "Sjukdom."}
		if day != "" {
			k.DueOn = date(day)
		}
		if err := w.try(officer1, k); !faulty(err, "due_on", code) {
			t.Errorf("to %q: %v, want %s", day, err, code)
		}
	}
	if err := w.try(officer1, &ExtendReport{DueOn: date("2027-07-17")}); !faulty(err, "reason", "required") {
		t.Errorf("without a reason: %v", err)
	}
	w.on("2027-09-15T06:00").do(Machine(), &ProposeRecovery{})
	if BlockOn(w.c) != date("2027-06-18") {
		t.Errorf("blocks on %s", BlockOn(w.c))
	}
	w.do(officer1, &ExtendReport{DueOn: date("2027-10-31"), Reason: "Sjukdom."})
	if w.c.App.Recovery != nil || BlockOn(w.c) != date("2027-11-01") || Compute(w.c, w.today()).ReportDue != date("2027-10-31") {
		t.Errorf("recovery %v, block %s, due %s", w.c.App.Recovery, BlockOn(w.c), Compute(w.c, w.today()).ReportDue)
	}
	if err := w.on("2028-01-28T06:00").try(Machine(), &ProposeRecovery{}); !isRefused(err, "not_yet") {
		t.Errorf("proposed for the old day: %v", err)
	}
	w.on("2028-01-29T06:00").do(Machine(), &ProposeRecovery{})
	// A report that was sent back gets its own day moved as well.
	back := newWorld(t).to(ReportSubmitted).do(officer1, &ReturnReport{Points: onePoint})
	later := back.c.ReportDay().AddDays(5)
	if back.do(officer1, &ExtendReport{DueOn: later, Reason: "Lov."}); back.c.App.Report.ReturnDueOn != later {
		t.Errorf("mend by %s, want %s", back.c.App.Report.ReturnDueOn, later)
	}
	if err := newWorld(t).to(Travelling).do(teacher1, &ReportCancellation{Cause: "own", Reason: "x"}).try(officer1, &ExtendReport{DueOn: later, Reason: "x"}); !isRefused(err, "cancelled") {
		t.Errorf("a cancelled trip: %v", err)
	}
}
