package handlers

import (
	"strings"
	"testing"

	"fund/workflow"
	"fund/workflow/lang"
)

// TestOutcomeAndSumAgree: less than what was asked for is no full grant, all of
// it no part; where the rules lower the sum a coded reason says so, where money
// is short the free text does, as no code would be true.
func TestOutcomeAndSumAgree(t *testing.T) {
	t.Parallel()
	const asked, cap = 36_000, 30_000
	v := newSchool(t).ranked()
	k, err := v.store.Case(t.Context(), workflow.Machine(), v.id)
	if err != nil {
		t.Fatal(err)
	}
	k.App.Filed[len(k.App.Filed)-1].Requested = asked
	k.Round.Rules.MaxPerApplication = ptr(int64(cap))
	for _, tt := range []struct{ name, outcome, amount, reason, field string }{
		{"whole", "granted", "36 000", "", ""},
		{"less called whole", "granted", "30 000", "", "outcome"},
		{"whole called less", "partially_granted", "36 000", "R-CAP", "outcome"},
		{"lowered by the rules, unsaid", "partially_granted", "30 000", "", "reasons"},
		{"lowered by the rules", "partially_granted", "30 000", "R-CAP", ""},
		{"lowered as money is short", "partially_granted", "20 000", "", ""},
		{"no sum yet", "granted", "", "", ""},
		{"refused", "rejected", "0", "", ""}, // the workflow asks for the code
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := NewForm(lang.SV)
			f.Set("outcome", tt.outcome)
			f.Set("amount", tt.amount)
			if tt.reason != "" {
				f.Set("reasons", tt.reason)
			}
			checkOutcome(f, k, workflow.NewDate(2026, 1, 20))
			got := ""
			if len(f.Errors) > 0 {
				got = f.Errors[0].Field
			}
			if got != tt.field {
				t.Errorf("fault at %q, want %q: %+v", got, tt.field, f.Errors)
			}
		})
	}
}

// TestHeadSendsADelegatedCaseBack: the head's own remit, without a meeting, asks for its reason; the officer reads it as what
// to do next, the case comes back with a new proposal and is decided, and the history says why it took two turns.
func TestHeadSendsADelegatedCaseBack(t *testing.T) {
	t.Parallel()
	v := newSchool(t).ranked()
	propose := func(text string) {
		v.act("officer", v.path, "propose", `{"outcome":"granted","amount":30000,"reasons":[],"text":"`+text+`","conditions":[]}`)
	}
	propose("Bra utbyte.")
	v.says(v.get("head", "/decisions/1", 200), "Skicka tillbaka för ny beredning")
	form := v.get("head", "/do/1/remit_back", 200)
	v.says(form, "Bedömningarna finns kvar.")
	if strings.Contains(form, "Sammanträdet som återremitterar") {
		t.Error("the head is asked for a meeting")
	}
	v.says(v.post("head", "/do/1/remit_back", 422, "reason", " "), "Skäl: Fyll i det här")
	v.post("head", "/do/1/remit_back", 303, "reason", "Vad kostar svarsbesöket?")
	v.says(v.get("officer", v.office(), 200), "Förslaget återremitterades", "Vad kostar svarsbesöket?")
	v.get("head", "/decisions/1", 200) // what was read aloud is no proposal any more
	v.act("officer", v.path, "rule_eligibility", `{"eligible":true,"rulings":[]}`)
	v.act("officer", v.path, "rank", "{}")
	propose("Svarsbesöket kostar inget.")
	v.says(v.get("head", "/decisions/1", 200), "Svarsbesöket kostar inget.")
	v.act("head", v.path, "decide", `{"outcome":"granted","amount":30000,"reasons":[],"text":"Svarsbesöket kostar inget.","conditions":[],"delegation_item":"3.1"}`)
	text := v.get("officer", v.office(), 200)
	v.says(text, "återremitterade", "Vad kostar svarsbesöket?", "Beslutad")
	if got := v.get("teacher", v.path, 200); strings.Contains(got, "Vad kostar svarsbesöket?") {
		t.Error("the school reads what the office asked itself")
	}
}
