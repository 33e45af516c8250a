package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// hidden finds the value of a hidden field in a page's HTML.
func (v *school) hidden(who, path, name string) string {
	v.t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(v.markup(who, httptest.NewRequest(http.MethodGet, path, nil), 200))
	if m == nil {
		v.t.Fatalf("no hidden %s on %s", name, path)
	}
	return m[1]
}

// TestChecklistRulesByRule: finding beside ruling; a ruling needs its reason, and contradictions are asked about.
func TestChecklistRulesByRule(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	at := v.office() + "/eligibility"
	if text := v.get("officer", at, 200); !strings.Contains(text, "Tjänsten fann") || !strings.Contains(text, "RF-13") {
		t.Errorf("checklist: %s", text)
	}
	if text := v.post("officer", at, 422, "rulings.1.rule", "RF-01", "rulings.1.met", "no"); !strings.Contains(text, "Skriv varför du bedömer RF-01 så") {
		t.Errorf("a ruling without reason: %s", text)
	}
	if text := v.post("officer", at, 422, "rulings.1.rule", "RF-01", "rulings.1.met", "no", "rulings.1.reason", "Fel skolform.", "eligible", "yes"); !strings.Contains(text, "inte är uppfylld") || !strings.Contains(text, "Fel skolform.") {
		t.Errorf("unmet and eligible: %s", text)
	}
	if text := v.post("officer", at, 422, "rulings.1.rule", "RF-01", "rulings.1.met", "keep", "rulings.3.rule", "RF-03", "rulings.3.met", "yes", "rulings.3.reason", "Ring 19121212-1212.", "eligible", "yes"); !strings.Contains(text, "Skäl RF-03: Här står något som ser ut som ett personnummer") {
		t.Errorf("a fault in the first ruling that is sent stands in the third row: %s", text)
	}
	var kept []string // every rule that the machine objects to, ruled as met
	for i, rule := range []string{"RF-03", "RF-10", "RF-13"} {
		at := fmt.Sprintf("rulings.%d.", i+1)
		kept = append(kept, at+"rule", rule, at+"met", "yes", at+"reason", "Det stämmer.")
	}
	v.says(v.post("officer", at, 422, append(kept, "eligible", "no")...), "ingen regel är bedömd som inte uppfylld")
	v.post("officer", at, 303, "rulings.1.rule", "RF-01", "rulings.1.met", "no", "rulings.1.reason", "Fel skolform.", "eligible", "no")
	v.says(v.get("officer", v.office(), 200), "Ansökan är inte behörig att bedömas. Skriv förslag till beslut.")
	if text := v.get("officer", "/tasks", 200); !strings.Contains(text, "Lägg förslag till beslut: ") || strings.Contains(text, "Ta ställning till reglerna: ") {
		t.Errorf("after the ruling the officer's tasks are %s", text)
	}
	if text := v.get("officer", at, 200); !strings.Contains(text, "Fel skolform.") {
		t.Errorf("the ruling is not shown again: %s", text)
	}
	v.get("head", at, 403)
}

// TestCompletionPicksFields: nothing picked and nothing asked are refused; what is picked is asked about.
func TestCompletionPicksFields(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	at := v.office() + "/completion"
	v.get("officer", at, 200)
	n := ""
	for i, name := range askable {
		if name == "budget" {
			n = string(rune('0'+(i+1)/10)) + string(rune('0'+(i+1)%10))
		}
	}
	v.post("officer", at, 422, "due_on", "2026-02-20")
	v.post("officer", at, 422, "ask."+n+".on", "1")
	v.post("officer", at, 303, "ask."+n+".text", "Vad kostar tåget?", "due_on", "2026-02-20") // the question counts, the box was forgotten
	if text := v.get("teacher", v.path+"/complete", 200); !strings.Contains(text, "Vad kostar tåget?") {
		t.Errorf("the teacher isn't asked: %s", text)
	}
}

// TestNobodyDecidesOnAnUnseenLetter: proposal and decision preview the letter, a
// missing reason stops both, and a change after the preview shows the letter again.
func TestNobodyDecidesOnAnUnseenLetter(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.ranked()
	at := v.office() + "/propose"
	if text := v.get("officer", at, 200); !strings.Contains(text, "Högst") || !strings.Contains(text, "Det här ärendet") {
		t.Errorf("proposal page: %s", text)
	}
	good := []string{"outcome", "partially_granted", "amount", "20 000", "text", "Bra utbyte.", "conditions.1.text", "Visa en ny budget.", "conditions.1.due_on", "2026-06-30", "child", "Eleverna har fått säga sitt."}
	if text := v.post("officer", at, 422, append(slices.Clone(good), "text", "")...); !strings.Contains(text, "Motivering: Fyll i det här") {
		t.Errorf("without grounds: %s", text)
	}
	if text := v.post("officer", at, 422, "outcome", "rejected", "amount", "0", "text", "Nej."); !strings.Contains(text, "Välj minst ett skäl") {
		t.Errorf("a refusal without reason: %s", text)
	}
	good = append(good, "reasons", "R-COST")
	text := v.post("officer", at, 200, append(good, "do", "preview")...)
	for _, want := range []string{"20 000 kr", "Visa en ny budget.", "Eleverna har fått säga sitt.", "Beslutsfattaren", "R-COST"} {
		if !strings.Contains(text, want) {
			t.Errorf("preview lacks %q: %s", want, text)
		}
	}
	if got := v.call("officer", "GET", v.path, "").want(200).body["state"]; got != "ranked" {
		t.Fatalf("a preview changed the state to %v", got)
	}
	v.post("officer", at, 303, append(good, "do", "propose")...)
	at = strings.Replace(v.path, "applications", "decisions", 1)
	seen := v.hidden("head", at, "seen")
	if text := v.post("head", at, 422, append(good, "seen", seen, "do", "decide")...); !strings.Contains(text, "delegation") {
		t.Errorf("without delegation item: %s", text)
	}
	good = append(good, "delegation_item", "3.1", "do", "decide")
	if text := v.post("head", at, 200, append(good, "seen", seen)...); !strings.Contains(text, "Brevet har ändrats") {
		t.Errorf("decided on a letter that was not seen: %s", text)
	}
	if got := v.call("officer", "GET", v.path, "").want(200).body["state"]; got != "proposed" {
		t.Fatalf("state %v", got)
	}
	page := v.markup("head", v.formOf("head", at, append(good, "seen", seen)...), 200)
	seen = regexp.MustCompile(`name="seen" value="([^"]*)"`).FindStringSubmatch(page)[1]
	v.post("head", at, 303, append(good, "seen", seen)...)
	if text := v.get("teacher", v.path+"/decision", 200); !strings.Contains(text, "Eleverna har fått säga sitt.") || !strings.Contains(text, "20 000 kr") {
		t.Errorf("the letter: %s", text)
	}
}
