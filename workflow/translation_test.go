package workflow

import (
	"slices"
	"strings"
	"testing"
)

// TestTranslationFollowsTheLanguageAskedFor: Finnish and Sámi begin a task with the
// decision, for who prepares the case; the languages that the service writes don't.
func TestTranslationFollowsTheLanguageAskedFor(t *testing.T) {
	t.Parallel()
	for wish, want := range map[string]bool{"": false, "sv": false, "en": false, "fi": true, "se": true} {
		w := newWorld(t).to(Proposed)
		w.c.App.Form.Applicant.Language = wish
		x := w.decideProposed(grant(81000)).c.App.Translation
		if x.Open() != want || want && (x.Lang != wish || x.DueOn != w.today().AddDays(translationDays) || w.c.App.Translator() != officer1.Email) {
			t.Errorf("%q: %+v, seen to by %q", wish, x, w.c.App.Translator())
		}
	}
	w := newWorld(t).to(Proposed)
	w.c.App.Form.Applicant.Language = "fi"
	w.do(head1, &HoldLetter{Reason: "Alla samtidigt."}).decideProposed(grant(81000))
	if w.c.App.Translation != nil {
		t.Error("a decision that nobody is told of is to be translated already")
	}
	w.refused(officer1, &OrderTranslation{Lang: "fi"}, "letter_held")
	if w.do(officer1, &ReleaseLetter{}); !w.c.App.Translation.Open() {
		t.Error("the released letter begins no translation")
	}
}

// TestTranslationIsOrderedEnteredAndSent: by hand for whoever asks, given on, refused
// where words are missing, and told to the applicant once, with its letter.
func TestTranslationIsOrderedEnteredAndSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Decided)
	w.refused(officer1, &EnterTranslation{Title: "Päätös", Text: "Myönnetään."}, "no_translation_open")
	for _, x := range []struct {
		cmd         OrderTranslation
		field, code string
	}{{OrderTranslation{}, "lang", "required"}, {OrderTranslation{Lang: "de"}, "lang", "choice"}, {OrderTranslation{Lang: "fi", DueOn: w.today().AddDays(-1)}, "due_on", "in_past"},
		{OrderTranslation{Lang: "fi", To: fin1.Email}, "to", "no_letter_hand"}, {OrderTranslation{Lang: "fi", To: "nobody@example.org"}, "to", "no_letter_hand"}} {
		if err := w.try(officer1, &x.cmd); !faulty(err, x.field, x.code) {
			t.Errorf("%+v: %v", x.cmd, err)
		}
	}
	if err := w.try(fin1, &OrderTranslation{Lang: "fi"}); !isForbidden(err, "") {
		t.Errorf("finance orders: %v", err)
	}
	w.do(officer1, &OrderTranslation{Lang: "fi"}).do(head1, &OrderTranslation{Lang: "fi", To: secretary1.Email, DueOn: w.today().AddDays(3)})
	if who := w.c.App.Translator(); who != secretary1.Email || !slices.Contains(w.asked(), "mail other") {
		t.Errorf("given on to %q, with %q", who, w.asked())
	}
	for _, x := range []struct {
		cmd         EnterTranslation
		field, code string
	}{{EnterTranslation{Title: " ", Text: "Myönnetään."}, "title", "required"}, {EnterTranslation{Title: "Päätös"}, "text", "required"},
		{EnterTranslation{Title: "Päätös", Text: strings.Repeat("ä", translationMax+1)}, "text", "too_long"},
		{EnterTranslation{Title: "Päätös", Text: "Oppilas 20121212-1212."}, "text", "personal_number"}} {
		if err := w.try(secretary1, &x.cmd); !faulty(err, x.field, x.code) {
			t.Errorf("%.40q: %v", x.cmd.Text, err)
		}
	}
	w.jobs = nil
	w.do(secretary1, &EnterTranslation{Title: " Päätös ", Text: "Myönnetään."})
	if x := w.c.App.Translation; x.Open() || x.Title != "Päätös" || x.EnteredBy != secretary1.Email || !slices.Equal(w.asked(), []string{JobTranslationLetter, "mail other"}) {
		t.Errorf("%+v with %q", x, w.asked())
	}
	w.refused(secretary1, &EnterTranslation{Title: "Päätös", Text: "Myönnetään."}, "no_translation_open")
	if w.c.App.Translator() != "" {
		t.Error("somebody still has to see to it")
	}
}
