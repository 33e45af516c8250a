package handlers

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fund/sql"
	"fund/workflow"
	"fund/workflow/lang"
)

// TestNextStepIsTrue: the line of where the case is never promises a day that has passed, a payment that
// is made, or a report of a trip that fell away; each sentence is whole in both languages.
func TestNextStepIsTrue(t *testing.T) {
	t.Parallel()
	today := workflow.NewDate(2026, 10, 20)
	at := func(day int) time.Time { return time.Date(2026, 10, day, 10, 0, 0, 0, workflow.Stockholm()) }
	day := func(d int) workflow.Date { return workflow.NewDate(2026, 10, d) }
	granted := func() *workflow.Decision {
		return &workflow.Decision{Outcome: workflow.Granted, Granted: 40000, DecidedAt: at(1)}
	}
	refused := &workflow.Decision{Outcome: workflow.Rejected, DecidedAt: at(1)}
	pay := func(p workflow.Payment) func(*workflow.Case) {
		return func(k *workflow.Case) {
			p.Amount = 40000
			k.App.State, k.App.Decision, k.App.Payments = workflow.Payable, granted(), []workflow.Payment{p}
		}
	}
	claim := func(method string, due workflow.Date) func(*workflow.Case) {
		return func(k *workflow.Case) {
			k.App.State, k.App.Decision = workflow.Settled, granted()
			k.App.Form.Applicant.Payment.Method = method
			k.App.Recovery = &workflow.Recovery{Proposed: 5000, Amount: 5000, DecidedAt: at(2), DueOn: due}
		}
	}
	for name, x := range map[string]struct {
		make func(*workflow.Case)
		want string
	}{
		"check in time":      {func(k *workflow.Case) {}, "kontrollerar ansökan senast fredag 30 oktober 2026"},
		"check overdue":      {func(k *workflow.Case) { k.App.ReceivedAt = at(1) }, "Kontrollen skulle ha varit klar torsdag 15 oktober 2026"},
		"filed late":         {func(k *workflow.Case) { k.Round.ClosesAt = at(10) }, "kom in efter sista dagen"},
		"unapproved":         {func(k *workflow.Case) { k.App.Unapproved = true }, "Rektor behöver godkänna ansökan. Vi har mejlat rektor. En handläggare kontrollerar"},
		"answered":           {func(k *workflow.Case) { k.App.Completion = &workflow.Completion{DueOn: day(18), Answered: true} }, "Ni har svarat på våra frågor"},
		"not answered":       {func(k *workflow.Case) { k.App.Completion = &workflow.Completion{DueOn: day(18), Expired: true} }, "gick ut söndag 18 oktober 2026"},
		"annulled":           {func(k *workflow.Case) { k.App.Annulled = []workflow.Decision{*refused} }, "Domstolen har upphävt beslutet"},
		"one reviewer":       {func(k *workflow.Case) { k.App.State, k.Round.Rules.Reviewers = workflow.UnderAssessment, 1 }, "En bedömare läser"},
		"no meeting":         {func(k *workflow.Case) { k.App.State = workflow.Ranked }, "beslut av chefen för Internationella enheten. Dagen är inte bestämd."},
		"meeting has passed": {func(k *workflow.Case) { k.App.State, k.Round.Meeting = workflow.Proposed, day(19) }, "Dagen är inte bestämd."},
		"meeting":            {func(k *workflow.Case) { k.App.State, k.Round.Meeting = workflow.Proposed, day(29) }, "Chefen för Internationella enheten väntas besluta torsdag 29 oktober 2026."},
		"accept":             {func(k *workflow.Case) { k.App.State, k.App.Decision = workflow.Decided, granted() }, "Godkänn villkoren senast lördag 31 oktober 2026."},
		"accept is overdue": {func(k *workflow.Case) {
			k.App.State, k.App.Decision, k.Round.Rules.AcceptanceDays = workflow.Decided, granted(), 10
		}, "Villkoren skulle ha godkänts senast söndag 11 oktober 2026."},
		"refused": {func(k *workflow.Case) { k.App.State, k.App.Decision = workflow.Decided, refused }, "hur man överklagar"},
		"refused for good": {func(k *workflow.Case) {
			d := *refused
			d.LastAppealDay = day(19)
			k.App.State, k.App.Decision = workflow.Decided, &d
		}, "Tiden för att överklaga är slut."},
		"appealed": {func(k *workflow.Case) {
			k.App.State, k.App.Decision, k.App.Appeal = workflow.Decided, refused, &workflow.Appeal{InTime: true, ReceivedOn: day(5)}
		}, "Vi skickar överklagandet"},
		"in court": {func(k *workflow.Case) {
			k.App.State, k.App.Decision, k.App.Appeal = workflow.Decided, refused, &workflow.Appeal{InTime: true, ReceivedOn: day(5), ForwardedOn: day(6)}
		}, "Förvaltningsrätten prövar det nu."},
		"payment planned": {pay(workflow.Payment{Status: workflow.PayPlanned, Earliest: day(28)}), "tidigast onsdag 28 oktober 2026"},
		"payment waits":   {pay(workflow.Payment{Status: workflow.PayPlanned, Earliest: day(2)}), "när allt är klart"},
		"on its way":      {pay(workflow.Payment{Status: workflow.PaySent}), "40 000 kr är på väg till er."},
		"unclear":         {pay(workflow.Payment{Status: workflow.PayUnclear}), "gick inte som den skulle"},
		"bank said no":    {pay(workflow.Payment{Status: workflow.PayRejected}), "gick inte som den skulle"},
		"money came back": {pay(workflow.Payment{Status: workflow.PayReturned, Channel: "bankgiro", Reason: "NARR"}), "kom inte fram. Se efter om kontot stämmer"},
		"account closed":  {pay(workflow.Payment{Status: workflow.PayRejected, Channel: "bankgiro", Reason: "AC04"}), "kom inte fram."},
		"no cover":        {pay(workflow.Payment{Status: workflow.PayRejected, Channel: "bankgiro", Reason: "AM04"}), "gick inte som den skulle"},
		"money came back during the trip": {func(k *workflow.Case) {
			pay(workflow.Payment{Status: workflow.PayReturned, Channel: "bankgiro"})(k)
			k.App.State = workflow.Travelling
		}, "kom inte fram."},
		"report is late": {func(k *workflow.Case) {
			k.App.State, k.App.Decision, k.App.Form.Activity.End = workflow.ReportDue, granted(), "2026-08-01"
		}, "En sen rapport kan spärra"},
		"blocked": {func(k *workflow.Case) {
			k.App.State, k.App.Decision, k.App.Form.Activity.End, k.Facts.Blocked = workflow.ReportDue, granted(), "2026-08-01", true
		}, "Ni får inga nya bidrag innan den är godkänd."},
		"claim":                {claim("bankgiro", day(31)), "Betala tillbaka 5 000 kr senast lördag 31 oktober 2026."},
		"claim is overdue":     {claim("bankgiro", day(19)), "5 000 kr skulle ha kommit tillbaka"},
		"claim inside":         {claim("internal", day(31)), "Ekonomi bokar tillbaka 5 000 kr från skolan senast lördag 31 oktober 2026. Ni behöver inte betala själva."},
		"claim inside overdue": {claim("internal", day(19)), "Ekonomi ska boka tillbaka 5 000 kr från skolan."},
		"silent": {func(k *workflow.Case) {
			k.App.State, k.App.Decision = workflow.Settled, granted()
			k.App.Recovery = &workflow.Recovery{Proposed: 5000, Statement: &workflow.Statement{DueOn: day(19)}}
		}, "gick ut måndag 19 oktober 2026"},
	} {
		t.Run(name, func(t *testing.T) {
			k := workflow.Case{School: &workflow.School{Level: "grundskola", Operator: "kommunal"}, Round: workflow.Round{Rules: workflow.Rules{Reviewers: 2, CheckDays: 10, AcceptanceDays: 30, ReportDays: 60, StaffPerPupils: 10}}}
			k.App.State, k.App.ReceivedAt, k.App.Form.Activity = workflow.UnderCheck, at(16), workflow.Activity{Start: "2026-07-27", End: "2027-09-12"}
			k.App.Filed = []workflow.Filed{{}}
			x.make(&k)
			for _, l := range []lang.Lang{lang.SV, lang.EN} {
				n := nextStep(l, k, nil, today)
				got := strings.ReplaceAll(n.Strong+" "+n.Text, "\u00a0", " ")
				if n.Strong == "" || strings.ContainsAny(got, "⟦{") || strings.Contains(got, "grant.next") {
					t.Errorf("%s: %q", l, got)
				}
				if l == lang.SV && !strings.Contains(got, x.want) {
					t.Errorf("got %q, want %q in it", got, x.want)
				}
			}
		})
	}
}

// TestNothingIsPromisedOfALapsedGrant: neither the lead nor the calendar speaks of money and reports that will not come.
func TestNothingIsPromisedOfALapsedGrant(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 10, 20, 10, 0, 0, 0, workflow.Stockholm())
	k := workflow.Case{}
	k.App.Decision = &workflow.Decision{Outcome: workflow.Granted, Granted: 40000, DecidedAt: now}
	k.App.Form.Activity = workflow.Activity{Start: "2026-11-02", End: "2026-11-06"}
	k.Round.Rules = workflow.Rules{ReportDays: 60, StaffPerPupils: 10}
	jobs := []sql.Job{{Kind: workflow.JobReportReminder, RunAt: now.AddDate(0, 2, 0)}, {Kind: workflow.JobAcceptReminder, RunAt: now.AddDate(0, 0, 3)}}
	k.App.State = workflow.Paid1
	if got := len(coming(lang.SV, k, jobs, now).Items); got != 4 {
		t.Errorf("%d days lie ahead of a trip, want its two, the report and a reminder", got)
	}
	k.App.State = workflow.Lapsed
	if got := coming(lang.SV, k, jobs, now).Items; len(got) != 0 {
		t.Errorf("a lapsed grant has days ahead: %v", got)
	}
	if got := grantLead(lang.SV, k); !strings.Contains(got, "har förfallit") {
		t.Errorf("a lapsed grant begins with %q", got)
	}
	k.App.State, k.App.Cancelled = workflow.Paid1, &workflow.Cancellation{}
	k.App.Payments = []workflow.Payment{{N: 1, Amount: 40000, Status: workflow.PayPlanned, Earliest: workflow.NewDate(2026, 9, 3)}}
	if got := grantLead(lang.SV, k); !strings.Contains(got, "blev inte av") {
		t.Errorf("a cancelled trip begins with %q", got)
	}
	if got := payParts(lang.SV, k, workflow.DateOf(now))[0]; got.When != "" {
		t.Errorf("the payment of a cancelled trip has a day: %q", got.When)
	}
}

// TestLogKeepsTheTurnOfOneInstant: what was done last at an instant stands first, and its mail above it.
func TestLogKeepsTheTurnOfOneInstant(t *testing.T) {
	t.Parallel()
	at := time.Date(2027, 4, 6, 10, 0, 0, 0, time.UTC)
	var list []logEntry
	for i, text := range []string{"betald", "avskriven", "avslutat"} {
		list = append(list, logEntry{LogItem: LogItem{At: at, Text: text}})
		if i == 0 {
			list = append(list, logEntry{LogItem: LogItem{At: at.Add(-time.Hour), Text: "före"}})
		}
	}
	list = append(list, logEntry{LogItem: LogItem{At: at, Text: "mejl"}}, logEntry{LogItem: LogItem{At: at.Add(time.Hour), Text: "efter"}})
	latestFirst(list)
	var got []string
	for _, x := range list {
		got = append(got, x.Text)
	}
	if want := "efter mejl avslutat avskriven betald före"; strings.Join(got, " ") != want {
		t.Errorf("the order is %v, want %s", got, want)
	}
}

// TestAnOrganisationReadsOfNoPrincipal: what is next is said without a teacher, a principal or a school where there is none.
func TestAnOrganisationReadsOfNoPrincipal(t *testing.T) {
	t.Parallel()
	today := workflow.NewDate(2026, 10, 20)
	school := []string{"rektor", "lärare", "skola", "principal", "teacher", "school"}
	for name, step := range map[string]struct {
		state workflow.State
		end   string
	}{"accept": {workflow.Decided, "2026-12-12"}, "report due": {workflow.ReportDue, "2026-10-12"}, "report late": {workflow.ReportDue, "2026-08-01"}} {
		k := workflow.Case{Round: workflow.Round{Rules: workflow.Rules{AcceptanceDays: 30, ReportDays: 60, StaffPerPupils: 10}}}
		k.App.State, k.App.Form.Activity = step.state, workflow.Activity{Start: "2026-07-27", End: step.end}
		k.App.Decision = &workflow.Decision{Outcome: workflow.Granted, Granted: 40000, DecidedAt: time.Date(2026, 10, 1, 10, 0, 0, 0, workflow.Stockholm())}
		for _, l := range []lang.Lang{lang.SV, lang.EN} {
			named := func(applicant string) bool {
				k.Scheme.Applicant = applicant
				n := nextStep(l, k, nil, today)
				return slices.ContainsFunc(school, func(w string) bool { return strings.Contains(strings.ToLower(n.Text), w) })
			}
			if named("organisation") || !named("school") {
				t.Errorf("%s in %s: an organisation reads of a school, or a school doesn't", name, l)
			}
		}
	}
}
