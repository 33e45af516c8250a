package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fund/jobs/localredis"
	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
	"fund/workflow/money"
)

// house is a database, a Redis and a runner of a test's own.
type house struct {
	t      testing.TB
	store  *sql.Store
	url    string // of the database
	redis  *localredis.Server
	runner *Runner
	hand   bool // the runner is not started: jobs are delivered by the test
	double bool // each job is delivered twice, and its row doubled
}

func open(t testing.TB) *house {
	t.Helper()
	store, url := sqltest.OpenURL(t)
	h := &house{t: t, store: store, url: url, hand: true}
	server, err := localredis.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	h.redis = server
	h.runner, err = NewRunner(h.store, server.URL(), Options{BaseURL: "https://fund.example.org", From: "Fonden <fonden@example.org>",
		Check: 5 * time.Millisecond, Look: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// run starts the runner for the rest of the test.
func (h *house) run() {
	h.t.Helper()
	h.hand = false // from now on steps wait for what follows them
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.runner.Run(ctx) }()
	h.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			h.t.Errorf("runner: %v", err)
		}
	})
}

func instant(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := workflow.ParseInstant(s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// clock moves the clock. While the test delivers jobs itself none may be due by then.
func (h *house) clock(s string) {
	h.t.Helper()
	at := instant(h.t, s)
	if !h.double {
		h.advance(at)
		return
	}
	moved := make(chan struct{})
	go func() {
		defer close(moved)
		h.advance(at)
	}()
	for {
		select {
		case <-moved:
			return
		default:
			h.deliverTwice(h.due())
		}
	}
}

func (h *house) advance(at time.Time) {
	still := true
	got, err := h.store.Advance(h.t.Context(), &at, &still)
	if err != nil {
		h.t.Errorf("clock to %s: %v", at, err)
	}
	for _, f := range got.Failed {
		h.t.Errorf("clock to %s: job %d (%s) of %d: %s", at, f.ID, f.Kind, f.Application, f.Error)
	}
}

// deliverTwice does each job twice, and once more under a second row, as when
// days are moved and moved back. Only a mail asked for twice is two mails.
func (h *house) deliverTwice(jobs []sql.Job) {
	h.t.Helper()
	for _, j := range jobs {
		if j.Kind != workflow.JobMail && j.Data["copy"] == nil {
			again := j
			again.Data = map[string]any{"copy": true}
			for k, v := range j.Data {
				again.Data[k] = v
			}
			if err := h.store.InTx(h.t.Context(), func(tx *sql.Tx) error { return tx.AddJob(h.t.Context(), again) }); err != nil {
				h.t.Errorf("copy of %s: %v", j.Kind, err)
			}
		}
		for range 2 {
			if err := h.runner.Work(h.t.Context(), j.ID); err != nil {
				h.t.Errorf("%s: %v", j.Kind, err)
			}
		}
	}
}

// settle lets everything that is due finish.
func (h *house) settle() {
	h.t.Helper()
	now, err := h.store.Now(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	h.clock(now.Format(time.RFC3339Nano))
}

// due takes every job that is due now, as the relay would.
func (h *house) due() (list []sql.Job) {
	h.t.Helper()
	if _, err := h.store.SendDue(h.t.Context(), 1000, func(j sql.Job) error {
		list = append(list, j)
		return nil
	}); err != nil {
		h.t.Fatal(err)
	}
	return list
}

func (h *house) who(name string) workflow.Actor {
	h.t.Helper()
	p, err := h.store.PersonByEmail(h.t.Context(), name+"@example.org")
	if err != nil {
		h.t.Fatalf("%s: %v", name, err)
	}
	return workflow.Act(p)
}

func (h *house) read(app int64) workflow.Case {
	h.t.Helper()
	c, err := h.store.Case(h.t.Context(), workflow.Machine(), app)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// do takes one step, with what follows it when the runner runs.
func (h *house) do(app int64, name string, cmd workflow.Command) {
	h.t.Helper()
	if _, err := h.store.Apply(h.t.Context(), sql.Ref{ID: app}, h.who(name), cmd); err != nil {
		h.t.Fatalf("%s by %s: %v", cmd.Action(), name, err)
	}
	if !h.hand {
		h.settle()
	}
}

// round opens VT26 with the rules of the scheme.
func (h *house) round() {
	h.t.Helper()
	in := sql.RoundInput{Round: workflow.Round{ID: "VT26", Scheme: "skolutbyte", Name: "Vårens omgång 2026", OpensAt: instant(h.t, "2026-01-15"),
		ClosesAt: instant(h.t, "2026-03-31T23:59:59+02:00"), TripFrom: workflow.NewDate(2026, time.June, 1), TripTo: workflow.NewDate(2026, time.November, 30),
		Budget: 400000}}
	r, err := h.store.CreateRound(h.t.Context(), h.who("admin"), in)
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.store.RoundAction(h.t.Context(), h.who("admin"), sql.RoundStep{Round: r.ID, Seen: r.Version, Action: "publish"}, nil); err != nil {
		h.t.Fatal(err)
	}
}

func whole(n int64) *int64 { return &n }

// outgoing is an application for 30 000 kr from Baldergymnasiet, decided by the head and paid at once.
func outgoing() workflow.Form {
	return workflow.Form{Title: "Utbyte med Pardubice", Round: "VT26",
		Applicant: workflow.ApplicantForm{School: "Baldergymnasiet", ApplicantRole: "Lärare", ContactPhone: "0910-73 00 00",
			Payment: workflow.PayInto{Method: "internal", CostCentre: "6110", Project: "IF2601"}},
		Partner: workflow.Partner{Name: "Gymnázium Labská (fiktiv)", City: "Pardubice", Country: "Tjeckien"},
		Activity: workflow.Activity{Type: "outgoing_group", Start: "2026-08-24", End: "2026-08-29", TravelDays: whole(2), ProgrammeDays: whole(4),
			JointShare: &money.Share{Num: 8, Den: 10}},
		Participants: workflow.Participants{Pupils: whole(10), Staff: whole(2)},
		Text:         workflow.Texts{Summary: "Eleverna arbetar en vecka tillsammans.", Programme: []workflow.ProgrammeDay{{Day: "24 augusti", Text: "Resa"}}},
		Budget:       []workflow.BudgetLine{{Line: 1, Code: "RES", Text: "Resor", Amount: whole(48000)}},
		Funding:      []workflow.Funding{{Source: "Skolan", Type: "own", Amount: whole(18000), Status: "confirmed"}},
		Requested:    whole(30000), Declarations: workflow.Declarations{NoMandatoryFee: true, OtherApplications: "nej", SentByStaff: true, NoPupilData: true, PublicRecord: true}}
}

func (h *house) draft(f workflow.Form) int64 {
	h.t.Helper()
	app, err := h.store.Begin(h.t.Context(), h.who("teacher"), f)
	if err != nil {
		h.t.Fatal(err)
	}
	return app.ID
}

// file sends the draft in, with its papers and the principal's approval.
func (h *house) file(app int64) {
	h.t.Helper()
	for _, kind := range []string{"letter_of_intent", "risk_assessment"} {
		if _, err := h.store.PutFile(h.t.Context(), sql.Ref{ID: app}, h.who("teacher"),
			workflow.Attachment{Kind: kind, Name: kind + ".pdf", Type: "application/pdf", Scan: "not_scanned"}, strings.NewReader("%PDF-1.4 "+kind), 0); err != nil {
			h.t.Fatal(err)
		}
	}
	h.do(app, "teacher", &workflow.RequestApproval{})
	h.do(app, "principal", &workflow.Approve{Statement: "Jag tillstyrker."})
	h.do(app, "teacher", &workflow.Submit{})
}

// decide takes a filed case to a grant of 30 000 kr.
func (h *house) decide(app int64) {
	h.t.Helper()
	comments := map[string]string{}
	ratings := map[string]int{}
	for _, k := range []string{"K1", "K2", "K3", "K4", "K5"} {
		ratings[k], comments[k] = 4, strings.Repeat("Det är väl beskrivet och går att följa upp. ", 2)
	}
	h.do(app, "officer", &workflow.RuleEligibility{Eligible: true})
	h.do(app, "officer", &workflow.AssignReviewers{Reviewers: []string{"reviewer1@example.org", "reviewer2@example.org"}})
	for _, r := range []string{"reviewer1", "reviewer2"} {
		h.do(app, r, &workflow.DeclareInterest{})
		h.do(app, r, &workflow.SubmitReview{Ratings: ratings, Comments: comments})
	}
	h.do(app, "officer", &workflow.SetConsensus{Ratings: ratings, Comment: "Bedömarna är eniga."})
	h.do(app, "officer", &workflow.Rank{})
	grant := workflow.Propose{Outcome: workflow.Granted, Amount: 30000, Text: "Utbytet är väl förberett.",
		Conditions: []workflow.ConditionIn{{Text: "Skolan lämnar ett program.", DueOn: workflow.NewDate(2026, time.May, 20)}}}
	h.do(app, "officer", &grant)
	h.do(app, "head", &workflow.DecideGrant{Propose: grant, DelegationItem: "4.2"})
}

// ready takes a decided case to where it can be paid as soon as its day comes.
func (h *house) ready(app int64) {
	h.t.Helper()
	h.do(app, "teacher", &workflow.AcceptConditions{})
	met := true
	h.do(app, "officer", &workflow.RuleCondition{Condition: 1, Met: &met})
	h.do(app, "finance1", &workflow.VerifyAccount{Note: "Jämfört med registret."})
	h.do(app, "finance2", &workflow.VerifyAccount{Note: "Jämfört med registret."})
	now, err := h.store.Now(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	h.do(app, "officer", &workflow.CheckAdvisory{Level: "none", Source: "UD", On: workflow.DateOf(now)})
}

// snapshot is what jobs leave behind in a case, as lines that can be compared:
// its history without instants, its mails and documents.
func (h *house) snapshot(app int64) []string {
	h.t.Helper()
	lines := []string{}
	events, err := h.store.Events(h.t.Context(), workflow.Machine(), app)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, e := range events {
		lines = append(lines, fmt.Sprintf("event %d %s %s %s", e.Version, e.Action, e.From, e.To))
	}
	for _, d := range h.read(app).App.Documents {
		lines = append(lines, "document "+d.Kind+" "+d.Title)
	}
	return append(lines, h.mailLines(app)...)
}

// story is a snapshot without the order of what happened at the same instant.
func (h *house) story(app int64) []string {
	h.t.Helper()
	lines := h.snapshot(app)
	for i, line := range lines {
		if rest, ok := strings.CutPrefix(line, "event "); ok {
			_, what, _ := strings.Cut(rest, " ")
			if strings.HasPrefix(what, "add_document ") {
				what = "add_document" // people may be a step ahead of the program's letter
			}
			lines[i] = "event " + what
		}
	}
	slices.Sort(lines)
	return lines
}

// mailLines are the mails of a case in order, each with the day on which it was written.
func (h *house) mailLines(app int64) []string {
	h.t.Helper()
	rows, err := h.store.Mails(h.t.Context(), workflow.Machine(), app)
	if err != nil {
		h.t.Fatal(err)
	}
	lines := []string{}
	for _, m := range rows {
		offset := ""
		if m.OffsetDays != nil {
			offset = fmt.Sprintf(" %+d", *m.OffsetDays)
		}
		lines = append(lines, fmt.Sprintf("mail %s %s%s to %s: %s\n%s", workflow.DateOf(m.CreatedAt), m.Kind, offset, m.To, m.Subject, m.Body))
	}
	return lines
}

// mailsTo counts the mails of a kind to an address.
func (h *house) mailsTo(app int64, to, kind string) (n int) {
	h.t.Helper()
	rows, err := h.store.Mails(h.t.Context(), workflow.Machine(), app)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, m := range rows {
		if m.To == to && m.Kind == kind {
			n++
		}
	}
	return n
}

// batch takes a step with a payout batch.
func (h *house) batch(name string, id int64, action workflow.Action, body string) workflow.Batch {
	h.t.Helper()
	b, err := h.store.BatchAction(h.t.Context(), h.who(name), id, workflow.AnyVersion, string(action), json.RawMessage(body))
	if err != nil {
		h.t.Fatalf("%s by %s: %v", action, name, err)
	}
	return b
}
