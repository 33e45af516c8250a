package notice

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

func whole(n int64) *int64 { return &n }

// decided is a case with everything that a letter may speak of.
func decided(outcome string) workflow.Case {
	at := workflow.NewDate(2026, time.May, 12).At(10, 0)
	c := workflow.Case{School: &workflow.School{ID: 3, Name: "Kågeskolan", Operator: "kommunal", Level: "grundskola"}}
	c.Round = workflow.Round{ID: "VT26", Name: "Vårens omgång 2026", RuleSet: 2, Rules: workflow.Rules{ShareCap: money.Share{Num: 3, Den: 4}, StaffPerPupils: 10, StaffMin: 2,
		CapPerPupil: map[string]int64{"grundskola": 4000}, CapPerStaff: 3000, EligibleCodes: []string{"RES"}, EligibleLevels: []string{"grundskola"},
		MaxPerApplication: whole(120000), ReportDays: 60, AcceptanceDays: 30, RepayMinimum: 500, CheckDays: 10}}
	c.App = workflow.Application{ID: 41, SchoolID: 3, State: workflow.Decided, DNR: "IF 2026-0064", ApplicantName: "Anna-Karin Lidström", ReceivedAt: at.AddDate(0, -2, 0),
		Form: workflow.Form{Title: "Grannspråk i Brahestad", Requested: whole(100000), Activity: workflow.Activity{Type: "outgoing_group", Start: "2026-10-05", End: "2026-10-09"},
			Applicant:    workflow.ApplicantForm{ContactEmail: "anna@example.org", Payment: workflow.PayInto{Method: "internal", CostCentre: "4230", Project: "IF2601"}},
			Participants: workflow.Participants{Pupils: whole(30), Staff: whole(3)},
			Budget:       []workflow.BudgetLine{{Line: 1, Code: "RES", Amount: whole(117800)}, {Line: 2, Code: "LON", Amount: whole(22000)}}},
		Filed:       []workflow.Filed{{N: 1, Requested: 100000}},
		Attachments: []workflow.Attachment{{ID: 1, Kind: "risk_assessment", Name: "risk.pdf", SHA256: strings.Repeat("ab", 32), At: at.AddDate(0, -2, -1)}, {ID: 2, Kind: "other", Name: "sen.pdf", At: at}},
		Proposal:    &workflow.Proposal{By: "officer@example.org"},
		Decision: &workflow.Decision{Outcome: outcome, Body: workflow.Committee, Reasons: []string{"R-CAP"}, Text: "Utbytet är väl förberett.", DecidedBy: "secretary@example.org",
			DecidedAt: at, Meeting: &workflow.Meeting{Date: workflow.DateOf(at), ItemNo: "§ 58"}}}
	if c.App.Decision.Favourable() {
		c.App.Decision.Granted = 88350
		c.App.Decision.Conditions = []workflow.Condition{{N: 1, Text: "Skolan lämnar en ny plan.", DueOn: workflow.NewDate(2026, time.June, 30)}}
		c.App.Payments = []workflow.Payment{{N: 1, Amount: 70680, Earliest: workflow.NewDate(2026, time.August, 6), Status: workflow.PayPlanned},
			{N: 2, Amount: 17670, Last: true, Status: workflow.PayPlanned}}
	}
	c.App.Recovery = &workflow.Recovery{Amount: 5850, Proposed: 5850, Cause: "settlement", DueOn: workflow.NewDate(2027, time.August, 20), Reason: "Färre reste.",
		DecidedBy: "head@example.org", DecidedAt: at.AddDate(1, 0, 0), Body: workflow.Delegate}
	c.App.Settlement = &workflow.Settlement{Entitlement: 70950, Repay: 5850}
	return c
}

func office(l lang.Lang) Office {
	return Office{Lang: l, Email: "fonden@example.org", Web: "https://fonden.example.org", Name: func(email string) string {
		return map[string]string{"secretary@example.org": "Ulla Forsman", "officer@example.org": "Karin Holmlund"}[email]
	}}
}

// all is every word of a notice, with ordinary blanks.
func all(n Notice) string {
	s := fmt.Sprintf("%+v", n)
	for _, x := range n.Sections {
		if x.Table != nil {
			s += fmt.Sprintf("%+v", *x.Table)
		}
	}
	if n.Sum != nil {
		s += fmt.Sprintf("%+v", *n.Sum)
	}
	return strings.ReplaceAll(s, "\u00a0", " ")
}

func TestDecisionSaysWhatTheLawWants(t *testing.T) {
	t.Parallel()
	got := all(Decision(decided(workflow.PartiallyGranted), office(lang.SV)))
	for _, want := range []string{
		"Kommunstyrelsens arbetsutskott beviljar Kågeskolan", "88 350 kr", "5–9 oktober 2026", "Ni sökte 100 000 kr", // who, what, how much
		"12 maj 2026, § 58", "Karin Holmlund", "Ulla Forsman", // when, who presented, who signs
		"Utbytet är väl förberett.", "Sökt belopp överstiger bidragstaket (R-CAP)", "117 800", // reasons
		"Barnets bästa", "Skolan lämnar en ny plan. Senast 30 juni 2026.", "11 juni 2026", "8 december 2026", // conditions
		"ansvar 4230, projekt IF2601", "Del 1, 70 680 kr, betalas tidigast 6 augusti 2026", "Del 2, högst 17 670 kr", // the plan
		"laglighetsprövning", "tre veckor", "förvaltningsrätten", // KL 13
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the letter never says %q", want)
		}
	}
	if strings.Contains(got, "§ §") {
		t.Error("the item's sign stands twice")
	}
}

// TestALetterNamesNoDayThatIsPast: what could be paid before it was decided is paid when all is ready.
func TestALetterNamesNoDayThatIsPast(t *testing.T) {
	t.Parallel()
	c := decided(workflow.PartiallyGranted)
	day := workflow.DateOf(c.App.Decision.DecidedAt)
	for n, want := range []string{"Hela beloppet, 88 350 kr, betalas när villkoren", "Del 1, 70 680 kr, betalas när villkoren"} {
		c := c
		c.App.Payments = slices.Clone(c.App.Payments)
		c.App.Payments[0].Earliest = day
		if n == 0 {
			c.App.Payments = c.App.Payments[:1]
			c.App.Payments[0].Amount, c.App.Payments[0].Last = 88350, false
		}
		if got := all(Decision(c, office(lang.SV))); !strings.Contains(got, want) || strings.Contains(got, "betalas tidigast") {
			t.Errorf("the letter of %s never says %q, or names a day", day, want)
		}
	}
}

func TestARefusalPromisesNothing(t *testing.T) {
	t.Parallel()
	for _, outcome := range []string{workflow.Rejected, workflow.Dismissed} {
		n := Decision(decided(outcome), office(lang.SV))
		got := all(n)
		for _, never := range []string{"Så betalas", "Villkor", "Så tackar ni ja", "beviljar"} {
			if strings.Contains(got, never) {
				t.Errorf("%s: the letter says %q", outcome, never)
			}
		}
		if n.Sum != nil || !strings.Contains(got, "laglighetsprövning") || !strings.Contains(got, "Barnets bästa") {
			t.Errorf("%s: sum %v, or appeal and child are missing", outcome, n.Sum)
		}
	}
}

// TestAnAssociationsLetterSpeaksOfNoPupils: the words on the best interests of the child are
// those of the scheme's kind of applicant, in the letter and in the proposal.
func TestAnAssociationsLetterSpeaksOfNoPupils(t *testing.T) {
	t.Parallel()
	for _, l := range []lang.Lang{lang.SV, lang.EN} {
		for _, outcome := range []string{workflow.Granted, workflow.Rejected} {
			c := decided(outcome)
			c.App.Proposal.Outcome = outcome
			o := office(l)
			words := func() string { return fmt.Sprint(o.child(c, c.App.Decision).Paragraphs) }
			school := words()
			c.Scheme.Applicant, c.App.Decision.Conditions = "organisation", nil
			own := words()
			if own == school || strings.Contains(own, "elev") || strings.Contains(own, "pupil") || strings.Contains(own, "notice.") {
				t.Errorf("%s, %s: %s", l, outcome, own)
			}
			for _, word := range []string{"elever", "rektor", "skolan ", "utbytet", "pupils", "principal", "exchange", "the school"} {
				if outcome == workflow.Granted && strings.Contains(strings.ToLower(fmt.Sprint(o.conditions(c), o.plan(c), o.accept(c))), word) {
					t.Errorf("%s: the letter speaks of %s", l, word)
				}
			}
			if !strings.Contains(all(Decision(c, o)), own[1:len(own)-1]) || !strings.Contains(all(Proposal(c, nil, c.App.Decision.DecidedAt, o)), own[1:len(own)-1]) {
				t.Errorf("%s, %s: the letter or the proposal has other words", l, outcome)
			}
		}
	}
}

// TestProposalBeforeTheMeetingHasADay: the letter can be read through before anybody knows when the committee meets.
func TestProposalBeforeTheMeetingHasADay(t *testing.T) {
	t.Parallel()
	c := decided(workflow.Granted)
	c.App.Decision.Meeting = &workflow.Meeting{}
	for _, l := range []lang.Lang{lang.SV, lang.EN} {
		if faults := Decision(c, office(l)).Faults(); len(faults) > 0 {
			t.Errorf("%s: the letter lacks %v", l, faults)
		}
	}
}

// TestAmendmentSaysWhatChangedAndWhatFollows (RF-20): was and is in rows, the answer's reasons, the new day of the report.
func TestAmendmentSaysWhatChangedAndWhatFollows(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[string][]string{
		"approved": {"Ändringen godkänns. Bidraget är oförändrat, 88 350 kr.", "[Första resdag 5 oktober 2026 12 oktober 2026]", "[Resor till och från 117 800 kr 110 000 kr]", "[Antal elever 30 28]", "11 december 2026", "Handläggare", "Det ryms.", "Provet är flyttat.", "tre veckor", "Måndag: Studiebesök"},
		"refused":  {"Ändringen godkänns inte.", "Ni bad om", "[Första resdag 5 oktober 2026 12 oktober 2026]", "Det ryms."},
	} {
		c := decided(workflow.Granted)
		x := workflow.Change{N: 1, Type: "dates", Cause: "outside", Reason: "Provet är flyttat.", Outcome: outcome, DecidedBy: workflow.ByItself, Decider: "officer@example.org", Answer: "Det ryms.",
			AskedAt: c.App.Decision.DecidedAt.AddDate(0, 1, 0), DecidedAt: c.App.Decision.DecidedAt.AddDate(0, 1, 2),
			Proposed: workflow.RawObject(`{"activity":{"start":"2026-10-12","end":"2026-10-12"},"participants":{"pupils":28},"text":{"programme":[{"day":"Måndag","text":"Studiebesök"}]},"budget":[{"line":1,"code":"RES","amount":110000},{"line":2,"code":"LON","amount":22000}]}`)}
		if outcome == "approved" {
			x.Was = workflow.RawObject(`{"activity":{"start":"2026-10-05","end":"2026-10-09"},"participants":{"pupils":30},"text":{"programme":null},"budget":[{"line":1,"code":"RES","amount":117800},{"line":2,"code":"LON","amount":22000}]}`)
			c.App.Form, _ = workflow.MergePatch(c.App.Form, x.Proposed)
		}
		c.App.Changes = []workflow.Change{x}
		got := all(Amendment(c, 1, office(lang.SV)))
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: the letter never says %q:\n%s", outcome, w, got)
			}
		}
		for _, l := range []lang.Lang{lang.SV, lang.EN} {
			if faults := Amendment(c, 1, office(l)).Faults(); len(faults) > 0 {
				t.Errorf("%s %s: the letter lacks %v", outcome, l, faults)
			}
		}
		if never := "Slutrapporten ska ha kommit in"; outcome == "refused" && strings.Contains(got, never) {
			t.Errorf("a refusal says %q", never)
		}
	}
}

// TestAmendmentNamesTheMeetingThatAnswered: its day and paragraph stand as the decision's day, not the day when it was written in, and no officer signs it.
func TestAmendmentNamesTheMeetingThatAnswered(t *testing.T) {
	t.Parallel()
	c := decided(workflow.Granted)
	at := c.App.Decision.DecidedAt.AddDate(0, 1, 0)
	meeting := &workflow.Meeting{Date: workflow.DateOf(at.AddDate(0, 0, 6)), ItemNo: "71", Reservations: []string{"Bo Ek vill avslå."}}
	c.App.Changes = []workflow.Change{{N: 1, Type: "dates", Cause: "outside", Reason: "Provet är flyttat.", Outcome: "refused", DecidedBy: workflow.Committee, Decider: "secretary@example.org",
		Answer: "Det ryms inte.", AskedAt: at, DecidedAt: at.AddDate(0, 0, 8), Meeting: meeting, Proposed: workflow.RawObject(`{"activity":{"start":"2026-10-12","end":"2026-10-16"}}`)}}
	for l, want := range map[lang.Lang][]string{
		lang.SV: {"18 juni 2026, § 71", "Kommunstyrelsens arbetsutskott", "Det ryms inte."},
		lang.EN: {"18 June 2026, § 71", "Det ryms inte."},
	} {
		got := all(Amendment(c, 1, office(l)))
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: the letter never says %q:\n%s", l, w, got)
			}
		}
		for _, never := range []string{"Handläggare", "20 juni 2026", "20 June 2026", "Bo Ek"} {
			if strings.Contains(got, never) {
				t.Errorf("%s: the letter says %q:\n%s", l, never, got)
			}
		}
	}
}

func TestLastAppealDayIsSaidWhenItIsKnown(t *testing.T) {
	t.Parallel()
	c := decided(workflow.Granted)
	c.App.Decision.NoticePostedOn, c.App.Decision.LastAppealDay = workflow.NewDate(2026, time.May, 20), workflow.NewDate(2026, time.June, 10)
	if got := all(Decision(c, office(lang.SV))); !strings.Contains(got, "Sista dag att överklaga är 10 juni 2026") {
		t.Error("the letter leaves out the last day to appeal")
	}
}

func TestEveryNoticeHasWordsInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, l := range lang.All() {
		o := office(l)
		var list []Notice
		for _, outcome := range []string{workflow.Granted, workflow.PartiallyGranted, workflow.Rejected, workflow.Dismissed} {
			list = append(list, Decision(decided(outcome), o))
		}
		for _, cause := range []string{"no_report", "report_unanswered", "settlement", "annulled"} {
			for _, method := range []string{"internal", "bankgiro"} {
				c := decided(workflow.Granted)
				c.App.Recovery.Cause, c.App.Form.Applicant.Payment.Method = cause, method
				list = append(list, Recovery(c, o), Decision(c, o))
			}
		}
		cancelled := decided(workflow.Granted)
		cancelled.App.Cancelled = &workflow.Cancellation{Cause: "own"}
		one := decided(workflow.Granted)
		one.App.Payments = one.App.Payments[:1]
		one.App.Form.Applicant.Payment.Project = ""
		late := decided(workflow.Granted)
		late.App.Payments[0].Earliest = workflow.Date{}
		late.App.Decision.Meeting, late.App.Decision.DelegationItem, late.App.Decision.Body = nil, "4.2", workflow.Delegate
		list = append(list, Recovery(cancelled, o), Decision(one, o), Decision(late, o), Receipt(one, strings.Repeat("cd", 32), o),
			Correction(one, workflow.Correction{N: 1, Was: "18 000", Is: "81 000", Reason: "Skrivfel", By: "officer@example.org"}, o),
			Correction(one, workflow.Correction{N: 2, Was: "a", Is: "b", Reason: "c", By: "officer@example.org"}, o))
		for _, n := range list {
			if got := all(n); strings.Contains(got, "⟦") || n.Title == "" || n.Lang != l {
				t.Errorf("%s in %s lacks words: %s", n.Kind, l, got)
			}
		}
	}
}

func TestReceiptHoldsOnlyWhatWasFiled(t *testing.T) {
	t.Parallel()
	c := decided(workflow.Granted)
	sum := strings.Repeat("cd", 32)
	got := all(Receipt(c, sum, office(lang.SV)))
	for _, want := range []string{c.App.DNR, sum, "risk.pdf", strings.Repeat("ab", 32), "2026-03-12 kl. 10.00.00", "100 000 kr"} {
		if !strings.Contains(got, want) {
			t.Errorf("the receipt never says %q", want)
		}
	}
	if strings.Contains(got, "sen.pdf") {
		t.Error("the receipt holds a file that came later")
	}
	c.App.Channel = "paper"
	if !strings.Contains(all(Receipt(c, sum, office(lang.SV))), "sen.pdf") {
		t.Error("a paper application's scanned file is not receipted")
	}
}

func TestSecondCorrectionHasATitleOfItsOwn(t *testing.T) {
	t.Parallel()
	c, o := decided(workflow.Granted), office(lang.SV)
	titles := []string{Correction(c, workflow.Correction{N: 1}, o).Title, Correction(c, workflow.Correction{N: 2}, o).Title, Correction(c, workflow.Correction{N: 3}, o).Title}
	slices.Sort(titles)
	if len(slices.Compact(titles)) != 3 {
		t.Errorf("titles %v", titles)
	}
}

func TestLanguageIsTheApplicants(t *testing.T) {
	t.Parallel()
	for wish, want := range map[string]lang.Lang{"": lang.SV, "sv": lang.SV, "en": lang.EN, "se": lang.SV, "fi": lang.SV} {
		c := workflow.Case{}
		c.App.Form.Applicant.Language = wish
		if got := LangOf(c); got != want {
			t.Errorf("language %q gives %s, want %s", wish, got, want)
		}
	}
}

// TestMinutesTellWhatHappened: each case stands as the meeting left it, whatever became of it since.
func TestMinutesTellWhatHappened(t *testing.T) {
	t.Parallel()
	day := workflow.NewDate(2026, time.May, 12)
	m := workflow.Sitting{Body: workflow.Committee, Day: day, FirstItem: 58, Present: []string{"Ulla Forsman (S), ordförande", "Per Ek"}, Agenda: []int64{1, 2, 3, 4}}
	decided := func() *workflow.Decision {
		return &workflow.Decision{Outcome: workflow.Rejected, Body: workflow.Committee, Reasons: []string{"R-QUAL"}, Text: "För få poäng.\n\nProgrammet saknas.", DecidedAt: day.At(10, 0),
			Meeting: &workflow.Meeting{Date: day, ItemNo: "§ 58", Conflicted: []string{"Cia Dal"}, Reservations: []string{"Per Ek ville bifalla."}}}
	}
	alone := decided()
	alone.Meeting = &workflow.Meeting{Date: day, Urgent: &workflow.Urgent{Chair: "Ulla Forsman", Reason: "I dag"}}
	cases := []workflow.Case{
		{App: workflow.Application{ID: 1, DNR: "IF 1", State: workflow.UnderCheck, Annulled: []workflow.Decision{*decided()}}}, // a court has annulled it since
		{App: workflow.Application{ID: 2, DNR: "IF 2", State: workflow.Proposed, Proposal: &workflow.Proposal{Outcome: workflow.Rejected}}},
		{App: workflow.Application{ID: 3, DNR: "IF 3", State: workflow.Decided, Decision: alone}},
		{App: workflow.Application{ID: 4, DNR: "IF 4", State: workflow.Proposed, Proposal: &workflow.Proposal{Outcome: workflow.Rejected}}},
	}
	record := Record{Remitted: map[int64]string{2: "Vad kostar det"}, Reported: []Reported{{Case: cases[2], At: day.At(9, 0), Action: workflow.ActDecide, By: "s@example.org"},
		{Case: workflow.Case{App: workflow.Application{DNR: "IF 5", Recovery: &workflow.Recovery{Amount: 900}}}, At: day.At(9, 0), Action: workflow.ActDecideRecovery, By: "h@example.org"}}}
	text := strings.ReplaceAll(Minutes(m, cases, record, day.At(12, 0), Office{Lang: lang.SV}).Text(), "\u00a0", " ")
	for _, want := range []string{"Protokoll för kommunstyrelsens arbetsutskott", "Närvarande: Ulla Forsman (S), ordförande; Per Ek", "deltar inte i handläggningen: Cia Dal", "beslutar: avslag.\nFör få poäng.\nProgrammet saknas.\n",
		"godkänd nivå i bedömningen (R-QUAL).", "Barnets bästa: Barnets bästa har vägts in i beslutet.", "Reservation: Per Ek ville bifalla.", "återremitteras. Skäl: Vad kostar det.", "behandlades inte på sammanträdet", "inte behandlat än",
		"Brådskande beslut av ordföranden (6 kap. 39 § kommunallagen)\n- IF 3", "IF 5, : återkrav, 900 kr"} {
		if !strings.Contains(text, want) {
			t.Errorf("the minutes lack %q:\n%s", want, text)
		}
	}
	if strings.Count(text, "beslutar:") != 1 {
		t.Errorf("what the chair decided alone stands as the meeting's:\n%s", text)
	}
}

// TestFaultsNameWhereTheyAreMended: an empty reason is the decision's text, a place that nothing comes into is of the own words.
func TestFaultsNameWhereTheyAreMended(t *testing.T) {
	t.Parallel()
	c, o := decided(workflow.Granted), office(lang.SV)
	c.App.Decision.Text = " "
	o.Texts = map[string]string{"notice.questions.text": "Ring {{.Phone}}."}
	faults := Decision(c, o).Faults()
	if len(faults) != 2 || faults[0].Field != "text" || faults[0].Key != "" || faults[1].Key != "notice.questions.text" || faults[1].Field != "" || faults[1].String() != "Frågor: Ring {{.Phone}}." {
		t.Errorf("faults %+v", faults)
	}
}
