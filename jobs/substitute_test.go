package jobs

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"fund/sql"
	"fund/workflow"
)

// TestASubstituteIsToldWhenTheirTimeBegins: once, on the first day, in one mail for
// all schools; not of a period that was ended before, that began the day it was
// entered, or that was entered anew with other days.
func TestASubstituteIsToldWhenTheirTimeBegins(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.run()
	h.clock("2026-02-02T10:00:00+01:00")
	principal := h.who("principal")
	lend := func(email string, first, last int) {
		t.Helper()
		day := workflow.NewDate(2026, 2, 1)
		a := workflow.Absence{Person: principal.Person, Substitute: workflow.Person{Email: email, Name: "Ersättare"}, First: day.AddDays(first - 1), Last: day.AddDays(last - 1)}
		if err := h.store.NameSubstitute(t.Context(), principal, a, []int64{principal.Roles[0].School}, func(workflow.Absence) []sql.MailRow { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	end := func() {
		t.Helper()
		rows, err := h.store.Substitutions(t.Context(), principal.ID)
		if err != nil {
			t.Fatal(err)
		}
		newest := rows[0]
		for _, r := range rows {
			if r.ID > newest.ID {
				newest = r
			}
		}
		if err := h.store.EndAbsence(t.Context(), principal, newest.ID, nil); err != nil {
			t.Fatal(err)
		}
	}
	lend("nu@example.org", 2, 20)   // begins at once: told when it was entered
	lend("sen@example.org", 10, 12) // in advance
	lend("sen@example.org", 10, 12) // a second click
	lend("bort@example.org", 11, 14)
	end()
	lend("flytt@example.org", 9, 14)
	end()
	lend("flytt@example.org", 13, 15) // other days
	h.clock("2026-02-10T06:59:00+01:00")
	if box := h.mailbox("sen@example.org"); len(box) > 0 {
		t.Errorf("told before the day: %v", box)
	}
	h.clock("2026-02-20T10:00:00+01:00")
	told := "Nu är du ersättare för " + principal.Name
	for who, want := range map[string][]string{"nu": nil, "sen": {"2026-02-10 " + told}, "bort": nil, "flytt": {"2026-02-13 " + told}} {
		if d := cmp.Diff(want, h.mailbox(who+"@example.org")); d != "" {
			t.Errorf("%s (-want +got):\n%s", who, d)
		}
	}
}
