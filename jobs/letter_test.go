package jobs

import (
	"strings"
	"testing"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/notice"
)

// filedCase is a house at work with an application that waits for its decision.
func filedCase(t *testing.T) (h *house, app int64) {
	t.Helper()
	h = open(t)
	h.round()
	h.run()
	h.clock("2026-02-02T10:00:00+01:00")
	app = h.draft(outgoing())
	h.file(app)
	return h, app
}

// TestReleasedLetterIsToldOnce: held, nobody is written to and no letter is made;
// released, each is written to once, however often the jobs are delivered. A
// sample goes to who asked, and is no mail of the case.
func TestReleasedLetterIsToldOnce(t *testing.T) {
	t.Parallel()
	h, app := filedCase(t)
	if _, err := h.store.HoldRoundLetters(t.Context(), h.who("head"), "VT26", true, "Alla samtidigt."); err != nil {
		t.Fatal(err)
	}
	h.decide(app)
	h.settle()
	if c := h.read(app); !c.App.Untold() || made(c.App, notice.KindDecision, c.App.Decision.DecidedAt) != nil {
		t.Fatalf("letter %+v, documents %+v", c.App.Letter, c.App.Documents)
	}
	if n := h.mailsTo(app, "teacher@example.org", "decided") + h.mailsTo(app, "principal@example.org", "conditions_waiting"); n != 0 {
		t.Fatalf("%d mails tell of a held decision", n)
	}
	if err := h.store.SampleLetter(t.Context(), h.who("officer"), app); err != nil {
		t.Fatal(err)
	}
	h.settle()
	mails, _, err := h.store.RehearsalMail(t.Context(), "officer@example.org", 0, 100, 0)
	if err != nil {
		t.Fatal(err)
	}
	last := mails[len(mails)-1]
	if !strings.HasPrefix(last.Subject, "Prov: ") || last.Application != 0 || !strings.Contains(last.Body, "Skäl för beslutet") || strings.Contains(last.Body, "⟦") {
		t.Errorf("the sample is %q: %s", last.Subject, last.Body)
	}
	h.do(app, "officer", &workflow.ReleaseLetter{})
	h.settle()
	for _, to := range []string{"teacher@example.org", "principal@example.org"} {
		for _, kind := range []string{"decided", "conditions_waiting"} {
			if n := h.mailsTo(app, to, kind); n != 1 {
				t.Errorf("%s got %d mails of the kind %s", to, n, kind)
			}
		}
	}
	if c := h.read(app); made(c.App, notice.KindDecision, c.App.Decision.DecidedAt) == nil {
		t.Error("the released letter was not made")
	}
}

// TestLetterThatLacksWordsIsNotToldOf: neither letter nor mail goes out where a place of the letter is empty.
func TestLetterThatLacksWordsIsNotToldOf(t *testing.T) {
	t.Parallel()
	h, app := filedCase(t)
	h.decide(app)
	c := h.read(app)
	r := bare()
	r.store = h.store
	if err := r.letterHolds(t.Context(), c, sql.Job{Application: app}); err != nil {
		t.Fatalf("a whole letter: %v", err)
	}
	c.App.Decision.Text = " "
	if err := r.letterHolds(t.Context(), c, sql.Job{Application: app}); err == nil || !strings.Contains(err.Error(), "lacks words") {
		t.Errorf("a letter without a reason: %v", err)
	}
}

// TestLettersSayTheOfficesOwnWords: words that the office chose stand in letters made after that,
// and the program's stand there again when they are given back.
func TestLettersSayTheOfficesOwnWords(t *testing.T) {
	t.Parallel()
	h, app := filedCase(t)
	h.decide(app)
	h.settle()
	sample := func() string {
		t.Helper()
		if err := h.store.SampleLetter(t.Context(), h.who("officer"), app); err != nil {
			t.Fatal(err)
		}
		h.settle()
		mails, _, err := h.store.RehearsalMail(t.Context(), "officer@example.org", 0, 100, 0)
		if err != nil {
			t.Fatal(err)
		}
		return mails[len(mails)-1].Body
	}
	say := func(sv, en string) {
		t.Helper()
		if err := h.store.AddText(t.Context(), h.who("admin"), sql.StandingText{Key: "notice.questions.text", SV: sv, EN: en}); err != nil {
			t.Fatal(err)
		}
	}
	program := sample()
	say("Ring växeln om {{.DNR}}. {{.Email}}", "Call us about {{.DNR}}. {{.Email}}")
	dnr := h.read(app).App.DNR
	if body := sample(); !strings.Contains(body, "Ring växeln om "+dnr+".") || strings.Contains(body, "⟦") {
		t.Errorf("the own words are not in the letter: %s", body)
	}
	say("", "")
	if body := sample(); body != program {
		t.Errorf("the program's words are not back: %s", body)
	}
	if err := h.store.AddText(t.Context(), h.who("officer"), sql.StandingText{Key: "notice.questions.text", SV: "x", EN: "x"}); err == nil {
		t.Error("an officer changed the words of letters")
	}
}

// TestSecondDecisionAtTheSameInstantHasItsLetter: while the clock stands still, a decision that a court annuls and the
// new one have the same instant. Each has its own letter all the same, and those who applied are told of both.
func TestSecondDecisionAtTheSameInstantHasItsLetter(t *testing.T) {
	t.Parallel()
	h, app := filedCase(t)
	h.decide(app)
	h.settle()
	day := workflow.DateOf(h.read(app).App.Decision.DecidedAt)
	h.do(app, "registrar", &workflow.RecordAppeal{ReceivedOn: day})
	h.do(app, "registrar", &workflow.RecordJudgment{On: day, Outcome: "annulled"})
	h.do(app, "officer", &workflow.RuleEligibility{Eligible: true})
	h.do(app, "officer", &workflow.Rank{})
	grant := workflow.Propose{Outcome: workflow.PartiallyGranted, Amount: 20000, Text: "Efter domen.", Reasons: []string{"R-COST"}}
	h.do(app, "officer", &grant)
	h.do(app, "head", &workflow.DecideGrant{Propose: grant, DelegationItem: "4.2"})
	h.settle()
	a := h.read(app).App
	if !a.Annulled[0].DecidedAt.Equal(a.Decision.DecidedAt) {
		t.Fatalf("decided at %s and %s: the clock did not stand still", a.Annulled[0].DecidedAt, a.Decision.DecidedAt)
	}
	first, second := notice.LetterOf(a, 1), notice.LetterOf(a, 2)
	if first == nil || second == nil || first.ID == second.ID || first.SHA256 == second.SHA256 {
		t.Fatalf("letters %+v and %+v", first, second)
	}
	if n := h.mailsTo(app, "teacher@example.org", "decided"); n != 2 {
		t.Errorf("%d mails tell of two decisions", n)
	}
}
