package workflow

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fund/workflow/money"
)

// TestGoodFormHasNoFindings: a rule that is met has none.
func TestGoodFormHasNoFindings(t *testing.T) {
	t.Parallel()
	for _, s := range []State{Approved, UnderCheck, UnderAssessment, Ranked} {
		w := newWorld(t).to(s)
		if f := Findings(w.c, w.today()); len(f) > 0 {
			t.Errorf("%s: %+v", s, f)
		}
	}
	w := newWorld(t) // a draft without its papers
	var fields []string
	for _, f := range Findings(w.c, w.today()) {
		fields = append(fields, f.RuleName()+" "+f.Field+" "+f.Severity)
	}
	want := []string{"RF-13 attachments.principal_approval warning", "RF-13 attachments.letter_of_intent warning", "RF-13 attachments.risk_assessment warning"}
	slices.Sort(fields)
	slices.Sort(want)
	if !slices.Equal(fields, want) {
		t.Errorf("%v, want %v", fields, want)
	}
}

// TestFindings breaks one thing at a time in a case without findings.
func TestFindings(t *testing.T) {
	t.Parallel()
	form := func(f func(*Form)) func(*world) { return func(w *world) { f(&w.c.App.Form) } }
	for _, k := range []struct {
		rule, field, severity string
		change                func(*world)
	}{
		{"RF-01", "applicant.school", Warning, func(w *world) { w.c.School.Level = "forskola" }},
		{"RF-01", "applicant.school", Warning, func(w *world) { w.c.School.ActiveTo = date("2026-01-01") }},
		{"RF-02", "approval", Warning, func(w *world) { w.c.App.Unapproved = true }},
		{"RF-03", "activity.programme_days", Warning, form(func(f *Form) { f.Activity.ProgrammeDays = ptr(int64(2)) })},
		{"RF-03", "activity.programme_days", Warning, form(func(f *Form) { f.Activity.ProgrammeDays = ptr(int64(22)) })},
		{"RF-03", "activity.programme_days", Warning, form(func(f *Form) { f.Activity.ProgrammeDays = nil })},
		{"RF-03", "activity.joint_share", Warning, form(func(f *Form) { f.Activity.JointShare = share("0.49") })},
		{"RF-03", "activity.type", Warning, form(func(f *Form) { f.Activity.Type = "holiday" })},
		{"RF-03", "partner.country", Warning, form(func(f *Form) { f.Partner.Country = " Sverige" })},
		{"RF-03", "partner.letter_of_intent.date", Warning, form(func(f *Form) { f.Partner.LetterOfIntent.Date = "" })},
		{"RF-03", "partner.name", Stop, form(func(f *Form) { f.Partner.Name = "" })},
		{"RF-04", "activity.start", Warning, form(func(f *Form) { f.Activity.Start, f.Activity.End = "2026-11-30", "2026-12-10" })},
		{"RF-04", "activity.start", Warning, form(func(f *Form) { f.Activity.Start, f.Activity.End = "2027-06-01", "2027-06-10" })},
		{"RF-05", "received_at", Warning, func(w *world) { w.c.App.ReceivedAt = instant(w.t, "2026-10-01") }},
		{"RF-06", "requested", Warning, form(func(f *Form) { f.Requested = ptr(int64(81001)) })},
		{"RF-06", "participants.staff", Info, form(func(f *Form) { f.Participants.Staff = ptr(int64(4)) })},
		{"RF-07", "requested", Warning, form(func(f *Form) { f.Requested = ptr(int64(123323)) })},
		{"RF-08", "requested", Warning, form(func(f *Form) { f.Requested = ptr(int64(120001)) })},
		{"RF-08", "applicant.school", Warning, func(w *world) { w.c.Facts.SchoolGrants = 1 }},
		{"RF-09", "budget[1].code", Warning, form(func(f *Form) { f.Budget[1].Code = "GAV" })},
		{"RF-09", "budget[3].unit_price", Info, form(func(f *Form) { f.Budget[3].UnitPrice = ptr(int64(151)) })},
		{"RF-09", "budget[0].amount", Info, form(func(f *Form) { f.Budget[0].Code = "SPR" })},
		{"line_product", "budget[0].amount", Warning, form(func(f *Form) { f.Budget[0].Qty, f.Budget[0].UnitPrice = ptr(int64(2)), ptr(int64(3)) })},
		{"RF-10", "funding[1].status", Info, form(func(f *Form) { f.Funding = append(f.Funding, grantFrom("E", 1, "applied")) })},
		{"RF-10", "funding", Warning, form(func(f *Form) { f.Funding = append(f.Funding, grantFrom("E", 8100, "confirmed", 2)) })},
		{"RF-10", "requested", Warning, form(func(f *Form) { f.Funding = append(f.Funding, grantFrom("E", 100000, "confirmed")) })},
		{"RF-10", "funding[1].covers", Warning, form(func(f *Form) { f.Funding = append(f.Funding, grantFrom("E", 1, "confirmed", 9)) })},
		{"not_balanced", "funding", Warning, form(func(f *Form) { f.Voluntary = ptr(int64(2)) })},
		{"RF-11", "declarations.no_mandatory_fee", Warning, form(func(f *Form) { f.Declarations.NoMandatoryFee = false })},
		{"RF-12", "applicant.school", Warning, func(w *world) { w.c.Facts.Blocked = true }},
		{"RF-13", "attachments.risk_assessment", Warning, func(w *world) { w.c.App.Attachments[2].Scan = "infected" }},
		{"RF-15", "assessment", Warning, func(w *world) { w.c.App.Consensus = &Consensus{Ratings: map[string]int{"K1": 5}} }},
		{"RF-25", "text.risk", Stop, form(func(f *Form) { f.Text.Risk = "Ring 191212121212" })},
		{"RF-25", "applicant.contact_phone", Stop, form(func(f *Form) { f.Applicant.ContactPhone = "070123-4569" })},
		{"RF-25", "applicant.payment.holder", Stop, form(func(f *Form) { f.Applicant.Payment.Holder = "Elev 191212121212" })},
		{"too_long", "title", Warning, form(func(f *Form) { f.Title = fmt.Sprintf("%0101d", 0) })},
		{"required", "text.purpose", Warning, form(func(f *Form) { f.Text.Purpose = " " })},
		{"account_missing", "applicant.payment", Info, form(func(f *Form) { f.Applicant.Payment = PayInto{Method: "internal"} })},
		{"check_digit", "applicant.payment.bankgiro", Stop, form(func(f *Form) { f.Applicant.Payment = PayInto{Method: "bankgiro", Bankgiro: "991-2345"} })},
	} {
		w := newWorld(t).to(UnderCheck)
		k.change(w)
		if !slices.ContainsFunc(Findings(w.c, w.today()), func(f Finding) bool {
			return f.RuleName() == k.rule && f.Field == k.field && f.Severity == k.severity
		}) {
			t.Errorf("%s at %s (%s) is not found: %+v", k.rule, k.field, k.severity, Findings(w.c, w.today()))
		}
	}
}

func TestFindingsOfALife(t *testing.T) {
	t.Parallel()
	w := newWorld(t).to(ReportDue).on("2027-06-17T23:00")
	if hasFinding(w, "RF-22", "report") {
		t.Error("overdue on the last day")
	}
	if w.on("2027-06-18T00:00"); !hasFinding(w, "RF-22", "report") {
		t.Error("not overdue the day after")
	}
	r := report()
	r.Pupils, r.Actual[1].Amount, r.Texts = ptr(int64(19)), 9721, nil // 8 100 + 20 % = 9 720
	w.do(teacher1, r)
	for _, k := range [][2]string{{"RF-20", "report.pupils"}, {"line_difference", "report.actual[2]"}, {"required", "report.texts.summary"}, {"RF-24", "report.texts.fund_named"}, {"RF-22", "report"}} {
		if !hasFinding(w, k[0], k[1]) {
			t.Errorf("%v is not found", k)
		}
	}
	w.c.App.Report.Texts = map[string]string{DifferencesText: "Bussen blev dyrare."}
	if hasFinding(w, "line_difference", "report.actual[2]") {
		t.Error("asked for what is explained")
	}
	w = newWorld(t).to(Decided).on("2026-12-10T23:00")
	if hasFinding(w, "RF-19", "decision") {
		t.Error("overdue on the thirtieth day")
	}
	if w.on("2026-12-11T00:00"); !hasFinding(w, "RF-19", "decision") || w.c.App.State != Decided {
		t.Error("thirty days have passed: a finding, never a lapse")
	}
}

func TestFlags(t *testing.T) {
	t.Parallel()
	if f := Flags(newWorld(t).to(Paid1).c); len(f) > 0 {
		t.Errorf("flags %v", f)
	}
	for flag, change := range map[string]func(*world){
		"late":           func(w *world) { w.c.App.ReceivedAt = instant(w.t, "2026-10-01") },
		"coi":            func(w *world) { w.do(reviewerA, &DeclareInterest{Conflict: true}) },
		"blocked":        func(w *world) { w.c.Facts.Blocked = true },
		"appealed":       func(w *world) { w.do(registrar1, &RecordAppeal{ReceivedOn: date("2026-12-08")}) },
		"advisory":       func(w *world) { w.do(officer1, &CheckAdvisory{Level: "avoid_all", Source: "UD", On: w.today()}) },
		"change_open":    func(w *world) { w.do(teacher1, ask("staff", `{"participants":{"staff":2}}`)) },
		"condition_open": func(w *world) { w.c.App.Decision.Conditions = []Condition{{N: 1}} },
		"cancelled":      func(w *world) { w.do(teacher1, &ReportCancellation{Cause: "own", Reason: "x"}) },
		"recovery_open":  func(w *world) { w.c.App.Recovery = &Recovery{Proposed: 1} },
		"unapproved":     func(w *world) { w.c.App.Unapproved = true },
	} {
		w := newWorld(t).to(Paid1)
		change(w)
		if f := Flags(w.c); !slices.Equal(f, []string{flag}) {
			t.Errorf("%s: %v", flag, f)
		}
	}
}

func TestFlagsOfADraftWhoseTimeIsOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for s, want := range map[string]bool{"2026-09-30T23:59:59": false, "2026-10-01T00:00:00": true} {
		if got := slices.Contains(FlagsAt(w.c, instant(t, s)), "late"); got != want {
			t.Errorf("a draft at %s: %v", s, got)
		}
	}
	w.to(UnderCheck)
	if f := FlagsAt(w.c, instant(t, "2026-10-01T00:00:00")); len(f) > 0 {
		t.Errorf("filed in time: %v", f)
	}
	w = newWorld(t).do(teacher1, &Withdraw{})
	if f := FlagsAt(w.c, instant(t, "2026-10-01T00:00:00")); len(f) > 0 {
		t.Errorf("withdrawn: %v", f)
	}
}

// TestPhoneIsNoPersonalNumber: the field itself says that ten digits in one piece are a telephone number.
func TestPhoneIsNoPersonalNumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.c.App.Form.Applicant.ContactPhone = "0701234569" // would be a pupil of 2007
	if v := w.c.personalNumbers(); len(v) > 0 {
		t.Errorf("%v", v)
	}
}

// TestMiswrittenFieldsAreFound: what can't be meant as it is written is told, and what is just within is not.
func TestMiswrittenFieldsAreFound(t *testing.T) {
	t.Parallel()
	n := func(x int64) *int64 { return &x }
	long := func(k int) string { return strings.Repeat("ä", k) }
	for _, tt := range []struct {
		name  string
		write func(*Form)
		want  string // field and code; none: no finding
	}{
		{"no phone", func(f *Form) { f.Applicant.ContactPhone = " " }, "applicant.contact_phone required"},
		{"no follow-up", func(f *Form) { f.Text.After = "" }, "text.after required"},
		{"an address without a domain", func(f *Form) { f.Applicant.ContactEmail = "elin@skola" }, "applicant.contact_email email"},
		{"two addresses", func(f *Form) { f.Applicant.ContactEmail = "a@b.se, c@d.se" }, "applicant.contact_email email"},
		{"an address with å", func(f *Form) { f.Applicant.ContactEmail = "elin@skola.skellefteå.se" }, ""},
		{"more than the whole time together", func(f *Form) { f.Activity.JointShare = &money.Share{Num: 101, Den: 100} }, "activity.joint_share joint_share_over"},
		{"the whole time together", func(f *Form) { f.Activity.JointShare = &money.Share{Num: 1, Den: 1} }, ""},
		{"days below zero", func(f *Form) { f.Activity.TravelDays = n(-1) }, "activity.travel_days negative"},
		{"pupils below zero", func(f *Form) { f.Participants.SupportNeeds = n(-1) }, "participants.pupils_with_support_needs negative"},
		{"gifts below zero", func(f *Form) { f.Voluntary = n(-1) }, "voluntary negative"},
		{"three areas", func(f *Form) { f.Text.StrategyLink = []string{"a", "b", "c"} }, "text.strategy_link too_many_areas"},
		{"two areas", func(f *Form) { f.Text.StrategyLink = []string{"a", "b"} }, ""},
		{"a long goal", func(f *Form) { f.Text.Goals[0].Goal = long(251) }, "text.goals[0].goal too_long"},
		{"a goal that fits", func(f *Form) { f.Text.Goals[0].Goal, f.Text.Goals[0].Indicator = long(250), long(200) }, ""},
		{"six goals", func(f *Form) { f.Text.Goals = slices.Repeat([]Goal{{Goal: "g", Indicator: "i"}}, 6) }, "text.goals too_many_goals"},
		{"five goals", func(f *Form) { f.Text.Goals = slices.Repeat([]Goal{{Goal: "g", Indicator: "i"}}, 5) }, ""},
		{"more pupils than a school sends", func(f *Form) { f.Participants.Pupils = n(201) }, "participants.pupils range"},
		{"as many pupils as can be", func(f *Form) { f.Participants.Pupils = n(200) }, ""},
		{"no pupil in a group", func(f *Form) { f.Participants.Pupils, f.Requested = n(0), n(6000) }, "participants.pupils rangeparticipants.staff staff_overfunding not_balanced"},
		{"no pupil on a preparatory visit", func(f *Form) {
			f.Activity.Type, f.Participants.Pupils, f.Participants.Staff, f.Requested = "preparatory_visit", n(0), n(2), n(10000)
		}, "funding not_balanced"},
		{"no adult in a group", func(f *Form) { f.Participants.Staff, f.Requested = n(0), n(72000) }, "participants.staff rangefunding not_balanced"},
		{"more adults than can be", func(f *Form) { f.Participants.Staff = n(21) }, "participants.staff rangeparticipants.staff staff_over"},
		{"a language that nobody writes", func(f *Form) { f.Applicant.Language = "xx" }, "applicant.language choice"},
		{"another scheme than the round's", func(f *Form) { f.Scheme = "medfinansiering" }, "scheme other_scheme"},
		{"money of no kind", func(f *Form) { f.Funding[0].Type = "" }, "funding[0].type required"},
		{"money of a kind that is not", func(f *Form) { f.Funding[0].Type = "gift" }, "funding[0].type choice"},
		{"money in no state", func(f *Form) { f.Funding[0].Status = "" }, "funding[0].status required"},
		{"money in a state that is not", func(f *Form) { f.Funding[0].Status = "perhaps" }, "funding[0].status choice"},
		{"a cost of no kind", func(f *Form) { f.Budget[4].Code = "" }, "budget[4].code required"},
		{"two lines with one number", func(f *Form) { f.Budget[4].Line = 4 }, "budget[4].line number_twice"},
		{"a long line", func(f *Form) { f.Budget[0].Text = long(121) }, "budget[0].text too_long"},
	} {
		w := newWorld(t).to(Approved)
		tt.write(&w.c.App.Form)
		got := ""
		for _, f := range Findings(w.c, w.today()) {
			got += f.Field + " " + f.Code
		}
		if got != tt.want {
			t.Errorf("%s: found %q, want %q", tt.name, got, tt.want)
		}
	}
}
