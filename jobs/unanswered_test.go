package jobs

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fund/sql"
	"fund/workflow"
)

// TestReturnedReportThatNobodyAnswers: the report comes in time, is sent back on 27 October, and the day that
// the school then has (10 November) passes. The school is blocked from the 11th, and ninety days after the 10th
// everything is proposed to come back, by a mail and a letter that say why.
func TestReturnedReportThatNobodyAnswers(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.run()
	app := h.live()
	h.clock("2026-10-20T09:00:00+02:00")
	h.report(app, "2026-08-24", "2026-08-29")
	h.clock("2026-10-27T09:00:00+01:00")
	h.do(app, "officer", &workflow.ReturnReport{Points: []workflow.Point{{Field: "actual", Text: "Kvitton saknas."}}})
	h.clock("2027-02-07T09:00:00+01:00")
	if c := h.read(app); c.App.State != workflow.ReportReturned || c.App.Recovery != nil || !c.Facts.Blocked {
		t.Errorf("state %s, recovery %+v, blocked %v", c.App.State, c.App.Recovery, c.Facts.Blocked)
	}
	h.clock("2027-02-08T09:00:00+01:00")
	c := h.read(app)
	if r := c.App.Recovery; r == nil || r.Proposed != c.App.PaidNet() || r.Cause != workflow.CauseUnanswered {
		t.Fatalf("recovery %+v", r)
	}
	rows, err := h.store.Mails(t.Context(), workflow.Machine(), app)
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"officer", "head"} {
		if !slices.ContainsFunc(rows, func(m sql.MailRow) bool {
			return m.To == who+"@example.org" && strings.Contains(m.Body, "skickades tillbaka och har inte kommit in rättad")
		}) {
			t.Errorf("%s is not told why", who)
		}
	}
	h.do(app, "head", &workflow.DecideRecovery{Amount: c.App.PaidNet(), DueOn: workflow.NewDate(2027, time.March, 20), Reason: "Inget svar."})
	if c = h.read(app); c.App.State != workflow.Settled || !slices.ContainsFunc(c.App.Documents, func(d workflow.Document) bool { return d.Kind == "recovery" }) {
		t.Errorf("state %s, documents %+v", c.App.State, c.App.Documents)
	}
}
