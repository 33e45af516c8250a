package workflow

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestEconomistAnswersForTheMoney: the economist of the school does for a report
// what the principal does, is named in the log, and their word falls with the report.
func TestEconomistAnswersForTheMoney(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(ReportSubmitted).do(economist1, &Approve{Statement: "Stämmer."})
	if a := w.c.App.Report.Approval; a == nil || a.Role != Economist || a.By != economist1.Email || a.Statement != "Stämmer." {
		t.Fatalf("approval %+v", a)
	}
	if e := w.events[len(w.events)-1]; e.Data["role"] != string(Economist) || e.Data["report"] != true {
		t.Errorf("event %v", e.Data)
	}
	if err := w.try(principal1, &Approve{}); !isWrongState(err) {
		t.Errorf("approved twice: %v", err)
	}
	w.do(officer1, &ReturnReport{Points: onePoint}).do(teacher1, report())
	if err := w.try(officer1, &AcceptReport{}); !isRefused(err, "report_unapproved") {
		t.Errorf("filed again: %v", err)
	}
	w.do(principal1, &Approve{})
	if w.c.App.Report.Approval.Role != "" {
		t.Errorf("the principal is noted as %q", w.c.App.Report.Approval.Role)
	}
}

// TestEconomistNeverApprovesTheirOwn: nor a report that they filed as a co-writer who has left since, nor an application.
func TestEconomistNeverApprovesTheirOwn(t *testing.T) {
	t.Parallel()
	both := Act(Person{ID: colleague.ID, Email: colleague.Email, Name: "C", Roles: []RoleAt{{Teacher, 10}, {Economist, 10}}})
	w := newWorld(t).to(ReportDue).do(teacher1, &InviteWriter{Email: colleague.Email}).do(both, report())
	if err := w.try(both, &Approve{}); !isForbidden(err, "own_application") {
		t.Errorf("a co-writer: %v", err)
	}
	w.do(teacher1, &RemoveWriter{Person: colleague.ID})
	if err := w.try(both, &Approve{}); !isForbidden(err, "own_application") {
		t.Errorf("who filed it: %v", err)
	}
	w.do(economist1, &Approve{})
	flagged := newWorld(t).to(ReportSubmitted).do(principal1, &Approve{})
	flagged.c.App.Unapproved = true // its application's money
	if err := flagged.try(economist1, &Approve{}); !isWrongState(err) {
		t.Errorf("an application: %v", err)
	}
	elsewhere := Act(Person{ID: 99, Roles: []RoleAt{{Economist, 20}}})
	if Sees(newWorld(t).to(ReportSubmitted).c, elsewhere) {
		t.Error("another school's economist sees it")
	}
}

// TestEconomistReadsTheMoneyAlone: nothing of what the school wrote, or of the assessment, is in the economist's case.
func TestEconomistReadsTheMoneyAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(ReportDue)
	r := report()
	r.Texts, r.Goals = map[string]string{"summary": "HEMLIGT resan", "learned": "HEMLIGT lärt"}, []GoalResult{{Goal: 1, Reached: ReachedFull, Text: "HEMLIGT mål"}}
	w.do(teacher1, r)
	c := w.c
	c.App.Form.Text.Risk, c.App.Form.Partner.Contact = "HEMLIGT risk", "HEMLIGT namn"
	c.App.Decision.Text, c.App.Consensus.Comment = "HEMLIGT skäl", "HEMLIGT bedömt"
	c.App.Attachments = append(c.App.Attachments, Attachment{ID: 70, Kind: "report_evidence", Name: "kvitto.pdf"}, Attachment{ID: 71, Kind: "risk_assessment", Name: "HEMLIGT.pdf"})
	got := BlindFor(c, economist1)
	raw, err := json.Marshal(got.App)
	if err != nil {
		t.Fatal(err)
	}
	if i := strings.Index(string(raw), "HEMLIGT"); i >= 0 {
		t.Errorf("the economist reads …%s", raw[max(0, i-60):i+30])
	}
	if len(got.App.Form.Budget) != len(c.App.Form.Budget) || len(got.App.Report.Actual) != len(c.App.Report.Actual) || got.App.Decision.Granted != c.App.Decision.Granted || len(got.App.Attachments) != 1 {
		t.Errorf("the money is not whole: %+v", got.App)
	}
	if SettleReport(got) != SettleReport(c) {
		t.Error("the settlement comes out otherwise")
	}
	if open := Allowed(got, economist1, w.at); !slices.Equal(open, []Action{ActApprove}) {
		t.Errorf("may %v", open)
	}
	head := Act(Person{ID: 98, Roles: []RoleAt{{Economist, 10}, {Principal, 10}}})
	if MoneyOnly(c, head) || MoneyOnly(c, officer1) || MoneyOnly(c, Machine()) || !MoneyOnly(c, economist1) {
		t.Error("the wrong people read the money alone")
	}
	if c.App.Report.Texts["summary"] == "" || c.App.Consensus == nil {
		t.Error("the case itself was changed")
	}
}
