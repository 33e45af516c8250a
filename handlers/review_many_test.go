package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"fund/sql"
	"fund/workflow"
)

// assessed files a case on paper and takes it to assessment.
func (v *school) assessed(title string) (id int64) {
	v.t.Helper()
	form := strings.Replace(goodForm, `"title":"Möte i Brahestad"`, `"channel":"paper","received_at":"2026-01-10T09:00:00+01:00","title":"`+title+`"`, 1)
	at := v.call("officer", http.MethodPost, "/applications", form).want(201).at("id")
	if _, err := fmt.Sscan(fmt.Sprint(at), &id); err != nil {
		v.t.Fatal(err)
	}
	officer, err := v.store.PersonByEmail(v.t.Context(), "officer@example.org")
	if err != nil {
		v.t.Fatal(err)
	}
	for _, step := range []struct {
		by  workflow.Actor
		cmd workflow.Command
	}{{workflow.Machine(), workflow.TakeUp{}}, {workflow.Act(officer), &workflow.RuleEligibility{Eligible: true}}} {
		if _, err := v.store.Apply(v.t.Context(), sql.Ref{ID: id}, step.by, step.cmd); err != nil {
			v.t.Fatal(err)
		}
	}
	return id
}

// TestReviewsGoOnPageByPage: more cases than a page holds are all reached, each once, and back again.
func TestReviewsGoOnPageByPage(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	const all = reviewsAtOnce + 3
	for n := range all {
		v.assessed(fmt.Sprintf("Utbyte nummer %d.", n))
	}
	titles, link := regexp.MustCompile(`Utbyte nummer \d+\.<`), regexp.MustCompile(`href="(/reviews\?[^"]*)"[^>]*>(Nästa|Föregående)`)
	read := func(path string) (found []string, to map[string]string) {
		html, to := v.markup("officer", httptest.NewRequest(http.MethodGet, path, nil), 200), map[string]string{}
		for _, m := range link.FindAllStringSubmatch(html, -1) {
			to[m[2]] = strings.ReplaceAll(m[1], "&amp;", "&")
		}
		seen := map[string]bool{}
		for _, x := range titles.FindAllString(html, -1) {
			seen[x] = true
		}
		for x := range seen {
			found = append(found, x)
		}
		return found, to
	}
	first, to := read("/reviews")
	if len(first) != reviewsAtOnce || to["Nästa"] == "" || to["Föregående"] != "" {
		t.Fatalf("the first page has %d cases and leads to %v", len(first), to)
	}
	rest, to := read(to["Nästa"])
	if len(rest) != all-reviewsAtOnce || to["Nästa"] != "" || to["Föregående"] == "" {
		t.Fatalf("the last page has %d cases and leads to %v", len(rest), to)
	}
	for _, x := range rest {
		if strings.Contains(strings.Join(first, ""), x) {
			t.Errorf("%q is on both pages", x)
		}
	}
	if again, to := read(to["Föregående"]); len(again) != len(first) || to["Nästa"] == "" {
		t.Errorf("back: %d cases, leading to %v", len(again), to)
	}
}

// TestRulingsNameTheirOfficer: beside a finding stands who ruled on it, by name, on the
// page of the case and on those where something is done with it.
func TestRulingsNameTheirOfficer(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.post("officer", v.office()+"/take", 303)
	v.act("officer", v.path, "rule_eligibility", `{"eligible":false,"rulings":[{"rule":"RF-13","met":true,"reason":"Papperen kom med posten."}]}`)
	named := func(who, path string) {
		t.Helper()
		text := v.get(who, path, 200)
		if !strings.Contains(text, "Papperen kom med posten.") || strings.Contains(text, "officer@example.org,") {
			t.Errorf("%s names the officer by address, or has no ruling", path)
		}
	}
	named("officer", v.office())
	if text := v.get("officer", v.office(), 200); strings.Contains(text, "Fyll i det här") || !strings.Contains(text, ": Saknas.") {
		t.Error("the office is told to fill in what the applicant left out")
	}
	named("officer", v.office()+"/propose")
	v.act("officer", v.path, "propose", `{"outcome":"rejected","amount":0,"reasons":["R-INCOMPL"],"text":"Papper saknas.","conditions":[]}`)
	named("head", fmt.Sprintf("/decisions/%d", v.id))
	if text := v.get("head", "/cases?view=all", 200); strings.Contains(text, "officer@example.org") {
		t.Error("the queue names the officer by address")
	}
}
