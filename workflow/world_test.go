package workflow

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"fund/workflow/money"
)

// fatal is what both testing.T and rapid.T can do.
type fatal interface {
	Helper()
	Fatalf(format string, args ...any)
}

// seedRules reads a seeded rule set, so that the tests hold what is delivered.
func seedRules(t fatal, scheme string) Rules {
	t.Helper()
	raw, err := os.ReadFile("../sql/seed/rules/" + scheme + ".json")
	if err != nil {
		t.Fatalf("rules: %v", err)
	}
	r, err := DecodeRules(raw)
	if err != nil {
		t.Fatalf("rules of %s: %v", scheme, err)
	}
	return r
}

func seedScheme(t fatal, code string) Scheme {
	t.Helper()
	raw, err := os.ReadFile("../sql/seed/schemes.json")
	if err != nil {
		t.Fatalf("schemes: %v", err)
	}
	var all []Scheme
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatalf("schemes: %v", err)
	}
	i := slices.IndexFunc(all, func(s Scheme) bool { return s.Code == code })
	if i < 0 {
		t.Fatalf("no scheme %s", code)
	}
	return all[i]
}

// The people of the tests. School 10 applies; school 20 is another one.
var (
	teacher1   = Act(Person{ID: 1, Email: "teacher@example.org", Name: "T", Roles: []RoleAt{{Teacher, 10}}})
	colleague  = Act(Person{ID: 2, Email: "colleague@example.org", Name: "C", Roles: []RoleAt{{Teacher, 10}}})
	principal1 = Act(Person{ID: 3, Email: "principal@example.org", Name: "P", Roles: []RoleAt{{Principal, 10}}})
	officer1   = Act(Person{ID: 4, Email: "officer@example.org", Name: "O", Roles: []RoleAt{{Officer, 0}}})
	reviewerA  = Act(Person{ID: 5, Email: "reviewer1@example.org", Name: "R1", Roles: []RoleAt{{Reviewer, 0}}})
	reviewerB  = Act(Person{ID: 6, Email: "reviewer2@example.org", Name: "R2", Roles: []RoleAt{{Reviewer, 0}}})
	reviewerC  = Act(Person{ID: 7, Email: "reviewer3@example.org", Name: "R3", Roles: []RoleAt{{Reviewer, 0}}})
	head1      = Act(Person{ID: 8, Email: "head@example.org", Name: "H", Roles: []RoleAt{{Head, 0}}})
	secretary1 = Act(Person{ID: 9, Email: "secretary@example.org", Name: "S", Roles: []RoleAt{{Secretary, 0}}})
	fin1       = Act(Person{ID: 11, Email: "finance1@example.org", Name: "F1", Roles: []RoleAt{{Finance1, 0}}})
	fin2       = Act(Person{ID: 12, Email: "finance2@example.org", Name: "F2", Roles: []RoleAt{{Finance2, 0}}})
	registrar1 = Act(Person{ID: 13, Email: "registrar@example.org", Name: "D", Roles: []RoleAt{{Registrar, 0}}})
	auditor1   = Act(Person{ID: 14, Email: "auditor@example.org", Name: "A", Roles: []RoleAt{{Auditor, 0}}})
	admin1     = Act(Person{ID: 15, Email: "admin@example.org", Name: "Ad", Roles: []RoleAt{{Admin, 0}}})
	external1  = Act(Person{ID: 16, Email: "external@example.org", Name: "E", OrgNo: "802000-0005", Roles: []RoleAt{{External, 0}}})
	stranger   = Act(Person{ID: 17, Email: "teacher2@example.org", Name: "T2", Roles: []RoleAt{{Teacher, 20}}})

	economist1 = Act(Person{ID: 18, Email: "economist@example.org", Name: "Ek", Roles: []RoleAt{{Economist, 10}}})

	everybody = []Actor{teacher1, colleague, principal1, officer1, reviewerA, reviewerB, reviewerC, head1, secretary1, fin1, fin2,
		registrar1, auditor1, admin1, external1, stranger, economist1}
)

// share reads a share that a test writes down.
func share(s string) *money.Share {
	v, err := money.ParseShare(s)
	if err != nil {
		panic(err) // a slip in a test
	}
	return &v
}

func ptr[T any](v T) *T { return &v }

// instant reads a local time of Stockholm.
func instant(t fatal, s string) time.Time {
	t.Helper()
	at, err := ParseInstant(s)
	if err != nil {
		t.Fatalf("instant: %v", err)
	}
	return at
}

func date(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err) // a slip in a test
	}
	return d
}

// world is one case, the clock and the round's ledger, as the store would keep them.
type world struct {
	t      fatal
	c      Case
	at     time.Time
	ledger map[string]int64
	events []Event
	jobs   []Job
}

// goodForm is an upper-secondary exchange of 24 pupils: every cap is known by hand.
// 24 × 3 000 + 3 × 3 000 = 81 000 per person; eligible 164 430; 75 % of it 123 322.
func goodForm() Form {
	return Form{Title: "Energi", Scheme: "skolutbyte", Round: "HT26",
		Applicant: ApplicantForm{School: "Skolan", ApplicantRole: "Lärare", ContactEmail: "teacher@example.org", ContactPhone: "0910-73 00 00", PrincipalName: "P",
			Payment: PayInto{Method: "internal", CostCentre: "6110", Project: "IF2701"}},
		Partner: Partner{Name: "Gymnázium", City: "Pardubice", Country: "Tjeckien", SisterCity: true, Contact: "J",
			LetterOfIntent: LetterOfIntent{Date: "2026-09-02"}},
		Activity: Activity{Type: "outgoing_group", Reciprocal: "Ja", Start: "2027-04-12", End: "2027-04-18", TravelDays: ptr(int64(2)),
			ProgrammeDays: ptr(int64(5)), JointShare: share("0.8"), Accommodation: "Familjer"},
		Participants: Participants{Pupils: ptr(int64(24)), Staff: ptr(int64(3)), Grades: "åk 2"},
		Text: Texts{Summary: "S", Purpose: "P", Goals: []Goal{{"G", "I"}}, CurriculumLink: "C", StrategyLink: []string{"U"},
			Preparation: "P", Programme: []ProgrammeDay{{"1", "Resa"}}, After: "A", Inclusion: "I", Risk: "R", Climate: "C", Dissemination: "D"},
		Budget:       []BudgetLine{line(1, "RES", 113400), line(2, "LOK", 8100), line(3, "BOE", 16200), line(4, "MAT", 14580), line(5, "PRG", 12150)},
		Funding:      []Funding{{Source: "Skolan", Type: "own", Amount: ptr(int64(83430)), Status: "confirmed"}},
		Requested:    ptr(int64(81000)),
		Declarations: Declarations{NoMandatoryFee: true, OtherApplications: "nej", SentByStaff: true, NoPupilData: true, PublicRecord: true}}
}

func line(n int64, code string, amount int64) BudgetLine {
	return BudgetLine{Line: n, Code: code, Text: code, Amount: ptr(amount)}
}

// newWorld begins a draft of the form in an open round.
func newWorld(t fatal, change ...func(*Form)) *world {
	t.Helper()
	form := goodForm()
	for _, f := range change {
		f(&form)
	}
	people := map[string]Person{}
	for _, a := range everybody {
		people[a.Email] = a.Person
	}
	w := &world{t: t, at: instant(t, "2026-09-10T10:00"), ledger: map[string]int64{AccAvailable: 400000, AccBudget: -400000}}
	w.c = Case{
		Scheme: seedScheme(t, "skolutbyte"),
		Round: Round{ID: "HT26", Scheme: "skolutbyte", Name: "Hösten", State: RoundPublished, OpensAt: instant(t, "2026-08-15"),
			ClosesAt: instant(t, "2026-09-30T23:59:59"), TripFrom: date("2026-12-01"), TripTo: date("2027-05-31"), Budget: 400000,
			Rules: seedRules(t, "skolutbyte")},
		School: &School{ID: 10, Name: "Skolan", Level: "gymnasieskola", Operator: "kommunal"},
		Facts:  Facts{Available: 400000, People: people, NextDNR: "IF 2026/0001"},
	}
	out, err := NewDraft(Refs{w.c.Round, w.c.Scheme, w.c.School}, teacher1, form, w.at)
	if err != nil {
		t.Fatalf("draft: %v", err)
	}
	out.App.ID = 41
	w.c.App = out.App
	return w
}

// try decides and, where it is accepted, keeps the outcome as the store would.
func (w *world) try(by Actor, cmd Command) error {
	w.t.Helper()
	before := w.c.App.Version
	out, err := Decide(w.c, by, cmd, before, w.at)
	if err != nil {
		return err
	}
	if out.App.Version != before+1 {
		w.t.Fatalf("%s: version %d after %d", cmd.Action(), out.App.Version, before)
	}
	if out.Event.Action != cmd.Action() || out.Event.From != w.c.App.State || out.Event.To != out.App.State || !out.Event.At.Equal(w.at) {
		w.t.Fatalf("%s: event %+v", cmd.Action(), out.Event)
	}
	w.c.App = out.App
	w.post(out.Entries)
	w.events = append(w.events, out.Event)
	w.jobs = append(w.jobs, out.Jobs...)
	return nil
}

// post books the entries: no account of the round but its source may go below zero.
func (w *world) post(entries []Entry) {
	w.t.Helper()
	for _, e := range entries {
		if e.Amount < 0 {
			w.t.Fatalf("negative entry %+v", e)
		}
		w.ledger[e.From] -= e.Amount
		w.ledger[e.To] += e.Amount
		if e.From != AccBudget && w.ledger[e.From] < 0 {
			w.t.Fatalf("entry %+v leaves %d", e, w.ledger[e.From])
		}
	}
	w.c.Facts.Available = w.ledger[AccAvailable]
}

func (w *world) do(by Actor, cmd Command) *world {
	w.t.Helper()
	if err := w.try(by, cmd); err != nil {
		w.t.Fatalf("%s by %s in %s: %v", cmd.Action(), by.Email, w.c.App.State, err)
	}
	return w
}

func (w *world) state(want State) *world {
	w.t.Helper()
	if w.c.App.State != want {
		w.t.Fatalf("state %s, want %s", w.c.App.State, want)
	}
	return w
}

func (w *world) on(s string) *world {
	w.t.Helper()
	w.at = instant(w.t, s)
	return w
}

func (w *world) today() Date { return DateOf(w.at) }

func (w *world) patch(s string) *world { return w.do(teacher1, &Save{Patch: []byte(s)}) }

// papers attaches what RF-13 asks for.
func (w *world) papers() *world {
	for i, kind := range []string{"letter_of_intent", "programme", "risk_assessment"} {
		w.do(teacher1, &Attach{File: Attachment{ID: int64(i + 1), Kind: kind, Name: kind + ".pdf"}})
	}
	return w
}

var goodRatings = map[string]int{"K1": 5, "K2": 4, "K3": 5, "K4": 4, "K5": 4} // 89

func comments() map[string]string {
	m := map[string]string{}
	for _, k := range []string{"K1", "K2", "K3", "K4", "K5"} {
		m[k] = "Detta är en motivering som är tillräckligt lång för regeln."
	}
	return m
}

func goodReview() *SubmitReview {
	return &SubmitReview{Ratings: goodRatings, Comments: comments()}
}

func theMeeting(w *world) *Meeting { return &Meeting{Date: w.today(), ItemNo: "§ 84"} }

func grant(amount int64, conditions ...ConditionIn) Propose {
	return Propose{Outcome: Granted, Amount: amount, Text: "Bifalls.", Conditions: conditions}
}

func refuse() Propose {
	return Propose{Outcome: Rejected, Reasons: []string{"R-QUAL"}, Text: "Avslås."}
}

// decide proposes and decides at whatever level it is.
func (w *world) decide(p Propose) *world {
	w.t.Helper()
	w.do(officer1, &p)
	return w.decideProposed(p)
}

func (w *world) decideProposed(p Propose) *world {
	w.t.Helper()
	if w.c.DecisionBody() == Delegate {
		return w.do(head1, &DecideGrant{Propose: p, DelegationItem: "IF 3.1"})
	}
	return w.do(secretary1, &DecideGrant{Propose: p, Meeting: theMeeting(w)})
}

func (w *world) verify() *world {
	return w.do(fin1, &VerifyAccount{CalledBack: true, Note: "Motringd."}).do(fin2, &VerifyAccount{CalledBack: true, Note: "Kontrollerad."})
}

// pay moves an instalment the whole way, as a batch does.
func (w *world) pay(n int) *world {
	w.t.Helper()
	return w.move(n, PayInBatch, PayExported, PaySent, PayPaid)
}

func (w *world) move(n int, to ...string) *world {
	w.t.Helper()
	for _, s := range to {
		w.do(Machine(), &MovePayment{N: n, To: s, Batch: 7, On: w.today(), Voucher: "V1"})
	}
	return w
}

func report() *SubmitReport {
	return &SubmitReport{Pupils: ptr(int64(24)), Staff: ptr(int64(3)), Start: date("2027-04-12"), End: date("2027-04-18"),
		Actual: []ActualLine{{1, 112300, "V"}, {2, 7900, "V"}, {3, 16200, "V"}, {4, 14300, "V"}, {5, 11600, "V"}},
		Texts:  map[string]string{"summary": "Bra.", "fund_named": "Ja."}}
}

// to takes the case the straight way to a state; what is given is the grant of the decision.
func (w *world) to(s State) *world {
	w.t.Helper()
	steps := []struct {
		state State
		step  func()
	}{
		{Draft, func() { w.papers() }},
		{AwaitingPrincipal, func() { w.on("2026-09-16T15:30").do(teacher1, &RequestApproval{}) }},
		{Approved, func() { w.on("2026-09-17T08:45").do(principal1, &Approve{}) }},
		{Submitted, func() { w.on("2026-09-18T14:12").do(teacher1, &Submit{}) }},
		{UnderCheck, func() { w.do(Machine(), &TakeUp{}) }},
		{UnderAssessment, func() {
			w.on("2026-10-02T10:00").do(officer1, &RuleEligibility{Eligible: true})
			w.do(officer1, &AssignReviewers{Reviewers: []string{reviewerA.Email, reviewerB.Email}})
			w.do(reviewerA, &DeclareInterest{}).do(reviewerB, &DeclareInterest{})
		}},
		{Ranked, func() {
			w.do(reviewerA, goodReview()).do(reviewerB, goodReview())
			w.do(officer1, &SetConsensus{Ratings: goodRatings, Comment: "Eniga."}).do(officer1, &Rank{})
		}},
		{Proposed, func() { w.on("2026-10-20T11:00").do(officer1, ptr(grant(Compute(w.c, w.today()).MaxGrant))) }},
		{Decided, func() { w.on("2026-11-10T10:00").decideProposed(grant(w.c.App.Proposal.Amount)) }},
		{ConditionsAccepted, func() {
			w.on("2026-11-17T08:00").do(secretary1, &RecordNotice{PostedOn: w.today()})
			w.on("2026-11-19T09:00").do(teacher1, &AcceptConditions{})
		}},
		{Payable, func() {
			w.verify().on("2027-02-11T07:00").do(officer1, &CheckAdvisory{Level: "none", Source: "UD", On: w.today()})
			w.do(Machine(), &MakePayable{})
		}},
		{Paid1, func() { w.pay(1) }},
		{Travelling, func() { w.on("2027-04-12T00:00").do(Machine(), &StartTravel{}) }},
		{ReportDue, func() { w.on("2027-04-19T00:00").do(Machine(), &EndTravel{}) }},
		{ReportSubmitted, func() { w.on("2027-06-10T15:00").do(teacher1, report()) }},
		{ReportAccepted, func() { w.do(principal1, &Approve{}).on("2027-06-16T10:00").do(officer1, &AcceptReport{}) }},
		{Settled, func() { w.do(officer1, &Settle{}) }},
		{Closed, func() { w.pay(2).do(officer1, &Close{}) }},
	}
	for _, step := range steps {
		step.step()
		w.state(step.state)
		if step.state == s {
			return w
		}
	}
	w.t.Fatalf("no straight way to %s", s)
	return w
}

// isForbidden and its like tell which refusal it is.
func isForbidden(err error, code string) bool {
	var f Forbidden
	return errors.As(err, &f) && (code == "" || f.Code == code)
}

func isWrongState(err error) bool {
	var w WrongState
	return errors.As(err, &w)
}

func isRefused(err error, code string) bool {
	var r Refused
	return errors.As(err, &r) && (code == "" || r.Code == code)
}

// faulty tells whether the field is at fault with the code.
func faulty(err error, field, code string) bool {
	var v Violations
	return errors.As(err, &v) && slices.ContainsFunc(v, func(x Violation) bool { return x.Field == field && x.Code == code })
}

func TestStraightWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Closed)
	a := w.c.App
	if a.Settlement.Entitlement != 81000 || a.Settlement.FinalPayment != 16200 || a.PaidNet() != 81000 || w.ledger[AccPaid] != 81000 || w.ledger[AccReserved] != 0 {
		t.Errorf("settlement %+v, paid %d, ledger %v", a.Settlement, a.PaidNet(), w.ledger)
	}
	if int64(len(w.events)) != a.Version-1 {
		t.Errorf("%d events for version %d", len(w.events), a.Version)
	}
}

// timeOf shortens the type of a round's extensions.
type timeOf = time.Time
