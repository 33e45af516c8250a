package handlers

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/money"
)

// TestWhatChangedBetweenRules: sums, shares, lists and maps, in words and numbers; equal values are no change.
func TestWhatChangedBetweenRules(t *testing.T) {
	t.Parallel()
	share := func(n, d int64) money.Share { return money.Share{Num: n, Den: d} }
	tests := []struct {
		rule    string
		was, is any
		want    string
	}{
		{"delegation_limit", int64(50000), int64(45000), "\u22125 000 kr"},
		{"completion_days", 14, 21, "+7"},
		{"share_cap", share(75, 100), share(8, 10), "+5 procentenheter"},
		{"share_cap", share(75, 100), share(725, 1000), "\u22122,5 procentenheter"},
		{"eligible_levels", []string{"grundskola"}, []string{"gymnasieskola"}, "Tillkommer: Gymnasieskola. Utgår: Grundskola."},
		{"cap_per_pupil", map[string]int64{"grundskola": 4000}, map[string]int64{"grundskola": 4500, "gymnasieskola": 3000}, "Grundskola: +500 kr\nTillkommer: Gymnasieskola."},
		{"blind_review", false, true, "ändrat"},
	}
	for _, tt := range tests {
		if sameRule(tt.was, tt.is) {
			t.Errorf("%s: %v and %v are told to be the same", tt.rule, tt.was, tt.is)
		}
		if got := strings.ReplaceAll(ruleChange(lang.SV, tt.rule, tt.was, tt.is), "\u00a0", " "); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.rule, got, tt.want)
		}
	}
	if !sameRule(share(75, 100), share(3, 4)) {
		t.Error("0.75 is not 3/4")
	}
}

// TestRoundsRulesBesideTheSchemes: a new version differs in what was changed, and the frozen round keeps its own.
func TestRoundsRulesBesideTheSchemes(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	set, err := v.store.NewestRules(t.Context(), "skolutbyte")
	if err != nil {
		t.Fatal(err)
	}
	rules, err := workflow.Override(set.Rules, map[string]json.RawMessage{"delegation_limit": json.RawMessage("45000")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.store.AddRules(t.Context(), workflow.Machine(), "skolutbyte", rules, "Nämndens beslut § 12"); err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(v.get("head", "/rules/skolutbyte?a=v1&b=v2", http.StatusOK), "\u00a0", " ")
	v.says(text, "50 000 kr", "45 000 kr", "\u22125 000 kr", "Nämndens beslut § 12")
	v.says(v.get("officer", "/rules/skolutbyte?a=v1&b=rVT26", http.StatusOK), "Reglerna är lika", "Fast sedan")
	v.says(v.get("admin", "/rounds/VT26", http.StatusOK), "Jämför omgångens regler")
	v.get("teacher", "/rules/skolutbyte", http.StatusForbidden)
	v.get("admin", "/rules/nothing", http.StatusNotFound)
}
