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
		late := !DateOf(a.Report.FirstSubmittedAt).Before(day)
		switch {
		case late:
			return day
		case a.State == ReportReturned:
			return a.Report.ReturnDueOn.AddDays(r.BlockAfterDays)
		}
	case Settled:
		if a.Report == nil && a.Recovery.Open() {
			return day
		}
	}
	return Date{}
}
