package handlers

import (
	"strings"
	"testing"
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
