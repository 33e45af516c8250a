package handlers

import (
	"slices"
	"testing"

	"fund/workflow"
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
