package handlers

import (
	"strings"
	"testing"
	"time"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestADraftSaysWhyItsDeadlineMoved: with the reason where everybody got more time, and without it where one school did.
func TestADraftSaysWhyItsDeadlineMoved(t *testing.T) {
	t.Parallel()
	at := func(day int) time.Time { return time.Date(2027, 4, day, 23, 59, 59, 0, workflow.Stockholm()) }
	for name, x := range map[string]struct {
		round workflow.Round
		want  string
	}{
		"as announced":   {workflow.Round{ClosesAt: at(1)}, "Stänger torsdag 1 april 2027 kl. 23.59 svensk tid."},
		"for all":        {workflow.Round{ClosesAt: at(7), ExtendReason: "Driftstopp."}, "Stänger onsdag 7 april 2027 kl. 23.59 svensk tid. Tiden är förlängd: Driftstopp."},
		"for this one":   {workflow.Round{ClosesAt: at(1), Extensions: map[int64]time.Time{5: at(7)}}, "Stänger onsdag 7 april 2027 kl. 23.59 svensk tid. Ni har fått egen tid för den här ansökan."},
		"for another":    {workflow.Round{ClosesAt: at(1), Extensions: map[int64]time.Time{6: at(7)}}, "Stänger torsdag 1 april 2027 kl. 23.59 svensk tid."},
		"closed by hand": {workflow.Round{ClosesAt: at(7), ClosedAt: at(2), ExtendReason: "Driftstopp."}, "Stänger fredag 2 april 2027 kl. 23.59 svensk tid."},
	} {
		k := workflow.Case{Round: x.round}
		k.App.ID = 5
		got := Page{Lang: lang.SV, Now: at(1)}.deadlineOf(k).Open
		if got = strings.ReplaceAll(got, "\u00a0", " "); got != x.want {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
	}
}
