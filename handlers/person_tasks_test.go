package handlers

import (
	"slices"
	"testing"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestTasksInOrder: what is due first stands first, what has no day last.
func TestTasksInOrder(t *testing.T) {
	t.Parallel()
	day := func(s string) (d workflow.Date) {
		if s != "" {
			var err error
			if d, err = workflow.ParseDate(s); err != nil {
				t.Fatal(err)
			}
		}
		return d
	}
	got := []string{"", "2026-11-10", "2026-10-23", "", "2026-10-26"}
	slices.SortStableFunc(got, func(a, b string) int { return sooner(day(a), day(b)) })
	if want := []string{"2026-10-23", "2026-10-26", "2026-11-10", "", ""}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestALateReportIsAPrincipalsTask: only while it is late, and not of whoever sends it.
func TestALateReportIsAPrincipalsTask(t *testing.T) {
	t.Parallel()
	person := func(id int64, role workflow.Role, school int64) workflow.Actor {
		return workflow.Act(workflow.Person{ID: id, Roles: []workflow.RoleAt{{Role: role, School: school}}})
	}
	k := workflow.Case{App: workflow.Application{ID: 4, State: workflow.ReportDue, SchoolID: 7, ApplicantID: 1, ApplicantName: "Tove Lind"}}
	k.Round.Rules.ReportDays = 60
	k.App.Form.Title, k.App.Form.Activity = "Möte", workflow.Activity{Start: "2026-03-02", End: "2026-03-08"}
	due, principal := workflow.NewDate(2026, 5, 7), person(2, workflow.Principal, 7)
	for name, x := range map[string]struct {
		state workflow.State
		by    workflow.Actor
		today workflow.Date
		want  bool
	}{
		"late":             {workflow.ReportDue, principal, due.AddDays(1), true},
		"the last day":     {workflow.ReportDue, principal, due, false},
		"sent":             {workflow.ReportSubmitted, principal, due.AddDays(1), false},
		"another school":   {workflow.ReportDue, person(3, workflow.Principal, 8), due.AddDays(1), false},
		"who sends it":     {workflow.ReportDue, person(1, workflow.Teacher, 7), due.AddDays(1), false},
		"wrote it as well": {workflow.ReportDue, person(1, workflow.Principal, 7), due.AddDays(1), false},
	} {
		k.App.State = x.state
		todo, ok := overdueTask(lang.SV, k, x.by, x.today)
		if ok != x.want {
			t.Errorf("%s: %v, want %v", name, ok, x.want)
		}
		if ok && (todo.Urgency != "late" || todo.Href != "/reports/4" || todo.Text != "Slutrapporten är sen: Möte" || todo.Due != due) {
			t.Errorf("%s: %+v", name, todo)
		}
	}
}
