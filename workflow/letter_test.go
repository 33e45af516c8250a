package workflow

import (
	"errors"
	"slices"
	"testing"
)

// kinds are the kinds of jobs and mails that the newest step asked for.
func (w *world) asked() (kinds []string) {
	for _, j := range w.jobs {
		kind := j.Kind
		if k, ok := j.Data["kind"].(string); ok {
			kind += " " + k
		}
		kinds = append(kinds, kind)
	}
	return kinds
}

var telling = []string{JobDecisionLetter, "mail decided", "mail conditions_waiting", JobAcceptReminder, JobAcceptEnd}

func told(kinds []string) (n int) {
	for _, k := range telling {
		if slices.Contains(kinds, k) {
			n++
		}
	}
	return n
}

// TestHeldLetterTellsNobody: a held letter leaves the decision made and the money
// reserved, those who apply see a proposal, nothing runs against them; released, it
// tells once, and the days to accept run from then.
func TestHeldLetterTellsNobody(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"case", "round"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).to(Proposed)
			if how == "case" {
				w.do(officer1, &HoldLetter{Reason: "Alla samtidigt."})
				w.refused(officer1, &HoldLetter{Reason: "Igen."}, "letter_held")
			} else {
				w.c.Round.HoldLetters = "Alla samtidigt."
			}
			w.jobs = nil
			w.decideProposed(grant(81000)).state(Decided)
			if got := w.asked(); told(got) != 0 || !slices.Contains(got, JobTravelStart) {
				t.Fatalf("a held decision asks for %q", got)
			}
			c := w.c
			for _, by := range []Actor{teacher1, principal1} {
				if v := BlindFor(c, by); v.App.State != Proposed || v.App.Decision != nil || v.App.Payments != nil || SeesAssessment(v, by) {
					t.Errorf("%s sees %s %+v", by.Email, v.App.State, v.App.Decision)
				}
			}
			for _, by := range []Actor{officer1, head1, secretary1, fin1} {
				if v := BlindFor(c, by); v.App.Decision == nil {
					t.Errorf("%s does not see the decision", by.Email)
				}
			}
			w.refused(principal1, &AcceptConditions{}, "letter_held")
			w.refused(teacher1, &Decline{}, "letter_held")
			w.refused(officer1, &Correct{Was: "1", Is: "2", Reason: "x"}, "letter_held")
			w.refused(officer1, &Lapse{Reason: "x"}, "letter_held")
			w.refused(officer1, &Close{}, "letter_held")
			w.do(registrar1, &RecordNotice{PostedOn: w.today()})
			w.on("2027-01-10T09:00")
			w.jobs = nil
			w.do(officer1, &ReleaseLetter{})
			if got := w.asked(); told(got) != len(telling) {
				t.Fatalf("released, it asks for %q", got)
			}
			c = w.c
			if got, want := c.AcceptBy(), w.today().AddDays(c.Round.Rules.AcceptanceDays); got != want {
				t.Errorf("to accept by %s, want %s", got, want)
			}
			if v := BlindFor(c, teacher1); v.App.Decision == nil {
				t.Error("the teacher does not see the released decision")
			}
			w.refused(officer1, &ReleaseLetter{}, "no_letter_held")
			w.do(principal1, &AcceptConditions{}).state(ConditionsAccepted)
		})
	}
}

// TestReleaseBeforeTheDecision: then the letter goes with the decision, as ever.
func TestReleaseBeforeTheDecision(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Proposed).do(officer1, &HoldLetter{Reason: "Vänta."}).do(head1, &ReleaseLetter{})
	w.jobs = nil
	w.decideProposed(grant(81000))
	if got := w.asked(); told(got) != len(telling) || w.c.App.Letter != nil {
		t.Errorf("it asks for %q", got)
	}
}

func (w *world) refused(by Actor, cmd Command, code string) {
	w.t.Helper()
	_, err := Decide(w.c, by, cmd, w.c.App.Version, w.at)
	var r Refused
	if !errors.As(err, &r) || r.Code != code {
		w.t.Fatalf("%s by %s: %v, want %s", cmd.Action(), by.Email, err, code)
	}
}
