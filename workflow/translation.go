package workflow

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// TranslatedLanguages are those that a private party may have decision and
// reasons translated to on request (minority language act 8 §; domain 1.8), and
// that no program writes: Finnish and Sámi, by their codes in the form.
var TranslatedLanguages = []string{"fi", "se"}

// translationDays is how long a translation may take unless somebody says another day [P].
const translationDays = 14

// translationMax is the longest translation, in characters.
const translationMax = 30000

// Translation is the task of having a decision translated: to which language, who
// sees to it, by when; and the words, once they are there. It goes out as a letter
// of its own, beside the decision's.
type Translation struct {
	Lang      string    `json:"lang"`         // of TranslatedLanguages
	To        string    `json:"to,omitempty"` // address of who sees to it; empty: who prepares the case
	DueOn     Date      `json:"due_on"`
	OrderedBy string    `json:"ordered_by,omitempty"` // empty: by the language that the application asked for
	OrderedAt time.Time `json:"ordered_at"`

	Title     string    `json:"title,omitempty"`
	Text      string    `json:"text,omitempty"`
	EnteredBy string    `json:"entered_by,omitempty"`
	EnteredAt time.Time `json:"entered_at"`
}

// Open tells whether the translation is still to be made.
func (x *Translation) Open() bool { return x != nil && x.EnteredAt.IsZero() }

// Translator is the address of who is to see to an open translation; empty: any officer.
func (a Application) Translator() string {
	if !a.Translation.Open() {
		return ""
	}
	return cmp.Or(a.Translation.To, a.Officer)
}

// wishTranslation begins the task together with the letter, where the
// application asks for a language that has to be translated to.
func (t *turn) wishTranslation() {
	t.App.Translation = nil // of a decision that was annulled
	if wish := t.App.Form.Applicant.Language; slices.Contains(TranslatedLanguages, wish) {
		t.App.Translation = &Translation{Lang: wish, DueOn: t.today().AddDays(translationDays), OrderedAt: t.at}
		t.note("translation", wish)
	}
}

// OrderTranslation asks somebody for a translation of the decision, or gives an
// open one to somebody else or to another day. The party may ask at any time.
type OrderTranslation struct {
	Lang  string `json:"lang"`
	To    string `json:"to,omitempty"`
	DueOn Date   `json:"due_on,omitzero"`
}

// Action implements Command.
func (OrderTranslation) Action() Action { return ActOrderTranslation }

// Names implements naming.
func (k OrderTranslation) Names() []string {
	if strings.TrimSpace(k.To) == "" {
		return nil
	}
	return []string{k.To}
}

func (OrderTranslation) guard(t *turn) error {
	if t.App.Decision == nil {
		return Refused{Code: "no_decision"}
	}
	return t.told()
}

func (k *OrderTranslation) check(t *turn) {
	switch {
	case k.Lang == "":
		t.fault("lang", "required")
	case !slices.Contains(TranslatedLanguages, k.Lang):
		t.fault("lang", "choice")
	}
	if k.DueOn.IsZero() {
		k.DueOn = t.today().AddDays(translationDays)
	}
	if k.DueOn.Before(t.today()) {
		t.fault("due_on", "in_past")
	}
	if strings.TrimSpace(k.To) == "" {
		return
	}
	switch p, ok := t.Facts.People[k.To]; {
	case !ok || !HoldsLetters(Actor{Person: p}):
		t.fault("to", "no_letter_hand", "Email", k.To)
	case Barred(t.Case, p):
		t.ruleFault("RF-18", "to", "in_conflict", "Email", k.To)
	}
}

func (k *OrderTranslation) apply(t *turn) {
	t.App.Translation = &Translation{Lang: k.Lang, To: t.Facts.People[k.To].Email, DueOn: k.DueOn, OrderedBy: t.by.Email, OrderedAt: t.at}
	t.note("lang", k.Lang, "to", t.App.Translation.To, "due_on", k.DueOn)
	if who := t.App.Translator(); who != "" && who != t.by.Email {
		t.mail("other", "person:"+who)
	}
}

// EnterTranslation takes the translated words in. The letter is made of them, and
// the applicant is told, in the same step.
type EnterTranslation struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// Action implements Command.
func (EnterTranslation) Action() Action { return ActEnterTranslation }

func (EnterTranslation) guard(t *turn) error {
	switch {
	case t.App.Decision == nil:
		return Refused{Code: "no_decision"}
	case !t.App.Translation.Open():
		return Refused{Code: "no_translation_open"}
	}
	return t.told()
}

func (k *EnterTranslation) check(t *turn) {
	t.needText("title", k.Title)
	t.needText("text", k.Text)
	short := func(field, text string, most int) {
		if utf8.RuneCountInString(text) > most {
			t.fault(field, "too_long", "Max", most)
		}
	}
	short("title", k.Title, 200)
	short("text", k.Text, translationMax)
}

func (k *EnterTranslation) apply(t *turn) {
	x := *t.App.Translation
	x.Title, x.Text, x.EnteredBy, x.EnteredAt = strings.TrimSpace(k.Title), strings.TrimSpace(k.Text), t.by.Email, t.at
	t.App.Translation = &x
	t.note("lang", x.Lang, "title", x.Title, "text", x.Text)
	t.job(JobTranslationLetter, t.at)
	t.mail("other", "applicant", "principal")
}
