package handlers

import (
	"strings"
	"testing"
)

// TestANewReviewerHasATask: who is asked to assess sees it among the tasks at once, with its
// day, before having said anything about conflict; and the officer is told when one is too few.
func TestANewReviewerHasATask(t *testing.T) {
	t.Parallel()
	v, words := newSchool(t), strings.Repeat("Väl motiverat. ", 10)
	v.act("officer", v.path, "rule_eligibility", `{"eligible":true,"rulings":[]}`)
	v.act("officer", v.path, "assign_reviewers", `{"reviewers":["reviewer1@example.org"]}`)
	v.says(v.get("reviewer1", "/tasks", 200), "Svara om jäv och bedöm", "senast")
	if text := v.get("reviewer2", "/tasks", 200); strings.Contains(text, "Svara om jäv") {
		t.Errorf("somebody else is asked: %s", text)
	}
	v.act("reviewer1", v.path, "declare_interest", `{"conflict":false}`)
	if text := v.get("reviewer1", "/tasks", 200); strings.Contains(text, "Svara om jäv") || !strings.Contains(text, "Möte i Brahestad") {
		t.Errorf("answered, and asked again: %s", text)
	}
	v.act("reviewer1", v.path, "submit_review", `{"ratings":{"K1":4,"K2":4,"K3":4,"K4":4,"K5":4},"comments":{"K1":"`+words+`","K2":"`+words+`","K3":"`+words+`","K4":"`+words+`","K5":"`+words+`"}}`)
	v.says(v.get("officer", "/cases/1", 200), "det behövs fler bedömare")
}

// TestALateReviewIsTheOfficersTask: from the day after the one that was promised the case's
// officer reads who is late and what can be done, until the assessment has come.
func TestALateReviewIsTheOfficersTask(t *testing.T) {
	t.Parallel()
	v, words := newSchool(t), strings.Repeat("Väl motiverat. ", 10)
	v.act("officer", v.path, "rule_eligibility", `{"eligible":true,"rulings":[]}`)
	v.act("officer", v.path, "assign_reviewers", `{"reviewers":["reviewer1@example.org","reviewer2@example.org"]}`)
	pages := map[string]string{"/tasks": "En bedömning är sen: Möte i Brahestad", "/cases/1": "skulle ha lämnat sin bedömning senast", "/reviews/1": "skulle ha lämnat sin bedömning senast"}
	for page, words := range pages {
		if strings.Contains(v.get("officer", page, 200), words) {
			t.Errorf("%s calls it late at once", page)
		}
	}
	v.at("2026-03-20T09:00:00+01:00")
	for page, words := range pages {
		v.says(v.get("officer", page, 200), words)
	}
	v.says(v.get("officer", "/tasks", 200), "Väntar på Maria Granström och Olof Burman")
	if strings.Contains(v.get("reviewer1", "/tasks", 200), "En bedömning är sen") {
		t.Error("the reviewer is asked to ask")
	}
	for _, who := range []string{"reviewer1", "reviewer2"} {
		v.act(who, v.path, "declare_interest", `{"conflict":false}`)
		v.act(who, v.path, "submit_review", `{"ratings":{"K1":4,"K2":4,"K3":4,"K4":4,"K5":4},"comments":{"K1":"`+words+`","K2":"`+words+`","K3":"`+words+`","K4":"`+words+`","K5":"`+words+`"}}`)
	}
	for page, words := range pages {
		if strings.Contains(v.get("officer", page, 200), words) {
			t.Errorf("%s calls it late when it has come", page)
		}
	}
}
