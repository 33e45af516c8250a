package handlers

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"fund/workflow"
	"fund/workflow/money"
)

// bare is a server without a database: enough for what no caller's data are needed for.
func bare(t *testing.T) *Server {
	t.Helper()
	at := time.Date(2026, 9, 18, 14, 12, 5, 0, time.UTC)
	return New(Deps{Rehearsal: true, BaseURL: "http://fund.test", Wall: func() time.Time { return at }})
}

// TestEveryRouteIsDescribed walks the real router and the document against each other.
func TestEveryRouteIsDescribed(t *testing.T) {
	t.Parallel()
	s := bare(t)
	doc := described(t, s)
	served := map[string]bool{}
	for _, r := range s.routes().(*gin.Engine).Routes() {
		path, ok := strings.CutPrefix(r.Path, apiPrefix)
		if !ok {
			continue
		}
		path, _ = pathOfRoute(path)
		served[r.Method+" "+path] = true
		item := doc.Paths.Find(path)
		if item == nil || item.GetOperation(r.Method) == nil {
			t.Errorf("%s %s is served and not described", r.Method, path)
		}
	}
	if len(served) < 80 {
		t.Errorf("only %d routes are served", len(served))
	}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			if !served[method+" "+path] {
				t.Errorf("%s %s is described and not served", method, path)
			}
			if op.Summary == "" || len(op.Tags) != 1 || op.Tags[0] == "" {
				t.Errorf("%s %s has no summary or no tag", method, path)
			}
		}
	}
}

// TestEveryContractRouteIsServed names the contract's routes once more, by hand.
func TestEveryContractRouteIsServed(t *testing.T) {
	t.Parallel()
	doc := described(t, bare(t))
	for _, want := range []string{
		"GET /me", "GET /rounds", "POST /rounds", "GET /rounds/{id}", "PATCH /rounds/{id}", "POST /rounds/{id}/actions/publish",
		"POST /rounds/{id}/actions/extend", "POST /rounds/{id}/actions/close", "POST /rounds/{id}/actions/cancel",
		"GET /schools", "PUT /schools", "GET /schools/{id}", "GET /people", "POST /people", "PATCH /people/{id}",
		"GET /applications", "POST /applications", "GET /applications/{id}", "PATCH /applications/{id}",
		"POST /applications/{id}/attachments", "GET /applications/{id}/attachments/{aid}",
		"GET /applications/{id}/events", "GET /applications/{id}/versions", "GET /applications/{id}/versions/{n}",
		"GET /applications/{id}/mails", "GET /applications/{id}/documents/{did}",
		"POST /rounds/{id}/allocations", "GET /rounds/{id}/allocations/{aid}",
		"POST /mail-returns",
		"GET /payment-status", "POST /payment-status", "GET /payment-status/{id}", "POST /payment-status/{id}/lines/{n}/match",
		"GET /payout-batches", "POST /payout-batches", "GET /payout-batches/{id}", "GET /payout-batches/{id}/files/{name}",
		"POST /payout-batches/{id}/actions/attest1", "POST /payout-batches/{id}/actions/attest2", "POST /payout-batches/{id}/actions/export",
		"POST /payout-batches/{id}/actions/mark_sent", "POST /payout-batches/{id}/actions/mark_paid",
		"POST /payout-batches/{id}/actions/reissue", "POST /payout-batches/{id}/actions/cancel",
		"GET /audit/verify", "GET /open-data/360giving.json", "GET /rehearsal/clock", "POST /rehearsal/clock", "GET /rehearsal/mail",
	} {
		method, path, _ := strings.Cut(want, " ")
		if item := doc.Paths.Find(path); item == nil || item.GetOperation(method) == nil {
			t.Errorf("%s is missing", want)
		}
	}
	for _, a := range workflow.Public() {
		if doc.Paths.Find("/applications/{id}/actions/"+string(a)) == nil {
			t.Errorf("action %s is missing", a)
		}
	}
}

func TestRehearsalRoutesAreOnlyThere(t *testing.T) {
	t.Parallel()
	d := bare(t).Deps
	d.Rehearsal, d.Metrics = false, nil
	if doc := described(t, New(d)); doc.Paths.Find("/rehearsal/clock") != nil {
		t.Error("a production describes the rehearsal clock")
	}
}

// TestAnswersFitTheirSchemas holds a full and an empty application, and a refusal, against the document.
func TestAnswersFitTheirSchemas(t *testing.T) {
	t.Parallel()
	doc := described(t, bare(t))
	now := time.Date(2027, 6, 20, 9, 0, 0, 0, workflow.Stockholm())
	officer := workflow.Act(workflow.Person{ID: 7, Email: "officer@example.org", Roles: []workflow.RoleAt{{Role: workflow.Officer}}})
	fits(t, doc, "Application", represent(fullCase(t), officer, now))
	fits(t, doc, "Application", represent(workflow.Case{App: workflow.Application{ID: 1, Version: 1, State: workflow.Draft}, Round: workflow.Round{Rules: rules(t)}}, officer, now))
	fits(t, doc, "Problem", problemOf(httptest.NewRequest(http.MethodGet, "/", nil), workflow.Violations{{Field: "title", Code: "required"}}))
	fits(t, doc, "Round", representRound(workflow.Round{ID: "HT26", Rules: rules(t)}, officer))
}

// TestSchemasCanRefuse shows that the comparison above means something.
func TestSchemasCanRefuse(t *testing.T) {
	t.Parallel()
	doc := described(t, bare(t))
	for _, raw := range []string{`{"id":"1"}`, `{}`, `[]`} {
		if err := doc.check(t, within("components", "schemas", "Application"), []byte(raw)); err == nil {
			t.Errorf("%s fits as an application", raw)
		}
	}
}

// rules are the numbers of the seed.
func rules(t *testing.T) workflow.Rules {
	t.Helper()
	raw, err := os.ReadFile("../sql/seed/rules/skolutbyte.json")
	if err != nil {
		t.Fatal(err)
	}
	var r workflow.Rules
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func ptr[T any](v T) *T { return &v }

// fullCase has something in every field that an answer can have.
func fullCase(t *testing.T) workflow.Case {
	t.Helper()
	at := time.Date(2026, 9, 18, 14, 12, 5, 0, workflow.Stockholm())
	day := workflow.NewDate(2026, 11, 17)
	yes := true
	form := workflow.Form{Title: "Möte i Pardubice", Scheme: "skolutbyte", Round: "HT26", Requested: ptr(int64(81000)), Voluntary: ptr(int64(0)),
		Applicant:    workflow.ApplicantForm{School: "Baldergymnasiet", ContactEmail: "teacher@example.org", Payment: workflow.PayInto{Method: "internal", CostCentre: "4711"}},
		Partner:      workflow.Partner{Name: "Gymnázium", City: "Pardubice", Country: "Tjeckien"},
		Activity:     workflow.Activity{Type: "outgoing_group", Start: "2027-04-12", End: "2027-04-18", JointShare: &money.Share{Num: 6, Den: 10}},
		Participants: workflow.Participants{Pupils: ptr(int64(24)), Staff: ptr(int64(3))},
		Budget:       []workflow.BudgetLine{{Line: 1, Code: "RES", Amount: ptr(int64(164430))}},
		Funding:      []workflow.Funding{{Source: "Skolan", Type: "own", Amount: ptr(int64(1000)), Status: "planned"}}}
	review := workflow.Review{Person: 8, Reviewer: "reviewer1@example.org", Ratings: map[string]int{"K1": 5}, Comments: map[string]string{"K1": "Bra."},
		Suggested: ptr(int64(81000)), SubmittedAt: at, Reason: "jäv"}
	condition := workflow.Condition{N: 1, Text: "Skicka programmet.", DueOn: day, Met: &yes}
	decision := workflow.Decision{Outcome: workflow.Granted, Granted: 81000, Body: workflow.Committee, Reasons: []string{}, Text: "Bifall.",
		DecidedBy: "secretary@example.org", DecidedAt: at, Meeting: &workflow.Meeting{Date: day, ItemNo: "§ 84", Present: []string{"A"}, Conflicted: []string{}},
		Conditions: []workflow.Condition{condition}, NoticePostedOn: day, LastAppealDay: day.AddDays(21), AcceptedAt: at}
	word := &workflow.Approval{By: "principal@example.org", At: at, Money: form.Money()}
	app := workflow.Application{ID: 41, Version: 12, State: workflow.Settled, Scheme: "skolutbyte", Round: "HT26", SchoolID: 3, ApplicantID: 5,
		ApplicantName: "Maja Holm", Channel: "web", CreatedAt: at, Form: form, DNR: "KS 2026/IF-0101", ReceivedAt: at,
		Filed: []workflow.Filed{{N: 1, ReceivedAt: at, Requested: 81000, Money: form.Money()}}, Approval: word,
		Returned:   &workflow.Returned{By: "principal@example.org", At: at, Reason: "Mer om budgeten."},
		Completion: &workflow.Completion{Points: []workflow.Point{{Field: "text.risk", Text: "Mer."}}, AskedAt: at, DueOn: day}, Eligible: &yes,
		Rulings:   []workflow.Ruling{{Rule: "RF-01", Met: true, By: "officer@example.org", At: at}},
		Interests: []workflow.Interest{{Person: 7, Email: "officer@example.org", At: at}}, Reviews: []workflow.Review{review}, Voided: []workflow.Review{review},
		Consensus: &workflow.Consensus{Ratings: map[string]int{"K1": 5, "K2": 4, "K3": 4, "K4": 4, "K5": 4}, Comment: "Eniga.", At: at},
		Proposal:  &workflow.Proposal{Outcome: workflow.Granted, Amount: 81000, Reasons: []string{}, Text: "Bifall.", Conditions: []workflow.Condition{condition}, At: at},
		Decision:  &decision, Annulled: []workflow.Decision{decision}, Corrections: []workflow.Correction{{N: 1, Was: "18 000", Is: "81 000", Reason: "Skrivfel", At: at}},
		Appeal:   &workflow.Appeal{ReceivedOn: day, InTime: true, Judgment: &workflow.Judgment{On: day, Outcome: "upheld"}},
		Advisory: []workflow.Advisory{{Level: "none", Source: "UD", On: day}},
		Payments: []workflow.Payment{{ID: 1, N: 1, Share: money.Share{Num: 8, Den: 10}, Amount: 64800, Earliest: day, Status: workflow.PayPaid, Channel: "internal", PaidOn: day, Batch: 2},
			{ID: 2, N: 2, Share: money.Share{Num: 2, Den: 10}, Amount: 16200, Last: true, Status: workflow.PayPlanned, Channel: "internal"}},
		Changes:    []workflow.Change{{N: 1, Type: "dates", Proposed: workflow.RawObject(`{"activity":{"start":"2027-05-01"}}`), Cause: "outside", ShiftDays: ptr(19), Level: "OFFICER", AskedAt: at}},
		Cancelled:  &workflow.Cancellation{Cause: "outside", UnavoidableCost: 1000, Reason: "Inställt flyg", At: at},
		Report:     &workflow.Report{Pupils: 24, Staff: 3, Start: day, End: day, SubmittedAt: at, FirstSubmittedAt: at, Approval: word},
		Settlement: &workflow.Settlement{Entitlement: 81000, FinalPayment: 16200, By: "officer@example.org", At: at},
		Recovery: &workflow.Recovery{Proposed: 500, Cause: "settlement", Amount: 500, DueOn: day, DecidedAt: at,
			Repayments: []workflow.Repayment{{Amount: 100, On: day, Reference: "IF 1", At: at}}},
		Attachments: []workflow.Attachment{{ID: 9, Kind: "programme", Name: "program.pdf", Type: "application/pdf", Size: 12, SHA256: "ab", Scan: "clean", At: at}},
		Documents:   []workflow.Document{{ID: 4, Kind: "correction", Title: "Rättelse", Corrects: 3, At: at, SHA256: "cd"}}}
	school := &workflow.School{ID: 3, Name: "Baldergymnasiet", UnitCode: "12345678", Level: "gymnasieskola", Operator: "kommunal"}
	return workflow.Case{App: app, Round: workflow.Round{ID: "HT26", State: workflow.RoundPublished, Rules: rules(t)},
		Scheme: workflow.Scheme{Code: "skolutbyte", NeedsPrincipal: true}, School: school}
}

// TestApplicantReadsAssessmentAfterTheDecision holds what is hidden before it, and from whom.
func TestApplicantReadsAssessmentAfterTheDecision(t *testing.T) {
	t.Parallel()
	k := fullCase(t)
	now := time.Date(2026, 10, 20, 9, 0, 0, 0, workflow.Stockholm())
	applicant := workflow.Act(workflow.Person{ID: 5, Roles: []workflow.RoleAt{{Role: workflow.Teacher, School: 3}}})
	officer := workflow.Act(workflow.Person{ID: 7, Roles: []workflow.RoleAt{{Role: workflow.Officer}}})
	after := represent(k, applicant, now)
	if after.Assessment == nil || after.Proposal == nil || after.Computed.Suggested == nil {
		t.Error("after the decision the applicant reads assessment, proposal and suggestion")
	}
	k.App.Decision, k.App.State = nil, workflow.Proposed
	before := represent(k, applicant, now)
	if before.Assessment != nil || before.Proposal != nil || before.Computed.Suggested != nil || before.Rulings != nil {
		t.Errorf("before the decision the applicant reads %+v %+v %+v", before.Assessment, before.Proposal, before.Computed.Suggested)
	}
	if inside := represent(k, officer, now); inside.Assessment == nil || inside.Assessment.Consensus["K1"] != 5 || inside.Proposal == nil {
		t.Error("the officer reads the assessment before the decision")
	}
}

// TestReviewerReadsOnlyTheOwnReviewBeforeHandingIn: nor total or consensus.
func TestReviewerReadsOnlyTheOwnReviewBeforeHandingIn(t *testing.T) {
	t.Parallel()
	k := fullCase(t)
	k.App.Decision, k.App.State = nil, workflow.UnderAssessment
	k.App.Reviews = append(k.App.Reviews, workflow.Review{Person: 9, Reviewer: "reviewer2@example.org"})
	second := workflow.Act(workflow.Person{ID: 9, Email: "reviewer2@example.org", Roles: []workflow.RoleAt{{Role: workflow.Reviewer}}})
	got := represent(k, second, time.Date(2026, 10, 8, 9, 0, 0, 0, workflow.Stockholm())).Assessment
	if got == nil || len(got.Reviews) != 1 || got.Reviews[0].Reviewer != "reviewer2@example.org" || got.Total != nil || got.Consensus != nil || len(got.Voided) != 0 {
		t.Errorf("got %+v", got)
	}
}
