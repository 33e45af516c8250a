package workflow

import (
	"slices"
	"strings"
	"time"
)

// InviteWriter lets a colleague at the same school write with the applicant.
type InviteWriter struct {
	Email string `json:"email"`
}

func (InviteWriter) Action() Action    { return ActInvite }
func (k InviteWriter) Names() []string { return []string{k.Email} }

func (k *InviteWriter) check(t *turn) {
	p, ok := t.Facts.People[k.Email]
	if !ok || !p.At(Teacher, t.App.SchoolID) {
		t.fault("email", "no_colleague")
	}
}

func (k *InviteWriter) apply(t *turn) {
	p := t.Facts.People[k.Email]
	if !slices.Contains(t.App.Writers, p.ID) {
		t.App.Writers = append(t.App.Writers, p.ID)
	}
	t.note("writer", p.Email)
}

// Submit files the application: from now on it is received (FL 22 §) and public.
// Arrived is when the request reached the service; zero: now. It counts, and
// not when its turn came.
type Submit struct {
	Arrived time.Time `json:"-"`
}

// longestWait is how long before its turn a request may have arrived.
const longestWait = 2 * time.Minute

// received is when the filing counts as received.
func (k Submit) received(at time.Time) time.Time {
	if k.Arrived.IsZero() || k.Arrived.After(at) || at.Sub(k.Arrived) > longestWait {
		return at
	}
	return k.Arrived
}

func (Submit) Action() Action { return ActSubmit }

func (Submit) guard(t *turn) error {
	if t.Round.ID != "" && !t.Round.Open(t.at) {
		return Refused{Code: "round_not_open", Args: map[string]any{"Round": t.Round.Called()}}
	}
	return nil
}

func (Submit) check(t *turn) { t.faults = append(t.faults, t.stops()...) }

func (k Submit) apply(t *turn) { t.file(k.received(t.at)) }

// file makes the first unchangeable version, numbers the case and sets off what follows.
func (t *turn) file(received time.Time) {
	a := &t.App
	a.ReceivedAt, a.DNR = received, t.Facts.NextDNR
	a.Unapproved = t.Scheme.NeedsPrincipal && a.Approval == nil
	t.newVersion(received)
	t.job(JobTakeUp, t.at)
	t.job(JobReceipt, t.at)
	t.mail("receipt", "applicant", "principal")
	if a.Unapproved {
		t.mail("principal_asked", "principal")
	}
	t.note("dnr", a.DNR, "received_at", received.Format(time.RFC3339))
}

func (t *turn) newVersion(received time.Time) {
	t.App.Filed = append(t.App.Filed, Filed{N: len(t.App.Filed) + 1, ReceivedAt: received, Requested: num(t.App.Form.Requested), Money: t.App.Form.Money()})
	t.filed = true
}

// TakeUp is the machine's first step with a filed case.
type TakeUp struct{}

func (TakeUp) Action() Action { return ActTakeUp }

// Withdraw takes the application back, any time before the decision (RF-26).
type Withdraw struct {
	Reason string `json:"reason"`
}

func (Withdraw) Action() Action { return ActWithdraw }

func (k *Withdraw) check(t *turn) { t.noPersonalNumber("reason", k.Reason) }

func (k *Withdraw) apply(t *turn) {
	t.note("reason", k.Reason)
	t.App.Proposal = nil
	if t.App.IsFiled() {
		t.mail("other", "officer")
		t.relieve(nil)
	}
}

// Discontinue closes a withdrawn case without examination.
type Discontinue struct {
	Reason string `json:"reason"`
}

func (Discontinue) Action() Action { return ActDiscontinue }

func (k *Discontinue) guard(t *turn) error {
	if !t.App.IsFiled() {
		return Refused{Code: "never_filed"}
	}
	if t.App.Recovery.Open() { // of an annulled decision: what was paid under it is still to come back
		return Refused{Code: "recovery_open"}
	}
	if t.App.Overpaid(0) != nil {
		return Refused{Code: "overpayment_open"}
	}
	return nil
}

func (k *Discontinue) check(t *turn) { t.noPersonalNumber("reason", k.Reason) }

func (k *Discontinue) apply(t *turn) {
	t.note("reason", k.Reason)
	t.mail("closed", "applicant")
}

// Register attaches the outside diary's number.
type Register struct {
	DNR string `json:"dnr"`
}

func (Register) Action() Action { return ActRegister }

func (k *Register) check(t *turn) { t.needText("dnr", k.DNR) }

func (k *Register) apply(t *turn) {
	t.note("dnr", k.DNR, "before", t.App.DNR)
	t.App.DNR = strings.TrimSpace(k.DNR)
}

// needText notes a missing text, and personal numbers in one (RF-25).
func (t *turn) needText(field, text string) {
	if strings.TrimSpace(text) == "" {
		t.fault(field, "required")
		return
	}
	t.noPersonalNumber(field, text)
}

func (t *turn) noPersonalNumber(field, text string) {
	if _, _, found := FindPersonalNumber(text); found {
		t.ruleFault("RF-25", field, "personal_number")
	}
}
