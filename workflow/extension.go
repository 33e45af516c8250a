package workflow

import "time"

// ReportExtension is more time for the report (RF-22), given by an officer with a reason.
type ReportExtension struct {
	DueOn  Date      `json:"due_on"`
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// ReportDueOn is the day by which the report must come: so many days after the
// last of the trip, or the day of the newest extension where that is later. It is
// zero while the trip has no days.
func (c Case) ReportDueOn() Date {
	_, end, ok := c.App.Form.Activity.Days()
	if !ok {
		return Date{}
	}
	due := end.AddDays(c.Round.Rules.ReportDays)
	if n := len(c.App.ReportExtensions); n > 0 && c.App.ReportExtensions[n-1].DueOn.After(due) {
		return c.App.ReportExtensions[n-1].DueOn
	}
	return due
}

// ExtendReport gives more time for the report, or for mending one that was sent
// back. Every reminder follows, and a block that the delay led to is lifted.
type ExtendReport struct {
	DueOn  Date   `json:"due_on"`
	Reason string `json:"reason"`
}

func (ExtendReport) Action() Action { return ActExtendReport }

func (ExtendReport) guard(t *turn) error {
	if t.App.Cancelled != nil {
		return Refused{Code: "cancelled"}
	}
	if r := t.App.Recovery; r != nil && !r.DecidedAt.IsZero() {
		return Refused{Code: "recovery_decided"}
	}
	return nil
}

// ReportDay is the day that now holds: that of the return where the report was sent back and has more time so.
func (c Case) ReportDay() Date {
	due := c.ReportDueOn()
	if r := c.App.Report; c.App.State == ReportReturned && r != nil && r.ReturnDueOn.After(due) {
		return r.ReturnDueOn
	}
	return due
}

func (k *ExtendReport) check(t *turn) {
	now := t.ReportDay()
	switch {
	case k.DueOn.IsZero():
		t.fault("due_on", "required")
	case k.DueOn.Before(t.today()):
		t.fault("due_on", "in_past")
	case !k.DueOn.After(now):
		t.ruleFault("RF-22", "due_on", "report_not_later", "Day", now.String())
	case k.DueOn.After(t.today().AddDays(maxReportExtension)):
		t.ruleFault("RF-22", "due_on", "too_far", "Day", t.today().AddDays(maxReportExtension).String())
	}
	t.needText("reason", k.Reason)
}

// maxReportExtension keeps a mistyped year from putting a report off for good: 180 days at a time [P].
const maxReportExtension = 180

func (k *ExtendReport) apply(t *turn) {
	a := &t.App
	a.ReportExtensions = append(a.ReportExtensions, ReportExtension{DueOn: k.DueOn, Reason: k.Reason, By: t.by.Email, At: t.at})
	if a.State == ReportReturned && k.DueOn.After(a.Report.ReturnDueOn) {
		a.Report.ReturnDueOn = k.DueOn
	}
	if r := a.Recovery; r != nil && r.ForNoReport() {
		a.Recovery = nil // proposed for want of a report that now has more time
	}
	t.reportJobs()
	t.job(JobRecheckSchool, t.at, "school", a.SchoolID)
	t.mail("other", "applicant", "principal")
	t.note("due_on", k.DueOn.String(), "reason", k.Reason)
}

// reportJobs arms every reminder of the report, the block and the proposal of
// recovery for the day that now holds. Those armed for another day find that out
// when their time comes. What would already be past is not made up for.
func (t *turn) reportJobs() {
	due, r := t.ReportDueOn(), t.Round.Rules
	if due.IsZero() {
		return
	}
	for _, offset := range r.ReportReminderDays {
		if at := due.AddDays(offset).At(7, 0); at.After(t.at) {
			t.job(JobReportReminder, at, "offset_days", offset, "due", due.String())
		}
	}
	t.job(JobBlockSchool, due.AddDays(r.BlockAfterDays).Start(), "due", due.String())
	t.recoveryJob(due)
}

// recoveryJob arms the proposal to recover everything, so many days after the report's day.
func (t *turn) recoveryJob(due Date) {
	t.job(JobProposeRecovery, due.AddDays(t.Round.Rules.RecoveryAfterDays).At(6, 0), "due", due.String())
}
