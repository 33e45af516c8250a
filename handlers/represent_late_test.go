package handlers

import (
	"slices"
	"testing"
	"time"

	"fund/workflow"
)

// TestRepresentsALateDraft: drafts are still taken after the deadline, and flagged late.
func TestRepresentsALateDraft(t *testing.T) {
	t.Parallel()
	closes := time.Date(2026, 9, 30, 21, 59, 59, 0, time.UTC)
	c := workflow.Case{App: workflow.Application{State: workflow.Draft}, Round: workflow.Round{State: workflow.RoundPublished, ClosesAt: closes, Rules: workflow.Rules{StaffPerPupils: 10}}}
	for after, want := range map[time.Duration]bool{0: false, time.Second: true} {
		if got := slices.Contains(represent(c, workflow.Actor{}, closes.Add(after)).Flags, "late"); got != want {
			t.Errorf("%s after the deadline: late is %v", after, got)
		}
	}
}
