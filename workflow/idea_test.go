package workflow

import (
	"slices"
	"testing"

	"fund/workflow/money"
)

// TestIdeaIsJudgedAsAnApplication: what the check before writing says is what the application would be told.
func TestIdeaIsJudgedAsAnApplication(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	round, today := w.c.Round, w.today()
	share := func(s string) *money.Share {
		x, err := money.ParseShare(s)
		if err != nil {
			t.Fatal(err)
		}
		return &x
	}
	good := Form{Activity: Activity{Type: "outgoing_group", Start: round.TripFrom.String(), End: round.TripFrom.AddDays(6).String(), ProgrammeDays: ptr(int64(5)), JointShare: share("0.8")},
		Partner: Partner{Country: "Finland"}, Participants: Participants{Pupils: ptr(int64(20)), Staff: ptr(int64(2))}}
	for _, tt := range []struct {
		name   string
		level  string
		fee    bool
		change func(*Form)
		want   string
	}{
		{"as it should be", "grundskola", false, func(*Form) {}, ""},
		{"nothing answered", "", false, func(f *Form) { *f = Form{} }, ""},
		{"a preschool", "forskola", false, func(*Form) {}, "level"},
		{"two days", "grundskola", false, func(f *Form) { f.Activity.ProgrammeDays = ptr(int64(2)) }, "programme_days"},
		{"too little together", "grundskola", false, func(f *Form) { f.Activity.JointShare = share("0.3") }, "joint_share"},
		{"a partner in Sweden", "grundskola", false, func(f *Form) { f.Partner.Country = "Sverige" }, "partner_abroad"},
		{"outside the window", "grundskola", false, func(f *Form) { f.Activity.Start, f.Activity.End = "2031-01-01", "2031-01-06" }, "outside_window"},
		{"a fee that is required", "grundskola", true, func(*Form) {}, "mandatory_fee"},
	} {
		form := Application{Form: good}.Clone().Form
		tt.change(&form)
		got := CheckIdea(Idea{Level: tt.level, Form: form, MandatoryFee: tt.fee}, round, today)
		var codes []string
		for _, f := range got {
			codes = append(codes, f.Code)
		}
		if tt.want == "" && len(codes) > 0 || tt.want != "" && !slices.Contains(codes, tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, codes, tt.want)
		}
	}
}
