package workflow

// Settle fixes what the school may keep (RF-23, or RF-21 for a cancelled trip).
// The last instalment then pays the rest; with nothing left to pay it is dropped.
type Settle struct{}

func (Settle) Action() Action { return ActSettle }

func (Settle) guard(t *turn) error {
	if t.App.State != ReportAccepted && t.App.Cancelled == nil {
		return WrongState{State: t.App.State, Action: ActSettle}
	}
	if t.underWay() {
		return Refused{Code: "payment_under_way"}
	}
	if t.App.ChangeOpen() != nil {
		return Refused{Code: "change_open"}
	}
	return nil
}

func (Settle) apply(t *turn) {
	s := t.settlement()
	s.By, s.At = t.by.Email, t.at
	t.App.Settlement = &s
	t.payRest(s.FinalPayment)
	if s.Repay > 0 || t.App.Recovery.missesReport() {
		t.App.propose(s.Repay, "settlement")
	}
	t.checkPayableLater()
	t.job(JobRecheckSchool, t.at, "school", t.App.SchoolID)
	t.note("entitlement", s.Entitlement, "final_payment", s.FinalPayment, "repay", s.Repay)
}

// missesReport tells whether the machine has proposed to recover everything since no report came, or no answer to one, and nobody
// has decided on it. A settlement says what is to come back instead (RF-21): the trip of a school without a report may have been cancelled.
func (r *Recovery) missesReport() bool {
	return r != nil && r.DecidedAt.IsZero() && r.ForNoReport()
}

// Why everything is proposed to come back.
const (
	CauseNoReport   = "no_report"
	CauseUnanswered = "report_unanswered" // it was sent back with points, and not filed again
)

// ForNoReport tells whether a claim is for want of a report, or of an answer to one that was sent back.
func (r *Recovery) ForNoReport() bool {
	return r != nil && (r.Cause == CauseNoReport || r.Cause == CauseUnanswered)
}

// settlement is what Settle would fix now.
func (t *turn) settlement() Settlement { return SettlementNow(t.Case) }

// SettlementNow gives the settlement as it would be made now, for showing it before.
func SettlementNow(c Case) Settlement {
	if c.App.Cancelled != nil {
		return settle(c.App, Cancel(c).Entitlement, 0)
	}
	return SettleReport(c)
}

// payRest lets the last planned instalment pay the rest and drops the others. What the bank sent
// back of an earlier claim is then claimed no longer.
func (t *turn) payRest(rest int64) {
	t.takeBack()
	if r := t.App.Recovery; r != nil && !r.DecidedAt.IsZero() {
		t.claimLess()
	}
	last := -1
	for i, p := range t.App.Payments {
		if p.Status == PayPlanned {
			last = i
		}
	}
	for i := range t.App.Payments {
		p := &t.App.Payments[i]
		if p.Status != PayPlanned {
			continue
		}
		if i != last || rest == 0 {
			p.Status = PayDropped
			t.move("released", AccReserved, AccAvailable, p.Sum())
			continue
		}
		if d := p.Sum() - rest; d >= 0 {
			t.move("released", AccReserved, AccAvailable, d)
		} else {
			t.move("granted", AccAvailable, AccReserved, -d)
		}
		p.Pay, p.Earliest, p.Last = &rest, Date{}, true
	}
}
