package main

import (
	"bytes"
	"strings"
	"testing"

	"fund/workflow"
)

// TestCommandsAreCalledAsHelpSays: a word too many is refused before anything is done, and
// whoever asks how a command is called is told.
func TestCommandsAreCalledAsHelpSays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		call string
		want int
		says string
	}{
		{"", 0, "fund worker"},
		{"help", 0, "FUND_DATA"},
		{"help restore", 0, "fund restore FILE [--replace]"},
		{"up --help", 0, "fund up"},
		{"import-years -h", 0, "--apply"},
		{"up now", 2, `"now"`},
		{"web --port=80", 2, "usage: fund web"},
		{"config FUND_ADDR", 2, "usage: fund config"},
		{"help frob", 2, `"frob"`},
		{"frob", 2, `"frob"`},
		{"backup one two", 2, "usage: fund backup FILE"},
		{"admin --email a@example.org --name Karin Holmlund", 2, "usage: fund admin"},
	} {
		var out, errs bytes.Buffer
		got := run(strings.Fields(tt.call), &out, &errs)
		if said := out.String() + errs.String(); got != tt.want || !strings.Contains(said, tt.says) {
			t.Errorf("fund %s: %d, want %d, with %q in %q", tt.call, got, tt.want, tt.says, said)
		}
	}
}

// TestFaultsAreSaidInWords: who types a command reads what is wrong, not its code.
func TestFaultsAreSaidInWords(t *testing.T) {
	t.Parallel()
	got := inWords(workflow.Violations{{Field: "email", Code: "email"}}).Error()
	if !strings.HasPrefix(got, "email: ") || strings.HasSuffix(got, ": email") || !strings.Contains(got, " ") {
		t.Errorf("said %q", got)
	}
}
