package workflow

import (
	"slices"
	"strings"
	"testing"

	"fund/workflow/money"
)

func grantFrom(source string, amount int64, status string, covers ...int64) Funding {
	return Funding{Source: source, Type: "external_grant", Amount: ptr(amount), Status: status, Covers: covers}
}

// TestCompute holds the calculator to sums worked out by hand. Amounts: whole kronor; -1 for a cap that is null.
func TestCompute(t *testing.T) {
	t.Parallel()
	type numbers struct{ eligible, external, head, share, most int64 }
	heads := func(pupils, staff int64) func(*world) {
		return func(w *world) { w.c.App.Form.Participants = Participants{Pupils: &pupils, Staff: &staff} }
	}
	level := func(s string) func(*world) { return func(w *world) { w.c.School.Level = s } }
	ask := func(n int64) func(*world) { return func(w *world) { w.c.App.Form.Requested = &n } }
	budget := func(l ...BudgetLine) func(*world) { return func(w *world) { w.c.App.Form.Budget = l } }
	fund := func(f ...Funding) func(*world) { return func(w *world) { w.c.App.Form.Funding = f } }
	kind := func(s string) func(*world) { return func(w *world) { w.c.App.Form.Activity.Type = s } }
	rule := func(f func(*Rules)) func(*world) { return func(w *world) { f(&w.c.Round.Rules) } }
	for _, k := range []struct {
		name   string
		change []func(*world)
		want   numbers
		limit  string
	}{
		{"upper secondary", nil, numbers{164430, 0, 81000, 123322, 81000}, LimitRequested},
		{"the requested sum binds", []func(*world){ask(1)}, numbers{164430, 0, 81000, 123322, 1}, LimitRequested},
		{"nothing requested", []func(*world){func(w *world) { w.c.App.Form.Requested = nil }}, numbers{164430, 0, 81000, 123322, 0}, LimitRequested},
		{"per head binds", []func(*world){ask(90000)}, numbers{164430, 0, 81000, 123322, 81000}, LimitPerHead},
		{"compulsory", []func(*world){level("grundskola"), ask(200000)}, numbers{164430, 0, 105000, 123322, 105000}, LimitPerHead},
		{"adapted compulsory", []func(*world){level("anpassad_grundskola"), heads(5, 4), ask(200000)}, numbers{164430, 0, 26000, 123322, 26000}, LimitPerHead}, // 5×4000 + 2×3000
		{"adapted upper secondary", []func(*world){level("anpassad_gymnasieskola"), heads(5, 1), ask(200000)}, numbers{164430, 0, 18000, 123322, 18000}, LimitPerHead},
		{"staff by tens begun: 21 pupils give three", []func(*world){heads(21, 9), ask(200000)}, numbers{164430, 0, 72000, 123322, 72000}, LimitPerHead},
		{"20 pupils give two", []func(*world){heads(20, 9), ask(200000)}, numbers{164430, 0, 66000, 123322, 66000}, LimitPerHead},
		{"the application's cap binds", []func(*world){heads(60, 6), ask(200000), budget(line(1, "RES", 400000))}, numbers{400000, 0, 198000, 300000, 120000}, LimitApplication},
		{"no cap for an application", []func(*world){heads(60, 6), ask(200000), budget(line(1, "RES", 400000)), rule(func(r *Rules) { r.MaxPerApplication = nil })},
			numbers{400000, 0, 198000, 300000, 198000}, LimitPerHead},
		{"the share is rounded down", []func(*world){budget(line(1, "RES", 4001)), ask(9000)}, numbers{4001, 0, 81000, 3000, 3000}, LimitShare},
		{"codes that are not eligible", []func(*world){budget(line(1, "RES", 1000), line(2, "LON", 5000), line(3, "GAV", 1), line(4, "OVR", 7), line(5, "", 3)), ask(9000)},
			numbers{1000, 0, 81000, 750, 750}, LimitShare},
		{"quantity times price where no amount is given", []func(*world){budget(BudgetLine{Code: "RES", Qty: ptr(int64(3)), UnitPrice: ptr(int64(333))}), ask(9000)},
			numbers{999, 0, 81000, 749, 749}, LimitShare},
		{"the amount counts, whatever its product", []func(*world){budget(BudgetLine{Code: "RES", Qty: ptr(int64(3)), UnitPrice: ptr(int64(333)), Amount: ptr(int64(100))}), ask(9000)},
			numbers{100, 0, 81000, 75, 75}, LimitShare},
		{"support on top of the cap per person", []func(*world){budget(line(1, "RES", 160000), line(2, "STO", 9000)), ask(200000)}, numbers{169000, 0, 90000, 126750, 90000}, LimitPerHead},
		{"covered support is not on top", []func(*world){budget(line(1, "RES", 160000), line(2, "STO", 9000)), fund(grantFrom("SPSM", 9000, "confirmed", 2)), ask(200000)},
			numbers{160000, 0, 81000, 120000, 81000}, LimitPerHead},
		{"a confirmed grant reduces the gap", []func(*world){fund(grantFrom("N", 100000, "confirmed"))}, numbers{164430, 100000, 81000, 123322, 64430}, LimitGap},
		{"an applied grant does not", []func(*world){fund(grantFrom("N", 100000, "applied", 1))}, numbers{164430, 0, 81000, 123322, 81000}, LimitRequested},
		{"nor a refused one", []func(*world){fund(grantFrom("N", 100000, "refused", 1))}, numbers{164430, 0, 81000, 123322, 81000}, LimitRequested},
		{"nor own money and work", []func(*world){fund(Funding{Type: "own", Amount: ptr(int64(100000)), Status: "confirmed"}, Funding{Type: "in_kind", Amount: ptr(int64(90000)), Status: "confirmed"})},
			numbers{164430, 0, 81000, 123322, 81000}, LimitRequested},
		{"covered lines are out whole, what is left of the grant counts", []func(*world){fund(grantFrom("E", 120000, "confirmed", 1))}, numbers{51030, 6600, 81000, 38272, 38272}, LimitShare},
		{"a grant below what it covers is never below zero", []func(*world){fund(grantFrom("E", 100, "confirmed", 1, 2, 3))}, numbers{26730, 0, 81000, 20047, 20047}, LimitShare},
		{"two grants cover one line", []func(*world){fund(grantFrom("E", 113400, "confirmed", 1), grantFrom("N", 113500, "confirmed", 1))}, numbers{51030, 100, 81000, 38272, 38272}, LimitShare},
		{"a line that is named twice counts once", []func(*world){fund(grantFrom("E", 120000, "confirmed", 1, 1))}, numbers{51030, 6600, 81000, 38272, 38272}, LimitShare},
		{"two lines with one number are covered both", []func(*world){budget(line(1, "RES", 90000), line(2, "BOE", 20000), line(2, "MAT", 10000)), fund(grantFrom("E", 35000, "confirmed", 2))},
			numbers{90000, 5000, 81000, 67500, 67500}, LimitShare},
		{"a line that is not there", []func(*world){fund(grantFrom("E", 5, "confirmed", 77))}, numbers{164430, 5, 81000, 123322, 81000}, LimitRequested},
		{"more grants than cost", []func(*world){fund(grantFrom("E", 900000, "confirmed"))}, numbers{164430, 900000, 81000, 123322, 0}, LimitGap},
		{"hosting by visiting pupils", []func(*world){kind("hosting"), func(w *world) { w.c.App.Form.Participants.VisitingPupils = ptr(int64(17)) }}, numbers{164430, 0, 8500, 123322, 8500}, LimitPerHead},
		{"hosting nobody", []func(*world){kind("hosting")}, numbers{164430, 0, 0, 123322, 0}, LimitPerHead},
		{"preparatory visit of one", []func(*world){kind("preparatory_visit"), heads(0, 1)}, numbers{164430, 0, 5000, 123322, 5000}, LimitPerHead},
		{"preparatory visit of three", []func(*world){kind("preparatory_visit"), heads(1, 2)}, numbers{164430, 0, 10000, 123322, 10000}, LimitPerHead},
		{"preschool", []func(*world){level("forskola")}, numbers{164430, 0, -1, 123322, 0}, LimitIneligible},
		{"international school", []func(*world){level("internationell_skola")}, numbers{164430, 0, -1, 123322, 0}, LimitIneligible},
		{"preschool, ruled eligible", []func(*world){level("forskola"), func(w *world) { w.c.App.Rulings = []Ruling{{Rule: "RF-01", Met: true}} }}, numbers{164430, 0, -1, 123322, 81000}, LimitRequested},
		{"ruled not eligible", []func(*world){func(w *world) { w.c.App.Rulings = []Ruling{{Rule: "RF-01", Met: false}} }}, numbers{164430, 0, 81000, 123322, 0}, LimitIneligible},
		{"lateness, papers and score change nothing", []func(*world){func(w *world) {
			w.c.App.Rulings = []Ruling{{Rule: "RF-05"}, {Rule: "RF-13"}, {Rule: "RF-11"}}
			w.c.App.Consensus = &Consensus{Ratings: map[string]int{"K1": 0}}
		}}, numbers{164430, 0, 81000, 123322, 81000}, LimitRequested},
		{"a round's own caps", []func(*world){rule(func(r *Rules) {
			r.CapPerPupil, r.ShareCap, r.CapPerStaff = map[string]int64{"gymnasieskola": 1000}, money.Share{Num: 1, Den: 3}, 0
		})}, numbers{164430, 0, 24000, 54810, 24000}, LimitPerHead},
	} {
		w := newWorld(t)
		for _, f := range k.change {
			f(w)
		}
		n := Compute(w.c, w.today())
		got := numbers{n.EligibleCost, n.ExternalGrants, -1, n.ShareCap, n.MaxGrant}
		if n.PerHeadCap != nil {
			got.head = *n.PerHeadCap
		}
		if got != k.want || n.Ruling != k.limit {
			t.Errorf("%s: %+v by %s, want %+v by %s", k.name, got, n.Ruling, k.want, k.limit)
		}
	}
}

func TestMainFunder(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		name    string
		funding []Funding
		met     bool
	}{
		{"applied, exactly half", []Funding{grantFrom("EU", 320000, "applied")}, true},
		{"confirmed, exactly half", []Funding{grantFrom("EU", 320000, "confirmed")}, true},
		{"one krona less", []Funding{grantFrom("EU", 319999, "applied")}, false},
		{"two that are half together", []Funding{grantFrom("EU", 160000, "applied"), grantFrom("NM", 160000, "confirmed")}, false},
		{"refused", []Funding{grantFrom("EU", 400000, "refused")}, false},
		{"planned", []Funding{grantFrom("EU", 400000, "planned")}, false},
		{"own work", []Funding{{Type: "in_kind", Amount: ptr(int64(600000)), Status: "confirmed"}}, false},
	} {
		w := cofinancing(t)
		w.c.App.Form.Funding = k.funding
		n := Compute(w.c, w.today())
		if (n.MaxGrant > 0) != k.met || hasFinding(w, "RF-27", "funding") == k.met {
			t.Errorf("%s: max %d", k.name, n.MaxGrant)
		}
		if n.PerHeadCap != nil || n.MaxPerApp != nil || n.DecisionBody != Board {
			t.Errorf("%s: caps %v %v, body %s", k.name, n.PerHeadCap, n.MaxPerApp, n.DecisionBody)
		}
	}
	w := cofinancing(t)
	w.c.App.Form.Budget = append(w.c.App.Form.Budget, line(3, "UTR", 160001)) // half of the whole budget, eligible or not
	if n := Compute(w.c, w.today()); n.MaxGrant != 0 {
		t.Errorf("400 000 of 800 001: %d", n.MaxGrant)
	}
	w.c.App.Rulings = []Ruling{{Rule: "RF-27", Met: true}}
	if n := Compute(w.c, w.today()); n.MaxGrant != 180000 {
		t.Errorf("ruled met: %d", n.MaxGrant)
	}
	w = cofinancing(t)
	w.c.App.Rulings = []Ruling{{Rule: "RF-27", Met: false}}
	if n := Compute(w.c, w.today()); n.MaxGrant != 0 {
		t.Errorf("ruled not met: %d", n.MaxGrant)
	}
}

func TestSuggested(t *testing.T) {
	t.Parallel()
	filed := func(change ...func(*Form)) func(t *testing.T) *world {
		return func(t *testing.T) *world {
			w := newWorld(t, change...)
			return w.to(UnderCheck)
		}
	}
	requested := func(n int64) func(*Form) { return func(f *Form) { f.Requested = &n } }
	noPapers := func(change ...func(*Form)) func(t *testing.T) *world {
		return func(t *testing.T) *world {
			w := newWorld(t, change...)
			return w.do(teacher1, &RequestApproval{}).do(principal1, &Approve{}).do(teacher1, &Submit{}).do(Machine(), &TakeUp{})
		}
	}
	asked := func(make func(*testing.T) *world) func(t *testing.T) *world {
		return func(t *testing.T) *world {
			return make(t).do(officer1, &RequestCompletion{Points: onePoint})
		}
	}
	late := func(t *testing.T) *world {
		w := newWorld(t).to(Approved)
		return w.on("2026-10-01T00:00:00").do(teacher1, &Submit{}).do(Machine(), &TakeUp{})
	}
	fee := func(f *Form) { f.Declarations.NoMandatoryFee = false }
	for _, k := range []struct {
		name    string
		make    func(t *testing.T) *world
		outcome string
		granted int64
		reasons string
	}{
		{"all is well", filed(), Granted, 81000, ""},
		{"above the cap per head", filed(requested(81001)), PartiallyGranted, 81000, "R-CAP"},
		{"below every cap", filed(requested(500)), Granted, 500, ""},
		{"a code that is not eligible", filed(func(f *Form) { f.Budget = []BudgetLine{line(1, "RES", 80000), line(2, "GAV", 500)} }), PartiallyGranted, 60000, "R-COST R-CAP"},
		{"the gap", filed(func(f *Form) { f.Funding = []Funding{grantFrom("N", 100000, "confirmed")} }), PartiallyGranted, 64430, "R-DOUBLE"},
		{"covered lines", filed(requested(30000), func(f *Form) { f.Funding = []Funding{grantFrom("E", 137700, "confirmed", 1, 2, 3)} }), PartiallyGranted, 20047, "R-DOUBLE R-CAP"},
		{"grants above the cost", filed(func(f *Form) { f.Funding = []Funding{grantFrom("E", 500000, "confirmed")} }), PartiallyGranted, 0, "R-DOUBLE"},
		{"lower in the second version", func(t *testing.T) *world {
			w := newWorld(t).to(UnderCheck).do(officer1, &RequestCompletion{Points: []Point{{"requested", "x"}}})
			return w.patch(`{"requested":70000}`).do(teacher1, &Complete{})
		}, PartiallyGranted, 70000, ""},
		{"late", late, Dismissed, 0, "R-LATE"},
		{"late, extended for this one", func(t *testing.T) *world {
			w := late(t)
			w.c.Round.Extensions = map[int64]timeOf{w.c.App.ID: instant(t, "2026-10-05T12:00")}
			return w
		}, Granted, 81000, ""},
		{"late, in time by ruling", func(t *testing.T) *world {
			return late(t).do(officer1, &RuleEligibility{Eligible: true, Rulings: []RuleValue{{Rule: "RF-05", Met: true}}})
		}, Granted, 81000, ""},
		{"late preschool: eligibility first", func(t *testing.T) *world {
			w := late(t)
			w.c.School.Level = "forskola"
			return w
		}, Rejected, 0, "R-ELIG"},
		{"papers missing, not asked for", noPapers(), Granted, 81000, ""},
		{"papers missing, asked for", asked(noPapers()), Granted, 81000, ""},
		{"papers missing on the last day", func(t *testing.T) *world { return asked(noPapers())(t).on("2026-09-24T23:00") }, Granted, 81000, ""},
		{"papers missing after the day", func(t *testing.T) *world { return asked(noPapers())(t).on("2026-09-25T00:00") }, Rejected, 0, "R-INCOMPL"},
		{"papers missing after an answer", func(t *testing.T) *world { return asked(noPapers())(t).do(teacher1, &Complete{}) }, Rejected, 0, "R-INCOMPL"},
		{"papers missing, and the officer takes what there is", func(t *testing.T) *world {
			return asked(noPapers())(t).do(teacher1, &Complete{}).do(officer1, &RuleEligibility{Eligible: true, Rulings: []RuleValue{{Rule: "RF-13", Met: true}}})
		}, Granted, 81000, ""},
		{"papers missing, and the officer rules on something else", func(t *testing.T) *world {
			return asked(noPapers())(t).do(teacher1, &Complete{}).do(officer1, &RuleEligibility{Eligible: true, Rulings: []RuleValue{{Rule: "RF-03", Met: true}}})
		}, Rejected, 0, "R-INCOMPL"},
		{"papers missing and a fee", func(t *testing.T) *world { return asked(noPapers(fee))(t).do(teacher1, &Complete{}) }, Rejected, 0, "R-INCOMPL R-FEE"},
		{"a fee alone", func(t *testing.T) *world { return asked(filed(fee))(t).do(teacher1, &Complete{}) }, Granted, 81000, ""},
		{"a fee among the funding", func(t *testing.T) *world {
			return asked(noPapers(func(f *Form) {
				f.Funding = []Funding{{Source: "Elever", Type: "mandatory_pupil_fee", Amount: ptr(int64(300)), Status: "planned"}}
			}))(t).do(teacher1, &Complete{})
		}, Rejected, 0, "R-INCOMPL R-FEE"},
		{"below the threshold", func(t *testing.T) *world {
			w := newWorld(t).to(UnderAssessment).do(reviewerA, goodReview()).do(reviewerB, goodReview())
			return w.do(officer1, &SetConsensus{Ratings: map[string]int{"K1": 2, "K2": 5, "K3": 5, "K4": 5, "K5": 5}, Comment: "x"})
		}, Rejected, 0, "R-QUAL"},
		{"the approval is missing", func(t *testing.T) *world {
			w := newWorld(t).papers().do(teacher1, &Submit{}).do(Machine(), &TakeUp{})
			return w.do(officer1, &RequestCompletion{Points: onePoint}).do(teacher1, &Complete{})
		}, Rejected, 0, "R-INCOMPL"},
		{"text.programme stands for the attachment", func(t *testing.T) *world {
			w := newWorld(t)
			for i, kind := range []string{"letter_of_intent", "risk_assessment"} {
				w.do(teacher1, &Attach{File: Attachment{ID: int64(i + 1), Kind: kind}})
			}
			w.do(teacher1, &RequestApproval{}).do(principal1, &Approve{}).do(teacher1, &Submit{}).do(Machine(), &TakeUp{})
			return w.do(officer1, &RequestCompletion{Points: onePoint}).do(teacher1, &Complete{})
		}, Granted, 81000, ""},
		{"no main funder", func(t *testing.T) *world {
			w := cofinancing(t)
			w.c.App.Form.Funding = nil
			return w.do(external1, &Submit{})
		}, Rejected, 0, "R-FUNDER"},
	} {
		w := k.make(t)
		s := Compute(w.c, w.today()).Suggested
		want := strings.Fields(k.reasons)
		if s.Outcome != k.outcome || s.Granted != k.granted || !slices.Equal(s.Reasons, want) && len(s.Reasons)+len(want) > 0 {
			t.Errorf("%s: %+v, want %s %d [%s]", k.name, *s, k.outcome, k.granted, k.reasons)
		}
	}
	if w := newWorld(t); Compute(w.c, w.today()).Suggested != nil {
		t.Error("a draft has no suggestion")
	}
}

func TestReportDue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if n := Compute(w.c, w.today()); n.ReportDue != date("2027-06-17") {
		t.Errorf("due %s", n.ReportDue)
	}
}

func TestLate(t *testing.T) {
	t.Parallel()
	r := newWorld(t).c.Round
	for s, want := range map[string]bool{"2026-09-30T23:59:59+02:00": false, "2026-09-30T23:59:59.999+02:00": false, "2026-10-01T00:00:00+02:00": true} {
		if got := r.Late(1, instant(t, s)); got != want {
			t.Errorf("%s: %v", s, got)
		}
	}
	r.ClosedAt = instant(t, "2026-09-15T12:00:00")
	for s, want := range map[string]bool{"2026-09-15T11:59:59.999+02:00": false, "2026-09-15T12:00:00+02:00": true, "2026-09-15T12:00:01+02:00": true} {
		if got := r.Late(1, instant(t, s)); got != want {
			t.Errorf("closed by hand, %s: %v", s, got)
		}
	}
	r = Round{Extensions: map[int64]timeOf{1: instant(t, "2026-01-01")}}
	if r.Late(1, instant(t, "2026-09-15")) {
		t.Error("a rolling round has no deadline, extended or not")
	}
}
