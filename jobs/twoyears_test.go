package jobs

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fund/workflow"
	"fund/workflow/lang"
)

// followed are the mails of a case that follow its calendar after the grant,
// each as its day, what it is and who got it; the school's other people are left out.
func (h *house) followed(app int64) (lines []string) {
	h.t.Helper()
	rows, err := h.store.Mails(h.t.Context(), workflow.Machine(), app)
	if err != nil {
		h.t.Fatal(err)
	}
	people := []string{"teacher@example.org", "principal@example.org", "officer@example.org", "head@example.org"}
	for _, m := range rows {
		what := ""
		switch {
		case m.OffsetDays != nil:
			what = fmt.Sprintf("%+d", *m.OffsetDays)
		case slices.Contains([]string{"change_decided", "report_returned", "recovery", "closed"}, m.Kind):
			what = m.Kind
		default:
			for _, x := range []struct{ words, what string }{{"advisory_reminder", "advice"}, {"end_travel", "home"}, {"block_school", "blocked"}, {"propose_recovery", "recovery proposed"},
				{"extend_report", "more time"}, {"report_cancellation", "cancelled"}} {
				if strings.Contains(m.Body, lang.T(lang.Parse(m.Lang), "mail.other."+x.words+".heading")) {
					what = x.what
				}
			}
		}
		if what != "" && slices.Contains(people, m.To) {
			lines = append(lines, fmt.Sprintf("%s %s %s", workflow.DateOf(m.CreatedAt), what, m.To[:len(m.To)-len("@example.org")]))
		}
	}
	return lines
}

// onwards are the lines from a day on.
func onwards(lines []string, from string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(s string) bool { return s < from })
}

func (h *house) move(app int64, start, end, by string) {
	h.t.Helper()
	h.do(app, "teacher", &workflow.RequestChange{Type: "dates", Cause: "outside", Reason: "Flyget är flyttat.", Proposed: workflow.RawObject(fmt.Sprintf(`{"activity":{"start":%q,"end":%q}}`, start, end))})
	h.do(app, by, &workflow.DecideChange{Outcome: "approved", Reason: "Det går bra."})
}

func (h *house) report(app int64, start, end string) {
	h.t.Helper()
	day := func(s string) workflow.Date {
		d, err := workflow.ParseDate(s)
		if err != nil {
			h.t.Fatal(err)
		}
		return d
	}
	h.do(app, "teacher", &workflow.SubmitReport{Pupils: whole(10), Staff: whole(2), Start: day(start), End: day(end), ActualEligibleCost: whole(48000), Texts: map[string]string{"summary": "Vi lärde oss mycket."}})
}

// TestTwoYearsOfReminders walks lives in which the days move on the way, through
// the real jobs, and holds every mail against its day. RF-22: −14 and −3 to the
// teacher, +1, +14 and +30 also to the principal, a block from +1, a proposal at +90.
func TestTwoYearsOfReminders(t *testing.T) {
	t.Parallel()
	for name, life := range map[string]struct {
		live func(h *house, app int64)
		from string
		want []string
	}{
		// The trip moves from 24–29 August to 7–12 September, so the report is due on 11 November, then after an
		// extension on 10 December; it comes late, is sent back, and is mended in time.
		"moved, extended, returned": {func(h *house, app int64) {
			h.clock("2026-07-20T09:00:00+02:00") // before the first advice of the old days
			h.move(app, "2026-09-07", "2026-09-12", "officer")
			h.clock("2026-11-05T09:00:00+01:00")
			h.do(app, "officer", &workflow.ExtendReport{DueOn: workflow.NewDate(2026, time.December, 10), Reason: "Läraren är sjuk."})
			h.clock("2027-01-05T09:00:00+01:00")
			h.report(app, "2026-09-07", "2026-09-12")
			h.clock("2027-01-12T09:00:00+01:00")
			h.do(app, "officer", &workflow.ReturnReport{Points: []workflow.Point{{Field: "texts.summary", Text: "Skriv mer."}}})
			h.clock("2027-01-20T09:00:00+01:00")
			h.report(app, "2026-09-07", "2026-09-12")
			h.do(app, "principal", &workflow.Approve{})
			h.do(app, "officer", &workflow.AcceptReport{})
		}, "2026-07-20", []string{
			"2026-07-20 change_decided teacher", "2026-07-20 change_decided principal",
			"2026-08-08 advice officer", "2026-08-31 advice officer", "2026-09-13 home teacher",
			"2026-10-28 -14 teacher", // of 11 November; −3 would be on the 8th, but the day moves before
			"2026-11-05 more time teacher", "2026-11-05 more time principal",
			"2026-11-26 -14 teacher", "2026-12-07 -3 teacher",
			"2026-12-11 blocked principal", "2026-12-11 +1 teacher", "2026-12-11 +1 principal",
			"2026-12-24 +14 teacher", "2026-12-24 +14 principal",
			"2027-01-12 report_returned teacher", "2027-01-12 report_returned principal",
		}},
		// Moved twice, the second time by the head as it leaves the round's window of officer's days, then cancelled: silence.
		"moved and cancelled": {func(h *house, app int64) {
			h.clock("2026-07-20T09:00:00+02:00")
			h.move(app, "2026-09-07", "2026-09-12", "officer")
			h.move(app, "2026-10-19", "2026-10-24", "head")
			h.clock("2026-10-14T09:00:00+02:00")
			h.do(app, "teacher", &workflow.ReportCancellation{Cause: "outside", UnavoidableCost: 8000, Reason: "Partnerskolan har stängt."})
		}, "2026-07-21", []string{"2026-09-19 advice officer", "2026-10-12 advice officer", "2026-10-14 cancelled officer"}},
		// No report: proposed at +90, withdrawn by more time, and proposed again at +90 of the new day; nobody recovers but a person.
		"never reported": {func(h *house, app int64) {
			h.clock("2027-02-01T09:00:00+01:00")
			if r := h.read(app).App.Recovery; r == nil || r.Proposed != 30000 || r.Amount != 0 {
				h.t.Errorf("at +90: %+v", r)
			}
			h.do(app, "officer", &workflow.ExtendReport{DueOn: workflow.NewDate(2027, time.March, 31), Reason: "Ny rektor."})
			if c := h.read(app); c.App.Recovery != nil || c.Facts.Blocked {
				h.t.Errorf("after more time: %+v, blocked %v", c.App.Recovery, c.Facts.Blocked)
			}
			h.clock("2028-02-02T09:00:00+01:00")
			if c := h.read(app); c.App.Recovery == nil || c.App.Recovery.Proposed != 30000 || c.App.Recovery.Amount != 0 || !c.Facts.Blocked || c.App.State != workflow.ReportDue {
				h.t.Errorf("two years on: %+v, blocked %v, %s", c.App.Recovery, c.Facts.Blocked, c.App.State)
			}
		}, "2026-08-01", []string{
			"2026-08-17 advice officer", "2026-08-30 home teacher",
			"2026-10-14 -14 teacher", "2026-10-25 -3 teacher",
			"2026-10-29 blocked principal", "2026-10-29 +1 teacher", "2026-10-29 +1 principal",
			"2026-11-11 +14 teacher", "2026-11-11 +14 principal", "2026-11-27 +30 teacher", "2026-11-27 +30 principal",
			"2027-01-26 recovery proposed officer", "2027-01-26 recovery proposed head",
			"2027-02-01 more time teacher", "2027-02-01 more time principal",
			"2027-03-17 -14 teacher", "2027-03-28 -3 teacher",
			"2027-04-01 blocked principal", "2027-04-01 +1 teacher", "2027-04-01 +1 principal",
			"2027-04-14 +14 teacher", "2027-04-14 +14 principal", "2027-04-30 +30 teacher", "2027-04-30 +30 principal",
			"2027-06-29 recovery proposed officer", "2027-06-29 recovery proposed head",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			h.run()
			app := h.granted()
			life.live(h, app)
			h.clock("2028-02-02T09:00:00+01:00")
			if d := cmp.Diff(life.want, onwards(h.followed(app), life.from)); d != "" {
				t.Errorf("mails (-want +got):\n%s", d)
			}
		})
	}
}
