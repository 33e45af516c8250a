package main

import (
	"context"
	"time"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

// story is one invented application of the rehearsal and how far it has come.
// Schools are real; everything else is made up, and no pupil is named.
type story struct {
	title, school, round           string
	partner, city, country         string
	twin                           bool
	pupils, staff                  int64
	fare, night, nights, programme int64 // kronor a person; nights of staff lodging
	requested                      int64
	start, end                     string
	filed                          string // day of filing
	ratings                        [5]int
	grant                          int64 // what was decided; 0: rejected
	reasons                        []string
	until                          string // the last step played, see ladder
	meeting                        string // day of the committee; empty: the head decides on decide
	decide                         string
	payment                        workflow.PayInto
}

// ladder is the way of a case; until names one of these.
// draft awaiting_principal approved submitted completion check assessment reviewed ranked proposed decided accepted verified advised
// batch sent paid travel reported approved_report returned accepted_report settled final closed lapsed withdrawn rejected recovery cancelled

var stories = []story{
	// VT25: an earlier round, all at its end.
	{
		title: "Kör och körledare i Raahe", school: "Kaplanskolan", round: "VT25", partner: "Pattasten koulu (fiktiv)", city: "Brahestad",
		country: "Finland", twin: true, pupils: 22, staff: 3, fare: 900, night: 350, nights: 4, programme: 300, requested: 30000,
		start: "2025-09-15", end: "2025-09-19", filed: "2025-03-12", ratings: [5]int{5, 4, 3, 4, 3}, grant: 27675,
		reasons: []string{"R-CAP"}, decide: "2025-05-06", until: "closed",
	},
	{
		title: "Matematik över Kvarken", school: "Bolidenskolan", round: "VT25", partner: "Vähäkyrön koulu (fiktiv)", city: "Vasa",
		country: "Finland", pupils: 18, staff: 2, fare: 800, night: 400, nights: 3, programme: 250, requested: 18000, start: "2025-10-06",
		end: "2025-10-09", filed: "2025-03-20", ratings: [5]int{4, 4, 3, 3, 3}, grant: 16000, reasons: []string{"R-CAP"},
		decide: "2025-05-06", until: "closed",
	},
	{
		title: "Sevärdheter i Berlin", school: "Yrkesgymnasiet Skellefteå", round: "VT25", partner: "Oberstufe Spree (fiktiv)",
		city: "Berlin", country: "Tyskland", pupils: 24, staff: 2, fare: 2900, night: 700, nights: 4, programme: 300, requested: 60000,
		start: "2025-10-13", end: "2025-10-17", filed: "2025-03-28", ratings: [5]int{1, 2, 2, 3, 2}, grant: 0, reasons: []string{"R-QUAL"},
		meeting: "2025-05-13", until: "closed", payment: workflow.PayInto{Method: "bankgiro", Bankgiro: "5912-3455"},
	},

	// VT26: travelling, reporting, settling.
	{
		title: "Språk och hav med vänklassen", school: "Kågeskolan", round: "VT26", partner: "Rantalan yläkoulu (fiktiv)",
		city: "Brahestad", country: "Finland", twin: true, pupils: 30, staff: 3, fare: 1100, night: 300, nights: 4, programme: 250,
		requested: 36000, start: "2026-09-07", end: "2026-09-11", filed: "2026-03-10", ratings: [5]int{5, 4, 4, 4, 3}, grant: 34200,
		reasons: []string{"R-CAP"}, decide: "2026-05-06", until: "travel",
	},
	{
		title: "Robotar utan gränser", school: "Anderstorpsgymnasiet", round: "VT26", partner: "Střední škola Labe (fiktiv)",
		city: "Pardubice", country: "Tjeckien", twin: true, pupils: 24, staff: 3, fare: 4100, night: 800, nights: 5, programme: 500,
		requested: 81000, start: "2026-08-24", end: "2026-08-29", filed: "2026-03-16", ratings: [5]int{5, 4, 5, 4, 4}, grant: 81000,
		meeting: "2026-05-12", until: "reported",
	},
	{
		title: "Gruvor förr och nu", school: "Björkskolan", round: "VT26", partner: "Ranfjell skole (fiktiv)", city: "Mo i Rana",
		country: "Norge", twin: true, pupils: 14, staff: 2, fare: 1500, night: 350, nights: 4, programme: 500, requested: 25000,
		start: "2026-06-08", end: "2026-06-12", filed: "2026-03-17", ratings: [5]int{4, 4, 3, 4, 3}, grant: 25000, decide: "2026-05-06",
		until: "closed", payment: workflow.PayInto{Method: "bankgiro", Bankgiro: "5912-3455"},
	},
	{
		title: "Teater på två språk", school: "Floraskolan", round: "VT26", partner: "Saloisten koulu (fiktiv)", city: "Brahestad",
		country: "Finland", twin: true, pupils: 26, staff: 3, fare: 1000, night: 300, nights: 4, programme: 300, requested: 30000,
		start: "2026-06-15", end: "2026-06-19", filed: "2026-03-18", ratings: [5]int{4, 4, 4, 3, 3}, grant: 30000, decide: "2026-05-06",
		until: "approved_report",
	},
	{
		title: "Vatten och företagande", school: "Kanalskolan", round: "VT26", partner: "Nile Bank School (fiktiv)", city: "Jinja",
		country: "Uganda", pupils: 16, staff: 2, fare: 11000, night: 400, nights: 10, programme: 900, requested: 90000, start: "2026-11-09",
		end: "2026-11-20", filed: "2026-03-23", ratings: [5]int{4, 4, 3, 4, 3}, grant: 54000, reasons: []string{"R-CAP"},
		meeting: "2026-05-12", until: "advised",
	},
	{
		title: "Skog, väg och klimat", school: "Naturbruksgymnasiet", round: "VT26", partner: "Keuruun opisto (fiktiv)", city: "Keuruu",
		country: "Finland", pupils: 20, staff: 2, fare: 1400, night: 350, nights: 4, programme: 300, requested: 28000, start: "2026-10-19",
		end: "2026-10-23", filed: "2026-03-24", ratings: [5]int{4, 3, 4, 4, 4}, grant: 28000, decide: "2026-05-06", until: "travel",
	},
	{
		title: "Brevvännerna möts", school: "Sörböleskolan", round: "VT26", partner: "Løgstør Skole (fiktiv)", city: "Løgstør",
		country: "Danmark", twin: true, pupils: 25, staff: 3, fare: 1900, night: 450, nights: 4, programme: 350, requested: 45000,
		start: "2026-11-16", end: "2026-11-20", filed: "2026-03-25", ratings: [5]int{4, 4, 3, 4, 3}, grant: 45000, decide: "2026-05-06",
		until: "paid",
	},
	{
		title: "Vi bygger en bro", school: "Baldergymnasiet", round: "VT26", partner: "Gymnázium Labe (fiktiv)", city: "Pardubice",
		country: "Tjeckien", twin: true, pupils: 18, staff: 2, fare: 3200, night: 700, nights: 4, programme: 400, requested: 48000,
		start: "2026-11-23", end: "2026-11-28", filed: "2026-03-13", ratings: [5]int{4, 4, 4, 4, 3}, grant: 48000, decide: "2026-05-06",
		until: "paid_1",
	},
	{
		title: "Idrott för alla", school: "Kaplanskolan anpassad grundskola", round: "VT26", partner: "Kokkola erityiskoulu (fiktiv)",
		city: "Karleby", country: "Finland", pupils: 8, staff: 6, fare: 1200, night: 500, nights: 3, programme: 400, requested: 16000,
		start: "2026-09-21", end: "2026-09-24", filed: "2026-03-26", ratings: [5]int{4, 4, 3, 5, 3}, grant: 15150,
		reasons: []string{"R-CAP"}, decide: "2026-05-06", until: "returned",
	},
	{
		title: "Nordiska sagor", school: "Bodbysunds Miljöskola", round: "VT26", partner: "Närpes skola (fiktiv)", city: "Närpes",
		country: "Finland", pupils: 12, staff: 2, fare: 900, night: 300, nights: 3, programme: 200, requested: 11000, start: "2026-08-31",
		end: "2026-09-03", filed: "2026-03-27", ratings: [5]int{3, 4, 3, 4, 3}, grant: 11000, decide: "2026-05-06",
		until: "accepted_report", payment: workflow.PayInto{Method: "plusgiro", Plusgiro: "12345-5"},
	},
	{
		title: "Rymdveckan", school: "Lejonströmsskolan", round: "VT26", partner: "Oulunsalon koulu (fiktiv)", city: "Uleåborg",
		country: "Finland", pupils: 20, staff: 2, fare: 900, night: 350, nights: 3, programme: 350, requested: 20000, start: "2026-06-22",
		end: "2026-06-25", filed: "2026-03-19", ratings: [5]int{4, 4, 3, 4, 3}, grant: 20000, decide: "2026-05-06", until: "settled_repay",
	},
	{
		title: "Musik i Tallinn", school: "Morö backe skola", round: "VT26", partner: "Lasnamäe kool (fiktiv)", city: "Tallinn",
		country: "Estland", twin: true, pupils: 20, staff: 2, fare: 2400, night: 500, nights: 4, programme: 300, requested: 40000,
		start: "2026-10-26", end: "2026-10-30", filed: "2026-03-30", ratings: [5]int{4, 4, 4, 4, 3}, grant: 40000, decide: "2026-05-06",
		until: "lapsed",
	},
	{
		title: "Friluftsliv vid Bottenviken", school: "Tuböleskolan", round: "VT26", partner: "Kalajoen koulu (fiktiv)", city: "Kalajoki",
		country: "Finland", pupils: 22, staff: 3, fare: 1000, night: 300, nights: 4, programme: 200, requested: 24000, start: "2026-09-28",
		end: "2026-10-02", filed: "2026-03-29", ratings: [5]int{4, 3, 3, 4, 3}, grant: 24000, decide: "2026-05-06", until: "cancelled",
	},
	{
		title: "Språkbad i Oulu", school: "Gummarkskolan", round: "VT26", partner: "Kiimingin koulu (fiktiv)", city: "Uleåborg",
		country: "Finland", pupils: 20, staff: 2, fare: 900, night: 350, nights: 3, programme: 250, requested: 18000, start: "2026-06-01",
		end: "2026-06-04", filed: "2026-03-11", ratings: [5]int{4, 4, 3, 4, 3}, grant: 18000, decide: "2026-04-22", until: "travel",
	},

	// HT26: with the officer, the reviewers, the deciders.
	{
		title: "Energi och demokrati i två industristäder", school: "Baldergymnasiet", round: "HT26", partner: "Gymnázium Labská (fiktiv)",
		city: "Pardubice", country: "Tjeckien", twin: true, pupils: 24, staff: 3, fare: 4300, night: 900, nights: 6, programme: 450,
		requested: 81000, start: "2027-04-12", end: "2027-04-18", filed: "2026-09-16", ratings: [5]int{5, 4, 5, 4, 4}, until: "proposed",
	},
	{
		title: "Företag på spanska", school: "Kanalskolan", round: "HT26", partner: "Instituto Río (fiktiv)", city: "Sevilla",
		country: "Spanien", pupils: 20, staff: 2, fare: 3900, night: 950, nights: 5, programme: 400, requested: 60000, start: "2027-03-08",
		end: "2027-03-13", filed: "2026-09-22", ratings: [5]int{3, 4, 4, 4, 3}, until: "completion",
	},
	{
		title: "Vinter på två sidor", school: "Björkskolan", round: "HT26", partner: "Storforshei skole (fiktiv)", city: "Mo i Rana",
		country: "Norge", twin: true, pupils: 14, staff: 2, fare: 1500, night: 350, nights: 4, programme: 500, requested: 25000,
		start: "2027-03-15", end: "2027-03-19", filed: "2026-09-29", ratings: [5]int{4, 4, 3, 4, 3}, grant: 25000, decide: "2026-10-16",
		until: "decided", payment: workflow.PayInto{Method: "bankgiro", Bankgiro: "5912-3455"},
	},
	{
		title: "Havet förenar", school: "Kågeskolan", round: "HT26", partner: "Rantalan yläkoulu (fiktiv)", city: "Brahestad",
		country: "Finland", twin: true, pupils: 28, staff: 3, fare: 1100, night: 300, nights: 4, programme: 250, requested: 34000,
		start: "2027-05-10", end: "2027-05-14", filed: "2026-09-21", ratings: [5]int{5, 4, 4, 4, 3}, until: "ranked",
	},
	{
		title: "Kemi i norr", school: "Anderstorpsgymnasiet", round: "HT26", partner: "Lukio Merikoski (fiktiv)", city: "Uleåborg",
		country: "Finland", pupils: 18, staff: 2, fare: 1100, night: 600, nights: 4, programme: 500, requested: 30000, start: "2027-02-15",
		end: "2027-02-19", filed: "2026-09-24", ratings: [5]int{4, 4, 3, 4, 3}, until: "reviewed",
	},
	{
		title: "Dans och demokrati", school: "Floraskolan", round: "HT26", partner: "Vuoltsu koulu (fiktiv)", city: "Brahestad",
		country: "Finland", twin: true, pupils: 25, staff: 3, fare: 1000, night: 300, nights: 4, programme: 300, requested: 29000,
		start: "2027-04-26", end: "2027-04-30", filed: "2026-09-27", ratings: [5]int{4, 3, 4, 4, 3}, until: "assessment",
	},
	{
		title: "Finska i leken", school: "Norrbacka förskola", round: "HT26", partner: "Päiväkoti Aalto (fiktiv)", city: "Brahestad",
		country: "Finland", twin: true, pupils: 12, staff: 4, fare: 1200, night: 300, nights: 3, programme: 100, requested: 22000,
		start: "2027-05-17", end: "2027-05-20", filed: "2026-09-10", ratings: [5]int{}, grant: 0, reasons: []string{"R-ELIG"},
		decide: "2026-10-12", until: "rejected",
	},
	{
		title: "Kulturresan", school: "Internationella Engelska Skolan Skellefteå", round: "HT26", partner: "Northgate Academy (fiktiv)",
		city: "Leeds", country: "Storbritannien", pupils: 28, staff: 3, fare: 3400, night: 900, nights: 4, programme: 350, requested: 90000,
		start: "2027-04-19", end: "2027-04-23", filed: "2026-10-02", ratings: [5]int{}, until: "submitted",
		payment: workflow.PayInto{Method: "bankgiro", Bankgiro: "5912-3455"},
	},
	{
		title: "Slöjd utan ord", school: "Björnåkersskolan", round: "HT26", partner: "Ylivieskan koulu (fiktiv)", city: "Ylivieska",
		country: "Finland", pupils: 16, staff: 2, fare: 900, night: 300, nights: 3, programme: 250, requested: 15000, start: "2027-03-22",
		end: "2027-03-25", filed: "2026-09-30", ratings: [5]int{}, until: "withdrawn",
	},
	{
		title: "Samiska stigar", school: "Sunnanåskolan", round: "HT26", partner: "Sápmi skuvla (fiktiv)", city: "Kautokeino",
		country: "Norge", pupils: 20, staff: 2, fare: 1600, night: 400, nights: 4, programme: 400, requested: 36000, start: "2027-03-01",
		end: "2027-03-05", filed: "2026-09-28", ratings: [5]int{}, until: "submitted",
	},

	// VT27: just opened.
	{
		title: "Fjärilar och fredstankar", school: "Baldergymnasiet", round: "VT27", partner: "Gymnázium Labská (fiktiv)",
		city: "Pardubice", country: "Tjeckien", twin: true, pupils: 22, staff: 3, fare: 4200, night: 800, nights: 5, programme: 400,
		requested: 75000, start: "2027-09-13", end: "2027-09-18", filed: "2026-10-17", until: "draft",
	},
	{
		title: "Cirkus Raahe", school: "Lejonströmsskolan", round: "VT27", partner: "Pattasten koulu (fiktiv)", city: "Brahestad",
		country: "Finland", twin: true, pupils: 20, staff: 2, fare: 1000, night: 300, nights: 4, programme: 300, requested: 22000,
		start: "2027-09-20", end: "2027-09-24", filed: "2026-10-18", until: "awaiting_principal",
	},
	{
		title: "Solceller och sisu", school: "Kanalskolan", round: "VT27", partner: "Oulun lukio (fiktiv)", city: "Uleåborg",
		country: "Finland", pupils: 18, staff: 2, fare: 1100, night: 500, nights: 4, programme: 400, requested: 27000, start: "2027-10-04",
		end: "2027-10-08", filed: "2026-10-18", until: "approved",
	},
}

func whole(n int64) *int64 { return &n }

// form writes the story's application.
func (st story) form() workflow.Form {
	persons := st.pupils + st.staff
	lines := []workflow.BudgetLine{
		{Line: 1, Code: "RES", Text: "Resor tur och retur", Qty: whole(persons), UnitPrice: whole(st.fare), Amount: whole(persons * st.fare)},
		{
			Line:      2,
			Code:      "BOE",
			Text:      "Boende personal",
			Qty:       whole(st.staff * st.nights),
			UnitPrice: whole(st.night),
			Amount:    whole(st.staff * st.nights * st.night),
		},
		{Line: 3, Code: "PRG", Text: "Studiebesök och material", Qty: whole(persons), UnitPrice: whole(st.programme), Amount: whole(persons * st.programme)},
	}
	var total int64
	for _, l := range lines {
		total += l.Sum()
	}
	pay := st.payment
	if pay.Method == "" {
		pay = workflow.PayInto{Method: "internal", CostCentre: "6110", Project: "IF-" + st.round}
	}
	days := whole(3)
	if start, end, ok := (workflow.Activity{Start: st.start, End: st.end}).Days(); ok {
		days = whole(int64(start.DaysUntil(end)) - 1)
	}
	return workflow.Form{Title: st.title, Round: st.round,
		Applicant: workflow.ApplicantForm{
			School:        st.school,
			ApplicantRole: "Lärare",
			ContactEmail:  "utbyte@example.org",
			ContactPhone:  "0910-73 00 00",
			PrincipalName: "Rektor, " + st.school,
			Payment:       pay,
		},
		Partner: workflow.Partner{
			Name:           st.partner,
			City:           st.city,
			Country:        st.country,
			SisterCity:     st.twin,
			Contact:        "Kontakt på partnerskolan (fiktiv)",
			LetterOfIntent: workflow.LetterOfIntent{Date: st.filed},
		},
		Activity: workflow.Activity{
			Type:          "outgoing_group",
			Reciprocal:    "Partnerskolan bjuds hit året därpå.",
			Start:         st.start,
			End:           st.end,
			TravelDays:    whole(2),
			ProgrammeDays: days,
			JointShare:    &money.Share{Num: 8, Den: 10},
			Accommodation: "Värdfamiljer och vandrarhem",
		},
		Participants: workflow.Participants{Pupils: whole(st.pupils), Grades: "En undervisningsgrupp", Staff: whole(st.staff), SupportNeeds: whole(1)},
		Text: workflow.Texts{
			Summary:    "Eleverna arbetar en vecka med jämnåriga i " + st.city + " och redovisar tillsammans.",
			Background: "Klasserna har mötts digitalt under läsåret.",
			Purpose:    "Att använda språken i ett verkligt samarbete och jämföra vardagen i två länder.",
			Goals: []workflow.Goal{
				{Goal: "Alla elever deltar i en gemensam redovisning", Indicator: "Antal godkända redovisningar"},
				{Goal: "Kontakten fortsätter", Indicator: "Datum för nästa möte bestämt"},
			},
			CurriculumLink: "Språk, samhällskunskap och skolans värdegrund.",
			StrategyLink:   st.areas(),
			Preparation:    "Sex lektioner tillsammans på distans.",
			Programme: []workflow.ProgrammeDay{
				{Day: lang.ShortDay(lang.SV, st.start), Text: "Resa"},
				{Day: "dagarna däremellan", Text: "Lektioner, studiebesök och redovisning tillsammans"},
				{Day: lang.ShortDay(lang.SV, st.end), Text: "Hemresa"},
			},
			After:         "Utvärdering i grupperna och redovisning för skolan.",
			Inclusion:     "Alla i gruppen erbjuds plats, utan avgift.",
			Risk:          "Riskanalysen är bifogad.",
			Climate:       "Färdsättet är valt efter restid och klimat.",
			Dissemination: "Utställning på skolan, där fonden nämns.",
		},
		Budget: lines, Funding: []workflow.Funding{{Source: "Skolans egen budget", Type: "own", Amount: whole(max(0, total-st.requested)), Status: "confirmed"}},
		Requested:    whole(st.requested),
		Declarations: workflow.Declarations{NoMandatoryFee: true, OtherApplications: "nej", SentByStaff: true, NoPupilData: true, PublicRecord: true}}
}

// step adds something that happens days after, at an hour.
type stepper struct {
	story int
	steps []demoStep
}

func (p *stepper) add(day string, hour int, do func(context.Context, *demoPlay, int) error) {
	n := len(p.steps)
	at := clockAt(day, hour, 5+(p.story*7+n)%50)
	if n > 0 && !at.After(p.steps[n-1].at) {
		at = p.steps[n-1].at.Add(90 * time.Second)
	}
	p.steps = append(p.steps, demoStep{at: at, story: p.story, order: n, do: func(ctx context.Context, d *demoPlay) error { return do(ctx, d, p.story) }})
}

func plus(day string, days int) string { return written(day).AddDays(days).String() }

// bankDay is the day, or the first after it on which banks pay.
func bankDay(day string) string { return workflow.NextBankDay(written(day)).String() }
