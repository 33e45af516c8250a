package handlers

import (
	"strings"
	"testing"
	"time"

	"fund/workflow"
	"fund/workflow/lang"
	"fund/workflow/notice"
)

// TestAppealIsPassedOnAndJudged: the case says when an appeal came, that payment
// stops, when it was passed on, and what the court said.
func TestAppealIsPassedOnAndJudged(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	at := "/do/1/record_appeal"
	v.says(v.post("registrar", at, 422, "received_on", "2026-01-10", "forwarded_on", "2026-01-09"), "Lämnat vidare till förvaltningsrätten:")
	v.says(v.post("registrar", at, 422, "received_on", "2026-01-10", "forwarded_on", "2030-01-09"), "Dagen har inte varit än")
	v.post("registrar", at, 303, "received_on", "2026-01-10", "text", "Beloppet")
	v.says(v.get("officer", v.office(), 200), "I tid. Utbetalningen är stoppad tills domstolen har svarat. Beloppet", "förvaltningsrätteninte än", "Beslutet är överklagat. Lämna överklagandet vidare")
	v.says(v.get("registrar", at, 200), "Vad överklagandet gäller", "Beloppet") // what is known stands in the form
	v.post("registrar", at, 303, "received_on", "2026-01-10", "text", "Beloppet", "forwarded_on", "2026-01-10")
	v.says(v.get("officer", v.office(), 200), "Lämnat vidare till förvaltningsrätten10 januari 2026", "Beslutet är överklagat. Domstolen prövar det")
	if got := v.call("officer", "GET", v.path, "").want(200).body["appeal"].(map[string]any)["forwarded_on"]; got != "2026-01-10" {
		t.Errorf("forwarded %v", got)
	}
	v.act("registrar", v.path, "record_judgment", `{"on":"2026-01-10","outcome":"dismissed"}`)
	v.says(v.get("officer", v.office(), 200), "Överklagandet prövas inte", "I tid. Beloppet")
}

// TestAnnulledDecisionIsSeen: the case that is tried anew says what was decided and what the court did.
func TestAnnulledDecisionIsSeen(t *testing.T) {
	t.Parallel()
	v := newSchool(t).decided()
	v.act("registrar", v.path, "record_appeal", `{"received_on":"2026-01-10"}`)
	v.act("registrar", v.path, "record_judgment", `{"on":"2026-01-10","outcome":"annulled"}`)
	v.says(v.get("officer", v.office(), 200), "Domstolen har upphävt beslutet.", "Tidigare beslut, upphävt av domstolBifall", "30 000 kr", "Beslutet är upphävt")
	v.act("officer", v.path, "rule_eligibility", `{"eligible":true,"rulings":[]}`)
	v.act("officer", v.path, "rank", "{}")
	words := `"outcome":"granted","amount":30000,"reasons":[],"text":"Efter domen.","conditions":[]`
	v.act("officer", v.path, "propose", "{"+words+"}")
	v.act("head", v.path, "decide", "{"+words+`,"delegation_item":"3.1"}`)
	// The new decision isn't the one that was appealed.
	before, after, ok := strings.Cut(v.get("officer", v.office(), 200), "Tidigare beslut, upphävt av domstol")
	if !ok || strings.Contains(before, "Beslutet är upphävt") || !strings.Contains(after, "Beslutet är upphävt") {
		t.Errorf("the judgment stands with the new decision: %s", before)
	}
}

// TestLettersOfTwoDecisionsAreToldApart: both have the same title; the lists say the day, and which one a court annulled.
func TestLettersOfTwoDecisionsAreToldApart(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	k := workflow.Case{App: workflow.Application{Decision: &workflow.Decision{DecidedAt: at}, Documents: []workflow.Document{
		{ID: 1, Kind: notice.KindDecision, Title: "Beslut", At: at, Answers: 1}, {ID: 2, Kind: notice.KindDecision, Title: "Beslut", At: at, Answers: 2}}}}
	titles := func() (list []string) {
		for _, d := range k.App.Documents {
			list = append(list, documentTitle(lang.SV, k, d))
		}
		return list
	}
	if got := titles(); got[0] != "Beslut" {
		t.Errorf("the only decision's letter is called %q", got[0])
	}
	k.App.Annulled = []workflow.Decision{{DecidedAt: at}}
	if got := titles(); got[0] != "Beslut, 2\u00a0mars 2026 (upphävt av domstol)" || got[1] != "Beslut, 2\u00a0mars 2026" {
		t.Errorf("the letters are called %q", got)
	}
	k.App.Decision = nil // nothing new is decided yet
	if got := titles(); !strings.Contains(got[0], "upphävt") {
		t.Errorf("the annulled decision's letter is called %q", got[0])
	}
}
