package workflow

import "testing"

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
