package handlers

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fund/workflow"
)

// TestRegistryPagesMissNothing: whoever walks through the pages sees each grant
// once, whatever is decided meanwhile, and finds the way back; the choice stays.
func TestRegistryPagesMissNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var list []workflow.Case
		add := func(id int64, at int) {
			list = append(list, workflow.Case{App: workflow.Application{ID: id, Decision: &workflow.Decision{DecidedAt: time.Unix(int64(at), 0)}}})
		}
		for i, at := range rapid.SliceOfN(rapid.IntRange(1, 9), 1, 90).Draw(t, "decided") { // many of one instant
			add(int64(i+1), at)
		}
		newestFirst(list)
		first := slices.Clone(list)
		q, seen, steps := url.Values{"country": {"Finland"}, "page": {"7"}, "q": {""}}, []int64{}, 0
		for {
			shown, p := pageOfGrants(list, q)
			for _, k := range shown {
				if k.App.ID < 1000 {
					seen = append(seen, k.App.ID)
				}
			}
			if p.Next == "" {
				break
			}
			u, err := url.Parse(p.Next)
			if err != nil || u.Query().Get("country") != "Finland" || u.Query().Has("page") || u.Query().Has("before") || u.Query().Has("q") {
				t.Fatalf("the next page is at %s", p.Next)
			}
			q = u.Query()
			if rapid.Bool().Draw(t, "one more") {
				add(int64(1000+steps), rapid.IntRange(1, 12).Draw(t, "at"))
				newestFirst(list)
			}
			back, _ := url.Parse(func() string { _, p := pageOfGrants(list, q); return p.Previous }())
			if before, p := pageOfGrants(list, back.Query()); len(before) == 0 || p.Next == "" {
				t.Fatalf("no way back from %v", q)
			}
			if steps++; steps > 20 {
				t.Fatal("the pages never end")
			}
		}
		for i, k := range first {
			if i >= len(seen) || seen[i] != k.App.ID {
				t.Fatalf("seen %v, want the order of %d grants", seen, len(first))
			}
		}
	})
}

// TestRegistryKeepsTheChoice: by country, partner, theme, year and words, one by one and together.
func TestRegistryKeepsTheChoice(t *testing.T) {
	t.Parallel()
	v := newSchool(t).reported()
	k, err := v.store.Case(t.Context(), workflow.Machine(), v.id)
	if err != nil {
		t.Fatal(err)
	}
	theme := k.Areas()[0]
	all := url.Values{"country": {"Finland"}, "partner": {k.App.Form.Partner.Name}, "area": {theme}, "year": {"2026"}, "q": {"brahestad"}, "school": {"Baldergymnasiet"}, "round": {"VT26"}}
	for name, want := range all {
		html := v.raw("officer", "GET", "/registry?"+url.Values{name: want}.Encode(), "").Body.String()
		v.says(pageText(t, html), "1 bidrag", "Visa alla")
		if name == "q" {
			continue
		}
		if !strings.Contains(html, "selected") {
			t.Errorf("%s: the choice is not shown", name)
		}
		html = v.raw("officer", "GET", "/registry?"+url.Values{name: {"Finns inte"}}.Encode(), "").Body.String()
		v.says(pageText(t, html), "Inga bidrag passar urvalet", "Finns inte (0)", "Visa alla")
	}
	page := v.raw("officer", "GET", "/registry?"+all.Encode(), "").Body.String()
	v.says(pageText(t, page), "1 bidrag")
	csv := string(v.file("", "/registry.csv?"+all.Encode(), "text/csv"))
	if !strings.Contains(page, "/registry.csv?") || strings.Count(csv, "\n") != 2 {
		t.Errorf("the file of the choice says %s", csv)
	}
}
