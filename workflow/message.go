package workflow

import (
	"strings"
	"time"
	"unicode/utf8"
)

// messageMax is the longest message, in characters.
const messageMax = 5000

// Talk is the newest message of a case that nobody has answered. The messages
// themselves are events of the case, so they are kept and chained with it.
type Talk struct {
	FromOffice bool      `json:"from_office"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// Message is something written between the school and the office, outside
// every completion; or, with Done, that the last one needs no answer.
type Message struct {
	Text string `json:"text"`
	Done bool   `json:"done,omitempty"`
}

// Action implements Command.
func (Message) Action() Action { return ActMessage }

func (k *Message) check(t *turn) {
	text := strings.TrimSpace(k.Text)
	switch n := utf8.RuneCountInString(text); {
	case k.Done && text == "":
		if t.App.Talk == nil {
			t.fault("done", "nothing_open")
		}
	case n == 0:
		t.fault("text", "required")
	case n > messageMax:
		t.fault("text", "too_long", "Max", messageMax)
	}
	t.noPersonalNumber("text", k.Text)
}

func (k *Message) apply(t *turn) {
	school := t.App.IsApplicant(t.by.Person) || t.by.At(Principal, t.App.SchoolID)
	text := strings.TrimSpace(k.Text)
	if text == "" {
		t.App.Talk = nil
		t.note("done", true)
		return
	}
	t.note("text", text, "from_office", !school)
	before := t.App.Talk
	t.App.Talk = &Talk{FromOffice: !school, By: t.by.Email, At: t.at}
	switch {
	case school && t.App.Officer != "":
		t.mail("other", "person:"+t.App.Officer)
	case school:
		t.mail("other", "officer")
	case before != nil && !before.FromOffice:
		t.mail("other", "applicant", "person:"+before.By) // a principal who asked is answered too
	default:
		t.mail("other", "applicant")
	}
}
