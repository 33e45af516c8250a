package workflow

import "testing"

// TestReturnedReportThatNobodyAnswers: 17 June is the report's day. It is sent back on the 10th of
// June, to be mended by the 24th, and the school says no more (domain.md 8, step 16).
func TestReturnedReportThatNobodyAnswers(t *testing.T) {
	t.Parallel()
	back := func(approved bool) *world {
		w := newWorld(t).to(ReportSubmitted)
		if approved {
			w.do(principal1, &Approve{Statement: "Stämmer."})
		}
		return w.on("2027-06-10T09:00").do(officer1, &ReturnReport{Points: onePoint})
	}
	wrong := func(err error) bool { _, ok := err.(WrongState); return ok }

	w := back(true)
	if got := w.c.App.Report; got.Approval != nil || got.ReturnDueOn != date("2027-06-24") {
		t.Errorf("approval %v, due %s", got.Approval, got.ReturnDueOn)
	}
	if err := w.on("2027-06-24T23:00").try(officer1, &AcceptReport{}); !wrong(err) {
		t.Errorf("accepted on the last day to answer: %v", err)
	}
	cut := &AcceptReport{Disallowed: []DisallowedLine{{Line: 1, Amount: 1000, Reason: "Inget kvitto."}}}
	w.on("2027-06-25T09:00").do(officer1, cut).state(ReportAccepted)
	if w.c.App.Report.Approval == nil {
		t.Error("the principal's word is lost")
	}
	w.do(officer1, &Settle{}).state(Settled)

	// Nobody at the school has answered for the money: it can't be accepted, and everything is proposed 90 days after the day of the return.
	w = back(false)
	if err := w.on("2027-06-25T09:00").try(officer1, &AcceptReport{}); !isRefused(err, "report_unapproved") {
		t.Errorf("accepted without the principal: %v", err)
	}
	if BlockOn(w.c) != date("2027-06-25") {
		t.Errorf("blocks on %s", BlockOn(w.c))
	}
	if err := w.on("2027-09-21T06:00").try(Machine(), &ProposeRecovery{}); !isRefused(err, "not_yet") {
		t.Errorf("proposed 89 days after: %v", err)
	}
	if err := w.try(secretary1, &DecideRecovery{Amount: 64800, DueOn: w.today(), Reason: "R-UNUSED"}); !wrong(err) && !isRefused(err, "no_recovery") {
		t.Errorf("decided before it is proposed: %v", err)
	}
	w.on("2027-09-22T06:00").do(Machine(), &ProposeRecovery{}).state(ReportReturned)
	if r := w.c.App.Recovery; r.Proposed != 64800 || r.Cause != CauseUnanswered {
		t.Errorf("proposed %+v", r)
	}
	w.do(officer1, &AskStatement{}).do(principal1, &GiveStatement{Text: "Vi hann inte."})
	decided := *w
	decided.do(secretary1, &DecideRecovery{Amount: 64800, DueOn: date("2027-10-22"), Reason: "R-UNUSED"}).state(Settled)
	if s := decided.c.App.Settlement; s.Entitlement != 0 || s.Repay != 64800 {
		t.Errorf("settled %+v", s)
	}
	if BlockOn(decided.c) != date("2027-06-25") {
		t.Errorf("with the claim open it blocks on %s", BlockOn(decided.c))
	}

	// What comes after all ends the proposal; so does more time, and a judgment as it stands.
	filed := *w
	if filed.do(teacher1, report()); filed.c.App.Recovery != nil {
		t.Error("the report came, and the proposal stays")
	}
	more := *w
	if more.do(officer1, &ExtendReport{DueOn: date("2027-10-31"), Reason: "Sjukdom."}); more.c.App.Recovery != nil || more.c.ReportDay() != date("2027-10-31") {
		t.Errorf("more time: %v, %s", more.c.App.Recovery, more.c.ReportDay())
	}
	w = back(true)
	w.on("2027-09-22T06:00").do(Machine(), &ProposeRecovery{})
	if w.do(officer1, &AcceptReport{}); w.c.App.Recovery != nil {
		t.Error("judged as it stands, and everything is still proposed to come back")
	}
}
