package handlers

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestQueueIsFilteredByARound: the rounds are a list by name, and a code that an old saved list names stays visible.
func TestQueueIsFilteredByARound(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	page := v.markup("officer", v.getOf("/cases?view=all&round=VT26"), 200)
	for _, want := range []string{`<select class="ds-input" id="f-round" name="round"`, `<option value="VT26" selected>`, `>Alla omgångar</option>`, "Möte i Brahestad"} {
		if !strings.Contains(page, want) {
			t.Errorf("the queue of a round lacks %q", want)
		}
	}
	page = v.markup("officer", v.getOf("/cases?view=all&round=VT99"), 200)
	if !strings.Contains(page, `<option value="VT99" selected>VT99</option>`) || strings.Contains(page, "Möte i Brahestad") {
		t.Errorf("an unknown round: %s", page)
	}
}

// getOf makes the GET of a page.
func (v *school) getOf(path string) *http.Request {
	return httptest.NewRequest(http.MethodGet, path, nil)
}

// TestARoundIsCalledInTheReadersLanguage: the API's name is the Swedish one, name_en the other; without it the first is shown.
func TestARoundIsCalledInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	round := v.call("admin", "GET", "/rounds/VT26", "").want(200)
	name, _ := round.body["name"].(string)
	if round.body["name_en"] != "" || !strings.Contains(v.get("officer", "/rounds?lang=en", 200), name) {
		t.Fatalf("without an English name: %v", round.body["name_en"])
	}
	round = v.call("admin", "PATCH", "/rounds/VT26", `{"name_en":"Spring round"}`, "If-Match", round.tag()).want(200)
	if round.body["name"] != name || round.body["name_en"] != "Spring round" {
		t.Errorf("name %v, name_en %v", round.body["name"], round.body["name_en"])
	}
	for _, at := range []string{"/rounds", "/rounds/VT26", "/rounds/VT26/ranking", "/cases", v.office()} {
		if text := v.get("officer", at+"?lang=en", 200); !strings.Contains(text, "Spring round") || strings.Contains(text, name) {
			t.Errorf("%s in English: %s", at, text)
		}
		if text := v.get("officer", at+"?lang=sv", 200); !strings.Contains(text, name) || strings.Contains(text, "Spring round") {
			t.Errorf("%s in Swedish: %s", at, text)
		}
	}
	if v.get("admin", "/rounds/VT26/edit?lang=sv", 200); !strings.Contains(v.markup("admin", v.getOf("/rounds/VT26/edit"), 200), `value="Spring round"`) {
		t.Error("the form does not show the English name")
	}
	round = v.call("admin", "PATCH", "/rounds/VT26", `{"name_en":null}`, "If-Match", round.tag()).want(200)
	if round.body["name_en"] != "" {
		t.Errorf("null leaves %v", round.body["name_en"])
	}
}

// TestARefusalNamesTheRoundInTheReadersLanguage: and in Swedish to all where it has one name.
func TestARefusalNamesTheRoundInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	r := workflow.Round{Name: "Våren", NameEN: "The spring"}
	for l, want := range map[lang.Lang]string{lang.SV: "Omgången Våren är inte öppen.", lang.EN: "The round The spring is not open."} {
		if got := SayRefused(l, workflow.Refused{Code: "round_not_open", Args: map[string]any{"Round": r.Called()}}); got != want {
			t.Errorf("%s: %q, want %q", l, got, want)
		}
	}
}

// TestTheOfficerSeesWhatWasAskedFor: a completion's points and day stand in the case, and are asked of no reviewer.
func TestTheOfficerSeesWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.act("officer", v.path, "request_completion", `{"points":[{"field":"budget","text":"Vad kostar tåget?"}],"due_on":"2026-02-20"}`)
	v.says(v.get("officer", v.office(), 200), "Komplettering", "Vad kostar tåget?", "fredag 20 februari 2026", "Väntar på svar")
	v.act("officer", v.path, "extend_completion", `{"days":7,"reason":"Sjukdom."}`)
	v.says(v.get("officer", v.office(), 200), "Förlängd med 7 dagar")
	v.act("teacher", v.path, "complete", `{"message":"Tåget kostar 900 kr."}`)
	v.says(v.get("officer", v.office(), 200), "Besvarad", "Tåget kostar 900 kr.")
}

// TestTheChecklistHasThePapersBesideIt: files one click away, and no rule that the scheme does not ask about.
func TestTheChecklistHasThePapersBesideIt(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.act("officer", v.path, "request_completion", `{"points":[{"field":"attachments.risk_assessment","text":"Riskanalysen saknas."}],"due_on":"2026-02-20"}`)
	v.upload("teacher", v.id, "risk_assessment", "Riskanalys.pdf", []byte("%PDF-1.7\n")).want(201)
	v.act("teacher", v.path, "complete", `{}`)
	page := v.markup("officer", v.getOf(v.office()+"/eligibility"), 200)
	if !strings.Contains(page, "Riskanalys.pdf") || !strings.Contains(page, "RF-13") || strings.Contains(page, "RF-27") {
		t.Errorf("files or rules of the checklist: %s", page)
	}
}
