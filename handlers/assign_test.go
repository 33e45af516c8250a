package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// TestAssignSuggestsAndBars: two are suggested with reasons, somebody tied to the school can't be chosen, and the strict are seen beside the raw score.
func TestAssignSuggestsAndBars(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.act("officer", v.path, "rule_eligibility", `{"eligible":true,"rulings":[]}`)
	at := v.office() + "/reviewers"
	v.says(v.get("officer", at, 200), "Föreslås: har minst att göra.", "0 bedömningar kvar")
	v.get("teacher", "/ties", 403)
	v.plain("reviewer1", "/ties", 422, "kind", "employer")
	v.says(v.plain("reviewer1", "/ties", 422, "kind", "employer", "org_no", "123"), "Organisationsnumret stämmer inte.")
	schools, err := v.store.Schools(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range schools {
		if x.Name == "Baldergymnasiet" {
			v.plain("reviewer1", "/ties", 303, "kind", "employer", "school", fmt.Sprint(x.ID))
		}
	}
	v.says(v.get("reviewer1", "/ties", 200), "Baldergymnasiet")
	text := v.get("officer", at, 200)
	v.says(text, "Kan inte bedöma", "Har uppgett en koppling")
	if text := v.post("officer", at, 422, "reviewers", "reviewer1@example.org"); !strings.Contains(text, "jäv") {
		t.Errorf("assigned in spite of a tie: %s", text)
	}
	v.post("officer", at, 303, "reviewers", "reviewer2@example.org")
}

// TestMissingReviewersAreATask: until enough are appointed the officer is asked for them, and nobody is told that they read.
func TestMissingReviewersAreATask(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.act("officer", v.path, "rule_eligibility", `{"eligible":true,"rulings":[]}`)
	lacking := func() {
		t.Helper()
		v.says(v.get("officer", v.office(), 200), "Det saknas bedömare. Utse dem.")
		v.says(v.get("head", v.office(), 200), "Det saknas bedömare. Handläggaren utser dem.")
		v.says(v.get("officer", "/tasks", 200), "Utse bedömare: ")
		v.says(v.get("officer", "/cases", 200), "Utse bedömare")
	}
	lacking()
	v.act("officer", v.path, "assign_reviewers", `{"reviewers":["reviewer1@example.org"]}`)
	lacking()
	v.act("officer", v.path, "assign_reviewers", `{"reviewers":["reviewer1@example.org","reviewer2@example.org"]}`)
	v.says(v.get("officer", v.office(), 200), "Bedömarna läser ansökan.")
	if text := v.get("officer", "/tasks", 200); strings.Contains(text, "Utse bedömare: ") {
		t.Error("enough are appointed, and more are asked for")
	}
	v.act("reviewer2", v.path, "declare_interest", `{"conflict":true,"reason":"Släkt."}`)
	lacking()
}

// plain sends a form that belongs to no case.
func (v *school) plain(who, path string, want int, pairs ...string) string {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.send(who, req, want)
}
