package sql_test

import (
	"errors"
	"testing"
	"time"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// TestATieToAnOrganisationBindsHoweverTyped: a tie names an organisation by its number,
// and the application may have it with or without a hyphen; what is no number is refused (RF-18).
func TestATieToAnOrganisationBindsHoweverTyped(t *testing.T) {
	t.Parallel()
	s := sqltest.Open(t)
	admin := actor(t, s, "admin")
	r, err := s.CreateRound(t.Context(), admin, sql.RoundInput{Round: workflow.Round{ID: "M1", Scheme: "medfinansiering", Name: "M1", OpensAt: sqltest.First.Add(-time.Hour), Budget: 500000}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.RoundAction(t.Context(), admin, sql.RoundStep{Round: "M1", Seen: r.Version, Action: "publish"}, nil); err != nil {
		t.Fatal(err)
	}
	f := form("", "M1", 30000)
	f.Scheme, f.Activity.Type = "medfinansiering", "project"
	f.Applicant = workflow.ApplicantForm{Organisation: "Föreningen", OrgNo: "5566778899", ContactEmail: "external@example.org", Payment: workflow.PayInto{Method: "bankgiro", Bankgiro: "991-2346"}}
	app, err := s.Begin(t.Context(), actor(t, s, "external"), f)
	if err != nil {
		t.Fatal(err)
	}
	do(t, s, app.ID, "external", &workflow.Submit{}, "", &workflow.TakeUp{})

	var wrong workflow.Violations
	if err := s.AddTie(t.Context(), actor(t, s, "reviewer1"), "employer", 0, "123", ""); !errors.As(err, &wrong) || wrong[0].Field != "org_no" {
		t.Errorf("a tie to 123: %v", err)
	}
	if err := s.AddTie(t.Context(), actor(t, s, "reviewer1"), "employer", 0, "16556677-8899", ""); err != nil {
		t.Fatal(err)
	}
	two := actor(t, s, "reviewer2").Person
	two.OrgNo = "55"
	if _, err := s.SavePerson(t.Context(), admin, two); !errors.As(err, &wrong) || wrong[0].Field != "org_no" {
		t.Errorf("a person of 55: %v", err)
	}
	two.OrgNo = "556677-8899"
	if _, err := s.SavePerson(t.Context(), admin, two); err != nil {
		t.Fatal(err)
	}
	list, err := s.ReviewerChoices(t.Context(), actor(t, s, "officer"), app.ID)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, x := range list {
		got[x.Email] = x.Conflict
	}
	if got["reviewer1@example.org"] != "tie" || got["reviewer2@example.org"] != "school" || got["reviewer3@example.org"] != "" {
		t.Errorf("conflicts %v", got)
	}
}

// TestATiedOfficerIsNotGivenACase: who prepares an unassigned case becomes its officer,
// but for one who could not be given it (RF-18).
func TestATiedOfficerIsNotGivenACase(t *testing.T) {
	t.Parallel()
	s := sqltest.Open(t)
	openRound(t, s, "R1", 500000)
	kage, flora := filedBy(t, s, "Kågeskolan", 30000), filedBy(t, s, "Floraskolan", 30000)
	if err := s.AddTie(t.Context(), actor(t, s, "officer"), "family", actor(t, s, "teacher2").Roles[0].School, "", ""); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[int64]string{kage: "", flora: "officer@example.org"} {
		do(t, s, id, "officer", &workflow.RuleEligibility{Eligible: true})
		c, err := s.Case(t.Context(), workflow.Machine(), id)
		if err != nil {
			t.Fatal(err)
		}
		if c.App.Officer != want {
			t.Errorf("%s: officer %q, want %q", c.School.Name, c.App.Officer, want)
		}
	}
}
