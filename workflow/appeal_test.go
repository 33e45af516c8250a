package workflow

import (
	"errors"
	"testing"
)

// TestForwardingAnAppealIsNoSecondAppeal: the applicant is told once that the decision is
// appealed, not again when the day of the forwarding is added.
func TestForwardingAnAppealIsNoSecondAppeal(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Paid1)
	mails := func() (n int) {
		for _, j := range w.jobs {
			if j.Kind == JobMail {
				n++
			}
		}
		return n
	}
	w.on("2026-11-21T09:00").do(registrar1, &RecordAppeal{ReceivedOn: date("2026-11-20"), Text: "Beloppet."})
	told := mails()
	w.do(registrar1, &RecordAppeal{ReceivedOn: date("2026-11-20"), Text: "Beloppet.", ForwardedOn: date("2026-11-21")})
	if a := w.c.App.Appeal; a.ForwardedOn != date("2026-11-21") || mails() != told {
		t.Errorf("forwarded %s, mails %d, want %d", a.ForwardedOn, mails(), told)
	}
	w.do(registrar1, &RecordAppeal{ReceivedOn: date("2026-11-21")})
	if mails() != told+1 {
		t.Errorf("another appeal: mails %d, want %d", mails(), told+1)
	}
}

// TestDaysRunFromTheMeeting: what the meeting decided is sometimes noted here only when its
// notice is up already; the decision's day is the meeting's.
func TestDaysRunFromTheMeeting(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(Proposed).on("2026-11-18T09:00")
	m := theMeeting(w)
	m.Date = date("2026-11-10")
	w.do(secretary1, &DecideGrant{Propose: grant(81000), Meeting: m})
	for _, early := range []Command{&RecordNotice{PostedOn: date("2026-11-09")}, &RecordAppeal{ReceivedOn: date("2026-11-09")}} {
		if v, _ := errors.AsType[Violations](w.try(secretary1, early)); len(v) != 1 || v[0].Code != "before_decision" {
			t.Errorf("%T on the day before the meeting: %v", early, v)
		}
	}
	w.do(secretary1, &RecordNotice{PostedOn: date("2026-11-12")}).do(registrar1, &RecordAppeal{ReceivedOn: date("2026-11-16")})
	if d, a := w.c.App.Decision, w.c.App.Appeal; d.LastAppealDay != date("2026-12-03") || !a.InTime {
		t.Errorf("last day %s, appeal %+v", d.LastAppealDay, a)
	}
}
