package workflow

import "slices"

// ReportCancellation tells that the trip does not happen, and again when the papers have come (RF-21).
type ReportCancellation struct {
	Cause           string `json:"cause"`
	UnavoidableCost int64  `json:"unavoidable_cost"`
	Refunds         int64  `json:"refunds"`
	Reason          string `json:"reason"`
}

func (ReportCancellation) Action() Action { return ActReportCancellation }

func (k *ReportCancellation) check(t *turn) {
	if !slices.Contains([]string{"own", "outside"}, k.Cause) {
		t.fault("cause", "choice")
	}
	if k.UnavoidableCost < 0 {
		t.fault("unavoidable_cost", "negative")
	}
	if k.Refunds < 0 {
		t.fault("refunds", "negative")
	}
	t.needText("reason", k.Reason)
}

func (k *ReportCancellation) apply(t *turn) {
	t.App.Cancelled = &Cancellation{Cause: k.Cause, UnavoidableCost: k.UnavoidableCost, Refunds: k.Refunds, Reason: k.Reason, At: t.at}
	t.overtakeChange("cancelled")
	t.mail("other", "officer")
	t.note("cause", k.Cause, "unavoidable_cost", k.UnavoidableCost, "refunds", k.Refunds, "reason", k.Reason)
}
