package main

import (
	"context"
	"fmt"

	"fund/sql"
	"fund/workflow"
)

// project is an invented application for co-financing and how far it has come:
// submitted, proposed, decided, verified or rejected.
type project struct {
	title, about, country, city string
	areas                       []string
	cost, main, requested       int64
	funder, status              string // of the main funder
	filed, meeting, until       string
	start, end                  string
}

var projects = []project{
	{
		title:     "Ung scen i tre länder",
		about:     "Unga skapar en föreställning om att växa upp i en stad som förändras.",
		country:   "Finland",
		city:      "Brahestad",
		areas:     []string{"Bo och leva", "Arbetssätt: medskapande"},
		cost:      600000,
		main:      360000,
		funder:    "Erasmus+ Ungdom (fiktivt bidrag)",
		status:    "confirmed",
		requested: 120000,
		filed:     "2026-02-10",
		meeting:   "2026-04-14",
		until:     "verified",
		start:     "2026-10-26",
		end:       "2027-06-18",
	},
	{
		title:     "Gröna jobb för unga",
		about:     "Tre städer prövar lärlingsplatser i batterier och återvinning.",
		country:   "Norge",
		city:      "Mo i Rana",
		areas:     []string{"Utbildning och kompetens"},
		cost:      900000,
		main:      500000,
		funder:    "Interreg Aurora (fiktivt bidrag)",
		status:    "applied",
		requested: 200000,
		filed:     "2026-08-24",
		meeting:   "2026-11-17",
		until:     "proposed",
		start:     "2027-01-11",
		end:       "2028-06-16",
	},
	{
		title:     "Vänortsdagar på torget",
		about:     "Föreningar från fem vänorter möts under en helg.",
		country:   "Danmark",
		city:      "Løgstør",
		areas:     []string{"Bo och leva"},
		cost:      180000,
		main:      0,
		requested: 90000,
		filed:     "2026-04-20",
		meeting:   "2026-06-09",
		until:     "rejected",
		start:     "2027-05-28",
		end:       "2027-05-30",
	},
	{
		title:     "Digital trygghet hemma",
		about:     "Äldre och gymnasister lär varandra tillsammans med en stad i Estland.",
		country:   "Estland",
		city:      "Tallinn",
		areas:     []string{"Bo och leva", "Utbildning och kompetens"},
		cost:      400000,
		main:      220000,
		funder:    "Nordplus Vuxen (fiktivt bidrag)",
		status:    "applied",
		requested: 100000,
		filed:     "2026-10-12",
		until:     "submitted",
		start:     "2027-02-01",
		end:       "2027-11-30",
	},
}

// titleOf is what a story or a project is called.
func titleOf(n int) string {
	if n < len(stories) {
		return stories[n].title
	}
	return projects[n-len(stories)].title
}

func (x project) form() workflow.Form {
	f := workflow.Form{Title: x.title, Round: "MF26",
		Applicant: workflow.ApplicantForm{
			Organisation:  "Norrsken Ungdomsscen, ideell förening (fiktiv)",
			OrgNo:         "999999-9999",
			ApplicantRole: "Verksamhetsledare, firmatecknare",
			ContactEmail:  "external@example.org",
			Payment:       workflow.PayInto{Method: "bankgiro", Bankgiro: "590-1236"},
		},
		Partner:      workflow.Partner{Name: "Samverkan " + x.city + " (fiktiv)", City: x.city, Country: x.country, Contact: "Kontakt hos partnern (fiktiv)"},
		Activity:     workflow.Activity{Type: "project", Start: x.start, End: x.end},
		Participants: workflow.Participants{Pupils: whole(40), Staff: whole(4)},
		Text: workflow.Texts{
			Summary:      x.about,
			Purpose:      "Att stärka " + x.areas[0] + " i Skellefteå 2030.",
			StrategyLink: x.areas,
			Goals: []workflow.Goal{
				{Goal: "Minst fyrtio unga deltar", Indicator: "Antal deltagare"},
				{Goal: "Samarbetet fortsätter", Indicator: "Avtal om nästa steg"},
			},
			Risk:          "Riskerna är genomgångna i styrgruppen.",
			Dissemination: "Öppna redovisningar.",
		},
		Budget: []workflow.BudgetLine{
			{Line: 1, Code: "PRG", Text: "Aktiviteter och lokaler", Amount: whole(x.cost * 7 / 10)},
			{Line: 2, Code: "RES", Text: "Resor mellan orterna", Amount: whole(x.cost - x.cost*7/10)},
		},
		Requested:    whole(x.requested),
		Declarations: workflow.Declarations{NoMandatoryFee: true, OtherApplications: "Se finansieringen.", NoPupilData: true, PublicRecord: true}}
	if x.main > 0 {
		f.Funding = append(f.Funding, workflow.Funding{Source: x.funder, Type: "external_grant", Amount: whole(x.main), Status: x.status})
	}
	f.Funding = append(
		f.Funding,
		workflow.Funding{Source: "Föreningens egna medel", Type: "own", Amount: whole(max(0, x.cost-x.main-x.requested)), Status: "confirmed"},
	)
	return f
}

// steps is the project's life through the same actions as by people.
func (x project) steps(n int) []demoStep {
	p := &stepper{story: n}
	p.add(plus(x.filed, -3), 10, func(ctx context.Context, d *demoPlay, story int) error {
		by, err := d.who(ctx, "external")
		if err != nil {
			return err
		}
		app, err := d.store.Begin(ctx, by, x.form())
		d.apps[story] = app.ID
		return err
	})
	if x.main > 0 {
		p.add(plus(x.filed, -3), 11, attach("external", x.title, "main_funder"))
	}
	p.add(x.filed, 13, take("external", &workflow.Submit{}))
	if x.until == "submitted" {
		return p.steps
	}
	propose := workflow.Propose{
		Outcome: workflow.Granted,
		Amount:  x.requested,
		Text:    "Projektet stärker Skellefteå 2030 och har en huvudfinansiär. Ansökan bifalls.",
	}
	if x.status == "applied" {
		due, _ := workflow.ParseDate(plus(x.meeting, 90))
		propose.Conditions = []workflow.ConditionIn{{Text: "Huvudfinansiärens beslut visas upp.", DueOn: due}}
	}
	if x.until == "rejected" {
		propose = workflow.Propose{Outcome: workflow.Rejected, Reasons: []string{"R-FUNDER"}, Text: "Ansökan avslås: annan huvudfinansiär saknas."}
	}
	p.add(plus(x.filed, 21), 9, take("officer", &propose))
	if x.until == "proposed" {
		return p.steps
	}
	day, _ := workflow.ParseDate(x.meeting)
	p.add(
		x.meeting,
		14,
		take(
			"secretary",
			&workflow.DecideGrant{
				Propose: propose,
				Meeting: &workflow.Meeting{
					Date:    day,
					ItemNo:  fmt.Sprintf("§ %d", 80+n),
					Present: []string{"Anna Lindgren (fiktiv), ordförande", "Bo Sandberg (fiktiv)"},
				},
			},
		),
	)
	posted, _ := workflow.ParseDate(plus(x.meeting, 1))
	p.add(plus(x.meeting, 1), 8, take("secretary", &workflow.RecordNotice{PostedOn: posted}))
	if x.until == "rejected" {
		p.add(plus(x.meeting, 40), 9, take("officer", &workflow.Close{}))
		return p.steps
	}
	p.add(plus(x.meeting, 6), 9, take("external", &workflow.AcceptConditions{}))
	p.add(plus(x.meeting, 7), 9, take("finance1", &workflow.VerifyAccount{CalledBack: true, Note: "Uppgiften jämförd med motringning till känt nummer."}))
	p.add(plus(x.meeting, 7), 13, take("finance2", &workflow.VerifyAccount{CalledBack: true, Note: "Kontrollerad av en andra person."}))
	return p.steps
}

// demoIdeas are what people have asked: one answered, one that waits.
func demoIdeas() []demoStep {
	ask := func(day string, order int, i sql.Idea) demoStep {
		return demoStep{at: clockAt(day, 11, 20+order), story: -1, order: 900 + order, do: func(ctx context.Context, d *demoPlay) error {
			_, err := d.store.AddIdea(ctx, i, "demo")
			return err
		}}
	}
	return []demoStep{
		ask(
			"2026-09-08",
			1,
			sql.Idea{
				Kind:         "idea",
				Name:         "Lärare på Sunnanåskolan (fiktiv)",
				Email:        "fraga@example.org",
				Organisation: "Sunnanåskolan",
				Lang:         "sv",
				Text:         "Vi vill resa med en sjua till Brahestad i maj. Räcker det med fyra programdagar?",
			},
		),
		{at: clockAt("2026-09-10", 9, 15), story: -1, order: 902, do: func(ctx context.Context, d *demoPlay) error {
			by, err := d.who(ctx, "officer")
			if err != nil {
				return err
			}
			open, err := d.store.Ideas(ctx, by, true)
			if err != nil || len(open) == 0 {
				return err
			}
			return d.store.AnswerIdea(
				ctx,
				by,
				open[0].ID,
				"answered",
				"Ja, minst tre programdagar behövs. Omgången för resor i maj stänger 31 mars.",
				func(i sql.Idea) sql.MailRow {
					return sql.MailRow{To: i.Email, Kind: "other", Lang: i.Lang, Subject: "Svar från Internationella fonden", Body: i.Answer}
				},
			)
		}},
		ask(
			"2026-10-16",
			3,
			sql.Idea{
				Kind:  "europe_direct",
				Name:  "Nyfiken (fiktiv)",
				Email: "eu@example.org",
				Lang:  "sv",
				Text:  "Finns det EU-stöd för en ungdomsgård som vill byta ledare med en gård i Finland?",
			},
		),
	}
}
