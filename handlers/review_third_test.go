package handlers

import (
	"fmt"
	"strings"
	"testing"
)

// TestAThirdReviewerIsWaitedFor: where two differ by more than the limit the office is told to ask a third, and once
// one is asked, that their assessment is waited for. No reviewer learns how far the others are apart before all are in.
func TestAThirdReviewerIsWaitedFor(t *testing.T) {
	t.Parallel()
	v, words := assessing(t), strings.Repeat("Väl motiverat. ", 10)
	submit := func(who string, n int) {
		v.act(who, v.path, "declare_interest", `{"conflict":false}`)
		v.act(who, v.path, "submit_review", fmt.Sprintf(`{"ratings":{"K1":%[1]d,"K2":%[1]d,"K3":%[1]d,"K4":%[1]d,"K5":%[1]d},"comments":{"K1":"%[2]s","K2":"%[2]s","K3":"%[2]s","K4":"%[2]s","K5":"%[2]s"}}`, n, words))
	}
	const page, apart, third = "/reviews/1", "Bedömarna skiljer sig med 60 poäng", "Utse en tredje bedömare, eller håll ett möte"
	unsaid := func(who string, not ...string) {
		t.Helper()
		text := v.get(who, page, 200)
		for _, x := range not {
			if strings.Contains(text, x) {
				t.Errorf("%s reads %q", who, x)
			}
		}
	}
	submit("reviewer1", 5)
	unsaid("reviewer1", "lämnas senast")
	submit("reviewer2", 2)
	v.says(v.get("officer", page, 200), apart, third)
	v.says(v.get("reviewer1", page, 200), apart, "Kontoret utser en tredje bedömare")
	unsaid("reviewer1", third)
	v.act("officer", v.path, "assign_reviewers", `{"reviewers":["reviewer1@example.org","reviewer2@example.org","reviewer3@example.org"]}`)
	v.says(v.get("officer", page, 200), apart, "2 av 3 bedömningar är lämnade. Väntar på Sofia Renberg.")
	unsaid("officer", third)
	v.says(v.get("reviewer1", page, 200), "2 av 3 bedömningar är lämnade.")
	unsaid("reviewer1", apart, "Renberg", "lämnas senast")
	submit("reviewer3", 4)
	v.says(v.get("officer", page, 200), apart, "3 har bedömt det. Håll ett möte")
	v.act("officer", v.path, "set_consensus", `{"ratings":{"K1":4,"K2":4,"K3":4,"K4":4,"K5":4},"comment":"Vi möttes."}`)
	v.says(v.get("officer", page, 200), "Skillnaden är avgjord i den samlade bedömningen, efter 3 bedömningar")
	v.says(v.get("reviewer3", page, 200), "Skillnaden är avgjord")
	v.act("officer", v.path, "rank", `{}`)
}

// TestConsensusIsAskedForOnce: once it is written the case is to be ranked, and the consensus is no task any more.
func TestConsensusIsAskedForOnce(t *testing.T) {
	t.Parallel()
	v, words := assessing(t), strings.Repeat("Väl motiverat. ", 10)
	for _, who := range []string{"reviewer1", "reviewer2"} {
		v.act(who, v.path, "declare_interest", `{"conflict":false}`)
		v.act(who, v.path, "submit_review", fmt.Sprintf(`{"ratings":{"K1":4,"K2":4,"K3":4,"K4":4,"K5":4},"comments":{"K1":"%[1]s","K2":"%[1]s","K3":"%[1]s","K4":"%[1]s","K5":"%[1]s"}}`, words))
	}
	v.says(v.get("officer", v.office(), 200), "Bedömarna är klara. Skriv samlad bedömning.")
	v.says(v.get("officer", "/tasks", 200), "Skriv samlad bedömning: ")
	v.act("officer", v.path, "set_consensus", `{"ratings":{"K1":4,"K2":4,"K3":4,"K4":4,"K5":4},"comment":"Vi är eniga."}`)
	v.says(v.get("officer", v.office(), 200), "Den samlade bedömningen är skriven. Rangordna ansökan.")
	v.says(v.get("head", v.office(), 200), "Den samlade bedömningen är skriven. Handläggaren rangordnar ansökan.")
	if text := v.get("officer", "/tasks", 200); strings.Contains(text, "Skriv samlad bedömning: ") || !strings.Contains(text, "Lägg i rangordningen: ") {
		t.Errorf("the tasks are %s", text)
	}
}
