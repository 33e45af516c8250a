package workflow

import (
	"fmt"
	"slices"
	"testing"
)

// TestSpotNumberIsWhatSHA256SumSays: the numbers were made with sha256sum and a shell's arithmetic.
func TestSpotNumberIsWhatSHA256SumSays(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]int64{
		"HT26 IF 2026/0001": 503507, // 80e5d882
		"VT27 IF 2026-0012": 623730, // 9facd154
		"HT26 IF 2026-0007": 877549, // e0a714c7
		"HT26 IF 2026-0005": 3063,
		"HT26 IF 2026-0019": 96896,
	} {
		if got := SpotNumber("", key); got != want {
			t.Errorf("%s: %d, want %d", key, got, want)
		}
	}
}

// TestSpotDrawNeedsTheSecret: with another secret the same case draws otherwise, and the published hash is the used secret's.
func TestSpotDrawNeedsTheSecret(t *testing.T) {
	t.Parallel()
	if got := SpotNumber("00ff", "HT26 IF 2026/0001"); got != 226252 { // printf %s '00ff HT26 IF 2026/0001' | sha256sum
		t.Errorf("%d", got)
	}
	if got := SeedHash("00ff"); got != "8909cde2f411a84e86e7a39c8a3916b7cda6a9d977778030b6f6a491401400bc" { // printf %s 00ff | sha256sum
		t.Errorf("hash %s", got)
	}
	seen := map[bool]bool{}
	for i := range 100 {
		w := newWorld(t).to(ReportDue)
		w.c.Facts.SpotSeed = fmt.Sprintf("%064x", i)
		w.do(teacher1, report())
		s := w.c.App.Report.SpotCheck
		if s.SeedSHA256 != SeedHash(fmt.Sprintf("%064x", i)) || s.Number != SpotNumber(fmt.Sprintf("%064x", i), s.Key) {
			t.Fatalf("seed %d: %+v", i, s)
		}
		seen[s.Drawn] = true
	}
	if len(seen) != 2 {
		t.Errorf("one case with a hundred secrets came to %v", seen)
	}
}

// TestSpotDrawKeepsToItsShare: 1 007 of these ten thousand lie under 0.1, counted apart from the program.
func TestSpotDrawKeepsToItsShare(t *testing.T) {
	t.Parallel()
	for of, want := range map[string]int{"0": 0, "0.1": 1007, "1": 10000} {
		drawn := 0
		for i := range 10000 {
			if SpotNumber("", fmt.Sprintf("HT26 IF 2026-%04d", i)) < SpotLimit(*share(of)) {
				drawn++
			}
		}
		if drawn != want {
			t.Errorf("share %s: %d drawn, want %d", of, drawn, want)
		}
	}
	if got := SpotLimit(*share("0.1")); got != 100000 {
		t.Errorf("limit %d", got)
	}
}

func TestSpotCheckReasons(t *testing.T) {
	t.Parallel()
	outside := func(w *world) {
		w.c.School = &School{ID: 10, Operator: "fristående"}
		w.c.App.Form.Applicant.Payment.Method = "bankgiro"
	}
	for _, tt := range []struct {
		name   string
		change func(*world, *SubmitReport)
		want   []string
	}{
		{"nothing", func(*world, *SubmitReport) {}, nil},
		{"on the last day", func(w *world, _ *SubmitReport) { w.on("2027-06-17T23:59") }, nil},
		{"a day late", func(w *world, _ *SubmitReport) { w.on("2027-06-18T00:00") }, []string{SpotLate}},
		{"20 % over", func(_ *world, r *SubmitReport) { r.Actual[1].Amount = 9720 }, nil}, // 8 100 × 1.2
		{"more over", func(_ *world, r *SubmitReport) { r.Actual[1].Amount = 9721 }, []string{SpotLine}},
		{"20 % under", func(_ *world, r *SubmitReport) { r.Actual[1].Amount = 6480 }, nil},
		{"more under", func(_ *world, r *SubmitReport) { r.Actual[1].Amount = 6479 }, []string{SpotLine}},
		{"new outside", func(w *world, _ *SubmitReport) { outside(w) }, []string{SpotNewPayee}},
		{"known outside", func(w *world, _ *SubmitReport) { outside(w); w.c.Facts.PaidBefore = true }, nil},
		{"drawn", func(w *world, _ *SubmitReport) { w.c.App.DNR = "IF 2026-0005" }, []string{SpotDrawn}},
		{"share 0", func(w *world, _ *SubmitReport) {
			w.c.App.DNR = "IF 2026-0005"
			w.c.Round.Rules.SpotCheckShare = *share("0")
		}, nil},
		{"share 1, late", func(w *world, _ *SubmitReport) { w.on("2027-07-01T09:00").c.Round.Rules.SpotCheckShare = *share("1") }, []string{SpotDrawn, SpotLate}},
	} {
		w, r := newWorld(t).to(ReportDue), report()
		tt.change(w, r)
		w.do(teacher1, r).state(ReportSubmitted)
		s := w.c.App.Report.SpotCheck
		if s == nil || !slices.Equal(s.Reasons, tt.want) || s.Drawn != slices.Contains(tt.want, SpotDrawn) || s.Key != "HT26 "+w.c.App.DNR || s.Number != SpotNumber("", s.Key) {
			t.Errorf("%s: %+v, want %v", tt.name, s, tt.want)
			continue
		}
		if logged, ok := w.events[len(w.events)-1].Data[SpotCheckCode].(SpotCheck); !ok || logged.Key != s.Key || !slices.Equal(logged.Reasons, tt.want) {
			t.Errorf("%s: the event says %v", tt.name, w.events[len(w.events)-1].Data)
		}
		of := func(by Actor) bool {
			return slices.ContainsFunc(VisibleFindings(w.c, by, w.today()), func(f Finding) bool { return f.RuleName() == SpotCheckCode })
		}
		if of(officer1) != (len(tt.want) > 0) || of(teacher1) || of(principal1) {
			t.Errorf("%s: officer %v, teacher %v, principal %v", tt.name, of(officer1), of(teacher1), of(principal1))
		}
	}
}

// TestSpotCheckIsDrawnOnce: a report that is mended keeps the draw and the risks of its first filing.
func TestSpotCheckIsDrawnOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(ReportDue)
	w.c.App.DNR = "IF 2026-0005"
	r := report()
	r.Actual[1].Amount = 20000
	w.do(teacher1, r).do(officer1, &ReturnReport{Points: onePoint})
	first := *w.c.App.Report.SpotCheck
	w.c.Round.Rules.SpotCheckShare = *share("0")
	w.do(teacher1, report())
	if again := w.c.App.Report.SpotCheck; again == nil || !slices.Equal(again.Reasons, []string{SpotDrawn, SpotLine}) || !slices.Equal(again.Reasons, first.Reasons) || !again.Drawn {
		t.Errorf("drawn again: %+v, first %+v", again, first)
	}
	if _, logged := w.events[len(w.events)-1].Data[SpotCheckCode]; logged {
		t.Error("logged as if drawn again")
	}
}
