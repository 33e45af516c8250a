package workflow

import (
	"errors"
	"slices"
	"testing"
)

// TestOrderOfRefusals makes each case wrong in everything that comes after, so
// that only the contract's order can give the answer: 404, 403 by role,
// 428/412, 409 by state, 403 by level or person, then the guards.
func TestOrderOfRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Ranked)
	bad := &DecideGrant{} // wrong in every field
	if _, err := Decide(w.c, stranger, bad, NoVersion, w.at); !errors.Is(err, ErrNotFound) {
		t.Errorf("a stranger: %v", err)
	}
	if _, err := Decide(w.c, officer1, bad, NoVersion, w.at); !isForbidden(err, "role") {
		t.Errorf("an officer: %v", err)
	}
	if _, err := Decide(w.c, head1, bad, NoVersion, w.at); !errors.Is(err, ErrNoVersion) {
		t.Errorf("no version: %v", err)
	}
	if _, err := Decide(w.c, head1, bad, 1, w.at); !errors.Is(err, ErrStale) {
		t.Errorf("stale: %v", err)
	}
	if _, err := Decide(w.c, head1, bad, AnyVersion, w.at); !isWrongState(err) {
		t.Errorf("state: %v", err)
	}
	w.do(officer1, ptr(grant(81000)))
	w.c.Facts.Blocked = true
	if _, err := Decide(w.c, head1, bad, AnyVersion, w.at); !isForbidden(err, "level") {
		t.Errorf("level: %v", err)
	}
	if _, err := Decide(w.c, secretary1, bad, AnyVersion, w.at); !isRefused(err, "blocked") {
		t.Errorf("guard: %v", err)
	}
	w.c.Facts.Blocked = false
	if _, err := Decide(w.c, secretary1, bad, AnyVersion, w.at); !faulty(err, "outcome", "choice") || !faulty(err, "meeting", "required") || !faulty(err, "text", "required") {
		t.Errorf("body: %v", err)
	}
}

// TestGuardedState: a state that only the command knows to be wrong is a wrong state too, and names what is open.
func TestGuardedState(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Travelling)
	var wrong WrongState
	if err := w.try(officer1, &Settle{}); !errors.As(err, &wrong) || !slices.Contains(wrong.Open, ActCheckAdvisory) {
		t.Errorf("settle without a report: %v, open %v", err, wrong.Open)
	}
	if err := w.try(principal1, &Approve{}); !isWrongState(err) {
		t.Errorf("approve with nothing to approve: %v", err)
	}
	w.to2(ReportDue)
	if err := w.try(head1, &DecideRecovery{Amount: 1000000}); !isWrongState(err) {
		t.Errorf("a claim that nobody proposed: %v", err)
	}
}

// to2 goes on from the state before.
func (w *world) to2(s State) {
	w.on("2027-04-19T00:00").do(Machine(), &EndTravel{}).state(s)
}

func TestCaseIsNotChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Approved)
	before := w.c.App.Form.Title
	c := w.c
	if _, err := Decide(c, teacher1, &Save{Patch: []byte(`{"title":"Annan","budget":[]}`)}, AnyVersion, w.at); err != nil {
		t.Fatal(err)
	}
	if c.App.Form.Title != before || len(c.App.Form.Budget) != 5 || c.App.State != Approved || c.App.Approval == nil {
		t.Errorf("Decide changed its argument: %+v", c.App.Form)
	}
}

func TestApproval(t *testing.T) {
	t.Parallel()
	t.Run("never one's own", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.c.App.ApplicantID, w.c.App.ApplicantEmail = principal1.ID, principal1.Email
		for i, kind := range []string{"letter_of_intent", "risk_assessment"} {
			w.do(principal1, &Attach{File: Attachment{ID: int64(i + 1), Kind: kind}})
		}
		w.do(principal1, &RequestApproval{})
		if err := w.try(principal1, &Approve{}); !isForbidden(err, "own_application") {
			t.Errorf("own: %v", err)
		}
		if err := w.try(Act(Person{ID: 99, Roles: []RoleAt{{Principal, 20}}}), &Approve{}); !errors.Is(err, ErrNotFound) {
			t.Errorf("another school's principal: %v", err)
		}
		w.do(Act(Person{ID: 98, Roles: []RoleAt{{Principal, 10}}}), &Approve{}).state(Approved)
	})
	t.Run("voided by money, and by nothing else", func(t *testing.T) {
		t.Parallel()
		for patch, want := range map[string]State{
			`{"title":"Ny"}`:                 Approved,
			`{"text":{"risk":"Mer"}}`:        Approved,
			`{"requested":81000}`:            Approved, // the same sum
			`{"funding":null}`:               Draft,
			`{"requested":80999}`:            Draft,
			`{"voluntary":100}`:              Draft,
			`{"budget":[]}`:                  Draft,
			`{"participants":{"pupils":20}}`: Approved,
		} {
			w := newWorld(t).to(Approved).patch(patch)
			if w.c.App.State != want || (w.c.App.Approval == nil) != (want == Draft) {
				t.Errorf("%s: %s with approval %v, want %s", patch, w.c.App.State, w.c.App.Approval, want)
			}
		}
	})
	t.Run("filed without", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t).to(Draft).do(teacher1, &Submit{}).do(Machine(), &TakeUp{})
		if !slices.Contains(Flags(w.c), "unapproved") || !hasFinding(w, "RF-13", "attachments.principal_approval") {
			t.Errorf("flags %v", Flags(w.c))
		}
		w.do(principal1, &Approve{}).state(UnderCheck)
		if slices.Contains(Flags(w.c), "unapproved") || hasFinding(w, "RF-13", "attachments.principal_approval") {
			t.Errorf("still %v", Flags(w.c))
		}
		if err := w.try(principal1, &Approve{}); !isWrongState(err) {
			t.Errorf("a second time: %v", err)
		}
	})
	t.Run("not for co-financing", func(t *testing.T) {
		t.Parallel()
		w := cofinancing(t)
		if err := w.try(external1, &RequestApproval{}); !isRefused(err, "no_principal_needed") {
			t.Errorf("request: %v", err)
		}
		w.do(external1, &Submit{})
		if slices.Contains(Flags(w.c), "unapproved") {
			t.Error("flagged")
		}
	})
}

func hasFinding(w *world, rule, field string) bool {
	return slices.ContainsFunc(Findings(w.c, w.today()), func(f Finding) bool {
		return f.RuleName() == rule && (field == "" || f.Field == field)
	})
}

// cofinancing is an organisation's project of 640 000 kr with a main funder applied for.
func cofinancing(t fatal) *world {
	w := newWorld(t)
	w.c.Scheme = seedScheme(t, "medfinansiering")
	w.c.School = nil
	w.c.Round = Round{ID: "MF26", Scheme: "medfinansiering", Name: "MF", State: RoundPublished, OpensAt: instant(t, "2026-01-01"), Budget: 1000000,
		Rules: seedRules(t, "medfinansiering")}
	w.ledger = map[string]int64{AccAvailable: 1000000}
	w.c.Facts.Available = 1000000
	form := goodForm()
	form.Scheme, form.Round = "medfinansiering", "MF26"
	form.Applicant = ApplicantForm{Organisation: "Föreningen", OrgNo: external1.OrgNo, ContactEmail: external1.Email,
		Payment: PayInto{Method: "bankgiro", Bankgiro: "991-2346"}}
	form.Activity.Type = "project"
	form.Budget = []BudgetLine{line(1, "PER", 500000), line(2, "PRG", 140000)}
	form.Funding = []Funding{{Source: "EU", Type: "external_grant", Amount: ptr(int64(400000)), Status: "applied"},
		{Source: "Eget", Type: "in_kind", Amount: ptr(int64(60000)), Status: "planned"}}
	form.Requested = ptr(int64(180000))
	out, err := NewDraft(Refs{w.c.Round, w.c.Scheme, nil}, external1, form, w.at)
	if err != nil {
		t.Fatalf("draft: %v", err)
	}
	out.App.ID = 42
	w.c.App = out.App
	return w
}

func TestCoFinancingGoesStraightToTheBoard(t *testing.T) {
	t.Parallel()
	w := cofinancing(t).do(external1, &Submit{}).do(Machine(), &TakeUp{})
	k := ConditionIn{Text: "Huvudfinansiären beviljar minst 320 000 kr.", DueOn: date("2026-11-30")}
	w.do(officer1, ptr(grant(180000, k))).state(Proposed)
	if body := w.c.DecisionBody(); body != Board {
		t.Fatalf("body %s", body)
	}
	if err := w.try(head1, &DecideGrant{Propose: grant(180000), DelegationItem: "1"}); !isForbidden(err, "level") {
		t.Errorf("head: %v", err)
	}
	w.do(secretary1, &DecideGrant{Propose: grant(180000, k), Meeting: theMeeting(w)}).do(external1, &AcceptConditions{})
	if !slices.Contains(Flags(w.c), "condition_open") || !unmet(w, 1, "condition_open") {
		t.Errorf("flags %v", Flags(w.c))
	}
	w.do(officer1, &RuleCondition{Condition: 1, Met: ptr(true)})
	if slices.Contains(Flags(w.c), "condition_open") || unmet(w, 1, "condition_open") {
		t.Error("still open")
	}
	// Without an assessment only co-financing may be granted from the check.
	if err := newWorld(t).to(UnderCheck).try(officer1, ptr(grant(81000))); !faulty(err, "outcome", "not_assessed") {
		t.Errorf("school exchange: %v", err)
	}
}

func unmet(w *world, n int, code string) bool {
	for _, p := range w.c.App.Payments {
		if p.N == n && p.Status != PayReplaced {
			return slices.ContainsFunc(UnmetFor(w.c, p, w.today()), func(u Unmet) bool { return u.Code == code })
		}
	}
	w.t.Fatalf("no payment %d", n)
	return false
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	ask := &RequestCompletion{Points: []Point{{"text", "Mer."}, {"budget[1].amount", "Rätta."}, {"requested", "Rätta."}}}
	open := func(t *testing.T) *world {
		return newWorld(t).to(UnderCheck).on("2026-10-02T14:00").do(officer1, ask)
	}
	t.Run("days", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		if due := w.c.App.Completion.DueOn; due != date("2026-10-16") {
			t.Errorf("due %s", due)
		}
		if err := w.try(officer1, &ExtendCompletion{Days: 8, Reason: "x"}); !faulty(err, "days", "range") {
			t.Errorf("eight days: %v", err)
		}
		w.do(officer1, &ExtendCompletion{Days: 7, Reason: "Lov."})
		if due := w.c.App.Completion.DueOn; due != date("2026-10-23") {
			t.Errorf("extended to %s", due)
		}
		if err := w.try(officer1, &ExtendCompletion{Days: 1, Reason: "x"}); !isRefused(err, "extended_already") {
			t.Errorf("twice: %v", err)
		}
		if err := w.on("2026-10-23T23:59").try(Machine(), &ExpireCompletion{}); !isRefused(err, "not_yet") {
			t.Errorf("on the day: %v", err)
		}
		w.on("2026-10-24T00:00").do(Machine(), &ExpireCompletion{}).state(UnderCheck)
		if len(w.c.App.Filed) != 1 {
			t.Errorf("%d versions though nothing was written", len(w.c.App.Filed))
		}
	})
	t.Run("half time moves with the day, once", func(t *testing.T) {
		t.Parallel()
		halves := func(w *world) (list []string) {
			for _, j := range w.jobs {
				if j.Kind == JobCompletionHalf {
					list = append(list, DateOf(j.RunAt).String()+" for "+j.Data["due_on"].(string))
				}
			}
			return list
		}
		early := open(t).on("2026-10-05T10:00").do(officer1, &ExtendCompletion{Days: 6, Reason: "Lov."})
		if got := halves(early); !slices.Equal(got, []string{"2026-10-09 for 2026-10-16", "2026-10-12 for 2026-10-22"}) {
			t.Errorf("extended before half time: %v", got)
		}
		late := open(t).on("2026-10-09T07:00").do(officer1, &ExtendCompletion{Days: 6, Reason: "Lov."})
		if got := halves(late); len(got) != 1 {
			t.Errorf("extended when the reminder had gone: %v", got)
		}
	})
	t.Run("named fields only", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		for patch, field := range map[string]string{`{"title":"x"}`: "title", `{"text":{"risk":"x"},"funding":[]}`: "funding", `{"partner":{"name":"x"}}`: "partner.name"} {
			if err := w.try(teacher1, &Save{Patch: []byte(patch)}); !faulty(err, field, "not_asked_for") {
				t.Errorf("%s: %v", patch, err)
			}
		}
		w.patch(`{"text":{"risk":"Mer"}}`).patch(`{"budget":[{"line":1,"code":"RES","amount":100}]}`).patch(`{"requested":70}`)
	})
	t.Run("money asks the principal again and nothing waits", func(t *testing.T) {
		t.Parallel()
		w := open(t).patch(`{"requested":70000}`).do(teacher1, &Complete{}).state(UnderCheck)
		if !w.c.App.Unapproved || hasFinding(w, "RF-13", "attachments.principal_approval") || len(w.c.App.Filed) != 2 || w.c.App.LastRequested() != 70000 || w.c.App.HighestRequested() != 81000 {
			t.Errorf("unapproved %v, versions %+v", w.c.App.Unapproved, w.c.App.Filed)
		}
		w.do(officer1, &RuleEligibility{Eligible: true}).do(principal1, &Approve{}).state(UnderAssessment)
		if w.c.App.Unapproved {
			t.Error("still unapproved")
		}
	})
	t.Run("approval and files do not end it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t).do(teacher1, &Submit{}).do(Machine(), &TakeUp{}).do(officer1, ask)
		w.do(principal1, &Approve{}).do(teacher1, &Attach{File: Attachment{ID: 8, Kind: "letter_of_intent"}}).state(CompletionRequested)
		w.do(teacher1, &Complete{}).state(UnderCheck)
		if w.c.App.Unapproved {
			t.Error("unapproved although the principal saw this money")
		}
	})
	t.Run("what was written when the day passed is a version too", func(t *testing.T) {
		t.Parallel()
		w := open(t).patch(`{"text":{"risk":"Mer"}}`).on("2026-10-17T00:00").do(Machine(), &ExpireCompletion{})
		if len(w.c.App.Filed) != 2 || w.c.App.Unapproved {
			t.Errorf("versions %d, unapproved %v", len(w.c.App.Filed), w.c.App.Unapproved)
		}
	})
}

func TestRulingIsAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(UnderCheck)
	w.do(officer1, &RuleEligibility{Rulings: []RuleValue{{Rule: "RF-01", Met: false, Reason: "Nej."}}}).state(UnderCheck)
	if n := Compute(w.c, w.today()); n.MaxGrant != 0 || n.Suggested.Reasons[0] != "R-ELIG" {
		t.Errorf("ruled out: %+v", n)
	}
	w.do(officer1, &RuleEligibility{Eligible: true}).state(UnderAssessment)
	if n := Compute(w.c, w.today()); n.MaxGrant != 81000 {
		t.Errorf("a rule that is not named keeps the machine's finding: %+v", n)
	}
	if err := newWorld(t).to(UnderCheck).try(officer1, &RuleEligibility{Rulings: []RuleValue{{Rule: "RF-28"}}}); !faulty(err, "rulings[0].rule", "choice") {
		t.Errorf("RF-28: %v", err)
	}
}

func TestConflict(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(UnderAssessment).do(reviewerA, &SaveReview{Ratings: map[string]int{"K1": 5}})
	w.do(reviewerA, &DeclareInterest{Conflict: true, Reason: "Släkt."})
	if len(w.c.App.Voided) != 1 || w.c.App.Voided[0].Reason != "Släkt." || w.c.App.Voided[0].Ratings["K1"] != 5 || len(w.c.App.Reviews) != 1 {
		t.Errorf("voided %+v, left %+v", w.c.App.Voided, w.c.App.Reviews)
	}
	if err := w.try(reviewerA, goodReview()); !errors.Is(err, ErrNotFound) {
		t.Errorf("after the declaration: %v", err)
	}
	if err := w.try(officer1, &AssignReviewers{Reviewers: []string{reviewerA.Email}}); !faulty(err, "reviewers[0]", "in_conflict") {
		t.Errorf("assigned again: %v", err)
	}
	w.do(officer1, &AssignReviewers{Reviewers: []string{reviewerB.Email, reviewerC.Email}})
	if !slices.Contains(Flags(w.c), "coi") {
		t.Error("no flag")
	}
	w.do(head1, &DeclareInterest{Conflict: true})
	w.c.Facts.HeadConflict = true
	w.c.Round.Rules.DelegationLimit = 1000000
	if body := w.c.DecisionBody(); body != Committee {
		t.Errorf("head in conflict: %s", body)
	}
	w.c.Facts.HeadConflict = false
	if body := w.c.DecisionBody(); body != Delegate {
		t.Errorf("head free: %s", body)
	}
	// Somebody who is not in the case yet may say so too, and nobody outside the office may.
	w.do(fin1, &DeclareInterest{Conflict: true})
	if err := w.try(fin1, &DeclareInterest{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("it is gone: %v", err)
	}
	if err := w.try(teacher1, &DeclareInterest{}); !isForbidden(err, "role") {
		t.Errorf("applicant: %v", err)
	}
}

func TestReviews(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(UnderCheck).do(officer1, &RuleEligibility{Eligible: true})
	w.do(officer1, &AssignReviewers{Reviewers: []string{reviewerA.Email, reviewerB.Email}})
	if err := w.try(reviewerA, goodReview()); !isRefused(err, "declare_first") {
		t.Errorf("undeclared: %v", err)
	}
	w.do(reviewerA, &DeclareInterest{}).do(reviewerB, &DeclareInterest{})
	short := goodReview()
	short.Comments = comments()
	short.Comments["K2"] = "kort"
	if err := w.try(reviewerA, short); !faulty(err, "comments.K2", "comment_short") {
		t.Errorf("short: %v", err)
	}
	high := &SubmitReview{Ratings: map[string]int{"K1": 6, "K2": -1, "K3": 1, "K4": 1}, Comments: comments()}
	if err := w.try(reviewerA, high); !faulty(err, "ratings.K1", "range") || !faulty(err, "ratings.K2", "range") || !faulty(err, "ratings.K5", "required") {
		t.Errorf("six: %v", err)
	}
	w.do(reviewerA, goodReview())
	if err := w.try(reviewerA, goodReview()); !isRefused(err, "review_done") {
		t.Errorf("twice: %v", err)
	}
	if err := w.try(officer1, &SetConsensus{Ratings: goodRatings, Comment: "x"}); !isRefused(err, "reviews_missing") {
		t.Errorf("one of two: %v", err)
	}
	if err := w.try(officer1, &Rank{}); !isRefused(err, "no_consensus") {
		t.Errorf("rank: %v", err)
	}
	w.do(reviewerB, &SubmitReview{Ratings: map[string]int{"K1": 3, "K2": 3, "K3": 3, "K4": 3, "K5": 3}, Comments: comments()})
	if s := Assess(w.c); s.Difference != 29 || !s.Wide || s.Total != nil {
		t.Errorf("assessment %+v", s) // 89 − 60
	}
	w.do(officer1, &SetConsensus{Ratings: map[string]int{"K1": 5, "K2": 5, "K3": 5, "K4": 5, "K5": 2}, Comment: "Eniga."})
	if s := Assess(w.c); *s.Total != 91 || *s.Passed {
		t.Errorf("91 points with a two pass: %+v", s)
	}
	w.do(officer1, &SetConsensus{Ratings: map[string]int{"K1": 3, "K2": 3, "K3": 3, "K4": 3, "K5": 3}, Comment: "Eniga."})
	if s := Assess(w.c); *s.Total != 60 || !*s.Passed {
		t.Errorf("60 points: %+v", s)
	}
}

func TestDecisionBody(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		requested, proposed int64
		want                string
	}{{50000, 0, Delegate}, {50001, 0, Committee}, {50001, 40000, Committee}, {40000, 50000, Delegate}, {40000, 50001, Committee}} {
		w := newWorld(t)
		w.c.App.Form.Requested = ptr(k.requested)
		if k.proposed > 0 {
			w.c.App.Proposal = &Proposal{Amount: k.proposed}
		}
		if got := w.c.DecisionBody(); got != k.want {
			t.Errorf("%d requested, %d proposed: %s, want %s", k.requested, k.proposed, got, k.want)
		}
	}
	// The last requested sum counts, not the highest.
	w := newWorld(t).to(UnderCheck).do(officer1, &RequestCompletion{Points: []Point{{"requested", "x"}}})
	w.patch(`{"requested":10000}`).do(teacher1, &Complete{})
	if got := w.c.DecisionBody(); got != Delegate {
		t.Errorf("after a lower sum: %s", got)
	}
}

func TestGrantingMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Proposed)
	over := &DecideGrant{Propose: grant(81001), Meeting: theMeeting(w)}
	if err := w.try(secretary1, over); !faulty(err, "amount", "over_max_grant") {
		t.Errorf("more than max_grant: %v", err)
	}
	w.c.Facts.Available = 80999
	if err := w.try(secretary1, &DecideGrant{Propose: grant(81000), Meeting: theMeeting(w)}); !faulty(err, "amount", "over_budget") {
		t.Errorf("more than the budget: %v", err)
	}
	w.c.Facts.Available = 81000
	w.c.Facts.SchoolGrants = 1
	if err := w.try(secretary1, &DecideGrant{Propose: grant(81000), Meeting: theMeeting(w)}); !faulty(err, "outcome", "grants_per_school") {
		t.Errorf("second grant: %v", err)
	}
	for _, outcome := range []string{Rejected, Dismissed} {
		if err := w.try(secretary1, &DecideGrant{Propose: Propose{Outcome: outcome, Text: "x"}, Meeting: theMeeting(w)}); !faulty(err, "reasons", "need_reason") {
			t.Errorf("%s without a coded reason: %v", outcome, err)
		}
	}
	if err := w.try(secretary1, &DecideGrant{Propose: Propose{Outcome: Rejected, Amount: 1, Text: "x"}, Meeting: theMeeting(w)}); !faulty(err, "amount", "zero") {
		t.Errorf("rejected with a sum: %v", err)
	}
	w.do(secretary1, &DecideGrant{Propose: refuse(), Meeting: theMeeting(w)}) // another outcome than proposed
	if len(w.c.App.Payments) != 0 || w.ledger[AccReserved] != 0 {
		t.Error("a refusal reserved money")
	}
	if err := w.try(teacher1, &AcceptConditions{}); !isRefused(err, "nothing_granted") {
		t.Errorf("accept: %v", err)
	}
}

func TestRemitKeepsTheAssessment(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Proposed)
	if err := w.try(head1, &RemitBack{Reason: "x"}); !isForbidden(err, "level") {
		t.Errorf("head above the limit: %v", err)
	}
	w.do(secretary1, &RemitBack{Reason: "Mer."})
	if w.c.App.Proposal != nil || w.c.App.Eligible != nil || len(w.c.App.Reviews) != 2 || w.c.App.Consensus == nil {
		t.Errorf("kept: %+v", w.c.App)
	}
	if err := w.try(officer1, &Rank{}); !isWrongState(err) {
		t.Errorf("rank before a ruling: %v", err)
	}
	w.do(officer1, &RuleEligibility{Eligible: true}).do(officer1, &Rank{}).state(Ranked)
}

func TestAppeal(t *testing.T) {
	t.Parallel()
	rejected := func(t *testing.T) *world {
		w := newWorld(t).to(Ranked).on("2026-11-05T09:00").decide(refuse()).state(Decided)
		return w.on("2026-11-24T15:00").do(secretary1, &RecordNotice{PostedOn: date("2026-11-24")})
	}
	t.Run("days", func(t *testing.T) {
		t.Parallel()
		w := rejected(t)
		d := w.c.App.Decision
		if d.LastAppealDay != date("2026-12-15") || w.c.App.LegalForceOn() != date("2026-12-15") {
			t.Errorf("%+v", d)
		}
		if err := w.on("2026-12-15T23:59").try(officer1, &Close{}); !isRefused(err, "appeal_days") {
			t.Errorf("on the last day: %v", err)
		}
		w.on("2026-12-16T00:00").do(officer1, &Close{}).state(Closed)
	})
	t.Run("in time", func(t *testing.T) {
		t.Parallel()
		w := rejected(t).on("2026-12-20T09:00").do(registrar1, &RecordAppeal{ReceivedOn: date("2026-12-15")})
		if !w.c.App.Appeal.InTime || !w.c.App.LegalForceOn().IsZero() || !slices.Contains(Flags(w.c), "appealed") {
			t.Errorf("%+v", w.c.App.Appeal)
		}
		if err := w.try(officer1, &Close{}); !isRefused(err, "appealed") {
			t.Errorf("close: %v", err)
		}
		w.do(registrar1, &RecordAppeal{ReceivedOn: date("2026-12-18")}) // another member's, too late
		if !slices.Contains(Flags(w.c), "appealed") {
			t.Error("a late appeal pushed aside the one that is tried")
		}
		w.on("2027-03-10T09:00").do(registrar1, &RecordJudgment{On: date("2027-03-10"), Outcome: "upheld"})
		if w.c.App.LegalForceOn() != date("2027-03-10") || slices.Contains(Flags(w.c), "appealed") || w.c.App.Decision.Outcome != Rejected {
			t.Errorf("after the judgment: %s", w.c.App.LegalForceOn())
		}
		w.do(officer1, &Close{})
	})
	t.Run("late", func(t *testing.T) {
		t.Parallel()
		w := rejected(t).on("2026-12-20T09:00").do(registrar1, &RecordAppeal{ReceivedOn: date("2026-12-16")})
		if w.c.App.Appeal.InTime || w.c.App.LegalForceOn() != date("2026-12-15") || slices.Contains(Flags(w.c), "appealed") {
			t.Errorf("%+v", w.c.App.Appeal)
		}
		w.do(officer1, &Close{})
	})
	t.Run("no notice", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t).to(Ranked).on("2026-11-05T09:00").decide(refuse())
		if err := w.on("2027-11-05T09:00").try(officer1, &Close{}); !isRefused(err, "no_notice") || !w.c.App.LegalForceOn().IsZero() {
			t.Errorf("close: %v", err)
		}
	})
	t.Run("annulled after everything was paid and settled", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t).to(ConditionsAccepted).do(registrar1, &RecordAppeal{ReceivedOn: date("2026-11-18")})
		if !unmet(w, 1, "appeal_stop") {
			t.Error("paid while appealed")
		}
		w = newWorld(t).to(Settled).pay(2).do(registrar1, &RecordAppeal{ReceivedOn: date("2026-11-18")})
		w.do(registrar1, &RecordJudgment{On: w.today(), Outcome: "annulled"}).state(UnderCheck)
		a := w.c.App
		if a.Recovery.Proposed != 81000 || a.Decision != nil || len(a.Annulled) != 1 || a.Settlement != nil || a.Report != nil || a.Appeal.Judgment == nil {
			t.Fatalf("after the annulment: %+v", a)
		}
		w.do(officer1, &RuleEligibility{Eligible: true}).do(officer1, &Rank{}).decide(grant(80000)).state(Decided)
		if w.ledger[AccReserved] != 0 || w.c.App.Recovery == nil || w.c.App.Recovery.Proposed != 1000 {
			t.Errorf("the money is out already: reserved %d, claim %+v", w.ledger[AccReserved], w.c.App.Recovery)
		}
		w.do(secretary1, &RecordNotice{PostedOn: w.today()})
		if w.c.App.LegalForceOn() != w.today().AddDays(21) {
			t.Errorf("the new decision's own days: %s", w.c.App.LegalForceOn())
		}
	})
}

func TestPaper(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	received := instant(t, "2026-10-01T00:00:00")
	out, err := NewPaper(w.c, officer1, goodForm(), received, instant(t, "2026-10-02T09:00"))
	if err != nil {
		t.Fatal(err)
	}
	c := w.c
	c.App = out.App
	if c.App.State != Submitted || c.App.Version != 1 || !out.Filed || !c.Late() || !c.App.ReceivedAt.Equal(received) || !c.App.Unapproved {
		t.Errorf("%+v", c.App)
	}
	if !c.App.IsApplicant(teacher1.Person) || !c.App.IsApplicant(colleague.Person) || c.App.IsApplicant(stranger.Person) || c.App.IsApplicant(officer1.Person) {
		t.Error("the applicant of a paper application is every teacher of the school")
	}
	if out, err = NewPaper(w.c, officer1, goodForm(), instant(t, "2026-09-30T23:59:59.9+02:00"), instant(t, "2026-10-02T09:00")); err != nil {
		t.Fatal(err)
	}
	c.App = out.App
	if c.Late() {
		t.Error("the last second is in time")
	}
	if _, err := NewPaper(w.c, teacher1, goodForm(), received, received); !isForbidden(err, "role") {
		t.Errorf("teacher: %v", err)
	}
	if _, err := NewPaper(w.c, officer1, goodForm(), received, received.Add(-1)); !faulty(err, "received_at", "in_future") {
		t.Errorf("tomorrow: %v", err)
	}
}

func TestDraftRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := Refs{w.c.Round, w.c.Scheme, w.c.School}
	if _, err := NewDraft(refs, stranger, goodForm(), w.at); !isForbidden(err, "other_school") {
		t.Errorf("another school: %v", err)
	}
	if _, err := NewDraft(refs, officer1, goodForm(), w.at); !isForbidden(err, "role") {
		t.Errorf("officer: %v", err)
	}
	early := refs
	early.Round.OpensAt = w.at.Add(1)
	if _, err := NewDraft(early, teacher1, goodForm(), w.at); !isRefused(err, "round_not_open") {
		t.Errorf("before opening: %v", err)
	}
	early.Round.OpensAt = w.at
	if _, err := NewDraft(early, teacher1, goodForm(), w.at); err != nil {
		t.Errorf("at opening: %v", err)
	}
	late := w.at.AddDate(1, 0, 0)
	if _, err := NewDraft(refs, teacher1, goodForm(), late); err != nil {
		t.Errorf("after closing: %v", err)
	}
	refs.Round.State = RoundCancelled
	if _, err := NewDraft(refs, teacher1, goodForm(), w.at); !isRefused(err, "round_not_open") {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := NewDraft(Refs{}, teacher1, goodForm(), w.at); !faulty(err, "round", "unknown_round") {
		t.Errorf("no such round: %v", err)
	}
	if out, err := NewDraft(Refs{}, teacher1, Form{}, w.at); err != nil || out.App.State != Draft {
		t.Errorf("an empty draft: %v", err)
	}
}

func TestStops(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(*Form){
		"title":                      func(f *Form) { f.Title = " " },
		"partner.name":               func(f *Form) { f.Partner.Name = "" },
		"activity.start":             func(f *Form) { f.Activity.Start = "" },
		"activity.end":               func(f *Form) { f.Activity.End = "2027-04-11" },
		"participants.pupils":        func(f *Form) { f.Participants = Participants{} },
		"budget":                     func(f *Form) { f.Budget = nil },
		"requested":                  func(f *Form) { f.Requested = ptr(int64(-1)) },
		"applicant.payment.bankgiro": func(f *Form) { f.Applicant.Payment = PayInto{Method: "bankgiro", Bankgiro: "991-2345"} },
		"applicant.payment.plusgiro": func(f *Form) { f.Applicant.Payment = PayInto{Plusgiro: "90 91 02-7"} },
		"text.programme[0].text":     func(f *Form) { f.Text.Programme[0].Text = "Ring 19121212-1212" },
		"applicant.principal_name":   func(f *Form) { f.Applicant.PrincipalName = "19121212-1212" },
	} {
		w := newWorld(t, change)
		for _, cmd := range []Command{&Submit{}, &RequestApproval{}} {
			var v Violations
			if err := w.try(teacher1, cmd); !errors.As(err, &v) || v[0].Field != field || len(v) != 1 {
				t.Errorf("%s without %s: %v", cmd.Action(), field, err)
			}
		}
	}
	w := newWorld(t, func(f *Form) {
		*f = Form{Title: f.Title, Scheme: f.Scheme, Round: f.Round, Applicant: ApplicantForm{School: "Skolan"}, Partner: Partner{Name: "X"},
			Activity: Activity{Start: "2027-04-12", End: "2027-04-12"}, Participants: Participants{Staff: ptr(int64(1))},
			Budget: []BudgetLine{{}}, Requested: ptr(int64(0))}
	})
	w.do(teacher1, &Submit{}) // an authority takes in what arrives
	w = newWorld(t)
	w.do(teacher1, &Attach{File: Attachment{ID: 1, Kind: "other", Name: "191212121212.pdf"}})
	if err := w.try(teacher1, &Submit{}); !faulty(err, "attachments.other", "personal_number_file") {
		t.Errorf("file name: %v", err)
	}
	w = newWorld(t)
	w.c.School = nil
	w.c.App.SchoolID = 0
	if err := w.try(teacher1, &Submit{}); !faulty(err, "applicant.school", "school_unknown") {
		t.Errorf("unknown school: %v", err)
	}
}
