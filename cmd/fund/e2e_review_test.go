package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"fund/handlers/webtest"
)

// reviewForm is an application on paper that can be assessed.
func reviewForm() map[string]any {
	return map[string]any{"channel": "paper", "received_at": "2026-09-20T10:00:00+02:00", "title": "Möte i Raahe", "scheme": "skolutbyte", "round": "HT26",
		"applicant": map[string]any{"school": "Baldergymnasiet", "applicant_role": "lärare", "contact_email": "teacher@example.org", "principal_name": "Johan Sehlstedt",
			"payment": map[string]any{"method": "internal", "cost_centre": "6110"}},
		"partner":      map[string]any{"name": "Raahen lukio", "city": "Raahe", "country": "Finland", "letter_of_intent": map[string]any{"date": "2026-09-02"}},
		"activity":     map[string]any{"type": "outgoing_group", "start": "2027-04-12", "end": "2027-04-18", "travel_days": 2, "programme_days": 5, "joint_share": 0.8},
		"participants": map[string]any{"pupils": 24, "staff": 3},
		"text":         map[string]any{"summary": "Ett möte.", "purpose": "Att mötas.", "risk": "Genomgången."},
		"budget":       []any{map[string]any{"line": 1, "code": "RES", "text": "Tåg", "amount": 164430}},
		"funding":      []any{map[string]any{"source": "Skolan", "type": "own", "amount": 83430, "status": "confirmed"}},
		"requested":    81000}
}

// rate gives every criterion a rating with a comment that is long enough.
func (v *visit) rate(id string, rating int) {
	v.open("/reviews/" + id)
	for n := range 5 {
		v.Eval(fmt.Sprintf(`document.querySelector('input[name="ratings.K%d"][value="%d"]').click(), ""`, n+1, rating))
		v.Eval(fmt.Sprintf(`document.querySelector('[name="comments.K%d"]').value = %q, ""`, n+1, strings.Repeat("Ansökan visar det som vägledningen beskriver. ", 3)))
	}
}

// TestE2EReviewRound walks a round of review on screen: one of three reviewers is in
// conflict and gives the case up, one hands in in time, one after the promised day;
// nobody reads another's before both are done, and then the officer writes what they agree on.
func TestE2EReviewRound(t *testing.T) {
	b := webtest.Start(t)
	p := start(t, "FUND_SEED=empty", "FUND_NOW=2026-08-01T09:00:00+02:00")
	p.round()
	p.clock("2026-09-21T10:00:00+02:00")
	id := fmt.Sprint(p.api("officer", http.MethodPost, "/applications", reviewForm())["id"])
	p.clock("2026-10-02T10:00:00+02:00")
	version := p.api("officer", http.MethodGet, "/applications/"+id, nil)["version"]
	p.api("officer", http.MethodPost, "/applications/"+id+"/actions/rule_eligibility", map[string]any{"eligible": true, "rulings": []any{}}, version)

	officer := p.as(b, "officer", webtest.Options{})
	assign := func(who ...string) {
		officer.open("/cases/" + id + "/reviewers")
		for _, name := range who {
			officer.Choose(name)
		}
		officer.press("Utse bedömare")
		p.clock("")
	}
	assign("Maria Granström", "Olof Burman")

	maria := p.as(b, "reviewer1", webtest.Options{})
	maria.open("/reviews/" + id)
	maria.ChooseIn("Har du jäv i ärendet?", "Ja")
	maria.Fill("Varför?", "Min syster arbetar på skolan.")
	maria.press("Svara om jäv")
	maria.See("Du har anmält jäv.")
	maria.open("/reviews")
	maria.NotSee("Möte i Raahe")

	officer.open("/cases/" + id + "/reviewers")
	officer.See("Maria Granström") // among those who can't be asked
	assign("Sofia Renberg")

	begin := func(who string) *visit {
		v := p.as(b, who, webtest.Options{})
		v.open("/reviews/" + id)
		v.ChooseIn("Har du jäv i ärendet?", "Nej")
		v.press("Svara om jäv")
		return v
	}
	olof := begin("reviewer2")
	olof.rate(id, 4)
	olof.press("Lämna bedömningen")
	olof.open("/reviews/" + id)
	olof.See("1 av 2 bedömningar är lämnade")

	p.clock("2026-11-20T10:00:00+01:00") // long after the promised day
	sofia := begin("reviewer3")
	sofia.NotSee("Ansökan visar det som vägledningen beskriver.") // Olof's words wait for hers
	officer.open("/reviews/" + id)
	officer.See("Sofia Renberg")
	sofia.rate(id, 3)
	sofia.press("Lämna bedömningen")
	p.clock("")
	sofia.open("/reviews/" + id)
	sofia.See("Olof Burman", "Sofia Renberg")

	officer.open("/reviews/" + id)
	for n := range 5 {
		officer.Eval(fmt.Sprintf(`document.querySelector('[name="ratings.K%d"]') && (document.querySelector('input[name="ratings.K%d"][value="4"]') || {click(){}}).click(), ""`, n+1, n+1))
		officer.Eval(fmt.Sprintf(`(s => { if (s) s.value = "4" })(document.querySelector('select[name="ratings.K%d"]')), ""`, n+1))
	}
	officer.Fill("Det ni är överens om", "Båda ser ett väl förberett utbyte.")
	officer.press("Skriv samlad bedömning")
	officer.See("Den samlade bedömningen är sparad.")
	got := p.api("officer", http.MethodGet, "/applications/"+id, nil)["assessment"].(map[string]any)
	if n := len(got["reviews"].([]any)); n != 2 || got["consensus"] == nil {
		t.Errorf("%d reviews, consensus %v", n, got["consensus"])
	}
}
