package handlers

import (
	"slices"
	"strings"
	"testing"

	"fund/workflow"
)

// TestAnOfficersSubstituteHasTheirCases: who acts for an officer that is away finds that officer's
// cases among their own, marked with whose they are, also as an officer of their own; and only so long.
func TestAnOfficersSubstituteHasTheirCases(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.act("officer", v.path, "rule_eligibility", `{"eligible":true}`)
	who := func(name string) workflow.Person {
		p, err := v.store.PersonByEmail(t.Context(), name+"@example.org")
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	const mine = "/cases?view=all&who=mine"
	admin := workflow.Act(who("admin"))
	for _, name := range []string{"registrar", "head"} { // one who is no officer, and one who is
		sub := who(name)
		if name == "head" {
			sub.Roles = append(slices.Clone(sub.Roles), workflow.RoleAt{Role: workflow.Officer})
			if _, err := v.store.SavePerson(t.Context(), admin, sub); err != nil {
				t.Fatal(err)
			}
			if text := v.get(name, mine, 200); strings.Contains(text, "Möte i Brahestad") {
				t.Errorf("%s has the case before anybody is away: %s", name, text)
			}
		}
		now, err := v.store.Now(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		away := workflow.Absence{Person: who("officer"), Substitute: sub, Role: workflow.Officer, First: workflow.DateOf(now), Last: workflow.DateOf(now)}
		if err := v.store.AddAbsence(t.Context(), workflow.Act(who("officer")), away); err != nil {
			t.Fatal(err)
		}
		v.says(v.get(name, mine, 200), "Möte i Brahestad", "du är ersättare")
		rows, err := v.store.Absences(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := v.store.EndAbsence(t.Context(), admin, rows[0].ID, nil); err != nil {
			t.Fatal(err)
		}
	}
	if text := v.get("head", mine, 200); strings.Contains(text, "Möte i Brahestad") {
		t.Errorf("the absence has ended, and the case stays: %s", text)
	}
}

// TestASavedListIsNotReplacedUnasked: a name that is taken by another list is told, and replaced when saved once more.
func TestASavedListIsNotReplacedUnasked(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	p, err := v.store.PersonByEmail(t.Context(), "officer@example.org")
	if err != nil {
		t.Fatal(err)
	}
	officer := workflow.Act(p)
	query := func() string {
		views, err := v.store.SavedViews(t.Context(), officer)
		if err != nil || len(views) != 1 {
			t.Fatalf("views %+v (%v)", views, err)
		}
		return views[0].Query
	}
	v.fill("officer", "/cases/views", 303, "name", "Mina", "keep", "view=open&who=mine")
	v.fill("officer", "/cases/views", 303, "name", "Mina", "keep", "view=open&who=mine") // the same again
	page := v.markup("officer", v.formOf("officer", "/cases/views", "name", "Mina", "keep", "view=all&q=Kåge"), 422)
	if !strings.Contains(page, "Du har redan ett urval som heter så") || !strings.Contains(page, `name="replace" value="Mina"`) || !strings.Contains(page, `value="q=K%C3%A5ge&amp;view=all"`) {
		t.Errorf("the name is taken: %s", page)
	}
	if got := query(); got != "view=open&who=mine" {
		t.Errorf("replaced unasked by %s", got)
	}
	v.fill("officer", "/cases/views", 422, "name", "Mina", "keep", "view=all&q=Kåge", "replace", "Andra")
	v.fill("officer", "/cases/views", 303, "name", "Mina", "keep", "view=all&q=Kåge", "replace", "Mina")
	if got := query(); got != "q=K%C3%A5ge&view=all" {
		t.Errorf("kept %s", got)
	}
}
