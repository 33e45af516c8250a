package workflow

import "testing"

// TestStatementEnteredByTheOffice: what came as a letter is entered with its day and by whom, once, and never before it was asked.
func TestStatementEnteredByTheOffice(t *testing.T) {
	t.Parallel()
	w := repayable(newWorld(t))
	if err := w.try(officer1, &RecordStatement{Text: "Nej.", ReceivedOn: w.today()}); !isRefused(err, "statement_not_asked") {
		t.Errorf("not asked: %v", err)
	}
	w.do(officer1, &AskStatement{})
	for _, k := range []struct {
		cmd         RecordStatement
		field, code string
	}{{RecordStatement{ReceivedOn: w.today()}, "text", "required"}, {RecordStatement{Text: "Nej."}, "received_on", "required"},
		{RecordStatement{Text: "Nej.", ReceivedOn: w.today().AddDays(1)}, "received_on", "in_future"}} {
		if err := w.try(registrar1, &k.cmd); !faulty(err, k.field, k.code) {
			t.Errorf("%+v: %v", k.cmd, err)
		}
	}
	came := w.today().AddDays(-2)
	w.do(registrar1, &RecordStatement{Text: "Hotellet tog betalt.", ReceivedOn: came})
	if s := w.c.App.Recovery.Statement; !s.Given() || s.Waited(w.today()) || s.ReceivedOn != came || s.EnteredBy != registrar1.Email || s.GivenBy != "" {
		t.Errorf("entered: %+v", s)
	}
	if err := w.try(teacher1, &GiveStatement{Text: "Mer."}); !isRefused(err, "statement_given") {
		t.Errorf("given already: %v", err)
	}
}

// TestStatementBeforeRecovery: the school is asked, has fourteen days, and answers once; the decision waits for nobody.
func TestStatementBeforeRecovery(t *testing.T) {
	t.Parallel()
	says := func(w *world) (code string) {
		for _, f := range Findings(w.c, w.today()) {
			if f.Field == "recovery.statement" && f.Rule == "RF-23" && f.Severity == Warning {
				code += f.Code
			}
		}
		return code
	}
	if err := newWorld(t).to(ReportDue).try(officer1, &AskStatement{}); !isRefused(err, "no_recovery") {
		t.Errorf("nothing proposed: %v", err)
	}
	w := repayable(newWorld(t))
	if got := says(w); got != "statement_missing" {
		t.Errorf("before it is asked: %q", got)
	}
	for _, f := range VisibleFindings(w.c, teacher1, w.today()) {
		if f.Field == "recovery.statement" {
			t.Error("the school reads the office's finding")
		}
	}
	if err := w.try(teacher1, &GiveStatement{Text: "Nej."}); !isRefused(err, "statement_not_asked") {
		t.Errorf("not asked: %v", err)
	}
	if err := w.try(officer1, &AskStatement{DueOn: w.today().AddDays(-1)}); !faulty(err, "due_on", "in_past") {
		t.Errorf("yesterday: %v", err)
	}
	if err := w.try(officer1, &AskStatement{DueOn: w.today().AddDays(91)}); !faulty(err, "due_on", "too_far") {
		t.Errorf("a mistyped day: %v", err)
	}
	due := w.today().AddDays(14)
	if w.do(officer1, &AskStatement{Reason: "Fyra elever färre."}); w.c.App.Recovery.Statement.DueOn != due || says(w) != "statement_awaited" {
		t.Errorf("asked: %+v, %q", w.c.App.Recovery.Statement, says(w))
	}
	for text, code := range map[string]string{" ": "required", "Elev 191212121212": "personal_number"} {
		if err := w.try(teacher1, &GiveStatement{Text: text}); !faulty(err, "text", code) {
			t.Errorf("%q: %v, want %s", text, err, code)
		}
	}
	w.on(due.AddDays(1).String() + "T09:00")
	if got := says(w); got != "" {
		t.Errorf("when the time is out: %q", got)
	}
	w.do(principal1, &GiveStatement{Text: "Hotellet tog betalt ändå."}) // late, and taken all the same
	if s := w.c.App.Recovery.Statement; s.Text != "Hotellet tog betalt ändå." || s.GivenBy != principal1.Email || s.Reason != "Fyra elever färre." {
		t.Errorf("given: %+v", s)
	}
	for _, err := range []error{w.try(teacher1, &GiveStatement{Text: "Mer."}), w.try(officer1, &AskStatement{})} {
		if !isRefused(err, "statement_given") {
			t.Errorf("given already: %v", err)
		}
	}
	claim := &DecideRecovery{Amount: 15000, Reason: "R-UNUSED"}
	claim.DueOn = w.today().AddDays(30)
	if w.do(head1, claim); w.c.App.Recovery.Statement.Text == "" || says(w) != "" {
		t.Error("the statement is not kept with the decision")
	}
	if err := w.try(officer1, &AskStatement{}); !isRefused(err, "recovery_decided") {
		t.Errorf("decided: %v", err)
	}
	w = claimed(newWorld(t)) // never asked: decided all the same
	if w.c.App.Recovery.Amount != 15000 || says(w) != "" {
		t.Errorf("%+v, %q", w.c.App.Recovery, says(w))
	}
}
