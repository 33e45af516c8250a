package handlers

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"fund/workflow"
)

// TestEveryRuleHasAPlaceInTheForm: once, under one heading.
func TestEveryRuleHasAPlaceInTheForm(t *testing.T) {
	t.Parallel()
	var shown []string
	for _, g := range ruleGroups {
		shown = append(shown, g.names...)
	}
	slices.Sort(shown)
	if want := slices.Sorted(slices.Values(workflow.RuleNames())); !slices.Equal(shown, want) {
		t.Errorf("in the form %v, the rules are %v", shown, want)
	}
}

// filled gives the controls of a page's form at an address as a browser would send them.
func (v *school) filled(who, page, post string) url.Values {
	v.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(v.markup(who, v.getOf(page), 200)))
	if err != nil {
		v.t.Fatal(err)
	}
	out := url.Values{}
	doc.Find(`form[action="` + post + `"] [name]`).Each(func(_ int, x *goquery.Selection) {
		name, _ := x.Attr("name")
		value, _ := x.Attr("value")
		kind, _ := x.Attr("type")
		_, checked := x.Attr("checked")
		switch {
		case goquery.NodeName(x) == "button" || (kind == "checkbox" || kind == "radio") && !checked:
			return
		case goquery.NodeName(x) == "textarea":
			value = x.Text()
		case goquery.NodeName(x) == "select":
			value, _ = x.Find("option[selected]").Attr("value")
		}
		out.Add(name, value)
	})
	return out
}

// sent posts a form as it is.
func (v *school) sent(who, path string, form url.Values, want int) string {
	v.t.Helper()
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.send(who, req, want)
}

// TestRulesAreWrittenInOrdinaryFields: the form says what it showed and nothing more,
// reads amounts, shares and lists as people write them, and puts faults at their fields.
func TestRulesAreWrittenInOrdinaryFields(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	const at = "/admin/rules/skolutbyte"
	before, err := v.store.NewestRules(t.Context(), "skolutbyte")
	if err != nil {
		t.Fatal(err)
	}
	form := v.filled("admin", at, at)
	v.says(v.sent("admin", at, form, 422), "Inget är ändrat")
	form.Set("parameters.cap_per_pupil.grundskola", "mycket")
	form.Set("parameters.share_cap", "")
	form.Set("parameters.report_reminder_days", "-14; snart")
	form.Set("parameters.max_programme_days", "1")
	v.says(v.sent("admin", at, form, 422), "Högst per elev: Grundskola RF-06: Skriv beloppet", "Skriv hela tal med komma emellan", "Fyll i det här")
	form.Set("parameters.cap_per_pupil.grundskola", "4 500 kr")
	form.Set("parameters.share_cap", "72,5 %")
	form.Set("parameters.report_reminder_days", "−14, -3, 1")
	v.says(v.sent("admin", at, form, 422), "Regeln kan inte ha det värdet") // fewer days than the fewest
	form.Set("parameters.max_programme_days", "20")
	form.Set("parameters.max_per_application", "")
	form.Del("parameters.activity_types")
	form.Add("parameters.activity_types", "hosting")
	form.Set("parameters.criteria_weights.K1", "6")
	form.Set("parameters.blind_review", "yes")
	v.sent("admin", at, form, 303)
	set, err := v.store.NewestRules(t.Context(), "skolutbyte")
	if err != nil {
		t.Fatal(err)
	}
	was, _ := workflow.DecodeRules(before.Rules)
	got, err := workflow.DecodeRules(set.Rules)
	if err != nil {
		t.Fatal(err)
	}
	want := was
	want.CapPerPupil = map[string]int64{"grundskola": 4500, "anpassad_grundskola": 4000, "gymnasieskola": 3000, "anpassad_gymnasieskola": 3000}
	want.CriteriaWeights = map[string]int{"K1": 6, "K2": 5, "K3": 4, "K4": 3, "K5": 3}
	want.ReportReminderDays, want.MaxProgrammeDays, want.MaxPerApplication, want.ActivityTypes, want.BlindReview = []int{-14, -3, 1}, 20, nil, []string{"hosting"}, true
	want.ShareCap = got.ShareCap
	if d := cmp.Diff(want, got); d != "" || got.ShareCap.Percent() != "72.5" {
		t.Errorf("the rules differ by %s, share %s", d, got.ShareCap)
	}
}

// TestARoundsRulesChangeByItsForm: only what was touched becomes the round's own.
func TestARoundsRulesChangeByItsForm(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.call("admin", "POST", "/rounds", `{"id":"X1","scheme":"skolutbyte","name":"Ny","opens":"2026-03-01","closes":"2026-04-30"}`).want(201)
	const at = "/rounds/X1/edit"
	form := v.filled("admin", at, at)
	form.Set("parameters.delegation_limit", "60 000")
	form.Set("parameters.threshold_total", "x")
	req := httptest.NewRequest(http.MethodPost, at, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if html := v.markup("admin", req, 422); !strings.Contains(html, "Skriv ett helt antal") || !strings.Contains(html, `value="60 000"`) {
		t.Errorf("the fault, or what was typed: %s", html)
	}
	form.Set("parameters.threshold_total", "55")
	v.sent("admin", at, form, 303)
	own, err := v.store.RoundParameters(t.Context(), "X1")
	if err != nil {
		t.Fatal(err)
	}
	if len(own) != 2 || string(own["delegation_limit"]) != "60000" || string(own["threshold_total"]) != "55" {
		t.Errorf("the round's own rules: %s", own)
	}
}
