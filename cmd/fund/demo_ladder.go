package main

import (
	"context"
	"fmt"
	"slices"

	"fund/workflow"
)

// rungs are the ends that a story may have, in the order of a case's life.
var rungs = []string{
	"draft", "awaiting_principal", "approved", "withdrawn", "submitted", "completion", "rejected", "assessment", "reviewed",
	"ranked", "proposed", "decided", "accepted", "lapsed", "cancelled", "advised", "paid", "paid_1", "travel", "reported",
	"returned", "approved_report", "accepted_report", "settled_repay", "closed",
}

// reaches tells whether the story goes at least as far as the rung.
func (st story) reaches(rung string) bool {
	return slices.Index(rungs, st.until) >= slices.Index(rungs, rung)
}

// steps is the story's life, each thing at its own day.
func (st story) steps(n int) []demoStep {
	p := &stepper{story: n}
	teacher, principal := st.people()
	p.add(plus(st.filed, -2), 10, func(ctx context.Context, d *demoPlay, story int) error {
		by, err := d.who(ctx, teacher)
		if err != nil {
			return err
		}
		app, err := d.store.Begin(ctx, by, st.form())
		d.apps[story] = app.ID
		return err
	})
	if st.until == "draft" {
		return p.steps
	}
	p.add(plus(st.filed, -2), 11, attach(teacher, st.title, "letter_of_intent", "risk_assessment", "programme"))
	p.add(plus(st.filed, -1), 9, take(teacher, &workflow.RequestApproval{}))
	if st.until == "awaiting_principal" {
		return p.steps
	}
	p.add(plus(st.filed, -1), 15, take(principal, &workflow.Approve{Statement: "Jag har läst ansökan och står bakom resan och budgeten."}))
	if st.until == "approved" {
		return p.steps
	}
	p.add(st.filed, 13, take(teacher, &workflow.Submit{}))
	if st.until == "withdrawn" {
		p.add(plus(st.filed, 8), 9, take(teacher, &workflow.Withdraw{Reason: "Partnerskolan kan inte ta emot."}))
		return p.steps
	}
	if st.until == "submitted" {
		return p.steps
	}
	if st.until == "completion" {
		p.add(
			plus(st.filed, 20),
			9,
			take(
				"officer",
				&workflow.RequestCompletion{
					Points: []workflow.Point{
						{Field: "funding", Text: "Betalar Erasmus+ någon del av resan? Ange vilka rader."},
						{Field: "requested", Text: "Justera sökt belopp efter det."},
					},
				},
			),
		)
		return p.steps
	}
	if st.until == "rejected" {
		p.add(
			plus(st.filed, 6),
			9,
			take(
				"officer",
				&workflow.RuleEligibility{Rulings: []workflow.RuleValue{{Rule: "RF-01", Reason: "Förskola är inte en skolform som fonden omfattar."}}},
			),
		)
		p.add(
			plus(st.filed, 12),
			9,
			take(
				"officer",
				&workflow.Propose{
					Outcome: workflow.Rejected,
					Reasons: st.reasons,
					Text:    "Ansökan avslås: fonden omfattar grund- och gymnasieskolor. Se Nordplus Junior och Erasmus+.",
				},
			),
		)
		p.add(st.decide, 10, st.decided)
		return p.steps
	}
	st.assessment(p)
	if !st.reaches("decided") {
		return p.steps
	}
	st.money(p, teacher, principal)
	return p.steps
}

// people are the story's teacher and principal: the rehearsal's own where the school is theirs.
func (st story) people() (teacher, principal string) {
	teacher, principal = slugOf(st.school)
	switch st.school {
	case "Baldergymnasiet":
		return "teacher", "principal"
	case "Kågeskolan":
		return "teacher2", principal
	}
	return teacher, principal
}

func (st story) rated(minus int) map[string]int {
	out := map[string]int{}
	for i, v := range st.ratings {
		out[fmt.Sprintf("K%d", i+1)] = v
	}
	out["K2"] = max(0, out["K2"]-minus)
	return out
}

var comments = map[string]string{"K1": longComment, "K2": longComment, "K3": longComment, "K4": longComment, "K5": longComment}

// assessment goes from the check to the proposal, as far as the story does.
func (st story) assessment(p *stepper) {
	p.add(
		plus(st.filed, 8),
		9,
		take(
			"officer",
			&workflow.RuleEligibility{
				Eligible: true,
				Rulings:  []workflow.RuleValue{{Rule: "RF-01", Met: true}, {Rule: "RF-03", Met: true}, {Rule: "RF-13", Met: true}},
			},
		),
	)
	p.add(plus(st.filed, 9), 9, take("officer", &workflow.AssignReviewers{Reviewers: []string{"reviewer1@example.org", "reviewer2@example.org"}}))
	p.add(plus(st.filed, 11), 9, take("reviewer1", &workflow.DeclareInterest{}))
	p.add(plus(st.filed, 11), 10, take("reviewer1", (*workflow.SubmitReview)(&workflow.SaveReview{Ratings: st.rated(0), Comments: comments})))
	if !st.reaches("reviewed") {
		return
	}
	p.add(plus(st.filed, 12), 9, take("reviewer2", &workflow.DeclareInterest{}))
	p.add(plus(st.filed, 12), 10, take("reviewer2", (*workflow.SubmitReview)(&workflow.SaveReview{Ratings: st.rated(1), Comments: comments})))
	if !st.reaches("ranked") {
		return
	}
	p.add(
		plus(st.filed, 14),
		13,
		take("officer", &workflow.SetConsensus{Ratings: st.rated(0), Comment: "Bedömarna har enats efter samtal om varje kriterium."}),
	)
	p.add(plus(st.filed, 14), 14, take("officer", &workflow.Rank{}))
	if !st.reaches("proposed") {
		return
	}
	p.add(plus(st.filed, 15), 9, func(ctx context.Context, d *demoPlay, story int) error {
		k, err := st.suggestion(ctx, d, story)
		if err != nil {
			return err
		}
		return take("officer", &k)(ctx, d, story)
	})
}

// suggestion words what the calculator drafts for the officer.
func (st story) suggestion(ctx context.Context, d *demoPlay, story int) (workflow.Propose, error) {
	c, err := d.store.Case(ctx, machine(), d.apps[story])
	if err != nil {
		return workflow.Propose{}, err
	}
	now, err := d.store.Now(ctx)
	if err != nil {
		return workflow.Propose{}, err
	}
	if p := c.App.Proposal; p != nil {
		return workflow.Propose{Outcome: p.Outcome, Amount: p.Amount, Reasons: p.Reasons, Text: p.Text}, nil
	}
	s := workflow.Compute(c, workflow.DateOf(now)).Suggested
	k := workflow.Propose{
		Outcome: s.Outcome,
		Amount:  s.Granted,
		Reasons: s.Reasons,
		Text:    "Ansökan bifalls. Utbytet är väl förberett och når målen i fondens riktlinjer.",
	}
	switch s.Outcome {
	case workflow.PartiallyGranted:
		k.Text = "Ansökan bifalls delvis. Bidraget följer fondens tak och den andel av kostnaden som fonden kan bära."
	case workflow.Rejected:
		k.Text = "Ansökan avslås. Den når inte godkänd nivå i bedömningen."
	}
	return k, nil
}

// decided is the decision at the right level.
func (st story) decided(ctx context.Context, d *demoPlay, story int) error {
	k, err := st.suggestion(ctx, d, story)
	if err != nil {
		return err
	}
	c, err := d.store.Case(ctx, machine(), d.apps[story])
	if err != nil {
		return err
	}
	now, err := d.store.Now(ctx)
	if err != nil {
		return err
	}
	cmd, who := &workflow.DecideGrant{Propose: k}, "head"
	if c.DecisionBody() == workflow.Delegate {
		cmd.DelegationItem = "IF 3.1"
	} else {
		who = "secretary"
		cmd.Meeting = &workflow.Meeting{Date: workflow.DateOf(now), ItemNo: fmt.Sprintf("§ %d", 40+story), Present: []string{"Anna Lindgren (fiktiv), ordförande", "Bo Sandberg (fiktiv)"}}
	}
	return take(who, cmd)(ctx, d, story)
}

// money goes from the decision to the closed case, as far as the story does.
func (st story) money(p *stepper, teacher, principal string) {
	day := st.decide
	if day == "" {
		day = st.meeting
	}
	notice, _ := workflow.ParseDate(plus(day, 1))
	p.add(day, 10, st.decided)
	if st.until == "decided" {
		return
	}
	p.add(plus(day, 1), 8, take("secretary", &workflow.RecordNotice{PostedOn: notice}))
	if st.grant == 0 {
		p.add(plus(day, 40), 9, take("officer", &workflow.Close{}))
		return
	}
	if st.until == "lapsed" {
		p.add(plus(day, 35), 9, take("officer", &workflow.Lapse{Reason: "Villkoren godkändes inte inom 30 dagar."}))
		return
	}
	p.add(plus(day, 6), 9, take(teacher, &workflow.AcceptConditions{}))
	p.add(plus(day, 7), 9, take("finance1", &workflow.VerifyAccount{CalledBack: true, Note: "Uppgiften jämförd med motringning till känt nummer."}))
	p.add(plus(day, 7), 13, take("finance2", &workflow.VerifyAccount{CalledBack: true, Note: "Kontrollerad av en andra person."}))
	if st.until == "cancelled" {
		p.add(
			plus(st.start, -20),
			9,
			take(
				teacher,
				&workflow.ReportCancellation{
					Cause:           "outside",
					UnavoidableCost: 4000,
					Refunds:         1000,
					Reason:          "Partnerskolan har vattenskada och kan inte ta emot.",
				},
			),
		)
		return
	}
	check := plus(st.start, -62)
	if check < plus(day, 8) {
		check = plus(day, 8)
	}
	on, _ := workflow.ParseDate(check)
	p.add(check, 9, take("officer", &workflow.CheckAdvisory{Level: "none", Source: "UD:s reseinformation", On: on}))
	if st.until == "advised" {
		return
	}
	payday := bankDay(plus(check, 5))
	if st.until == "paid" {
		p.add(payday, 9, pay("IF 3001", "export"))
		return
	}
	p.add(payday, 9, pay(fmt.Sprintf("IF %d", 3000+p.story), "mark_paid"))
	if st.until == "paid_1" || !st.reaches("reported") {
		return
	}
	st.report(p, teacher, principal)
}

// report goes from the journey home to the closed case.
func (st story) report(p *stepper, teacher, principal string) {
	share := int64(100)
	if st.until == "settled_repay" {
		share = 70
	}
	first, _ := workflow.ParseDate(st.start)
	last, _ := workflow.ParseDate(st.end)
	file := &workflow.SubmitReport{
		Pupils: whole(st.pupils),
		Staff:  whole(st.staff),
		Start:  first,
		End:    last,
		Texts: map[string]string{
			"summary":    "Resan genomfördes och målen följdes upp enligt planen.",
			"learned":    "Mer tid för gemensam planering nästa gång.",
			"fund_named": "Fonden nämndes vid redovisningen.",
		},
		Publish: true,
	}
	file.Goals = st.reached()
	for _, l := range st.form().Budget {
		file.Actual = append(file.Actual, workflow.ActualLine{Line: l.Line, Amount: l.Sum() * share / 100, Voucher: fmt.Sprintf("V-%d%d", p.story, l.Line)})
	}
	p.add(plus(st.end, 21), 15, take(teacher, file))
	if st.until == "reported" {
		return
	}
	if st.until == "returned" {
		p.add(
			plus(st.end, 24),
			9,
			take("officer", &workflow.ReturnReport{Points: []workflow.Point{{Field: "actual", Text: "Verifikationsnummer saknas för boendet."}}}),
		)
		return
	}
	p.add(plus(st.end, 22), 9, take(principal, &workflow.Approve{Statement: "Redovisningen stämmer med skolans bokföring."}))
	if st.until == "approved_report" {
		return
	}
	p.add(plus(st.end, 28), 9, take("officer", &workflow.AcceptReport{}))
	if st.until == "accepted_report" {
		return
	}
	p.add(plus(st.end, 28), 10, take("officer", &workflow.Settle{}))
	if st.until == "settled_repay" {
		return
	}
	p.add(bankDay(plus(st.end, 32)), 9, func(ctx context.Context, d *demoPlay, story int) error {
		c, err := d.store.Case(ctx, machine(), d.apps[story])
		if err != nil {
			return err
		}
		now, err := d.store.Now(ctx)
		if err != nil || len(c.PayableNow(workflow.DateOf(now))) == 0 {
			return err
		}
		return pay(fmt.Sprintf("IF %d", 3500+story), "mark_paid")(ctx, d, story)
	})
	p.add(plus(st.end, 35), 9, take("officer", &workflow.Close{}))
}
