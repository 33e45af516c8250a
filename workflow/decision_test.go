package workflow

import (
	"slices"
	"testing"
)

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

// TestWithdrawnWithMoneyOut: an annulled decision leaves a claim behind; when the application is then withdrawn ("before
// decided → withdrawn"), the claim can still be decided and paid, and the case isn't closed before.
func TestWithdrawnWithMoneyOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Paid1).do(registrar1, &RecordAppeal{ReceivedOn: date("2026-11-20")})
	w.do(registrar1, &RecordJudgment{On: w.today(), Outcome: "annulled"}).do(teacher1, &Withdraw{Reason: "Ny resa nästa år."}).state(Withdrawn)
	if !slices.Contains(Flags(w.c), "recovery_open") || !Sees(w.c, fin1) {
		t.Error("nobody sees the claim")
	}
	closed := func(what string) {
		t.Helper()
		if err := w.try(officer1, &Discontinue{}); !isRefused(err, "recovery_open") {
			t.Errorf("%s: %v", what, err)
		}
	}
	closed("nothing decided")
	if err := w.try(head1, &DecideRecovery{Amount: 64800, DueOn: w.today(), Reason: "x"}); !isForbidden(err, "level") {
		t.Errorf("the head above the limit: %v", err)
	}
	w.do(secretary1, &DecideRecovery{Amount: 64800, DueOn: w.today(), Reason: "x"}).state(Withdrawn)
	closed("nothing paid")
	w.do(fin1, &RecordRepayment{Amount: 64000, On: w.today(), Reference: "F"})
	closed("800 kr left")
	w.do(fin1, &WriteOffClaim{Amount: 800, Reason: "Litet."}).do(officer1, &Discontinue{}).state(Closed)
	if w.ledger[AccPaid] != 0 {
		t.Errorf("ledger %v", w.ledger)
	}
}

// TestProjectSaysHowItAgreesWithStateAid: the ground goes from the proposal to the decision, is one of those that there
// are, and is asked of no school.
func TestProjectSaysHowItAgreesWithStateAid(t *testing.T) {
	t.Parallel()
	w := cofinancing(t).do(external1, &Submit{}).do(Machine(), &TakeUp{})
	p := grant(180000)
	p.StateAid = "none of them"
	if err := w.try(officer1, &p); !faulty(err, "state_aid_basis", "choice") {
		t.Errorf("an unknown ground: %v", err)
	}
	p.StateAid = "de_minimis"
	w.do(officer1, &p)
	if got := w.c.App.Proposal.StateAid; got != "de_minimis" {
		t.Errorf("proposed on the ground %q", got)
	}
	w.do(secretary1, &DecideGrant{Propose: p, Meeting: theMeeting(w)})
	if got := w.c.App.Decision.StateAid; got != "de_minimis" {
		t.Errorf("decided on the ground %q", got)
	}
	school := newWorld(t).to(Ranked)
	p = grant(1000)
	p.StateAid = "not_aid"
	if err := school.try(officer1, &p); !faulty(err, "state_aid_basis", "choice") {
		t.Errorf("a school: %v", err)
	}
}
