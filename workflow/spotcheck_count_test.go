package workflow

import (
	"slices"
	"testing"
	"time"
)

// TestSpotChecksAreCountedByWhyAndOutcome: random and risk apart, one outcome each, one round apart from another.
func TestSpotChecksAreCountedByWhyAndOutcome(t *testing.T) {
	t.Parallel()
	done := time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC)
	draw, risk, none := SpotCheck{Drawn: true, Reasons: []string{SpotDrawn, SpotLate}}, SpotCheck{Reasons: []string{SpotLate}}, SpotCheck{}
	of := func(round string, r *Report) Case {
		return Case{App: Application{Round: round, Report: r, State: ReportSubmitted, ReceivedAt: done.AddDate(0, -6, 0)}}
	}
	got := CountSpotChecks([]Case{
		of("VT26", &Report{SpotCheck: &draw, AcceptedAt: done}),
		of("VT26", &Report{SpotCheck: &draw, AcceptedAt: done, Remark: "Ett kvitto saknas."}),
		of("VT26", &Report{SpotCheck: &risk, AcceptedAt: done, Remark: "En resa drogs av.", Disallowed: []DisallowedLine{{Line: 1, Amount: 500}}}),
		of("VT26", &Report{SpotCheck: &risk}),
		of("VT26", &Report{SpotCheck: &none, AcceptedAt: done, Remark: "Inget stickprov."}),
		of("VT26", &Report{AcceptedAt: done}), // from before there was a draw
		of("VT26", nil),
		of("HT25", &Report{SpotCheck: &none}),
	}, StatFilter{})
	want := []SpotCount{{Round: "HT25", Reports: 1}, {Round: "VT26", Reports: 5, Drawn: 2, Risky: 2, Accepted: 1, Remarked: 1, Cut: 1, Open: 1}}
	if !slices.Equal(got, want) {
		t.Errorf("counted %+v, want %+v", got, want)
	}
	if got := CountSpotChecks([]Case{of("VT26", &Report{SpotCheck: &draw})}, StatFilter{Round: "HT25"}); len(got) != 0 {
		t.Errorf("another round's: %+v", got)
	}
}
