package paper

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"fund/jobs/letter"
	"fund/jobs/letter/lettertest"
	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
	"fund/workflow/notice"
)

func whole(n int64) *int64 { return &n }

// decided is a case with everything that a paper may speak of.
func decided() workflow.Case {
	at := workflow.NewDate(2026, time.May, 12).At(10, 0)
	c := workflow.Case{School: &workflow.School{ID: 3, Name: "Kågeskolan", Operator: "kommunal", Level: "grundskola"}}
	c.Round = workflow.Round{ID: "VT26", Name: "Vårens omgång 2026", RuleSet: 2, Rules: workflow.Rules{ShareCap: money.Share{Num: 3, Den: 4}, EligibleCodes: []string{"RES"},
		StaffPerPupils: 10, StaffMin: 2, ReportDays: 60, AcceptanceDays: 30, RepayMinimum: 500}}
	c.App = workflow.Application{ID: 41, SchoolID: 3, State: workflow.Decided, DNR: "IF 2026-0064", ApplicantName: "Anna-Karin Lidström", ReceivedAt: at.AddDate(0, -2, 0),
		Form: workflow.Form{Title: "Grannspråk i Brahestad – Raahe", Requested: whole(100000), Activity: workflow.Activity{Start: "2026-10-05", End: "2026-10-09"},
			Applicant:    workflow.ApplicantForm{ContactEmail: "anna@example.org", Payment: workflow.PayInto{Method: "internal", CostCentre: "4230", Project: "IF2601"}},
			Text:         workflow.Texts{Summary: "Årskurs 8 möter Čáhppesvuotna."},
			Participants: workflow.Participants{Pupils: whole(30), Staff: whole(3)},
			Budget:       []workflow.BudgetLine{{Line: 1, Code: "RES", Amount: whole(117800)}}},
		Filed:       []workflow.Filed{{N: 1, Requested: 100000}},
		Attachments: []workflow.Attachment{{ID: 1, Kind: "risk_assessment", Name: "risk.pdf", SHA256: strings.Repeat("ab", 32), At: at.AddDate(0, -2, -1)}},
		Proposal:    &workflow.Proposal{By: "officer@example.org", At: at, Outcome: workflow.Granted, Amount: 88350, Text: "Väl förberett.", Reasons: []string{"R-CAP"}},
		Decision: &workflow.Decision{Outcome: workflow.Granted, Granted: 88350, Body: workflow.Committee, Reasons: []string{"R-CAP"}, Text: "Väl förberett.", DecidedBy: "secretary@example.org",
			DecidedAt: at, Meeting: &workflow.Meeting{Date: workflow.DateOf(at), ItemNo: "§ 58"}, Conditions: []workflow.Condition{{N: 1, Text: "En ny plan.", DueOn: workflow.NewDate(2026, time.June, 30)}}},
		Payments:   []workflow.Payment{{N: 1, Amount: 70680, Earliest: workflow.NewDate(2026, time.August, 6)}, {N: 2, Amount: 17670, Last: true}},
		Recovery:   &workflow.Recovery{Amount: 5850, Proposed: 5850, Cause: "settlement", DueOn: workflow.NewDate(2027, time.August, 20), Reason: "Färre reste.", DecidedBy: "head@example.org", DecidedAt: at, Body: workflow.Delegate},
		Settlement: &workflow.Settlement{Entitlement: 70950, Repay: 5850}}
	return c
}

// TestEveryPaperIsMadeForTheArchive: whatever the fund writes is PDF/A-2b in the
// parts that are asserted, tagged, in its language and under its title.
func TestEveryPaperIsMadeForTheArchive(t *testing.T) {
	t.Parallel()
	c := decided()
	refused := decided()
	refused.App.Decision.Outcome, refused.App.Decision.Granted, refused.App.Payments = workflow.Rejected, 0, nil
	at := c.App.Decision.DecidedAt
	sitting := workflow.Sitting{ID: 1, Body: workflow.Committee, Day: workflow.DateOf(at), FirstItem: 58, Chair: "Ulla Forsman", Adjuster: "Per Ek", Present: []string{"Ulla Forsman", "Per Ek"}, Agenda: []int64{41}}
	year := notice.Year{Year: 2026, At: at}
	year.Now.Total.Grants, year.Now.Total.Granted = 1, 88350
	for i := range int64(12) { // more than a page of drawings
		g := workflow.StatGroup{Key: "Utbildning, kompetens och land " + strings.Repeat("x", int(i)), Grants: 1, Granted: 88350 - i}
		year.Now.Countries, year.Now.Areas = append(year.Now.Countries, g), append(year.Now.Areas, g)
		year.Now.Goals = append(year.Now.Goals, workflow.GoalGroup{Area: g.Key, Full: i, Partly: 1, No: i % 3})
	}
	year.Now.Steps = []workflow.StepDays{{Code: "check", N: 3, Low: 1, Mid: 4, High: 9, Promise: 10}}
	for _, l := range lang.All() {
		o := notice.Office{Lang: l, Email: "fonden@example.org", Web: "https://fonden.example.org"}
		for _, n := range []notice.Notice{
			notice.Receipt(c, strings.Repeat("cd", 32), o), notice.Decision(c, o), notice.Decision(refused, o),
			notice.Correction(c, workflow.Correction{N: 1, Was: "18 000", Is: "81 000", Reason: "Skrivfel", By: "officer@example.org", At: at}, o),
			notice.Recovery(c, o), notice.Proposal(c, []string{"RF-06 Högst 4 000 kr per elev."}, at, o),
			notice.Minutes(sitting, []workflow.Case{c}, notice.Record{Reported: []notice.Reported{{Case: c, At: at, Action: workflow.ActDecide, By: "head@example.org"}}}, at, o),
			notice.Yearly(o, year),
		} {
			t.Run(n.Kind+" "+string(l), func(t *testing.T) {
				t.Parallel()
				var pdf, again bytes.Buffer
				if err := letter.Encode(&pdf, Of(n)); err != nil {
					t.Fatal(err)
				}
				doc, faults := lettertest.Check(pdf.Bytes())
				if len(faults) > 0 {
					t.Errorf("%s", strings.Join(faults, "\n"))
				}
				if doc.Lang != string(l) || doc.Title != strings.Join(strings.Fields(n.Title), " ") || doc.Title == "" {
					t.Errorf("the file is %q in %q, the notice %q in %q", doc.Title, doc.Lang, n.Title, l)
				}
				if err := letter.Encode(&again, Of(n)); err != nil || !bytes.Equal(pdf.Bytes(), again.Bytes()) {
					t.Errorf("the same words give other bytes (%v)", err)
				}
				read := strings.Join(doc.Text, "\n")
				for _, s := range n.Sections {
					if s.Heading != "" && !strings.Contains(read, "H2 "+s.Heading+"\n") {
						t.Errorf("heading %q is not read", s.Heading)
					}
				}
			})
		}
	}
}
