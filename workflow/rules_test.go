package workflow

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
)

// TestSeedRules: each seeded set has every name that a rule set has, and no other, and is valid.
func TestSeedRules(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"skolutbyte", "medfinansiering"} {
		raw, err := os.ReadFile("../sql/seed/rules/" + scheme + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]json.RawMessage
		if err := json.Unmarshal(raw, &m); err != nil {
			t.Fatal(err)
		}
		var names []string
		for name := range m {
			names = append(names, name)
		}
		slices.Sort(names)
		if !slices.Equal(names, RuleNames()) {
			t.Errorf("%s: names %v, want %v", scheme, names, RuleNames())
		}
		seedRules(t, scheme)
		seedScheme(t, scheme)
	}
}

// TestOldRuleSetsHoldWhatHeldThen: a frozen rule set from before the answer to a change was one of its numbers reads as the five
// days of then, and says so again when it is written; a round may have another number, or none at all.
func TestOldRuleSetsHoldWhatHeldThen(t *testing.T) {
	t.Parallel()
	base, err := os.ReadFile("../sql/seed/rules/skolutbyte.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(base, &all); err != nil {
		t.Fatal(err)
	}
	delete(all, "change_answer_days")
	old, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	for days, change := range map[int]string{5: `{}`, 8: `{"change_answer_days":8}`, 0: `{"change_answer_days":0}`} {
		var named map[string]json.RawMessage
		if err := json.Unmarshal([]byte(change), &named); err != nil {
			t.Fatal(err)
		}
		raw, err := Override(old, named)
		if err != nil {
			t.Fatal(err)
		}
		r, err := DecodeRules(raw)
		if err != nil || r.ChangeAnswerDays != days || r.CheckDays != 10 {
			t.Errorf("%s: %d days, %v", change, r.ChangeAnswerDays, err)
		}
	}
	var in Round // as a round is read
	if err := json.Unmarshal([]byte(`{"rules":`+string(old)+`}`), &in); err != nil || in.Rules.ChangeAnswerDays != 5 {
		t.Errorf("a round of then: %d days, %v", in.Rules.ChangeAnswerDays, err)
	}
}

func TestOverride(t *testing.T) {
	t.Parallel()
	base, err := os.ReadFile("../sql/seed/rules/skolutbyte.json")
	if err != nil {
		t.Fatal(err)
	}
	change := func(s string) map[string]json.RawMessage {
		var m map[string]json.RawMessage
		if err := json.Unmarshal([]byte(s), &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	out, err := Override(base, change(`{"cap_per_pupil":{"forskola":10},"share_cap":0.333,"max_per_application":null,"report_days":30}`))
	if err != nil {
		t.Fatal(err)
	}
	r, err := DecodeRules(out)
	if err != nil || len(r.CapPerPupil) != 1 || r.CapPerPupil["forskola"] != 10 || r.ShareCap.Of(1000) != 333 || r.MaxPerApplication != nil || r.ReportDays != 30 || r.CapPerStaff != 3000 {
		t.Errorf("%+v %v", r, err)
	}
	for s, want := range map[string][2]string{
		`{"shar_cap":0.5}`:                    {"parameters.shar_cap", "unknown_field"},
		`{"share_cap":1.5}`:                   {"parameters.share_cap", "rule_value"},
		`{"share_cap":-0.5}`:                  {"parameters.share_cap", "rule_value"},
		`{"share_cap":"much"}`:                {"parameters.share_cap", "wrong_type"},
		`{"report_days":"sixty"}`:             {"parameters.report_days", "wrong_type"},
		`{"report_days":60.5}`:                {"parameters.report_days", "wrong_type"},
		`{"report_days":0}`:                   {"parameters.report_days", "rule_value"},
		`{"delegation_limit":null}`:           {"parameters.delegation_limit", "wrong_type"},
		`{"delegation_limit":-1}`:             {"parameters.delegation_limit", "rule_value"},
		`{"staff_per_pupils":0}`:              {"parameters.staff_per_pupils", "rule_value"},
		`{"eligible_levels":[]}`:              {"parameters.eligible_levels", "rule_value"},
		`{"cap_per_pupil":{"grundskola":-1}}`: {"parameters.cap_per_pupil.grundskola", "rule_value"},
		`{"criteria_weights":{"K1":-5}}`:      {"parameters.criteria_weights.K1", "rule_value"},
		`{"max_programme_days":2}`:            {"parameters.max_programme_days", "rule_value"},
		`{"main_funder_min_share":2}`:         {"parameters.main_funder_min_share", "rule_value"},
		`{"threshold_total":-1}`:              {"parameters.threshold_total", "rule_value"},
		`{"share_cap":0.3333333333}`:          {"parameters.share_cap", "rule_value"}, // more than nine decimals
	} {
		if _, err := Override(base, change(s)); !faulty(err, want[0], want[1]) {
			t.Errorf("%s: %v", s, err)
		}
	}
}
