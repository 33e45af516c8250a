package workflow

import (
	"fmt"
	"slices"
	"testing"
)

func ask(kind, patch string) *RequestChange {
	return &RequestChange{Type: kind, Proposed: RawObject(patch), Cause: "own", Reason: "Skäl."}
}

// TestChangeLevels: RF-20. The officer decides small changes, the body of the decision all others.
func TestChangeLevels(t *testing.T) {
	t.Parallel()
	shiftTo := func(days int) string {
		return fmt.Sprintf(`{"activity":{"start":"%s","end":"%s"}}`, date("2027-04-12").AddDays(days), date("2027-04-18").AddDays(days))
	}
	lines := func(a, b, c int64) string {
		return fmt.Sprintf(`{"budget":[{"line":1,"code":"RES","amount":%d},{"line":2,"code":"LOK","amount":%d},{"line":3,"code":"BOE","amount":%d},{"line":4,"code":"MAT","amount":14580},{"line":5,"code":"PRG","amount":12150}]}`, a, b, c)
	}
	for _, k := range []struct {
		name, kind, patch string
		up                bool
		shift             int
	}{
		{"thirty days later", "dates", shiftTo(30), false, 30},
		{"thirty-one days later", "dates", shiftTo(31), true, 31},
		{"thirty days earlier", "dates", shiftTo(-30), false, -30},
		{"thirty-one days earlier", "dates", shiftTo(-31), true, -31},
		{"only the last day", "dates", `{"activity":{"end":"2027-04-19"}}`, false, 1},
		{"the last day by thirty-one", "dates", `{"activity":{"end":"2027-05-19"}}`, true, 31},
		{"out of the window", "dates", `{"activity":{"start":"2027-06-01","end":"2027-06-05"}}`, true, 50},
		{"staff", "staff", `{"participants":{"staff":2}}`, false, 0},
		{"programme", "programme", `{"text":{"programme":[{"day":"1","text":"Annat"}]},"activity":{"programme_days":4}}`, false, 0},
		{"partner", "partner", `{"partner":{"name":"En annan"}}`, true, 0},
		{"country", "country", `{"partner":{"country":"Polen","city":"Gdańsk"}}`, true, 0},
		{"a partner called programme", "programme", `{"partner":{"name":"En annan"}}`, true, 0},
		{"hosting instead", "programme", `{"activity":{"type":"hosting"}}`, true, 0},
		{"one pupil in six less", "participants", `{"participants":{"pupils":20}}`, false, 0},
		{"more than a fifth less", "participants", `{"participants":{"pupils":19}}`, true, 0}, // 5/24 = 20.8 %
		{"more pupils", "participants", `{"participants":{"pupils":30}}`, false, 0},
		{"a fifth between lines", "budget", lines(113400-32886, 8100+32886, 16200), false, 0}, // 164 430 × 0.2
		{"a krona more than a fifth", "budget", lines(113400-32887, 8100+32887, 16200), true, 0},
		{"moves to two lines", "budget", lines(113400-32887, 8100+30000, 16200+2887), true, 0},
	} {
		w := newWorld(t).to(Paid1).do(teacher1, ask(k.kind, k.patch))
		c := w.c.App.Changes[0]
		want := map[bool]string{false: ByItself, true: Committee}[k.up]
		got := 0
		if c.ShiftDays != nil {
			got = *c.ShiftDays
		}
		if c.Level != want || got != k.shift {
			t.Errorf("%s: level %s, shift %d", k.name, c.Level, got)
		}
		if !slices.Contains(Flags(w.c), "change_open") || !w.c.App.ChangeOpen().Open() {
			t.Errorf("%s: not open", k.name)
		}
		if err := w.try(head1, &DecideChange{Outcome: "approved", Reason: "x"}); !isForbidden(err, "level") {
			t.Errorf("%s: head where the committee decided: %v", k.name, err)
		}
		err := w.try(officer1, &DecideChange{Outcome: "approved", Reason: "x"})
		if k.up {
			if !isForbidden(err, "level") {
				t.Errorf("%s: officer: %v", k.name, err)
			}
			w.do(secretary1, &DecideChange{Outcome: "approved", Reason: "x"})
		} else if err != nil {
			t.Errorf("%s: officer: %v", k.name, err)
		}
		if got := w.c.App.Changes[0]; got.DecidedBy != want || got.Outcome != "approved" {
			t.Errorf("%s: %+v", k.name, got)
		}
		if w.c.App.Decision.Granted != 81000 {
			t.Errorf("%s: another sum", k.name)
		}
	}
}

func TestChangeRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(ConditionsAccepted)
	for patch, field := range map[string]string{
		`{"requested":90000}`:                      "proposed.requested",
		`{"round":"VT27"}`:                         "proposed.round",
		`{"applicant":{"school":"En annan"}}`:      "proposed.applicant.school",
		`{"title":"Ny"}`:                           "proposed.title",
		`{"scheme":"medfinansiering"}`:             "proposed.scheme",
		`{"declarations":{"public_record":false}}`: "proposed.declarations.public_record",
	} {
		if err := w.try(teacher1, ask("budget", patch)); !faulty(err, field, "not_this_change") {
			t.Errorf("%s: %v", patch, err)
		}
	}
	if err := w.try(teacher1, ask("dates", `{"activity":{"end":"2027-04-01"}}`)); !faulty(err, "proposed.activity.end", "dates_order") {
		t.Errorf("backwards: %v", err)
	}
	if err := w.try(teacher1, ask("dates", `{"activity":{"start":"2027-12-01"}}`)); !faulty(err, "proposed.activity.end", "dates_order") {
		t.Errorf("begins after its end: %v", err)
	}
	if err := w.try(teacher1, ask("programme", `{"text":{"programme":[{"day":"1","text":"Ring 19121212-1212"}]}}`)); !faulty(err, "proposed.text.programme[0].text", "personal_number") {
		t.Errorf("a personal number in a row: %v", err)
	}
	if err := w.try(teacher1, ask("holiday", `{}`)); !faulty(err, "type", "choice") || !faulty(err, "proposed", "required") {
		t.Errorf("empty: %v", err)
	}
	w.do(teacher1, ask("staff", `{"participants":{"staff":2}}`))
	if err := w.try(teacher1, ask("staff", `{"participants":{"staff":1}}`)); !isRefused(err, "change_open") {
		t.Errorf("a second: %v", err)
	}
	w.do(officer1, &DecideChange{Outcome: "refused", Reason: "Nej."})
	if *w.c.App.Form.Participants.Staff != 3 || slices.Contains(Flags(w.c), "change_open") {
		t.Error("a refused change changed something")
	}
	if err := w.try(officer1, &DecideChange{Outcome: "refused", Reason: "Nej."}); !isRefused(err, "no_change") {
		t.Errorf("nothing open: %v", err)
	}
}

// TestChangeKnowsWhatItReplaced: each answered change tells the form before it and with it, however many came after.
func TestChangeKnowsWhatItReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Paid1)
	first := w.c.App.Form.Activity
	answer := func(outcome, kind, patch string) {
		w.do(teacher1, ask(kind, patch)).do(officer1, &DecideChange{Outcome: outcome, Reason: "x"})
	}
	answer("approved", "staff", `{"participants":{"staff":2}}`)
	answer("refused", "staff", `{"participants":{"staff":1}}`)
	answer("approved", "staff", `{"participants":{"staff":4,"visiting_pupils":null}}`)
	var got [][2]int64
	for n := range w.c.App.Changes {
		before, after := w.c.App.ChangeForms(n + 1)
		got = append(got, [2]int64{*before.Participants.Staff, *after.Participants.Staff})
		if before.Activity.Start != first.Start || after.Activity.Start != first.Start {
			t.Errorf("change %d touches the days", n+1)
		}
	}
	if want := [][2]int64{{3, 2}, {2, 1}, {2, 4}}; !slices.Equal(got, want) {
		t.Errorf("staff before and with each change %v, want %v", got, want)
	}
}

// TestOpenChangeHoldsNothingUp: a change that waits when the report comes can still be answered, and one that the case
// has left behind (declined, lapsed, recovered) is over; else nothing could be settled or closed any more.
func TestOpenChangeHoldsNothingUp(t *testing.T) {
	t.Parallel()
	staff := ask("staff", `{"participants":{"staff":2}}`)
	for _, s := range []State{ReportSubmitted, ReportReturned, ReportAccepted} {
		w := newWorld(t).to(ReportDue).on("2027-06-10T15:00").do(teacher1, staff).do(teacher1, report())
		if s == ReportReturned {
			w.do(officer1, &ReturnReport{Points: []Point{{Field: "actual", Text: "Kvitton."}}})
		}
		if s == ReportAccepted {
			w.do(principal1, &Approve{}).do(officer1, &AcceptReport{})
			if err := w.try(officer1, &Settle{}); !isRefused(err, "change_open") {
				t.Errorf("settled with a change open: %v", err)
			}
		}
		w.state(s)
		if err := w.try(teacher1, staff); !isWrongState(err) {
			t.Errorf("%s: asked for after the report: %v", s, err)
		}
		w.do(officer1, &DecideChange{Outcome: "approved", Reason: "Ja."}).state(s)
		if slices.Contains(Flags(w.c), "change_open") || w.c.App.Changes[0].Overtaken() {
			t.Errorf("%s: %+v", s, w.c.App.Changes[0])
		}
	}
	for word, w := range map[string]*world{
		"declined":  newWorld(t).to(Decided).do(teacher1, staff).do(teacher1, &Decline{}),
		"lapsed":    newWorld(t).to(ConditionsAccepted).do(teacher1, staff).do(officer1, &Lapse{Reason: "Villkor."}),
		"recovered": overdue(newWorld(t)).do(Machine(), &ProposeRecovery{}).do(teacher1, staff).do(secretary1, &DecideRecovery{Amount: 64800, DueOn: date("2027-10-15"), Reason: "R-UNUSED"}),
	} {
		if c := w.c.App.Changes[0]; c.Outcome != "refused" || c.Answer != word || !c.Overtaken() {
			t.Errorf("%s: %+v", word, c)
		}
		if slices.Contains(Flags(w.c), "change_open") {
			t.Errorf("%s: flagged", word)
		}
	}
}

// TestChangedDays: a paid instalment keeps its day, one that is still planned follows the trip.
func TestChangedDays(t *testing.T) {
	t.Parallel()
	move := ask("dates", `{"activity":{"start":"2027-04-22","end":"2027-04-28"}}`)
	yes := &DecideChange{Outcome: "approved", Reason: "Ja."}
	w := newWorld(t).to(Paid1).do(teacher1, move).do(officer1, yes).state(Paid1)
	if p := w.c.App.Payments[0]; p.Earliest != date("2027-02-11") || p.PaidOn != date("2027-02-11") {
		t.Errorf("paid: %+v", p)
	}
	if n := Compute(w.c, w.today()); n.ReportDue != date("2027-06-27") {
		t.Errorf("report due %s", n.ReportDue)
	}
	if err := w.on("2027-04-12T07:00").try(Machine(), &StartTravel{}); !isRefused(err, "not_yet") {
		t.Errorf("on the old day: %v", err)
	}
	w.on("2027-04-22T00:00").do(Machine(), &StartTravel{})
	w = newWorld(t).to(ConditionsAccepted).do(teacher1, move).do(officer1, yes)
	if p := w.c.App.Payments; p[0].Earliest != date("2027-02-21") || !p[1].Earliest.IsZero() {
		t.Errorf("planned: %+v", p)
	}
}

// TestLateYes: conditions accepted when the trip has begun, or is over, leave
// the case where the days say, and no step is missed.
func TestLateYes(t *testing.T) {
	t.Parallel()
	next := func(w *world, kind string) bool {
		return slices.ContainsFunc(w.jobs, func(j Job) bool { return j.Kind == kind && j.RunAt.Equal(w.at) })
	}
	if w := newWorld(t).to(Decided).on("2027-04-11T12:00").do(teacher1, &AcceptConditions{}); next(w, JobTravelStart) {
		t.Error("the day before: the trip is begun")
	}
	w := newWorld(t).to(Decided).on("2027-04-12T12:00").do(teacher1, &AcceptConditions{})
	if !next(w, JobTravelStart) {
		t.Error("on the first day: nothing begins the trip")
	}
	if w.do(Machine(), &StartTravel{}).state(Travelling); next(w, JobTravelEnd) {
		t.Error("on the first day: the trip is ended")
	}
	w = newWorld(t).to(Decided).on("2027-04-19T12:00").do(teacher1, &AcceptConditions{}).do(Machine(), &StartTravel{})
	if !next(w, JobTravelEnd) {
		t.Error("after the last day: nothing ends the trip")
	}
	w.do(Machine(), &EndTravel{}).state(ReportDue)
}

// TestSettlement: RF-23 with numbers by hand. 81 000 granted, 64 800 paid unless said.
func TestSettlement(t *testing.T) {
	t.Parallel()
	eligible := func(n, external int64) func(*SubmitReport) {
		return func(r *SubmitReport) { r.Actual, r.ActualEligibleCost, r.ExternalReceived = nil, &n, external }
	}
	heads := func(pupils, staff int64) func(*SubmitReport) {
		return func(r *SubmitReport) { r.Pupils, r.Staff = &pupils, &staff }
	}
	whole := func(w *world) { w.c.Round.Rules.PrepayFullLimit = 100000 } // all paid at once
	hosting := func(w *world) {
		w.c.App.Form.Activity.Type, w.c.App.Form.Participants.VisitingPupils = "hosting", ptr(int64(162))
	}
	for _, k := range []struct {
		name                   string
		set                    func(*world)
		report                 []func(*SubmitReport)
		off                    []DisallowedLine
		entitlement, pay, back int64
	}{
		{"as planned", nil, nil, nil, 81000, 16200, 0},
		{"twenty pupils: 60 000 + 2 × 3 000", nil, []func(*SubmitReport){heads(20, 3), eligible(150000, 0)}, nil, 66000, 1200, 0},
		{"the share: 75 % of 100 001", nil, []func(*SubmitReport){eligible(100001, 0)}, nil, 75000, 10200, 0},
		{"the gap: 130 000 − 60 000", nil, []func(*SubmitReport){eligible(130000, 60000)}, nil, 70000, 5200, 0},
		{"more received than spent", nil, []func(*SubmitReport){eligible(10000, 60000)}, nil, 0, 0, 64800},
		{"nobody travelled", nil, []func(*SubmitReport){heads(0, 0)}, nil, 0, 0, 64800},
		{"499 too much is kept", whole, []func(*SubmitReport){eligible(107335, 0)}, nil, 80501, 0, 0},
		{"500 too much is repaid", whole, []func(*SubmitReport){eligible(107334, 0)}, nil, 80500, 0, 500},
		{"exactly what was paid", nil, []func(*SubmitReport){eligible(86400, 0)}, nil, 64800, 0, 0},
		{"disallowed lines", nil, nil, []DisallowedLine{{1, 112300, "x"}}, 37500, 0, 27300},           // 75 % of 50 000
		{"more disallowed than spent", nil, nil, []DisallowedLine{{1, 200000, "x"}}, 37500, 0, 27300}, // the line is 0, not below
		{"disallowed off one sum", nil, []func(*SubmitReport){eligible(100000, 0)}, []DisallowedLine{{2, 4000, "x"}}, 72000, 7200, 0},
		{"disallowed where the line never counted", func(w *world) {
			w.c.App.Form.Budget = append(w.c.App.Form.Budget, line(6, "GAV", 900))
		}, []func(*SubmitReport){eligible(100000, 0)}, []DisallowedLine{{6, 900, "x"}}, 75000, 10200, 0},
		{"covered lines do not count", func(w *world) {
			w.c.App.Form.Funding = []Funding{grantFrom("E", 21000, "confirmed", 4, 5)}
		}, nil, nil, 81000, 16200, 0}, // 136 400 × 0.75 = 102 300
		{"two lines with one number are told of once", func(w *world) {
			w.c.App.Form.Budget = []BudgetLine{line(1, "RES", 60000), line(1, "BOE", 60000), line(2, "LOK", 1), line(3, "BOE", 1), line(4, "MAT", 1), line(5, "PRG", 1)}
		}, []func(*SubmitReport){func(r *SubmitReport) { r.Actual = []ActualLine{{Line: 1, Amount: 100000}} }}, []DisallowedLine{{1, 10000, "x"}}, 67500, 2700, 0},
		{"and taken off one sum once", func(w *world) {
			w.c.App.Form.Budget = append(w.c.App.Form.Budget, line(2, "BOE", 1))
		}, []func(*SubmitReport){eligible(100000, 0)}, []DisallowedLine{{2, 4000, "x"}}, 72000, 7200, 0},
		{"hosting, and the form's own pupils again: all guests came", hosting, nil, nil, 81000, 16200, 0},
		{"hosting fewer guests", hosting, []func(*SubmitReport){heads(100, 3)}, nil, 50000, 0, 14800},
		{"hosting more guests", hosting, []func(*SubmitReport){heads(200, 3)}, nil, 81000, 16200, 0},
		{"nothing paid before", func(w *world) { w.c.App.Account.Verifications = nil }, []func(*SubmitReport){heads(20, 3)}, nil, 66000, 66000, 0},
	} {
		w := newWorld(t)
		if k.set != nil && k.name != "nothing paid before" {
			k.set(w)
		}
		if k.name == "nothing paid before" {
			w.to(ConditionsAccepted).on("2027-04-12T00:00").do(Machine(), &StartTravel{}).on("2027-04-19T00:00").do(Machine(), &EndTravel{})
		} else {
			w.to(ReportDue)
		}
		r := report()
		for _, f := range k.report {
			f(r)
		}
		w.on("2027-06-10T15:00").do(teacher1, r).do(principal1, &Approve{}).do(officer1, &AcceptReport{Disallowed: k.off})
		plan := w.c.App.Payments[len(w.c.App.Payments)-1].Amount
		w.do(officer1, &Settle{}).state(Settled)
		s := w.c.App.Settlement
		if s.Entitlement != k.entitlement || s.FinalPayment != k.pay || s.Repay != k.back {
			t.Errorf("%s: %+v, want %d, %d, %d", k.name, *s, k.entitlement, k.pay, k.back)
			continue
		}
		last := w.c.App.Payments[len(w.c.App.Payments)-1]
		switch {
		case last.Amount != plan:
			t.Errorf("%s: the plan was rewritten to %d", k.name, last.Amount)
		case k.pay > 0 && (last.Status != PayPlanned || last.Sum() != k.pay):
			t.Errorf("%s: last instalment %+v", k.name, last)
		case k.pay == 0 && len(w.c.App.Payments) == 2 && last.Status != PayDropped:
			t.Errorf("%s: not dropped: %+v", k.name, last)
		}
		if w.ledger[AccReserved] != k.pay || slices.Contains(Flags(w.c), "recovery_open") != (k.back > 0) {
			t.Errorf("%s: reserved %d, flags %v", k.name, w.ledger[AccReserved], Flags(w.c))
		}
	}
}

func TestCancellation(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		name      string
		from      State
		cmd       ReportCancellation
		net, ent  int64
		back, pay int64
	}{
		{"own reasons: all back", Paid1, ReportCancellation{Cause: "own", UnavoidableCost: 50000, Refunds: 10000}, 40000, 0, 64800, 0},
		{"outside control", Paid1, ReportCancellation{Cause: "outside", UnavoidableCost: 50001, Refunds: 10000}, 40001, 30000, 34800, 0},
		{"more costs than paid", Paid1, ReportCancellation{Cause: "outside", UnavoidableCost: 100000}, 100000, 75000, 0, 10200},
		{"never more than granted", Paid1, ReportCancellation{Cause: "outside", UnavoidableCost: 200000}, 200000, 81000, 0, 16200},
		{"refunds above costs", Paid1, ReportCancellation{Cause: "outside", UnavoidableCost: 10, Refunds: 20}, 0, 0, 64800, 0},
		{"a small sum is claimed too", Paid1, ReportCancellation{Cause: "outside", UnavoidableCost: 86300}, 86300, 64725, 75, 0},
		{"nothing paid, nothing spent", ConditionsAccepted, ReportCancellation{Cause: "outside"}, 0, 0, 0, 0},
		{"when the report was due", ReportDue, ReportCancellation{Cause: "own"}, 0, 0, 64800, 0},
	} {
		w := newWorld(t).to(k.from)
		cmd := k.cmd
		cmd.Reason = "Inställt."
		w.do(teacher1, &ReportCancellation{Cause: "own", Reason: "Först utan papper."}).do(teacher1, &cmd).state(k.from)
		if s := Cancel(w.c); s.UnavoidableNet != k.net || s.Entitlement != k.ent || s.Repay != k.back {
			t.Errorf("%s: %+v", k.name, s)
		}
		if !slices.Contains(Flags(w.c), "cancelled") {
			t.Errorf("%s: no flag", k.name)
		}
		if k.from == ReportDue {
			if err := w.try(teacher1, report()); !isRefused(err, "cancelled") {
				t.Errorf("%s: a report: %v", k.name, err)
			}
		}
		w.do(officer1, &Settle{}).state(Settled)
		if s := w.c.App.Settlement; s.Entitlement != k.ent || s.Repay != k.back || s.FinalPayment != k.pay {
			t.Errorf("%s: settled %+v", k.name, s)
		}
		if k.back == 0 {
			continue
		}
		due := w.today().AddDays(30)
		by := secretary1
		if k.back <= 50000 {
			by = head1
		}
		w.do(by, &DecideRecovery{Amount: k.back, DueOn: due, Reason: "R-CANCEL"})
		if err := w.try(officer1, &Close{}); !isRefused(err, "recovery_open") {
			t.Errorf("%s: closed: %v", k.name, err)
		}
		w.do(fin1, &RecordRepayment{Amount: k.back - 1, On: w.today(), Reference: "F"}).do(fin1, &WriteOffClaim{Amount: 1, Reason: "x"})
		if s := Cancel(w.c); s.Repay != k.back {
			t.Errorf("%s: after the repayment it says %d", k.name, s.Repay)
		}
		w.do(officer1, &Close{}).state(Closed)
		if w.ledger[AccPaid] != k.ent || w.ledger[AccWrittenOff] != 1 || w.ledger[AccReserved] != 0 {
			t.Errorf("%s: ledger %v", k.name, w.ledger)
		}
	}
	w := newWorld(t).to(ConditionsAccepted).do(teacher1, &ReportCancellation{Cause: "own", Reason: "x"})
	if err := w.on("2027-04-12T07:00").try(Machine(), &StartTravel{}); !isRefused(err, "not_yet") {
		t.Errorf("a cancelled trip began: %v", err)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Travelling).on("2027-04-18T23:00")
	if err := w.try(Machine(), &EndTravel{}); !isRefused(err, "not_yet") {
		t.Errorf("home on the last day: %v", err)
	}
	if err := w.try(teacher1, report()); !isRefused(err, "still_travelling") {
		t.Errorf("on the last day: %v", err)
	}
	w.on("2027-04-19T00:01").do(teacher1, report()).state(ReportSubmitted) // before the machine came by
	if err := w.try(officer1, &AcceptReport{}); !isRefused(err, "report_unapproved") {
		t.Errorf("unapproved: %v", err)
	}
	w.do(principal1, &Approve{}).state(ReportSubmitted).do(officer1, &ReturnReport{Points: onePoint})
	if w.c.App.Report.ReturnDueOn != date("2027-05-03") {
		t.Errorf("due %s", w.c.App.Report.ReturnDueOn)
	}
	w.do(teacher1, report())
	if err := w.try(officer1, &AcceptReport{}); !isRefused(err, "report_unapproved") {
		t.Errorf("filed again, approved before: %v", err)
	}
	w.do(principal1, &Approve{}).do(officer1, &AcceptReport{Remark: "x"})
	if len(w.c.App.Reports) != 1 {
		t.Errorf("%d earlier filings", len(w.c.App.Reports))
	}
	bad := &SubmitReport{Pupils: ptr(int64(-1)), Start: date("2027-04-12"), End: date("2027-04-11"), Actual: []ActualLine{{9, -1, ""}}, ExternalReceived: -1,
		Texts: map[string]string{"summary": "19121212-1212"}}
	err := newWorld(t).to(ReportDue).try(teacher1, bad)
	for field, code := range map[string]string{"pupils": "negative", "staff": "required", "end": "dates_order", "actual[0].line": "unknown_line",
		"actual[0].amount": "negative", "external_grants_received": "negative", "texts.summary": "personal_number"} {
		if !faulty(err, field, code) {
			t.Errorf("%s is not %s: %v", field, code, err)
		}
	}
}

func TestRecoveryWithoutReport(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(ReportDue).on("2027-09-14T23:00") // 17 June + 90 days is 15 September
	if err := w.try(Machine(), &ProposeRecovery{}); !isRefused(err, "not_yet") {
		t.Errorf("a day early: %v", err)
	}
	w.on("2027-09-15T06:00").do(Machine(), &ProposeRecovery{}).state(ReportDue)
	if w.c.App.Recovery.Proposed != 64800 || w.c.App.Recovery.Amount != 0 || !slices.Contains(Flags(w.c), "recovery_open") {
		t.Errorf("%+v", w.c.App.Recovery)
	}
	if err := w.try(Machine(), &ProposeRecovery{}); !isRefused(err, "not_yet") {
		t.Errorf("twice: %v", err)
	}
	late := newWorld(t).to(ReportDue).on("2027-09-15T06:00").do(Machine(), &ProposeRecovery{}).do(teacher1, report())
	if late.c.App.Recovery != nil {
		t.Error("the report came after all")
	}
	if err := w.try(head1, &DecideRecovery{Amount: 64800, DueOn: w.today(), Reason: "x"}); !isForbidden(err, "level") {
		t.Errorf("head: %v", err)
	}
	if err := w.try(secretary1, &DecideRecovery{Amount: 64801, DueOn: w.today(), Reason: "x"}); !faulty(err, "amount", "over_paid") {
		t.Errorf("more than paid: %v", err)
	}
	w.do(secretary1, &DecideRecovery{Amount: 64800, DueOn: w.today(), Reason: "x"}).state(Settled)
	if w.c.App.Payments[1].Status != PayDropped || w.ledger[AccReserved] != 0 {
		t.Errorf("%+v", w.c.App.Payments[1])
	}
	if err := w.try(fin1, &RecordRepayment{Amount: 64801, On: w.today(), Reference: "F"}); !faulty(err, "amount", "over_claim") {
		t.Errorf("more than claimed: %v", err)
	}
	w.do(fin1, &RecordRepayment{Amount: 64800, On: w.today(), Reference: "F"}).do(officer1, &Close{})
	if w.c.App.PaidNet() != 0 || w.ledger[AccAvailable] != 400000 {
		t.Errorf("ledger %v", w.ledger)
	}
}

// TestCancelledAfterAll: no report came since the trip never took place. The settlement's sum takes the place of the proposal
// to recover everything, also where it is nothing: the case could else never be closed.
func TestCancelledAfterAll(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ cost, repay int64 }{{86400, 0}, {50000, 27300}, {0, 64800}} {
		w := newWorld(t).to(ReportDue).on("2027-09-15T06:00").do(Machine(), &ProposeRecovery{})
		w.do(teacher1, &ReportCancellation{Cause: "outside", UnavoidableCost: c.cost, Reason: "x"}).do(officer1, &Settle{})
		if r := w.c.App.Recovery; w.c.App.Settlement.Repay != c.repay || (r != nil) != (c.repay > 0) || r != nil && r.Proposed != c.repay {
			t.Errorf("%d: settlement %+v, claim %+v", c.cost, w.c.App.Settlement, r)
		}
		if c.repay == 0 {
			w.do(officer1, &Close{}).state(Closed)
		}
	}
}

// TestConditionAfterTheTrip: a condition that nobody ruled on holds the last payment back, so it can be ruled on as long as there is one.
func TestConditionAfterTheTrip(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Settled)
	w.c.App.Decision.Conditions = []Condition{{N: 1, Text: "Plan."}}
	last := func() []Unmet { return UnmetFor(w.c, w.c.App.Payments[1], w.today()) }
	if got := last(); len(got) != 1 || got[0].Code != "condition_open" {
		t.Fatalf("%+v", got)
	}
	if w.do(officer1, &RuleCondition{Condition: 1, Met: ptr(true), Note: "Sett."}); len(last()) != 0 {
		t.Errorf("%+v", last())
	}
}

// TestAnnulledAndSentBack: what the bank sends back under an annulled decision is not claimed as well.
func TestAnnulledAndSentBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Paid1).do(registrar1, &RecordAppeal{ReceivedOn: date("2026-11-20")})
	w.do(registrar1, &RecordJudgment{On: w.today(), Outcome: "annulled"})
	if w.c.App.Recovery.Proposed != 64800 {
		t.Fatalf("%+v", w.c.App.Recovery)
	}
	w.do(Machine(), &MovePayment{N: 1, To: PayReturned, On: w.today(), Batch: 1, Reason: "x"})
	if w.c.App.Recovery != nil || w.ledger[AccPaid] != 0 {
		t.Errorf("claim %+v, ledger %v", w.c.App.Recovery, w.ledger)
	}
	w.do(teacher1, &Withdraw{}).do(officer1, &Discontinue{Reason: "x"}).state(Closed)
}

// TestClaimedAndSentBack: a claim that was decided under an annulled decision, whose payment the bank then sends back, is met:
// nobody has the money to repay, and the case could else never be closed. Also where it was decided anew before.
func TestClaimedAndSentBack(t *testing.T) {
	t.Parallel()
	for name, between := range map[string]func(w *world){"under check": func(*world) {},
		"refused anew": func(w *world) {
			w.do(officer1, &Propose{Outcome: Rejected, Reasons: []string{"R-QUAL"}, Text: "x"})
			w.do(secretary1, &DecideGrant{Propose: Propose{Outcome: Rejected, Reasons: []string{"R-QUAL"}, Text: "x"}, Meeting: theMeeting(w)})
		}} {
		w := newWorld(t).to(Paid1).do(registrar1, &RecordAppeal{ReceivedOn: date("2026-11-20")})
		w.do(registrar1, &RecordJudgment{On: w.today(), Outcome: "annulled"})
		w.do(secretary1, &DecideRecovery{Amount: 60000, DueOn: w.today(), Reason: "x"})
		between(w)
		w.do(Machine(), &MovePayment{N: 1, To: PayReturned, On: w.today(), Batch: 1, Reason: "AC04"})
		if r := w.c.App.Recovery; r.Open() || r.Left() != 0 || r.Returned != 60000 || r.Amount != 60000 || w.c.App.StillOut() != 0 || w.ledger[AccPaid] != 0 || w.ledger[AccAvailable] != 400000 {
			t.Errorf("%s: claim %+v, ledger %v", name, r, w.ledger)
		}
		if err := w.try(fin1, &RecordRepayment{Amount: 1, On: w.today(), Reference: "F"}); !isRefused(err, "no_recovery") {
			t.Errorf("%s: repaid as well: %v", name, err)
		}
		if !w.toTheEnd() {
			t.Errorf("%s: the case can't be closed: %+v", name, w.c.App.Recovery)
		}
	}
}

// TestSentBackAfterItWasRepaid: what was repaid or written off can't come back from the bank once more. The ledger of the
// case would go below zero, and in a round with other cases nobody would see it.
func TestSentBackAfterItWasRepaid(t *testing.T) {
	t.Parallel()
	for name, back := range map[string]func(on Date) Command{"repaid": func(on Date) Command { return &RecordRepayment{Amount: 1, On: on, Reference: "F"} },
		"written off": func(Date) Command { return &WriteOffClaim{Amount: 1, Reason: "x"} }} {
		w := newWorld(t).to(Paid1).do(registrar1, &RecordAppeal{ReceivedOn: date("2026-11-20")})
		w.do(registrar1, &RecordJudgment{On: w.today(), Outcome: "annulled"})
		w.do(secretary1, &DecideRecovery{Amount: 64800, DueOn: w.today(), Reason: "x"}).do(fin1, back(w.today()))
		w.c.App.Payments[0].ID = 7
		for _, cmd := range []Command{&MovePayment{N: 1, To: PayReturned, On: w.today(), Batch: 1}, &BankAnswer{Payment: 7, From: PayPaid, To: PayReturned, On: w.today()}} {
			if err := w.try(Machine(), cmd); !isRefused(err, "already_back") {
				t.Errorf("%s: %v", name, err)
			}
		}
		w.do(fin1, &RecordRepayment{Amount: 64799, On: w.today(), Reference: "F"}) // what is left may come by that transfer
		if w.c.App.Recovery.Open() || w.ledger[AccPaid] != 0 || !w.toTheEnd() {
			t.Errorf("%s: claim %+v, ledger %v", name, w.c.App.Recovery, w.ledger)
		}
	}
}

// TestNewClaimKeepsTheOld: an annulled decision whose money came back, decided, paid and claimed again.
func TestNewClaimKeepsTheOld(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Paid1).do(registrar1, &RecordAppeal{ReceivedOn: date("2026-11-20")})
	w.do(registrar1, &RecordJudgment{On: w.today(), Outcome: "annulled"})
	w.do(secretary1, &DecideRecovery{Amount: 64800, DueOn: w.today(), Reason: "x"}).state(UnderCheck)
	w.do(fin1, &RecordRepayment{Amount: 64800, On: w.today(), Reference: "F"})
	w.do(officer1, &RuleEligibility{Eligible: true}).do(officer1, &Rank{}).decide(grant(81000)).do(teacher1, &AcceptConditions{})
	w.do(Machine(), &MakePayable{}).pay(3).state(Paid1) // the first two numbers are the annulled plan's
	w.do(teacher1, &ReportCancellation{Cause: "own", Reason: "x"}).do(officer1, &Settle{})
	if w.c.App.Settlement.Repay != 64800 || w.c.App.Recovery.Proposed != 64800 || len(w.c.App.Recoveries) != 1 || w.ledger[AccPaid] != 64800 {
		t.Errorf("settlement %+v, claim %+v", w.c.App.Settlement, w.c.App.Recovery)
	}
}
