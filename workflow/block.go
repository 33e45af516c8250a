package workflow

// BlockOn is the day from which the case's overdue report blocks its school
// (RF-12, RF-22); zero while nothing is overdue or could become so. A report
// filed in time never blocks while it is read; a late one blocks until accepted.
func BlockOn(c Case) Date {
	a, r := c.App, c.Round.Rules
	due := c.ReportDueOn()
	if due.IsZero() || a.Cancelled != nil || !a.Decision.Favourable() {
		return Date{}
	}
	day := due.AddDays(r.BlockAfterDays)
	switch a.State {
	case Travelling, ReportDue:
		return day
	case ReportSubmitted, ReportReturned:
		switch {
		case c.reportedLate(day):
			return day
		case a.State == ReportReturned:
			return a.Report.ReturnDueOn.AddDays(r.BlockAfterDays)
		}
	case Settled:
		switch {
		case !a.Recovery.Open():
		case a.Report == nil, a.Recovery.ForNoReport() && c.reportedLate(day):
			return day
		case a.Recovery.ForNoReport(): // it came, and no answer when it was sent back
			return a.Report.ReturnDueOn.AddDays(r.BlockAfterDays)
		}
	}
	return Date{}
}

// reportedLate tells whether the first report came on the day of the block, or later.
func (c Case) reportedLate(day Date) bool { return !DateOf(c.App.Report.FirstSubmittedAt).Before(day) }
