package handlers

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fund/workflow"
	"fund/workflow/lang"
)

// source reads the program's own files below a folder, tests left out.
func source(t *testing.T, folders ...string) string {
	t.Helper()
	var all strings.Builder
	for _, folder := range folders {
		names, err := filepath.Glob(filepath.Join("..", folder, "*.go"))
		if err != nil || len(names) == 0 {
			t.Fatalf("no files in %s (%v)", folder, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(raw)
		}
	}
	return all.String()
}

// codes finds what stands in the first group of a pattern.
func codes(text, pattern string) (found []string) {
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		if !slices.Contains(found, m[1]) {
			found = append(found, m[1])
		}
	}
	return found
}

// TestEveryCodeHasWords reads the codes out of the source, so that a new one without words fails here.
func TestEveryCodeHasWords(t *testing.T) {
	t.Parallel()
	text := source(t, "workflow", "sql", "handlers")
	accounts := source(t, "workflow")
	_, unmet, _ := strings.Cut(accounts, "func unmetOf")
	unmet, _, _ = strings.Cut(unmet, "\n}\n")
	for _, tt := range []struct {
		name     string
		prefixes []string
		codes    []string
		least    int
	}{
		{"violations", []string{"violation.", "fault."}, slices.Concat(
			codes(text, `(?:\.|\b)fault\((?:"[^"\n]*"|[a-z][^"\n]*?(?:"[^"\n]*"[^",\n]*)*?),\s*"([a-z_]+)"`),
			codes(text, `ruleFault\("[^"]*", [^,\n]+(?:\([^)\n]*\))?, "([a-z_]+)"`),
			codes(text, `Violation\{[^}\n]*Code: "([a-z_]+)"`),
			codes(text, `Violations\{\{[^}\n]*Code: "([a-z_]+)"`),
			codes(text, `stop\([^\n]*, "([a-z_]+)"\)`),
			codes(accounts, `Fault\w+\s+= "([a-z_]+)"`)), 40},
		{"refusals", []string{"refused."}, codes(text, `Refused\{(?:Code: )?"([a-z_]+)"`), 35},
		{"rights", []string{"forbidden."}, codes(text, `Forbidden\{(?:Code: )?"([a-z_]+)"`), 8},
		{"findings", []string{"finding.", "violation.", "fault."}, slices.Concat(
			codes(accounts, `f\.add\([^\n]*?(?:Stop|Warning|Info), [^,\n]+(?:\([^)\n]*\))?, "([a-z_]+)"`),
			codes(accounts, `over\([^\n]*, "RF-\d+", "([a-z_]+)"`)), 40},
		{"unmet", []string{"unmet."}, slices.Concat([]string{"not_before", "cool_off"}, codes(unmet, `add\([^\n"]*, "([a-z_]+)"[,)]`)), 10},
		{"problems", []string{"problem."}, []string{"not_signed_in", "not_found", "lost_conflict", "lost_relieved", "method_not_allowed", "version_required", "changed_meanwhile", "refused_form",
			"idempotency_key_reused", "idempotency_key_form", "malformed", "clock_only_forward", "too_large", "content_type", "busy", "away", "internal"}, 17},
	} {
		if len(tt.codes) < tt.least {
			t.Errorf("%s: only %d codes found in the source: the pattern has lost them: %v", tt.name, len(tt.codes), tt.codes)
		}
		for _, code := range tt.codes {
			for _, l := range lang.All() {
				if !slices.ContainsFunc(tt.prefixes, func(p string) bool { return lang.Has(l, p+code) }) {
					t.Errorf("%s: %s%s has no words in %s", tt.name, tt.prefixes[0], code, l)
				}
			}
		}
	}
}

func TestSentencesHaveTheirNumbers(t *testing.T) {
	t.Parallel()
	day := workflow.NewDate(2026, 9, 30)
	for _, tt := range []struct {
		name string
		got  string
		want string
	}{
		{"money", SayViolation(lang.SV, workflow.Violation{Code: "over_max_grant", Args: map[string]any{"Max": int64(81000)}}),
			"Beloppet kan vara högst 81\u00a0000\u00a0kr. Det är vad reglerna räknar fram."},
		{"count", SayViolation(lang.EN, workflow.Violation{Code: "range", Args: map[string]any{"Min": 0, "Max": 5}}), "Write a number from 0 to 5."},
		{"day", SayRefused(lang.EN, workflow.Refused{Code: "appeal_days", Args: map[string]any{"Day": day.String()}}),
			"The decision can be appealed until 30\u00a0September 2026. Close the case after that."},
		{"sentence in a sentence", SayRefused(lang.EN, workflow.Refused{Code: "not_payable", Args: map[string]any{"Unmet": "not_before", "Day": day.String(), "DNR": "IF 2026-0001"}}),
			"IF 2026-0001 cannot be paid now. It is too early. The money is paid on 30\u00a0September 2026 at the earliest."},
		{"level", SayForbidden(lang.SV, workflow.Forbidden{Code: "level", Args: map[string]any{"Body": "BOARD"}}), "Kommunstyrelsen fattar det här beslutet."},
		{"account", SayViolation(lang.SV, workflow.Violation{Code: "giro_length", Args: map[string]any{"n": "4"}}), "Ett bankgiro har 7–8 siffror (plusgiro 2–8). Du skrev 4."},
		{"finding by a violation's words", SayFinding(lang.SV, workflow.Finding{Code: "dates_order"}), "Sista dagen kan inte komma före den första."},
		{"a batch's state", SayWrongState(lang.SV, workflow.WrongState{State: "settled", Action: "attest1", Of: "batch"}), "Läget är ”Avslutad”. Då går inte: attest 1: granska. Inget går att göra för dig nu."},
		{"a round's actions", SayWrongState(lang.SV, workflow.WrongState{State: "published", Action: "close", Open: []workflow.Action{"extend", "cancel"}, Of: "round"}),
			"Läget är ”Publicerad”. Då går inte: stäng nu. Det som går nu: förläng tiden, ställ in omgången."},
		{"state", SayWrongState(lang.EN, workflow.WrongState{State: workflow.Draft, Action: workflow.ActSubmitReport, Open: []workflow.Action{workflow.ActSubmit}}), ""},
	} {
		if tt.want != "" && tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, tt.want)
		}
		if strings.Contains(tt.got, "⟦") || tt.got == "" {
			t.Errorf("%s: a word is missing: %q", tt.name, tt.got)
		}
	}
}
