package jobs

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fund/jobs/mail"
	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

func bare() *Runner {
	return &Runner{options: Options{BaseURL: "https://fund.example.org", From: "Fonden, Skellefteå kommun <fonden@example.org>"}}
}

// sampleCase has everything that a mail may speak of.
func sampleCase() workflow.Case {
	at := workflow.NewDate(2026, time.May, 12).At(10, 0)
	n := int64(81000)
	c := workflow.Case{Round: workflow.Round{ID: "VT26", Name: "Vårens omgång 2026", State: workflow.RoundPublished, ClosesAt: workflow.NewDate(2026, time.March, 31).At(23, 59)},
		School: &workflow.School{ID: 3, Name: "Baldergymnasiet", Operator: "kommunal", Level: "gymnasieskola"}}
	c.Round.Rules = workflow.Rules{ReportDays: 60, AcceptanceDays: 30, AssessmentDays: 15, RecoveryAfterDays: 90, ShareCap: money.Share{Num: 3, Den: 4}, StaffPerPupils: 10}
	c.App = workflow.Application{ID: 41, SchoolID: 3, State: workflow.Decided, DNR: "IF 2026-0101", ApplicantName: "Elin Marklund", ReceivedAt: at,
		Form:       workflow.Form{Title: "Utbyte Pardubice", Requested: &n, Activity: workflow.Activity{Start: "2026-10-05", End: "2026-10-09"}},
		Completion: &workflow.Completion{DueOn: workflow.NewDate(2026, time.April, 20), Points: []workflow.Point{{Field: "text.risk", Text: "?"}}},
		Decision:   &workflow.Decision{Outcome: workflow.Granted, Granted: 81000, Body: workflow.Committee, DecidedAt: at},
		Report:     &workflow.Report{ReturnDueOn: workflow.NewDate(2026, time.December, 20)},
		Recovery:   &workflow.Recovery{Amount: 5850, DueOn: workflow.NewDate(2027, time.January, 20)},
		Payments:   []workflow.Payment{{N: 1, Amount: 81000, Status: workflow.PayPaid, PaidOn: workflow.NewDate(2026, time.August, 12)}}}
	return c
}

func event(version int64, at time.Time, action workflow.Action, data map[string]any) sql.EventRow {
	b, err := json.Marshal(data)
	if err != nil {
		panic(err) // plain maps
	}
	return sql.EventRow{Version: version, At: at, Action: action, Data: b}
}

// mailKinds are the contract's.
var mailKinds = []string{"receipt", "principal_asked", "completion_asked", "assigned", "reviews_done", "decided", "conditions_waiting", "paid",
	"change_decided", "report_returned", "recovery", "closed", "other"}

func TestEveryKindOfMailHasWords(t *testing.T) {
	t.Parallel()
	c := sampleCase()
	events := []sql.EventRow{event(5, c.App.Decision.DecidedAt, workflow.ActMovePayment, map[string]any{"to": "paid", "n": 1, "amount": 81000})}
	for _, kind := range mailKinds {
		w, err := mailOf(c, events, sql.Job{RunAt: c.App.Decision.DecidedAt, Data: map[string]any{"kind": kind}})
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if w.words == "" {
			w.words = w.kind
		}
		for _, l := range lang.All() {
			if got := bare().message(c, w, l, "/x"); strings.Contains(got.Plain()+got.Subject, "⟦") {
				t.Errorf("%s in %s: %s\n%s", kind, l, got.Subject, got.Plain())
			}
		}
	}
	if _, err := mailOf(c, nil, sql.Job{Data: map[string]any{"kind": "carrier_pigeon"}}); err == nil {
		t.Error("a mail of an unknown kind was written")
	}
}

// Each of these steps asks for a mail that has no name of its own.
func TestOtherMailsSayWhatHappened(t *testing.T) {
	t.Parallel()
	c := sampleCase()
	at := c.App.Decision.DecidedAt
	for _, x := range []struct {
		action workflow.Action
		data   map[string]any
		want   string
	}{
		{workflow.ActApprove, nil, "other.approve"},
		{workflow.ActApprove, map[string]any{"report": true}, "other.approve_report"},
		{workflow.ActReturn, nil, "other.return_to_applicant"},
		{workflow.ActWithdraw, nil, "other.withdraw"},
		{workflow.ActComplete, nil, "other.complete"},
		{workflow.ActExpireCompletion, nil, "other.expire_completion"},
		{workflow.ActDeclareInterest, map[string]any{"conflict": true}, "other.declare_interest"},
		{workflow.ActPropose, nil, "other.propose"},
		{workflow.ActRemitBack, nil, "other.remit_back"},
		{workflow.ActCorrect, nil, "other.correct"},
		{workflow.ActRecordAppeal, nil, "other.record_appeal"},
		{workflow.ActRecordJudgment, nil, "other.record_judgment"},
		{workflow.ActDecline, nil, "other.decline"},
		{workflow.ActLapse, nil, "other.lapse"},
		{workflow.ActChangeAccount, nil, "other.change_account"},
		{workflow.ActCheckAdvisory, nil, "other.check_advisory"},
		{workflow.ActMovePayment, map[string]any{"to": "returned"}, "other.payment_returned"},
		{workflow.ActMovePayment, map[string]any{"to": "rejected"}, "other.payment_rejected"},
		{workflow.ActRequestChange, nil, "other.request_change"},
		{workflow.ActReportCancellation, nil, "other.report_cancellation"},
		{workflow.ActEndTravel, nil, "other.end_travel"},
		{workflow.ActSubmitReport, nil, "other.submit_report"},
		{workflow.ActAskStatement, nil, "other.ask_statement"},
		{workflow.ActGiveStatement, nil, "other.give_statement"},
		{workflow.ActProposeRecovery, nil, "other.propose_recovery"},
	} {
		events := []sql.EventRow{event(1, at, x.action, x.data), event(2, at, workflow.ActAddDocument, nil)}
		if got := otherWords(events, sql.Job{RunAt: at}); got != x.want {
			t.Errorf("after %s the words are %s, want %s", x.action, got, x.want)
		}
	}
	for to, want := range map[string]string{"finance": "other.payment_returned", "applicant": "other.payment_returned_school"} {
		events := []sql.EventRow{event(1, at, workflow.ActMovePayment, map[string]any{"to": "returned"})}
		if w, err := mailOf(c, events, sql.Job{RunAt: at, Data: map[string]any{"kind": "other", "to": []any{to}}}); err != nil || w.words != want {
			t.Errorf("money sent back is told to the %s as %s (%v), want %s", to, w.words, err, want)
		}
	}
	if got := otherWords([]sql.EventRow{event(1, at, workflow.ActRank, nil)}, sql.Job{RunAt: at}); got != "other" {
		t.Errorf("a step without words of its own gets %s, want the common ones", got)
	}
}

func TestEventOfPrefersTheVersionThenTheInstant(t *testing.T) {
	t.Parallel()
	at := sampleCase().App.Decision.DecidedAt
	events := []sql.EventRow{event(1, at, workflow.ActPropose, nil), event(2, at, workflow.ActRemitBack, nil), event(3, at.Add(time.Hour), workflow.ActCorrect, nil)}
	all := func(sql.EventRow) bool { return true }
	for _, c := range []struct {
		name string
		job  sql.Job
		want int64
	}{
		{"version", sql.Job{RunAt: at, Data: map[string]any{"version": float64(1)}}, 1},
		{"instant", sql.Job{RunAt: at}, 2},
		{"neither", sql.Job{RunAt: at.Add(time.Minute)}, 3},
	} {
		if e, ok := eventOf(events, c.job, all); !ok || e.Version != c.want {
			t.Errorf("%s: version %d (%v), want %d", c.name, e.Version, ok, c.want)
		}
	}
}

// Words that handlers of this package use themselves.
func TestOwnWordsAreComplete(t *testing.T) {
	t.Parallel()
	c := sampleCase()
	for _, words := range []string{"other.accept_reminder", "other.accept_end", "other.condition_due", "other.advisory_reminder", "other.block_school",
		"other.propose_payout", "other.round_closed", "other.draft_closed", "other.draft_reminder", "other.substitute_begins", "report_reminder", "report_reminder_after",
		"completion_reminder", "principal_report", "principal_asked", "principal_asked_open"} {
		w := writing{words: words, args: func(l lang.Lang) lang.Args {
			return lang.Args{"Due": "D", "N": 1, "Amount": "A", "Count": 3, "Claim": "C", "Round": "R", "For": "F", "Role": "X", "Days": "Y"}
		}}
		for _, l := range lang.All() {
			if got := bare().message(c, w, l, "/x"); strings.Contains(got.Plain()+got.Subject, "⟦") {
				t.Errorf("%s in %s: %s\n%s", words, l, got.Subject, got.Plain())
			}
		}
	}
}

func TestStoredMailIsSentAsItWasWritten(t *testing.T) {
	t.Parallel()
	r := bare()
	c := sampleCase()
	for _, words := range []string{"receipt", "report_reminder", "other.decline", "other.approve"} {
		w := writing{words: words, args: func(lang.Lang) lang.Args { return lang.Args{"At": "12 maj", "Due": "D", "Count": 3} }}
		for _, l := range lang.All() {
			want := r.message(c, w, l, "/applications/41")
			got := r.stored(sql.MailRow{ID: 9, To: "teacher@example.org", Lang: string(l), Subject: want.Subject, Body: want.Plain(), CreatedAt: c.App.ReceivedAt})
			if got.Plain() != want.Plain() {
				t.Errorf("%s in %s:\n%s", words, l, cmp.Diff(want.Plain(), got.Plain()))
			}
			if got.Heading != want.Heading || got.Text != want.Text || got.After != want.After || got.Button == nil || *got.Button != *want.Button {
				t.Errorf("%s in %s: heading %q, text %q, button %v, after %q", words, l, got.Heading, got.Text, got.Button, got.After)
			}
			var b strings.Builder
			if err := mail.Encode(&b, got); err != nil {
				t.Errorf("%s in %s: %v", words, l, err)
			}
		}
	}
}

func TestButtonsLeadToWhatCanBeDone(t *testing.T) {
	t.Parallel()
	c := sampleCase()
	for _, x := range []struct{ words, group, want string }{
		{"receipt", "applicant", "/applications/41"},
		{"principal_asked", "principal", "/approve/41"},
		{"principal_report", "principal", "/approve/41"},
		{"decided", "principal", "/applications/41"},
		{"assigned", "person:reviewer1@example.org", "/reviews/41"},
		{"other.complete", "officer", "/cases/41"},
		{"other.propose", "decider", "/cases/41"},
		{"other.propose_payout", "finance", "/payouts"},
		{"report_reminder_after", "principal", "/reports/41"},
		{"report_returned", "applicant", "/reports/41"},
	} {
		if got := bare().path(c, x.words, x.group); got != x.want {
			t.Errorf("%s to %s leads to %s, want %s", x.words, x.group, got, x.want)
		}
	}
}

func TestMissingReport(t *testing.T) {
	t.Parallel()
	base := sampleCase()
	due := "2026-12-08" // 9 October and 60 days
	for _, x := range []struct {
		name   string
		change func(*workflow.Case)
		due    string
		want   bool
	}{
		{"due", func(c *workflow.Case) { c.App.State = workflow.ReportDue }, due, true},
		{"travelling", func(c *workflow.Case) { c.App.State = workflow.Travelling }, due, true},
		{"handed in", func(c *workflow.Case) { c.App.State = workflow.ReportSubmitted }, due, false},
		{"returned with a later day", func(c *workflow.Case) {
			c.App.State = workflow.ReportReturned
			c.App.Report = &workflow.Report{ReturnDueOn: workflow.NewDate(2026, time.December, 20)}
		}, due, false},
		{"returned with an earlier day", func(c *workflow.Case) {
			c.App.State = workflow.ReportReturned
			c.App.Report = &workflow.Report{ReturnDueOn: workflow.NewDate(2026, time.December, 1)}
		}, due, true},
		{"days moved", func(c *workflow.Case) { c.App.State = workflow.ReportDue }, "2026-12-01", false},
		{"cancelled", func(c *workflow.Case) {
			c.App.State = workflow.ReportDue
			c.App.Cancelled = &workflow.Cancellation{}
		}, due, false},
		{"offer not accepted", func(c *workflow.Case) { c.App.State = workflow.Decided }, due, false},
	} {
		c := base
		x.change(&c)
		if got := missing(c, x.due); got != x.want {
			t.Errorf("%s: missing is %v, want %v", x.name, got, x.want)
		}
	}
}
