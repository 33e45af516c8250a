package workflow

import "time"

// Statement is what the school was asked to say, and said, before a recovery is
// decided against it (domain 8, stage 17). It is kept with the recovery.
type Statement struct {
	Reason  string    `json:"reason,omitempty"` // what the office wants to hear about
	DueOn   Date      `json:"due_on"`
	AskedBy string    `json:"asked_by"`
	AskedAt time.Time `json:"asked_at"`
	Text    string    `json:"text,omitempty"`
	GivenBy string    `json:"given_by,omitempty"`
	GivenAt time.Time `json:"given_at"`

	// Of a statement that came as a letter or was said: the day it came, and who of the office entered it.
	ReceivedOn Date   `json:"received_on"`
	EnteredBy  string `json:"entered_by,omitempty"`
}

// Given tells whether the school has answered.
func (s *Statement) Given() bool { return s != nil && !s.GivenAt.IsZero() }

// Waited tells whether the school still has time to answer.
func (s *Statement) Waited(today Date) bool { return s != nil && !s.Given() && !today.After(s.DueOn) }

// openProposal is a proposed recovery that nobody has decided on yet.
func (t *turn) openProposal() error {
	switch r := t.App.Recovery; {
	case r == nil || r.Proposed == 0 && r.DecidedAt.IsZero():
		return Refused{Code: "no_recovery"}
	case !r.DecidedAt.IsZero():
		return Refused{Code: "recovery_decided"}
	case r.Statement.Given():
		return Refused{Code: "statement_given"}
	}
	return nil
}

// AskStatement asks the school what it says about a proposed recovery. Asked anew
// before the answer, the new day holds. Without a day it is statement_days from today.
type AskStatement struct {
	Reason string `json:"reason,omitempty"`
	DueOn  Date   `json:"due_on,omitzero"`
}

func (AskStatement) Action() Action { return ActAskStatement }

func (AskStatement) guard(t *turn) error { return t.openProposal() }

// maxStatementDays keeps a mistyped year from putting the decision off for good [P].
const maxStatementDays = 90

func (k *AskStatement) check(t *turn) {
	if k.DueOn.IsZero() {
		k.DueOn = t.today().AddDays(t.Round.Rules.StatementDays)
	}
	if last := t.today().AddDays(max(maxStatementDays, t.Round.Rules.StatementDays)); k.DueOn.After(last) {
		t.ruleFault("RF-23", "due_on", "too_far", "Day", last.String())
	}
	if k.DueOn.Before(t.today()) {
		t.fault("due_on", "in_past")
	}
	t.noPersonalNumber("reason", k.Reason)
}

func (k *AskStatement) apply(t *turn) {
	t.App.Recovery.Statement = &Statement{Reason: k.Reason, DueOn: k.DueOn, AskedBy: t.by.Email, AskedAt: t.at}
	t.mail("other", "applicant", "principal")
	t.note("due_on", k.DueOn.String(), "reason", k.Reason)
}

// GiveStatement is the school's answer, taken also after its day as long as nothing is decided.
type GiveStatement struct {
	Text string `json:"text"`
}

func (GiveStatement) Action() Action { return ActGiveStatement }

func (GiveStatement) guard(t *turn) error {
	if err := t.openProposal(); err != nil {
		return err
	}
	if t.App.Recovery.Statement == nil {
		return Refused{Code: "statement_not_asked"}
	}
	return nil
}

func (k *GiveStatement) check(t *turn) { t.needText("text", k.Text) }

func (k *GiveStatement) apply(t *turn) {
	s := t.App.Recovery.Statement
	s.Text, s.GivenBy, s.GivenAt = k.Text, t.by.Email, t.at
	t.mail("other", "officer")
}

// RecordStatement is the school's answer entered by the office: it came as a
// letter, or was said and written down (FL 9, 27 §§). On paper there is no other way.
type RecordStatement struct {
	Text       string `json:"text"`
	ReceivedOn Date   `json:"received_on"`
}

func (RecordStatement) Action() Action { return ActRecordStatement }

func (RecordStatement) guard(t *turn) error { return GiveStatement{}.guard(t) }

func (k *RecordStatement) check(t *turn) {
	t.needText("text", k.Text)
	switch {
	case k.ReceivedOn.IsZero():
		t.fault("received_on", "required")
	case k.ReceivedOn.After(t.today()):
		t.fault("received_on", "in_future")
	}
}

func (k *RecordStatement) apply(t *turn) {
	s := t.App.Recovery.Statement
	s.Text, s.GivenAt, s.ReceivedOn, s.EnteredBy = k.Text, t.at, k.ReceivedOn, t.by.Email
	t.mail("other", "officer", "decider")
	t.note("received_on", k.ReceivedOn)
}

// statement tells the office that the school is not heard yet. It stops nothing.
func (f *finder) statement() {
	r := f.c.App.Recovery
	if r == nil || r.Proposed == 0 || !r.DecidedAt.IsZero() {
		return
	}
	switch s := r.Statement; {
	case s == nil:
		f.add("RF-23", Warning, "recovery.statement", "statement_missing", "Days", f.c.Round.Rules.StatementDays)
	case s.Waited(f.today):
		f.add("RF-23", Warning, "recovery.statement", "statement_awaited", "Day", s.DueOn.String())
	}
}
