package workflow

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// bundle is a round with several cases on one ledger.
type bundle struct {
	t     *rapid.T
	cases []*world
}

// TestRandomLives lets random people and the machine do random things with
// three cases of one round, and looks after each accepted step whether
// everything that must always hold does hold.
func TestRandomLives(t *testing.T) {
	t.Parallel()
	reached := map[State]bool{}
	rapid.Check(t, func(rt *rapid.T) {
		b := &bundle{t: rt}
		shared := map[string]int64{AccAvailable: 150000, AccBudget: -150000} // not enough for all three
		for i := range 3 {
			w := newWorld(rt, func(f *Form) { f.Requested = ptr(rapid.Int64Range(0, 130000).Draw(rt, "requested")) })
			w.c.App.ID, w.ledger = int64(41+i), shared
			w.c.Round.Rules.PrepayFullLimit = rapid.SampledFrom([]int64{0, 20000, 75000}).Draw(rt, "prepay")
			if from := rapid.SampledFrom([]State{Draft, UnderCheck, Ranked, Proposed, Decided, Payable, Paid1, ReportDue, ReportSubmitted, Settled}).Draw(rt, "from"); from != Draft && i < 2 {
				w.to2random(from)
			}
			b.cases = append(b.cases, w)
		}
		for range rapid.IntRange(20, 60).Draw(rt, "steps") {
			w := b.cases[rapid.IntRange(0, 2).Draw(rt, "case")]
			w.at = w.at.AddDate(0, 0, rapid.SampledFrom([]int{0, 0, 0, 1, 7, 40}).Draw(rt, "days"))
			w.c.Facts.Available = shared[AccAvailable]
			b.step(w)
			reached[w.c.App.State] = true
		}
	})
	for _, s := range []State{Decided, ConditionsAccepted, Payable, Paid1, Travelling, Settled, Closed, Lapsed, Withdrawn} {
		if !reached[s] {
			t.Errorf("no random life came to %s", s)
		}
	}
}

// to2random goes the straight way where the requested sum allows it.
func (w *world) to2random(s State) {
	if ask := num(w.c.App.Form.Requested); ask < 10 || min(ask, 81000) > w.ledger[AccAvailable] {
		s = UnderCheck
	}
	if s == Settled && w.c.Round.Rules.PrepayFullLimit >= 75000 {
		s = ReportDue
	}
	w.to(s)
}

// step draws who does what, mostly something that is open, decides, and checks.
func (b *bundle) step(w *world) {
	t := b.t
	by, cmd := b.draw(w)
	before := w.c.App.Clone()
	most := Compute(w.c, w.today()).MaxGrant
	allowed := slices.Contains(Allowed(w.c, by, w.at), cmd.Action())
	err := w.try(by, cmd)
	b.consistent(w, by, cmd, allowed, err)
	if err != nil {
		return
	}
	t.Logf("%s by %s: %s", cmd.Action(), by.Email, w.c.App.State)
	a := w.c.App
	if cmd.Action() == ActDecide && (a.Decision.Granted > most || a.Decision.Granted < 0) {
		t.Fatalf("granted %d where max_grant is %d", a.Decision.Granted, most)
	}
	if by.Machine {
		b.machine(before, a)
	}
	b.always(w)
	if cmd.Action() == ActClose {
		b.closed(w)
	}
}

// consistent: what Allowed lists is refused for nothing but its body; what it does not list is refused.
func (b *bundle) consistent(w *world, by Actor, cmd Command, allowed bool, err error) {
	a := cmd.Action()
	if NewCommand(a) == nil || by.Machine {
		return
	}
	byBody := a == ActDecideRecovery || a == ActDeclareInterest // the level follows the body; declaring needs no sight
	switch {
	case allowed && err != nil:
		var v Violations
		if !errors.As(err, &v) && !byBody {
			b.t.Fatalf("%s is open to %s in %s, but: %v", a, by.Email, w.c.App.State, err)
		}
	case !allowed && err == nil && !byBody:
		b.t.Fatalf("%s was not open to %s, but done", a, by.Email)
	}
}

// machine: no machine ever grants, rejects, dismisses, changes, lapses or recovers.
func (b *bundle) machine(before, after Application) {
	same := func(what string, ok bool) {
		if !ok {
			b.t.Fatalf("the machine did: %s", what)
		}
	}
	same("decide", (before.Decision == nil) == (after.Decision == nil) && (before.Decision == nil || before.Decision.Outcome == after.Decision.Outcome && before.Decision.Granted == after.Decision.Granted))
	same("lapse", before.State == Lapsed || after.State != Lapsed)
	same("close", before.State == Closed || after.State != Closed)
	same("claim", after.Recovery == nil || after.Recovery.DecidedAt.IsZero() || before.Recovery != nil && !before.Recovery.DecidedAt.IsZero())
	same("settle", (before.Settlement == nil) == (after.Settlement == nil))
	for i, c := range after.Changes {
		same("change", i < len(before.Changes) && c.Outcome == before.Changes[i].Outcome)
	}
}

// always holds after every accepted step of any case.
func (b *bundle) always(w *world) {
	t := b.t
	var reserved, paid, off int64
	for _, x := range b.cases {
		a := x.c.App
		for _, p := range a.Payments {
			if p.Live() || p.Failed() {
				reserved += p.Sum()
			}
		}
		paid += a.PaidNet()
		for _, r := range append(slices.Clone(a.Recoveries), deref(a.Recovery)) {
			off += r.WrittenOff()
		}
	}
	ledger := w.ledger
	if ledger[AccReserved] != reserved || ledger[AccPaid] != paid-off || ledger[AccWrittenOff] != off {
		t.Fatalf("ledger %v, but the cases say reserved %d, paid %d, written off %d", ledger, reserved, paid-off, off)
	}
	if sum := ledger[AccAvailable] + reserved + paid; sum != 150000 {
		t.Fatalf("%d kr in the round, not 150 000: %v", sum, ledger)
	}
	a := w.c.App
	if d := a.Decision; d != nil && len(a.Annulled) == 0 {
		var planned int64
		for _, p := range a.Payments {
			if p.Live() || p.Failed() || p.Status == PayPaid {
				planned += p.Sum()
			}
		}
		if planned > d.Granted || a.PaidOut() > d.Granted {
			t.Fatalf("granted %d, paid %d, paid or planned %d", d.Granted, a.PaidOut(), planned)
		}
	}
	for _, i := range a.Interests {
		for _, who := range everybody {
			if who.ID == i.Person && i.Conflict && who.ID != auditor1.ID && Sees(w.c, who) {
				t.Fatalf("%s is in conflict and sees the case", who.Email)
			}
		}
	}
	if a.Decision == nil && (SeesAssessment(w.c, teacher1) || SeesAssessment(w.c, principal1)) {
		t.Fatalf("the applicant reads the assessment in %s", a.State)
	}
	if a.IsFiled() != (len(a.Filed) > 0) || a.IsFiled() != (a.DNR != "") {
		t.Fatalf("received %v, %d versions, number %q", a.ReceivedAt, len(a.Filed), a.DNR)
	}
}

func deref(r *Recovery) Recovery {
	if r == nil {
		return Recovery{}
	}
	return *r
}

// closed: nothing is open, and where it was settled the school has what it is entitled to.
func (b *bundle) closed(w *world) {
	a := w.c.App
	if a.Recovery.Open() || a.ChangeOpen() != nil || slices.ContainsFunc(a.Payments, func(p Payment) bool { return p.Live() || p.Failed() }) {
		b.t.Fatalf("closed with something open: %+v", a)
	}
	s := a.Settlement
	if s == nil || len(a.Annulled) > 0 {
		return
	}
	if r := a.Recovery; r != nil {
		if r.Left() != 0 {
			b.t.Fatalf("claimed %d, back %d, given up %d", r.Amount, r.Repaid(), r.WrittenOff())
		}
		return
	}
	if over := a.PaidNet() - s.Entitlement; over < 0 || over >= w.c.Round.Rules.RepayMinimum {
		b.t.Fatalf("entitled to %d, has %d", s.Entitlement, a.PaidNet())
	}
}

// draw picks who does what: mostly something that is open, sometimes anything.
func (b *bundle) draw(w *world) (Actor, Command) {
	t := b.t
	if rapid.IntRange(0, 9).Draw(t, "stray") == 0 {
		by := everybody[rapid.IntRange(0, len(everybody)-1).Draw(t, "by")]
		return by, b.body(w, rapid.SampledFrom(append(Public(), ActSave)).Draw(t, "action"))
	}
	if list := b.machineOpen(w); len(list) > 0 && rapid.IntRange(0, 2).Draw(t, "machine's turn") == 0 {
		return Machine(), rapid.SampledFrom(list).Draw(t, "machine")
	}
	type pair struct {
		by     Actor
		action Action
	}
	rare := []Action{ActWithdraw, ActDecline, ActLapse, ActRemitBack, ActReportCancellation, ActCorrect, ActRegister, ActRecordAppeal, ActRecordJudgment, ActChangeAccount, ActRequestChange}
	odd := rapid.IntRange(0, 5).Draw(t, "rare") == 0
	var open []pair
	for _, by := range everybody {
		for _, a := range Allowed(w.c, by, w.at) {
			if slices.Contains(rare, a) == odd && (a != ActDeclareInterest || by.Is(Reviewer) && !w.c.App.Declared(by.ID)) {
				open = append(open, pair{by, a})
			}
		}
	}
	if len(open) == 0 {
		return Machine(), &Note{Code: "x"}
	}
	k := open[rapid.IntRange(0, len(open)-1).Draw(t, "open")]
	return k.by, b.body(w, k.action)
}

// machineOpen lists what the machine could do now; on the way it brings the clock near the trip.
func (b *bundle) machineOpen(w *world) (open []Command) {
	t := b.t
	a := w.c.App
	list := []Command{&TakeUp{}, &ExpireCompletion{}, &MakePayable{}, &StartTravel{}, &EndTravel{}, &ProposeRecovery{}}
	for _, p := range a.Payments {
		for to, from := range paymentMoves {
			if slices.Contains(from, p.Status) && (to == PayPaid || to == PayInBatch || to == PayExported || rapid.IntRange(0, 3).Draw(t, "odd "+to) == 0) {
				list = append(list, &MovePayment{N: p.N, To: to, On: w.today(), Batch: 1, Voucher: "V"})
			}
		}
	}
	slices.SortStableFunc(list, func(x, y Command) int { return compareStrings(fmt.Sprint(x), fmt.Sprint(y)) })
	if _, end, ok := a.Form.Activity.Days(); ok && rapid.IntRange(0, 4).Draw(t, "to the trip") == 0 && slices.Contains(onTheWay, a.State) && w.today().Before(end) {
		w.at = end.AddDays(rapid.IntRange(-8, 1).Draw(t, "around")).At(9, 0)
	}
	for _, k := range list {
		if _, err := Decide(w.c, Machine(), k, AnyVersion, w.at); err == nil {
			open = append(open, k)
		}
	}
	return open
}

func compareStrings(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// body makes a body that fits often, and sometimes not.
func (b *bundle) body(w *world, a Action) Command {
	t := b.t
	app := w.c.App
	sum := func(most int64) int64 { return rapid.Int64Range(-1, max(0, most)+1).Draw(t, "sum") }
	near := func(most int64) int64 {
		return rapid.OneOf(rapid.Just(most), rapid.Int64Range(-1, max(0, most)+1)).Draw(t, "near")
	}
	propose := func() Propose {
		p := grant(near(Compute(w.c, w.today()).MaxGrant))
		switch rapid.IntRange(0, 7).Draw(t, "outcome") {
		case 0:
			p = refuse()
		case 1:
			p.Conditions = []ConditionIn{{Text: "Plan.", DueOn: w.today()}}
		}
		return p
	}
	ratings := func() map[string]int {
		return rapid.SampledFrom([]map[string]int{goodRatings, goodRatings, {"K1": 2, "K2": 5, "K3": 5, "K4": 5, "K5": 5}, {"K1": 9}}).Draw(t, "ratings")
	}
	day := func() Date { return w.today().AddDays(-rapid.IntRange(0, 20).Draw(t, "ago")) }
	switch a {
	case ActSave:
		return &Save{Patch: []byte(rapid.SampledFrom([]string{`{"requested":70000}`, `{"text":{"risk":"Mer"}}`, `{"title":"Ny"}`, `{"budget":null}`}).Draw(t, "patch"))}
	case ActReturn:
		return &ReturnToApplicant{Reason: "Mer."}
	case ActRegister:
		return &Register{DNR: "KS 1"}
	case ActRuleEligibility:
		return &RuleEligibility{Eligible: rapid.IntRange(0, 4).Draw(t, "eligible") > 0, Rulings: rapid.SampledFrom([][]RuleValue{nil, nil, {{Rule: "RF-01", Met: false}}, {{Rule: "RF-13", Met: true}}}).Draw(t, "rulings")}
	case ActRequestCompletion:
		return &RequestCompletion{Points: []Point{{"text.risk", "Mer."}, {"requested", "x"}}}
	case ActExtendCompletion:
		return &ExtendCompletion{Days: rapid.IntRange(0, 8).Draw(t, "days more"), Reason: "x"}
	case ActAssignReviewers:
		return &AssignReviewers{Reviewers: rapid.SampledFrom([][]string{{reviewerA.Email, reviewerB.Email}, {reviewerC.Email}, {officer1.Email}}).Draw(t, "reviewers")}
	case ActDeclareInterest:
		return &DeclareInterest{Conflict: rapid.IntRange(0, 19).Draw(t, "conflict") == 0}
	case ActSaveReview:
		return &SaveReview{Ratings: ratings()}
	case ActSubmitReview:
		return &SubmitReview{Ratings: ratings(), Comments: comments()}
	case ActSetConsensus:
		return &SetConsensus{Ratings: ratings(), Comment: "Eniga."}
	case ActPropose:
		return ptr(propose())
	case ActDecide:
		return &DecideGrant{Propose: propose(), DelegationItem: "1", Meeting: theMeeting(w)}
	case ActRemitBack:
		return &RemitBack{Reason: "Mer."}
	case ActCorrect:
		return &Correct{Was: "1", Is: "2", Reason: "x"}
	case ActRecordNotice:
		return &RecordNotice{PostedOn: day()}
	case ActRecordAppeal:
		return &RecordAppeal{ReceivedOn: day()}
	case ActRecordJudgment:
		return &RecordJudgment{On: w.today(), Outcome: rapid.SampledFrom([]string{"upheld", "annulled", "dismissed"}).Draw(t, "judgment")}
	case ActRuleCondition:
		return &RuleCondition{Condition: rapid.IntRange(0, 2).Draw(t, "condition"), Met: ptr(rapid.Bool().Draw(t, "met"))}
	case ActLapse:
		return &Lapse{Reason: "x"}
	case ActChangeAccount:
		return &ChangeAccount{Payment: PayInto{Method: "internal", CostCentre: "6111"}}
	case ActVerifyAccount:
		return &VerifyAccount{CalledBack: true, Note: "Ok."}
	case ActCheckAdvisory:
		return &CheckAdvisory{Level: rapid.SampledFrom([]string{"none", "none", "none", "avoid_all"}).Draw(t, "level"), Source: "UD", On: w.today()}
	case ActRequestChange:
		return ask(rapid.SampledFrom(ChangeTypes).Draw(t, "type"), rapid.SampledFrom([]string{`{"participants":{"staff":2}}`, `{"participants":{"pupils":10}}`,
			fmt.Sprintf(`{"activity":{"start":"%s","end":"%s"}}`, w.today().AddDays(70), w.today().AddDays(75)), `{"requested":1}`}).Draw(t, "change"))
	case ActDecideChange:
		return &DecideChange{Outcome: rapid.SampledFrom([]string{"approved", "refused"}).Draw(t, "answer"), Reason: "x"}
	case ActReportCancellation:
		return &ReportCancellation{Cause: rapid.SampledFrom([]string{"own", "outside"}).Draw(t, "cause"), UnavoidableCost: sum(100000), Refunds: sum(20000), Reason: "x"}
	case ActSubmitReport:
		r := report()
		r.Start, r.End = w.today().AddDays(-5), w.today()
		r.Pupils, r.Staff = ptr(sum(24)), ptr(sum(3))
		r.Actual, r.ActualEligibleCost, r.ExternalReceived = nil, ptr(sum(170000)), max(0, sum(30000))
		return r
	case ActExtendReport:
		return &ExtendReport{DueOn: w.today().AddDays(rapid.IntRange(-1, 200).Draw(t, "more days")), Reason: "x"}
	case ActReturnReport:
		return &ReturnReport{Points: onePoint}
	case ActAcceptReport:
		return &AcceptReport{Disallowed: rapid.SampledFrom([][]DisallowedLine{nil, {{1, 9000, "x"}}}).Draw(t, "off")}
	case ActAskStatement:
		return &AskStatement{DueOn: w.today().AddDays(rapid.IntRange(-1, 91).Draw(t, "days to answer"))}
	case ActGiveStatement:
		return &GiveStatement{Text: "Vi bestrider."}
	case ActDecideRecovery:
		return &DecideRecovery{Amount: near(app.PaidNet()), DueOn: w.today(), Reason: "x"}
	case ActRecordRepayment:
		return &RecordRepayment{Amount: near(claim(app)), On: w.today(), Reference: "F"}
	case ActWriteOff:
		return &WriteOffClaim{Amount: near(claim(app)), Reason: "x"}
	}
	return NewCommand(a)
}

func claim(a Application) int64 {
	r := deref(a.Recovery)
	return r.Left()
}
