package handlers

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestCancelledTripIsNotTicked: a trip that did not happen has neither travelled nor reported, whatever comes after it, and the case
// says who does what with the money, by when and how much.
func TestCancelledTripIsNotTicked(t *testing.T) {
	t.Parallel()
	k := counting(t, 1)
	p := k.payees[0]
	k.bring(k.says(p, "debit", 1)).want(200)
	v := pagesOf(k)
	v.id, v.path = p.app, fmt.Sprintf("/applications/%d", p.app)
	v.act("teacher.yrkesgymnasiet-skelleftea", v.path, "report_cancellation", `{"cause":"own","reason":"Gruppen blev för liten."}`)
	home := fmt.Sprintf("/cases/%d", v.id)
	v.act("officer", v.path, "settle", "{}")
	v.says(v.get("officer", home, 200), "Resa blev inte av", "Rapport behövs inte", "Be sökanden yttra sig. Sedan beslutar Chefen för Internationella enheten.")
	v.says(v.get("registrar", home, 200), "Handläggaren ber sökanden yttra sig. Sedan beslutar Chefen för Internationella enheten.")
	v.act("officer", v.path, "ask_statement", `{"due_on":"2026-07-21"}`)
	v.says(v.get("officer", home, 200), "Sökanden yttrar sig senast tisdag 21 juli 2026 om att")
	v.act("head", v.path, "decide_recovery", `{"amount":5000,"due_on":"2026-08-31","reason":"Egna skäl."}`)
	v.says(v.get("officer", home, 200), "Sökanden betalar tillbaka 5 000 kr senast måndag 31 augusti 2026. Ekonomi skickar fakturan")
	v.act("finance1", v.path, "record_repayment", `{"amount":2000,"on":"2026-07-07","reference":"F 1"}`)
	v.at("2026-09-01T09:00:00+02:00")
	v.says(v.get("officer", home, 200), "3 000 kr skulle ha kommit tillbaka")
	v.act("finance1", v.path, "write_off", `{"amount":3000,"reason":"Skolan har lagts ned."}`)
	v.says(v.get("officer", home, 200), "Allt är reglerat. Avsluta ärendet.")
	v.act("officer", v.path, "close", "{}")
	page := v.raw("officer", "GET", home+"?lang=en", "").Body.String()
	v.says(pageText(t, page), "Trip did not take place", "Report not needed")
	if strings.Count(page, `class="fell"`) != 2 || strings.Count(page, `class="past"`) != 6 {
		t.Errorf("the path has %d stages that fell away and %d that are done", strings.Count(page, `class="fell"`), strings.Count(page, `class="past"`))
	}
}

// TestTheStepIsSaidToWhoTakesIt: the officer reads what to do, and others who does it.
func TestTheStepIsSaidToWhoTakesIt(t *testing.T) {
	t.Parallel()
	v := newSchool(t).ranked()
	if page := v.get("officer", v.office(), 200); !strings.Contains(page, "Skriv förslag till beslut.") || strings.Contains(page, "Handläggaren skriver") {
		t.Error("the officer is told of the officer")
	}
	v.says(v.get("head", v.office(), 200), "Handläggaren skriver förslag till beslut.")
	v.act("officer", v.path, "propose", `{"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[]}`)
	v.says(v.get("officer", v.office(), 200), "Beslutsfattaren tar ställning.")
	v.says(v.get("head", v.office(), 200), "Förslaget väntar på beslut.")
	v.act("head", v.path, "decide", `{"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[],"delegation_item":"3.1"}`)
	v.says(v.get("officer", v.office(), 200), "Sökanden godkänner villkoren, senast måndag 9 februari 2026.")
	v.says(v.get("registrar", v.office(), 200), "Sätt upp beslutet på anslagstavlan och anteckna dagen.")
	v.at("2026-02-11T10:00:00+01:00")
	v.says(v.get("officer", v.office(), 200), "Villkoren skulle ha godkänts senast måndag 9 februari 2026. Bidraget kan förfalla.")
}

// TestStagesThatFellAway: what never was is not ticked, and what was is.
func TestStagesThatFellAway(t *testing.T) {
	t.Parallel()
	granted, refused := &workflow.Decision{Outcome: workflow.Granted}, &workflow.Decision{Outcome: workflow.Rejected}
	paid := []workflow.Payment{{Status: workflow.PayPaid, Amount: 1}}
	report, settled := &workflow.Report{}, &workflow.Settlement{}
	for name, tt := range map[string]struct {
		a    workflow.Application
		fell string
	}{
		"on its way":     {workflow.Application{State: workflow.Travelling, Decision: granted, Payments: paid}, ""},
		"reported":       {workflow.Application{State: workflow.Closed, Decision: granted, Payments: paid, Report: report, Settlement: settled}, ""},
		"never reported": {workflow.Application{State: workflow.Settled, Decision: granted, Payments: paid, Settlement: settled}, "report"},
		"refused":        {workflow.Application{State: workflow.Decided, Decision: refused}, "payment report trip"},
		"lapsed":         {workflow.Application{State: workflow.Lapsed, Decision: granted}, "payment report trip"},
		"lapsed, closed": {workflow.Application{State: workflow.Closed, Decision: granted}, "payment report trip"},
		"withdrawn":      {workflow.Application{State: workflow.Withdrawn}, "assessment decision payment report trip"},
		"cancelled":      {workflow.Application{State: workflow.Paid1, Decision: granted, Payments: paid, Cancelled: &workflow.Cancellation{}}, "report trip"},
	} {
		var got []string
		for _, st := range stages {
			if fellAway(tt.a)[st.key] != "" {
				got = append(got, st.key)
			}
		}
		if want := strings.Fields(tt.fell); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
			t.Errorf("%s: %v fell away, want %v", name, got, want)
		}
		for _, why := range fellAway(tt.a) {
			if !lang.Has(lang.SV, "stage.fell."+why) || !lang.Has(lang.EN, "stage.fell."+why) {
				t.Errorf("no words for %s", why)
			}
		}
	}
}

// TestAdviceIsATask: −30 and −7 days before the trip the officer has the travel advice among the tasks until somebody has
// looked, and the answer to a change with its day.
func TestAdviceIsATask(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	v.act("teacher", v.path, "accept_conditions", "{}")
	tasks := func(want bool, when string) {
		t.Helper()
		v.at(when)
		if got := strings.Contains(v.get("officer", "/tasks", 200), "Kontrollera reseavrådan"); got != want {
			t.Errorf("%s: the advice is a task: %v, want %v", when, got, want)
		}
	}
	check := func(on string) {
		t.Helper()
		v.act("officer", v.path, "check_advisory", fmt.Sprintf(`{"level":"none","source":"UD","on":%q}`, on))
	}
	tasks(false, "2026-08-07T09:00:00+02:00") // the trip begins on 7 September
	tasks(true, "2026-08-08T09:00:00+02:00")
	v.says(v.get("officer", "/tasks", 200), "senast 6 september")
	check("2026-08-08")
	tasks(false, "2026-08-30T09:00:00+02:00")
	tasks(true, "2026-08-31T09:00:00+02:00")
	check("2026-08-31")
	tasks(false, "2026-09-01T09:00:00+02:00")
	v.post("teacher", v.path+"/change", 303, "type", "dates", "proposed.activity.start", "2026-09-14", "proposed.activity.end", "2026-09-19", "cause", "outside", "reason", "Prov.")
	v.says(v.get("officer", "/tasks", 200), "Besluta om ändring", "senast 8 september")
	v.act("officer", v.path, "decide_change", `{"outcome":"approved","reason":"Går bra."}`)
	tasks(false, "2026-09-06T09:00:00+02:00")
	tasks(true, "2026-09-07T09:00:00+02:00") // seven days before the new day
}
