package handlers

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fund/workflow"
)

func asMap(t *testing.T, v any) (m map[string]any) {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestOpenGrantSaysEveryField: each field of a grant as its readers get it, for every kind of recipient.
func TestOpenGrantSaysEveryField(t *testing.T) {
	t.Parallel()
	asked, day := int64(30000), func(d int) workflow.Date { return workflow.NewDate(2026, time.June, d) }
	at := time.Date(2026, time.May, 12, 12, 30, 0, 0, workflow.Stockholm())
	k := workflow.Case{Round: workflow.Round{ID: "VT26", Name: "Våren"}, School: &workflow.School{Name: "Kågeskolan", Slug: "kageskolan", UnitCode: "12345678", Level: "grundskola"}}
	k.App = workflow.Application{ID: 7, Round: "VT26", Scheme: "skolutbyte", ReceivedAt: at.AddDate(0, -2, 0),
		Decision: &workflow.Decision{Outcome: "partially_granted", Granted: 25000, DecidedAt: at},
		Payments: []workflow.Payment{{N: 1, Amount: 20000, Status: workflow.PayPaid, PaidOn: day(1)}}}
	k.App.Form = workflow.Form{Title: "Till Brno", Requested: &asked, Partner: workflow.Partner{Name: "Gymnázium", City: "Brno", Country: "Tjeckien", Contact: "En lärare"},
		Activity: workflow.Activity{Start: "2026-09-07", End: "2026-09-12"}, Text: workflow.Texts{Summary: "Vi bygger en bro."}}
	k.App.Filed = []workflow.Filed{{N: 1, Requested: asked}}
	want := map[string]any{"id": "360G-skelleftea-7", "title": "Till Brno", "description": "Vi bygger en bro.", "currency": "SEK", "amountAppliedFor": 30000.0, "amountAwarded": 25000.0, "amountDisbursed": 20000.0,
		"awardDate": "2026-05-12", "plannedDates": []any{map[string]any{"startDate": "2026-09-07", "endDate": "2026-09-12"}}, "recipientOrganization": []any{map[string]any{"id": "360G-skelleftea-school-12345678", "name": "Kågeskolan"}},
		"fundingOrganization": []any{map[string]any{"id": "SE-ON-212000-2643", "name": "Skellefteå kommun"}}, "grantProgramme": []any{map[string]any{"code": "skolutbyte", "title": "Våren"}},
		"url": "https://fund.example/registry/7", "fromOpenCall": "Yes", "beneficiaryLocation": []any{map[string]any{"name": "Brno, Tjeckien", "countryCode": "CZ"}}, "dateModified": "2026-06-01T00:00:00+02:00"}
	if diff := cmp.Diff(want, asMap(t, openGrantOf("https://fund.example", ourFunder, k))); diff != "" {
		t.Errorf("a grant (-want +got):\n%s", diff)
	}
	for name, x := range map[string]struct {
		change  func(*workflow.Case)
		field   string
		want    any
		missing bool
	}{
		"a school without a code": {func(k *workflow.Case) { k.School.UnitCode = "" }, "recipientOrganization", []any{map[string]any{"id": "360G-skelleftea-school-kageskolan", "name": "Kågeskolan"}}, false},
		"an association": {func(k *workflow.Case) {
			k.School = nil
			k.App.OrgNo = "802002-4448"
			k.App.Form.Applicant.Organisation = "Scen"
		}, "recipientOrganization", []any{map[string]any{"id": "SE-ON-802002-4448", "name": "Scen"}}, false},
		"a person's firm": {func(k *workflow.Case) {
			k.School = nil
			k.App.OrgNo = "811218-9876"
			k.App.Form.Applicant.Organisation = "Firma"
		}, "recipientOrganization", []any{map[string]any{"id": "360G-skelleftea-applicant-7", "name": "Firma"}}, false},
		"a project with its ground on state aid": {func(k *workflow.Case) {
			d := *k.App.Decision
			d.StateAid = "de_minimis"
			k.App.Decision = &d
			k.App.Form.Text.StrategyLink = []string{"Bo och leva (tillit)"}
		}, "classifications", []any{map[string]any{"vocabulary": "EU state aid", "code": "de_minimis", "title": "Stöd av mindre betydelse, förordning (EU) 2023/2831"},
			map[string]any{"vocabulary": "Skellefteå 2030", "code": "bo-och-leva", "title": "Bo och leva"}}, false},
		"no country": {func(k *workflow.Case) { k.App.Form.Partner.Country = "" }, "beneficiaryLocation", []any{map[string]any{"name": "Brno"}}, false},
		"no words":   {func(k *workflow.Case) { k.App.Form.Text.Summary = "" }, "description", "Till Brno", false},
		"no days":    {func(k *workflow.Case) { k.App.Form.Activity.Start = "" }, "plannedDates", nil, true},
		"more came back than stays": {func(k *workflow.Case) {
			k.App.Recovery = &workflow.Recovery{Amount: 30000, Repayments: []workflow.Repayment{{Amount: 30000, On: day(9)}}}
		}, "amountDisbursed", 0.0, false},
		"money came back": {func(k *workflow.Case) {
			k.App.Recovery = &workflow.Recovery{Amount: 5000, Repayments: []workflow.Repayment{{Amount: 5000, On: day(9)}}}
		}, "dateModified", "2026-06-09T00:00:00+02:00", false},
		"a report was accepted": {func(k *workflow.Case) { k.App.Report = &workflow.Report{AcceptedAt: day(20).Start()} }, "dateModified", "2026-06-20T00:00:00+02:00", false},
	} {
		other := k
		school := *k.School
		other.School = &school
		x.change(&other)
		got := asMap(t, openGrantOf("https://fund.example", ourFunder, other))
		if v, is := got[x.field]; is == x.missing || !cmp.Equal(v, x.want) {
			t.Errorf("%s: %s is %v, want %v", name, x.field, v, x.want)
		}
	}
}

var ourFunder = openOrgJSON{ID: "SE-ON-212000-2643", Name: "Skellefteå kommun"}

// TestDCATIsAsReadAndApproved holds the whole description against one that was read field by field against DCAT-AP-SE.
func TestDCATIsAsReadAndApproved(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../testdata/open-data/dcat.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]any
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, asMap(t, dcatOf("https://fund.example", "2026-05-12", "2025-05-06", "internationella.fonden@example.org", ourFunder))); diff != "" {
		t.Errorf("dcat.jsonld (-want +got):\n%s", diff)
	}
}

// TestOpenCSVSaysWhatTheJSONSays: each column of the flat form is the field that its heading names.
func TestOpenCSVSaysWhatTheJSONSays(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.decided().act("teacher", v.path, "accept_conditions", "{}")
	var open openDataJSON
	if err := json.Unmarshal(v.file("", apiPrefix+"/open-data/360giving.json", "application/json"), &open); err != nil || len(open.Grants) != 1 {
		t.Fatalf("%d grants (%v)", len(open.Grants), err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(v.file("", "/open-data/grants.csv", "text/csv")), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d lines (%v)", len(rows), err)
	}
	head, row := rows[0], rows[1]
	g := open.Grants[0]
	want := map[string]string{"Identifier": g.ID, "Currency": "SEK", "Amount Applied For": "30000", "Amount Awarded": "30000", "Amount Disbursed": "0", "Award Date": g.AwardDate, "Planned Dates:Start Date": "2026-09-07",
		"Planned Dates:End Date": "2026-09-12", "Recipient Org:Identifier": g.Recipient[0].ID, "Recipient Org:Name": "Baldergymnasiet", "Funding Org:Identifier": "SE-ON-212000-2643", "Funding Org:Name": "Skellefteå kommun",
		"Grant Programme:Code": "skolutbyte", "Grant Programme:Title": g.Programme[0].Title, "Beneficiary Location:0:Name": "Brahestad, Finland", "Beneficiary Location:0:Country Code": "FI", "URL": g.URL, "Classifications:0:Vocabulary": g.Classified[0].Vocabulary, "Classifications:0:Code": g.Classified[0].Code, "Classifications:0:Title": g.Classified[0].Title, "Classifications:2:Code": "", "From An Open Call?": "Yes"}
	seen := 0
	for i, name := range head {
		if w, ok := want[name]; ok {
			if seen++; len(row) != len(head) || row[i] != w {
				t.Errorf("%s is %q, want %q", name, row[min(i, len(row)-1)], w)
			}
		}
	}
	if seen != len(want) {
		t.Errorf("%d of %d columns: %v", seen, len(want), head)
	}
}
