package workflow

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fund/workflow/money"
)

func TestPlan(t *testing.T) {
	t.Parallel()
	r := seedRules(t, "skolutbyte")
	start := date("2027-04-12")
	for _, k := range []struct {
		granted int64
		change  func(*Rules)
		want    string
	}{
		{75000, nil, "1: 1 of 75000 from 2027-02-11"},
		{75001, nil, "1: 0.8 of 60000 from 2027-02-11; 2: 0.2 of 15001 last"},
		{88350, nil, "1: 0.8 of 70680 from 2027-02-11; 2: 0.2 of 17670 last"},
		{1, nil, "1: 1 of 1 from 2027-02-11"},
		{99999, func(r *Rules) { r.PrepayShare, r.EarliestPaymentDays = money.Share{Num: 625, Den: 1000}, 1 }, "1: 0.625 of 62499 from 2027-04-11; 2: 0.375 of 37500 last"},
		{90000, func(r *Rules) { r.PrepayShare = money.Share{Num: 1, Den: 1} }, "1: 1 of 90000 from 2027-02-11"},
		{90000, func(r *Rules) { r.PrepayShare = money.Share{Num: 0, Den: 1} }, "1: 1 of 90000 last"},
		{10, func(r *Rules) { r.PrepayFullLimit = 0 }, "1: 0.8 of 8 from 2027-02-11; 2: 0.2 of 2 last"},
	} {
		rules := r
		if k.change != nil {
			k.change(&rules)
		}
		var got []string
		for _, p := range Plan(k.granted, start, "internal", 1, rules) {
			s := fmt.Sprintf("%d: %s of %d", p.N, p.Share, p.Amount)
			if p.Last {
				s += " last" + p.Earliest.String()
			} else {
				s += " from " + p.Earliest.String()
			}
			got = append(got, s)
		}
		if strings.Join(got, "; ") != k.want {
			t.Errorf("%d: %q, want %q", k.granted, got, k.want)
		}
	}
}

// payableWorld has a first instalment with nothing unmet.
func payableWorld(t fatal) *world { return newWorld(t).to(Payable) }

// TestUnmet takes a payable instalment and breaks one thing at a time: that one, and only it, is named.
func TestUnmet(t *testing.T) {
	t.Parallel()
	for code, breakIt := range map[string]func(w *world){
		"not_before":              func(w *world) { w.on("2027-02-10T23:59:59") },
		"conditions_not_accepted": func(w *world) { w.c.App.Decision.AcceptedAt = timeOf{} },
		"condition_open":          func(w *world) { w.c.App.Decision.Conditions = []Condition{{N: 1, Met: ptr(false)}} },
		"account_unverified":      func(w *world) { w.c.App.Account.Verifications = w.c.App.Account.Verifications[:1] },
		"cool_off":                func(w *world) { w.c.App.Account.ChangedOn = date("2027-02-09") },
		"advisory_unchecked":      func(w *world) { w.c.App.Advisory = nil },
		"advisory": func(w *world) {
			w.do(officer1, &CheckAdvisory{Level: "avoid_unnecessary", Source: "UD", On: w.today()})
		},
		"blocked":     func(w *world) { w.c.Facts.Blocked = true },
		"appeal_stop": func(w *world) { w.do(registrar1, &RecordAppeal{ReceivedOn: date("2026-12-08")}) },
		"legal_force": func(w *world) {
			w.c.School.Operator, w.c.Round.Rules.LegalForceAbove = "fristående", ptr(int64(80999))
			w.c.App.Decision.LastAppealDay = w.today()
			w.c.App.Form.Applicant.Payment = PayInto{Method: "bankgiro", Bankgiro: "991-2346"}
		},
		"account_municipal":     func(w *world) { w.c.App.Form.Applicant.Payment.Method = "bankgiro" },
		"account_not_municipal": func(w *world) { w.c.School.Operator = "fristående" },
		"change_open": func(w *world) {
			w.do(teacher1, &RequestChange{Type: "staff", Proposed: RawObject(`{"participants":{"staff":2}}`), Cause: "own", Reason: "x"})
		},
		"not_settled": func(w *world) { w.do(teacher1, &ReportCancellation{Cause: "own", Reason: "x"}) },
		"budget":      func(w *world) { w.c.Facts.Available = -1 },
	} {
		w := payableWorld(t)
		if u := UnmetFor(w.c, w.c.App.Payments[0], w.today()); len(u) > 0 || PaymentStatus(w.c, w.c.App.Payments[0], w.today()) != PayPayable {
			t.Fatalf("already unmet: %v", u)
		}
		breakIt(w)
		p := w.c.App.Payments[0]
		u := UnmetFor(w.c, p, w.today())
		if len(u) != 1 || u[0].Code != code || PaymentStatus(w.c, p, w.today()) != PayPlanned {
			t.Errorf("%s: %v, %s", code, u, PaymentStatus(w.c, p, w.today()))
		}
		err := w.try(Machine(), &MovePayment{N: 1, To: PayInBatch})
		if !isRefused(err, "not_payable") {
			t.Errorf("%s: into a batch: %v", code, err)
		}
		if !unmet(w, 2, "not_settled") {
			t.Errorf("%s: the last instalment waits for the settlement", code)
		}
	}
}

func TestLegalForce(t *testing.T) {
	t.Parallel()
	w := payableWorld(t)
	w.c.School.Operator = "fristående"
	for _, k := range []struct {
		limit *int64
		last  Date
		want  bool
	}{{ptr(int64(80999)), date("2027-02-10"), false}, {ptr(int64(80999)), date("2027-02-11"), true}, {ptr(int64(80999)), Date{}, true},
		{ptr(int64(81000)), Date{}, false}, {nil, Date{}, false}} {
		w.c.Round.Rules.LegalForceAbove, w.c.App.Decision.LastAppealDay = k.limit, k.last
		if unmet(w, 1, "legal_force") != k.want {
			t.Errorf("%+v: %v", k, !k.want)
		}
	}
}

func TestAccountAfterTheDecision(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(f *Form) { f.Applicant.Payment = PayInto{Method: "plusgiro", Plusgiro: "90 91 02-6"} })
	w.c.School.Operator = "fristående"
	w.to(ConditionsAccepted).verify().on("2026-12-01T09:00") // a Tuesday
	if err := w.try(teacher1, &ChangeAccount{Payment: PayInto{Method: "bankgiro", Bankgiro: "991-2345"}}); !faulty(err, "payment.bankgiro", "check_digit") {
		t.Errorf("wrong check digit: %v", err)
	}
	if err := w.try(teacher1, &ChangeAccount{Payment: PayInto{Method: "bankgiro"}}); !faulty(err, "payment", "account_incomplete") {
		t.Errorf("no number: %v", err)
	}
	w.do(teacher1, &ChangeAccount{Payment: PayInto{Method: "bankgiro", Bankgiro: "991-2353"}})
	if !unmet(w, 1, "account_unverified") || w.c.App.Payments[0].Channel != "bankgiro" {
		t.Error("verified by the old checks")
	}
	if err := w.try(fin1, &VerifyAccount{Note: "Ok."}); !faulty(err, "called_back", "call_back") {
		t.Errorf("without a call back: %v", err)
	}
	w.do(fin1, &VerifyAccount{CalledBack: true, Note: "Ok."})
	if err := w.try(fin1, &VerifyAccount{CalledBack: true, Note: "Ok."}); !isForbidden(err, "four_eyes") {
		t.Errorf("the same person: %v", err)
	}
	both := Act(Person{ID: 50, Email: "both@example.org", Roles: []RoleAt{{Finance1, 0}, {Finance2, 0}, {Teacher, 10}}})
	if err := w.try(both, &VerifyAccount{CalledBack: true, Note: "Ok."}); !isForbidden(err, "conflict") {
		t.Errorf("of the school: %v", err)
	}
	w.do(fin2, &VerifyAccount{CalledBack: true, Note: "Ok."})
	if err := w.try(fin2, &VerifyAccount{CalledBack: true, Note: "Ok."}); !isForbidden(err, "four_eyes") {
		t.Errorf("a third check: %v", err)
	}
	if unmet(w, 1, "account_unverified") || !unmet(w, 1, "cool_off") {
		t.Error("the cool-off begins")
	}
	if w.on("2026-12-03T23:00"); !unmet(w, 1, "cool_off") {
		t.Error("two bank days later")
	}
	if w.on("2026-12-04T00:00"); unmet(w, 1, "cool_off") {
		t.Error("three bank days later")
	}
}

func TestAccountChangesUntilPaid(t *testing.T) {
	t.Parallel()
	other := &ChangeAccount{Payment: PayInto{Method: "internal", CostCentre: "9"}}
	for _, s := range []State{Draft, AwaitingPrincipal, Approved, UnderCheck, Ranked, Decided, Payable} {
		newWorld(t).to(s).do(teacher1, other)
	}
	w := payableWorld(t).move(1, PayInBatch)
	if err := w.try(teacher1, other); !isRefused(err, "payment_under_way") {
		t.Errorf("in a batch: %v", err)
	}
	w.move(1, PayExported, PaySent, PayRejected).do(teacher1, other) // the bank refused the account
	w = newWorld(t, func(f *Form) { f.Requested = ptr(int64(70000)) }).to(Payable).pay(1)
	if err := w.try(teacher1, other); !isRefused(err, "all_paid") {
		t.Errorf("all paid: %v", err)
	}
}

// TestMoves tries every pair of statuses: what is not in the table is refused and changes nothing.
func TestMoves(t *testing.T) {
	t.Parallel()
	all := []string{PayPlanned, PayInBatch, PayExported, PaySent, PayAccepted, PayUnclear, PayPaid, PayRejected, PayReturned, PayReplaced, PayDropped}
	for _, from := range all {
		for _, to := range all {
			w := payableWorld(t)
			w.c.App.Payments[0].Status = from
			w.ledger[AccPaid] = 64800 // enough to come back
			err := w.try(Machine(), &MovePayment{N: 1, To: to, On: w.today()})
			want := slices.Contains(paymentMoves[to], from)
			if (err == nil) != want {
				t.Errorf("%s → %s: %v", from, to, err)
			}
		}
	}
}

func TestBankRefusesAndReturns(t *testing.T) {
	t.Parallel()
	w := payableWorld(t).move(1, PayInBatch, PayExported, PaySent, PayRejected).state(Payable)
	if w.ledger[AccReserved] != 81000 || w.c.App.PaidOut() != 0 {
		t.Errorf("rejected: %v", w.ledger)
	}
	w.move(1, PayReplaced)
	if n := len(w.c.App.Payments); n != 3 || w.c.App.Payments[2].N != 1 || w.c.App.Payments[2].Amount != 64800 || w.c.App.Payments[2].Earliest != date("2027-02-11") {
		t.Fatalf("replaced by %+v", w.c.App.Payments)
	}
	w.pay(1).state(Paid1)
	w.move(1, PayReturned)
	if w.ledger[AccPaid] != 0 || w.ledger[AccReserved] != 81000 {
		t.Errorf("returned: %v", w.ledger)
	}
	w.move(1, PayReplaced).pay(1)
	if w.c.App.PaidOut() != 64800 || w.ledger[AccPaid] != 64800 || w.ledger[AccReserved] != 16200 {
		t.Errorf("paid at last: %d %v", w.c.App.PaidOut(), w.ledger)
	}
	if err := w.try(Machine(), &MovePayment{N: 1, To: PayPaid, On: w.today()}); !isRefused(err, "payment_state") {
		t.Errorf("paid twice: %v", err)
	}
}

// TestSettleAfterARefusal: the bank sent the money back, nobody issued it anew; the settlement pays it all the same.
func TestSettleAfterARefusal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(f *Form) { f.Requested = ptr(int64(70000)) }).to(Payable).pay(1).move(1, PayReturned)
	w.on("2027-04-12T00:00").do(Machine(), &StartTravel{}).on("2027-04-19T00:00").do(Machine(), &EndTravel{})
	w.on("2027-06-10T15:00").do(teacher1, report()).do(principal1, &Approve{}).do(officer1, &AcceptReport{}).do(officer1, &Settle{})
	if s := w.c.App.Settlement; s.FinalPayment != 70000 || s.Repay != 0 {
		t.Fatalf("settlement %+v", s)
	}
	if err := w.try(officer1, &Close{}); !isRefused(err, "payment_open") {
		t.Errorf("closed with 70 000 unpaid: %v", err)
	}
	w.move(1, PayInBatch, PayExported, PayRejected)
	if err := w.try(officer1, &Close{}); !isRefused(err, "payment_open") {
		t.Errorf("closed with a refused payment: %v", err)
	}
	w.move(1, PayReplaced).pay(1).do(officer1, &Close{})
	if w.ledger[AccPaid] != 70000 || w.ledger[AccReserved] != 0 || w.ledger[AccAvailable] != 330000 {
		t.Errorf("ledger %v", w.ledger)
	}
}

func TestLapseFreesARefusedPayment(t *testing.T) {
	t.Parallel()
	w := payableWorld(t).move(1, PayInBatch, PayExported, PayRejected).do(officer1, &Lapse{Reason: "x"})
	if w.ledger[AccReserved] != 0 || w.ledger[AccAvailable] != 400000 {
		t.Errorf("ledger %v", w.ledger)
	}
	w = payableWorld(t).move(1, PayInBatch)
	if err := w.try(officer1, &Lapse{Reason: "x"}); !isRefused(err, "payment_under_way") {
		t.Errorf("in a batch: %v", err)
	}
}

// TestMoneySentBackIsToldToThePayee: the school was told that it is paid, and its account may be
// wrong. Inside the municipality there is no account of its own to look at.
func TestMoneySentBackIsToldToThePayee(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]int{"bankgiro": 1, "internal": 0} {
		w := newWorld(t)
		if method != "internal" {
			w = newWorld(t, func(f *Form) { f.Applicant.Payment = PayInto{Method: method, Bankgiro: "991-2346"} })
			w.c.School.Operator = "fristående"
		}
		w.to(Payable).pay(1)
		w.jobs = nil
		w.move(1, PayReturned)
		told := 0
		for _, j := range w.jobs {
			if to, _ := j.Data["to"].([]string); slices.Equal(to, []string{"applicant"}) {
				told++
			}
		}
		if told != want {
			t.Errorf("%s: the applicant is told %d times, want %d", method, told, want)
		}
	}
}
