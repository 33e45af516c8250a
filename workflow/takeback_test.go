package workflow

import (
	"encoding/json"
	"maps"
	"testing"
)

// bare is a case without what any step changes.
func bare(a Application) string {
	a.Version, a.Undo = 0, nil
	b, err := json.Marshal(a)
	if err != nil {
		panic(err) // plain structs always encode
	}
	return string(b)
}

// TestTakingBackLeadsToWhatWas takes each of the office's steps and takes it
// back: the case and the round's money are as they were, and the step is kept
// in the history.
func TestTakingBackLeadsToWhatWas(t *testing.T) {
	t.Parallel()
	assessed := func(w *world) *world {
		return w.to(UnderAssessment).do(reviewerA, goodReview()).do(reviewerB, goodReview())
	}
	tests := []struct {
		name string
		make func(*world) *world
		by   Actor
		cmd  func(w *world) Command
	}{
		{"eligible", at(UnderCheck), officer1, is(&RuleEligibility{Eligible: true})},
		{"not eligible", at(UnderCheck), officer1, is(&RuleEligibility{Rulings: []RuleValue{{Rule: "RF-01"}}})},
		{"assigned", at(UnderAssessment), head1, is(&AssignReviewers{Reviewers: []string{reviewerC.Email}})},
		{"consensus", assessed, officer1, is(&SetConsensus{Ratings: goodRatings, Comment: "Eniga."})},
		{"ranked", func(w *world) *world {
			return assessed(w).do(officer1, &SetConsensus{Ratings: goodRatings, Comment: "Eniga."})
		}, officer1, is(&Rank{})},
		{"proposed", at(Ranked), officer1, is(ptr(grant(81000)))},
		{"refusal proposed", at(UnderCheck), officer1, is(ptr(refuse()))},
		{"remitted", at(Proposed), secretary1, is(&RemitBack{Reason: "Mer."})},
		{"granted", at(Proposed), secretary1, func(w *world) Command { return &DecideGrant{Propose: grant(81000), Meeting: theMeeting(w)} }},
		{"rejected", at(Proposed), secretary1, func(w *world) Command { return &DecideGrant{Propose: refuse(), Meeting: theMeeting(w)} }},
		{"granted anew after an annulment", func(w *world) *world {
			w.to(Paid1).do(registrar1, &RecordAppeal{ReceivedOn: w.today()}).do(registrar1, &RecordJudgment{On: w.today(), Outcome: "annulled"})
			w.do(officer1, &RuleEligibility{Eligible: true}).do(officer1, &Rank{})
			return w.do(officer1, ptr(grant(70000)))
		}, secretary1, func(w *world) Command { return &DecideGrant{Propose: grant(70000), Meeting: theMeeting(w)} }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := tt.make(newWorld(t))
			before, money, n := bare(w.c.App), maps.Clone(w.ledger), len(w.events)
			w.do(tt.by, tt.cmd(w))
			if bare(w.c.App) == before {
				t.Fatal("the step changed nothing")
			}
			w.do(tt.by, &TakeBack{Reason: "Fel ärende."})
			if got := bare(w.c.App); got != before {
				t.Errorf("taken back:\n%s\nwant\n%s", got, before)
			}
			maps.DeleteFunc(w.ledger, func(_ string, n int64) bool { return n == 0 })
			maps.DeleteFunc(money, func(_ string, n int64) bool { return n == 0 })
			if !maps.Equal(w.ledger, money) {
				t.Errorf("money %v, want %v", w.ledger, money)
			}
			if len(w.events) != n+2 || w.events[n].Action == ActTakeBack || w.events[n+1].Data["reason"] != "Fel ärende." {
				t.Errorf("history %+v", w.events[n:])
			}
		})
	}
}

// TestStepsOnEndAreTakenBackInTurn: the newest first, and never past what somebody else did between.
func TestStepsOnEndAreTakenBackInTurn(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Proposed)
	back := &TakeBack{Reason: "Fel."}
	w.do(officer1, back).state(Ranked).do(officer1, back).state(UnderAssessment).do(officer1, back)
	if w.c.App.Consensus != nil || w.c.App.Proposal != nil {
		t.Errorf("left: %+v %+v", w.c.App.Consensus, w.c.App.Proposal)
	}
	if err := w.try(officer1, back); !isRefused(err, "nothing_to_take_back") {
		t.Errorf("a reviewer's assessment was taken back: %v", err)
	}
}

// TestWhatWasToldIsNotTakenBack: by mail, by letter, by reading, by what came later, and never without a reason.
func TestWhatWasToldIsNotTakenBack(t *testing.T) {
	t.Parallel()
	back := &TakeBack{Reason: "Fel."}
	tests := []struct {
		name string
		make func(*world) *world
		by   Actor
		cmd  Command
		ok   func(error) bool
	}{
		{"told", func(w *world) *world { w.to(Decided).c.Facts.Told = true; return w }, secretary1, back, func(err error) bool { return isRefused(err, "told_outside") }},
		{"read", func(w *world) *world { w.to(Decided).c.Facts.Shown = true; return w }, secretary1, back, func(err error) bool { return isRefused(err, "shown_outside") }},
		{"something since", func(w *world) *world { return w.to(Ranked).do(teacher1, &Message{Text: "När?"}) }, officer1, back, func(err error) bool { return isRefused(err, "nothing_to_take_back") }},
		{"the letter since", func(w *world) *world {
			return w.to(Decided).do(Machine(), &AddDocument{Document: Document{ID: 1, Kind: "decision"}})
		}, secretary1, back, func(err error) bool { return isRefused(err, "nothing_to_take_back") }},
		{"not this role's", at(Decided), officer1, back, func(err error) bool { return isForbidden(err, "role") || isWrongState(err) }},
		{"not this level's", at(Decided), head1, back, func(err error) bool { return isForbidden(err, "level") }},
		{"a remittal by the officer", func(w *world) *world { return w.to(Proposed).do(secretary1, &RemitBack{Reason: "Mer."}) }, officer1, back, func(err error) bool { return isForbidden(err, "role") }},
		{"the school", at(Ranked), teacher1, back, func(err error) bool { return isForbidden(err, "role") }},
		{"no reason", at(Ranked), officer1, &TakeBack{}, func(err error) bool { return faulty(err, "reason", "required") }},
		{"what the school was asked", askedFor, officer1, back, isWrongState},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := tt.make(newWorld(t))
			before := bare(w.c.App)
			if err := w.try(tt.by, tt.cmd); !tt.ok(err) {
				t.Errorf("got %v", err)
			}
			if bare(w.c.App) != before {
				t.Error("the case was changed")
			}
		})
	}
}
