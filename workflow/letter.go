package workflow

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// LetterHold says that the letter of a case's decision waits: by whose word,
// why, and from when on. Until it is released nobody outside is told of the
// decision, by mail or on a page, and no time runs against the school.
type LetterHold struct {
	Reason     string    `json:"reason"`
	By         string    `json:"by"` // address; of who decided where the round or the meeting is held
	At         time.Time `json:"at"`
	ReleasedBy string    `json:"released_by,omitempty"`
	ReleasedAt time.Time `json:"released_at"`
}

// Waits tells whether the letter is held now.
func (h *LetterHold) Waits() bool { return h != nil && h.ReleasedAt.IsZero() }

// Untold tells whether a decision is made that nobody outside has been told of.
func (a Application) Untold() bool { return a.Decision != nil && a.Letter.Waits() }

// ToldAt is when the decision was told: the acceptance days run from then (RF-19).
func (a Application) ToldAt() time.Time {
	if a.Letter != nil && a.Decision != nil && a.Letter.ReleasedAt.After(a.Decision.DecidedAt) {
		return a.Letter.ReleasedAt
	}
	return a.Decision.DecidedAt
}

// AcceptBy is the last day to accept the conditions (RF-19).
func (c Case) AcceptBy() Date { return DateOf(c.App.ToldAt()).AddDays(c.Round.Rules.AcceptanceDays) }

// Veiled is the case as those who apply see it while the letter waits: proposed.
func Veiled(c Case) Case {
	c.App = c.App.Clone()
	a := &c.App
	a.State, a.Decision, a.Letter, a.Payments = Proposed, nil, nil, nil
	return c
}

// InPublic is the case as the public may know it, in statistics, registry, open
// data and yearly report alike: a decision that nobody outside has been told of,
// and that may still be taken back, is not made yet.
func (c Case) InPublic() Case {
	if c.App.Untold() || c.App.FreshDecision() {
		return Veiled(c)
	}
	return c
}

// Veils tells whether this person is outside and must not know of the decision yet.
func Veils(c Case, by Actor) bool {
	return c.App.Letter.Waits() && Outside(c, by)
}

// VeiledAction tells whether an event of that action is kept from those who
// apply while the letter waits: everything from the decision on but what they
// did themselves, and the word that holds it.
func (c Case) VeiledAction(a Action, at time.Time) bool {
	if a == ActHoldLetter || a == ActReleaseLetter {
		return true
	}
	if c.App.Decision == nil || at.Before(c.App.Decision.DecidedAt) {
		return false
	}
	return a != ActMessage && a != ActAttach
}

// told refuses what can't be done about a decision that nobody has been told of.
func (t *turn) told() error {
	if t.App.Untold() {
		return Refused{Code: "letter_held"}
	}
	return nil
}

// letterHands are those who hold letters and let them go.
var letterHands = []Who{ByOfficer, ByHead, BySecretary}

// HoldLetter keeps the letter of the coming decision until somebody releases it.
type HoldLetter struct {
	Reason string `json:"reason"`
}

func (HoldLetter) Action() Action { return ActHoldLetter }

// guard: a letter that waits already is not held twice.
func (HoldLetter) guard(t *turn) error {
	if t.App.Letter.Waits() {
		return Refused{Code: "letter_held"}
	}
	return nil
}

func (k *HoldLetter) check(t *turn) { t.needText("reason", k.Reason) }

func (k *HoldLetter) apply(t *turn) {
	t.App.Letter = &LetterHold{Reason: strings.TrimSpace(k.Reason), By: t.by.Email, At: t.at}
	t.note("reason", k.Reason)
}

// ReleaseLetter lets it go: the letter is made and the mails are written in the
// same step. Before the decision it takes back the word that held it.
type ReleaseLetter struct{}

func (ReleaseLetter) Action() Action { return ActReleaseLetter }

func (ReleaseLetter) guard(t *turn) error {
	if !t.App.Letter.Waits() {
		return Refused{Code: "no_letter_held"}
	}
	return nil
}

func (ReleaseLetter) apply(t *turn) {
	if t.App.Decision == nil {
		t.App.Letter = nil
		return
	}
	h := *t.App.Letter
	h.ReleasedBy, h.ReleasedAt = t.by.Email, t.at
	t.App.Letter = &h
	t.note("held_since", h.At)
	t.tell()
}

// holdOrTell is the end of a decision: the letter waits where somebody said so
// of this case, with the decision or before, of the whole round or of the meeting; else it goes at once.
func (t *turn) holdOrTell(why string) {
	if t.App.Letter != nil && !t.App.Letter.Waits() {
		t.App.Letter = nil // of a decision that was annulled
	}
	if reason := cmp.Or(strings.TrimSpace(why), t.Round.HoldLetters, t.Facts.MeetingHold); t.App.Letter == nil && reason != "" {
		t.App.Letter = &LetterHold{Reason: reason, By: t.by.Email, At: t.at}
	}
	if t.App.Letter != nil {
		t.note("letter", "held")
		return
	}
	t.tell()
}

// Decisions counts the case's decisions, with those that a court annulled.
func (a Application) Decisions() int {
	if a.Decision == nil {
		return len(a.Annulled)
	}
	return len(a.Annulled) + 1
}

// DecisionNumbered is the decision with that number, annulled since or not; nil where there is none.
func (a Application) DecisionNumbered(n int) *Decision {
	switch {
	case n < 1 || n > a.Decisions():
		return nil
	case n <= len(a.Annulled):
		return &a.Annulled[n-1]
	}
	return a.Decision
}

// tell makes the letter, tells those who applied, and lets the days to accept run (RF-19).
func (t *turn) tell() {
	n := t.App.Decisions()
	mail := func(kind string) {
		t.job(JobMail, t.at, "kind", kind, "to", []string{"applicant", "principal"}, "decision", n)
	}
	t.job(JobDecisionLetter, t.at, "decision", n)
	t.wishTranslation()
	mail("decided")
	if !t.App.Decision.Favourable() {
		return
	}
	mail("conditions_waiting")
	days := t.Round.Rules.AcceptanceDays
	t.job(JobAcceptReminder, t.today().AddDays(days/2).At(7, 0))
	t.job(JobAcceptEnd, t.today().AddDays(days).End())
}

// HoldsLetters tells whether the person may hold and release letters.
func HoldsLetters(by Actor) bool {
	return slices.ContainsFunc([]Role{Officer, Head, Secretary}, by.Is)
}
