package handlers

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// TestSubstituteDecidesForTheHead: only on the noted days, never on a proposal
// of their own, never somebody of finance; and the event says for whom.
func TestSubstituteDecidesForTheHead(t *testing.T) {
	t.Parallel()
	v := newSchool(t).ranked()
	proposal := `"outcome":"granted","amount":30000,"reasons":[],"text":"Bra utbyte.","conditions":[]`
	v.act("officer", v.path, "propose", "{"+proposal+"}")
	body := "{" + proposal + `,"delegation_item":"3.1"}`
	decide := func(who string, want int) reply {
		t.Helper()
		tag := v.call("officer", http.MethodGet, v.path, "").want(200).tag()
		return v.call(who, http.MethodPost, v.path+"/actions/decide", body, "If-Match", tag).want(want)
	}
	decide("secretary", 403) // not at this level
	away := func(who string, want int, pairs ...string) string {
		return v.post(who, "/absences", want, append([]string{"person", "head@example.org", "role", "head", "first", "2026-01-10", "last", "2026-01-12"}, pairs...)...)
	}
	v.get("teacher", "/absences", 403)
	away("officer", 403, "substitute", "secretary@example.org") // not for another
	v.says(away("head", 422, "substitute", "finance1@example.org"), "inte arbetar med utbetalningar")
	away("head", 422, "substitute", "head@example.org")
	v.says(away("head", 422, "role", "officer", "substitute", "officer@example.org"), "har inte den rollen")
	away("head", 303, "substitute", "officer@example.org", "note", "Kurs i Umeå")
	v.says(v.get("officer", "/absences", 200), "Kurs i Umeå")
	decide("officer", 403) // a proposal of one's own
	away("head", 303, "substitute", "secretary@example.org")
	v.says(v.get("secretary", "/absences", 200), "gäller nu")
	v.says(v.get("secretary", "/tasks", 200), "Du är ersättare för ", "(Chef för enheten), till och med måndag 12 januari 2026.")
	v.at("2026-01-13T09:00:00+01:00")
	decide("secretary", 403) // the days are over
	v.at("2026-01-12T23:00:00+01:00")
	decide("secretary", 200)
	var events struct {
		Items []struct {
			Action string
			Data   map[string]any
		}
	}
	if err := json.Unmarshal(v.call("auditor", http.MethodGet, v.path+"/events?limit=100", "").want(200).raw, &events); err != nil {
		t.Fatal(err)
	}
	last := events.Items[len(events.Items)-1]
	if last.Action != "decide" || last.Data["acting_for"] != "head@example.org" {
		t.Errorf("the decision's event %+v", last)
	}
	for _, e := range events.Items[:len(events.Items)-1] {
		if e.Data["acting_for"] != nil {
			t.Errorf("%s says that it was for another", e.Action)
		}
	}
	v.says(v.get("officer", v.office(), 200), "som ersättare för")
	v.post("head", "/absences/1/end", 303)
	if text := v.get("head", "/absences", 200); !strings.Contains(text, "avslutad i förtid") {
		t.Errorf("not ended: %s", text)
	}
}
