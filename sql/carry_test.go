package sql_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fund/sql"
	"fund/sql/sqltest"
	"fund/workflow"
)

// TestASetUpCanBeCarriedOver: what one installation exports, another takes over
// once, as a person set it up, and without the rehearsal's own people.
func TestASetUpCanBeCarriedOver(t *testing.T) {
	t.Parallel()
	from, to := sqltest.Open(t), sqltest.Open(t)
	schools, err := from.Schools(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := from.SavePerson(t.Context(), workflow.Machine(), workflow.Person{Email: "anna@kommun.se", Name: "Anna Ek", Roles: []workflow.RoleAt{{Role: workflow.Officer}, {Role: workflow.Teacher, School: schools[3].ID}}}); err != nil {
		t.Fatal(err)
	}
	openRound(t, from, "R1", 500000)
	rules, err := from.NewestRules(t.Context(), "skolutbyte")
	if err != nil {
		t.Fatal(err)
	}
	changed, err := workflow.Override(rules.Rules, map[string]json.RawMessage{"repay_minimum": json.RawMessage("700")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := from.AddRules(t.Context(), workflow.Machine(), "skolutbyte", changed, "ny gräns"); err != nil {
		t.Fatal(err)
	}
	openRound(t, from, "R2", 300000)

	limit := int64(50000)
	first := workflow.NewDate(2026, time.January, 1)
	for _, d := range []workflow.DelegationItem{{Number: "IF 1", TextSV: "Bidrag", TextEN: "Grants", Holder: "Chef", Limit: &limit, From: first}, {Number: "IF 2", TextSV: "Avvisning", TextEN: "Dismissal", Outcomes: []string{workflow.Dismissed}, Holder: "Chef", From: first},
		{Number: "IF 1", TextSV: "Bidrag", TextEN: "Grants", Holder: "Chef", From: workflow.NewDate(2099, time.January, 1)}} {
		if _, err := from.AddDelegation(t.Context(), workflow.Machine(), d); err != nil {
			t.Fatal(err)
		}
	}

	file, err := from.Export(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(file.People) != 1 || file.People[0].Roles[1].School == "" && file.People[0].Roles[0].School == "" {
		t.Fatalf("people: %+v", file.People)
	}
	raw, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	var read sql.Carried
	if err := json.Unmarshal(raw, &read); err != nil {
		t.Fatal(err)
	}
	done, err := to.Import(t.Context(), read)
	if err != nil {
		t.Fatal(err)
	}
	if want := (sql.Taken{Schools: len(schools), People: 1, Rules: 1, Rounds: 2, Delegation: 3}); done != want {
		t.Errorf("took %+v, want %+v", done, want)
	}
	for id, least := range map[string]int64{"R1": 500, "R2": 700} {
		was, err := from.Round(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		is, err := to.Round(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(was.Rules, is.Rules); d != "" || is.Rules.RepayMinimum != least || is.State != workflow.RoundDraft || !is.OpensAt.Equal(was.OpensAt) || is.Budget != was.Budget {
			t.Errorf("%s: %+v; rules differ by %s", id, is, d)
		}
	}
	again, err := to.Import(t.Context(), read)
	if want := (sql.Taken{Schools: len(schools), PeopleKept: 1, RoundsKept: 2, DelegationKept: 3}); err != nil || again != want {
		t.Errorf("the second time %+v, %v, want %+v", again, err, want)
	}
	back, err := to.Export(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(file.People, back.People); d != "" {
		t.Errorf("people came back changed: %s", d)
	}
	if d := cmp.Diff(file.Delegation, back.Delegation); d != "" || len(back.Delegation) != 3 || back.Delegation[0].Until.String() != "2098-12-31" {
		t.Errorf("the delegation order came back changed: %s %+v", d, back.Delegation)
	}
	if _, err := to.Import(t.Context(), sql.Carried{}); !errors.Is(err, sql.ErrCarried) {
		t.Errorf("an empty file: %v", err)
	}
}
