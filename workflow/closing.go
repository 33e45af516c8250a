package workflow

import "slices"

// Close ends the case when nothing is open.
type Close struct{}

func (Close) Action() Action { return ActClose }

func (Close) guard(t *turn) error {
	a := t.App
	if err := t.told(); err != nil {
		return err
	}
	if a.Recovery.Open() {
		return Refused{Code: "recovery_open"}
	}
	if a.Overpaid(0) != nil {
		return Refused{Code: "overpayment_open"}
	}
	if slices.ContainsFunc(a.Payments, func(p Payment) bool { return p.Live() || p.Failed() || p.Unsettled() }) {
		return Refused{Code: "payment_open"}
	}
	if a.ChangeOpen() != nil {
		return Refused{Code: "change_open"}
	}
	if a.Appeal != nil && a.Appeal.InTime && a.Appeal.Judgment == nil {
		return Refused{Code: "appealed"}
	}
	if a.State == Settled {
		return nil
	}
	if a.State == Decided && a.Decision.Favourable() {
		return WrongState{State: a.State, Action: ActClose}
	}
	// Rejected, dismissed and lapsed cases wait for the appeal days (KL 13:5).
	last := a.Decision.LastAppealDay
	if last.IsZero() {
		return Refused{Code: "no_notice"}
	}
	if !t.today().After(last) {
		return Refused{Code: "appeal_days", Args: map[string]any{"Day": last.String()}}
	}
	return nil
}

func (Close) apply(t *turn) { t.mail("closed", "applicant", "principal") }
